"""One article judged: which found attribution is which gold one, and what of it is right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from quotetrack.domain import Attribution, SourceClass
from quotetrack.evaluation.gold import Chain, GoldArticle, GoldAttribution, Speaker
from quotetrack.evaluation.match import Pair, closest, pair
from quotetrack.evaluation.names import SameName
from quotetrack.evaluation.spans import Marked, iou, mark, quoted

HALF = 0.5
"""The overlap (intersection over union) from which two spans count as the same."""


@dataclass(frozen=True, slots=True)
class GoldItem:
    """A gold attribution with its readings as they are scored."""

    value: GoldAttribution
    readings: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A found attribution as it is scored."""

    value: Attribution
    marked: Marked


@dataclass(frozen=True, slots=True)
class Case:
    """One article to be judged: its gold, and what was found in it."""

    article: GoldArticle
    gold: tuple[GoldItem, ...]
    found: tuple[FoundItem, ...]
    distractors: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a case at one threshold. Numbers index the case's `gold` and `found`."""

    case: Case
    pairs: tuple[Pair, ...]
    """Pairs of gold that counts."""
    missed: tuple[int, ...]
    """Gold that counts and was not found."""
    invented: tuple[int, ...]
    """Found, counts, and is no gold."""
    caught: dict[int, int]
    """For each distractor that was found, by its number: the found attribution."""

    @property
    def gold(self) -> int:
        """How many gold attributions count."""
        return len(self.pairs) + len(self.missed)

    @property
    def found(self) -> int:
        """How many found attributions count."""
        return len(self.pairs) + len(self.invented)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of a pair is right; None where the gold does not say."""

    source: bool
    """The sources overlap by half or more, or both have none."""
    word: bool
    """The sources share a letter or digit, or both have none."""
    speaker: bool | None
    chain: bool | None
    """Every channel right, and in order."""
    kind: bool | None
    polarity: bool | None

    @property
    def right(self) -> bool:
        """Right for the calibration: who said it, by name where the gold names the speaker, else by the source."""
        return self.source if self.speaker is None else self.speaker


def make_case(article: GoldArticle, found: Sequence[Attribution]) -> Case:
    """An article's gold and what was found in it, made ready for scoring."""
    text, inside = article.text, quoted(article.text)
    gold = tuple(
        GoldItem(each, tuple(mark(r, each.cue, each.source, text=text, inside=inside) for r in each.readings))
        for each in article.attributions
    )
    items = tuple(FoundItem(a, mark(a.content, a.cue, a.source, text=text, inside=inside)) for a in found)
    distractors = tuple(mark(each.content, (), (), text=text, inside=inside) for each in article.distractors)
    return Case(article, gold, items, distractors)


def judge(case: Case, *, least: float = HALF, cue_weight: float = 0.0) -> Judged:
    """Pair gold and found at overlap `least`, with borderline gold set aside.

    What is paired with borderline gold does not count, nor does what is unpaired and overlaps it by `least`.
    """
    marked = [item.marked for item in case.found]
    pairs = pair([item.readings for item in case.gold], marked, least=least, cue_weight=cue_weight)
    counted = [each for each in pairs if not case.gold[each.gold].value.borderline]
    matched_gold, matched = {each.gold for each in pairs}, {each.found for each in pairs}
    borderline = [item.readings for item in case.gold if item.value.borderline]
    unpaired = [number for number in range(len(case.found)) if number not in matched]
    caught: dict[int, int] = {}
    for number, distractor in enumerate(case.distractors):
        hits = [other for other in unpaired if iou(distractor.content, marked[other].content) >= least]
        if hits:
            caught[number] = max(hits, key=lambda other: iou(distractor.content, marked[other].content))
    return Judged(
        case,
        tuple(counted),
        tuple(
            number for number, item in enumerate(case.gold) if number not in matched_gold and not item.value.borderline
        ),
        tuple(
            number
            for number in unpaired
            if not any(closest(readings, marked[number])[0] >= least for readings in borderline)
        ),
        caught,
    )


def verdict(case: Case, pair: Pair, same: SameName) -> Verdict:
    """What of one pair is right."""
    gold, found = case.gold[pair.gold], case.found[pair.found]
    want, got = gold.readings[pair.reading].source, found.marked.source
    neither = not want and not got
    value = gold.value
    return Verdict(
        source=neither or iou(want, got) >= HALF,
        word=neither or any(case.article.text[at].isalnum() for at in want & got),
        speaker=None if value.speaker is None else _speaker_right(value.speaker, found.value, same),
        chain=None if value.chains is None else any(_chain_right(each, found.value, same) for each in value.chains),
        kind=None if value.kind is None else found.value.kind is value.kind,
        polarity=None if value.polarity is None else found.value.polarity is value.polarity,
    )


def _speaker_right(gold: Speaker, found: Attribution, same: SameName) -> bool:
    said = found.speaker
    if gold.named:
        return said is not None and same(said.name, gold.names)
    return said is None or said.source_class is SourceClass.AGENTLESS or same(said.name, gold.tolerated)


def _chain_right(gold: Chain, found: Attribution, same: SameName) -> bool:
    got = [hop.name for hop in found.channels]
    return len(got) == len(gold) and all(same(name, names) for name, names in zip(got, gold, strict=True))


def subset(
    cases: Sequence[Case],
    label: str,
    of_gold: Callable[[GoldItem], str | None],
    of_found: Callable[[FoundItem], str | None],
) -> list[Case]:
    """The cases with only the attributions of one group.

    A found attribution is in the group of the gold one whose content it overlaps most, else in its own. Distractors
    belong to no group.
    """

    def belongs(item: FoundItem, gold: Sequence[GoldItem]) -> bool:
        near = max(gold, key=lambda other: closest(other.readings, item.marked)[0], default=None)
        if near is not None and closest(near.readings, item.marked)[0] > 0:
            return of_gold(near) == label
        return of_found(item) == label

    return [
        replace(
            case,
            gold=tuple(item for item in case.gold if of_gold(item) == label),
            found=tuple(item for item in case.found if belongs(item, case.gold)),
            distractors=(),
        )
        for case in cases
    ]
