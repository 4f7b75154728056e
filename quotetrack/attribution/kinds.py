"""Kind and polarity of an attribution, from its quotation marks, its cue and the parse."""

from quotetrack.attribution.assemble import Draft, head_of
from quotetrack.attribution.marks import Quotation, share_quoted
from quotetrack.attribution.words import NEGATIONS, QUESTION_WORDS, REFUSALS, SAYING, SPEECH_ASKS
from quotetrack.domain import AnnotatedText, Kind, Polarity, Spans, TaggedSpan, Token

DIRECT_SHARE = 0.8
"""At least this share of a direct quote's letters stands in marks: spans are cut a little off now and then."""


def kind_of(annotated: AnnotatedText, draft: Draft, content: Spans, quoted: tuple[Quotation, ...]) -> Kind:
    share = share_quoted(content, quoted, annotated.text)
    if share >= DIRECT_SHARE and share_quoted(_first_word(annotated, draft), quoted, annotated.text) == 1.0:
        return Kind.DIRECT
    if share > 0:
        return Kind.MIXED
    if speaks_in_person(annotated, draft):
        return Kind.DIRECT
    return Kind.INDIRECT if _is_clause(annotated, draft) else Kind.REPORTED


def speaks_in_person(annotated: AnnotatedText, draft: Draft) -> bool:
    """ "she said we are late": first person and no complementizer, so the marks were lost, not left out."""
    if draft.cue is None or annotated.tokens[draft.cue.last].lemma not in SAYING:
        return False
    content = draft.content[0]
    words = [annotated.tokens[i] for i in range(content.first, content.last + 1)]
    led = words[0].deprel == "mark" or words[0].text.lower() in QUESTION_WORDS
    return not led and any(word.text.lower() in ("i", "we") and word.deprel.startswith("nsubj") for word in words)


def _first_word(annotated: AnnotatedText, draft: Draft) -> Spans:
    """The first word of a content: a direct quote does not lead into its marks with words of its own."""
    first = draft.content[0].first
    words = (i for i in range(first, draft.content[0].last + 1) if annotated.tokens[i].text[:1].isalnum())
    opening = next(words, first)
    return (annotated.span(opening, opening),)


def _is_clause(annotated: AnnotatedText, draft: Draft) -> bool:
    """Whether a content without marks says something ("that …"), or only names a speech act's topic or aim."""
    if draft.cue is None:
        return True
    cue = annotated.tokens[draft.cue.first : draft.cue.last + 1]
    if any(token.text.lower() == "according" for token in cue):
        return True
    if any(token.deprel == "aux:pass" or token.lemma in SAYING for token in cue):
        return True
    if cue[-1].upos == "NOUN" and draft.cue.last < draft.content[0].first:
        inside = (annotated.tokens[i] for span in draft.content for i in range(span.first, span.last))
        return any(token.deprel.startswith("nsubj") for token in inside)
    return any(has_finite_verb(annotated, span) for span in draft.content)


def has_finite_verb(annotated: AnnotatedText, span: TaggedSpan) -> bool:
    """Whether a span's main word is a finite verb or has a subject: it says something, rather than names it."""
    head = head_of(annotated, span)
    if annotated.tokens[head].deprel.startswith("acl"):
        return False
    return any(
        _is_finite(annotated, index, span)
        for index in range(span.first, span.last + 1)
        if index == head or annotated.tokens[index].deprel in ("conj", "ccomp", "parataxis")
    )


def _is_finite(annotated: AnnotatedText, verb: int, span: TaggedSpan) -> bool:
    inside = [annotated.tokens[i] for i in annotated.children[verb] if span.first <= i <= span.last]
    helpers = [token for token in inside if token.deprel.partition(":")[0] in ("aux", "cop")]
    subject = any(token.deprel.partition(":")[0] in ("nsubj", "csubj") for token in inside)
    return subject or any("VerbForm=Fin" in token.feats for token in (annotated.tokens[verb], *helpers))


def polarity_of(annotated: AnnotatedText, draft: Draft) -> Polarity:
    if draft.cue is None:
        return Polarity.ASSERTED
    inside = range(draft.cue.first, draft.cue.last + 1)
    cue = [annotated.tokens[i] for i in inside]
    hanging = [annotated.tokens[c] for i in inside for c in annotated.children[i] if c not in inside]
    close = [t for t in hanging if t.deprel in ("advmod", "cc:preconj", "det") and t.start < cue[-1].end]
    named = annotated.tokens[draft.source[0].first] if draft.source else None
    if any(token.lemma in REFUSALS for token in cue) or any(_negative(token) for token in (*cue, *close)):
        return Polarity.NEGATED
    if named is not None and named.text.lower() in ("neither", "nobody", "none", "no"):
        return Polarity.NEGATED
    asks = any(token.lemma in SPEECH_ASKS for token in cue)
    opening = annotated.tokens[draft.content[0].first]
    closing = annotated.tokens[draft.content[-1].last]
    if asks and (
        _opens_question(opening) or _opens_question(cue[-1]) or closing.text == "?" or "?" in _tail(annotated, draft)
    ):
        return Polarity.QUESTION
    return Polarity.ASSERTED


def is_asked(annotated: AnnotatedText, draft: Draft) -> bool:
    """Whether the cue is "asked" of one who was asked: a participle without a subject of its own."""
    if draft.cue is None:
        return False
    tokens = annotated.tokens
    for index in range(draft.cue.first, draft.cue.last + 1):
        if tokens[index].text.lower() == "asked":
            sentence = annotated.sentence_ranges[tokens[index].sentence]
            opens = index == sentence.start or tokens[index - 1].text.lower() in ("when", ",", "while")
            active = any(tokens[c].deprel == "nsubj" and c < index for c in annotated.children[index])
            return opens and not active
    return False


def _tail(annotated: AnnotatedText, draft: Draft) -> str:
    last = draft.content[-1].last
    return "".join(token.text for token in annotated.tokens[max(0, last - 1) : last + 2])


def _negative(token: Token) -> bool:
    return token.text.lower() in NEGATIONS


def _opens_question(token: Token) -> bool:
    return token.text.lower() in QUESTION_WORDS or token.text.lower() == "about"
