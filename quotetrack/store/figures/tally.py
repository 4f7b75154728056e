"""Counting what is told: how much of it is so, who says it, through whom, where and when."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, Table, and_, case, distinct, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.functions import FunctionElement

from quotetrack.domain import HopRole, Status
from quotetrack.store.acts import Action, in_force
from quotetrack.store.figures.record import UNNAMED, Record, Told, conditions
from quotetrack.store.filters import asked
from quotetrack.store.models import ArticleVersion, AttributionRow, Decision, HopRow, Outlet, Source
from quotetrack.store.statements.read import COUNTED

MENDS = (
    Action.SET_SPEAKER, Action.SET_CHAIN, Action.SET_KIND, Action.SET_POLARITY, Action.SET_SPANS, Action.NEST,
)  # fmt: skip
"""Decisions by which a reviewer changes what the extractor found."""
BY_HAND = "reviewer"
"""What made an attribution that the extractor had missed."""


class utc_day(FunctionElement[str]):
    """The day of a moment in UTC, as ISO 8601 writes it."""

    inherit_cache = True
    type = String()


@compiles(utc_day, "sqlite")
def _day_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    return f"date({compiler.process(element.clauses, **how)})"


@compiles(utc_day, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)} at time zone 'UTC', 'YYYY-MM-DD')"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many attributions there are, and how many of them each condition holds for."""

    attributions: int
    articles: int
    outlets: int
    first: datetime | None
    """When the earliest was published, of those with a date."""
    last: datetime | None
    counts: dict[str, int]
    voices: int
    """Different speakers of an article, over all articles."""
    unnamed_voices: int


@dataclass(frozen=True, slots=True)
class Named:
    """A source or an outlet, and how many attributions it has to do with. Without an id: the outlet is not known."""

    id: int | None
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class Day:
    """What was published on one day; None is what has no date."""

    day: date | None
    attributions: int
    articles: int
    direct: int
    spoken: int
    """With a speaker."""
    unnamed: int
    via: int


@dataclass(frozen=True, slots=True)
class Origins:
    """Articles by how many origins the attributions in them go back to."""

    voices: tuple[int, ...]
    """How many different speakers each article with a speaker has, in rising order."""
    single: int
    """Articles of which all attributions go back to one known origin."""
    several: int
    """Articles with two known origins or more."""
    unknown: int
    """Articles of which that cannot be told: some attribution's origin is not known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What reviewers made of the attributions in scope, of those they rejected too.

    Columns of `table`: `id`, `published`, and as 0 or 1 `accepted`, `by_hand` (a reviewer added it) and `unchanged`
    (the extractor found it, and it was accepted as it was).
    """

    session: Session
    table: Table
    accepted: int
    rejected: int
    unchanged: int
    by_hand: int


def tally(told: Told) -> Tally:
    """All counts of the whole."""
    c: Any = told.articles.c
    names = [*conditions(told.table), "voices", "unnamed_voices"]
    query = select(
        func.sum(c.n),
        func.count(),
        func.count(distinct(c.outlet_id)),
        func.min(c.published),
        func.max(c.published),
        *(func.sum(c[name]) for name in names),
    )
    n, articles, outlets, first, last, *sums = told.session.execute(query).one()
    *counts, voices, unnamed = (int(total or 0) for total in sums)
    named = dict(zip(names, counts, strict=False))
    return Tally(int(n or 0), articles, outlets, first, last, named, voices, unnamed)


def by_outlet(told: Told) -> list[Named]:
    """Outlets that carried it, the most first."""
    c: Any = told.articles.c
    number = func.sum(c.n)
    query = (
        select(c.outlet_id, Outlet.name, number)
        .outerjoin(Outlet, Outlet.id == c.outlet_id)
        .group_by(c.outlet_id, Outlet.name)
        .order_by(number.desc(), Outlet.name.nulls_first())
    )
    return [Named(id_, name or "", int(n)) for id_, name, n in told.session.execute(query)]


def by_source(told: Told, role: HopRole, *, other_than: int | None = None) -> list[Named]:
    """Sources that have a role in the chains, the most first, each counted once an attribution."""
    number = func.count(distinct(HopRow.attribution_id))
    query = (
        select(Source.id, Source.name, number)
        .select_from(told.table)
        .join(HopRow, and_(HopRow.attribution_id == told.c.id, HopRow.role == role))
        .join(Source, Source.id == HopRow.source_id)
        .group_by(Source.id, Source.name)
        .order_by(number.desc(), Source.name, Source.id)
    )
    if other_than is not None:
        query = query.where(Source.id != other_than)
    return [Named(*row) for row in told.session.execute(query)]


