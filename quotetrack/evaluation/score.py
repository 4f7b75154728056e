"""All figures of an evaluation. Counts are pooled over the articles (micro average)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from quotetrack.domain import Attribution, SourceClass, SpanRole
from quotetrack.evaluation.figures import PRF, Calibration, Unit, calibrate
from quotetrack.evaluation.gold import Form, GoldSet
from quotetrack.evaluation.judge import (
    HALF,
    Case,
    FoundItem,
    GoldItem,
    Judged,
    Verdict,
    judge,
    make_case,
    subset,
    verdict,
)
from quotetrack.evaluation.match import CUE_WEIGHT, Pair
from quotetrack.evaluation.names import SameName, same_by
from quotetrack.evaluation.phenomena import PHENOMENA, phenomena_of
from quotetrack.evaluation.spans import Marked
from quotetrack.share import Share
from quotetrack.sources.catalogue import Catalogue

THRESHOLDS = (0.3, HALF, 0.8)
"""Overlaps of content at which attributions are counted."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of all attributions, or of one group of them. What the gold does not say is left out."""

    rates: dict[str, PRF]
    shares: dict[str, Share]


@dataclass(frozen=True, slots=True)
class Split:
    """The attributions of one label: how well they are found, and whether their speakers are right."""

    attribution: PRF
    speaker: Share


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair with what of it is right."""

    case: Case
    pair: Pair
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that is known about how well a gold set was found."""

    gold: GoldSet
    figures: Figures
    groups: dict[str, Figures]
    """`direct`: content in double quotation marks; `rest`: everything else."""
    splits: dict[str, dict[str, Split]]
    """By `kind` and by `speaker class`, where the gold says them; then by label."""
    phenomena: dict[str, Split]
    """Recall alone means something here: what was found wrongly has no phenomenon."""
    calibration: Calibration
    judged: tuple[Judged, ...] = field(repr=False)
    paired: tuple[Paired, ...] = field(repr=False)


def evaluate(gold: GoldSet, found: Mapping[str, Sequence[Attribution]], catalogue: Catalogue) -> Evaluation:
    """Score what was found in each article, by name; an article that is not named had nothing found in it.

    `catalogue` says which names mean the same source.
    """
    same = same_by(catalogue)
    cue_weight = 0.0 if gold.form is Form.POLNEAR else CUE_WEIGHT  # PolNeAR cannot nest: its contents are told apart
    cases = [make_case(article, found.get(article.name, ())) for article in gold.articles]

    def figures(some: Sequence[Case]) -> tuple[Figures, list[Judged], list[Paired]]:
        judged = [judge(case, cue_weight=cue_weight) for case in some]
        paired = _verdicts(judged, same)
        return Figures(_rates(some, judged, paired, cue_weight), _shares(judged, paired)), judged, paired

    def split(
        of_gold: Callable[[GoldItem], str | None], of_found: Callable[[FoundItem], str | None]
    ) -> dict[str, Split]:
        labels = {of_gold(item) for case in cases for item in case.gold}
        parts: dict[str, Split] = {}
        for label in sorted(label for label in labels if label is not None):
            judged = [judge(case, cue_weight=cue_weight) for case in subset(cases, label, of_gold, of_found)]
            parts[label] = Split(_pooled(judged), _share(p.verdict.speaker for p in _verdicts(judged, same)))
        return parts

    whole, judged, paired = figures(cases)
    by_marks = {
        name: figures(
            subset(cases, name, lambda item: _by_marks(item.readings[0]), lambda item: _by_marks(item.marked))
        )[0]
        for name in ("direct", "rest")
    }
    return Evaluation(
        gold,
        whole,
        by_marks,
        {
            "kind": split(lambda item: item.value.kind, lambda item: item.value.kind),
            "speaker class": split(_gold_class, _found_class),
        },
        _phenomena(judged, paired),
        _calibration(judged, paired),
        tuple(judged),
        tuple(paired),
    )


def _by_marks(marked: Marked) -> str:
    return "direct" if marked.direct else "rest"


def _gold_class(item: GoldItem) -> str | None:
    speaker = item.value.speaker
    if speaker is None:
        return None
    return speaker.source_class or (None if speaker.named else SourceClass.AGENTLESS)


def _found_class(item: FoundItem) -> str | None:
    return item.value.speaker.source_class if item.value.speaker else SourceClass.AGENTLESS


def _verdicts(judged: Iterable[Judged], same: SameName) -> list[Paired]:
    return [Paired(each.case, pair, verdict(each.case, pair, same)) for each in judged for pair in each.pairs]


def _pooled(judged: Iterable[Judged]) -> PRF:
    return reduce(PRF.__add__, (PRF(len(each.pairs), each.found, each.gold) for each in judged), PRF(0, 0, 0))


def _share(answers: Iterable[bool | None]) -> Share:
    """The share of those that are right among those that can be judged."""
    known = [answer for answer in answers if answer is not None]
    return Share(sum(known), len(known))


