"""Attributions inside another's content, which the tagger's flat labels cannot express.

"The White House said the advisers noted that …": within the content of the first, the parse shows a verb of
speech with a subject and a complement of its own.
"""

from collections.abc import Iterator, Sequence

from quotetrack.attribution.assemble import Draft, choose
from quotetrack.attribution.speakers import Resolver
from quotetrack.attribution.weights import SOURCE_WEIGHTS
from quotetrack.attribution.words import (
    AGENCY_NOUNS,
    DOCUMENTS,
    INSTITUTION_NOUNS,
    OUTLET_NOUNS,
    PEOPLE,
    QUESTION_WORDS,
    ROLES,
    SAYING,
    SPEAKING,
    SPEECH_ACTS,
)
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

COMPLEMENTS = frozenset({"ccomp", "xcomp", "obj", "parataxis"})
RULE_CONFIDENCE = 0.5
OPENING = frozenset({"“", "«", "„", "``"})
CLOSING = frozenset({"”", "»", "''"})
VOICES = ROLES | PEOPLE | AGENCY_NOUNS | OUTLET_NOUNS | INSTITUTION_NOUNS | DOCUMENTS


def trailing_clauses(annotated: AnnotatedText, drafts: Sequence[Draft], resolver: Resolver) -> Iterator[Draft]:
    """ "He invited them to stay, it said.": a clause of speech whose own sentence is not taken for its content.

    The whole sentence before it is the content, and what was tagged in there is nested in it.
    """
    tokens = annotated.tokens
    served = {
        i
        for draft in drafts
        if draft.cue and any(_reaches_into(annotated, content, draft.cue) for content in draft.content)
        for span in (draft.cue, *draft.source)
        for i in range(span.first, span.last + 1)
    }
    quoted = {i for draft in drafts for span in draft.content for i in range(span.first, span.last + 1)}
    taken = served | quoted
    for sentence in annotated.sentence_ranges:
        for verb in sentence:
            if verb in taken or tokens[verb].upos != "VERB" or tokens[verb].lemma not in SAYING:
                continue
            below = annotated.children[verb]
            subject = next((c for c in below if tokens[c].deprel == "nsubj" and c not in taken), None)
            attached = tokens[verb].deprel == "parataxis" and sentence.start <= tokens[verb].head < verb
            governs = any(tokens[c].deprel in ("ccomp", "parataxis") and c < verb for c in below)
            if subject is None or not (attached or governs) or tokens[subject].text.lower() in SPEAKING:
                continue
            first, last = resolver.noun_phrase(subject)
            if subject < verb:
                last = min(last, verb - 1)
            end = min(first, verb) - 1  # "…, it said" or "…, said Jack Watling"
            comma = any(tokens[i].text == "," for i in range(max(sentence.start, end - 1), end + 1))
            while end > sentence.start and tokens[end].text == ",":
                end -= 1
            if comma and end - sentence.start > 1:
                yield Draft(
                    [_span(SpanRole.CONTENT, sentence.start, end)],
                    _span(SpanRole.CUE, verb, verb),
                    [_span(SpanRole.SOURCE, first, last)],
                )


