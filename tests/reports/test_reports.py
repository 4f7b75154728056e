"""Figures: shares with their uncertainty, and counts that plain Python finds in the same data."""

import io
import json
from collections import Counter
from datetime import datetime, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from quotetrack.reports.build import overview, source_report
from quotetrack.reports.terminal import draw_overview, draw_source
from quotetrack.share import MIN_N, Share
from quotetrack.store.decisions import rename, set_controller
from quotetrack.store.engine import Engine
from quotetrack.store.figures import Scope, SourceFacts, source_counts, source_facts, totals
from tests.store.build import CLASSES, NAMES, START, Told, channel, hear, quote, save, speaker

Record = tuple[Engine, list[Told]]
MIDDLE = START + timedelta(days=12)
SCOPES = (
    Scope(), Scope(since=MIDDLE), Scope(until=MIDDLE), Scope(MIDDLE - timedelta(days=6), MIDDLE + timedelta(days=6)),
    Scope(outlet="ранок"), Scope(outlet="Eastern Desk", since=START), Scope(outlet="Nowhere"),
)  # fmt: skip
UNNAMED = {name for name, source_class in CLASSES.items() if source_class in ("unnamed", "unnamed_group")}


# Shares.


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


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
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


# Counts.


def in_scope(told: list[Told], scope: Scope, *, rejected: bool = False) -> list[Told]:
    def fits(t: Told) -> bool:
        if scope.outlet and (t.outlet or "").lower() != scope.outlet.lower():
            return False
        if scope.since and (t.published is None or t.published < scope.since):
            return False
        if scope.until and (t.published is None or t.published >= scope.until):
            return False
        return rejected or t.status != "rejected"

    return [t for t in told if fits(t)]


@pytest.mark.parametrize("scope", SCOPES)
def test_totals_are_what_plain_python_counts(scope: Scope, record: Record) -> None:
    engine, told = record
    mine, all_of_it = in_scope(told, scope), in_scope(told, scope, rejected=True)
    found = totals(engine, scope)
    assert found.articles == len({t.article for t in mine})
    assert found.outlets == len({t.outlet for t in mine} - {None})
    assert found.attributions == len(mine)
    assert found.with_speaker == sum(t.speaker is not None for t in mine)
    assert found.unnamed == sum(t.speaker in UNNAMED for t in mine)
    assert found.with_channel == sum(bool(t.channels) for t in mine)
    assert found.accepted == sum(t.status == "accepted" for t in all_of_it)
    assert found.rejected == sum(t.status == "rejected" for t in all_of_it)
    assert found.reviewed == found.accepted + found.rejected


@pytest.mark.parametrize("scope", SCOPES)
def test_the_overview_of_sources_is_what_plain_python_counts(scope: Scope, record: Record) -> None:
    engine, told = record
    mine = in_scope(told, scope)
    due = []
    for name in NAMES:
        spoke, carried = [t for t in mine if t.speaker == name], [t for t in mine if name in t.channels]
        if spoke or carried:
            due.append(
                (
                    name,
                    len(spoke),
                    sum(t.kind == "direct" for t in spoke),
                    sum(bool(t.channels) for t in spoke),
                    len(carried),
                    len({t.article for t in spoke + carried}),
                    len({t.outlet for t in spoke + carried} - {None}),
                    sum(t.status == "accepted" for t in spoke + carried),
                )
            )
    due.sort(key=lambda row: (-(row[1] + row[4]), row[0]))
    found = [
        (c.name, c.spoken, c.direct, c.through, c.carried, c.articles, c.outlets, c.reviewed)
        for c in source_counts(engine, scope)
    ]
    assert found == due
    assert source_counts(engine, scope, limit=2) == source_counts(engine, scope)[:2]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scope", SCOPES)
def test_the_facts_about_a_source_are_what_plain_python_counts(scope: Scope, name: str, record: Record) -> None:
    engine, told = record
    mine = in_scope(told, scope)
    spoke, carried = [t for t in mine if t.speaker == name], [t for t in mine if name in t.channels]
    either = spoke + carried
    facts = source_facts(engine, name, scope)
    dates = [t.published for t in either if t.published]
    speakers = Counter(t.speaker for t in carried if t.speaker)
    assert (facts.name, facts.spoken, facts.carried) == (name, len(spoke), len(carried))
    assert facts.articles == len({t.article for t in either})
    assert (facts.first, facts.last) == ((min(dates), max(dates)) if dates else (None, None))
    assert facts.kinds == Counter(t.kind.value for t in spoke)
    assert facts.polarities == Counter(t.polarity.value for t in spoke)
    assert facts.classes == ({CLASSES[name].value: len(spoke)} if spoke else {})
    assert facts.statuses == Counter(t.status for t in either)
    assert facts.through == Counter(via for t in spoke for via in t.channels)
    assert facts.outlets == Counter(t.outlet or "(unknown outlet)" for t in either)
    assert facts.speakers == speakers
    elsewhere = {t.speaker for t in mine if name not in t.channels}
    assert facts.only_through == {who: number for who, number in speakers.items() if who not in elsewhere}
    assert facts.carried_unnamed == sum(t.speaker in UNNAMED for t in carried)


