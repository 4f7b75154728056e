"""Which found attribution is which gold one: pairs, one to one, the closest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.evaluation.spans import Marked, iou

CUE_WEIGHT = 0.5
"""What the overlap of the cues adds where gold nests: there two attributions may have nearly the same content."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Gold attribution number `gold` is found attribution number `found`."""

    gold: int
    found: int
    overlap: float
    """Intersection over union of their contents, above 0."""
    reading: int
    """Which reading of the gold content comes closest."""


def closest(gold: Sequence[Marked], found: Marked) -> tuple[float, int]:
    """The overlap of the reading of `gold` whose content is closest to the one found, and its number."""
    return max((iou(reading.content, found.content), -number) for number, reading in enumerate(gold))


def pair(
    gold: Sequence[Sequence[Marked]], found: Sequence[Marked], *, least: float, cue_weight: float = 0.0
) -> list[Pair]:
    """Pairs whose contents overlap by `least` or more (0 to 1), best first; of equal ones the earliest.

    `gold` gives each attribution's readings. `cue_weight` is what full overlap of the cues adds to a pair's rank;
    it never makes a pair of contents that overlap too little.
    """
    ranked: list[tuple[float, int, int, Pair]] = []
    for number, readings in enumerate(gold):
        for other, marked in enumerate(found):
            overlap, negative = closest(readings, marked)
            if overlap and overlap >= least:
                rank = overlap + (cue_weight * iou(readings[0].cue, marked.cue) if cue_weight else 0.0)
                ranked.append((-rank, number, other, Pair(number, other, overlap, -negative)))
    pairs: list[Pair] = []
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    for *_, candidate in sorted(ranked, key=lambda entry: entry[:3]):
        if candidate.gold not in taken_gold and candidate.found not in taken_found:
            taken_gold.add(candidate.gold)
            taken_found.add(candidate.found)
            pairs.append(candidate)
    return pairs
