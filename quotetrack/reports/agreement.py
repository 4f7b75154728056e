"""How far two people agree who judged the same attributions, each without seeing what the other decided.

Pure functions over pairs of judgements. Spans are compared by their characters (code points).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quotetrack.domain import SpanRole, Spans, Status

if TYPE_CHECKING:
    from quotetrack.store.decisions import Pair, State

CAVEATS = (
    "Cohen's κ is agreement beyond chance; it is not defined where both gave one and the same answer throughout.",
    "Speaker, kind, polarity and spans are compared where both accepted; `verdict` compares accepting and rejecting.",
    "F1 of spans counts characters over all items together.",
)


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's κ (J. Cohen, Educational and Psychological Measurement 20, 1960, p. 37)."""

    n: int
    observed: float | None
    """Share of items on which both gave the same answer."""
    expected: float | None
    """Share that chance would give, by how often each gave each answer."""

    @property
    def value(self) -> float | None:
        if self.observed is None or self.expected is None or self.expected == 1:
            return None
        return (self.observed - self.expected) / (1 - self.expected)

    def as_dict(self) -> dict[str, Any]:
        return {"kappa": self.value, "observed": self.observed, "expected": self.expected, "n": self.n}


def kappa(answers: Iterable[tuple[Hashable, Hashable]]) -> Kappa:
    """κ over pairs of answers, the first of one person and the second of the other."""
    table = Counter(answers)
    n = table.total()
    if not n:
        return Kappa(0, None, None)
    ones: Counter[Hashable] = Counter()
    others: Counter[Hashable] = Counter()
    for (one, other), count in table.items():
        ones[one] += count
        others[other] += count
    same = sum(count for (one, other), count in table.items() if one == other)
    return Kappa(n, same / n, sum(ones[answer] * others[answer] for answer in ones) / (n * n))


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far spans cover the same characters."""

    n: int
    """Items in which at least one of the two marked something."""
    both: int
    """Characters that both marked."""
    one: int
    other: int

    @property
    def f1(self) -> float | None:
        marked = self.one + self.other
        return 2 * self.both / marked if marked else None

    def as_dict(self) -> dict[str, Any]:
        return {"f1": self.f1, "n": self.n}


def overlap(spans: Iterable[tuple[Spans, Spans]]) -> Overlap:
    """F1 over pairs of spans, all items together."""
    n = both = ones = others = 0
    for one, other in spans:
        n += bool(one or other)
        ones += sum(map(len, one))
        others += sum(map(len, other))
        both += sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    return Overlap(n, both, ones, others)


def _speaker(state: "State") -> int | None:
    return state.speaker.source_id if state.speaker else None


def _accepted(state: "State") -> bool:
    return state.status is Status.ACCEPTED


def agreement(pairs: "Sequence[Pair]") -> dict[str, Any]:
    """The report, ready for JSON."""
    accepted = [pair for pair in pairs if _accepted(pair.first) and _accepted(pair.second)]
    spans = {
        role.value: overlap((pair.first.spans(role), pair.second.spans(role)) for pair in accepted).as_dict()
        for role in SpanRole
    }
    return {
        "report": "agreement",
        "items": len(pairs),
        "both_accepted": len(accepted),
        "reviewers": sorted({name for pair in pairs for name in (pair.first_reviewer, pair.second_reviewer)}),
        "kappa": {
            "verdict": kappa((_accepted(p.first), _accepted(p.second)) for p in pairs).as_dict(),
            "speaker": kappa((_speaker(p.first), _speaker(p.second)) for p in accepted).as_dict(),
            "kind": kappa((p.first.kind, p.second.kind) for p in accepted).as_dict(),
            "polarity": kappa((p.first.polarity, p.second.polarity) for p in accepted).as_dict(),
        },
        "overlap": spans,
        "caveats": list(CAVEATS),
    }