def _rates(
    cases: Sequence[Case], judged: Sequence[Judged], paired: Sequence[Paired], cue_weight: float
) -> dict[str, PRF]:
    rates: dict[str, PRF] = {}
    for role in SpanRole:
        sides = [_span_sides(each, role) for each in judged]
        rates[f"{role}_exact"] = _overlap((spans for spans, _ in sides), Unit.SPANS)
        rates[f"{role}_overlap"] = _overlap((chars for _, chars in sides), Unit.CHARACTERS)
    for least in THRESHOLDS:
        at = judged if least == HALF else [judge(case, least=least, cue_weight=cue_weight) for case in cases]
        rates["attribution" if least == HALF else f"attribution_{least}"] = _pooled(at)
    half = rates["attribution"]

    def narrowed(answers: Iterable[bool | None]) -> PRF:
        return PRF(sum(answer is True for answer in answers), half.found, half.gold)

    rates["end_to_end"] = narrowed(p.verdict.source for p in paired)
    rates["end_to_end_word"] = narrowed(p.verdict.word for p in paired)
    if any(item.value.speaker is not None for case in cases for item in case.gold):
        rates["end_to_end_speaker"] = narrowed(p.verdict.speaker for p in paired)
    return rates


Sides = tuple[frozenset[object], frozenset[object]]
"""What was found and what is gold, as sets to be compared."""


def _span_sides(judged: Judged, role: SpanRole) -> tuple[Sides, Sides]:
    """One role's spans, and its characters, in what counts of an article: a span of several attributions once."""
    case = judged.case
    reading = {pair.gold: pair.reading for pair in judged.pairs}
    gold = [case.gold[number].readings[reading.get(number, 0)] for number in (*reading, *judged.missed)]
    found = [case.found[number].marked for number in (*(pair.found for pair in judged.pairs), *judged.invented)]
    spans, chars = (
        tuple(frozenset(at for marked in side for at in getattr(marked, what)[role]) for side in (found, gold))
        for what in ("spans", "chars")
    )
    return (spans[0], spans[1]), (chars[0], chars[1])


def _overlap(sides: Iterable[Sides], unit: Unit) -> PRF:
    counts = (PRF(len(found & gold), len(found), len(gold), unit) for found, gold in sides)
    return reduce(PRF.__add__, counts, PRF(0, 0, 0, unit))


def _shares(judged: Sequence[Judged], paired: Sequence[Paired]) -> dict[str, Share]:
    """Shares in which more is better. Those without anything to judge are left out."""
    stated = [p.case.gold[p.pair.gold].value.stated for p in paired]
    nested = [p.case.gold[p.pair.gold].value.parent is not None for p in paired]
    lost = sum(each.case.gold[number].value.parent is not None for each in judged for number in each.missed)
    distractors = sum(len(each.case.distractors) for each in judged)
    caught = sum(len(each.caught) for each in judged)
    shares = {
        "source": _share(p.verdict.source for p in paired),
        "source_word": _share(p.verdict.word for p in paired),
        "speaker": _share(p.verdict.speaker for p in paired),
        "chain": _share(p.verdict.chain for p in paired),
        "stated": _share(p.verdict.chain for p, says in zip(paired, stated, strict=True) if says),
        "unstated": _share(p.verdict.chain for p, says in zip(paired, stated, strict=True) if not says),
        "speaker_and_chain": _share(
            None if p.verdict.speaker is None or p.verdict.chain is None else p.verdict.speaker and p.verdict.chain
            for p in paired
        ),
        "kind": _share(p.verdict.kind for p in paired),
        "polarity": _share(p.verdict.polarity for p in paired),
        "nested": Share(sum(nested), sum(nested) + lost),
        "distractors": Share(distractors - caught, distractors),
    }
    return {name: share for name, share in shares.items() if share.n}


def _phenomena(judged: Sequence[Judged], paired: Sequence[Paired]) -> dict[str, Split]:
    counts: defaultdict[str, PRF] = defaultdict(lambda: PRF(0, 0, 0))
    speakers: defaultdict[str, list[bool | None]] = defaultdict(list)
    for each in judged:
        for number in each.missed:
            for name in phenomena_of(each.case.gold[number].value, each.case.article.text):
                counts[name] += PRF(0, 0, 1)
    for p in paired:
        for name in phenomena_of(p.case.gold[p.pair.gold].value, p.case.article.text):
            counts[name] += PRF(1, 1, 1)
            speakers[name].append(p.verdict.speaker)
    return {name: Split(counts[name], _share(speakers[name])) for name in PHENOMENA if name in counts}


def _calibration(judged: Sequence[Judged], paired: Sequence[Paired]) -> Calibration:
    """Right is what is paired at half overlap and has the right speaker, or source where no speaker is known."""
    answers = [(p.case.found[p.pair.found].value.confidence, p.verdict.right) for p in paired]
    answers += [(each.case.found[number].value.confidence, False) for each in judged for number in each.invented]
    return calibrate(answers)
