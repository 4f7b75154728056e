"""Layers of Stanza's models over many sentences at once: the same numbers, the quick way on a CPU.

torch has two ways to run an LSTM. The quick one, oneDNN's, takes only sequences of one length; those that Stanza
packs, of unlike lengths, go three times slower. Here each direction is run by itself over padded sequences, the
backward one over sequences turned round, so that padding always comes last and changes nothing.

oneDNN makes machine code for every shape that it meets, which takes milliseconds and up to a megabyte, and keeps it.
So batches have few shapes: two heights, and lengths that grow by an eighth.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

ROWS, FEW_ROWS = 32, 8
"""A batch has one of these numbers of rows: enough for full speed, or for what is too little or too long for that."""
FILLED = 0.75
"""The share of a batch with many rows that must be real, not padding."""
BATCH_PLACES = 3000
"""Places in a batch with many rows, padding included; so that what they need stays near the core."""

Ints = np.ndarray[Any, np.dtype[np.int64]]


def linear(inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, then: str = "none") -> torch.Tensor:
    """`inputs` (…, in) times `weight` (out, in) and `bias` (out,), `then` "none", "relu", "tanh" or "sigmoid".

    By oneDNN where torch has it: on AMD's processors it is twice as fast as MKL, which torch uses by itself. Worth it
    only for shapes that come again.
    """
    if _ONEDNN is not None:
        product: torch.Tensor = _ONEDNN(inputs, weight, bias, then, [], "")
        return product
    product = functional.linear(inputs, weight, bias)
    return product if then == "none" else getattr(torch, then)(product)


_ONEDNN = getattr(torch.ops.mkldnn, "_linear_pointwise", None) if torch._C._has_mkldnn else None


class Batch:
    """Sequences of like length, out of many that lie one behind the other in one flat array.

    `members` are their numbers, the longest first, and `lengths` theirs. `places` (T, B) are positions in the flat
    array: T may be longer than the longest, B more than there are members; what is too much repeats something real.
    For all that is real, one sequence after the other, `sequence` and `step` are its place in the batch, and `flat`
    its place in the array.
    """

    def __init__(self, members: Ints, starts: Ints, lengths: Ints, rows: int) -> None:
        self.members, self.lengths = members, lengths
        starts, sizes = (np.append(of, np.repeat(of[-1:], rows - len(members))) for of in (starts, lengths))
        step, row = np.arange(_rounded(int(lengths[0])))[:, None], np.arange(rows)[None, :]
        self.places = torch.from_numpy(starts[None, :] + np.minimum(step, sizes[None, :] - 1))
        turned = np.where(step < sizes[None, :], sizes[None, :] - 1 - step, step)
        self._turned = torch.from_numpy((turned * rows + row).ravel())
        self.sequence = np.repeat(np.arange(len(members)), lengths)
        self.step = np.arange(len(self.sequence)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        self.flat = starts[self.sequence] + self.step

    def turn(self, values: torch.Tensor) -> torch.Tensor:
        """Values (T, B, …) with each sequence turned round, its padding left where it is."""
        return values.flatten(0, 1).index_select(0, self._turned).view(values.shape)

    def unpadded(self, values: torch.Tensor) -> torch.Tensor:
        """Values (T, B, width) of what is real, one sequence after the other: (places, width)."""
        return values[self.step, self.sequence]


def batches(lengths: Sequence[int] | Ints, most: int = BATCH_PLACES) -> Iterator[Batch]:
    """All sequences, in batches of like length; those with many rows have no more than `most` places."""
    sizes = np.asarray(lengths, dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    order = np.argsort(-sizes, kind="stable")
    begin = 0
    while begin < len(order):
        members = order[begin : begin + ROWS]
        places = ROWS * _rounded(int(sizes[members[0]]))
        rows = ROWS if places <= most and sizes[members].sum() >= FILLED * places else FEW_ROWS
        members = members[:rows]
        yield Batch(members, starts[members], sizes[members], rows)
        begin += rows


def _rounded(length: int) -> int:
    """The next length of those that batches have: all up to 16, then 18, 20, … 32, 36, 40, … 64, 72, and so on."""
    step = 1 << max(0, (length - 1).bit_length() - 4)
    return -(-length // step) * step


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
    """Stanza's `HighwayLSTM`: after each layer, a gate decides how much of its input is carried past it.

    What is carried past the first layer hangs on each word alone, so that it is part of what is kept of a word.
    """

    def __init__(self, model: Any, hidden: torch.Tensor, cell: torch.Tensor) -> None:
        self._layers = []
        for number, (lstm, highway, gate) in enumerate(zip(model.lstm, model.highway, model.gate, strict=True)):
            two = slice(2 * number, 2 * number + 2)
            self._layers.append((BiLstm(lstm.lstm, hidden[two], cell[two]), highway, gate))
        self._width = model.input_size

    def with_carried(self, vectors: torch.Tensor) -> torch.Tensor:
        """`vectors` (words, in), with what the first layer's gate lets past it behind each: (words, in + 2 * width)."""
        _, highway, gate = self._layers[0]
        return torch.cat([vectors, torch.tanh(highway(vectors)).mul_(torch.sigmoid(gate(vectors)))], 1)

    def __call__(self, table: torch.Tensor, rows: torch.Tensor, batch: Batch) -> torch.Tensor:
        """States (T, B, 2 * width) of the words whose vectors, as `with_carried` gives them, are `rows` of `table`."""
        places = rows[batch.places]
        inputs, carried = table[:, : self._width][places], table[:, self._width :][places]
        for lstm, highway, gate in self._layers:
            if lstm is not self._layers[0][0]:
                carried = linear(inputs, highway.weight, highway.bias, "tanh")
                carried *= linear(inputs, gate.weight, gate.bias, "sigmoid")
            inputs = carried.add_(lstm(inputs, batch))
        return inputs
