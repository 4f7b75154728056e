"""From the spans the tagger drew to those an editor would draw, by what the parse shows.

The tagger learnt from one corpus, whose annotators also marked attitudes and gave a cue whatever words led to
its content. Each step here takes drafts and gives drafts; what a step cannot decide it leaves as it was.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from quotetrack.attribution.assemble import Draft, choose
from quotetrack.attribution.kinds import DIRECT_SHARE
from quotetrack.attribution.marks import Quotation, share_quoted
from quotetrack.attribution.parse import edges, without_stops
from quotetrack.attribution.weights import SOURCE_WEIGHTS
from quotetrack.attribution.words import COMMUNICATING, QUESTION_WORDS, REFUSALS, SAYING, SPEECH_ACTS, SPEECH_NOUNS
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

DOUBTFUL = 0.8
"""Below this confidence a cue needs a word for speech or thought in it."""
DASHES = frozenset("- – — --".split())
TELLING = frozenset("comment say discuss answer elaborate name identify specify disclose confirm speculate explain".split())
QUOTED_NAME = 12
"""How many tokens after "quoted" the "as saying" may stand."""
GLOSS = re.compile(
    r",\s+(?:in (?:an?|what) [\w ]{0,40}?\b(?:reference|allusion|nod|swipe|jab|dig|response) (?:to|at)"
    r"|referring to|alluding to|an? (?:apparent )?(?:reference|allusion) to)\b"
    r"|\s+in what [\w.' ’-]{1,40}? (?:described as|called|termed|labell?ed)\b"
)
"""Where the reporter begins to speak of what was said; and what somebody calls it, which is a content of its own."""
ADDRESSED = frozenset("accuse tell warn ask urge remind inform assure blame charge promise".split())
"""Verbs whose object is whom it is said to or about, not what."""


def refined(annotated: AnnotatedText, drafts: Sequence[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """The drafts with better drawn spans, those of doubt dropped, and one for each thing that was said.

    `quoted` are the text's quotations.
    """
    drafts = _quoted_as(annotated, drafts)
    for draft in drafts:
        _take_quoted(annotated, draft)
        _said_before_according(annotated, draft, drafts)
    kept = [draft for draft in drafts if _is_speech(annotated, draft)]
    _continue_quotes(annotated, kept, quoted)
    kept = [part for draft in kept if draft.content for part in _apart(annotated, draft, quoted)]
    _join_broken(annotated, kept)
    for draft in kept:
        _said_before(annotated, draft)
        _refused(annotated, draft)
    kept = [draft for draft in kept if draft.content]
    for draft in kept:
        _give_back_phrase(annotated, draft)
        _give_back_object(annotated, draft)
        _after_its_adjunct(annotated, draft, kept)
        _without_accused(annotated, draft)
        _without_gloss(annotated, draft, quoted)
        _without_relative(annotated, draft, quoted)
    return [part for draft in kept for part in _each_clause(annotated, draft)]


def _quoted_as(annotated: AnnotatedText, drafts: Sequence[Draft]) -> list[Draft]:
    """ "{quoted} <Ann Lee> {as saying} <…>" in two drafts: she is the source of one."""
    tokens, found = annotated.tokens, list(drafts)
    for saying in drafts:
        if saying.cue is None or tokens[saying.cue.first].text.lower() != "as":
            continue
        for quoting in found:
            name = quoting.content[-1]
            if quoting.cue is None or quoting is saying or name.last != saying.cue.first - 1:
                continue
            if any(tokens[i].lemma in ("quote", "cite") for i in range(quoting.cue.first, quoting.cue.last + 1)):
                saying.source = [replace(name, role=SpanRole.SOURCE)]
                saying.cue = replace(saying.cue, first=quoting.cue.first)
                found.remove(quoting)
                break
    return found


def _take_quoted(annotated: AnnotatedText, draft: Draft) -> None:
    """ "“…,” Yonhap {quoted} the official {as saying}": the official is the source, whatever was tagged as it."""
    if draft.cue is None:
        return
    tokens = annotated.tokens
    content = {i for span in draft.content for i in range(span.first, span.last + 1)}
    for verb in range(draft.cue.first, draft.cue.last + 1):
        if tokens[verb].lemma not in ("quote", "cite") or tokens[verb - 1].lemma == "be":
            continue
        for index in range(verb + 1, min(verb + QUOTED_NAME, len(tokens) - 1)):
            if index in content:
                return
            if tokens[index].text.lower() == "as" and tokens[index + 1].text.lower() in ("saying", "telling", "putting"):
                if index > verb + 1:
                    draft.source = [TaggedSpan(SpanRole.SOURCE, verb + 1, index - 1, draft.cue.confidence)]
                return


def _said_before_according(annotated: AnnotatedText, draft: Draft, drafts: Sequence[Draft]) -> None:
    """ "“…,” the captain {said}, {according to} the agency": he said it, and the agency passes it on."""
    tokens = annotated.tokens
    if draft.cue is None or tokens[draft.cue.first].text.lower() != "according":
        return
    used = [other.cue for other in drafts]
    for cue in annotated.tagged:
        near = 0 < draft.cue.first - cue.last <= 2 and tokens[cue.last].lemma in SAYING
        if cue.role is not SpanRole.CUE or cue in used or not near:
            continue
        sources = [span for span in annotated.tagged if span.role is SpanRole.SOURCE]
        chosen, _ = choose(annotated, cue, sources, SOURCE_WEIGHTS)
        if chosen is not None and not (draft.source and sources[chosen] in draft.source):
            draft.cue, draft.source = cue, [sources[chosen]]


def _continue_quotes(annotated: AnnotatedText, drafts: Sequence[Draft], quoted: Sequence[Quotation]) -> None:
    """A paragraph that opens with a mark goes on with the quote that the one before it left open."""
    tokens = annotated.tokens
    holder = {i: draft for draft in drafts for span in draft.content for i in range(span.first, span.last + 1)}
    for before, after in pairwise(quoted):
        gap = annotated.text[before.span.end : after.span.start]
        if before.closed or gap.strip() or "\n" not in gap:
            continue
        last, first = _token_at(annotated, before.span.end - 1), _token_at(annotated, after.span.start)
        one, other = holder.get(last), holder.get(first)
        if one is None or other is None or one is other or tokens[first].paragraph - tokens[last].paragraph > 1:
            continue
        for piece in [p for p in other.content if p.first <= first <= p.last]:
            other.content.remove(piece)
            one.content.append(piece)
            holder |= dict.fromkeys(range(piece.first, piece.last + 1), one)


def _token_at(annotated: AnnotatedText, offset: int) -> int:
    """The last token that starts at `offset` or before it."""
    return bisect_right(annotated.tokens, offset, key=lambda token: token.start) - 1


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
        reopened = any(not q.closed and q.span.overlaps(annotated.span(above.first, above.last)) for q in quoted)
        if later and not resumed and not reopened and piece.first > draft.cue.last and _in_marks(annotated, piece, quoted):
            found.append(Draft([piece], link_confidence=draft.link_confidence, continues=draft))
        else:
            found[-1].content.append(piece)
    return found


def _in_marks(annotated: AnnotatedText, span: TaggedSpan, quoted: Sequence[Quotation]) -> bool:
    return share_quoted((annotated.span(span.first, span.last),), tuple(quoted), annotated.text) >= DIRECT_SHARE


def _is_speech(annotated: AnnotatedText, draft: Draft) -> bool:
    """Whether a draft's cue speaks of speech or thought, or the tagger is sure of it, or marks stand around it."""
    if draft.cue is None:
        return True
    if any(annotated.tokens[i].text.lower() == "likely" for i in range(draft.cue.first, draft.cue.last)):
        return False  # "are likely to have discussed": the reporter's own guess
    confidence = min(span.confidence for span in (draft.cue, *draft.content, *draft.source))
    if confidence >= DOUBTFUL:
        return True
    cue = annotated.tokens[draft.cue.first : draft.cue.last + 1]
    if any(token.lemma.lower() in COMMUNICATING | SPEECH_NOUNS or token.upos == "PUNCT" for token in cue):
        return True
    if not any(token.upos == "VERB" for token in cue):
        return True
    inside = (annotated.tokens[i].text for span in draft.content for i in range(span.first, span.last + 1))
    return any(text in "“”\"«»" for text in inside)


