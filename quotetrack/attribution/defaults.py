"""What an article says of all its information: "Details of the visit come mostly from the two states' media." """

from quotetrack.attribution.cast import cast_of
from quotetrack.attribution.parse import edges
from quotetrack.attribution.speakers import Resolver
from quotetrack.domain import MEDIA_KINDS, AnnotatedText, Hop, HopRole, SourceClass
from quotetrack.sources.catalogue import Catalogue, is_media_group

INFORMATION = frozenset("information detail news account report coverage knowledge footage data word".split())
COMING = frozenset("be come stem originate derive base draw rely depend".split())


def default_channels(annotated: AnnotatedText, catalogue: Catalogue) -> tuple[Hop, ...]:
    """The channels that the article names for its information as a whole, each with the span that says so.

    They belong to the article: no attribution's chain is made longer by them.
    """
    found: list[Hop] = []
    resolver: Resolver | None = None
    for sentence in annotated.sentence_ranges:
        source = _stated(annotated, sentence)
        if source is None:
            continue
        resolver = resolver or Resolver(annotated, cast_of(annotated, catalogue))
        first, last = source
        named = [r for _, _, r in resolver.cast.between(first, last) if r.kind in MEDIA_KINDS]
        span = annotated.span(first, last)
        names = [referent.name for referent in named] or [
            " ".join(span.of(annotated.text).removeprefix("the ").split())
        ]
        if named or is_media_group(names[0]):
            found += [Hop(HopRole.CHANNEL, name, SourceClass.MEDIA, span, "default_channel") for name in names]
    return tuple(found)


def _stated(annotated: AnnotatedText, sentence: range) -> tuple[int, int] | None:
    """For "Information … is largely from X", the tokens of X."""
    tokens = annotated.tokens
    subject = next((i for i in sentence if tokens[i].deprel.startswith("nsubj")), None)
    if subject is None or tokens[subject].lemma.lower() not in INFORMATION:
        return None
    verb = False
    for index in range(subject + 1, sentence.stop - 1):
        verb = verb or tokens[index].lemma in COMING
        head = tokens[index].head
        governs = index < head < sentence.stop and tokens[index].deprel in ("case", "mark")
        if verb and tokens[index].text.lower() in ("from", "on") and governs:
            first, last = edges(annotated, head)
            return max(first, index + 1), min(last, sentence.stop - 2)
    return None
