"""Editing a discontinuous span piece by piece: values in, values out. Offsets are half-open, in code points.

Pieces may touch: what was split stays split until it is merged. Each raises InvalidError where it makes no sense.
"""

from typing import Literal

from quotetrack.domain import Span, Spans
from quotetrack.errors import InvalidError


def move_edge(spans: Spans, index: int, edge: Literal["start", "end"], to: int) -> Spans:
    """Move one edge of a piece; at most up to its neighbours, and it keeps a character."""
    piece = spans[index]
    if edge == "start":
        least = spans[index - 1].end if index else 0
        moved = Span(min(max(to, least), piece.end - 1), piece.end)
    else:
        most = spans[index + 1].start if index + 1 < len(spans) else max(to, piece.end)
        moved = Span(piece.start, max(min(to, most), piece.start + 1))
    return (*spans[:index], moved, *spans[index + 1 :])


def split(spans: Spans, index: int, at: int) -> Spans:
    """Make two pieces of one, which touch at `at`."""
    piece = spans[index]
    if not piece.start < at < piece.end:
        raise InvalidError(f"The piece {piece.start}-{piece.end} cannot be split at {at}. Choose a place inside it.")
    return (*spans[:index], Span(piece.start, at), Span(at, piece.end), *spans[index + 1 :])


def merge(spans: Spans, index: int) -> Spans:
    """Make one piece of a piece and the next, with what lies between them."""
    if not 0 <= index < len(spans) - 1:
        raise InvalidError("There is no next piece to merge with.")
    return (*spans[:index], Span(spans[index].start, spans[index + 1].end), *spans[index + 2 :])


def add(spans: Spans, piece: Span) -> Spans:
    """Add a piece in its place; what it overlaps becomes part of it."""
    inside = [span for span in spans if span.overlaps(piece)]
    whole = Span(min([piece.start, *(s.start for s in inside)]), max([piece.end, *(s.end for s in inside)]))
    return tuple(sorted([*(span for span in spans if span not in inside), whole]))


def remove(spans: Spans, index: int) -> Spans:
    return (*spans[:index], *spans[index + 1 :])
