"""The tagger's decoding, against enumerating every label sequence."""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from stanza.models.common.crf import viterbi_decode

from quotetrack.annotation.quick.crf import marginals, viterbi


def decode(
    logits: torch.Tensor, transitions: torch.Tensor, lengths: Sequence[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """The best labels and their marginals, (batch, time), of logits (batch, time, labels)."""
    order = np.argsort([-length for length in lengths], kind="stable")
    back = torch.from_numpy(np.argsort(order))
    sizes = np.asarray(lengths)[order]
    scores = logits[torch.from_numpy(order)].transpose(0, 1)
    chosen = viterbi(scores, transitions, sizes)
    found = marginals(scores, transitions, sizes, chosen)
    return chosen.t()[back], found.t()[back]


def enumerated(logits: torch.Tensor, transitions: torch.Tensor) -> tuple[list[int], torch.Tensor]:
    """The best labels of one sequence, and every label's marginal probability at every place: (time, labels)."""
    time, labels = logits.shape
    paths = list(product(range(labels), repeat=time))
    scores = torch.stack(
        [
            sum((logits[t, label] for t, label in enumerate(path)), torch.zeros((), dtype=logits.dtype))
            + sum(transitions[a, b] for a, b in pairwise(path))
            for path in paths
        ]
    )
    marginals = torch.zeros_like(logits)
    for path, probability in zip(paths, torch.softmax(scores, 0), strict=True):
        for t, label in enumerate(path):
            marginals[t, label] += probability
    return list(paths[int(scores.argmax())]), marginals


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    labels=st.integers(1, 4),
    seed=st.integers(0, 2**32),
    spread=st.sampled_from([0.1, 1.0, 6.0]),
)
def test_labels_and_marginals_are_those_of_enumeration(
    lengths: list[int], labels: int, seed: int, spread: float
) -> None:
    random = torch.Generator().manual_seed(seed)
    logits = spread * torch.randn(len(lengths), max(lengths), labels, generator=random, dtype=torch.float64)
    transitions = spread * torch.randn(labels, labels, generator=random, dtype=torch.float64)
    chosen, probability = decode(logits, transitions, lengths)
    for row, length in enumerate(lengths):
        best, likely = enumerated(logits[row, :length], transitions)
        assert chosen[row, :length].tolist() == best
        expected = likely.gather(1, torch.tensor(best).unsqueeze(1)).squeeze(1)
        torch.testing.assert_close(probability[row, :length], expected)


@pytest.mark.parametrize("filler", [0.0, 1e4, -1e4])
def test_padding_changes_nothing(filler: float) -> None:
    random = torch.Generator().manual_seed(5)
    logits, transitions = torch.randn(1, 6, 5, generator=random), torch.randn(5, 5, generator=random)
    alone = decode(logits, transitions, [6])
    padded = torch.cat([logits, torch.full((1, 9, 5), filler)], 1)
    batch = torch.cat([padded, torch.randn(1, 15, 5, generator=random)])
    together = decode(batch, transitions, [6, 15])
    assert together[0][0, :6].tolist() == alone[0][0].tolist()
    torch.testing.assert_close(together[1][0, :6], alone[1][0])


@pytest.mark.parametrize("seed", range(5))
def test_long_sequences_agree_with_stanza(seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    logits, transitions = torch.randn(1, 200, 13, generator=random), torch.randn(13, 13, generator=random)
    chosen, probability = decode(logits, transitions, [200])
    expected, _ = viterbi_decode(logits[0].numpy(), transitions.numpy())
    assert chosen[0].tolist() == list(map(int, expected))
    assert bool(((probability > 0) & (probability <= 1)).all())
