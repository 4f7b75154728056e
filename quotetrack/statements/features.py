"""What two contents have in common and in what they differ, as numbers: the same whichever of the two comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import fsum, log, log1p

from rapidfuzz import fuzz

from quotetrack.domain import Polarity
from quotetrack.statements.said import Said
from quotetrack.statements.words import STOP, Word, opposites, rarity

BRIEF = 4
"""In a content of no more telling words than this a negation denies all of it."""


@dataclass(frozen=True)
class Meeting:
    """Two that are compared, with all that the features and the reasons are made of."""

    a: Said
    b: Said

    def news(self, stems: Iterable[str]) -> float:
        """How much these stems tell together in these articles: what either says again and again tells less."""
        return fsum(
            rarity(stem) / (1 + log(max(self.a.topic.get(stem, 1), self.b.topic.get(stem, 1)))) for stem in stems
        )

    @cached_property
    def shared(self) -> frozenset[str]:
        """Telling stems that both contents have."""
        return self.a.stems & self.b.stems

    @cached_property
    def run(self) -> tuple[Word, ...]:
        """The longest run of words that both contents have."""
        start, size = _longest_run([w.stem for w in self.a.words], [w.stem for w in self.b.words])
        return self.a.words[start : start + size]

    @cached_property
    def same_numbers(self) -> frozenset[float]:
        return frozenset(self.a.numbers.keys() & self.b.numbers.keys())

    @cached_property
    def clashes(self) -> tuple[tuple[float, float, str], ...]:
        """Different numbers of what may be the same: the number in each, and what it counts."""
        return tuple(
            (one, other, max(sorted(units), key=rarity))
            for one in sorted(self.a.numbers.keys() - self.same_numbers)
            for other in sorted(self.b.numbers.keys() - self.same_numbers)
            if (units := self.a.numbers[one] & self.b.numbers[other])
        )

    @cached_property
    def other_days(self) -> bool:
        return bool(self.a.days and self.b.days and not self.a.days & self.b.days)

    @cached_property
    def turned(self) -> bool:
        """Whether one is negated or denied and the other is not."""
        return self._denied(self.a, self.b) != self._denied(self.b, self.a)

    @staticmethod
    def _denied(said: Said, other: Said) -> bool:
        """Whether one denies what both are about: a negation elsewhere in it says nothing of the other."""
        about = (said.stems & other.stems) or (said.stems & other.around)
        if not about or len(said.stems) <= BRIEF:
            return bool(said.negated) != said.is_denied
        return any(near & about for near in said.negated) != said.is_denied

    @cached_property
    def opposed(self) -> tuple[tuple[str, str], ...]:
        """Words of opposite meaning, one in each."""
        one, other = ({w.stem for w in said.words} for said in (self.a, self.b))
        return tuple(sorted((x, y) for x, y in opposites() if x in one - other and y in other - one))

    @cached_property
    def earlier(self) -> Said:
        return self.b if self._b_is_earlier else self.a

    @cached_property
    def later(self) -> Said:
        return self.a if self._b_is_earlier else self.b

    @cached_property
    def _b_is_earlier(self) -> bool:
        return self.a.dated is not None and self.b.dated is not None and self.b.dated < self.a.dated

    @cached_property
    def days_apart(self) -> float:
        if self.a.dated is None or self.b.dated is None:
            return 0.0
        return abs((self.a.dated - self.b.dated).total_seconds()) / 86400

    @cached_property
    def same_speaker(self) -> bool:
        return self.a.speaker is not None and self.a.speaker == self.b.speaker

    @cached_property
    def same_origin(self) -> bool:
        """Whether two speakers have one origin."""
        return not self.same_speaker and self.a.origin is not None and self.a.origin == self.b.origin


def features(pair: Meeting) -> dict[str, float]:
    """The numbers that the weights of `quotetrack.statements.weights` are for."""
    a, b = pair.a, pair.b
    in_a, in_b, shared = _weight(a.stems), _weight(b.stems), _weight(pair.shared)
    news = pair.news(pair.shared)
    contained = _share(news, min(pair.news(a.stems), pair.news(b.stems)))
    around_a, around_b = a.stems | a.around, b.stems | b.around
    within = _share(_weight(a.stems & around_b), in_a), _share(_weight(b.stems & around_a), in_b)
    cross = max(within)
    least = min(len(a.words), len(b.words))
    both_known = a.speaker is not None and b.speaker is not None
    silent_a, silent_b = (said.polarity is Polarity.NEGATED for said in (a, b))
    return {
        "bias": 1.0,
        "shared": log1p(shared),
        "dice": _share(2 * shared, in_a + in_b),
        "news": log1p(news),
        "contained": contained,
        "around": _dice(around_a, around_b),
        "around_news": _share(2 * pair.news(around_a & around_b), pair.news(around_a) + pair.news(around_b)),
        "cross": cross,
        "cross_both": min(within),
        "cross_speaker": min(within) * pair.same_speaker,
        "run": log1p(_weight({word.stem for word in pair.run if word.text not in STOP})),
        "run_share": _share(len(pair.run), least),
        "ratio": fuzz.ratio(a.plain, b.plain) / 100,
        "token_ratio": fuzz.token_set_ratio(a.plain, b.plain) / 100,
        "partial_ratio": fuzz.partial_ratio(a.plain, b.plain) / 100 if least > 3 else 0.0,
        "quoted": _dice(a.quoted, b.quoted) if a.quoted and b.quoted else 0.0,
        "short": float(least < 5),
        "same_number": float(bool(pair.same_numbers)),
        "clash": float(bool(pair.clashes)),
        "clash_speaker": float(bool(pair.clashes) and pair.same_speaker),
        "one_number": float(bool(a.numbers) != bool(b.numbers)),
        "other_days": float(pair.other_days),
        "turned": float(pair.turned),
        "turned_alike": pair.turned * cross,
        "turned_both": pair.turned * min(within),
        "denial": float(any(said.negated or said.is_denied for said in (a, b))),
        "silence": float(silent_a != silent_b),
        "both_silent": float(silent_a and silent_b),
        "opposed": float(bool(pair.opposed)),
        "same_speaker": float(pair.same_speaker),
        "same_speaker_later": log1p(pair.days_apart) * pair.same_speaker,
        "other_speaker": float(both_known and not pair.same_speaker),
        "same_origin": float(pair.same_origin),
        "same_chain": float(bool(a.sources & b.sources) and not pair.same_speaker),
    }


def _weight(stems: Iterable[str]) -> float:
    return fsum(map(rarity, stems))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return _share(2 * _weight(one & other), _weight(one) + _weight(other))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _longest_run(one: list[str], other: list[str]) -> tuple[int, int]:
    """Where the longest common run begins in `one`, and its length."""
    best = where = 0
    lengths: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for index, stem in enumerate(other):
        places.setdefault(stem, []).append(index)
    for index, stem in enumerate(one):
        following = {}
        for place in places.get(stem, ()):
            length = following[place] = lengths.get(place - 1, 0) + 1
            if length > best:
                best, where = length, index - length + 1
        lengths = following
    return where, best