def _verb(annotated: AnnotatedText, cue: TaggedSpan) -> int | None:
    """The last verb of speech in a cue."""
    verbs = (
        i for i in range(cue.last, cue.first - 1, -1)
        if annotated.tokens[i].lemma in SPEECH_ACTS and annotated.tokens[i].upos == "VERB"
    )  # fmt: skip
    return next(verbs, None)


def _give_back_object(annotated: AnnotatedText, draft: Draft) -> None:
    """ "{vowed full support for} <Putin>": what the verb governs is content, as far as it is not whom one addresses."""
    if draft.cue is None or (verb := _verb(annotated, draft.cue)) is None or verb == draft.cue.last:
        return
    tokens, content = annotated.tokens, draft.content[0]
    if tokens[verb].lemma in ADDRESSED or content.first <= draft.cue.last:
        return
    governed = [c for c in annotated.children[verb] if verb < c <= draft.cue.last and tokens[c].deprel == "obj"]
    if not governed or tokens[governed[0]].lemma in SPEECH_NOUNS:
        return
    first = edges(annotated, governed[0])[0]
    if first > verb and content.first - draft.cue.last <= 2:
        draft.content[0] = replace(content, first=first)
        draft.cue = replace(draft.cue, last=first - 1)


def _said_before(annotated: AnnotatedText, draft: Draft) -> None:
    """ "The rocket blew up, the army {said}, <rejecting the claim>": what stands before is what was said."""
    tokens = annotated.tokens
    if draft.cue is None or not draft.source or tokens[draft.cue.last].lemma not in SAYING:
        return
    first, cue, source = draft.content[0].first, draft.cue, draft.source[0]
    follows = cue.last < first <= cue.last + 2 and source.last < cue.first
    gerund = follows and tokens[first].text.lower().endswith("ing") and tokens[first].upos == "VERB"
    sentence = annotated.sentence_ranges[tokens[cue.first].sentence]
    if not gerund or tokens[first - 1].text != "," or source.first - 1 <= sentence.start:
        return
    start, end = _after_dateline(annotated, sentence), source.first - 1
    finite = any(tokens[i].deprel.startswith("nsubj") for i in range(start, end))
    if tokens[end].text == "," and finite and not any(i in annotated.role_at for i in range(start, end)):
        draft.content = [TaggedSpan(SpanRole.CONTENT, start, end - 1, draft.content[0].confidence)]


