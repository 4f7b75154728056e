"""Reading what is stored: attributions for lists and for the review queue, articles with their spans."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from quotetrack.domain import Hop, HopRole, Kind, Polarity, SourceClass, Span, SpanRole, Spans, text_of
from quotetrack.errors import NotFoundError
from quotetrack.store.engine import reading
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, Outlet, Source
from quotetrack.store.search import matches
from quotetrack.store.sources import find_source


@dataclass(frozen=True, slots=True)
class Filter:
    """Which attributions are wanted; an empty field does not narrow."""

    source: str = ""
    """Name of the speaker or of a channel."""
    speaker: str = ""
    channel: str = ""
    outlet: str = ""
    kind: str = ""
    polarity: str = ""
    status: str = ""
    text: str = ""
    """Words that the content must hold."""
    since: datetime | None = None
    until: datetime | None = None
    """Published before this moment."""
    article_id: int | None = None


@dataclass(frozen=True, slots=True)
class HopView(Hop):
    """One hop as stored: under its source's present name."""

    source_id: int = 0


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One attribution as lists show it."""

    id: int
    article_id: int
    title: str
    outlet: str | None
    published: datetime | None
    url: str | None
    kind: Kind
    polarity: Polarity
    status: str
    confidence: float
    version: int
    parent_id: int | None
    content: str
    cue: str
    source: str
    hops: tuple[HopView, ...]
    spans: dict[SpanRole, Spans] = field(default_factory=dict)

    @property
    def speaker(self) -> HopView | None:
        return self.hops[-1] if self.hops and self.hops[-1].role == HopRole.SPEAKER else None

    @property
    def channels(self) -> tuple[HopView, ...]:
        return tuple(hop for hop in self.hops if hop.role == HopRole.CHANNEL)

    def as_dict(self) -> dict[str, Any]:
        """The form of `quotetrack quotes --json`."""
        return {
            "id": self.id,
            "article_id": self.article_id,
            "title": self.title,
            "outlet": self.outlet,
            "published": self.published.isoformat() if self.published else None,
            "url": self.url,
            "kind": self.kind,
            "polarity": self.polarity,
            "status": self.status,
            "confidence": self.confidence,
            "parent_id": self.parent_id,
            "content": self.content,
            "cue": self.cue,
            "source": self.source,
            "speaker": {"name": self.speaker.name, "class": self.speaker.source_class} if self.speaker else None,
            "chain": [hop.as_dict() for hop in self.hops],
            "spans": {role.value: [[s.start, s.end] for s in spans] for role, spans in self.spans.items()},
        }


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article version with its text."""

    id: int
    title: str
    outlet: str | None
    author: str | None
    published: datetime | None
    url: str | None
    location: str
    text: str


ORDERS = ("recent", "uncertain", "article")


def list_quotes(
    engine: Engine,
    wanted: Filter,
    *,
    order: str = "recent",
    limit: int = 50,
    after: QuoteRow | None = None,
) -> list[QuoteRow]:
    """A page of attributions of current article versions, after the row `after` in the same order.

    Orders: `recent` (newest published first), `uncertain` (lowest confidence first), `article` (as read).
    Raises NotFoundError if a source is named that is not stored.
    """
    with reading(engine) as session:
        query = _query(engine, session, wanted)
        keys = _ORDER_KEYS[order]
        if after is not None:
            query = query.where(_beyond(keys, _key_of(session, after, order)))
        query = query.order_by(*(key.desc() if falls else key.asc() for key, falls in keys)).limit(limit)
        return _rows(session, session.scalars(query).all())


def count_quotes(engine: Engine, wanted: Filter) -> int:
    """How many attributions fit a filter. Raises NotFoundError as `list_quotes` does."""
    with reading(engine) as session:
        chosen = _query(engine, session, wanted).with_only_columns(AttributionRow.id).subquery()
        return session.scalar(select(func.count()).select_from(chosen)) or 0


def get_quote(engine: Engine, attribution_id: int) -> QuoteRow:
    """One attribution. Raises NotFoundError."""
    with reading(engine) as session:
        rows = _rows(session, session.scalars(_base().where(AttributionRow.id == attribution_id)).all())
    if not rows:
        raise NotFoundError(f"There is no attribution {attribution_id}.")
    return rows[0]


def get_article(engine: Engine, article_id: int) -> ArticleRow:
    """One article version. Raises NotFoundError."""
    with reading(engine) as session:
        row = session.get(ArticleVersion, article_id)
        if row is None:
            raise NotFoundError(f"There is no article {article_id}.")
        outlet = row.outlet.name if row.outlet else None
        return ArticleRow(
            row.id, row.title or row.name, outlet, row.author, row.published, row.url, row.location, row.text
        )


