"""Drafts by their words, for tests of single steps: made from an annotated text, and told again."""

from collections.abc import Iterable

from quotetrack.attribution.assemble import Draft
from quotetrack.attribution.cast import cast_of
from quotetrack.attribution.speakers import Resolver
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan
from quotetrack.sources.catalogue import bundled_catalogue

from .build import CONFIDENCE, where

Told = tuple[str, str, str]
"""Contents, joined by a bar, cue and source of a draft."""


def draft(text: AnnotatedText, content: str, cue: str = "", source: str = "", *, sure: float = CONFIDENCE) -> Draft:
    """The draft with these words, each part where its words first stand; the pieces of a content divided by bars."""

    def span(role: SpanRole, words: str) -> TaggedSpan:
        return TaggedSpan(role, *where(text, words), sure)

    return Draft(
        [span(SpanRole.CONTENT, piece) for piece in content.split(" | ")],
        span(SpanRole.CUE, cue) if cue else None,
        [span(SpanRole.SOURCE, source)] if source else [],
    )


def told(text: AnnotatedText, drafts: Iterable[Draft]) -> list[Told]:
    """What each draft holds."""

    def words(spans: Iterable[TaggedSpan]) -> str:
        return " | ".join(text.span(span.first, span.last).of(text.text) for span in spans)

    return [(words(d.content), words([d.cue] if d.cue else []), words(d.source)) for d in drafts]


def resolver_of(text: AnnotatedText) -> Resolver:
    return Resolver(text, cast_of(text, bundled_catalogue()))
