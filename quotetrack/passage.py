"""A part of an article with its marks, harmless to show."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotetrack.domain import Span, SpanRole, Spans
from quotetrack.harmless import harmless

CONTEXT = 200
"""Characters shown on either side of what is marked."""
GAP = 3 * CONTEXT
"""A longer stretch without a mark is shortened to its ends."""

_PARAGRAPHS = re.compile(r"\s*\n\s*")
_PRECEDENCE = (SpanRole.CUE, SpanRole.SOURCE, SpanRole.CONTENT)
"""Whose mark a character bears that is in several spans: the shorter ones lie within the longer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article with one mark, or none."""

    text: str
    role: SpanRole | None = None


def passage(text: str, roles: Mapping[SpanRole, Spans], every: Sequence[Span]) -> tuple[Piece, ...]:
    """The part of `text` around the spans `every`, with those of `roles` marked. Long stretches between are cut."""
    start, end = min(span.start for span in every), max(span.end for span in every)
    first = max(0, start - CONTEXT)
    last = min(len(text), end + CONTEXT)
    if first and (space := text.find(" ", first, start)) >= 0:  # no word is shown in half
        first = space + 1
    if last < len(text) and (space := text.rfind(" ", end, last)) >= 0:
        last = space
    borders = {first, last}
    for span in every:  # also where the other side's marks are, so that both sides are cut at the same places
        borders |= {span.start, span.end}
    pieces: list[Piece] = []
    ordered = sorted(borders)
    for left, right in pairwise(ordered):
        inside = Span(left, right)
        role = next((r for r in _PRECEDENCE if any(s.contains(inside) for s in roles.get(r, ()))), None)
        free = not any(span.contains(inside) for span in every)
        part = _cut(text[left:right]) if free and left != first and right != last else text[left:right]
        shown = _PARAGRAPHS.sub(" ¶ ", harmless(part))
        if pieces and pieces[-1].role is role:
            pieces[-1] = Piece(pieces[-1].text + shown, role)
        else:
            pieces.append(Piece(shown, role))
    if first:
        pieces.insert(0, Piece("… "))
    if last < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def _cut(stretch: str) -> str:
    return stretch if len(stretch) <= GAP else f"{stretch[:CONTEXT]} […] {stretch[-CONTEXT:]}"
