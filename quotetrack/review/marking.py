"""Marking an attribution that was missed: content, then cue, then source. Values in, values out."""

from dataclasses import dataclass, field, replace

from quotetrack.domain import Kind, Span, SpanRole, Spans
from quotetrack.errors import InvalidError
from quotetrack.review.editing import Unit, nearest_stop, step, word_at

ROLES = tuple(SpanRole)
_OPENING, _CLOSING = '“"«„‘', '”"»’'


@dataclass(frozen=True, slots=True)
class Marking:
    """What is marked so far. `anchor` is the word where the mark began that is being drawn, `span` that mark."""

    text: str
    cursor: int = 0
    anchor: Span | None = None
    span: Span | None = None
    drawn: dict[SpanRole, Spans] = field(default_factory=dict)
    stage: int = 0
    hit: Span | None = None
    """Whole words that were looked for: while the cursor is where they begin, a mark begins with all of them."""

    @property
    def role(self) -> SpanRole | None:
        """What is to be marked now; None at the end."""
        return ROLES[self.stage] if self.stage < len(ROLES) else None

    @property
    def at(self) -> int:
        """The place of what is being moved."""
        if self.span is None or self.anchor is None:
            return self.cursor
        return self.span.start if self.span.start < self.anchor.start else self.span.end


def moved(marking: Marking, unit: Unit, forward: bool) -> Marking:
    """Move the cursor, or the end of the mark that is being drawn; past its first word, the other end."""
    anchor, span = marking.anchor, marking.span
    if anchor is None or span is None:
        return replace(marking, cursor=step(marking.text, marking.cursor, unit, forward, "start"))
    backwards = span.start < anchor.start or (span.end <= anchor.end and not forward and unit != "character")
    if backwards:
        return _drawn_to(marking, step(marking.text, span.start, unit, forward, "start"), backwards=True)
    return _drawn_to(marking, step(marking.text, span.end, unit, forward, "end"), backwards=False)


def moved_to(marking: Marking, to: int) -> Marking:
    """The same, to a place."""
    anchor = marking.anchor
    if anchor is None:
        return replace(marking, cursor=nearest_stop(marking.text, to, "start"))
    backwards = to < anchor.start
    return _drawn_to(marking, nearest_stop(marking.text, to, "start" if backwards else "end"), backwards=backwards)


def _drawn_to(marking: Marking, to: int, *, backwards: bool) -> Marking:
    assert marking.anchor is not None
    start, end = marking.anchor.start, marking.anchor.end
    if backwards:
        return replace(marking, span=Span(min(to, start), end))
    return replace(marking, span=Span(start, max(to, start + 1)))


def marked(marking: Marking) -> Marking:
    """Begin a mark with the word at the cursor, or end the one that is being drawn and go on to the next role."""
    if marking.span is not None and marking.role is not None:
        drawn = {**marking.drawn, marking.role: (marking.span,)}
        return Marking(marking.text, _behind(marking, marking.span), drawn=drawn, stage=marking.stage + 1)
    word = word_at(marking.text, marking.cursor)
    if word is None:
        raise InvalidError("The article has no words to mark.")
    hit = marking.hit
    end = max(word.end, hit.end) if hit is not None and hit.start == word.start else word.end
    return replace(marking, anchor=word, span=Span(word.start, end), cursor=word.start)


def entered(marking: Marking) -> Marking:
    """End the mark that is being drawn; without one, pass over a role that may be left out."""
    if marking.span is not None:
        return marked(marking)
    if marking.role is SpanRole.CONTENT:
        raise InvalidError("Mark the content first: Space where it begins, Space where it ends.")
    return replace(marking, stage=marking.stage + 1)


def backed(marking: Marking) -> Marking | None:
    """One step back; None from the first."""
    if marking.span is not None:
        return replace(marking, anchor=None, span=None)
    if not marking.stage:
        return None
    stage = marking.stage - 1
    kept = {role: spans for role, spans in marking.drawn.items() if role is not ROLES[stage]}
    return replace(marking, stage=stage, drawn=kept)


def found(marking: Marking, words: str, *, after: bool = False) -> Marking:
    """Go to where the text has these words: from the cursor on, else from its beginning."""
    text, words = marking.text.casefold(), words.casefold()
    if len(text) != len(marking.text):  # folding has made other lengths: then as it is written
        text = marking.text
    place = text.find(words, marking.at + after)
    place = place if place >= 0 else text.find(words)
    if not words or place < 0:
        return marking
    first, last = word_at(text, place), word_at(text, place + len(words) - 1)
    hit = Span(first.start, max(first.end, last.end)) if first and last else None
    return replace(moved_to(marking, place), hit=hit)


def guessed_kind(content: Spans, text: str) -> Kind:
    """By its quotation marks: all of it within them, a part, or none."""
    said = " ".join(span.of(text) for span in content).strip()
    around = text[max(content[0].start - 1, 0) : content[0].start], text[content[-1].end : content[-1].end + 1]
    inside = bool(around[0]) and around[0] in _OPENING and bool(around[1]) and around[1] in _CLOSING
    if inside or (said[:1] in _OPENING and said.rstrip(".,;!?")[-1:] in _CLOSING):
        return Kind.DIRECT
    return Kind.MIXED if any(mark in said for mark in '“”"«»„') else Kind.INDIRECT


def _behind(marking: Marking, span: Span) -> int:
    return step(marking.text, span.end - 1, "word", True, "start")
