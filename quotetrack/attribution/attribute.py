"""The way from tagged spans to finished attributions, one step after the other."""

from collections import defaultdict
from dataclasses import replace

from quotetrack.attribution.assemble import Draft, assemble
from quotetrack.attribution.cast import cast_of
from quotetrack.attribution.channels import channels_of, wire_credit
from quotetrack.attribution.confidence import confidence_of
from quotetrack.attribution.explain import found_by, steps_of
from quotetrack.attribution.kinds import has_finite_verb, is_asked, kind_of, polarity_of
from quotetrack.attribution.marks import Quotation, quotations
from quotetrack.attribution.nesting import CITING, cited, inner_drafts, insiders
from quotetrack.attribution.nominals import Voice
from quotetrack.attribution.refine import refined
from quotetrack.attribution.speakers import Resolver
from quotetrack.attribution.untagged import bare_cues, free_relatives, noun_cues, silences, trailing_clauses
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
    Step,
    TaggedSpan,
)
from quotetrack.sources.catalogue import Catalogue

RELAYED_TAIL = 12
"""Code points that the content of a relayed act may end before the sentence's own does: "…, as well"."""


def attribute(
    annotated: AnnotatedText, catalogue: Catalogue, article: Article | None = None
) -> tuple[Attribution, ...]:
    """All attributions of a text, in the order of their contents; those nested in one follow it.

    `article` adds what only its metadata tell: the wire agency in its byline, the outlet that is not to be
    listed as its own channel.
    """
    quoted = quotations(annotated.text)
    resolver = Resolver(annotated, cast_of(annotated, catalogue))
    tagged = assemble(annotated, quoted)
    tagged += found_by("bare_cue", bare_cues(annotated, tagged))
    tagged = refined(annotated, tagged, quoted)
    tagged += found_by("noun_cue", noun_cues(annotated, tagged, resolver))
    tagged += found_by("free_relative", free_relatives(annotated, tagged, resolver))
    tagged += found_by("silence", silences(annotated, tagged, resolver))
    tagged += found_by("trailing_clause", trailing_clauses(annotated, tagged, resolver))
    drafts = sorted(tagged, key=_heard_at)
    found = [(draft, _attribution(annotated, draft, resolver, quoted)) for draft in drafts]
    spoken: defaultdict[int, list[tuple[Draft, Attribution]]] = defaultdict(list)
    for draft, attribution in found:
        if draft.cue:
            spoken[annotated.tokens[draft.cue.first].sentence].append((draft, attribution))
    on_word: defaultdict[int, list[Draft]] = defaultdict(list)
    """What is said on the word of others, by the `id` of the draft it goes with."""
    inside: set[int] = set()
    for draft in drafts:
        if host := _host(annotated, draft, spoken):
            on_word[id(host)].append(_on_their_word(host, draft))
            inside.add(id(draft))
    within = insiders(drafts)
    inside |= {id(draft) for held in within.values() for draft in held}
    attributions: list[Attribution] = []
    for draft, attribution in sorted(found, key=lambda pair: pair[1].content[0]):
        if id(draft) in inside:
            continue
        index = len(attributions)
        inner = list(on_word.get(id(draft), ()))
        inner += found_by("citing", cited(annotated, draft, resolver))
        inner += found_by("nested", inner_drafts(annotated, draft, resolver))
        inner += within.get(id(draft), ())
        nested = [a for d in inner for a in _nested_in(index, attribution, d, resolver, annotated, quoted)]
        if nested and _is_relayed(annotated, attribution, nested[0]):
            attributions += [replace(nested[0], parent=None), *nested[1:]]
        else:
            attributions += [attribution, *nested]
    credit = wire_credit(
        annotated.text, article.author if article else None, article.outlet if article else None, catalogue
    )
    if credit:
        wire = Hop(HopRole.CHANNEL, credit, SourceClass.MEDIA, None, "wire_credit")
        attributions = [
            replace(a, chain=(wire, *a.chain), steps=(*a.steps, Step("channel", "wire_credit", (), credit)))
            if all(hop.name != credit for hop in a.chain)
            else a
            for a in attributions
        ]
    return tuple(attributions)


def _heard_at(draft: Draft) -> int:
    """Where the reader learns who speaks: pronouns and floating quotes refer to what was heard before."""
    return draft.source[0].first if draft.source else draft.cue.first if draft.cue else draft.content[0].first