def _after_dateline(annotated: AnnotatedText, sentence: range) -> int:
    """Where a sentence begins to speak, past "SEOUL (Yonhap) —"."""
    dashes = (i for i in range(sentence.start, min(sentence.start + 12, sentence.stop)) if annotated.tokens[i].text in DASHES)
    dash = next(dashes, -1)
    shouted = dash > 0 and annotated.tokens[sentence.start].text.isupper()
    return dash + 1 if shouted else sentence.start


def _refused(annotated: AnnotatedText, draft: Draft) -> None:
    """ "{declined} <to comment on the figures>": the refusal reaches to what it keeps back; without that, nothing is."""
    tokens = annotated.tokens
    if draft.cue is None or tokens[draft.cue.last].lemma not in REFUSALS:
        return
    content, after = draft.content[0], draft.cue.last + 1
    if content.first != after or tokens[after].text.lower() != "to" or after + 1 > content.last:
        return
    if tokens[after + 1].lemma not in TELLING:
        return
    first = after + 2
    while first <= content.last and tokens[first].upos in ("ADP", "ADV") and tokens[first].lemma not in QUESTION_WORDS:
        first += 1
    if first > content.last:
        draft.content = draft.content[1:]
        return
    draft.cue = replace(draft.cue, last=first - 1)
    draft.content[0] = replace(content, first=first)


def _join_broken(annotated: AnnotatedText, drafts: list[Draft]) -> None:
    """ "{vowed} <full> and {unconditional support for} <her>": a cue without a verb that hangs on another's verb is none."""
    tokens = annotated.tokens
    for draft in drafts:
        verb = _verb(annotated, draft.cue) if draft.cue else None
        for other in [d for d in drafts if d is not draft and d.cue] if verb is not None else ():
            assert other.cue is not None
            near = 0 < other.cue.first - draft.content[-1].last <= 3 and draft.content[-1].first > draft.cue.last
            inside = range(other.cue.first, other.cue.last + 1)
            if not near or any(tokens[i].upos in ("VERB", "AUX", "PUNCT") for i in inside):
                continue
            if any(tokens[i].head == verb and tokens[i].deprel == "obj" for i in inside):
                draft.content[-1] = replace(draft.content[-1], last=other.content[-1].last)
                drafts.remove(other)
                break


def _give_back_phrase(annotated: AnnotatedText, draft: Draft) -> None:
    """ "{say in return for} <helping them>": a phrase before what is said belongs to it, not to the verb."""
    if draft.cue is None or (verb := _verb(annotated, draft.cue)) is None:
        return
    tokens, content = annotated.tokens, draft.content[0]
    tail = range(verb + 1, draft.cue.last + 1)
    governs = content.first <= tokens[draft.cue.last].head <= content.last
    if len(tail) > 2 and governs and tokens[tail[0]].upos == "ADP" and content.first == draft.cue.last + 1:
        draft.content[0] = replace(content, first=tail[0])
        draft.cue = replace(draft.cue, last=verb)