def count_by_status(engine: Engine) -> dict[str, int]:
    """Attributions of current article versions by status."""
    with reading(engine) as session:
        return dict(
            session.execute(
                select(AttributionRow.status, func.count())
                .join(ArticleVersion)
                .where(ArticleVersion.is_current)
                .group_by(AttributionRow.status)
            ).all()
        )


_published = func.coalesce(ArticleVersion.published, ArticleVersion.fetched)
_ORDER_KEYS: dict[str, list[tuple[Any, bool]]] = {
    "recent": [(_published, True), (AttributionRow.article_id, True), (AttributionRow.id, False)],
    "uncertain": [(AttributionRow.confidence, False), (AttributionRow.id, False)],
    "article": [(AttributionRow.article_id, False), (AttributionRow.id, False)],
}


def _key_of(session: Session, row: QuoteRow, order: str) -> list[Any]:
    keys = [key for key, _ in _ORDER_KEYS[order]]
    found = session.execute(
        select(*keys).select_from(AttributionRow).join(ArticleVersion).where(AttributionRow.id == row.id)
    )
    key = found.one_or_none()
    if key is None:
        raise NotFoundError(f"There is no attribution {row.id} any more.")
    return list(key)


def _beyond(keys: list[tuple[Any, bool]], values: list[Any]) -> ColumnElement[bool]:
    """Rows that come after these key values, for keys that rise or fall."""
    clauses = []
    for position, ((key, falls), value) in enumerate(zip(keys, values, strict=True)):
        equal = [k == v for (k, _), v in zip(keys[:position], values[:position], strict=True)]
        clauses.append(and_(*equal, key < value if falls else key > value))
    return or_(*clauses)


def _base() -> Select[AttributionRow]:
    return select(AttributionRow).join(ArticleVersion)


def _query(engine: Engine, session: Session, wanted: Filter) -> Select[AttributionRow]:
    query = _base().where(ArticleVersion.is_current)
    for name, role in ((wanted.source, None), (wanted.speaker, HopRole.SPEAKER), (wanted.channel, HopRole.CHANNEL)):
        if name:
            hop = aliased(HopRow)
            heard = select(hop.attribution_id).where(hop.source_id == find_source(session, name).id)
            query = query.where(AttributionRow.id.in_(heard if role is None else heard.where(hop.role == role)))
    if wanted.outlet:
        query = query.join(Outlet, Outlet.id == ArticleVersion.outlet_id).where(
            func.lower(Outlet.name) == wanted.outlet.lower()
        )
    for column, value in (
        (AttributionRow.kind, wanted.kind),
        (AttributionRow.polarity, wanted.polarity),
        (AttributionRow.status, wanted.status),
        (AttributionRow.article_id, wanted.article_id),
    ):
        if value:
            query = query.where(column == value)
    if wanted.text:
        query = query.where(matches(engine, wanted.text))
    if wanted.since:
        query = query.where(ArticleVersion.published >= wanted.since)
    if wanted.until:
        query = query.where(ArticleVersion.published < wanted.until)
    return query


def _rows(session: Session, found: Sequence[AttributionRow]) -> list[QuoteRow]:
    """The rows with all that belongs to them, in a fixed number of queries."""
    ids = [row.id for row in found]
    options = (
        selectinload(AttributionRow.spans),
        selectinload(AttributionRow.hops).selectinload(HopRow.source).load_only(Source.name),
        selectinload(AttributionRow.article).selectinload(ArticleVersion.outlet),
    )
    loaded = {
        row.id: row
        for row in session.scalars(select(AttributionRow).where(AttributionRow.id.in_(ids)).options(*options))
    }
    return [_view(loaded[i]) for i in ids]


def _view(row: AttributionRow) -> QuoteRow:
    article = row.article
    spans = {role: tuple(s.span for s in row.spans if s.role == role) for role in SpanRole}
    return QuoteRow(
        id=row.id,
        article_id=row.article_id,
        title=article.title or article.name,
        outlet=article.outlet.name if article.outlet else None,
        published=article.published,
        url=article.url,
        kind=Kind(row.kind),
        polarity=Polarity(row.polarity),
        status=row.status,
        confidence=row.confidence,
        version=row.version,
        parent_id=row.parent_id,
        content=row.content_text,
        cue=text_of(spans[SpanRole.CUE], article.text),
        source=text_of(spans[SpanRole.SOURCE], article.text),
        hops=tuple(
            HopView(
                role=HopRole(hop.role),
                name=hop.source.name,
                source_class=SourceClass(hop.source_class),
                span=Span(hop.start, hop.end) if hop.start is not None and hop.end is not None else None,
                made_by=hop.made_by,
                source_id=hop.source_id,
            )
            for hop in row.hops
        ),
        spans=spans,
    )
