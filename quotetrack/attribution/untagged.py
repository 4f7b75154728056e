"""Attributions that the tagger left out, or saw only a part of, found by their construction.

Each function looks for one construction in what the parse shows and gives drafts; tokens that belong to another
attribution already are left alone.
"""

from collections.abc import Iterator, Sequence

from quotetrack.attribution.assemble import Draft, choose
from quotetrack.attribution.nesting import CLOSING, OPENING, can_speak
from quotetrack.attribution.parse import edges, indices, reach, rule_span, without_stops
from quotetrack.attribution.refine import GLOSS
from quotetrack.attribution.speakers import Resolver
from quotetrack.attribution.weights import SOURCE_WEIGHTS
from quotetrack.attribution.words import NEGATIONS, QUESTION_WORDS, SAYING, SPEAKING, SPEECH_NOUNS
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

UNPROVEN = frozenset("speculation allegation accusation suspicion rumor rumour fear hope expectation".split())
"""Nouns whose clause needs no "that"."""
WITHHELD = frozenset("mention say explain name specify identify disclose elaborate comment".split())
RAISING = frozenset("raise spark fuel prompt trigger make level face deny express voice issue stoke feed".split())
NAMING = frozenset("describe call term label dub".split())
OPENING_MARKS, CLOSING_MARKS = OPENING | frozenset('‘"'), CLOSING | frozenset('’"')


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
            attached |= tokens[verb].deprel == "conj" and sentence.stop - verb <= 3  # "…, RIA Novosti reported."
            governs = any(tokens[c].deprel in ("ccomp", "parataxis") and c < verb for c in below)
            if subject is None and verb + 1 in resolver.cast.at and tokens[verb - 1].text == ",":
                subject, attached = verb + 1, True  # "…, said Ada Lorne": which the parser takes for an object
            if subject is None or not (attached or governs) or tokens[subject].text.lower() in SPEAKING:
                continue
            first, last = resolver.noun_phrase(subject)
            if subject < verb:
                last = min(last, verb - 1)
            end = min(first, verb) - 1  # "…, it said" or "…, said Ada Lorne"
            comma = any(tokens[i].text == "," for i in range(max(sentence.start, end - 1), end + 1))
            while end > sentence.start and tokens[end].text == ",":
                end -= 1
            if comma and end - sentence.start > 1:
                yield Draft(
                    [rule_span(SpanRole.CONTENT, sentence.start, end)],
                    rule_span(SpanRole.CUE, verb, verb),
                    [rule_span(SpanRole.SOURCE, first, last)],
                )


