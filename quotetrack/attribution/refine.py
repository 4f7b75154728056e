"""From the spans the tagger drew to those an editor would draw, by what the parse shows.

The tagger learnt from one corpus, whose annotators also marked attitudes and gave a cue whatever words led to
its content. Each step here takes drafts and gives drafts; what a step cannot decide it leaves as it was.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from quotetrack.attribution.assemble import Draft
from quotetrack.attribution.marks import Quotation, touched
from quotetrack.attribution.parse import edges, token_at, verb_of, without_stops
from quotetrack.attribution.relink import (
    apart,
    continue_quotes,
    join_broken,
    lost_marks,
    quoted_as,
    said_before_according,
    take_quoted,
)
from quotetrack.attribution.words import COMMUNICATING, QUESTION_WORDS, REFUSALS, SAYING, SPEECH_NOUNS
from quotetrack.domain import AnnotatedText, Span, SpanRole, Step, TaggedSpan

Redrawing = Callable[[AnnotatedText, Draft, Sequence[Quotation]], None]
DOUBTFUL = 0.45
"""Below this confidence a cue needs a word for speech or thought in it."""
DASHES = frozenset("- – — --".split())
TELLING = frozenset(
    "comment say discuss answer elaborate name identify specify disclose confirm speculate explain".split()
)
GLOSS = re.compile(
    r",\s+(?:in (?:an?|what) [\w ]{0,40}?\b(?:reference|allusion|nod|swipe|jab|dig|response) (?:to|at)"
    r"|referring to|alluding to|an? (?:apparent )?(?:reference|allusion) to)\b"
    r"|(?<!\s)\s+in what [\w.' ’-]{1,40}? (?:described as|called|termed|labell?ed)\b"
)
"""Where the reporter begins to speak of what was said; and what somebody calls it, which is a content of its own."""
ADDRESSED = frozenset("accuse tell warn ask urge remind inform assure blame charge promise".split())
"""Verbs whose object is whom it is said to or about, not what."""


class Relinking(Protocol):
    """A step that gives drafts for drafts."""

    def __call__(self, annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]: ...


def refined(annotated: AnnotatedText, drafts: Sequence[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    """The drafts with better drawn spans, those of doubt dropped, and one for each thing that was said.

    `quoted` are the text's quotations.
    """
    kept = list(drafts)
    for rule, relink in RELINKING.items():
        kept = _noting(annotated, rule, kept, partial(relink, annotated, quoted=quoted))
    for rule, redraw in REDRAWING.items():
        kept = _noting(annotated, rule, kept, partial(_redraw_each, annotated, redraw, quoted))
    kept = [draft for draft in kept if draft.content]
    return [part for draft in kept for part in _each_clause(annotated, draft)]


def _redraw_each(
    annotated: AnnotatedText, redraw: Redrawing, quoted: Sequence[Quotation], drafts: list[Draft]
) -> list[Draft]:
    for draft in drafts:
        redraw(annotated, draft, quoted)
    return drafts


def _noting(
    annotated: AnnotatedText, rule: str, drafts: list[Draft], change: Callable[[list[Draft]], list[Draft]]
) -> list[Draft]:
    """Apply a change, and note in the drafts that it changed what they were before."""
    before = {id(d): (list(d.content), d.cue, list(d.source)) for d in drafts}
    after = change(drafts)
    for draft in after:
        content, cue, source = before.get(id(draft), ([], None, []))
        for part, was, now in (
            (SpanRole.CONTENT, content, draft.content),
            (SpanRole.CUE, [cue] if cue else [], [draft.cue] if draft.cue else []),
            (SpanRole.SOURCE, source, draft.source),
        ):
            if was != now:
                spans = tuple(sorted({annotated.span(span.first, span.last) for span in was}))
                draft.steps.append(Step(part.value, rule, spans))
    return after


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
    return any(text in '“”"«»' for text in inside)


def _give_back_object(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
    """ "{promised quick help for} <the port>": what the verb governs is content, but for whom one addresses."""
    if draft.cue is None or (verb := verb_of(annotated, draft.cue)) is None or verb == draft.cue.last:
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


def _said_before(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
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
    opening = range(sentence.start, min(sentence.start + 12, sentence.stop))
    dash = next((i for i in opening if annotated.tokens[i].text in DASHES), -1)
    shouted = dash > 0 and annotated.tokens[sentence.start].text.isupper()
    return dash + 1 if shouted else sentence.start


def _refused(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
    """ "{declined} <to comment on the figures>": the content is what it keeps back; without that there is none."""
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


def _give_back_phrase(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
    """ "{say in spite of} <having lost>": a phrase before what is said belongs to it, not to the verb."""
    if draft.cue is None or (verb := verb_of(annotated, draft.cue)) is None:
        return
    tokens, content = annotated.tokens, draft.content[0]
    tail = range(verb + 1, draft.cue.last + 1)
    governs = content.first <= tokens[draft.cue.last].head <= content.last
    if len(tail) > 2 and governs and tokens[tail[0]].upos == "ADP" and content.first == draft.cue.last + 1:
        draft.content[0] = replace(content, first=tail[0])
        draft.cue = replace(draft.cue, last=verb)


def _after_its_adjunct(annotated: AnnotatedText, draft: Draft, joined: Sequence[int]) -> None:
    """ "said <once they find one>, they must …": what comes first is no clause yet, and the rest was said as well.

    But not beyond the first of `joined`, where the cues begin that an "and" precedes.
    """
    tokens, content = annotated.tokens, draft.content[-1]
    if draft.cue is None or content.first < draft.cue.last or verb_of(annotated, draft.cue) is None:
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
    at = bisect_left(joined, rest.start)
    last = min([sentence.stop - 1, *(cue - 2 for cue in joined[at : at + 1] if cue in rest)])
    last = without_stops(annotated, first, last)
    draft.content[-1] = replace(content, last=max(content.last, last))


def _after_adjuncts(annotated: AnnotatedText, drafts: list[Draft], quoted: Sequence[Quotation]) -> list[Draft]:
    joined = sorted(d.cue.first for d in drafts if d.cue and annotated.tokens[d.cue.first - 1].upos == "CCONJ")
    for draft in drafts:
        _after_its_adjunct(annotated, draft, joined)
    return drafts


def _without_gloss(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
    """ "…, in an apparent reference to the war": the reporter's words about the content are no part of it."""
    for number, piece in enumerate(draft.content):
        span = annotated.span(piece.first, piece.last)
        for gloss in GLOSS.finditer(annotated.text, span.start, span.end):
            if touched(Span(gloss.start(), gloss.start() + 1), quoted):
                continue
            last = token_at(annotated, gloss.start())
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
        if any(tokens[i].text == "," for i in tail) or touched(annotated.span(index, piece.last), quoted):
            return
        draft.content[-1] = replace(piece, last=index - 2)
        return


