"""Small steps over a parsed text that the rules share."""

from bisect import bisect_right
from collections.abc import Iterable

from quotetrack.attribution.words import SPEECH_ACTS
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

RULE_CONFIDENCE = 0.5
"""Of a span that a rule drew: it is right about as often as not."""


def without_stops(annotated: AnnotatedText, first: int, last: int) -> int:
    """The last token from `first` on that is no comma, stop or colon at the end."""
    while last > first and annotated.tokens[last].text in (",", ".", ";", ":"):
        last -= 1
    return last


def reach(annotated: AnnotatedText, index: int, piece: TaggedSpan) -> tuple[int, int]:
    """First and last token, inside the content, of what hangs on a token."""
    first = last = index
    waiting = [index]
    while waiting:
        here = waiting.pop()
        first, last = min(first, here), max(last, here)
        waiting += [c for c in annotated.children[here] if piece.first <= c <= piece.last]
    return first, last


def rule_span(role: SpanRole, first: int, last: int) -> TaggedSpan:
    return TaggedSpan(role, first, last, RULE_CONFIDENCE)


def edges(annotated: AnnotatedText, index: int) -> tuple[int, int]:
    """First and last token of all that hangs on a token, itself included."""
    sentence = annotated.sentence_ranges[annotated.tokens[index].sentence]
    return reach(annotated, index, TaggedSpan(SpanRole.CONTENT, sentence.start, sentence.stop - 1, 1.0))


def token_at(annotated: AnnotatedText, offset: int) -> int:
    """The last token that starts at `offset` or before it."""
    return bisect_right(annotated.tokens, offset, key=lambda token: token.start) - 1


def verb_of(annotated: AnnotatedText, cue: TaggedSpan) -> int | None:
    """The last verb of speech in a cue."""
    verbs = (
        i for i in range(cue.last, cue.first - 1, -1)
        if annotated.tokens[i].lemma in SPEECH_ACTS and annotated.tokens[i].upos == "VERB"
    )  # fmt: skip
    return next(verbs, None)


def indices(spans: Iterable[TaggedSpan]) -> set[int]:
    """The tokens of all these spans."""
    return {index for span in spans for index in range(span.first, span.last + 1)}