def _attribution(
    annotated: AnnotatedText,
    draft: Draft,
    resolver: Resolver,
    quoted: tuple[Quotation, ...],
    *,
    heard: bool = True,
) -> Attribution:
    content = _spans(annotated, draft.content)
    kind = kind_of(annotated, draft, content, quoted)
    polarity = polarity_of(annotated, draft)
    speaker = _speaker(annotated, resolver, draft, kind)
    if speaker is not None:
        resolver.spoken[id(draft)] = speaker
    channels = channels_of(annotated, draft, resolver)
    if speaker is None and channels:
        speaker = channels.pop()  # nobody behind it is named: the innermost voice speaks for itself
    if speaker is not None and heard:
        resolver.hear(speaker)
    return Attribution(
        content=content,
        cue=_spans(annotated, [cue for cue in (draft.cue, draft.relay) if cue]),
        source=_spans(annotated, draft.source),
        kind=kind,
        polarity=polarity,
        chain=_chain(channels, speaker),
        confidence=confidence_of(annotated, draft, kind),
        made_by=draft.rule,
        steps=steps_of(annotated, draft, kind, polarity, speaker, channels, quoted),
    )


def _speaker(annotated: AnnotatedText, resolver: Resolver, draft: Draft, kind: Kind) -> Voice | None:
    if is_asked(annotated, draft):
        return None  # "Asked whether …": whoever asked is not named
    if draft.source:
        return resolver.resolve(draft.source[0].first, draft.source[-1].last)
    if draft.continues is not None and (voice := resolver.spoken.get(id(draft.continues))):
        return resolver.again(voice, draft.content[0].first)
    if draft.cue is None or kind is Kind.DIRECT:
        return resolver.floating(draft.content[0].first)
    return None


def _host(
    annotated: AnnotatedText, draft: Draft, spoken: defaultdict[int, list[tuple[Draft, Attribution]]]
) -> Draft | None:
    """For "…, citing two officials", the draft of the same sentence whose attribution is made on their word.

    What the tagger took for the content of "citing" is whose words the other content is. `spoken` are the
    attributions that have a cue, by its sentence.
    """
    tokens = annotated.tokens
    if draft.cue is None or tokens[draft.cue.last].text.lower() not in CITING or _is_finite(annotated, draft):
        return None
    here = draft.cue.first
    near = (o for o, attribution in spoken[tokens[here].sentence] if o is not draft and attribution.speaker)
    return min(near, key=lambda other: abs(_heard_at(other) - here), default=None)


def _is_finite(annotated: AnnotatedText, draft: Draft) -> bool:
    return any(has_finite_verb(annotated, span) for span in draft.content)


def _on_their_word(outer: Draft, citing: Draft) -> Draft:
    """What the tagger took for the content of "citing" is the source of the outer content."""
    return Draft(outer.content, citing.cue, citing.content, citing.link_confidence)


def _nested_in(
    index: int,
    outer: Attribution,
    draft: Draft,
    resolver: Resolver,
    annotated: AnnotatedText,
    quoted: tuple[Quotation, ...],
) -> list[Attribution]:
    """An attribution made within another, or on another's word: the outer speaker becomes a channel."""
    inner = _attribution(annotated, draft, resolver, quoted, heard=False)
    if inner.speaker is None or outer.speaker is None or inner.speaker.name == outer.speaker.name:
        return []
    rule = "citing" if inner.content == outer.content else "nested"
    channels = (*outer.channels, replace(outer.speaker, role=HopRole.CHANNEL, made_by=rule))
    own = tuple(hop for hop in inner.chain if all(hop.name != channel.name for channel in channels))
    confidence = min(outer.confidence, inner.confidence)
    # "They warned …, according to the office": both cues say it, and in this order
    cue = tuple(sorted((*inner.cue, *outer.cue))) if _is_according(annotated, outer) else inner.cue
    kind = outer.kind if rule == "citing" else inner.kind
    steps = (*inner.steps, Step("channel", rule, outer.cue or outer.content, outer.speaker.name))
    return [
        replace(
            inner,
            cue=cue,
            kind=kind,
            chain=channels + own,
            parent=index,
            confidence=confidence,
            made_by=rule,
            steps=steps,
        )
    ]


def _is_relayed(annotated: AnnotatedText, outer: Attribution, inner: Attribution) -> bool:
    """ "They warned that …, according to the office": one thing was said, by them; the office only passes it on."""
    if not _is_according(annotated, outer):
        return False
    first = min(span.start for span in (*inner.source, *inner.cue))
    return first <= outer.content[0].start + 2 and inner.content[-1].end >= outer.content[-1].end - RELAYED_TAIL


def _is_according(annotated: AnnotatedText, attribution: Attribution) -> bool:
    return bool(attribution.cue) and attribution.cue[0].of(annotated.text).lower().startswith("according")


def _chain(channels: list[Voice], speaker: Voice | None) -> tuple[Hop, ...]:
    hops = [
        Hop(HopRole.CHANNEL, channel.name, channel.source_class, channel.span, channel.made_by)
        for channel in channels
        if speaker is None or channel.name != speaker.name
    ]
    if speaker is not None:
        office = speaker.referent.office if speaker.referent else None
        body = office.name if office and speaker.source_class is SourceClass.OFFICIAL else ""
        hops.append(Hop(HopRole.SPEAKER, speaker.name, speaker.source_class, speaker.span, speaker.made_by, body))
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
