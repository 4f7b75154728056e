"""The lines of overviews against plain SQL on the same database."""

from collections import Counter
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pytest

from quotetrack.reports import build, forms
from quotetrack.reports.build import Request
from quotetrack.reports.layout import outline
from quotetrack.reports.outline import Paragraph
from quotetrack.share import MIN_N
from quotetrack.store.filters import Filter
from tests.reports.made import CONTROL, JULY, Made
from tests.store.build import opened, raw
from tests.store.large import large_database

STANDING = (
    "select a.id from attribution a join article v on v.id = a.article_id and v.is_current "
    "where a.status in ('pending', 'accepted')"
)
UNNAMED = "('unnamed', 'unnamed_group')"


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A record of another shape than `made`, always in SQLite."""
    return str(large_database(tmp_path_factory.mktemp("lines") / "large.sqlite", 3_000, sources=200, decided=300))


@pytest.fixture
def both(made: Made, large: str) -> list[str]:
    return [made.engine.url.render_as_string(hide_password=False), large]


def ask(database: str, sql: str) -> list[tuple[Any, ...]]:
    address = database.removeprefix("sqlite:///") if database.startswith("sqlite") else database
    with raw(address.replace("+psycopg", "")) as connection:
        return [tuple(row) for row in connection.execute(sql).fetchall()]


def k_and_n(rate: forms.Rate) -> tuple[int, int]:
    return rate.k, rate.n


SPEAKERS = f"""
select s.name, s.kind, c.name, count(*), sum(case when a.kind = 'direct' then 1 else 0 end),
    sum(case when exists (select 1 from hop x where x.attribution_id = a.id and x.role = 'channel') then 1 else 0 end),
    sum(case when a.status = 'accepted' then 1 else 0 end), count(distinct a.article_id),
    count(distinct v.outlet_id),
    (select count(distinct y.attribution_id) from hop y where y.source_id = s.id and y.role = 'channel'
        and y.attribution_id in ({STANDING}))
from hop h join attribution a on a.id = h.attribution_id join article v on v.id = a.article_id
    join source s on s.id = h.source_id left join source c on c.id = s.controller_id
where h.role = 'speaker' and a.id in ({STANDING})
group by s.id, s.name, s.kind, c.name
having sum(case when h.source_class not in {UNNAMED} then 1 else 0 end) > 0
order by 4 desc, s.name, s.id
"""


def test_each_source(both: list[str]) -> None:
    for database in both:
        each_source(database)


def each_source(database: str) -> None:
    with opened(database) as engine:
        report = build.sources_report(engine, Request(JULY, limit=1000))
        few = build.sources_report(engine, Request(JULY, limit=2))
    found = [
        (
            row.name, row.kind, row.controller, row.spoken, row.direct.k, row.through_a_channel.k, row.reviewed.k,
            row.articles, row.outlets, row.carried,
        )
        for row in report.rows
    ]  # fmt: skip
    assert found == ask(database, SPEAKERS)
    assert {row.direct.n - row.spoken for row in report.rows} == {0}
    assert (few.rows, few.more) == (report.rows[:2], len(report.rows) - 2)
    assert report.more == 0


CHANNELS = f"""
select s.name, s.kind, count(distinct a.id), count(distinct case when p.id is not null then a.id end),
    count(distinct case when p.source_class in {UNNAMED} then a.id end), count(distinct a.article_id),
    count(distinct v.outlet_id), count(distinct case when p.source_class not in {UNNAMED} then p.source_id end)
from hop h join attribution a on a.id = h.attribution_id join article v on v.id = a.article_id
    join source s on s.id = h.source_id left join hop p on p.attribution_id = a.id and p.role = 'speaker'
where h.role = 'channel' and a.id in ({STANDING})
group by s.id, s.name, s.kind
order by 3 desc, s.name, s.id
"""
CARRIED = f"""
select s.name, p.source_id, count(distinct a.id),
    (select count(*) from hop q where q.source_id = p.source_id and q.role = 'speaker'
        and q.attribution_id in ({STANDING}))
from hop h join attribution a on a.id = h.attribution_id join source s on s.id = h.source_id
    join hop p on p.attribution_id = a.id and p.role = 'speaker' and p.source_class not in {UNNAMED}
where h.role = 'channel' and a.id in ({STANDING})
group by s.name, p.source_id
"""


def test_each_channel(both: list[str]) -> None:
    for database in both:
        each_channel(database)


def each_channel(database: str) -> None:
    with opened(database) as engine:
        report = build.channels_report(engine, Request(JULY, limit=1000))
    found = [
        (row.name, row.kind, row.carried, row.unnamed.n, row.unnamed.k, row.articles, row.outlets, row.speakers)
        for row in report.rows
    ]
    assert found == ask(database, CHANNELS)
    only: Counter[str] = Counter()
    squares: Counter[str] = Counter()
    for channel, _, through, whole in ask(database, CARRIED):
        only[channel] += through == whole
        squares[channel] += through**2
    for row in report.rows:
        assert row.only_through_it == only[row.name]
        spread = row.over_speakers
        if spread.n >= MIN_N:
            assert spread.index == pytest.approx(squares[row.name] / spread.n**2)


OUTLETS = f"""
select o.name, count(*), count(distinct a.article_id), sum(case when a.kind = 'direct' then 1 else 0 end),
    sum(case when exists (select 1 from hop x where x.attribution_id = a.id and x.role = 'channel') then 1 else 0 end)
