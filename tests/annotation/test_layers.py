"""Sequences in batches of like length, and layers that give the same numbers over padding."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from stanza.models.common.hlstm import HighwayLSTM
from torch import nn
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

from quotetrack.annotation.quick.layers import (
    BATCH_PLACES,
    FEW_ROWS,
    FILLED,
    ROWS,
    BiLstm,
    HighwayLstm,
    batches,
    linear,
)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=80))
def test_batches_hold_every_place_once(lengths: list[int]) -> None:
    flat = np.concatenate([batch.flat for batch in batches(lengths)])
    assert sorted(flat) == list(range(sum(lengths)))
    members = np.concatenate([batch.members for batch in batches(lengths)])
    assert sorted(members) == list(range(len(lengths)))


def test_turning_round_twice_changes_nothing() -> None:
    for batch in batches([5, 2, 7, 1]):
        values = torch.randn(*batch.places.shape, 3)
        assert torch.equal(batch.turn(batch.turn(values)), values)


def test_a_two_way_lstm_is_torchs_own() -> None:
    torch.manual_seed(3)
    own = nn.LSTM(6, 4, bidirectional=True)
    lengths = [9, 1, 4, 9, 2]
    flat = torch.randn(sum(lengths), 6)
    packed = pack_sequence(list(torch.split(flat, lengths)), enforce_sorted=False)
    expected, _ = pad_packed_sequence(own(packed)[0])
    quick = BiLstm(own)
    starts = np.cumsum(lengths) - lengths
    with torch.inference_mode():
        for batch in batches(lengths):
            found = batch.unpadded(quick(flat[batch.places], batch))
            for place, values in zip(batch.flat, found, strict=True):
                sentence = int(np.searchsorted(starts, place, side="right")) - 1
                torch.testing.assert_close(values, expected[place - starts[sentence], sentence].detach())


@given(st.lists(st.integers(1, 300), min_size=1, max_size=200))
def test_batches_have_few_shapes_and_little_padding(lengths: list[int]) -> None:
    shapes = [batch.places.shape for batch in batches(lengths)]
    assert {rows for _, rows in shapes} <= {FEW_ROWS, ROWS}
    for batch, (time, rows) in zip(batches(lengths), shapes, strict=True):
        assert batch.lengths[0] <= time <= batch.lengths[0] * 9 / 8
        assert rows == FEW_ROWS or (batch.lengths.sum() >= FILLED * time * rows and time * rows <= BATCH_PLACES)


def test_no_more_than_fifty_lengths_come_up_in_sentences() -> None:
    """For each of them oneDNN makes machine code and keeps it."""
    assert len({next(batches([length])).places.shape for length in range(1, 301)}) <= 50


@pytest.mark.parametrize("then", ["none", "relu", "tanh", "sigmoid"])
def test_a_linear_layer_is_torchs_own(then: str) -> None:
    torch.manual_seed(4)
    layer, inputs = nn.Linear(7, 5), torch.randn(3, 2, 7)
    with torch.inference_mode():
        expected = layer(inputs) if then == "none" else getattr(torch, then)(layer(inputs))
        torch.testing.assert_close(linear(inputs, layer.weight, layer.bias, then), expected)
        assert linear(inputs, layer.weight, None).shape == (3, 2, 5)


def test_a_highway_lstm_is_stanzas() -> None:
    torch.manual_seed(5)
    own = HighwayLSTM(6, 4, num_layers=3, batch_first=True, bidirectional=True, highway_func=torch.tanh)
    begin = torch.randn(6, 1, 4), torch.randn(6, 1, 4)
    quick = HighwayLstm(own, *begin)
    lengths = [8, 5, 5, 2]
    flat = torch.randn(sum(lengths), 6)
    with torch.inference_mode():
        packed = pack_sequence(list(torch.split(flat, lengths)))
        states, _ = own(packed, lengths, hx=tuple(state.expand(-1, 4, -1).contiguous() for state in begin))
        expected, _ = pad_packed_sequence(states, batch_first=True)
        table, rows = quick.with_carried(flat), torch.arange(len(flat))
        found = torch.empty(len(flat), 8)
        for batch in batches(lengths):
            found[batch.flat] = batch.unpadded(quick(table, rows, batch))
    torch.testing.assert_close(found, torch.cat([row[:length] for row, length in zip(expected, lengths, strict=True)]))
