"""What becomes of what is said: who else says it, what a reviewer saw come of it, and how a reviewer grades it.

What a reviewer confirmed and what the machine merely suggests are counted apart throughout.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, and_, case, func, insert, or_, select
from sqlalchemy.orm import aliased

from quotetrack.domain import HopRole, Polarity
from quotetrack.store.figures.record import Record, Told, origin_of, origins_table
from quotetrack.store.models import (
    ArticleVersion,
    Assessment,
    AttributionRow,
    HopRow,
    Outcome,
    Outlet,
    Statement,
    StatementLink,
)
from quotetrack.store.statements.read import COUNTED
from quotetrack.store.statements.regroup import CONFIRMED
from quotetrack.store.statements.views import voices


@dataclass(frozen=True, slots=True)
class Corroborated:
    """Ids of statements by who else makes them."""

    independent: tuple[int, ...] = ()
    """Two attributions of it are not linked by any origin that they share, in speakers or channels, directly or by way
    of others."""
    same_origin: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    """The origin of some of its attributions is not known, and no two others are independent."""


@dataclass(frozen=True, slots=True)
class Corroboration:
    """The statements that are made, each counted once."""

    confirmed: Corroborated
    """Made by two attributions or more that a reviewer has confirmed to make it."""
    suggested: Corroborated
    """The same only if what the machine suggests is taken for true."""
    alone: tuple[int, ...]
    """Made by one attribution only."""


@dataclass(frozen=True, slots=True)
class Lags:
    """How long after a channel had published a statement itself others carried it, of each attribution with dates."""

    confirmed: tuple[timedelta, ...] = ()
    suggested: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of a statement, as recorded last."""

    statement_id: int
    label: str
    confirmed: bool
    """Whether a reviewer has confirmed that the statement is made."""
    verdict: str
    day: date
    note: str
    link: str | None
    reviewer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """A grade that a reviewer gave."""

    statement_id: int | None
    subject: str
    """The statement it is about; empty if it is about the source."""
    grade: str
    rationale: str
    reviewer: str
    at: datetime
    newest: bool
    """Whether it is the last of its subject."""


def _links_table(name: str) -> Table:
    return Table(
        name,
        MetaData(),
        Column("statement_id", Integer, primary_key=True),
        Column("attribution_id", Integer, primary_key=True),
        Column("confirmed", Integer),
        Column("known", Integer),  # whether the origin is known
        Column("own", Integer),  # whether it is one of those that the report is about
        prefixes=["TEMPORARY"],
    )


def _lines_table(name: str) -> Table:
    """The origins of all that stands in a chain."""
    return Table(
        name,
        MetaData(),
        Column("attribution_id", Integer, primary_key=True),
        Column("origin_id", Integer, primary_key=True),
        prefixes=["TEMPORARY"],
    )


def own_statements(told: Told) -> Any:
    """Statements that are made in `told`, each with whether a reviewer has confirmed one of the links."""
    confirmed = func.max(case((StatementLink.relation == CONFIRMED, 1), else_=0)).label("confirmed")
    return (
        select(StatementLink.statement_id, confirmed)
        .join(told.table, told.c.id == StatementLink.attribution_id)
        .where(told.c.polarity == Polarity.ASSERTED)
        .group_by(StatementLink.statement_id)
    )


def corroboration(record: Record, told: Told) -> Corroboration:
    """Who else makes the statements that are made in `told`, anywhere in the record. Asserting alone counts."""
    links = _lay_out_links(record, told)
    lines = _lay_out_lines(record, links)
    c: Any = links.c
    query = (
        select(c.statement_id, c.attribution_id, c.confirmed, c.own, lines.c.origin_id)
        .select_from(links.outerjoin(lines, and_(lines.c.attribution_id == c.attribution_id, c.known == 1)))
        .order_by(c.statement_id, c.attribution_id, lines.c.origin_id)
    )
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for statement, rows in groupby(record.session.execute(query), lambda row: row[0]):
        every: dict[int, set[int]] = {}
        sure: set[int] = set()
        mine = False
        for _, attribution, confirmed, own, origin in rows:
            every.setdefault(attribution, set()).update(() if origin is None else (origin,))
            if confirmed:
                sure.add(attribution)
                mine = mine or bool(own)
        if mine and len(sure) >= 2:
            found["confirmed", _judged({id_: every[id_] for id_ in every if id_ in sure})].append(statement)
        elif len(every) >= 2:
            found["suggested", _judged(every)].append(statement)
        else:
            found["alone", ""].append(statement)

    def all_of(basis: str) -> Corroborated:
        return Corroborated(**{name: tuple(ids) for (which, name), ids in found.items() if which == basis})

    return Corroboration(all_of("confirmed"), all_of("suggested"), tuple(found["alone", ""]))


def _judged(origins_of: dict[int, set[int]]) -> str:
    """Who makes a statement: `origins_of` has the origins in the chain of each attribution, none if unknown."""
    _, found = voices(origins_of, {})
    return "independent" if found.independent > 1 else "unknown" if found.unknown else "same_origin"