def test_the_data_have_what_the_counts_are_about(record: Record) -> None:
    """An empty record would agree with anything."""
    engine, told = record
    assert {t.status for t in told} == {"pending", "accepted", "rejected"}
    assert {len(t.channels) for t in told} == {0, 1, 2}
    assert any(t.speaker is None for t in told)
    assert any(source_facts(engine, name, scope).only_through for name in NAMES for scope in SCOPES)
    assert all(in_scope(told, scope) for scope in SCOPES[:-1])
    assert not in_scope(told, SCOPES[-1])


def test_lists_run_from_the_most_to_the_least(record: Record) -> None:
    engine, _ = record
    for name in NAMES:
        facts = source_facts(engine, name, Scope())
        for counts in (facts.kinds, facts.through, facts.speakers, facts.outlets):
            assert list(counts.values()) == sorted(counts.values(), reverse=True)


# What is made of them.


def of(engine: Engine, name: str, scope: Scope = SCOPES[0]) -> dict[str, object]:
    return source_report(source_facts(engine, name, scope), scope)


@pytest.mark.parametrize("scope", SCOPES)
def test_reports_are_plain_values_that_json_keeps(scope: Scope, record: Record) -> None:
    engine, _ = record
    reports = [overview(totals(engine, scope), source_counts(engine, scope), scope)]
    reports += [of(engine, name, scope) for name in NAMES]
    for report in reports:
        assert json.loads(json.dumps(report)) == report
        assert report["scope"] == {
            "since": scope.since and scope.since.isoformat(),
            "until": scope.until and scope.until.isoformat(),
            "outlet": scope.outlet or None,
        }
        assert len(report["caveats"]) >= 4


def test_shares_in_reports_are_of_the_right_whole(record: Record) -> None:
    engine, told = record
    mine = in_scope(told, Scope())
    report = overview(totals(engine, Scope()), source_counts(engine, Scope()), Scope())
    speaking = [t for t in mine if t.speaker]
    wholes = {
        "unnamed_speakers": (sum(t.speaker in UNNAMED for t in speaking), len(speaking)),
        "through_a_channel": (sum(bool(t.channels) for t in mine), len(mine)),
        "reviewed": (sum(t.status != "pending" for t in told), len(told)),
        "extractor_precision": (sum(t.status == "accepted" for t in told), sum(t.status != "pending" for t in told)),
    }
    assert {key: (report[key]["k"], report[key]["n"]) for key in wholes} == wholes
    assert report["without_speaker"] == len(mine) - len(speaking)
    for row in report["sources"]:
        assert row["direct"]["n"] == row["through_a_channel"]["n"] == row["spoken"]


def test_a_report_names_the_line_of_controllers_and_its_origin(engine: Engine) -> None:
    for name in ("Paper", "Holding", "State"):
        hear(engine, speaker(name), id=name)
    set_controller(engine, "Paper", "Holding", reviewer="hana")
    set_controller(engine, "Holding", "State", reviewer="hana")
    rename(engine, "Paper", "The Daily Paper", reviewer="hana")
    source = of(engine, "Paper")["source"]
    assert isinstance(source, dict)
    assert (source["controllers"], source["origin"], source["aliases"]) == (["Holding", "State"], "State", ["Paper"])


def drawn(report: dict[str, object], width: int = 80) -> str:
    out = io.StringIO()
    draw = draw_overview if report["report"] == "sources" else draw_source
    draw(Console(file=out, width=width, force_terminal=False, highlight=False), report)
    return out.getvalue()


def evasive(engine: Engine) -> None:
    """Names that would break a careless terminal or markup, and more rows than a list shows."""
    names = ["[bold]Ministry[/]", "[/nonsense]", "a" * 120, "北京日報" * 9, "Anna\x1b[2JSmith\x07\x9b31m"]
    names += [f"Speaker {n}" for n in range(20)]
    for number, name in enumerate(names):
        outlet, published = f"Outlet [{number}]", datetime.fromisoformat("2025-03-01T08:00+09:00")
        save(engine, quote(channel("KCNA"), speaker(name)), id=str(number), outlet=outlet, published=published)


@pytest.mark.parametrize("width", [40, 80, 160])
def test_drawing_fits_the_terminal_and_shows_how_many(width: int, engine: Engine) -> None:
    evasive(engine)
    everyone = overview(totals(engine, Scope()), source_counts(engine, Scope()), Scope())
    for report in (everyone, of(engine, "KCNA"), of(engine, "[bold]Ministry[/]")):
        text = drawn(report, width)
        assert all(len(line) <= width for line in text.splitlines())
        assert not {char for char in text if char < " " or "\x7f" <= char <= "\x9f"} - {"\n"}
    assert "n = 25" in " ".join(drawn(everyone, width).split())
    text = " ".join(drawn(of(engine, "KCNA"), width).split())
    assert "25 attributions came through it" in text
    assert "and 13 more" in text
    assert "[bold]Ministry[/]" in drawn(everyone, 160)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_report_can_be_drawn(scope: Scope, record: Record) -> None:
    engine, _ = record
    assert "attributions in" in drawn(overview(totals(engine, scope), source_counts(engine, scope), scope))
    for name in NAMES:
        report = of(engine, name, scope)
        text = drawn(report)
        facts: SourceFacts = source_facts(engine, name, scope)
        if facts.spoken >= MIN_N:
            assert f"n = {facts.spoken}" in text
        if not facts.spoken and not facts.carried:
            assert "Nothing in scope" in text
