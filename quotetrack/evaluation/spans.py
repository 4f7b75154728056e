"""Spans as they are scored.

White space at the edges of a span does not count, nor does it part two spans: formats differ in both. Overlap is
counted in visible characters, those that are not white space.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quotetrack.domain import Span, SpanRole, Spans

DIRECT_SHARE = 0.8
"""From this share of its visible characters inside double quotation marks on, content counts as a direct quote."""

_MARK = re.compile(r"\n|``|''|[\"“”]")


@dataclass(frozen=True, slots=True)
class Marked:
    """An attribution's three spans, made canonical, with their visible characters as offsets into the text."""

    spans: dict[SpanRole, Spans]
    chars: dict[SpanRole, frozenset[int]]
    direct: bool
    """Whether most of its content stands in double quotation marks."""

    @property
    def content(self) -> frozenset[int]:
        """The visible characters of the content."""
        return self.chars[SpanRole.CONTENT]

    @property
    def cue(self) -> frozenset[int]:
        """The visible characters of the cue; empty if there is none."""
        return self.chars[SpanRole.CUE]

    @property
    def source(self) -> frozenset[int]:
        """The visible characters of the source; empty if there is none."""
        return self.chars[SpanRole.SOURCE]


def mark(content: Spans, cue: Spans, source: Spans, *, text: str, inside: frozenset[int]) -> Marked:
    """An attribution as it is scored; `inside` are the offsets inside quotation marks, see `quoted`."""
    spans = {
        role: canonical(given, text)
        for role, given in ((SpanRole.CONTENT, content), (SpanRole.CUE, cue), (SpanRole.SOURCE, source))
    }
    chars = {role: visible(pieces, text) for role, pieces in spans.items()}
    words = chars[SpanRole.CONTENT]
    return Marked(spans, chars, bool(words) and len(words & inside) >= DIRECT_SHARE * len(words))


def canonical(spans: Iterable[Span], text: str) -> Spans:
    """Spans in order, without white space at their edges, and joined where they overlap or only white space parts them.

    A span of white space alone is dropped.
    """
    joined: list[Span] = []
    for span in sorted(spans):
        start, end = span.start, span.end
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        last = joined[-1] if joined else None
        if last is not None and not text[last.end : start].strip():
            joined[-1] = Span(last.start, max(last.end, end))
        else:
            joined.append(Span(start, end))
    return tuple(joined)


def visible(spans: Iterable[Span], text: str) -> frozenset[int]:
    """The offsets of the characters in `spans` that are not white space."""
    return frozenset(at for span in spans for at in range(span.start, span.end) if not text[at].isspace())


def iou(one: frozenset[int], other: frozenset[int]) -> float:
    """Intersection over union of two sets of characters, 0 to 1; 0 if one of them is empty."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def quoted(text: str) -> frozenset[int]:
    """The offsets inside double quotation marks, the marks included.

    A quotation that is not closed ends with its line. A closing mark that closes nothing is passed over.
    """
    inside: set[int] = set()
    opened: int | None = None
    for found in _MARK.finditer(text):
        sign = found.group()
        if sign == "\n":
            if opened is not None:
                inside.update(range(opened, found.start()))
                opened = None
        elif opened is None:
            opened = None if sign == "”" else found.start()
        elif sign not in ("“", "``"):
            inside.update(range(opened, found.end()))
            opened = None
    if opened is not None:
        inside.update(range(opened, len(text)))
    return frozenset(inside)
