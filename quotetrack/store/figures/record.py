"""What a report is about: the attributions in its scope, laid out once in temporary tables that its figures scan.

The tables go with the transaction. What a reviewer rejected or took back is in none of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CreateTableAs,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    case,
    distinct,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import HopRole, Kind, Polarity, SourceClass, Status
from quotetrack.store.base import UtcDateTime
from quotetrack.store.engine import reading
from quotetrack.store.filters import Filter, asked
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow
from quotetrack.store.origins import origins
from quotetrack.store.statements.read import COUNTED

UNNAMED = (SourceClass.UNNAMED, SourceClass.UNNAMED_GROUP)
OWN_ORIGIN = (SourceClass.PERSON, SourceClass.OFFICIAL, SourceClass.INSTITUTION, SourceClass.MEDIA)
"""Classes of sources that are an origin of their own where nobody is known to control them.

Who is behind an unnamed voice, several voices at once or a document that nobody is known to have issued is not known.
"""

origins_table = Table(
    "report_origin",
    MetaData(),
    Column("source_id", Integer, primary_key=True),
    Column("origin_id", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
"""The origin of every source that has another one than itself."""


def _told(name: str) -> Table:
    """One row an attribution, in the order of articles: that is how figures of articles are worked out quickly."""
    return Table(
        name,
        MetaData(),
        Column("article_id", Integer, primary_key=True),
        Column("id", Integer, primary_key=True),
        Column("outlet_id", Integer),
        Column("published", UtcDateTime()),
        Column("kind", Text),
        Column("polarity", Text),
        Column("status", Text),
        Column("speaker_id", Integer),  # null if nobody speaks
        Column("speaker_class", Text),
        Column("origin_id", Integer),  # null if it is not known
        Column("via", Integer),  # how many channels
        prefixes=["TEMPORARY"],
        sqlite_with_rowid=False,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """Attributions laid out, and what they come to in each article.

    Columns of `table`: see `_told`. Columns of `articles`: `article_id`, `outlet_id`, `published`, `n` attributions,
    how many of them each of `conditions` holds for, how many different `voices` speak, with the `unnamed_voices` among
    them, how many known `origins` they have, and how many attributions have a speaker `of_unknown` origin.
    """

    session: Session
    table: Table
    articles: Table

    @property
    def c(self) -> Any:
        return self.table.c


def conditions(table: Table) -> dict[str, ColumnElement[bool]]:
    """What every report counts, by the name of the figure; what is behind a figure is found by the same condition."""
    c: Any = table.c
    return {
        **{kind.value: c.kind == kind for kind in Kind},
        **{polarity.value: c.polarity == polarity for polarity in Polarity},
        "spoken": c.speaker_id.is_not(None),
        "no_speaker": c.speaker_id.is_(None),
        "unnamed": c.speaker_class.in_(UNNAMED),
        "via": c.via > 0,
        "reviewed": c.status == Status.ACCEPTED,
    }


@dataclass(frozen=True, slots=True)
class Record:
    """The database as one report sees it, in one transaction."""

    engine: Engine
    session: Session
    wanted: Filter

    def told(self, name: str, **narrower: Any) -> Told:
        """Lay out what is in scope, and of that what `narrower` lets through: fields of a `Filter`."""
        return self._lay_out(name, replace(self.wanted, **narrower))

    def beside(self, told: Told, name: str) -> Told:
        """Lay out all in scope that stands in the articles of `told`, whoever says it."""
        return self._lay_out(name, self.wanted, AttributionRow.article_id.in_(select(told.articles.c.article_id)))

    def _lay_out(self, name: str, wanted: Filter, *narrower: ColumnElement[bool]) -> Told:
        says = aliased(HopRow)
        hops = select(func.count()).where(HopRow.attribution_id == AttributionRow.id).correlate(AttributionRow)
        of_row, of_article = asked(self.engine, self.session, wanted)
        query = (
            select(
                AttributionRow.article_id,
                AttributionRow.id,
                ArticleVersion.outlet_id,
                ArticleVersion.published,
                AttributionRow.kind,
                AttributionRow.polarity,
                AttributionRow.status,
                says.source_id,
                says.source_class,
                origin_of(says),
                func.coalesce(says.position, hops.scalar_subquery()),  # the speaker is last in the chain
            )
            .select_from(AttributionRow)
            .join(ArticleVersion, and_(ArticleVersion.id == AttributionRow.article_id, *of_article))
            .outerjoin(says, and_(says.attribution_id == AttributionRow.id, says.role == HopRole.SPEAKER))
            .outerjoin(origins_table, origins_table.c.source_id == says.source_id)
            .where(AttributionRow.status.in_(COUNTED), *of_row, *narrower)
        )
        table = _told(f"report_{name}")
        table.create(self.session.connection())
        self.session.execute(insert(table).from_select([column.name for column in table.columns], query))
        return Told(self.session, table, self.make(f"report_{name}_articles", _by_article(table)))

    def make(self, name: str, query: Select[*tuple[Any, ...]]) -> Table:
        """A temporary table of what a query finds."""
        made = CreateTableAs(query, name, temporary=True)
        self.session.execute(made)
        return made.table


def _by_article(table: Table) -> Select[*tuple[Any, ...]]:
    c: Any = table.c
    unnamed = c.speaker_class.in_(UNNAMED)
    return select(
        c.article_id,
        func.min(c.outlet_id).label("outlet_id"),
        func.min(c.published).label("published"),
        func.count().label("n"),
        *(func.sum(case((condition, 1), else_=0)).label(name) for name, condition in conditions(table).items()),
        func.count(distinct(c.speaker_id)).label("voices"),
        func.count(distinct(case((unnamed, c.speaker_id)))).label("unnamed_voices"),
        func.count(distinct(c.origin_id)).label("origins"),
        func.sum(case((and_(c.speaker_id.is_not(None), c.origin_id.is_(None)), 1), else_=0)).label("of_unknown"),
    ).group_by(c.article_id)


def origin_of(hop: Any) -> ColumnElement[int | None]:
    """The origin of what a hop says, where the origins are joined to it; null where it is not known."""
    return func.coalesce(origins_table.c.origin_id, case((hop.source_class.in_(OWN_ORIGIN), hop.source_id)))


@contextmanager
def record(engine: Engine, wanted: Filter) -> Iterator[Record]:
    """The database for one report. Raises DatabaseError in place of the driver's errors."""
    with reading(engine) as session:
        session.connection(execution_options={"postgresql_readonly": False})  # else no temporary tables either
        origins_table.create(session.connection())
        above = [{"source_id": id_, "origin_id": end} for id_, end in origins(session).items() if id_ != end]
        if above:
            session.execute(insert(origins_table), above)
        yield Record(engine, session, wanted)