from attribution a join article v on v.id = a.article_id left join outlet o on o.id = v.outlet_id
where a.id in ({STANDING}) group by o.name order by 2 desc, o.name
"""
VOICES = f"""
select o.name, a.article_id, count(distinct p.source_id),
    count(distinct case when p.source_class in {UNNAMED} then p.source_id end)
from attribution a join article v on v.id = a.article_id left join outlet o on o.id = v.outlet_id
    join hop p on p.attribution_id = a.id and p.role = 'speaker'
where a.id in ({STANDING}) group by o.name, a.article_id
"""


def test_each_outlet(both: list[str]) -> None:
    for database in both:
        each_outlet(database)


def each_outlet(database: str) -> None:
    with opened(database) as engine:
        report = build.outlets_report(engine, Request(JULY, limit=1000))
    found = sorted(
        (row.name, row.attributions, row.articles, row.direct.k, row.through_a_channel.k) for row in report.rows
    )
    assert found == sorted((name or "(unknown outlet)", *rest) for name, *rest in ask(database, OUTLETS))
    voices: dict[str, list[tuple[int, int]]] = {}
    for name, _, every, unnamed in ask(database, VOICES):
        voices.setdefault(name or "(unknown outlet)", []).append((every, unnamed))
    for row in report.rows:
        counts = voices[row.name]
        assert k_and_n(row.unnamed_voices) == (sum(u for _, u in counts), sum(n for n, _ in counts))
        assert row.voices_an_article.n == len(counts)
        if len(counts) >= MIN_N:
            assert row.voices_an_article.median == median(n for n, _ in counts)


def test_each_unnamed_voice(both: list[str]) -> None:
    for database in both:
        each_unnamed_voice(database)


def each_unnamed_voice(database: str) -> None:
    with opened(database) as engine:
        report = build.unnamed_report(engine, Request(JULY, limit=1000))
    due = ask(
        database,
        f"""select a.article_id, h.name, count(*) from hop h join attribution a on a.id = h.attribution_id
        where h.role = 'speaker' and h.source_class in {UNNAMED} and a.id in ({STANDING})
        group by a.article_id, h.source_id, h.name""",
    )
    assert sorted((row.article, row.descriptor, len(row.attributions)) for row in report.rows) == sorted(due)
    assert report.voices.k == len(due)
    for row in report.rows:
        through = ask(
            database,
            f"""select distinct s.name from hop h join source s on s.id = h.source_id
            where h.role = 'channel' and h.attribution_id in ({", ".join(map(str, row.attributions))})""",
        )
        assert sorted(row.channels) == sorted(name for (name,) in through)
        [(speakers,)] = ask(
            database,
            f"""select count(distinct h.source_id) from hop h join attribution a on a.id = h.attribution_id
            where h.role = 'speaker' and a.article_id = {row.article} and a.id in ({STANDING})""",
        )
        assert row.only_voice == (speakers == 1)


def test_an_unnamed_voice_that_alone_says_something(made: Made) -> None:
    report = build.unnamed_report(made.engine, Request(JULY, limit=1000))
    told = made.standing
    for row in report.rows:
        mine = {s for s, id_, _ in made.links if id_ in row.attributions}
        others = {
            s for s, id_, _ in made.links
            if id_ in told and (told[id_].article, told[id_].speaker) != (row.article, row.descriptor)
        }  # fmt: skip
        due = "not compared" if not mine else "no" if mine <= others else "in part" if mine & others else "yes"
        assert row.only_source == due
    assert {row.only_source for row in report.rows} >= {"not compared", "no"}


@pytest.mark.parametrize("wanted", [Filter(), Filter(kind="direct")], ids=["all", "direct"])
def test_whom_a_source_controls_and_who_speaks(wanted: Filter, made: Made) -> None:
    report = build.source_report(made.engine, "Palace", Request(JULY, wanted))
    due = Counter(
        t.speaker for t in made.standing.values()
        if CONTROL.get(t.speaker or "") == "Palace" and wanted.kind in ("", t.kind)
    )  # fmt: skip
    assert {one.name: one.spoken for one in report.source.controls} == due
    assert report.as_speaker is None
    shown = "\n".join(block.text for block in outline(report).sections[0].blocks if isinstance(block, Paragraph))
    in_order = sorted(due.items(), key=lambda one: (-one[1], one[0] or ""))
    assert "controls, counted apart from it: " + ", ".join(f"{name} ({n})" for name, n in in_order) in shown


@pytest.mark.parametrize("words", ["it's", 'a"b', "100%", "back\\slash", "%s", "semi;colon", "--"])
def test_words_that_are_looked_for_are_never_sql(words: str, made: Made) -> None:
    asked = Request(JULY, Filter(text=words, reviewer="o'neil"))
    assert build.sources_report(made.engine, asked).figures.attributions.n == 0
    assert build.unnamed_report(made.engine, asked).rows == []


@pytest.mark.slow
def test_a_large_database_is_reported_quickly(tmp_path: Path) -> None:
    """CPU seconds, far above what it takes: a slip that scans for each row takes minutes."""
    with opened(large_database(tmp_path / "large.sqlite", 100_000)) as engine:
        for make, most in (
            (lambda: build.sources_report(engine, Request(JULY)), 3.0),
            (lambda: build.channels_report(engine, Request(JULY)), 4.0),
            (lambda: build.outlets_report(engine, Request(JULY)), 3.0),
            (lambda: build.source_report(engine, "#2", Request(JULY, evidence=10)), 3.0),
        ):
            started = process_time()
            make()
            assert process_time() - started < most
