"""Layers of Stanza's models over many sentences at once: the same numbers, the quick way on a CPU.

torch has two ways to run an LSTM. The quick one, oneDNN's, takes only sequences of one length; those that Stanza
packs, of unlike lengths, go three times slower. Here each direction is run by itself over padded sequences, the
backward one over sequences turned round, so that padding always comes last and changes nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

BATCH_TOKENS = 2000
"""Tokens run together, padding included: enough for full speed, and what they need stays near the core."""
PADDING = 0.1
FREE_PADDING = 60
"""A batch is closed when padding would be more than this share of it and this many; each batch has its cost, too."""

Ints = np.ndarray[Any, np.dtype[np.int64]]


def linear(inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, then: str = "none") -> torch.Tensor:
    """`inputs` (…, in) times `weight` (out, in) and `bias` (out,), `then` "none", "relu", "tanh" or "sigmoid".

    By oneDNN where torch has it: on AMD's processors it is twice as fast as MKL, which torch uses by itself.
    """
    if _ONEDNN is not None:
        product: torch.Tensor = _ONEDNN(inputs, weight, bias, then, [], "")
        return product
    product = functional.linear(inputs, weight, bias)
    return product if then == "none" else getattr(torch, then)(product)


_ONEDNN = getattr(torch.ops.mkldnn, "_linear_pointwise", None) if torch._C._has_mkldnn else None


class Batch:
    """Sequences of like length, out of many that lie one behind the other in one flat array.

    `members` are their numbers, the longest first; with T the longest length and B their number, `places` (T, B)
    are the positions in the flat array, where a shorter sequence repeats its last. For all that is no padding, one
    sequence after the other, `sequence` and `step` are its place in the batch, and `flat` its place in the array.
    """

    def __init__(self, members: Ints, starts: Ints, lengths: Ints) -> None:
        self.members, self.lengths = members, lengths
        self.time, size = int(lengths[0]), len(members)
        step, row = np.arange(self.time)[:, None], np.arange(size)[None, :]
        self.places = torch.from_numpy(starts[None, :] + np.minimum(step, lengths[None, :] - 1))
        turned = np.where(step < lengths[None, :], lengths[None, :] - 1 - step, step)
        self._turned = torch.from_numpy((turned * size + row).ravel())
        self.sequence = np.repeat(row[0], lengths)
        self.step = np.arange(len(self.sequence)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        self.flat = starts[self.sequence] + self.step

    def turn(self, values: torch.Tensor) -> torch.Tensor:
        """Values (T, B, …) with each sequence turned round, its padding left where it is."""
        return values.flatten(0, 1).index_select(0, self._turned).view(values.shape)

    def unpadded(self, values: torch.Tensor) -> torch.Tensor:
        """Values (T, B, width) of the real tokens, one sequence after the other: (tokens, width)."""
        return values[self.step, self.sequence]


def batches(lengths: Sequence[int] | Ints, most: int = BATCH_TOKENS) -> Iterator[Batch]:
    """All sequences, in batches of like length and of `most` places, unless one sequence alone is longer."""
    sizes = np.asarray(lengths, dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    order = np.argsort(-sizes, kind="stable")
    begin, padding = 0, 0
    for end, length in enumerate(sizes[order].tolist()):
        longest = int(sizes[order[begin]])
        padded = longest * (end - begin + 1)
        padding += longest - length
        if end > begin and (padded > most or padding > PADDING * padded + FREE_PADDING):
            yield Batch(order[begin:end], starts[order[begin:end]], sizes[order[begin:end]])
            begin, padding = end, 0
    if len(order):
        yield Batch(order[begin:], starts[order[begin:]], sizes[order[begin:]])


class BiLstm:
    """A bidirectional `torch.nn.LSTM` of any number of layers, with the states it begins in."""

    def __init__(self, lstm: nn.LSTM, hidden: torch.Tensor | None = None, cell: torch.Tensor | None = None) -> None:
        """`hidden` and `cell` are (2 * layers, 1, width), as in torch; without them the states begin at nought."""
        states = torch.zeros(2 * lstm.num_layers, 1, lstm.hidden_size)
        self._begin = [(states if hidden is None else hidden.detach(), states if cell is None else cell.detach())]
        self._layers = [
            (_one_way(lstm, f"l{layer}"), _one_way(lstm, f"l{layer}_reverse")) for layer in range(lstm.num_layers)
        ]

    def __call__(self, inputs: torch.Tensor, batch: Batch) -> torch.Tensor:
        """The last layer's states (T, B, 2 * width) over `inputs` (T, B, in)."""
        [(hidden, cell)] = self._begin
        for layer, (forward, backward) in enumerate(self._layers):
            ahead, back = (
                [state[i : i + 1].expand(-1, inputs.shape[1], -1).contiguous() for state in (hidden, cell)]
                for i in (2 * layer, 2 * layer + 1)
            )
            onward, _ = forward(inputs, ahead)
            returning, _ = backward(batch.turn(inputs), back)
            inputs = torch.cat([onward, batch.turn(returning)], 2)
        return inputs


def _one_way(lstm: nn.LSTM, suffix: str) -> nn.LSTM:
    """One layer in one direction of `lstm`, with its very weights."""
    width = getattr(lstm, f"weight_ih_{suffix}").shape[1]
    one = nn.LSTM(width, lstm.hidden_size, bias=lstm.bias, device="meta")
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")[: 4 if lstm.bias else 2]:
        setattr(one, f"{name}_l0", getattr(lstm, f"{name}_{suffix}"))
    return one.eval()


class HighwayLstm:
    """Stanza's `HighwayLSTM`: after each layer, a gate decides how much of its input is carried past it."""

    def __init__(self, model: Any, hidden: torch.Tensor, cell: torch.Tensor) -> None:
        self._layers = []
        for number, (lstm, highway, gate) in enumerate(zip(model.lstm, model.highway, model.gate, strict=True)):
            two = slice(2 * number, 2 * number + 2)
            self._layers.append((BiLstm(lstm.lstm, hidden[two], cell[two]), highway, gate))

    def __call__(self, inputs: torch.Tensor, batch: Batch) -> torch.Tensor:
        """States (T, B, 2 * width) over `inputs` (T, B, in)."""
        for lstm, highway, gate in self._layers:
            carried = linear(inputs, highway.weight, highway.bias, "tanh")
            carried *= linear(inputs, gate.weight, gate.bias, "sigmoid")
            inputs = carried.add_(lstm(inputs, batch))
        return inputs
