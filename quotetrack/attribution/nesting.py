"""Attributions inside another's content, which the tagger's flat labels cannot express.

"The ministry said the envoys noted that …": within the content of the first, the parse shows a verb of
speech with a subject and a complement of its own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from quotetrack.attribution.assemble import Draft
from quotetrack.attribution.parse import reach, rule_span, without_stops
from quotetrack.attribution.speakers import Resolver
from quotetrack.attribution.words import (
    AGENCY_NOUNS,
    DOCUMENTS,
    INNER_ACTS,
    INSTITUTION_NOUNS,
    OPINING,
    OUTLET_NOUNS,
    PEOPLE,
    ROLES,
    SPEAKING,
    SPEECH_ACTS,
    SPEECH_NOUNS,
)
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

COMPLEMENTS = frozenset({"ccomp", "xcomp", "obj", "parataxis"})
ANYBODY = frozenset("you one anyone anybody everyone everybody someone somebody what that which this".split())
"""Subjects that are nobody's voice."""
CITING = frozenset(["citing", "quoting"])
THAT_REACH = 8
"""How many tokens after its verb a "that" may stand: "reports at page 7 of its annex that …"."""
OPENING = frozenset({"“", "«", "„", "``"})
CLOSING = frozenset({"”", "»", "''"})
VOICES = ROLES | PEOPLE | AGENCY_NOUNS | OUTLET_NOUNS | INSTITUTION_NOUNS | DOCUMENTS


def insiders(drafts: Sequence[Draft]) -> dict[int, list[Draft]]:
    """By the `id` of a draft, those that lie in it, in their order; without an entry where none does."""
    by_cue = sorted((draft.cue.first, position) for position, draft in enumerate(drafts) if draft.cue)
    found: dict[int, list[Draft]] = {}
    for outer in drafts:
        near: set[int] = set()
        for piece in outer.content:
            begin, end = bisect_left(by_cue, (piece.first, 0)), bisect_right(by_cue, (piece.last, len(drafts)))
            near |= {position for _, position in by_cue[begin:end] if lies_in(drafts[position], outer)}
        if near:
            found[id(outer)] = [drafts[position] for position in sorted(near)]
    return found


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
            if annotated.role_at.get(verb) is SpanRole.CUE:
                continue
            draft = (
                _noun_act(annotated, verb, piece, resolver)
                or _that_clause(annotated, verb, piece, resolver)
                or _act(annotated, verb, piece, resolver)
            )
            if draft is not None:
                yield draft


def _that_clause(annotated: AnnotatedText, verb: int, piece: TaggedSpan, resolver: Resolver) -> Draft | None:
    """ "… UNICEF estimates that …" by its words alone: the parser hangs the inner clause on the outer verb as a rule.

    The clause reaches to the end of the sentence, or to the "and that" of the outer one.
    """
    tokens = annotated.tokens
    if tokens[verb].lemma.lower() not in SPEECH_ACTS | OPINING or tokens[verb].upos not in ("VERB", "NOUN"):
        return None
    near = range(verb + 1, min(verb + THAT_REACH, piece.last))
    that = next((i for i in near if tokens[i].text.lower() == "that"), -1)
    if that < 0 or any(tokens[i].upos in ("VERB", "AUX", "PUNCT") for i in range(verb + 1, that)):
        return None
    subject = verb - 1
    while subject > piece.first and tokens[subject].upos in ("AUX", "ADV", "PART"):
        subject -= 1
    source_end = subject
    if tokens[subject].text == ")":  # "the International Labour Organisation (ILO) estimates"
        subject = next((i for i in range(subject, piece.first, -1) if tokens[i].text == "("), subject + 1) - 1
    start = subject
    while (
        start > piece.first
        and tokens[start - 1].upos in ("PROPN", "NOUN", "ADJ", "DET", "NUM")
        and tokens[start - 1].text.lower() != "that"
    ):
        start -= 1
    if subject < piece.first or tokens[subject].upos not in ("NOUN", "PROPN", "PRON"):
        return None
    if tokens[subject].upos == "PRON" and tokens[verb].lemma.lower() not in SPEECH_ACTS:
        return None  # "they know that": nobody says that they said it
    if not can_speak(annotated, subject, resolver) and not can_speak(annotated, start, resolver):
        return None
    sentence = annotated.sentence_ranges[tokens[verb].sentence]
    last = min(piece.last, sentence.stop - 1)
    for index in range(that + 2, last):
        if tokens[index].text.lower() == "that" and tokens[index - 1].text.lower() in ("and", "but"):
            last = index - 2
            break
    last = without_stops(annotated, that + 1, last)
    if last <= that + 1:
        return None
    return Draft(
        [rule_span(SpanRole.CONTENT, that + 1, last)],
        rule_span(SpanRole.CUE, source_end + 1, verb),
        [rule_span(SpanRole.SOURCE, start, source_end)],
    )


