"""Steps that link anew what the linker linked amiss: who is quoted, which quote goes on, which stands alone."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from quotetrack.attribution.assemble import Draft, choose
from quotetrack.attribution.kinds import DIRECT_SHARE, speaks_in_person
from quotetrack.attribution.marks import Quotation, share_quoted, touched
from quotetrack.attribution.parse import indices, token_at, verb_of, without_stops
from quotetrack.attribution.weights import SOURCE_WEIGHTS
from quotetrack.attribution.words import SAYING
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

SAYING_AS = frozenset(["saying", "telling", "writing", "putting"])
RELAY_TOKENS = 200
"""How far an "according to" may trail after the words it passes on."""
QUOTED_NAME = 12
"""How many tokens after "quoted" the "as saying" may stand."""


def quoted_as(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """ "{quoted} <Ann Lee> {as saying} <…>" in two drafts: she is the source of one."""
    tokens = annotated.tokens
    ending: defaultdict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        ending[draft.content[-1].last].append(draft)
    gone: set[int] = set()
    for saying in drafts:
        if saying.cue is None or tokens[saying.cue.first].text.lower() != "as":
            continue
        for quoting in ending[saying.cue.first - 1]:
            name = quoting.content[-1]
            if quoting.cue is None or quoting is saying or id(quoting) in gone:
                continue
            if any(tokens[i].lemma in ("quote", "cite") for i in range(quoting.cue.first, quoting.cue.last + 1)):
                saying.source = [replace(name, role=SpanRole.SOURCE)]
                saying.cue, saying.relay = quoting.cue, saying.cue
                gone.add(id(quoting))
                break
    return [draft for draft in drafts if id(draft) not in gone]


def take_quoted(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """Who is quoted is the source, not who quotes."""
    for draft in drafts:
        _take_quoted(annotated, draft)
    return drafts


def _take_quoted(annotated: AnnotatedText, draft: Draft) -> None:
    """ "“…,” Yonhap {quoted} the official {as saying}": the official is the source, whatever was tagged as it."""
    if draft.cue is None:
        return
    tokens = annotated.tokens
    content = indices(draft.content)
    for verb in range(draft.cue.first, draft.cue.last + 1):
        if tokens[verb].lemma not in ("quote", "cite") or tokens[verb - 1].lemma == "be":
            continue
        for index in range(verb + 1, min(verb + QUOTED_NAME, len(tokens) - 1)):
            if index in content:
                return
            if tokens[index].text.lower() == "as" and tokens[index + 1].text.lower() in SAYING_AS:
                if index > verb + 1:
                    draft.source = [TaggedSpan(SpanRole.SOURCE, verb + 1, index - 1, draft.cue.confidence)]
                return


def said_before_according(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """Who "said, according to" another is the source; the other passes it on."""
    cues = [span for span in annotated.tagged if span.role is SpanRole.CUE]
    sources = [span for span in annotated.tagged if span.role is SpanRole.SOURCE]
    used = Counter(draft.cue for draft in drafts)
    for draft in drafts:
        before = draft.cue
        _said_before_according(annotated, draft, cues, sources, used)
        used.subtract([before])
        used.update([draft.cue])
    return drafts


def _said_before_according(
    annotated: AnnotatedText,
    draft: Draft,
    cues: Sequence[TaggedSpan],
    sources: Sequence[TaggedSpan],
    used: Counter[TaggedSpan | None],
) -> None:
    """ "“…,” the captain {said}, {according to} the agency": he said it, and the agency passes it on."""
    tokens = annotated.tokens
    if draft.cue is None or tokens[draft.cue.first].text.lower() != "according":
        return
    at = bisect_left(cues, draft.cue.first, key=lambda cue: cue.first)
    for cue in cues[max(0, at - 2) : at]:
        near = 0 < draft.cue.first - cue.last <= 2 and tokens[cue.last].lemma in SAYING
        if used[cue] or not near:
            continue
        chosen, _ = choose(annotated, cue, sources, SOURCE_WEIGHTS)
        if chosen is not None and not (draft.source and sources[chosen] in draft.source):
            draft.cue, draft.source = cue, [sources[chosen]]


def continue_quotes(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """A paragraph that opens with a mark goes on with the quote that the one before it left open."""
    tokens = annotated.tokens
    holder = {i: draft for draft in drafts for span in draft.content for i in range(span.first, span.last + 1)}
    for before, after in pairwise(quoted):
        gap = annotated.text[before.span.end : after.span.start]
        if before.closed or gap.strip() or "\n" not in gap:
            continue
        last, first = token_at(annotated, before.span.end - 1), token_at(annotated, after.span.start)
        one, other = holder.get(last), holder.get(first)
        if one is None or other is None or one is other or tokens[first].paragraph - tokens[last].paragraph > 1:
            continue
        for piece in [p for p in other.content if p.first <= first <= p.last]:
            other.content.remove(piece)
            one.content.append(piece)
            holder |= dict.fromkeys(range(piece.first, piece.last + 1), one)
    return [draft for draft in drafts if draft.content]


def apart(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """Whole quotes that stand alone made drafts of their own."""
    return [part for draft in drafts for part in _apart(annotated, draft, quoted)]


def _apart(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> list[Draft]:
    """ "He said A. “B.”": a whole quote after the sentence of the cue is a thing said of its own, by the same voice.

    Only “A,” he said. “B.” in one paragraph is one quote in two pieces.
    """
    tokens = annotated.tokens
    opening, *others = sorted(draft.content, key=lambda span: span.first)
    found, draft.content = [draft], [opening]
    direct = _in_marks(annotated, opening, quoted)
    for piece in others:
        above = found[-1].content[-1]
        later = draft.cue is not None and tokens[piece.first].sentence > tokens[draft.cue.first].sentence
        resumed = direct and tokens[piece.first].paragraph == tokens[opening.first].paragraph
        reopened = any(not q.closed for q in touched(annotated.span(above.first, above.last), quoted))
        alone = later and not resumed and not reopened and _in_marks(annotated, piece, quoted)
        if alone and draft.cue is not None and piece.first > draft.cue.last:
            found.append(Draft([piece], link_confidence=draft.link_confidence, continues=draft))
        else:
            found[-1].content.append(piece)
    return found


def _in_marks(annotated: AnnotatedText, span: TaggedSpan, quoted: Sequence[Quotation]) -> bool:
    return share_quoted((annotated.span(span.first, span.last),), tuple(quoted), annotated.text) >= DIRECT_SHARE


def join_broken(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """ "{promised} <quick> and {free help for} <her>": a verbless cue that hangs on another's verb is none."""
    tokens = annotated.tokens
    with_cue = {draft.cue.first: draft for draft in drafts if draft.cue}
    gone: set[int] = set()
    for draft in drafts:
        verb = verb_of(annotated, draft.cue) if draft.cue else None
        content = draft.content[-1]
        if draft.cue is None or verb is None or id(draft) in gone or content.first <= draft.cue.last:
            continue
        for other in (with_cue.get(content.last + step) for step in (1, 2, 3)):
            if other is None or other is draft or other.cue is None or id(other) in gone:
                continue
            inside = range(other.cue.first, other.cue.last + 1)
            if any(tokens[i].upos in ("VERB", "AUX", "PUNCT") for i in inside):
                continue
            if any(tokens[i].head == verb and tokens[i].deprel == "obj" for i in inside):
                draft.content[-1] = replace(content, last=other.content[-1].last)
                gone.add(id(other))
                break
    return [draft for draft in drafts if id(draft) not in gone]


