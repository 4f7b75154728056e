"""Shares and their intervals against published values, against what defines them, and against SciPy."""

from math import sqrt

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from quotetrack.share import MIN_N, Share, jeffreys, quartiles

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998), table I, method 3; Brown, Cai & DasGupta's example of 0 in 10.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
        (0, 10, 0.0, 0.2775),
    ],
)
def test_published_wilson_intervals(k: int, n: int, low: float, high: float) -> None:
    assert Share(k, n).interval == pytest.approx((low, high), abs=6e-5)


@given(counts)
def test_an_interval_ends_where_the_score_test_just_rejects(counts: tuple[int, int]) -> None:
    """Wilson's bounds are the roots of (k/n - p)² = z² p(1 - p)/n: here by the quadratic formula."""
    k, n = counts
    interval = Share(k, n).interval
    assert interval is not None
    z = 1.959963984540054
    a, b, c = n + z * z, -(2 * k + z * z), k * k / n
    root = sqrt(max(0.0, b * b - 4 * a * c))
    assert interval == pytest.approx((max(0.0, (-b - root) / (2 * a)), (-b + root) / (2 * a)), abs=1e-9)
    assert 0 <= interval[0] <= k / n + 1e-12
    assert k / n - 1e-12 <= interval[1] <= 1


def test_nothing_observed_has_no_share() -> None:
    share = Share(0, 0)
    assert (share.value, share.interval, share.judged, str(share)) == (None, None, False, "–")
    assert share.as_dict() == {"k": 0, "n": 0, "share": None, "low": None, "high": None, "judged": False}


def test_too_few_are_counted_and_not_judged() -> None:
    few, enough = Share(3, MIN_N - 1), Share(3, MIN_N)
    assert str(few) == f"3 of {MIN_N - 1}, too few to judge"
    assert few.as_dict() == {"k": 3, "n": MIN_N - 1, "share": None, "low": None, "high": None, "judged": False}
    assert enough.as_dict()["share"] == 0.3
    assert str(Share(27, 64)) == "42 % (31–54, n = 64)"


@given(counts)
def test_jeffreys_interval_has_equal_tails_of_the_posterior(counts: tuple[int, int]) -> None:
    k, n = counts
    low, high = jeffreys(k, n)
    posterior = beta(k + 0.5, n - k + 0.5)
    assert low == pytest.approx(0.0 if k == 0 else posterior.ppf(0.025), rel=1e-9)
    assert high == pytest.approx(1.0 if k == n else posterior.ppf(0.975), rel=1e-9)
    assert low <= k / n <= high


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_quartiles_are_numpys(values: list[float]) -> None:
    assert quartiles(values) == pytest.approx(tuple(numpy.percentile(values, (25, 50, 75))), abs=1e-6)
