"""What is behind a figure: the attributions that it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from quotetrack.domain import HopRole
from quotetrack.store.engine import batched
from quotetrack.store.figures.record import Record, Told, conditions
from quotetrack.store.figures.tally import Judged
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, StatementLink
from quotetrack.store.queries import QuoteRow, quotes_by_id
from quotetrack.store.statements.read import COUNTED


@dataclass(frozen=True, slots=True)
class Behind:
    """The attributions that a figure counts."""

    session: Session
    query: Any
    """Selects their ids, those published last first."""

    def ids(self, limit: int) -> list[int]:
        return list(self.session.scalars(self.query.limit(limit)))


@dataclass(frozen=True, slots=True)
class Shown:
    """An attribution with the text it stands in."""

    quote: QuoteRow
    text: str


def behind(told: Told, what: str, key: int | None = None) -> Behind:
    """What of `told` a figure counts.

    `what` is `all`, a name of `record.conditions`, `single_origin` or `unknown_origin`, or, with the id `key`,
    `channel`, `speaker` or `outlet` (None is an unknown one).
    """
    return _newest(told.session, told.table, _condition(told, what, key))


def behind_judged(judged: Judged, what: str) -> Behind:
    """The same of what reviewers judged: `found` (by the extractor, and accepted), `rejected` or `unchanged`."""
    c: Any = judged.table.c
    conditions = {
        "found": (c.accepted == 1) & (c.by_hand == 0),
        "rejected": c.accepted == 0,
        "unchanged": c.unchanged == 1,
    }
    return _newest(judged.session, judged.table, conditions[what])


def behind_statements(record: Record, statements: Iterable[int]) -> Behind:
    """All attributions that make these statements, statement by statement."""
    query = (
        select(StatementLink.attribution_id)
        .join(AttributionRow, AttributionRow.id == StatementLink.attribution_id)
        .join(ArticleVersion, and_(ArticleVersion.id == AttributionRow.article_id, ArticleVersion.is_current.is_(True)))
        .where(StatementLink.statement_id.in_(sorted(statements)), AttributionRow.status.in_(COUNTED))
        .order_by(StatementLink.statement_id, StatementLink.attribution_id)
    )
    return Behind(record.session, query)


def behind_these(record: Record, ids: Iterable[int]) -> Behind:
    """These attributions themselves."""
    query = select(AttributionRow.id).where(AttributionRow.id.in_(sorted(ids))).order_by(AttributionRow.id)
    return Behind(record.session, query)


def _newest(session: Session, table: Any, condition: ColumnElement[bool]) -> Behind:
    return Behind(
        session, select(table.c.id).where(condition).order_by(table.c.published.desc().nulls_last(), table.c.id)
    )


def _condition(told: Told, what: str, key: int | None) -> ColumnElement[bool]:
    c: Any = told.c
    articles: Any = told.articles.c
    in_articles = select(articles.article_id).where(articles.voices > 0)
    found: dict[str, ColumnElement[bool]] = {
        **conditions(told.table),
        "all": c.id.is_not(None),
        "outlet": c.outlet_id.is_(None) if key is None else c.outlet_id == key,
        "speaker": c.speaker_id == key,
        "channel": c.id.in_(
            select(HopRow.attribution_id).where(HopRow.source_id == key, HopRow.role == HopRole.CHANNEL)
        ),
        "single_origin": and_(
            c.speaker_id.is_not(None),
            c.article_id.in_(in_articles.where(articles.origins == 1, articles.of_unknown == 0)),
        ),
        "unknown_origin": and_(
            c.speaker_id.is_not(None),
            c.article_id.in_(in_articles.where(articles.origins < 2, articles.of_unknown > 0)),
        ),
    }
    return found[what]


def shown(session: Session, ids: Iterable[int]) -> dict[int, Shown]:
    """Attributions by id, with the texts of their articles."""
    quotes = quotes_by_id(session, sorted(set(ids)))
    texts: dict[int, str] = {}
    for part in batched({quote.article_id for quote in quotes.values()}):
        texts |= dict(
            session.execute(select(ArticleVersion.id, ArticleVersion.text).where(ArticleVersion.id.in_(part))).all()
        )
    return {id_: Shown(quote, texts[quote.article_id]) for id_, quote in quotes.items()}