def lost_marks(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """ "She said we are late. The road was closed, according to state radio": all of it hers, through the radio.

    Words in the first person whose marks were lost go on, within their paragraph, to the "according to" at its end.
    """
    tokens = annotated.tokens
    by_cue = sorted((draft for draft in drafts if draft.cue), key=_cue_at)
    gone: set[int] = set()
    for draft in drafts:
        content = draft.content[-1]
        if id(draft) in gone or not speaks_in_person(annotated, draft):
            continue
        here = annotated.sentence_ranges[tokens[content.last].sentence]
        relay = _according_after(annotated, content.last + 1, tokens[content.last].paragraph)
        if relay is None or content.last + 3 < here.stop or touched(annotated.span(content.first, relay), quoted):
            continue
        first = bisect_left(by_cue, content.first, key=_cue_at)
        inside = by_cue[first : bisect_right(by_cue, relay + 1, key=_cue_at)]
        if any(_cue_at(other) < relay for other in inside):
            continue  # somebody else speaks between
        draft.content[-1] = replace(content, last=without_stops(annotated, content.first, relay - 1))
        draft.relay = TaggedSpan(SpanRole.CUE, relay, relay + 1, content.confidence)
        gone |= {id(other) for other in inside}
    return [draft for draft in drafts if id(draft) not in gone]


def _cue_at(draft: Draft) -> int:
    return draft.cue.first if draft.cue else -1


def _according_after(annotated: AnnotatedText, start: int, paragraph: int) -> int | None:
    """The "according" of a trailing "according to", with a comma before it, from `start` to the paragraph's end."""
    tokens = annotated.tokens
    for index in range(start, min(start + RELAY_TOKENS, len(tokens) - 1)):
        if tokens[index].paragraph != paragraph:
            return None
        if tokens[index].text.lower() == "according" and tokens[index - 1].text == ",":
            return index
    return None