def _without_accused(annotated: AnnotatedText, draft: Draft, quoted: Sequence[Quotation]) -> None:
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
            last = index - 2 - (tokens[index - 2].text == ",")  # before the "and", and the comma before that
            steps = [*draft.steps, Step("content", "each_clause", (annotated.span(content.first, content.last),))]
            one = replace(draft, content=[replace(content, last=last)], steps=steps)
            rest = TaggedSpan(SpanRole.CONTENT, index + 1, content.last, content.confidence)
            other = replace(draft, content=[rest], steps=list(steps))
            return [one, *_each_clause(annotated, other)]
    return [draft]


RELINKING: dict[str, Relinking] = {
    "quoted_as": quoted_as,
    "quoted_person": take_quoted,
    "said_before_according": said_before_according,
    "only_speech": lambda annotated, drafts, quoted: [d for d in drafts if _is_speech(annotated, d)],
    "quote_goes_on": continue_quotes,
    "quote_alone": apart,
    "broken_phrase": join_broken,
    "lost_marks": lost_marks,
    "phrase_returned": lambda annotated, drafts, quoted: _redraw_each(annotated, _give_back_phrase, quoted, drafts),
    "rest_of_sentence": _after_adjuncts,
}
"""What gives drafts for drafts, by the rule's name, in this order."""
REDRAWING: dict[str, Redrawing] = {
    "said_before": _said_before,
    "object_returned": _give_back_object,
    "without_accused": _without_accused,
    "without_gloss": _without_gloss,
    "without_relative": _without_relative,
    "refused": _refused,  # the last: it may leave nothing
}
"""What redraws the spans of one draft, by the rule's name, in this order."""
