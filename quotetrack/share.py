"""Shares with their uncertainty."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

Z95 = 1.959963984540054
MIN_N = 10
"""Below this many observations a share says more about chance than about the source: it is shown as a count only."""


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n`, with a 95 % interval."""

    k: int
    n: int

    @property
    def value(self) -> float | None:
        return self.k / self.n if self.n else None

    @property
    def judged(self) -> bool:
        """Whether there are enough observations to state a share at all."""
        return self.n >= MIN_N

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval at 95 % (E. B. Wilson, JASA 22, 1927, p. 209); None without observations."""
        if not self.n:
            return None
        p, n, zz = self.k / self.n, self.n, Z95 * Z95
        centre = (p + zz / (2 * n)) / (1 + zz / n)
        half = Z95 / (1 + zz / n) * sqrt(p * (1 - p) / n + zz / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        """For a table: "42 % (31–54, n = 64)", or "3 of 7, too few to judge"."""
        if not self.n:
            return "–"
        interval = self.interval
        if not self.judged or interval is None:
            return f"{self.k} of {self.n}, too few to judge"
        low, high = interval
        return f"{100 * self.k / self.n:.0f} % ({100 * low:.0f}–{100 * high:.0f}, n = {self.n})"

    def as_dict(self) -> dict[str, Any]:
        interval = self.interval
        return {
            "k": self.k,
            "n": self.n,
            "share": self.value if self.judged else None,
            "low": interval[0] if interval and self.judged else None,
            "high": interval[1] if interval and self.judged else None,
            "judged": self.judged,
        }
