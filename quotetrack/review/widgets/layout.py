"""A text as it stands on the screen: signs put in, lines broken, and every offset still known."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from quotetrack.review.widgets.wrap import wrap


@dataclass(frozen=True, slots=True)
class Sign:
    """Characters shown at an offset that are not of the text."""

    at: int
    order: tuple[int, int]
    """Among those at one offset: what closes comes first, then the inner before the outer."""
    shown: str
    name: str


class Layout:
    """Places are indices into `shown`, offsets are indices into the text."""

    def __init__(self, text: str, signs: Sequence[Sign], width: int) -> None:
        self.signs = sorted(signs, key=lambda sign: (sign.at, sign.order))
        self._at = [sign.at for sign in self.signs]
        self._before = [0, *accumulate(len(sign.shown) for sign in self.signs)]
        parts, last = [], 0
        for sign in self.signs:
            parts += [text[last : sign.at], sign.shown]
            last = sign.at
        self.shown = "".join([*parts, text[last:]]) if parts else text
        self.lines = wrap(self.shown, width) if width > 0 else []
        self._line_starts = [start for start, _ in self.lines]
        self.sign_places = [at + before for at, before in zip(self._at, self._before, strict=False)]

    def start(self, offset: int) -> int:
        """Where the character at an offset stands, after what is put in before it."""
        return offset + self._before[bisect_right(self._at, offset)]

    def end(self, offset: int) -> int:
        """Where what comes before an offset ends, before what is put in there."""
        return offset + self._before[bisect_left(self._at, offset)]

    def offset(self, place: int) -> int:
        """The offset of what stands at a place."""
        index = bisect_right(self.sign_places, place)
        found = place - self._before[index]
        return max(found, self._at[index - 1]) if index else found

    def line_of(self, offset: int) -> int:
        return max(bisect_right(self._line_starts, self.start(offset)) - 1, 0)

    def offset_in_line(self, line: int, column: int) -> int:
        """The offset at a column of a line, or at the line's end."""
        start, end = self.lines[min(max(line, 0), len(self.lines) - 1)]
        return self.offset(min(start + column, max(end - 1, start)))

    def column_of(self, offset: int) -> int:
        return self.start(offset) - self.lines[self.line_of(offset)][0]

    def signs_between(self, start: int, end: int) -> list[tuple[int, Sign]]:
        """The signs on a stretch of `shown`, with their places."""
        first = bisect_left(self.sign_places, start)
        found = []
        for place, sign in zip(self.sign_places[first:], self.signs[first:], strict=True):
            if place >= end:
                break
            found.append((place, sign))
        return found
