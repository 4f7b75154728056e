"""From tagged spans to linked ones: which cue each content belongs to, and which source each cue.

Every content chooses among the cues near it, and every cue among the sources near it, or none, by a weighted
sum of features of the pair: how far apart, what stands between, how the parse joins them. Sources are chosen
by cues, not the other way round, because one source may serve several cues ("X said … and added …").
The weights are those of a multinomial logistic regression fitted on PolNeAR's training part
(`quotetrack.training.linker` makes them anew).
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from quotetrack.attribution.marks import Quotation
from quotetrack.attribution.weights import CONTENT_WEIGHTS, SOURCE_WEIGHTS
from quotetrack.domain import AnnotatedText, SpanRole, Step, TaggedSpan

MIN_QUOTED_WORDS = 3
"""Fewer words in quotation marks are as often a title or a word held at arm's length."""
QUOTED_CONFIDENCE = 0.5
QUOTED_NAME_TOKENS = 15
REACH = 3
"""How many paragraphs away a partner may be."""
NEAREST = 64
"""How many partners on either side are considered: more than a chooser has in reach, save in an endless paragraph."""
BETWEEN = 3
"""Beyond so many spans between two it makes no difference how many they are."""
WORD = re.compile(r"\w")
_first = attrgetter("first")


@dataclass(slots=True)
class Draft:
    """An attribution in the making: spans as token ranges, both ends included."""

    content: list[TaggedSpan]
    cue: TaggedSpan | None = None
    source: list[TaggedSpan] = field(default_factory=list)
    link_confidence: float = 1.0
    """The lowest probability, under the linker, of any link made."""
    relay: TaggedSpan | None = None
    """A second cue, sentences later, that says through whom it came: "…, according to state media"."""
    continues: "Draft | None" = None
    """The draft whose voice goes on speaking here, without being named again."""
    rule: str = "tagger"
    """What found it."""
    steps: list[Step] = field(default_factory=list)
    """What changed it since, with the spans that were there before."""


def assemble(annotated: AnnotatedText, quoted: Sequence[Quotation] = ()) -> list[Draft]:
    """Link the tagged spans of a text into drafts, in the order of their contents.

    Of `quoted`, the text's quotations, those that the tagger left out become contents too.
    """
    by_role: dict[SpanRole, list[TaggedSpan]] = {role: [] for role in SpanRole}
    for span in annotated.tagged:
        by_role[span.role].append(span)
    by_role[SpanRole.CONTENT] = sorted(
        [*by_role[SpanRole.CONTENT], *overlooked(annotated, quoted)], key=lambda span: span.first
    )
    cues = by_role[SpanRole.CUE]
    drafts: dict[int, Draft] = {}
    loose: list[Draft] = []
    for content in by_role[SpanRole.CONTENT]:
        chosen, probability = choose(annotated, content, cues, CONTENT_WEIGHTS)
        if chosen is None:
            loose.append(Draft([content], link_confidence=probability, rule=_rule(annotated, content)))
            continue
        draft = drafts.setdefault(chosen, Draft([], cues[chosen], rule=_rule(annotated, content)))
        draft.content.append(content)
        draft.link_confidence = min(draft.link_confidence, probability)
    sources = by_role[SpanRole.SOURCE]
    for index, draft in drafts.items():
        chosen, probability = choose(annotated, cues[index], sources, SOURCE_WEIGHTS)
        draft.link_confidence = min(draft.link_confidence, probability)
        if chosen is not None:
            draft.source = [sources[chosen]]
    for draft in drafts.values():
        _take_out_the_quoted(annotated, draft)
    return sorted([*drafts.values(), *loose], key=lambda draft: draft.content[0].first)


def _rule(annotated: AnnotatedText, content: TaggedSpan) -> str:
    at = bisect_left(annotated.tagged, content.first, key=_first)
    return "tagger" if content in annotated.tagged[at : at + 1] else "quotation"


def _take_out_the_quoted(annotated: AnnotatedText, draft: Draft) -> None:
    """ "KCNA quoted Ada Lorne as saying rain fell", all of it after the cue tagged as content: Lorne is the source."""
    tokens, content = annotated.tokens, draft.content[0]
    assert draft.cue is not None
    if not any(tokens[i].lemma in ("quote", "cite") for i in range(draft.cue.first, draft.cue.last + 1)):
        return
    for index in range(content.first + 1, min(content.last - 1, content.first + QUOTED_NAME_TOKENS)):
        if tokens[index].text.lower() == "as" and tokens[index + 1].text.lower() in ("saying", "telling", "writing"):
            draft.source = [replace(content, role=SpanRole.SOURCE, last=index - 1)]
            draft.content[0] = replace(content, first=index + 2)
            return
        if tokens[index].text.lower() == "who" and tokens[index + 1].upos == "VERB":  # "quoted players who alleged …"
            draft.source = [replace(content, role=SpanRole.SOURCE, last=index - 1)]
            draft.content[0] = replace(content, first=index + 2)
            return