def _noun_act(annotated: AnnotatedText, noun: int, piece: TaggedSpan, resolver: Resolver) -> Draft | None:
    """ "the bank's claim that …": a noun of speech, whose it is, and the clause that says what."""
    tokens = annotated.tokens
    if tokens[noun].upos != "NOUN" or tokens[noun].lemma not in SPEECH_NOUNS or noun + 2 >= piece.last:
        return None
    if tokens[noun + 1].text.lower() != "that" or tokens[noun + 1].deprel not in ("mark", "nsubj", "obj", "det"):
        return None
    owners = [c for c in annotated.children[noun] if tokens[c].deprel == "nmod:poss" and piece.first <= c < noun]
    if not owners:
        return None
    first, last = resolver.noun_phrase(owners[0])
    sentence = annotated.sentence_ranges[tokens[noun].sentence]
    end = without_stops(annotated, noun + 2, min(piece.last, sentence.stop - 1))
    return Draft(
        [rule_span(SpanRole.CONTENT, noun + 2, end)],
        rule_span(SpanRole.CUE, noun, noun),
        [rule_span(SpanRole.SOURCE, max(first, piece.first), min(last, owners[0]))],
    )


def cited(annotated: AnnotatedText, draft: Draft, resolver: Resolver) -> Iterator[Draft]:
    """ "…, citing two officials" where the tagger left the words out: the same content on their word."""
    if draft.cue is None:
        return
    tokens = annotated.tokens
    for index in annotated.sentence_ranges[tokens[draft.cue.first].sentence]:
        objects = [c for c in annotated.children[index] if tokens[c].deprel == "obj" and c > index]
        if tokens[index].text.lower() in CITING and index not in annotated.role_at and objects:
            first, last = resolver.noun_phrase(objects[0])
            yield Draft(draft.content, rule_span(SpanRole.CUE, index, index), [rule_span(SpanRole.SOURCE, first, last)])


def _act(annotated: AnnotatedText, verb: int, piece: TaggedSpan, resolver: Resolver) -> Draft | None:
    tokens, children = annotated.tokens, annotated.children
    token = tokens[verb]
    if token.upos != "VERB" or token.lemma not in SPEECH_ACTS | OPINING | INNER_ACTS:
        return None
    if token.deprel == "acl:relcl" and not any(
        tokens[c].deprel == "mark" and tokens[c].text.lower() == "that" for c in children[verb]
    ):
        return None
    below = [c for c in children[verb] if piece.first <= c <= piece.last]
    if any(tokens[c].deprel == "aux:pass" for c in below):
        return None
    subject = _subject(annotated, verb, piece)
    complements = [c for c in below if c > verb and tokens[c].deprel in COMPLEMENTS and tokens[c].upos != "PUNCT"]
    if subject is None or not complements or not can_speak(annotated, subject, resolver):
        return None
    opines = token.lemma not in SPEECH_ACTS
    if opines and (tokens[subject].upos == "PRON" or tokens[complements[0]].deprel not in ("ccomp", "obj")):
        return None
    if len(complements) > 1 and token.lemma in ("tell", "warn") and tokens[complements[0]].deprel == "obj":
        complements = complements[1:]  # whom, not what
    helpers = [c for c in below if c < verb and tokens[c].deprel in ("aux", "advmod") and c > subject]
    cue_first = min([verb, *helpers]) if all(h >= verb - len(helpers) for h in helpers) else verb
    starts = [first for c in complements if (first := reach(annotated, c, piece)[0]) > verb]
    starts = [first + (tokens[first].text == ",") for first in starts]
    if not starts:
        return None
    joined = [c for c in below if tokens[c].deprel == "conj" and c > verb and tokens[c].lemma in SPEECH_ACTS]
    last = max(reach(annotated, c, piece)[1] for c in below if c > verb and c not in joined)
    last = without_stops(annotated, min(starts), last)
    last = _with_closing_mark(annotated, min(starts), last, piece.last)
    first, end = resolver.noun_phrase(subject)
    return Draft(
        [rule_span(SpanRole.CONTENT, min(starts), last)],
        rule_span(SpanRole.CUE, cue_first, verb),
        [rule_span(SpanRole.SOURCE, max(first, piece.first), min(end, verb - 1))],
    )


def _with_closing_mark(annotated: AnnotatedText, first: int, last: int, limit: int) -> int:
    """The last token, moved past the mark that closes a quotation opened inside."""
    tokens = annotated.tokens
    words = [token.text for token in tokens[first : last + 1]]
    if sum(word in OPENING for word in words) > sum(word in CLOSING for word in words):
        for index in range(last + 1, min(limit, last + 3) + 1):
            if tokens[index].text in CLOSING:
                return index
    return last


def can_speak(annotated: AnnotatedText, subject: int, resolver: Resolver) -> bool:
    """Whether a subject is a voice at all: a name, a pronoun, or a noun for people, bodies or documents."""
    token = annotated.tokens[subject]
    if token.upos == "PRON":
        return token.text.lower() not in SPEAKING | ANYBODY
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
    # "to hear Lorne pledging aid": the parser gives the name to the verb of seeing
    bare = tokens[verb].text.lower().endswith("ing") and piece.first < verb and tokens[verb - 1].upos == "PROPN"
    return verb - 1 if bare else None
