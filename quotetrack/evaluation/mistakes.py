"""Every mistake of an evaluation, with what was wanted and what was got."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from quotetrack.domain import Attribution, Spans
from quotetrack.evaluation.gold import Distractor, GoldArticle, GoldAttribution
from quotetrack.evaluation.judge import Judged
from quotetrack.evaluation.match import pair
from quotetrack.evaluation.score import Evaluation, Paired


class Problem(StrEnum):
    """What is wrong."""

    MISSED = "missed"
    """In the gold, and nothing like it was found."""
    INVENTED = "invented"
    """Found, and nothing like it is in the gold."""
    BOUNDARIES = "boundaries"
    """Found, but the content overlaps too little: it counts as missed and as invented."""
    DISTRACTOR = "distractor"
    """Found, and the gold says that it must not be."""
    SOURCE = "source"
    """The wrong words, or none, as the source."""
    SPEAKER = "speaker"
    CHAIN = "chain"
    KIND = "kind"
    POLARITY = "polarity"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: a gold attribution, a found one, or both, and what is wrong with them."""

    article: GoldArticle
    problems: tuple[Problem, ...]
    gold: GoldAttribution | None = None
    reading: int = 0
    """Which reading of the gold content was compared."""
    found: Attribution | None = None
    distractor: Distractor | None = None

    @property
    def start(self) -> int:
        """Where in the article it begins."""
        spans = (self.gold.content if self.gold else ()) + (self.found.content if self.found else ())
        return min((span.start for span in spans), default=0)

    def as_dict(self) -> dict[str, Any]:
        """Its form in JSON, without the article's text."""
        return {
            "article": self.article.name,
            "problems": list(self.problems),
            "gold": _gold_dict(self.gold, self.reading) if self.gold else None,
            "distractor": self.distractor.id if self.distractor else None,
            "found": _found_dict(self.found) if self.found else None,
        }


def mistakes(evaluation: Evaluation) -> tuple[Mistake, ...]:
    """All mistakes, article by article, in the order in which they stand there."""
    by_article: dict[str, list[Mistake]] = {each.case.article.name: [] for each in evaluation.judged}
    for paired in evaluation.paired:
        if problems := tuple(_problems(paired)):
            case, which = paired.case, paired.pair
            by_article[case.article.name].append(
                Mistake(
                    case.article,
                    problems,
                    case.gold[which.gold].value,
                    which.reading,
                    case.found[which.found].value,
                )
            )
    for each in evaluation.judged:
        by_article[each.case.article.name] += _unpaired(each)
    return tuple(
        mistake for found in by_article.values() for mistake in sorted(found, key=lambda mistake: mistake.start)
    )


def _problems(paired: Paired) -> Iterator[Problem]:
    verdict = paired.verdict
    if not verdict.source:
        yield Problem.SOURCE
    for problem, right in (
        (Problem.SPEAKER, verdict.speaker),
        (Problem.CHAIN, verdict.chain),
        (Problem.KIND, verdict.kind),
        (Problem.POLARITY, verdict.polarity),
    ):
        if right is False:
            yield problem


def _unpaired(judged: Judged) -> Iterator[Mistake]:
    """What was missed and what was invented; where the two touch, they are one mistake."""
    case, article = judged.case, judged.case.article
    near = pair(
        [case.gold[number].readings for number in judged.missed],
        [case.found[number].marked for number in judged.invented],
        least=0.0,
    )
    caught = {found: article.distractors[number] for number, found in judged.caught.items()}
    touched_gold, touched = set(), set()
    for each in near:
        gold, found = judged.missed[each.gold], judged.invented[each.found]
        touched_gold.add(gold)
        touched.add(found)
        problems = (Problem.BOUNDARIES, *((Problem.DISTRACTOR,) if found in caught else ()))
        yield Mistake(
            article, problems, case.gold[gold].value, each.reading, case.found[found].value, caught.get(found)
        )
    for number in judged.missed:
        if number not in touched_gold:
            yield Mistake(article, (Problem.MISSED,), gold=case.gold[number].value)
    for number in sorted({*judged.invented, *caught}):
        if number not in touched:
            problem = Problem.DISTRACTOR if number in caught else Problem.INVENTED
            yield Mistake(article, (problem,), found=case.found[number].value, distractor=caught.get(number))


def gold_speaker(gold: GoldAttribution) -> str | None:
    """Who is wanted as the speaker, in words; None where the gold does not say."""
    if gold.speaker is None:
        return None
    return _with_class(gold.speaker.names[0] if gold.speaker.named else "nobody", gold.speaker.source_class)


def gold_chain(gold: GoldAttribution) -> str | None:
    """The channels that are wanted, in words; None where the gold does not say."""
    if gold.chains is None:
        return None
    return " or ".join(_arrows([names[0] for names in chain]) for chain in gold.chains)


def found_speaker(found: Attribution) -> str:
    """The speaker that was found, in words."""
    return _with_class(found.speaker.name, found.speaker.source_class) if found.speaker else "nobody"


def found_chain(found: Attribution) -> str:
    """The channels that were found, in words."""
    return _arrows([hop.name for hop in found.channels])


def _with_class(name: str, source_class: str | None) -> str:
    return f"{name} ({source_class.replace('_', ' ')})" if source_class else name


def _arrows(names: list[str]) -> str:
    return " → ".join(names) or "no channel"


def _gold_dict(gold: GoldAttribution, reading: int) -> dict[str, Any]:
    return {
        "id": gold.id,
        "content": _pairs(gold.readings[reading]),
        "cue": _pairs(gold.cue),
        "source": _pairs(gold.source),
        "kind": gold.kind,
        "polarity": gold.polarity,
        "speaker": list(gold.speaker.names) if gold.speaker else None,
        "chains": [[list(names) for names in chain] for chain in gold.chains] if gold.chains is not None else None,
    }


def _found_dict(found: Attribution) -> dict[str, Any]:
    return {
        "content": _pairs(found.content),
        "cue": _pairs(found.cue),
        "source": _pairs(found.source),
        "kind": found.kind,
        "polarity": found.polarity,
        "speaker": found.speaker.name if found.speaker else None,
        "chain": [hop.name for hop in found.channels],
        "confidence": found.confidence,
    }


def _pairs(spans: Spans) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