def overlooked(annotated: AnnotatedText, quoted: Sequence[Quotation]) -> Iterator[TaggedSpan]:
    """Contents for quotations of several words that no tagged span touches: a whole quote must not be lost."""
    starts = [token.start for token in annotated.tokens]
    for quotation in quoted:
        first = bisect_left(starts, quotation.span.start)
        last = bisect_left(starts, quotation.span.end) - 1
        words = sum(token.upos != "PUNCT" for token in annotated.tokens[first : last + 1])
        if not quotation.closed or words < MIN_QUOTED_WORDS:
            continue
        if not any(index in annotated.role_at for index in range(first, last + 1)):
            yield TaggedSpan(SpanRole.CONTENT, first, last, QUOTED_CONFIDENCE)


def choose(
    annotated: AnnotatedText, span: TaggedSpan, partners: Sequence[TaggedSpan], weights: dict[str, float]
) -> tuple[int | None, float]:
    """The index of the likeliest partner, None if choosing nobody is likelier, and the probability of that choice.

    `partners` are in order.
    """
    scores: list[tuple[float, int | None]] = [(weights["nobody"], None)]
    here = bisect_left(partners, span.first, key=_first)
    for index in range(max(0, here - NEAREST), min(len(partners), here + NEAREST)):
        features = pair_features(annotated, span, partners[index], partners)
        if features is not None:
            scores.append((sum(weights[name] * value for name, value in features.items()), index))
    best, chosen = max(scores, key=lambda pair: pair[0])
    return chosen, 1.0 / sum(math.exp(score - best) for score, _ in scores)


def pair_features(
    annotated: AnnotatedText, span: TaggedSpan, partner: TaggedSpan, partners: Sequence[TaggedSpan]
) -> dict[str, float] | None:
    """What speaks for or against linking `span` to `partner`; None if they are too far apart to be considered."""
    tokens = annotated.tokens
    left, right = (span, partner) if span.first < partner.first else (partner, span)
    if abs(tokens[left.last].paragraph - tokens[right.first].paragraph) > REACH:
        return None
    gap = max(0, right.first - left.last - 1)
    features: dict[str, float] = {
        "after" if partner.first > span.first else "before": 1.0,
        "distance": min(gap, 60) / 10,
        "near": 1.0 / (1 + gap),
        "sentences": float(min(3, tokens[right.first].sentence - tokens[left.last].sentence)),
        "paragraphs": float(tokens[right.first].paragraph - tokens[left.last].paragraph),
        "rivals": _between(left.last, right.first, partners),
        "others": _between(left.last, right.first, annotated.tagged, but=partner.role),
    }
    if partner.first > span.first and tokens[right.first].sentence > tokens[left.last].sentence:
        features["later_sentence"] = 1.0
    between = tokens[left.last].end, tokens[right.first].start
    if not WORD.search(annotated.text, *between):
        features["touching"] = 1.0
    marks = annotated.double_marks
    if bisect_left(marks, between[0]) < bisect_left(marks, between[1]):
        features["mark_between"] = 1.0
    for relation in sorted(_relations(annotated, span, partner)):  # a sum hangs on its order
        features[relation] = 1.0
    return features


def _between(left: int, right: int, spans: Sequence[TaggedSpan], but: SpanRole | None = None) -> float:
    """How many of the spans, which are in order, lie wholly between two tokens, those of the role `but` left out."""
    found = 0
    for index in range(bisect_right(spans, left, key=_first), len(spans)):
        if spans[index].first >= right or found == BETWEEN:
            break
        found += spans[index].last < right and spans[index].role is not but
    return float(found)


def head_of(annotated: AnnotatedText, span: TaggedSpan) -> int:
    """The token of the span that the others hang on: the first whose head lies outside."""
    for index in range(span.first, span.last + 1):
        token = annotated.tokens[index]
        if not span.first <= token.head <= span.last and token.upos != "PUNCT":
            return index
    return span.first


SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "nsubj:outer"})
CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj", "conj"})


def _relations(annotated: AnnotatedText, span: TaggedSpan, partner: TaggedSpan) -> set[str]:
    """How the parse joins the two: direct arcs by their kind, and arcs over one token between."""
    found: set[str] = set()
    tokens = annotated.tokens
    if tokens[max(span, partner, key=_first).first].sentence > tokens[min(span, partner, key=_first).last].sentence:
        return found  # no arc crosses sentences
    for one, other, way in ((span, partner, "up"), (partner, span, "down")):
        for index in range(one.first, one.last + 1):
            head = tokens[index].head
            if head < 0 or one.first <= head <= one.last:
                continue
            if other.first <= head <= other.last:
                found.add(f"{way}_{_group(tokens[index].deprel)}")
            elif tokens[head].head >= 0 and other.first <= tokens[head].head <= other.last:
                found.add(f"{way}_two")
    if not found:
        heads = {tokens[head_of(annotated, s)].head for s in (span, partner)}
        if len(heads) == 1 and -1 not in heads:
            found.add("siblings")
    return found


def _group(deprel: str) -> str:
    if deprel in SUBJECTS:
        return "subject"
    if deprel in CLAUSES:
        return "clause"
    base = deprel.partition(":")[0]
    return base if base in ("obj", "obl", "nmod", "case", "mark", "fixed") else "other"


FEATURES = (
    "nobody", "after", "before", "distance", "near", "sentences", "paragraphs", "rivals", "others", "later_sentence",
    "touching", "mark_between", "siblings",
    *(f"{way}_{name}" for way in ("up", "down")
      for name in ("subject", "clause", "obj", "obl", "nmod", "case", "mark", "fixed", "other", "two")),
)  # fmt: skip
