"""One line for each source, channel or outlet, and how far a few of them dominate."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, case, distinct, func, select
from sqlalchemy.orm import aliased

from quotetrack.domain import HopRole, Kind, Status
from quotetrack.errors import NotFoundError
from quotetrack.store.engine import batched
from quotetrack.store.figures.record import UNNAMED, Record, Told
from quotetrack.store.figures.tally import Origins, origins_by_outlet
from quotetrack.store.models import AttributionRow, HopRow, Outlet, Source


@dataclass(frozen=True, slots=True)
class Concentration:
    """How `n` attributions spread over so many different sources."""

    n: int
    different: int
    squares: int
    """Sum of the squares of how many each has: over the square of n, the Herfindahl–Hirschman index."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One speaker of the overview."""

    id: int
    name: str
    kind: str
    controller: str | None
    spoken: int
    direct: int
    """Of `spoken`: wholly in quotation marks."""
    via: int
    """Of `spoken`: through at least one stated channel."""
    reviewed: int
    """Of `spoken`: accepted by a reviewer."""
    articles: int
    outlets: int
    carried: int
    """Attributions that came through it as a channel."""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel of the overview."""

    id: int
    name: str
    kind: str
    controller: str | None
    speakers: Concentration
    """Over the named speakers."""
    only_through: int
    """Named speakers whom this record hears in no other way."""
    carried: int
    spoken: int
    """Of `carried`: with a speaker."""
    unnamed: int
    """Of `spoken`: with a speaker who is not named."""
    reviewed: int
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class OutletLine:
    """One outlet of the overview."""

    id: int | None
    name: str
    of_origins: Origins
    origins: Concentration
    attributions: int
    articles: int
    direct: int
    via: int
    reviewed: int
    voices: int
    unnamed_voices: int


@dataclass(frozen=True, slots=True)
class Speakers:
    """What each speaker has said, in a temporary table.

    Columns, one row a speaker: `speaker_id`, `origin_id` (null if it is not known), `n` attributions, of them `direct`,
    `via`, `reviewed`, `named`, and `known`, whose origin is known; `articles`, `outlets`.
    """

    told: Told
    table: Table


def speakers_of(record: Record, told: Told) -> Speakers:
    """Work out the table of speakers."""
    c = told.c

    def count(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    query = (
        select(
            c.speaker_id,
            func.max(c.origin_id).label("origin_id"),
            func.count().label("n"),
            count(c.kind == Kind.DIRECT).label("direct"),
            count(c.via > 0).label("via"),
            count(c.status == Status.ACCEPTED).label("reviewed"),
            count(c.speaker_class.not_in(UNNAMED)).label("named"),
            count(c.origin_id.is_not(None)).label("known"),
            func.count(distinct(c.article_id)).label("articles"),
            func.count(distinct(c.outlet_id)).label("outlets"),
        )
        .where(c.speaker_id.is_not(None))
        .group_by(c.speaker_id)
    )
    return Speakers(told, record.make(f"{told.table.name}_speakers", query))


def over_speakers(speakers: Speakers) -> Concentration:
    """Over the named speakers."""
    c: Any = speakers.table.c
    return _spread(speakers.told, select(c.named).where(c.named > 0))


def over_origins(speakers: Speakers) -> Concentration:
    """Over the origins that are known."""
    c: Any = speakers.table.c
    return _spread(speakers.told, select(func.sum(c.known)).where(c.known > 0).group_by(c.origin_id))


def _spread(told: Told, numbers: Any) -> Concentration:
    return spread(int(n) for n in told.session.scalars(numbers))


def spread(numbers: Iterable[int]) -> Concentration:
    """How attributions spread over sources that have these many each."""
    each = list(numbers)
    return Concentration(sum(each), len(each), sum(n * n for n in each))


def source_lines(record: Record, speakers: Speakers, *, limit: int) -> list[SourceLine]:
    """The named speakers most heard."""
    c: Any = speakers.table.c
    told, controller = speakers.told, aliased(Source)
    query = (
        select(
            Source.id, Source.name, Source.kind, controller.name, c.n, c.direct, c.via, c.reviewed, c.articles,
            c.outlets,
        )
        .select_from(speakers.table)
        .join(Source, Source.id == c.speaker_id)
        .outerjoin(controller, controller.id == Source.controller_id)
        .where(c.named > 0)
        .order_by(c.n.desc(), Source.name, Source.id)
        .limit(limit)
    )  # fmt: skip
    rows = record.session.execute(query).all()
    carried: dict[int, int] = {}
    for some in batched(row[0] for row in rows):
        counts = (
            select(HopRow.source_id, func.count(distinct(HopRow.attribution_id)))
            .join(AttributionRow, AttributionRow.id == HopRow.attribution_id)
            .join(told.table, and_(told.c.article_id == AttributionRow.article_id, told.c.id == AttributionRow.id))
            .where(HopRow.role == HopRole.CHANNEL, HopRow.source_id.in_(some))
            .group_by(HopRow.source_id)
        )
        carried |= dict(record.session.execute(counts).all())
    return [
        SourceLine(id_, name, str(kind), above, *map(int, (*counts, carried.get(id_, 0))))
        for id_, name, kind, above, *counts in rows
    ]


def channel_lines(record: Record, speakers: Speakers, *, limit: int) -> tuple[list[ChannelLine], int]:
    """The channels through which most came, and how many there are in all."""
    told, controller = speakers.told, aliased(Source)
    c = told.c

    def count(condition: Any) -> Any:
        return func.count(distinct(case((condition, c.id))))

    counts = (
        select(
            HopRow.source_id,
            func.count(distinct(c.id)).label("carried"),
            count(c.speaker_id.is_not(None)).label("spoken"),
            count(c.speaker_class.in_(UNNAMED)).label("unnamed"),
            count(c.status == Status.ACCEPTED).label("reviewed"),
            func.count(distinct(c.article_id)).label("articles"),
            func.count(distinct(c.outlet_id)).label("outlets"),
            func.count().over().label("channels"),
        )
        .select_from(told.table)
        .join(HopRow, and_(HopRow.attribution_id == c.id, HopRow.role == HopRole.CHANNEL))
        .where(c.via > 0)
        .group_by(HopRow.source_id)
        .subquery()  # names are looked up once a channel, and not once an attribution
    )
    of: Any = counts.c
    query = (
        select(
            Source.id, Source.name, Source.kind, controller.name, of.channels, of.carried, of.spoken, of.unnamed,
            of.reviewed, of.articles, of.outlets,
        )
        .select_from(counts)
        .join(Source, Source.id == of.source_id)
        .outerjoin(controller, controller.id == Source.controller_id)
        .order_by(of.carried.desc(), Source.name, Source.id)
        .limit(limit)
    )  # fmt: skip
    rows = record.session.execute(query).all()
    pairs = _carried_speakers(record, speakers, [row[0] for row in rows])
    found = [
        ChannelLine(
            id_, name, str(kind), above, spread(n for n, _ in pairs.get(id_, ())),
            sum(n == whole for n, whole in pairs.get(id_, ())), *numbers,
        )
        for id_, name, kind, above, _, *numbers in rows
    ]  # fmt: skip
    return found, rows[0].channels if rows else 0


def _carried_speakers(record: Record, speakers: Speakers, channels: list[int]) -> dict[int, list[tuple[int, int]]]:
    """For each channel, of each named speaker: how much came through it, and how much the speaker said in all."""
    told, c = speakers.told, speakers.told.c
    each: Any = speakers.table.c
    number = func.count(distinct(c.id))
    query = (
        select(HopRow.source_id, number, each.n)
        .select_from(told.table)
        .join(HopRow, and_(HopRow.attribution_id == c.id, HopRow.role == HopRole.CHANNEL))
        .join(speakers.table, each.speaker_id == c.speaker_id)
        .where(c.via > 0, c.speaker_class.not_in(UNNAMED))
        .group_by(HopRow.source_id, each.speaker_id, each.n)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for some in batched(channels):
        for channel, n, whole in record.session.execute(query.where(HopRow.source_id.in_(some))):
            found.setdefault(channel, []).append((n, whole))
    return found


def outlet_lines(record: Record, told: Told, *, limit: int) -> list[OutletLine]:
    """The outlets with most attributions; what is from an unknown one is one of them."""
    c: Any = told.articles.c
    sums = (c.n, None, c.direct, c.via, c.reviewed, c.voices, c.unnamed_voices)
    query = (
        select(c.outlet_id, Outlet.name, *(func.count() if each is None else func.sum(each) for each in sums))
        .outerjoin(Outlet, Outlet.id == c.outlet_id)
        .group_by(c.outlet_id, Outlet.name)
        .order_by(func.sum(c.n).desc(), Outlet.name.nulls_first())
        .limit(limit)
    )
    rows = record.session.execute(query).all()
    number = func.count()
    spreads = (
        select(told.c.outlet_id, number)
        .where(told.c.origin_id.is_not(None))
        .group_by(told.c.outlet_id, told.c.origin_id)
    )
    numbers: dict[int | None, list[int]] = {}
    for outlet, n in record.session.execute(spreads):
        numbers.setdefault(outlet, []).append(n)
    origins = origins_by_outlet(told)
    return [
        OutletLine(
            outlet, name or "", origins.get(outlet, Origins((), 0, 0, 0)), spread(numbers.get(outlet, ())),
            *map(int, counts),
        )
        for outlet, name, *counts in rows
    ]  # fmt: skip


def outlet_called(record: Record, name: str) -> str:
    """The outlet that a user means, by its name in any case. Raises NotFoundError with those that are like it."""
    names = list(record.session.scalars(select(Outlet.name).order_by(Outlet.name)))
    for each in names:
        if each.lower() == name.lower():
            return each
    near = [each for each in names if name.lower() in each.lower()]
    if len(near) == 1:
        return near[0]
    hint = f"Is it one of: {', '.join(near[:6])}?" if near else "`quotetrack report outlets` lists them."
    raise NotFoundError(f"No outlet is called {name!r}. {hint}")