def _lay_out_links(record: Record, told: Told) -> Table:
    links = _links_table(f"{told.table.name}_links")
    links.create(record.session.connection())
    says = aliased(HopRow)
    own = select(told.c.id).where(told.c.id == AttributionRow.id, told.c.article_id == AttributionRow.article_id)
    query = (
        select(
            StatementLink.statement_id,
            StatementLink.attribution_id,
            case((StatementLink.relation == CONFIRMED, 1), else_=0),
            case((origin_of(says).is_not(None), 1), else_=0),
            case((own.exists(), 1), else_=0),
        )
        .join(AttributionRow, AttributionRow.id == StatementLink.attribution_id)
        .join(ArticleVersion, and_(ArticleVersion.id == AttributionRow.article_id, ArticleVersion.is_current.is_(True)))
        .outerjoin(says, and_(says.attribution_id == AttributionRow.id, says.role == HopRole.SPEAKER))
        .outerjoin(origins_table, origins_table.c.source_id == says.source_id)
        .where(
            StatementLink.statement_id.in_(select(own_statements(told).subquery().c.statement_id)),
            AttributionRow.status.in_(COUNTED),
            AttributionRow.polarity == Polarity.ASSERTED,
        )
    )
    record.session.execute(insert(links).from_select([column.name for column in links.columns], query))
    return links


def _lay_out_lines(record: Record, links: Table) -> Table:
    lines = _lines_table(f"{links.name}_lines")
    lines.create(record.session.connection())
    query = (
        select(HopRow.attribution_id, func.coalesce(origins_table.c.origin_id, HopRow.source_id))
        .outerjoin(origins_table, origins_table.c.source_id == HopRow.source_id)
        .where(HopRow.attribution_id.in_(select(links.c.attribution_id)))
        .distinct()
    )
    record.session.execute(insert(lines).from_select(["attribution_id", "origin_id"], query))
    return lines


def lags(record: Record, told: Told, channel_id: int) -> Lags:
    """How long others took to carry what a channel had published itself; `told` is what came through it.

    A negative time says that another outlet was earlier.
    """
    mine, own = aliased(StatementLink), aliased(StatementLink)
    first = func.min(ArticleVersion.published)
    both = func.max(case((and_(mine.relation == CONFIRMED, own.relation == CONFIRMED), 1), else_=0))
    query = (
        select(told.c.published, first, both)
        .select_from(told.table)
        .join(mine, mine.attribution_id == told.c.id)
        .join(own, own.statement_id == mine.statement_id)
        .join(AttributionRow, AttributionRow.id == own.attribution_id)
        .join(ArticleVersion, ArticleVersion.id == AttributionRow.article_id)
        .join(Outlet, Outlet.id == ArticleVersion.outlet_id)
        .where(
            Outlet.source_id == channel_id,
            ArticleVersion.is_current.is_(True),
            ArticleVersion.published.is_not(None),
            AttributionRow.status.in_(COUNTED),
            told.c.published.is_not(None),
            or_(told.c.outlet_id.is_(None), told.c.outlet_id != Outlet.id),
        )
        .group_by(told.c.id, told.c.published)
    )
    found: dict[bool, list[timedelta]] = {True: [], False: []}
    for published, earliest, confirmed in record.session.execute(query):
        found[bool(confirmed)].append(published - earliest)
    return Lags(tuple(sorted(found[True])), tuple(sorted(found[False])))


def outcomes(told: Told) -> list[OutcomeRow]:
    """What became of the statements made in `told`, of each as it was recorded last."""
    own = own_statements(told).subquery()
    newest = select(func.max(Outcome.id)).group_by(Outcome.statement_id)
    query = (
        select(Outcome, Statement.label, own.c.confirmed)
        .join(own, own.c.statement_id == Outcome.statement_id)
        .join(Statement, Statement.id == Outcome.statement_id)
        .where(Outcome.id.in_(newest))
        .order_by(Outcome.day, Outcome.id)
    )
    return [
        OutcomeRow(
            row.statement_id, label, bool(confirmed), str(row.verdict), row.day, row.note, row.link, row.reviewer,
            row.at,
        )
        for row, label, confirmed in told.session.execute(query)
    ]  # fmt: skip


def assessments_of_source(record: Record, source_id: int) -> list[AssessmentRow]:
    """The letters that a source was given, the newest first."""
    query = (
        select(Assessment).where(Assessment.source_id == source_id).order_by(Assessment.at.desc(), Assessment.id.desc())
    )
    return [
        AssessmentRow(None, "", row.grade, row.rationale, row.reviewer, row.at, number == 0)
        for number, row in enumerate(record.session.scalars(query))
    ]


def assessments_of_statements(told: Told) -> list[AssessmentRow]:
    """The digits that the statements made in `told` were given, by statement, the newest first."""
    own = own_statements(told).subquery()
    query = (
        select(Assessment, Statement.label)
        .join(Statement, Statement.id == Assessment.statement_id)
        .where(Assessment.statement_id.in_(select(own.c.statement_id)))
        .order_by(Statement.id, Assessment.at.desc(), Assessment.id.desc())
    )
    found: list[AssessmentRow] = []
    for row, label in told.session.execute(query):
        newest = not found or found[-1].statement_id != row.statement_id
        found.append(AssessmentRow(row.statement_id, label, row.grade, row.rationale, row.reviewer, row.at, newest))
    return found
