"""Shares with their uncertainty, and the middle of what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isqrt, lgamma, log, log1p, sqrt
from statistics import quantiles
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


def jeffreys(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of the Beta posterior for `k` of `n`, from Jeffreys' prior Beta(½, ½): equal tails.

    That prior gives a beta reputation (Jøsang & Ismail, Bled 2002) whose intervals also cover as often as they say
    when little is known (L. D. Brown, T. T. Cai & A. DasGupta, Statistical Science 16, 2001, p. 101); theirs is the
    rule that the interval reaches 0 for none and 1 for all.
    """
    a, b = k + 0.5, n - k + 0.5
    return (0.0 if k == 0 else _beta_quantile(0.025, a, b)), (1.0 if k == n else _beta_quantile(0.975, a, b))


def _beta_quantile(p: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _beta_cdf(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_cdf(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function, by its continued fraction (NIST DLMF 8.17.22)."""
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast only below its mean
        return 1 - _beta_cdf(1 - x, b, a)
    fraction = 1.0
    for step in range(200 + 8 * isqrt(int(a + b)), 0, -1):  # far more terms than it takes, from the last to the first
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        fraction = 1 + term / fraction
    return exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a / fraction


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile, by linear interpolation between the values. Needs one at least."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, median, high = quantiles(values, n=4, method="inclusive")
    return low, median, high
