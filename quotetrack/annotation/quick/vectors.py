"""What a model knows of a word without its sentence, kept by word: few words in a text are new to the last ones."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import torch

from quotetrack.annotation.quick.layers import ROWS, Ints

WORDS_KEPT = 10_000
"""Some 40,000 words of news have 5,000 different ones. 10,000 take 34 MB in the largest model."""

Word = TypeVar("Word", bound=Hashable)


class Vectors(Generic[Word]):
    """A table with a row for each word met so far; when it is full, it begins anew."""

    def __init__(self, compute: Callable[[Sequence[Word]], torch.Tensor]) -> None:
        """`compute` gives a row for each of some words, which must depend on the word alone."""
        self._compute = compute
        self._rows: dict[Word, int] = {}
        self.table = torch.empty(0)

    def rows(self, words: Sequence[Word]) -> Ints:
        """The row of each word in `table`; the rows hold until the next call."""
        new = [word for word in dict.fromkeys(words) if word not in self._rows]
        if self._rows and len(self._rows) + len(new) > len(self.table):
            self._rows = {}
            new = list(dict.fromkeys(words))
        if new:
            vectors = self._compute(new)
            if not self._rows:
                self.table = vectors.new_empty(max(WORDS_KEPT, len(new)), vectors.shape[1])
            begin = len(self._rows)
            self.table[begin : begin + len(new)] = vectors
            self._rows.update(zip(new, range(begin, begin + len(new)), strict=True))
        return np.fromiter(map(self._rows.__getitem__, words), np.int64, len(words))


def characters(vocab: Any, words: Sequence[str]) -> list[list[int]]:
    """The numbers of each word's characters in one of Stanza's vocabularies."""
    numbers = {character: vocab.unit2id(character) for character in set().union(*words)}
    return [[numbers[character] for character in word] for word in words]


def spelled(model: Any, words: Sequence[Sequence[int]]) -> torch.Tensor:
    """Stanza's `CharacterModel` over words given as its numbers of their characters: (words, width).

    Words of one length go together, so that none is padded, and as many at a time as in any other batch.
    """
    lengths: dict[int, list[int]] = {}
    for index, word in enumerate(words):
        lengths.setdefault(len(word), []).append(index)
    found = torch.empty(len(words), model.num_dir * model.args["char_hidden_dim"])
    begin = [state.expand(-1, ROWS, -1).contiguous() for state in (model.charlstm_h_init, model.charlstm_c_init)]
    for group in lengths.values():
        for first in range(0, len(group), ROWS):
            members = group[first : first + ROWS]
            padded = members + members[-1:] * (ROWS - len(members))
            letters = model.char_emb(torch.tensor([words[index] for index in padded]))
            states, (last, _) = model.charlstm.lstm(letters, begin)
            if model.attn:
                whole = (states * torch.sigmoid(model.char_attn(states))).sum(1)
            else:
                whole = last[-2:].transpose(0, 1).flatten(1)
            found[members] = whole[: len(members)]
    return found