def bare_cues(annotated: AnnotatedText, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """ "He did not say when it would sail": a cue whose content the tagger left out, where the parse shows a clause."""
    tokens, children = annotated.tokens, annotated.children
    used = [draft.cue for draft in drafts]
    sources = [span for span in annotated.tagged if span.role is SpanRole.SOURCE]
    for cue in annotated.tagged:
        if cue.role is not SpanRole.CUE or cue in used:
            continue
        sentence = annotated.sentence_ranges[tokens[cue.first].sentence]
        whole = _span(SpanRole.CONTENT, sentence.start, sentence.stop - 1)
        for clause in (c for i in range(cue.first, cue.last + 1) for c in children[i] if c > cue.last):
            first, last = _reach(annotated, clause, whole)
            asks = tokens[clause].deprel == "advcl" and tokens[first].text.lower() in QUESTION_WORDS
            last = _without_stops(annotated, first, last)
            free = first > cue.last and not any(i in annotated.role_at for i in range(first, last + 1))
            if free and (asks or tokens[clause].deprel == "ccomp"):
                source, _ = choose(annotated, cue, sources, SOURCE_WEIGHTS)
                named = [] if source is None else [sources[source]]
                yield Draft([_span(SpanRole.CONTENT, first, last)], cue, named)
                break


def _reaches_into(annotated: AnnotatedText, content: TaggedSpan, cue: TaggedSpan) -> bool:
    """Whether a content has a part in the sentence of a cue."""
    sentence = annotated.tokens[cue.first].sentence
    return annotated.tokens[content.first].sentence <= sentence <= annotated.tokens[content.last].sentence


def lies_in(draft: Draft, outer: Draft) -> bool:
    """Whether a draft is made inside another's content: its cue and its source stand there."""
    if draft is outer or draft.cue is None:
        return False
    parts = [draft.cue, *draft.source]
    return any(all(piece.first <= part.first and part.last <= piece.last for part in parts) for piece in outer.content)


def inner_drafts(annotated: AnnotatedText, outer: Draft, resolver: Resolver) -> Iterator[Draft]:
    """Speech acts inside a draft's content that the tagger did not mark, with their source, cue and content."""
    for piece in outer.content:
        for verb in range(piece.first, piece.last + 1):
            marked = annotated.role_at.get(verb) is SpanRole.CUE
            draft = None if marked else _act(annotated, verb, piece, resolver)
            if draft is not None:
                yield draft


def cited(annotated: AnnotatedText, draft: Draft, resolver: Resolver) -> Iterator[Draft]:
    """ "…, citing two officials" where the tagger left the words out: the same content on their word."""
    if draft.cue is None:
        return
    tokens = annotated.tokens
    for index in annotated.sentence_ranges[tokens[draft.cue.first].sentence]:
        objects = [c for c in annotated.children[index] if tokens[c].deprel == "obj" and c > index]
        if tokens[index].text.lower() == "citing" and index not in annotated.role_at and objects:
            first, last = resolver.noun_phrase(objects[0])
            yield Draft(draft.content, _span(SpanRole.CUE, index, index), [_span(SpanRole.SOURCE, first, last)])


def _act(annotated: AnnotatedText, verb: int, piece: TaggedSpan, resolver: Resolver) -> Draft | None:
    tokens, children = annotated.tokens, annotated.children
    token = tokens[verb]
    if token.upos != "VERB" or token.lemma not in SPEECH_ACTS or token.deprel == "acl:relcl":
        return None
    below = [c for c in children[verb] if piece.first <= c <= piece.last]
    if any(tokens[c].deprel == "aux:pass" for c in below):
        return None
    subject = _subject(annotated, verb, piece)
    complements = [c for c in below if c > verb and tokens[c].deprel in COMPLEMENTS and tokens[c].upos != "PUNCT"]
    if subject is None or not complements or not _can_speak(annotated, subject, resolver):
        return None
    if len(complements) > 1 and token.lemma in ("tell", "ask", "warn") and tokens[complements[0]].deprel == "obj":
        complements = complements[1:]  # whom, not what
    helpers = [c for c in below if c < verb and tokens[c].deprel in ("aux", "advmod") and c > subject]
    cue_first = min([verb, *helpers]) if all(h >= verb - len(helpers) for h in helpers) else verb
    starts = [first for c in complements if (first := _reach(annotated, c, piece)[0]) > verb]
    starts = [first + (tokens[first].text == ",") for first in starts]
    if not starts:
        return None
    last = max(_reach(annotated, c, piece)[1] for c in below if c > verb)
    last = _without_stops(annotated, min(starts), last)
    last = _with_closing_mark(annotated, min(starts), last, piece.last)
    first, end = resolver.noun_phrase(subject)
    return Draft(
        [_span(SpanRole.CONTENT, min(starts), last)],
        _span(SpanRole.CUE, cue_first, verb),
        [_span(SpanRole.SOURCE, max(first, piece.first), min(end, verb - 1))],
    )


def _without_stops(annotated: AnnotatedText, first: int, last: int) -> int:
    """The last token from `first` on that is no comma, stop or colon at the end."""
    while last > first and annotated.tokens[last].text in (",", ".", ";", ":"):
        last -= 1
    return last


def _with_closing_mark(annotated: AnnotatedText, first: int, last: int, limit: int) -> int:
    """The last token, moved past the mark that closes a quotation opened inside."""
    tokens = annotated.tokens
    words = [token.text for token in tokens[first : last + 1]]
    if sum(word in OPENING for word in words) > sum(word in CLOSING for word in words):
        for index in range(last + 1, min(limit, last + 3) + 1):
            if tokens[index].text in CLOSING:
                return index
    return last


def _can_speak(annotated: AnnotatedText, subject: int, resolver: Resolver) -> bool:
    """Whether a subject is a voice at all: a name, a pronoun, or a noun for people, bodies or documents."""
    token = annotated.tokens[subject]
    if token.upos == "PRON":
        return token.text.lower() not in SPEAKING
    return subject in resolver.cast.at or token.lemma.lower() in VOICES


def _subject(annotated: AnnotatedText, verb: int, piece: TaggedSpan) -> int | None:
    """The verb's subject inside the content; a verb joined to another by "and" may share that one's."""
    tokens = annotated.tokens
    for holder in (verb, tokens[verb].head if tokens[verb].deprel == "conj" else -1):
        if holder < 0:
            continue
        for child in annotated.children[holder]:
            if tokens[child].deprel == "nsubj" and piece.first <= child < verb:
                return child
    return None


def _reach(annotated: AnnotatedText, index: int, piece: TaggedSpan) -> tuple[int, int]:
    """First and last token, inside the content, of what hangs on a token."""
    first = last = index
    waiting = [index]
    while waiting:
        here = waiting.pop()
        first, last = min(first, here), max(last, here)
        waiting += [c for c in annotated.children[here] if piece.first <= c <= piece.last]
    return first, last


def _span(role: SpanRole, first: int, last: int) -> TaggedSpan:
    return TaggedSpan(role, first, last, RULE_CONFIDENCE)