def _after_its_adjunct(annotated: AnnotatedText, draft: Draft, drafts: Sequence[Draft]) -> None:
    """ "said <once they find one>, they must …": what comes first is no clause yet, and the rest was said as well."""
    tokens, content = annotated.tokens, draft.content[-1]
    if draft.cue is None or content.first < draft.cue.last or _verb(annotated, draft.cue) is None:
        return
    first = content.first + (tokens[content.first].text.lower() == "that")
    opens = tokens[first].upos in ("SCONJ", "ADP") and tokens[first].text.lower() not in ("that", "to", "of", "for")
    sentence = annotated.sentence_ranges[tokens[first].sentence]
    if not opens or content.last + 3 >= sentence.stop or tokens[content.last + 1].text != ",":
        return
    if any(tokens[i].deprel in ("ccomp", "root") for i in range(first, content.last + 1)):
        return
    rest = range(content.last + 2, sentence.stop)
    if not any(tokens[i].deprel.startswith("nsubj") and tokens[i].head in rest for i in rest[:6]):
        return
    limits = [
        other.cue.first - 1
        for other in drafts
        if other.cue and other.cue.first in rest and tokens[other.cue.first - 1].upos == "CCONJ"
    ]
    last = without_stops(annotated, first, min([sentence.stop - 1, *(limit - 1 for limit in limits)]))
    draft.content[-1] = replace(content, last=max(content.last, last))


def _without_gloss(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
    """ "…, in an apparent reference to the war": the reporter's words about the content are no part of it."""
    for number, piece in enumerate(draft.content):
        span = annotated.span(piece.first, piece.last)
        for gloss in GLOSS.finditer(annotated.text, span.start, span.end):
            if any(q.span.start <= gloss.start() < q.span.end for q in quoted):
                continue
            last = _token_at(annotated, gloss.start())
            last -= annotated.tokens[last].start >= gloss.start()
            if last > piece.first:
                draft.content[number] = replace(piece, last=without_stops(annotated, piece.first, last))
            break


def _without_relative(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
    """ "…, which have long been allies": what a comma sets off at the end is the reporter's background as a rule."""
    tokens, piece = annotated.tokens, draft.content[-1]
    sentence = annotated.sentence_ranges[tokens[piece.last].sentence]
    if draft.cue is None or piece.first < draft.cue.first or piece.last + 2 < sentence.stop:
        return
    for index in range(piece.last - 2, max(piece.first + 3, sentence.start), -1):
        if tokens[index].text.lower() not in ("which", "who") or tokens[index - 1].text != ",":
            continue
        tail = range(index, piece.last + 1)
        if any(tokens[i].text == "," for i in tail) or any(
            q.span.overlaps(annotated.span(index, piece.last)) for q in quoted
        ):
            return
        draft.content[-1] = replace(piece, last=index - 2)
        return


def _without_accused(annotated: AnnotatedText, draft: Draft) -> None:
    """ "accused <the rebels of shelling the port>": the content is of what, not whom."""
    tokens, content = annotated.tokens, draft.content[0]
    if draft.cue is None or tokens[draft.cue.last].lemma != "accuse":
        return
    of = [i for i in range(content.first + 1, content.last) if tokens[i].text.lower() == "of" and tokens[i].head > i]
    deed = [i for i in of if tokens[tokens[i].head].upos in ("VERB", "AUX")]
    against = [i for i in of if draft.cue.first <= tokens[tokens[i].head].head <= draft.cue.last]
    for index in (*deed, *against, *of[-1:]):
        draft.content[0] = replace(content, first=index + 1)
        return


def _each_clause(annotated: AnnotatedText, draft: Draft) -> list[Draft]:
    """ "said <that A and that B>": two things were said, by one source with one cue."""
    if draft.cue is None or len(draft.content) > 1:
        return [draft]
    tokens, content = annotated.tokens, draft.content[0]
    if content.first < draft.cue.first:
        return [draft]
    for index in range(content.first + 2, content.last - 1):
        if tokens[index].text.lower() != "that" or tokens[index].deprel != "mark":
            continue
        clause = tokens[index].head
        joined = clause > index and any(tokens[c].deprel.startswith("nsubj") for c in annotated.children[clause])
        if tokens[index - 1].text.lower() in ("and", "but") and joined:
            last = index - 2 if tokens[index - 2].text == "," else index - 1
            last -= tokens[last].upos == "CCONJ"
            one = replace(draft, content=[replace(content, last=last)])
            other = replace(draft, content=[TaggedSpan(SpanRole.CONTENT, index + 1, content.last, content.confidence)])
            return [one, *_each_clause(annotated, other)]
    return [draft]
