"""Spans, their pairing, names and calibration: the parts that all figures rest on."""

import itertools
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quotetrack.domain import Span, SpanRole
from quotetrack.evaluation.figures import PRF, calibrate
from quotetrack.evaluation.match import pair
from quotetrack.evaluation.names import same_by
from quotetrack.evaluation.spans import Marked, canonical, iou, mark, quoted, visible
from quotetrack.sources.catalogue import bundled_catalogue

TEXT = 'It is  "so" .\n' * 8
SPANS = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 30)).map(
        lambda pair: Span(pair[0], min(len(TEXT), pair[0] + pair[1]))
    ),
    max_size=4,
).map(tuple)
MARKED = st.tuples(SPANS.filter(bool), SPANS).map(
    lambda both: mark(both[0], both[1], (), text=TEXT, inside=quoted(TEXT))
)

# Spans.


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(0, 2), (3, 5)], [(0, 5)]),  # only white space parts them
        ([(3, 5), (0, 2)], [(0, 5)]),
        ([(0, 2), (8, 10)], [(0, 2), (8, 10)]),
        ([(0, 5), (3, 4)], [(0, 5)]),
        ([(2, 3), (5, 7)], []),  # white space alone
        ([(2, 6)], [(3, 5)]),
        ([], []),
    ],
)
def test_spans_are_made_canonical(given: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    assert canonical((Span(*each) for each in given), "It is   so.") == tuple(Span(*each) for each in expected)


@given(SPANS)
def test_canonical_spans_keep_every_visible_character_and_stay_as_they_are(spans: tuple[Span, ...]) -> None:
    once = canonical(spans, TEXT)
    assert visible(once, TEXT) == visible(spans, TEXT)
    assert canonical(once, TEXT) == once
    assert all(not TEXT[at].isspace() for span in once for at in (span.start, span.end - 1))
    assert all(one.end < other.start for one, other in itertools.pairwise(once))


@given(st.frozensets(st.integers(0, 20)), st.frozensets(st.integers(0, 20)))
def test_overlap_is_symmetric_and_a_share(one: frozenset[int], other: frozenset[int]) -> None:
    assert iou(one, other) == iou(other, one)
    assert 0 <= iou(one, other) <= 1
    assert (iou(one, other) == 1) == (one == other and bool(one))
    assert (iou(one, other) == 0) == (not one & other)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("say “yes” now", "“yes”"),
        ('say "yes" now', '"yes"'),
        ("say ``yes'' now", "``yes''"),
        ("say “yes\nnow", "“yes"),  # left open: to the end of the line
        ("say” now", ""),  # closes nothing
        ("“one “two” three", "“one “two”"),  # opens twice
        ("“end", "“end"),
        ("it’s 'so'", ""),
    ],
)
def test_what_is_inside_quotation_marks(text: str, inside: str) -> None:
    assert "".join(text[at] for at in sorted(quoted(text))) == inside


@pytest.mark.parametrize(("content", "direct"), [("12345678", False), ("“12345678”90", True), ("“12345678”901", False)])
def test_content_is_direct_from_four_fifths_on(content: str, direct: bool) -> None:
    text = f"{content} is what he said"
    assert mark((Span(0, len(content)),), (), (), text=text, inside=quoted(text)).direct is direct


# Pairs.


def of(*chars: int, cue: tuple[int, ...] = ()) -> Marked:
    parts = {SpanRole.CONTENT: frozenset(chars), SpanRole.CUE: frozenset(cue), SpanRole.SOURCE: frozenset[int]()}
    return Marked({}, parts, False)


def pairs(gold: list[Marked], found: list[Marked], least: float = 0.0, cue_weight: float = 0.0) -> set[tuple[int, int]]:
    return {(p.gold, p.found) for p in pair([[g] for g in gold], found, least=least, cue_weight=cue_weight)}


def test_the_closest_are_paired_first_and_each_once() -> None:
    gold, found = [of(1, 2, 3, 4), of(1, 2)], [of(1, 2, 3), of(1, 2, 3, 4)]
    assert pairs(gold, found) == {(0, 1), (1, 0)}
    assert pairs(gold, found, least=0.7) == {(0, 1)}
    assert pairs(gold, found, least=2 / 3) == {(0, 1), (1, 0)}
    assert pairs(gold, []) == pairs([], found) == set()


def test_the_cue_decides_between_contents_only_if_it_is_asked_and_makes_no_pair() -> None:
    gold = [of(1, 2, 3, 4, cue=(8,)), of(1, 2, 3, cue=(9,))]
    found = [of(1, 2, 3, 4, cue=(9,))]
    assert pairs(gold, found) == {(0, 0)}
    assert pairs(gold, found, cue_weight=0.5) == {(1, 0)}
    assert pairs([of(1, cue=(9,))], [of(2, cue=(9,))], cue_weight=0.5) == set()