def by_day(told: Told) -> list[Day]:
    """What was published on each day, in order; what has no date comes first."""
    c: Any = told.articles.c
    day = utc_day(c.published).label("day")
    sums = (c.n, None, c.direct, c.spoken, c.unnamed, c.via)
    query = select(day, *(func.count() if each is None else func.sum(each) for each in sums)).group_by(day)
    rows = [
        Day(date.fromisoformat(at) if at else None, *map(int, counts)) for at, *counts in told.session.execute(query)
    ]
    return sorted(rows, key=lambda each: each.day or date.min)


def by_class(told: Told) -> dict[str, int]:
    """How the articles call the speaker: attributions by class of source, the most first."""
    c, number = told.c, func.count()
    query = (
        select(c.speaker_class, number)
        .where(c.speaker_id.is_not(None))
        .group_by(c.speaker_class)
        .order_by(number.desc(), c.speaker_class)
    )
    return dict(told.session.execute(query).all())


def origins_by_outlet(told: Told) -> dict[int | None, Origins]:
    """How many voices the articles of each outlet have, and how many origins."""
    c: Any = told.articles.c
    kind = case((c.origins > 1, "several"), (and_(c.origins == 1, c.of_unknown == 0), "single"), else_="unknown")
    rows = told.session.execute(
        select(c.outlet_id, kind, c.voices, func.count()).where(c.voices > 0).group_by(c.outlet_id, kind, c.voices)
    )
    totals: dict[int | None, Counter[str]] = {}
    voices: dict[int | None, list[int]] = {}
    for outlet, name, number, articles in rows:
        totals.setdefault(outlet, Counter())[name] += articles
        voices.setdefault(outlet, []).extend([number] * articles)
    return {
        outlet: Origins(tuple(sorted(voices[outlet])), counts["single"], counts["several"], counts["unknown"])
        for outlet, counts in totals.items()
    }


def of_origins(told: Told) -> Origins:
    """The same of all articles together."""
    each = origins_by_outlet(told).values()
    return Origins(
        tuple(sorted(number for one in each for number in one.voices)),
        sum(one.single for one in each),
        sum(one.several for one in each),
        sum(one.unknown for one in each),
    )


def judged(record: Record, name: str, **narrower: Any) -> Judged:
    """Lay out what reviewers judged in scope, and of that what `narrower` lets through: fields of a `Filter`."""
    of_row, of_article = asked(record.engine, record.session, replace(record.wanted, **narrower))
    mended = (
        select(Decision.id)
        .where(
            Decision.attribution_id == AttributionRow.id,
            Decision.action.in_(MENDS),
            Decision.is_second.is_(False),
            in_force,
        )
        .correlate(AttributionRow)
        .exists()
    )
    accepted, by_hand = AttributionRow.status == Status.ACCEPTED, AttributionRow.made_by == BY_HAND
    flags = {"accepted": accepted, "by_hand": by_hand, "unchanged": and_(accepted, ~by_hand, ~mended)}
    table = record.make(
        f"report_{name}",
        select(
            AttributionRow.id,
            ArticleVersion.published,
            *(case((condition, 1), else_=0).label(flag) for flag, condition in flags.items()),
        )
        .join(ArticleVersion, and_(ArticleVersion.id == AttributionRow.article_id, *of_article))
        .where(AttributionRow.status.in_((Status.ACCEPTED, Status.REJECTED)), *of_row),
    )
    c: Any = table.c
    counts = (c.accepted, 1 - c.accepted, c.unchanged, c.by_hand)
    query = select(*(func.coalesce(func.sum(count), 0) for count in counts)).select_from(table)
    return Judged(record.session, table, *map(int, record.session.execute(query).one()))


def only_through(told: Told, record: Record, channel_id: int) -> set[int]:
    """Of the named speakers that a channel carries, the ids of those whom this record hears in no other way."""
    via = aliased(HopRow)
    carried = (
        select(via.id)
        .where(via.attribution_id == AttributionRow.id, via.source_id == channel_id, via.role == HopRole.CHANNEL)
        .correlate(AttributionRow)
        .exists()
    )
    named = select(told.c.speaker_id).where(told.c.speaker_id.is_not(None), told.c.speaker_class.not_in(UNNAMED))
    of_row, of_article = asked(record.engine, record.session, record.wanted)
    elsewhere = (
        select(HopRow.source_id)
        .join(AttributionRow, AttributionRow.id == HopRow.attribution_id)
        .join(ArticleVersion, and_(ArticleVersion.id == AttributionRow.article_id, *of_article))
        .where(HopRow.role == HopRole.SPEAKER, HopRow.source_id.in_(named))
        .where(AttributionRow.status.in_(COUNTED), ~carried, *of_row)
        .distinct()
    )
    return set(told.session.scalars(named.distinct())) - set(told.session.scalars(elsewhere))
