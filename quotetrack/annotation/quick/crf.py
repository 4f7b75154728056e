"""Decoding a linear-chain conditional random field, for a whole batch at once.

Viterbi and forward–backward as in Sutton and McCallum, "An Introduction to Conditional Random Fields" (2012),
section 4.1. Throughout, `lengths` (sequences,) are given, the longest first, `transitions` (from, to), and `scores`
(time, batch, labels), which may be for more sequences, and longer ones; results are (longest, sequences), and past a
sequence's length without meaning.
"""

import torch

from quotetrack.annotation.quick.layers import Ints


def viterbi(scores: torch.Tensor, transitions: torch.Tensor, lengths: Ints) -> torch.Tensor:
    """The best label sequences."""
    alive = _alive(lengths)
    into = transitions.t().contiguous()
    best = scores[0, : len(lengths)].clone()
    history = [best.clone()]
    for step, live in enumerate(alive[1:], 1):
        best[:live] = (best[:live].unsqueeze(2) + transitions).amax(1) + scores[step, :live]
        history.append(best[:live].clone())
    chosen = torch.zeros(len(alive), len(lengths), dtype=torch.long)
    current = best.argmax(1)
    for step in range(len(alive) - 1, -1, -1):
        chosen[step] = current
        if step:
            live = alive[step]
            current[:live] = (history[step - 1][:live] + into[current[:live]]).argmax(1)
    return chosen


def marginals(scores: torch.Tensor, transitions: torch.Tensor, lengths: Ints, chosen: torch.Tensor) -> torch.Tensor:
    """The marginal probability of each label in `chosen`."""
    alive = _alive(lengths)
    factors = transitions.exp()
    forward = scores[0, : len(lengths)].clone()
    history = [forward.clone()]
    for step, live in enumerate(alive[1:], 1):
        forward[:live] = _log_product(forward[:live], factors) + scores[step, :live]
        history.append(forward[:live].clone())
    back = factors.t().contiguous()
    backward = torch.zeros_like(forward)
    found = torch.zeros(chosen.shape, dtype=scores.dtype)
    for step in range(len(alive) - 1, -1, -1):
        live = alive[step]
        likely = torch.softmax(history[step] + backward[:live], 1)
        found[step, :live] = likely.gather(1, chosen[step, :live].unsqueeze(1)).squeeze(1)
        backward[:live] = _log_product(scores[step, :live] + backward[:live], back)
    return found


def _log_product(logs: torch.Tensor, factors: torch.Tensor) -> torch.Tensor:
    """The logarithm of exp(`logs`) times `factors`, less a number a row, so that long sequences do not grow it.

    Multiplied and summed, not by a matrix product, whose rounding hangs on how many rows there are: an article's
    result would hang on its neighbours.
    """
    shares = (logs - logs.amax(1, keepdim=True)).exp_()
    return (shares.unsqueeze(2) * factors).sum(1).log_()


def _alive(lengths: Ints) -> list[int]:
    """How many sequences have a label at each step."""
    return [int((lengths > step).sum()) for step in range(int(lengths[0]))]
