"""Editing spans from the keyboard: values in, values out. Nothing here knows of a screen.

One thing is moved at a time: an edge of a piece, or a cursor with which a piece is to be added or split.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from quotetrack.domain import Span, SpanRole, Spans
from quotetrack.errors import InvalidError
from quotetrack.store.decisions import pieces

Edge = Literal["start", "end"]
Unit = Literal["character", "word", "sentence"]

_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*|[^\w\s]")
_SENTENCE = re.compile(r"\S(?:.*?[.!?…]+[\"”’»)\]]*(?=\s|$)|.*$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stops:
    """Where the words and sentences of a text begin and end, in order.

    A sentence ends twice: before its stop, which is seldom part of what was said, and after it.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence_starts: tuple[int, ...]
    sentence_ends: tuple[int, ...]


@lru_cache(maxsize=8)
def stops(text: str) -> Stops:
    words = [match.span() for match in _WORD.finditer(text)]
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    return Stops(
        tuple(start for start, _ in words),
        tuple(end for _, end in words),
        tuple(start for start, _ in sentences),
        tuple(sorted({at for start, end in sentences for at in (end, start + len(text[start:end].rstrip(".!?…")))})),
    )


def step(text: str, at: int, unit: Unit, forward: bool, edge: Edge) -> int:
    """The next place in a direction where an edge may rest; `at` if there is none."""
    if unit == "character":
        return min(max(at + (1 if forward else -1), 0), len(text))
    known = stops(text)
    if unit == "word":
        places = known.starts if edge == "start" else known.ends
    else:
        places = known.sentence_starts if edge == "start" else known.sentence_ends
    index = bisect_right(places, at) if forward else bisect_left(places, at) - 1
    return places[index] if 0 <= index < len(places) else at


def word_at(text: str, at: int) -> Span | None:
    """The word at a place, else the next one, else the last."""
    known = stops(text)
    if not known.starts:
        return None
    index = min(bisect_right(known.ends, at), len(known.ends) - 1)
    return Span(known.starts[index], known.ends[index])


def nearest_stop(text: str, at: int, edge: Edge) -> int:
    """The word's edge nearest to a place."""
    places = stops(text).starts if edge == "start" else stops(text).ends
    index = bisect_left(places, at)
    return min(places[max(index - 1, 0) : index + 1], key=lambda place: abs(place - at), default=at)


@dataclass(frozen=True, slots=True)
class SpanEdit:
    """An edit under way. Every value of it is one that could be saved."""

    text: str
    spans: Mapping[SpanRole, Spans]
    role: SpanRole = SpanRole.CONTENT
    piece: int = 0
    edge: Edge = "end"
    placing: Literal["", "add", "split"] = ""
    """What the cursor is for; empty while an edge is moved."""
    cursor: int = 0

    @property
    def pieces(self) -> Spans:
        return self.spans.get(self.role, ())

    @property
    def at(self) -> int:
        """The place of what is being moved."""
        if self.placing:
            return self.cursor
        active = self.pieces[self.piece]
        return active.start if self.edge == "start" else active.end


def begin(text: str, spans: Mapping[SpanRole, Spans]) -> SpanEdit:
    return choose(SpanEdit(text, {role: spans.get(role, ()) for role in SpanRole}), SpanRole.CONTENT)


def choose(edit: SpanEdit, role: SpanRole) -> SpanEdit:
    """Go to a role's first piece; where it has none, to placing one."""
    chosen = replace(edit, role=role, piece=0, placing="")
    if chosen.pieces:
        return chosen
    content = edit.spans[SpanRole.CONTENT]
    return replace(chosen, placing="add", cursor=content[0].start if content else 0)


def next_role(edit: SpanEdit, by: int) -> SpanEdit:
    roles = list(SpanRole)
    return choose(edit, roles[(roles.index(edit.role) + by) % len(roles)])


def next_piece(edit: SpanEdit, by: int) -> SpanEdit:
    if not edit.pieces:
        return edit
    return replace(edit, piece=(edit.piece + by) % len(edit.pieces), placing="")


def switched(edit: SpanEdit) -> SpanEdit:
    return replace(edit, edge="start" if edit.edge == "end" else "end")


