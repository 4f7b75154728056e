"""Through whom the words came: the hops between the outlet and the speaker.

Each rule looks for one construction in the sentence of the cue and gives the channel with its span. Addressees
are channels only when they are media: "told Russian media" is one, "told reporters" is not.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from quotetrack.attribution.assemble import Draft, head_of
from quotetrack.attribution.nominals import Voice
from quotetrack.attribution.parse import indices
from quotetrack.attribution.speakers import Resolver
from quotetrack.attribution.words import DOCUMENTS
from quotetrack.domain import MEDIA_KINDS, AnnotatedText, SourceClass, SourceKind
from quotetrack.sources.catalogue import Catalogue, fold, is_media_group

INTERVIEWS = frozenset(["interview", "remark", "comment", "conversation", "briefing", "column", "op-ed"])
DATELINE = re.compile(r"^[A-Z][\w .,'’/-]{1,60}\((?P<agency>[A-Z][\w .'’-]{1,40})\)\s*[-–—]", re.MULTILINE)
CARRIED = frozenset("carry post publish run release broadcast quote report air distribute".split())
PHRASE = frozenset(("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON"))
RELAYED = frozenset(["quote", "cite", "carry", "report", "publish", "broadcast"])


def channels_of(annotated: AnnotatedText, draft: Draft, resolver: Resolver) -> list[Voice]:
    """Channels that the sentence of the cue (or of the content, when there is no cue) states, outermost first."""
    anchor = head_of(annotated, draft.cue) if draft.cue else draft.content[-1].last
    found: list[Voice] = []
    for voice in (
        *_according_to(annotated, draft, resolver, anchor),
        *_relayed(annotated, draft, resolver, anchor),
        *_told(annotated, draft, resolver),
        *_placed(annotated, draft, resolver),
        *_by_its_words(annotated, draft, resolver),
    ):
        if found and _touch(found[-1], voice):
            found[-1] = voice  # "the sports newspaper Cancha": the parser takes both for subjects
        elif all(fold(voice.name) != fold(other.name) for other in found):
            found.append(voice)
    return found


def _touch(one: Voice, other: Voice) -> bool:
    return one.span is not None and other.span is not None and one.span.end + 1 == other.span.start


def wire_credit(text: str, author: str | None, outlet: str | None, catalogue: Catalogue) -> str | None:
    """The agency whose copy this is, by the byline ("By Ann Lee, Associated Press") or the dateline ("SEOUL (AP) —").

    None if there is none, or if the agency is the outlet itself.
    """
    parts = re.split(r"\s*(?:[,;|/]|\band\b|\bfor\b|\bBy\b)\s*", author or "", flags=re.IGNORECASE)
    dateline = DATELINE.search(text, 0, 1500)
    for name in (*parts, dateline["agency"] if dateline else ""):
        source = catalogue.find(name) if name else None
        if source and source.kind is SourceKind.NEWS_AGENCY:
            same = outlet is not None and catalogue.find(outlet) is source
            return None if same else source.name
    return None


def _is_media(voice: Voice) -> bool:
    return voice.source_class is SourceClass.MEDIA


def _phrase(resolver: Resolver, head: int) -> Voice | None:
    return resolver.resolve(*resolver.noun_phrase(head))


def _according_to(annotated: AnnotatedText, draft: Draft, resolver: Resolver, anchor: int) -> Iterator[Voice]:
    """ "They warned …, according to the presidential office": the office is the channel, unless it is the speaker."""
    tokens = annotated.tokens
    own = set(range(draft.cue.first, draft.cue.last + 1)) if draft.cue else set()
    own |= indices(draft.source)
    own |= set(range(draft.content[0].first, draft.content[-1].last + 1))  # in there it is for a part of the content
    sentences = [annotated.sentence_ranges[tokens[anchor].sentence]]
    if draft.relay is not None:
        sentences.append(annotated.sentence_ranges[tokens[draft.relay.first].sentence])
    for index in chain.from_iterable(sentences):
        if index in own or tokens[index].text.lower() != "according" or index + 2 >= len(tokens):
            continue
        if tokens[index + 1].text.lower() != "to":
            continue
        head = tokens[index].head
        if not index < head or tokens[head].sentence != tokens[index].sentence:
            head = index + 2
        if voice := _phrase(resolver, head):
            yield replace(voice, made_by="according_to")


def _relayed(annotated: AnnotatedText, draft: Draft, resolver: Resolver, anchor: int) -> Iterator[Voice]:
    """ "KCNA quoted him as saying", "he was quoted as saying by Interfax", "said, Yonhap reported"."""
    tokens, children = annotated.tokens, annotated.children
    named = indices(draft.source)
    clause = _clause(annotated, draft, anchor)
    verbs = [i for i in clause if tokens[i].lemma in RELAYED and tokens[i].upos == "VERB"]
    for verb in verbs:
        agents = [c for i in clause if i != verb for c in children[i] if tokens[c].deprel.startswith("obl")]
        for child in (c for c in (*children[verb], *agents) if not _is_date(annotated, c)):
            relation = tokens[child].deprel
            by = relation.startswith("obl") and any(tokens[c].text.lower() == "by" for c in children[child])
            if child in named or not (by or relation == "nsubj"):
                continue
            voice = _phrase(resolver, child)
            if voice and (_is_media(voice) or (tokens[verb].lemma in ("quote", "cite") and voice.name)):
                yield replace(voice, made_by="relayed")


def _is_date(annotated: AnnotatedText, index: int) -> bool:
    at = bisect_right(annotated.entities, index, key=lambda entity: entity.first) - 1
    return at >= 0 and annotated.entities[at].type == "DATE" and index <= annotated.entities[at].last


def _clause(annotated: AnnotatedText, draft: Draft, anchor: int) -> list[int]:
    """The cue and what governs it, outside the content."""
    inside = indices(draft.content)
    found = list(range(draft.cue.first, draft.cue.last + 1)) if draft.cue else []
    above = annotated.tokens[anchor].head
    if above >= 0 and above not in inside:
        found.append(above)
    return found


def _told(annotated: AnnotatedText, draft: Draft, resolver: Resolver) -> Iterator[Voice]:
    """ "told Russian media", "said in an interview with CNN"."""
    tokens, children = annotated.tokens, annotated.children
    if draft.cue is None:
        return
    cue = range(draft.cue.first, draft.cue.last + 1)
    for index in cue:
        for child in children[index]:
            relation = tokens[child].deprel
            hearer = tokens[index].lemma == "tell" and relation in ("obj", "iobj") and child > index
            speaks = relation.startswith("obl") and _case(annotated, child) in ("to", "with")
            if (hearer or speaks) and (voice := _phrase(resolver, child)) and _is_media(voice):
                yield replace(voice, made_by="told")
    inside = indices(draft.content)
    for noun in annotated.sentence_ranges[tokens[draft.cue.first].sentence]:
        if tokens[noun].lemma not in INTERVIEWS or noun in inside:
            continue
        for inner in children[noun]:
            if tokens[inner].deprel.startswith("nmod") and _case(annotated, inner) in ("with", "to", "on"):
                voice = _phrase(resolver, inner)
                if voice and (_is_media(voice) or is_media_group(voice.name)):
                    yield replace(voice, source_class=SourceClass.MEDIA, made_by="interview")


def _placed(annotated: AnnotatedText, draft: Draft, resolver: Resolver) -> Iterator[Voice]:
    """ "wrote on Telegram", "said on state television", "in a statement carried by KCNA"."""
    tokens, children = annotated.tokens, annotated.children
    if draft.cue is None:
        return
    for index in range(draft.cue.first, draft.cue.last + 1):
        for child in children[index]:
            if not tokens[child].deprel.startswith("obl"):
                continue
            if _case(annotated, child) in ("on", "via", "through", "over"):
                first, last = resolver.noun_phrase(child)
                places = [r for _, _, r in resolver.cast.between(first, last) if r.kind in MEDIA_KINDS]
                voice = _phrase(resolver, child)
                if places:
                    span = annotated.span(first, last)
                    yield Voice(places[0].name, SourceClass.MEDIA, span, "placed", places[0], False, first)
                elif voice and _is_media(voice):
                    yield replace(voice, made_by="placed")
            elif tokens[child].lemma in DOCUMENTS:
                yield from _carriers(annotated, child, resolver)
    on = next((i for i in range(draft.cue.first, draft.cue.last) if tokens[i].text.lower() == "on"), None)
    if on is not None and is_media_group(annotated.span(on, draft.cue.last).of(annotated.text)):
        voice = resolver.resolve(on + 1, draft.cue.last)  # whatever the parser made of "on another radio show"
        if voice:
            yield replace(voice, made_by="placed")


def _by_its_words(annotated: AnnotatedText, draft: Draft, resolver: Resolver) -> Iterator[Voice]:
    """ "told the station, Coast TV", "carried by Xinhua", "posted on YouTube", wherever the parse hangs them."""
    tokens = annotated.tokens
    if draft.cue is None:
        return
    inside = indices((*draft.content, *draft.source))
    sentence = annotated.sentence_ranges[tokens[draft.cue.first].sentence]
    for index in range(sentence.start, sentence.stop - 2):
        lemma, after = tokens[index].lemma, tokens[index + 1].text.lower()
        told = lemma == "tell" and draft.cue.first <= index <= draft.cue.last
        carried = lemma in CARRIED and after in ("by", "on") and tokens[index].upos in ("VERB", "ADJ")
        if index in inside or not (told or carried):
            continue
        first = index + 1 + carried
        if first in inside or not (voice := _media_at(annotated, first, sentence.stop, inside, resolver)):
            continue
        yield replace(voice, made_by="told" if told else "carried")


def _media_at(annotated: AnnotatedText, first: int, stop: int, inside: set[int], resolver: Resolver) -> Voice | None:
    """The outlet that the noun phrase from `first` on names or describes, by its words."""
    tokens, last = annotated.tokens, first - 1
    for index in range(first, min(stop, first + 9)):
        apposed = tokens[index].text == "," and index + 1 in resolver.cast.at
        if index in inside or not (apposed or tokens[index].upos in PHRASE or tokens[index].text in ("-", "'s", "’s")):
            break
        last = index
    if last < first:
        return None
    for start, end, referent in resolver.cast.between(first, last):
        if referent.kind in MEDIA_KINDS:
            return Voice(referent.name, SourceClass.MEDIA, annotated.span(start, end), "told", referent, False, start)
    return resolver.resolve(first, last) if is_media_group(annotated.span(first, last).of(annotated.text)) else None


def _carriers(annotated: AnnotatedText, noun: int, resolver: Resolver) -> Iterator[Voice]:
    """ "a statement carried by KCNA", "a post on Telegram"."""
    tokens, children = annotated.tokens, annotated.children
    for child in children[noun]:
        carried = tokens[child].deprel.startswith("acl") and tokens[child].lemma in (*RELAYED, "post", "release", "run")
        for inner in children[child] if carried else (child,):
            if _case(annotated, inner) not in ("by", "on", "to", "via"):
                continue
            voice = _phrase(resolver, inner)
            if voice and _is_media(voice):
                yield replace(voice, made_by="carried")


def _case(annotated: AnnotatedText, index: int) -> str:
    for child in annotated.children[index]:
        if annotated.tokens[child].deprel == "case":
            return annotated.tokens[child].text.lower()
    return ""