def test_the_reading_that_comes_closest_counts() -> None:
    [found] = pair([[of(1, 2), of(1, 2, 3), of(3)]], [of(1, 2, 3)], least=0.5)
    assert (found.overlap, found.reading) == (1.0, 1)


@given(st.lists(MARKED, max_size=5), st.lists(MARKED, max_size=5), st.sampled_from((0.0, 0.3, 0.5)), st.randoms())
def test_pairing_is_symmetric_one_to_one_and_needs_no_order(
    gold: list[Marked], found: list[Marked], least: float, chance: random.Random
) -> None:
    overlaps = [iou(g.content, f.content) for g in gold for f in found if g.content & f.content]
    assume(len(set(overlaps)) == len(overlaps))  # else the order decides
    there = pairs(gold, found, least)
    assert {(g, f) for f, g in pairs(found, gold, least)} == there
    assert len({g for g, _ in there}) == len({f for _, f in there}) == len(there)
    assert all(iou(gold[g].content, found[f].content) >= least for g, f in there)
    order = list(range(len(found)))
    chance.shuffle(order)
    assert {(g, order[f]) for g, f in pairs(gold, [found[at] for at in order], least)} == there
    lonely = [(g, f) for g in range(len(gold)) for f in range(len(found)) if not {g} & {a for a, _ in there}]
    assert not [
        1 for g, f in lonely if f not in {b for _, b in there} and iou(gold[g].content, found[f].content) > least
    ]


# Names.


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("KCNA", "Korean Central News Agency", True),
        ("the Korean Central News Agency’s", "KCNA", True),
        ("Washington", "U.S. government", True),
        ("Kyodo", "Kyodo News", True),
        ("Kim", "Kim Jong Un", True),
        ("spokesman Dmitry Peskov", "Peskov", True),
        ("Kim and Putin", "Kim Jong Un and Vladimir Putin", True),
        ("foreign experts", "Foreign Experts", True),
        ("China", "China Daily", False),  # the catalogue knows both
        ("Moscow", "Kremlin", False),
        ("Dmitry Medvedev", "Dmitry Peskov", False),
        ("Kim Yo Jong", "Kim Jong Un", False),
        ("minister", "the minister of defence", False),  # names nobody
        ("Col", "Col. Andriy Lysko", False),
        ("Lysko", "Col. Andriy Lysko", True),
        ("a spokesman for the Iranian president", "Iranian Foreign Ministry", False),
        ("Japan", "Japan Coast Guard", False),
        ("", "Kim", False),
    ],
)
def test_names_mean_the_same_source(one: str, other: str, expected: bool) -> None:
    same = same_by(bundled_catalogue())
    assert same(one, [other]) is same(other, [one]) is expected
    assert same(one, ["Nobody At All", other]) is expected
    assert not same(one, [])


# Figures.


def test_f1_is_the_harmonic_mean() -> None:
    rate = PRF(right=6, found=8, gold=12)
    assert (rate.precision.value, rate.recall.value) == (0.75, 0.5)
    assert rate.f1 == pytest.approx(0.6)
    assert (PRF(0, 3, 0).f1, PRF(0, 0, 0).f1) == (0.0, None)
    assert rate + PRF(1, 1, 1) == PRF(7, 9, 13)


def test_calibration_by_hand() -> None:
    judged = [(0.2, False), (0.4, True), (0.6, True), (0.8, True)]
    found = calibrate(judged, bins=2)
    assert [(b.low, b.high, b.right.k, b.right.n) for b in found.bins] == [(0.2, 0.4, 1, 2), (0.6, 0.8, 2, 2)]
    assert [b.confidence for b in found.bins] == pytest.approx([0.3, 0.7])
    assert found.error == pytest.approx((2 * 0.2 + 2 * 0.3) / 4)
    assert (calibrate([]).error, calibrate([]).bins) == (None, ())


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80))
def test_bins_are_equal_in_count_and_lose_nobody(judged: list[tuple[float, bool]]) -> None:
    found = calibrate(judged)
    sizes = [each.right.n for each in found.bins]
    assert found.n == sum(sizes) == len(judged)
    assert len(sizes) == min(10, len(judged))
    assert max(sizes) - min(sizes) <= 1
    assert sum(each.right.k for each in found.bins) == sum(right for _, right in judged)
    assert all(one.high <= other.low for one, other in zip(found.bins, found.bins[1:], strict=False))
    assert found.error is not None
    assert 0 <= found.error <= 1
