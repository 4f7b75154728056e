"""Reading pairs: what waits for a reviewer, and what was decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from quotetrack.domain import Relation, Span, Step
from quotetrack.errors import NotFoundError
from quotetrack.store.engine import batched, reading
from quotetrack.store.models import ArticleVersion, Outlet, StatementPair
from quotetrack.store.queries import QuoteRow, quotes_by_id
from quotetrack.store.statements.regroup import stands


@dataclass(frozen=True, slots=True)
class FlatRow:
    """A sentence that an article states itself."""

    article_id: int
    title: str
    outlet: str | None
    published: datetime | None
    span: Span
    text: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "article_id": self.article_id,
            "title": self.title,
            "outlet": self.outlet,
            "published": self.published.isoformat() if self.published else None,
            "start": self.span.start,
            "end": self.span.end,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair with both its sides: two attributions, or one and a flat sentence."""

    id: int
    first: QuoteRow
    second: QuoteRow | None
    flat: FlatRow | None
    suggested: Relation
    score: float
    reasons: tuple[Step, ...]
    relation: Relation | None
    decided_by: str | None
    at: datetime | None
    version: int

    def as_dict(self) -> dict[str, Any]:
        """The form of `quotetrack statements pairs --json`."""
        return {
            "id": self.id,
            "suggested": self.suggested,
            "score": self.score,
            "relation": self.relation,
            "decided_by": self.decided_by,
            "at": self.at.isoformat() if self.at else None,
            "version": self.version,
            "reasons": [step.as_dict() for step in self.reasons],
            "first": self.first.as_dict(),
            "second": self.second.as_dict() if self.second else None,
            "sentence": self.flat.as_dict() if self.flat else None,
        }


@dataclass(frozen=True, slots=True)
class PairCounts:
    """How many pairs wait and how many were decided, by relation: the suggested one, or what was decided."""

    waiting: dict[str, int]
    decided: dict[str, int]


pending: ColumnElement[bool] = and_(
    StatementPair.relation.is_(None), StatementPair.suggested != Relation.UNRELATED, stands(StatementPair.first_id),
    or_(
        StatementPair.second_id.is_(None) & StatementPair.article_id.in_(
            select(ArticleVersion.id).where(ArticleVersion.is_current)
        ),
        stands(StatementPair.second_id),
    ),
)  # fmt: skip
"""A condition on StatementPair: it waits for a reviewer."""


def list_pairs(
    engine: Engine, *, relation: str = "", waiting: bool = True, limit: int = 100, after: PairRow | None = None
) -> list[PairRow]:
    """A page of pairs, the likeliest first: those that wait, or those that were decided."""
    which = StatementPair.suggested if waiting else StatementPair.relation
    query = select(StatementPair).where(pending if waiting else StatementPair.relation.is_not(None))
    if relation:
        query = query.where(which == relation)
    if after is not None:
        query = query.where(
            StatementPair.score <= after.score,
            or_(StatementPair.score < after.score, StatementPair.id < after.id),
        )
    with reading(engine) as session:
        return pair_rows(session, query.order_by(StatementPair.score.desc(), StatementPair.id.desc()).limit(limit))


def get_pair(engine: Engine, pair_id: int) -> PairRow:
    """One pair, whether it waits or not. Raises NotFoundError."""
    with reading(engine) as session:
        rows = pair_rows(session, select(StatementPair).where(StatementPair.id == pair_id))
    if not rows:
        raise NotFoundError(f"There is no pair {pair_id}. `quotetrack statements pairs` lists those that wait.")
    return rows[0]


def count_pairs(engine: Engine) -> PairCounts:
    with reading(engine) as session:
        of_suggested = select(StatementPair.suggested, func.count()).where(pending).group_by(StatementPair.suggested)
        decided = StatementPair.relation.is_not(None)
        of_decided = select(StatementPair.relation, func.count()).where(decided).group_by(StatementPair.relation)
        found = [{str(r): n for r, n in session.execute(query)} for query in (of_suggested, of_decided)]
    return PairCounts(*found)


def pairs_with(session: Session, attribution_ids: Iterable[int]) -> list[PairRow]:
    """All pairs of these attributions, but those that are only waiting to be found unrelated."""
    found: dict[int, PairRow] = {}
    for ids in batched(attribution_ids):
        for side in (StatementPair.first_id, StatementPair.second_id):
            query = select(StatementPair).where(
                side.in_(ids), or_(StatementPair.relation.is_not(None), StatementPair.suggested != Relation.UNRELATED)
            )
            found.update((row.id, row) for row in pair_rows(session, query))
    return sorted(found.values(), key=lambda row: (row.relation is None, -row.score, row.id))


def pair_rows(session: Session, query: Select[Any]) -> list[PairRow]:
    """The pairs with all that belongs to them, in a fixed number of queries."""
    rows: Sequence[StatementPair] = session.scalars(query).all()
    ids = {id_ for row in rows for id_ in (row.first_id, row.second_id) if id_ is not None}
    quotes: dict[int, QuoteRow] = {}
    for some in batched(sorted(ids)):
        quotes |= quotes_by_id(session, some)
    articles = _articles(session, {row.article_id for row in rows if row.article_id is not None})
    return [
        PairRow(
            row.id,
            quotes[row.first_id],
            quotes[row.second_id] if row.second_id is not None else None,
            _flat(row, *articles[row.article_id]) if row.article_id is not None else None,
            Relation(row.suggested),
            row.score,
            tuple(Step.from_dict(step) for step in row.reasons),
            Relation(row.relation) if row.relation else None,
            row.decided_by,
            row.at,
            row.version,
        )
        for row in rows
    ]


def _articles(session: Session, ids: Iterable[int]) -> dict[int, tuple[ArticleVersion, str | None]]:
    found: dict[int, tuple[ArticleVersion, str | None]] = {}
    for some in batched(ids):
        query = select(ArticleVersion, Outlet.name).outerjoin(Outlet).where(ArticleVersion.id.in_(some))
        found.update((article.id, (article, outlet)) for article, outlet in session.execute(query))
    return found


def _flat(row: StatementPair, article: ArticleVersion, outlet: str | None) -> FlatRow:
    assert row.start is not None and row.end is not None  # noqa: PT018
    span = Span(row.start, row.end)
    return FlatRow(article.id, article.title or article.name, outlet, article.published, span, span.of(article.text))