def bare_cues(annotated: AnnotatedText, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """ "He did not say when it would sail": a cue whose content the tagger left out, where the parse shows a clause."""
    tokens, children = annotated.tokens, annotated.children
    used = {draft.cue for draft in drafts}
    sources = [span for span in annotated.tagged if span.role is SpanRole.SOURCE]
    for cue in annotated.tagged:
        if cue.role is not SpanRole.CUE or cue in used:
            continue
        sentence = annotated.sentence_ranges[tokens[cue.first].sentence]
        whole = rule_span(SpanRole.CONTENT, sentence.start, sentence.stop - 1)
        for clause in (c for i in range(cue.first, cue.last + 1) for c in children[i] if c > cue.last):
            first, last = reach(annotated, clause, whole)
            asks = tokens[clause].deprel == "advcl" and tokens[first].text.lower() in QUESTION_WORDS
            last = without_stops(annotated, first, last)
            free = first > cue.last and not any(i in annotated.role_at for i in range(first, last + 1))
            if free and (asks or tokens[clause].deprel == "ccomp"):
                source, _ = choose(annotated, cue, sources, SOURCE_WEIGHTS)
                named = [] if source is None else [sources[source]]
                yield Draft([rule_span(SpanRole.CONTENT, first, last)], cue, named)
                break


def noun_cues(annotated: AnnotatedText, drafts: Sequence[Draft], resolver: Resolver) -> Iterator[Draft]:
    """ "the army's assessments that …", "sparked rumours she would …": a noun of speech and its clause."""
    tokens, children = annotated.tokens, annotated.children
    taken = _tokens_of(drafts)
    for noun, token in enumerate(tokens[:-2]):
        if token.upos != "NOUN" or token.lemma not in SPEECH_NOUNS or noun in taken:
            continue
        begin = noun + 1
        if tokens[begin].text.lower() == "that" and tokens[begin].deprel == "mark":
            verb, begin = tokens[begin].head, begin + 1
        elif token.lemma in UNPROVEN:
            subjects = (i for i in range(begin, min(begin + 4, len(tokens))) if tokens[i].deprel == "nsubj")
            verb = tokens[next(subjects, noun)].head
            if verb <= begin or (edges(annotated, verb)[0] < noun and tokens[verb].head > noun):
                continue
            if tokens[verb].lemma in RAISING or not tokens[begin].deprel.startswith(("nsubj", "det", "compound")):
                continue
        else:
            continue
        if not noun < verb or tokens[verb].sentence != token.sentence:
            continue
        last = without_stops(annotated, begin, _frame(annotated, begin, edges(annotated, verb)[1]))
        if last - begin < 2 or any(i in taken for i in range(begin, last + 1)):
            continue
        named = [c for c in children[noun] if tokens[c].deprel in ("nmod:poss", "compound") and c < noun]
        first = min((resolver.noun_phrase(c)[0] for c in named), default=noun)
        helper = tokens[token.head].lemma in RAISING and token.deprel == "obj" and noun - token.head <= 3
        yield Draft(
            [rule_span(SpanRole.CONTENT, begin, last)],
            rule_span(SpanRole.CUE, token.head if helper else noun, noun),
            [rule_span(SpanRole.SOURCE, first, noun - 1)] if named and not helper else [],
        )


def silences(annotated: AnnotatedText, drafts: Sequence[Draft], resolver: Resolver) -> Iterator[Draft]:
    """ "It did not mention the terminal", "Neither side named the port": what a source is said not to have said."""
    tokens, children = annotated.tokens, annotated.children
    taken = _tokens_of(drafts)
    for verb, token in enumerate(tokens):
        if token.upos != "VERB" or token.lemma not in WITHHELD or verb in taken:
            continue
        subject = next((c for c in children[verb] if tokens[c].deprel == "nsubj" and c < verb), None)
        if subject is None or not can_speak(annotated, subject, resolver):
            continue
        first, last = resolver.noun_phrase(subject)
        no = [c for c in children[verb] if tokens[c].text.lower() in NEGATIONS and c < verb]
        nobody = tokens[first].text.lower() in ("neither", "none")
        whats = [c for c in children[verb] if c > verb and tokens[c].deprel in ("obj", "ccomp", "advcl")]
        if not whats or not (no or nobody):
            continue
        begin, end = edges(annotated, whats[0])
        end = without_stops(annotated, begin, end)
        if begin > verb and not any(i in taken for i in (*range(first, last + 1), *range(begin, end + 1))):
            helpers = [c for c in children[verb] if tokens[c].deprel in ("aux", "advmod") and last < c < verb]
            yield Draft(
                [rule_span(SpanRole.CONTENT, begin, end)],
                rule_span(SpanRole.CUE, min([verb, *helpers]), verb),
                [rule_span(SpanRole.SOURCE, first, min(last, verb - 1))],
            )


def _frame(annotated: AnnotatedText, first: int, last: int) -> int:
    """The last token before ", while …" or " as they …": such a clause frames the sentence, nobody's words."""
    for index in range(first + 2, last):
        token = annotated.tokens[index]
        if token.text.lower() in ("as", "while", "although") and token.deprel == "mark":
            return index - 1
    return last


def free_relatives(annotated: AnnotatedText, drafts: Sequence[Draft], resolver: Resolver) -> Iterator[Draft]:
    """ "in what she described as a fair price": what somebody calls it is their word."""
    tokens = annotated.tokens
    cues = {i for d in drafts if d.cue for i in range(d.cue.first, d.cue.last + 1)}
    ends: dict[int, int] = {}
    """For each token in a content, the last token of the shortest such."""
    for piece in (p for d in drafts for p in d.content):
        for i in range(piece.first, piece.last + 1):
            ends[i] = min(piece.last, ends.get(i, piece.last))
    for index, token in enumerate(tokens[:-3]):
        if token.text.lower() != "what":
            continue
        sentence = annotated.sentence_ranges[token.sentence]
        near = range(index + 2, min(index + 9, sentence.stop - 1))
        verb = next((i for i in near if tokens[i].lemma in NAMING and tokens[i].upos == "VERB"), -1)
        if verb < 0 or verb in cues or any(tokens[i].upos == "PUNCT" for i in range(index + 1, verb)):
            continue
        as_ = tokens[verb + 1].text.lower() == "as"
        begin = verb + 1 + as_
        if begin >= sentence.stop or (tokens[verb].lemma == "describe" and not as_):
            continue
        heads = (i for i in range(begin, sentence.stop) if begin > tokens[i].head and tokens[i].upos != "PUNCT")
        last = edges(annotated, next(heads, begin))[1]
        last = min(last, ends.get(begin, last))
        gloss = GLOSS.search(annotated.text, tokens[begin].start, tokens[last].end)
        while gloss and last > begin and tokens[last].end > gloss.start():
            last -= 1
        if tokens[begin].text in OPENING_MARKS:
            last = next((i for i in range(begin + 1, sentence.stop) if tokens[i].text in CLOSING_MARKS), last)
        last = without_stops(annotated, begin, last)
        subject = next(
            (c for c in annotated.children[verb] if tokens[c].deprel == "nsubj" and index < c < verb), verb - 1
        )
        source = resolver.noun_phrase(subject)
        if last > begin:
            yield Draft(
                [rule_span(SpanRole.CONTENT, begin, last)],
                rule_span(SpanRole.CUE, verb, begin - 1),
                [rule_span(SpanRole.SOURCE, max(index + 1, source[0]), min(max(subject, source[1]), verb - 1))],
            )


def _tokens_of(drafts: Sequence[Draft]) -> set[int]:
    """All tokens that some draft uses."""
    spans = (span for d in drafts for span in (*d.content, *d.source, *([d.cue] if d.cue else [])))
    return indices(spans)


def _reaches_into(annotated: AnnotatedText, content: TaggedSpan, cue: TaggedSpan) -> bool:
    """Whether a content has a part in the sentence of a cue."""
    sentence = annotated.tokens[cue.first].sentence
    return annotated.tokens[content.first].sentence <= sentence <= annotated.tokens[content.last].sentence
