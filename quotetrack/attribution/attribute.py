"""The way from tagged spans to finished attributions, one step after the other."""

from quotetrack.attribution.assemble import Draft, assemble
from quotetrack.attribution.cast import cast_of
from quotetrack.attribution.channels import channels_of, wire_credit
from quotetrack.attribution.kinds import kind_of, polarity_of
from quotetrack.attribution.marks import quotations
from quotetrack.attribution.speakers import Resolver, Voice
from quotetrack.domain import (
    AnnotatedText,
    Article,
    Attribution,
    Hop,
    HopRole,
    Kind,
    SourceClass,
    Span,
    Spans,
    TaggedSpan,
)
from quotetrack.sources.catalogue import Catalogue


def attribute(
    annotated: AnnotatedText, catalogue: Catalogue, article: Article | None = None
) -> tuple[Attribution, ...]:
    """
    All attributions of a text, in the order of their contents.

    `article` adds what only its metadata tell: the wire agency in its byline, the outlet that is not to be
    listed as its own channel.
    """
    quoted = quotations(annotated.text)
    resolver = Resolver(annotated, cast_of(annotated, catalogue))
    credit = wire_credit(
        annotated.text, article.author if article else None, article.outlet if article else None, catalogue
    )
    wire = (Hop(HopRole.CHANNEL, credit, SourceClass.MEDIA, None, "wire_credit"),) if credit else ()
    found: list[tuple[Draft, Attribution]] = []
    for draft in sorted(assemble(annotated), key=_heard_at):
        content = _spans(annotated, draft.content)
        kind = kind_of(annotated, draft, content, quoted)
        speaker = _speaker(resolver, draft, kind)
        channels = channels_of(annotated, draft, resolver)
        if speaker is not None:
            resolver.hear(speaker)
        found.append(
            (
                draft,
                Attribution(
                    content=content,
                    cue=_spans(annotated, [draft.cue] if draft.cue else []),
                    source=_spans(annotated, draft.source),
                    kind=kind,
                    polarity=polarity_of(annotated, draft),
                    chain=wire + _chain(channels, speaker),
                    confidence=_confidence(draft),
                    made_by="tagger",
                ),
            )
        )
    return tuple(attribution for _, attribution in sorted(found, key=lambda pair: pair[1].content[0]))


def _heard_at(draft: Draft) -> int:
    """Where the reader learns who speaks: pronouns and floating quotes refer to what was heard before."""
    return draft.source[0].first if draft.source else draft.cue.first if draft.cue else draft.content[0].first


def _speaker(resolver: Resolver, draft: Draft, kind: Kind) -> Voice | None:
    if draft.source:
        return resolver.resolve(draft.source[0].first, draft.source[-1].last)
    if draft.cue is None or kind is Kind.DIRECT:
        return resolver.floating(draft.content[0].first)
    return None


def _chain(channels: list[Voice], speaker: Voice | None) -> tuple[Hop, ...]:
    hops = [
        Hop(HopRole.CHANNEL, channel.name, channel.source_class, channel.span, channel.made_by)
        for channel in channels
        if speaker is None or channel.name != speaker.name
    ]
    if speaker is not None:
        hops.append(Hop(HopRole.SPEAKER, speaker.name, speaker.source_class, speaker.span, speaker.made_by))
    return tuple(hops)


def _spans(annotated: AnnotatedText, tagged: list[TaggedSpan]) -> Spans:
    """The pieces in order, those that touch or overlap joined."""
    pieces: list[Span] = []
    for span in sorted(annotated.span(t.first, t.last) for t in tagged):
        if pieces and not annotated.text[pieces[-1].end : span.start].strip():
            pieces[-1] = Span(pieces[-1].start, max(pieces[-1].end, span.end))
        else:
            pieces.append(span)
    return tuple(pieces)


def _confidence(draft: Draft) -> float:
    """The weakest of what had to be right: each span the tagger marked, and each link between them."""
    spans = [*draft.content, *draft.source, *([draft.cue] if draft.cue else [])]
    return round(min(min(span.confidence for span in spans), draft.link_confidence), 4)
