"""The kinds of figures an evaluation gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from quotetrack.share import Share

BINS = 10
"""Bins of the calibration, of equal count."""


class Unit(StrEnum):
    """What a figure counts."""

    ATTRIBUTIONS = "attributions"
    SPANS = "spans"
    CHARACTERS = "characters"
    """They stand and fall by the span, so an interval that took them for independent would be far too narrow."""


@dataclass(frozen=True, slots=True)
class PRF:
    """Precision, recall and their harmonic mean: `right` of `found`, and `right` of `gold`."""

    right: int
    found: int
    gold: int
    unit: Unit = Unit.ATTRIBUTIONS

    @property
    def precision(self) -> Share:
        """The share of what was found that is right."""
        return Share(self.right, self.found)

    @property
    def recall(self) -> Share:
        """The share of the gold that was found."""
        return Share(self.right, self.gold)

    @property
    def f1(self) -> float | None:
        """0 to 1; None where there is neither gold nor anything found."""
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else None

    def __add__(self, other: "PRF") -> "PRF":
        """The counts of both, pooled."""
        return PRF(self.right + other.right, self.found + other.found, self.gold + other.gold, self.unit)


@dataclass(frozen=True, slots=True)
class Bin:
    """Found attributions of about the same confidence."""

    low: float
    high: float
    """The lowest and the highest confidence in it."""
    confidence: float
    """Their mean confidence."""
    right: Share
    """How many of them are right."""

    @property
    def gap(self) -> float:
        """How far confidence and truth are apart, 0 to 1."""
        return abs(self.confidence - (self.right.value or 0.0))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether a confidence of 80 % means right in 80 of 100 cases."""

    bins: tuple[Bin, ...]

    @property
    def n(self) -> int:
        """How many found attributions it rests on."""
        return sum(each.right.n for each in self.bins)

    @property
    def error(self) -> float | None:
        """The expected calibration error: the bins' gaps, weighted by their counts. None if nothing was found."""
        return sum(each.right.n * each.gap for each in self.bins) / self.n if self.n else None


def calibrate(judged: Sequence[tuple[float, bool]], bins: int = BINS) -> Calibration:
    """Put (confidence, right) pairs into `bins` bins of equal count, or as near to it as their number allows.

    Fewer pairs than bins make a bin each. Equal confidences keep their order, and may lie on both sides of a border.
    """
    ordered = sorted(judged, key=lambda pair: pair[0])
    count = min(bins, len(ordered))
    borders = [round(number * len(ordered) / count) for number in range(count + 1)] if count else []
    return Calibration(tuple(_bin(ordered[start:end]) for start, end in pairwise(borders)))


def _bin(pairs: Sequence[tuple[float, bool]]) -> Bin:
    confidences = [confidence for confidence, _ in pairs]
    right = sum(is_right for _, is_right in pairs)
    return Bin(confidences[0], confidences[-1], sum(confidences) / len(pairs), Share(right, len(pairs)))
