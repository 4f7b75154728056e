"""Quotation marks: which stretches of a text stand in them, whatever marks are lost or stray.

Works line by line, so that one bad mark never reaches past the end of its paragraph. What is repaired is said
to be: `closed` tells whether a quotation's closing mark is really there, and the text itself stays.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.domain import Span

DOUBLE = {"“": "”", "„": "“”", "«": "»", "‹": "›", '"': '"', "``": "''"}
SINGLE = {"‘": "’"}
MARK = re.compile(r"``|''|[“”„«»‹›\"‘’]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch in quotation marks, the marks included."""

    span: Span
    closed: bool = True
    """False when the paragraph ends first (the quote goes on in the next one), or when the mark was lost."""


def quotations(text: str) -> tuple[Quotation, ...]:
    """The outermost quotations of a text, in order, in double or in single marks."""
    found: list[Quotation] = []
    for line in re.finditer(r"[^\r\n]+", text):
        double = _between(text, *line.span(), DOUBLE)
        # single marks are trusted less: those that cut across a double quotation are apostrophes after all
        single = [
            one
            for one in _between(text, *line.span(), SINGLE)
            if all(one.span.contains(other.span) for other in touched(one.span, double))
        ]
        outer = [other for other in double if not touched(other.span, single)]
        found += sorted([*single, *outer], key=lambda quotation: quotation.span)
    return tuple(found)


def touched(span: Span, quoted: Sequence[Quotation]) -> Sequence[Quotation]:
    """Those of `quoted`, which are in order and apart, that share a character with a span."""
    first = bisect_right(quoted, span.start, key=lambda quotation: quotation.span.end)
    return quoted[first : bisect_left(quoted, span.end, key=lambda quotation: quotation.span.start)]


def _between(text: str, start: int, end: int, marks: dict[str, str]) -> list[Quotation]:
    """The quotations in these marks, opening to closing, in a part of one line."""
    found: list[Quotation] = []
    opened: int | None = None
    closers = ""
    for match in MARK.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if _apostrophe(text, at, start, end):
            continue
        opens = mark in marks and _can_open(text, at, match.end(), start, end)
        if opened is None:
            if opens:
                opened, closers = at, marks[mark]
        elif mark in closers and not (mark == '"' and _opens_again(text, at, start, end)):
            found.append(Quotation(Span(opened, match.end())))
            opened = None
        elif mark in marks and marks[mark] == closers:
            if opens:  # the same opening mark twice: what closed the first was lost
                found.append(Quotation(Span(opened, _last_stop(text, opened, at)), closed=False))
                opened = at
            else:  # an opening mark typed where a closing one belongs
                found.append(Quotation(Span(opened, match.end())))
                opened = None
    if opened is not None and text[opened + 1 : end].strip() and marks is DOUBLE:
        found.append(Quotation(Span(opened, end), closed=False))
    return found


def _can_open(text: str, at: int, after: int, start: int, end: int) -> bool:
    """A mark opens when a word follows it at once and none comes right before."""
    follows = after < end and not text[after].isspace()
    return follows and (at == start or not text[at - 1].isalnum())


def _opens_again(text: str, at: int, start: int, end: int) -> bool:
    """A straight mark inside a quotation that stands as an opening one does: `said "A, he said. "B"`."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    return before.isspace() and not after.isspace()


def _apostrophe(text: str, at: int, start: int, end: int) -> bool:
    """A single mark that belongs to a word: inside one, before a clipped one ("’em", "’90s"), or after a plural."""
    if text[at] not in "‘’":
        return False
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if before.isalnum() and after.isalnum():
        return True
    if text[at] == "’":
        return after.isalnum() or (before in "sS" and after == " " and text[at + 2 : at + 3].islower())
    return after.isdigit()


def _last_stop(text: str, start: int, end: int) -> int:
    """Where a quotation that lost its closing mark most likely ended: after its first sentence."""
    stop = re.compile(r"[.!?…,](?=\s)").search(text, start + 1, end)
    return stop.end() if stop else end


def share_quoted(spans: tuple[Span, ...], quoted: tuple[Quotation, ...], text: str) -> float:
    """The share, 0 to 1, of the letters and digits of `spans` that stand in quotation marks: one of `quotations`."""
    inside = total = 0
    for span in spans:
        total += _letters(text, span.start, span.end)
        for quotation in touched(span, quoted):
            marked = quotation.span
            inside += _letters(text, max(span.start, marked.start), min(span.end, marked.end))
    return inside / total if total else 0.0


def _letters(text: str, start: int, end: int) -> int:
    return sum(map(str.isalnum, text[start:end]))