def moved(edit: SpanEdit, unit: Unit, forward: bool) -> SpanEdit:
    return moved_to(edit, step(edit.text, edit.at, unit, forward, "start" if edit.placing else edit.edge))


def moved_to(edit: SpanEdit, to: int) -> SpanEdit:
    """Move the cursor or the edge; an edge goes no further than its neighbours, nor past the other edge."""
    to = min(max(to, 0), len(edit.text))
    if edit.placing:
        return replace(edit, cursor=to)
    active = edit.pieces[edit.piece]
    if (edit.edge == "start" and to >= active.end) or (edit.edge == "end" and to <= active.start):
        return edit
    return _with(edit, pieces.move_edge(edit.pieces, edit.piece, edit.edge, to))


def added(edit: SpanEdit) -> SpanEdit:
    """Bring up the cursor to add a piece; once it is there, add the word at it."""
    if edit.placing != "add":
        return replace(edit, placing="add", cursor=step(edit.text, edit.at, "word", edit.edge == "end", "start"))
    word = word_at(edit.text, edit.cursor)
    if word is None:
        raise InvalidError("There is no word to add.")
    grown = _with(edit, pieces.add(edit.pieces, word))
    index = next(i for i, piece in enumerate(grown.pieces) if piece.contains(word))
    return replace(grown, piece=index, edge="end", placing="")


def split(edit: SpanEdit) -> SpanEdit:
    """Bring up the cursor to split the piece; once it is there, split at it, and go to the second part."""
    if not edit.pieces:
        raise InvalidError("There is no piece to split.")
    if edit.placing != "split":
        piece = edit.pieces[edit.piece]
        middle = nearest_stop(edit.text, (piece.start + piece.end) // 2, "start")
        return replace(edit, placing="split", cursor=middle)
    parted = _with(edit, pieces.split(edit.pieces, edit.piece, edit.cursor))
    first, second = parted.pieces[edit.piece : edit.piece + 2]
    # white space at the seam belongs to neither part
    words = [span.start + len(t) - len(t.lstrip()) for span in (first, second) if (t := span.of(edit.text))]
    ends = [span.start + len(span.of(edit.text).rstrip()) for span in (first, second)]
    trimmed = [
        Span(start, end) if start < end else span for start, end, span in zip(words, ends, (first, second), strict=True)
    ]
    whole = (*parted.pieces[: edit.piece], *trimmed, *parted.pieces[edit.piece + 2 :])
    return replace(_with(parted, whole), piece=edit.piece + 1, edge="start", placing="")


def joined(edit: SpanEdit) -> SpanEdit:
    return replace(_with(edit, pieces.merge(edit.pieces, edit.piece)), placing="")


def removed(edit: SpanEdit) -> SpanEdit:
    """Take the piece away. The content keeps one."""
    if not edit.pieces:
        return edit
    if edit.role is SpanRole.CONTENT and len(edit.pieces) == 1:
        raise InvalidError("The content needs a piece. Add another one first, or reject the quote.")
    less = _with(edit, pieces.remove(edit.pieces, edit.piece))
    if not less.pieces:
        return replace(less, piece=0, placing="add", cursor=edit.pieces[0].start)
    return replace(less, piece=min(edit.piece, len(less.pieces) - 1), placing="")


def settled(edit: SpanEdit) -> SpanEdit:
    """Without the cursor: back to the piece, or to the content where the role has none."""
    return replace(edit, placing="") if edit.pieces else choose(edit, SpanRole.CONTENT)


def changes(edit: SpanEdit, before: Mapping[SpanRole, Spans]) -> dict[SpanRole, Spans]:
    return {role: spans for role, spans in edit.spans.items() if spans != before.get(role, ())}


def said(edit: SpanEdit) -> str:
    """What is being moved, and what may be done with it."""
    if edit.placing:
        word = word_at(edit.text, edit.cursor)
        at = f"before “{word.of(edit.text)}”" if word else "here"
        if edit.placing == "add":
            return f"{edit.role}: new piece {at}"
        return f"{edit.role} {edit.piece + 1}/{len(edit.pieces)}: split {at}"
    return f"{edit.role} {edit.piece + 1}/{len(edit.pieces)}: {edit.edge} edge"


def _with(edit: SpanEdit, spans: Spans) -> SpanEdit:
    return replace(edit, spans={**edit.spans, edit.role: spans})
