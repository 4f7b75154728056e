"""Sequences in batches of like length, and layers that give the same numbers over padding."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

from quotetrack.annotation.quick.layers import BiLstm, batches


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
