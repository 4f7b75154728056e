"""Figures against counts that plain Python finds in the same data."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from statistics import median
from typing import Any

import pytest

from quotetrack.domain import HopRole, Relation
from quotetrack.reports import build, forms
from quotetrack.reports.build import Request
from quotetrack.reports.figures import PAIRS
from quotetrack.share import MIN_N, Share
from quotetrack.store.figures.identity import identify
from quotetrack.store.figures.record import record
from quotetrack.store.figures.statements import lags
from quotetrack.store.filters import Filter
from tests.reports.made import AGENCY_DESK, CONTROL, JULY, Made, origin
from tests.store.build import CLASSES, START, Told

MIDDLE = START + timedelta(days=12)
SCOPES = {
    "all": Filter(),
    "since": Filter(since=MIDDLE),
    "until": Filter(until=MIDDLE),
    "between": Filter(since=MIDDLE - timedelta(days=6), until=MIDDLE + timedelta(days=6)),
    "outlet": Filter(outlet="ранок"),
    "kind": Filter(kind="direct"),
    "reviewed": Filter(status="accepted"),
    "sure": Filter(confidence_from=0.6),
    "nothing": Filter(outlet="Nowhere"),
}
scoped = pytest.mark.parametrize("wanted", SCOPES.values(), ids=SCOPES)
SOME = ("KCNA", "TASS", "Kim Jong Un", "foreign experts", "an official")
UNNAMED = {name for name, source_class in CLASSES.items() if source_class in ("unnamed", "unnamed_group")}


def fits(t: Told, wanted: Filter, *, rejected: bool = False) -> bool:
    return (
        (not wanted.outlet or (t.outlet or "").lower() == wanted.outlet.lower())
        and (not wanted.since or (t.published is not None and t.published >= wanted.since))
        and (not wanted.until or (t.published is not None and t.published < wanted.until))
        and (not wanted.kind or t.kind == wanted.kind)
        and (not wanted.status or t.status == wanted.status)
        and (wanted.confidence_from is None or t.confidence >= wanted.confidence_from)
        and (rejected or t.status != "rejected")
    )


def request(wanted: Filter = SCOPES["all"], **more: Any) -> Request:
    return Request(JULY, wanted, **more)


def rate(k: int, n: int) -> dict[str, Any]:
    return {**Share(k, n).as_dict()}


def same(found: forms.Rate | None, k: int, n: int) -> None:
    assert found is not None
    assert found.model_dump(include=set(rate(k, n))) == rate(k, n)


Part = tuple[str, forms.Figures | None, list[Told], list[Told], HopRole | None]
"""A set of attributions that a report is about: whose, its figures, the attributions, with those rejected, the role."""


def parts(made: Made, wanted: Filter) -> list[Part]:
    """All of them; what is built once serves several tests."""
    known: list[Part] | None = made.built.get(wanted)
    if known is None:
        known = made.built[wanted] = _parts(made, wanted)
    return known


def _parts(made: Made, wanted: Filter) -> list[Part]:
    whole = build.sources_report(made.engine, request(wanted)).figures
    all_of_it = [t for t in made.told if fits(t, wanted, rejected=True)]
    found: list[Part] = [("", whole, [t for t in all_of_it if t.status != "rejected"], all_of_it, None)]
    for name in SOME:
        report = build.source_report(made.engine, name, request(wanted))
        for role, figures, mine in (
            (HopRole.SPEAKER, report.as_speaker, [t for t in all_of_it if t.speaker == name]),
            (HopRole.CHANNEL, report.as_channel, [t for t in all_of_it if name in t.channels]),
        ):
            standing = [t for t in mine if t.status != "rejected"]
            found.append((name, figures, standing, mine, role))
    return found


@scoped
def test_counts_of_every_set(wanted: Filter, made: Made) -> None:
    for name, figures, mine, judged, role in parts(made, wanted):
        if not mine and name:
            assert figures is None
            continue
        assert figures is not None
        n = len(mine)
        assert figures.attributions.n == n
        assert figures.articles == len({t.article for t in mine})
        assert figures.outlets == len({t.outlet for t in mine} - {None})
        dates = [t.published for t in mine if t.published]
        assert (figures.first_published, figures.last_published) == (
            (min(dates), max(dates)) if dates else (None, None)
        )
        for kind, found in figures.kinds.items():
            same(found, sum(t.kind == kind for t in mine), n)
        for polarity, found in figures.polarities.items():
            same(found, sum(t.polarity == polarity for t in mine), n)
        assert {row.name: row.n for row in figures.by_outlet} == Counter(t.outlet or "(unknown outlet)" for t in mine)
        same(figures.reviewed, sum(t.status == "accepted" for t in mine), n)
        right = [t for t in judged if t.status == "accepted"]
        ruled = sum(t.status != "pending" for t in judged)
        same(figures.precision, len(right), ruled)
        same(figures.unchanged, sum(t.id not in made.mended for t in right), ruled)
        spoken = [t for t in mine if t.speaker]
        if role is HopRole.SPEAKER:
            assert figures.unnamed is figures.unnamed_voices is figures.no_speaker is None
        else:
            same(figures.no_speaker, n - len(spoken), n)
            same(figures.unnamed, sum(t.speaker in UNNAMED for t in spoken), len(spoken))
            voices = {(t.article, t.speaker) for t in spoken}
            same(figures.unnamed_voices, sum(who in UNNAMED for _, who in voices), len(voices))
        if role is HopRole.CHANNEL:
            assert figures.through_a_channel is None
        else:
            same(figures.through_a_channel, sum(bool(t.channels) for t in mine), n)


@scoped
def test_who_stands_beside_whom(wanted: Filter, made: Made) -> None:
    everything = [t for t in made.told if fits(t, wanted)]
    for name, figures, mine, _, role in parts(made, wanted)[1:]:
        if figures is None:
            continue
        channels = Counter(via for t in mine for via in t.channels if role is HopRole.SPEAKER or via != name)
        assert figures.channels is not None
        assert {row.name: row.n for row in figures.channels} == channels
        assert figures.classes is not None
        assert {row.name: row.n for row in figures.classes} == Counter(
            CLASSES[t.speaker].value for t in mine if t.speaker
        )
        if role is HopRole.CHANNEL:
            assert figures.speakers is not None
            assert {row.name: row.n for row in figures.speakers} == Counter(t.speaker for t in mine if t.speaker)
            elsewhere = {t.speaker for t in everything if name not in t.channels}
            only = {t.speaker for t in mine if t.speaker} - elsewhere - UNNAMED
            assert {row.name for row in figures.speakers if row.only_through_it} == only
        for counted in (figures.by_outlet, figures.channels, figures.speakers or []):
            numbers = [row.n for row in counted]
            assert numbers == sorted(numbers, reverse=True)


@scoped
def test_articles_by_voices_and_origins(wanted: Filter, made: Made) -> None:
    everything = [t for t in made.told if fits(t, wanted)]
    for _, figures, mine, _, _ in parts(made, wanted):
        if figures is None:
            continue
        articles = {t.article for t in mine}
        beside = [t for t in everything if t.article in articles and t.speaker]
        voices = [len({t.speaker for t in beside if t.article == a}) for a in articles]
        voices = [n for n in voices if n]
        assert figures.voices_an_article.n == len(voices)
        if len(voices) >= MIN_N:
            assert figures.voices_an_article.median == median(voices)
        single = several = unknown = 0
        for article in articles:
            origins = {origin(t.speaker) for t in beside if t.article == article}
            if len(origins - {None}) > 1:
                several += 1
            elif len(origins) == 1 and None not in origins:
                single += 1
            elif origins:
                unknown += 1
        same(figures.single_origin, single, single + several)
        assert figures.origin_unknown.n == unknown


@scoped
def test_concentration_is_the_sum_of_squared_shares(wanted: Filter, made: Made) -> None:
    for _, figures, mine, _, role in parts(made, wanted):
        if figures is None or role is HopRole.SPEAKER:
            continue
        speakers = Counter(t.speaker for t in mine if t.speaker and t.speaker not in UNNAMED)
        origins = Counter(origin(t.speaker) for t in mine if origin(t.speaker))
        for found, counts in ((figures.over_speakers, speakers), (figures.over_origins, origins)):
            assert found is not None
            n = counts.total()
            assert (found.n, found.different, found.judged) == (n, len(counts), n >= MIN_N)
            if n >= MIN_N:
                assert found.index == pytest.approx(sum((k / n) ** 2 for k in counts.values()))
                assert found.equal_to == pytest.approx(1 / sum((k / n) ** 2 for k in counts.values()))


@pytest.mark.parametrize("period", ["week", "month"])
@scoped
def test_the_trend_adds_up_by_week_and_by_month(wanted: Filter, period: Any, made: Made) -> None:
    trend = build.sources_report(made.engine, request(wanted, period=period)).figures.trend
    mine = [t for t in made.told if fits(t, wanted)]
    dated = [t for t in mine if t.published]
    assert trend.undated == len(mine) - len(dated)

    def start(at: datetime) -> datetime:
        return at.replace(day=1) if period == "month" else at - timedelta(days=at.weekday())

    starts = Counter(start(t.published).date() for t in dated if t.published)
    assert {each.start: each.attributions for each in trend.periods if each.attributions} == starts
    for each in trend.periods:
        its = [t for t in dated if t.published and start(t.published).date() == each.start]
        assert each.articles == len({t.article for t in its})
        same(each.direct, sum(t.kind == "direct" for t in its), len(its))
        same(each.unnamed, sum(t.speaker in UNNAMED for t in its), sum(t.speaker is not None for t in its))
        same(each.through_a_channel, sum(bool(t.channels) for t in its), len(its))
    days = [each.start for each in trend.periods]
    assert days == sorted(days)
    if period == "week":
        assert all((b - a).days == 7 for a, b in pairwise(days))


def asserted(made: Made) -> dict[int, list[tuple[int, bool]]]:
    """For each statement the standing attributions that assert it."""
    found: dict[int, list[tuple[int, bool]]] = {}
    for statement, id_, sure in made.links:
        t = made.standing.get(id_)
        if t and t.polarity == "asserted":
            found.setdefault(statement, []).append((id_, sure))
    return found


def line(t: Told) -> set[str]:
    return {CONTROL.get(name, name) for name in t.names}


def judged(made: Made, ids: Iterable[int]) -> str:
    """Attributions that share an origin are put together until none do."""
    told = [made.standing[id_] for id_ in ids]
    groups = [line(t) for t in told if origin(t.speaker)]
    while met := next(((a, b) for a, b in combinations(groups, 2) if a & b), None):
        groups = [g for g in groups if g is not met[0] and g is not met[1]] + [met[0] | met[1]]
    if len(groups) > 1:
        return "independent"
    return "unknown" if not all(origin(t.speaker) for t in told) else "same_origin"


@scoped
def test_corroboration(wanted: Filter, made: Made) -> None:
    kinds: Counter[str] = Counter()
    for _, figures, mine, _, _ in parts(made, wanted):
        if figures is None:
            continue
        ids = {t.id for t in mine}
        due: Counter[tuple[str, str]] = Counter()
        for links in asserted(made).values():
            own = [(id_, sure) for id_, sure in links if id_ in ids]
            if not own:
                continue
            sure = [id_ for id_, confirmed in links if confirmed]
            if any(confirmed for _, confirmed in own) and len(sure) >= 2:
                due["confirmed", judged(made, sure)] += 1
            elif len(links) >= 2:
                due["suggested", judged(made, [id_ for id_, _ in links])] += 1
            else:
                due["alone", ""] += 1
        said = figures.corroboration
        for basis, found in (("confirmed", said.confirmed), ("suggested", said.suggested_by_machine)):
            counts = [due[basis, verdict] for verdict in ("independent", "same_origin", "unknown")]
            same(found.independent, counts[0], sum(counts))
            assert (found.same_origin.n, found.unknown.n) == tuple(counts[1:])
        assert said.alone.n == due["alone", ""]
        kinds.update("-".join(key) for key in due.elements())
    if wanted == Filter():
        assert len(kinds) >= 6


@scoped
def test_pairs_decided_and_suggested(wanted: Filter, made: Made) -> None:
    for _, figures, mine, _, _ in parts(made, wanted):
        if figures is None:
            continue
        ids = {t.id for t in mine}
        due: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for first, second, suggested, relation in made.pairs:
            sides = [made.standing.get(id_) for id_ in (first, second) if id_]
            if None in sides or not {first, second} & ids:
                continue
            is_ = relation or suggested
            counts = due[relation is not None]
            counts[is_] += 1
            if is_ in (Relation.SAME_WORDS, Relation.SAME_CLAIM):
                a, b = (t for t in sides if t)
                counts["same"] += 1
                counts["other_speaker"] += a.speaker != b.speaker
                counts["other_chain"] += a.speaker == b.speaker and a.channels != b.channels
        for found, counts in (
            (figures.compared.decided, due[True]),
            (figures.compared.suggested_by_machine, due[False]),
        ):
            lost = counts[Relation.UNATTRIBUTED]
            assert (found.same, found.tension.n, found.update.n) == (
                counts["same"],
                counts["tension"],
                counts["update"],
            )
            same(found.attribution_lost, lost, lost + counts["same"])
            same(found.other_speaker, counts["other_speaker"], counts["same"])
            same(found.other_chain, counts["other_chain"], counts["same"])
        groups = {group.group: group for group in figures.compared.groups}
        names = ("tension", "update", "unattributed", "other_speaker", "other_chain")
        totals = {name: due[True][name] + due[False][name] for name in names}
        assert {name: group.total for name, group in groups.items()} == {n: k for n, k in totals.items() if k}
        for group in groups.values():
            assert len(group.shown) == min(group.total, PAIRS)
            waits = [pair.decided_by is None for pair in group.shown]
            assert waits == sorted(waits)


def test_both_sides_of_a_pair_are_shown_with_their_dates(made: Made) -> None:
    groups = build.sources_report(made.engine, request()).figures.compared.groups
    shown = [pair for group in groups for pair in group.shown]
    assert {len(pair.sides) for pair in shown} == {2}
    flat = [side for pair in shown for side in pair.sides if side.attribution is None]
    assert flat
    for pair in shown:
        dates = [side.published for side in pair.sides if side.published]
        assert dates == sorted(dates)
        for side in pair.sides:
            if side.attribution is not None:
                t = made.standing[side.attribution]
                assert (side.words, side.outlet, side.published) == (t.text, t.outlet, t.published)
                assert side.chain == list(t.names)
            else:
                assert len(side.words) == 12


@scoped
def test_outcomes_count_the_newest_of_confirmed_statements(wanted: Filter, made: Made) -> None:
    for _, figures, mine, _, _ in parts(made, wanted):
        if figures is None:
            continue
        ids = {t.id for t in mine if t.polarity == "asserted"}
        sure: dict[int, bool] = {}
        for statement, id_, confirmed in made.links:
            if id_ in ids and statement in made.outcomes:
                sure[statement] = sure.get(statement, False) or confirmed
        verdicts = Counter(made.outcomes[statement][-1] for statement, confirmed in sure.items() if confirmed)
        found = figures.outcomes
        held, failed = verdicts["held_up"], verdicts["failed"]
        assert (found.held_up.k, found.held_up.n) == (held, held + failed)
        assert (found.failed, found.unresolved) == (failed, verdicts["unresolved"])
        assert found.suggested_by_machine == sum(not confirmed for confirmed in sure.values())
        assert found.held_up.method == "jeffreys"
        assert {row.statement: row.verdict for row in found.recorded} == {s: made.outcomes[s][-1] for s in sure}


def test_the_lag_is_from_the_channels_own_article(made: Made) -> None:
    lag = build.channel_report(made.engine, "KCNA", request()).as_channel
    assert lag is not None
    assert lag.lag is not None
    due: dict[bool, list[float]] = {True: [], False: []}
    own = {t.id: t for t in made.standing.values() if t.outlet == AGENCY_DESK and t.published}
    for t in made.standing.values():
        if "KCNA" not in t.channels or not t.published or t.outlet == AGENCY_DESK:
            continue
        his = {statement: sure for statement, id_, sure in made.links if id_ == t.id}
        first = [(own[id_].published, his[s] and sure) for s, id_, sure in made.links if id_ in own and s in his]
        if first:
            hours = (t.published - min(at for at, _ in first if at)) / timedelta(hours=1)
            due[any(sure for _, sure in first)].append(hours)
    due = {sure: sorted(hours) for sure, hours in due.items()}
    assert due[True]
    assert due[False]
    assert (lag.lag.confirmed.n, lag.lag.suggested_by_machine.n) == (len(due[True]), len(due[False]))
    assert statements_lags(made) == due


def statements_lags(made: Made) -> dict[bool, list[float]]:
    """The single lags, which a report of so few does not give."""
    with record(made.engine, Filter()) as seen:
        kcna = identify(seen, "KCNA")
        found = lags(seen, seen.told("channel", channel="KCNA"), kcna.id)
    return {
        True: [x / timedelta(hours=1) for x in found.confirmed],
        False: [x / timedelta(hours=1) for x in found.suggested],
    }


def test_grades_are_shown_with_their_history(made: Made) -> None:
    report = build.source_report(made.engine, "KCNA", request())
    assert [(g.grade, g.meaning, g.newest) for g in report.grades] == [
        ("B", "usually reliable", True),
        ("C", "fairly reliable", False),
    ]
    assert build.source_report(made.engine, "TASS", request()).grades == []
    whole = build.sources_report(made.engine, request()).figures
    graded = made.links[0][0]
    due = [
        t for s, t, _ in made.links if s == graded and t in made.standing and made.standing[t].polarity == "asserted"
    ]
    assert [(g.statement, g.grade, g.meaning) for g in whole.grades] == [(graded, "2", "probably true")] * bool(due)
