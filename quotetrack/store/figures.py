"""Counts for reports, worked out in SQL. Attributions that a reviewer rejected are left out everywhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Engine, Select, and_, case, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import HopRole, Kind, SourceClass, Status
from quotetrack.store.engine import reading
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, Outlet, Source
from quotetrack.store.sources import find_source

Row = TypeVarTuple("Row")

UNNAMED = (SourceClass.UNNAMED, SourceClass.UNNAMED_GROUP)


@dataclass(frozen=True, slots=True)
class Scope:
    """The period of publication a report covers; an empty bound does not limit."""

    since: datetime | None = None
    until: datetime | None = None
    """Published before this moment."""
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole record in scope holds."""

    articles: int
    outlets: int
    attributions: int
    with_speaker: int
    unnamed: int
    """Attributions whose speaker is not named."""
    with_channel: int
    reviewed: int
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """One line of the overview over sources."""

    id: int
    name: str
    kind: str
    controller: str | None
    spoken: int
    direct: int
    """Of `spoken`: wholly in quotation marks."""
    through: int
    """Of `spoken`: reached the outlet through at least one stated channel."""
    carried: int
    articles: int
    outlets: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the record holds about one source."""

    id: int
    name: str
    kind: str
    country: str | None
    controllers: tuple[str, ...]
    """Who controls it, who controls that, and so on: the last is its origin."""
    aliases: tuple[str, ...]
    spoken: int
    carried: int
    articles: int
    first: datetime | None
    last: datetime | None
    kinds: dict[str, int] = field(default_factory=dict)
    polarities: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    through: dict[str, int] = field(default_factory=dict)
    """Channels through which it spoke, and how often."""
    outlets: dict[str, int] = field(default_factory=dict)
    speakers: dict[str, int] = field(default_factory=dict)
    """Who spoke through it, and how often."""
    only_through: dict[str, int] = field(default_factory=dict)
    """Of these, those whom this record hears in no other way."""
    carried_unnamed: int = 0
    """Of what it carried: attributions whose speaker is not named."""


def _in_scope(scope: Scope, *, rejected: bool = False) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [ArticleVersion.is_current.is_(True)]
    if not rejected:
        conditions.append(AttributionRow.status.not_in((Status.REJECTED, Status.WITHDRAWN)))
    if scope.since:
        conditions.append(ArticleVersion.published >= scope.since)
    if scope.until:
        conditions.append(ArticleVersion.published < scope.until)
    if scope.outlet:
        named = select(Outlet.id).where(Outlet.lowered == scope.outlet.lower())
        conditions.append(ArticleVersion.outlet_id.in_(named))
    return and_(*conditions)


_speaks = HopRow.role == HopRole.SPEAKER
_carries = HopRow.role == HopRole.CHANNEL
_has_channel = (
    select(HopRow.id)
    .where(HopRow.attribution_id == AttributionRow.id, HopRow.role == HopRole.CHANNEL)
    .correlate(AttributionRow)
    .exists()
)


def totals(engine: Engine, scope: Scope) -> Totals:
    """The whole record in scope. `reviewed` and `rejected` count rejected attributions too."""
    with reading(engine) as session:
        counts = session.execute(
            select(
                func.count(distinct(AttributionRow.article_id)),
                func.count(distinct(ArticleVersion.outlet_id)),
                func.count(),
                func.sum(case((_has_channel, 1), else_=0)),
            )
            .select_from(AttributionRow)
            .join(ArticleVersion)
            .where(_in_scope(scope))
        ).one()
        speakers = session.execute(
            _hops(select(func.count(), func.sum(case((HopRow.source_class.in_(UNNAMED), 1), else_=0))), scope).where(
                _speaks
            )
        ).one()
        statuses = dict(
            session.execute(
                select(AttributionRow.status, func.count())
                .join(ArticleVersion)
                .where(_in_scope(scope, rejected=True))
                .group_by(AttributionRow.status)
            ).all()
        )
    accepted, rejected = statuses.get(Status.ACCEPTED, 0), statuses.get(Status.REJECTED, 0)
    return Totals(
        articles=counts[0],
        outlets=counts[1],
        attributions=counts[2],
        with_speaker=speakers[0],
        unnamed=speakers[1] or 0,
        with_channel=counts[3] or 0,
        reviewed=accepted + rejected,
        accepted=accepted,
        rejected=rejected,
    )


def _hops(query: "Select[*Row]", scope: Scope) -> "Select[*Row]":
    return (
        query.select_from(HopRow)
        .join(AttributionRow, AttributionRow.id == HopRow.attribution_id)
        .join(ArticleVersion, ArticleVersion.id == AttributionRow.article_id)
        .where(_in_scope(scope))
    )


def source_counts(engine: Engine, scope: Scope, *, limit: int = 50) -> list[SourceCounts]:
    """The sources most heard in scope, as speakers or channels."""
    controller = aliased(Source)
    spoken = func.sum(case((_speaks, 1), else_=0)).label("spoken")
    carried = func.count(distinct(case((_carries, AttributionRow.id)))).label("carried")
    query = (
        _hops(
            select(
                Source.id,
                Source.name,
                Source.kind,
                controller.name,
                spoken,
                func.sum(case((and_(_speaks, AttributionRow.kind == Kind.DIRECT), 1), else_=0)),
                func.sum(case((and_(_speaks, HopRow.position > 0), 1), else_=0)),
                carried,
                func.count(distinct(AttributionRow.article_id)),
                func.count(distinct(ArticleVersion.outlet_id)),
                func.sum(case((AttributionRow.status == Status.ACCEPTED, 1), else_=0)),
            ),
            scope,
        )
        .join(Source, Source.id == HopRow.source_id)
        .outerjoin(controller, controller.id == Source.controller_id)
        .group_by(Source.id, Source.name, Source.kind, controller.name)
        .order_by((spoken + carried).desc(), Source.name, Source.id)
        .limit(limit)
    )
    with reading(engine) as session:
        return [SourceCounts(*row) for row in session.execute(query)]


def source_facts(engine: Engine, name: str, scope: Scope) -> SourceFacts:
    """Everything the report on one source needs. Raises NotFoundError if no source is called that."""
    with reading(engine) as session:
        source = find_source(session, name)
        mine = HopRow.source_id == source.id

        def count(column: Any, *conditions: ColumnElement[bool]) -> dict[str, int]:
            query = _hops(select(column, func.count(distinct(AttributionRow.id))), scope).where(mine, *conditions)
            query = query.group_by(column).order_by(func.count(distinct(AttributionRow.id)).desc(), column)
            return {str(value): number for value, number in session.execute(query)}

        roles = count(HopRow.role)
        articles, first, last = session.execute(
            _hops(
                select(
                    func.count(distinct(AttributionRow.article_id)),
                    func.min(ArticleVersion.published),
                    func.max(ArticleVersion.published),
                ),
                scope,
            ).where(mine)
        ).one()
        outlets = session.execute(
            _hops(select(Outlet.name, func.count(distinct(AttributionRow.id))), scope)
            .outerjoin(Outlet, Outlet.id == ArticleVersion.outlet_id)
            .where(mine)
            .group_by(Outlet.name)
            .order_by(func.count(distinct(AttributionRow.id)).desc(), Outlet.name)
        )
        speakers = _partners(session, source.id, HopRole.CHANNEL, HopRole.SPEAKER, scope)
        return SourceFacts(
            id=source.id,
            name=source.name,
            kind=source.kind,
            country=source.country,
            controllers=_controllers(source),
            aliases=tuple(sorted(alias.name for alias in source.aliases if alias.name != source.name)),
            spoken=roles.get(HopRole.SPEAKER, 0),
            carried=roles.get(HopRole.CHANNEL, 0),
            articles=articles,
            first=first,
            last=last,
            kinds=count(AttributionRow.kind, _speaks),
            polarities=count(AttributionRow.polarity, _speaks),
            classes=count(HopRow.source_class, _speaks),
            statuses=count(AttributionRow.status),
            through={n: c for _, n, c in _partners(session, source.id, HopRole.SPEAKER, HopRole.CHANNEL, scope)},
            outlets={outlet or "(unknown outlet)": number for outlet, number in outlets},
            speakers={n: c for _, n, c in speakers},
            only_through=_only_through(session, source.id, speakers, scope),
            carried_unnamed=_carried_unnamed(session, source.id, scope),
        )


def _partners(
    session: Session, source_id: int, role: HopRole, other_role: HopRole, scope: Scope
) -> list[tuple[int, str, int]]:
    """Sources in `other_role` in the chains that have this source in `role`: (id, name, attributions)."""
    other = aliased(HopRow)
    number = func.count(distinct(AttributionRow.id))
    query = (
        _hops(select(Source.id, Source.name, number), scope)
        .join(other, and_(other.attribution_id == AttributionRow.id, other.role == other_role))
        .join(Source, Source.id == other.source_id)
        .where(HopRow.source_id == source_id, HopRow.role == role, other.source_id != source_id)
        .group_by(Source.id, Source.name)
        .order_by(number.desc(), Source.name)
    )
    return list(session.execute(query))


def _only_through(
    session: Session, channel_id: int, speakers: list[tuple[int, str, int]], scope: Scope
) -> dict[str, int]:
    """Of the speakers carried by a channel, those that never speak without it in this record."""
    through = aliased(HopRow)
    carried = (
        select(through.id)
        .where(
            through.attribution_id == AttributionRow.id,
            through.source_id == channel_id,
            through.role == HopRole.CHANNEL,
        )
        .correlate(AttributionRow)
        .exists()
    )
    query = _hops(select(HopRow.source_id).distinct(), scope).where(
        _speaks, ~carried, HopRow.source_id.in_([source_id for source_id, _, _ in speakers])
    )
    elsewhere = set(session.scalars(query))
    return {name: number for source_id, name, number in speakers if source_id not in elsewhere}


def _carried_unnamed(session: Session, channel_id: int, scope: Scope) -> int:
    other = aliased(HopRow)
    query = (
        _hops(select(func.count(distinct(AttributionRow.id))), scope)
        .join(other, and_(other.attribution_id == AttributionRow.id, other.role == HopRole.SPEAKER))
        .where(HopRow.source_id == channel_id, _carries, or_(*(other.source_class == c for c in UNNAMED)))
    )
    return session.scalar(query) or 0


def _controllers(source: Source) -> tuple[str, ...]:
    found: list[str] = []
    above = source.controller
    while above is not None and above.name not in found:
        found.append(above.name)
        above = above.controller
    return tuple(found)
