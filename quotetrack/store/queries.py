"""Reading what is stored: attributions for lists and for the review queue, articles with their spans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, selectinload

from quotetrack.domain import Hop, HopRole, Kind, Polarity, SourceClass, Span, SpanRole, Spans, Status, Step, text_of
from quotetrack.errors import NotFoundError
from quotetrack.store.engine import batched, reading
from quotetrack.store.filters import ORDERS, Filter, narrowed, ordered
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, Source

__all__ = [
    "ORDERS", "ArticleRow", "Filter", "HopView", "QuoteRow", "article_names", "count_by_status", "count_quotes",
    "get_article", "get_quote", "list_quotes", "quotes_by_id", "versions_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class HopView(Hop):
    """One hop as stored, with its source. In lists it goes under its source's present name."""

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
    steps: tuple[Step, ...] = ()
    """Why the extractor made it so; what a reviewer changed since is in the history."""
    duplicate_of: int | None = None

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
            "duplicate_of": self.duplicate_of,
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


def list_quotes(
    engine: Engine,
    wanted: Filter,
    *,
    order: str = "recent",
    limit: int = 50,
    after: QuoteRow | None = None,
) -> list[QuoteRow]:
    """A page of attributions of current article versions, after the row `after` in the same order.

    Orders: `recent` (newest published first), `uncertain` (lowest confidence first), `article` (as read), `impact`
    (where a decision matters most).
    Raises NotFoundError if a source is named that is not stored.
    """
    with reading(engine) as session:
        query = ordered(session, narrowed(engine, session, wanted, order), order, after.id if after else None, limit)
        return _rows(session, session.scalars(query).all())


def count_quotes(engine: Engine, wanted: Filter) -> int:
    """How many attributions fit a filter. Raises NotFoundError as `list_quotes` does."""
    with reading(engine) as session:
        chosen = narrowed(engine, session, wanted).with_only_columns(AttributionRow.id).subquery()
        return session.scalar(select(func.count()).select_from(chosen)) or 0


def get_quote(engine: Engine, attribution_id: int) -> QuoteRow:
    """One attribution. Raises NotFoundError."""
    with reading(engine) as session:
        rows = _rows(session, session.scalars(select(AttributionRow).where(AttributionRow.id == attribution_id)).all())
    if not rows:
        raise NotFoundError(f"There is no attribution {attribution_id}.")
    return rows[0]


def versions_of(engine: Engine, attribution_ids: Iterable[int]) -> dict[int, int]:
    """The versions at which attributions are now; one that is not stored is left out."""
    found: dict[int, int] = {}
    with reading(engine) as session:
        for part in batched(attribution_ids):
            query = select(AttributionRow.id, AttributionRow.version).where(AttributionRow.id.in_(part))
            found |= dict(session.execute(query).all())
    return found


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


def article_names(engine: Engine) -> dict[int, str]:
    """What each article version is called, by id: its file's name, or the id it was given."""
    with reading(engine) as session:
        return dict(session.execute(select(ArticleVersion.id, ArticleVersion.name)).all())


def count_by_status(engine: Engine) -> dict[str, int]:
    """Attributions of current article versions by status, without those withdrawn."""
    number = select(AttributionRow.status, func.count()).group_by(AttributionRow.status)
    old = ArticleVersion.id == AttributionRow.article_id
    with reading(engine) as session:
        # an index alone has the counts of all, and superseded versions are few
        counts = dict(session.execute(number).all())
        superseded = dict(
            session.execute(number.join(ArticleVersion, old).where(ArticleVersion.is_current.is_(False))).all()
        )
    found = {status: n - superseded.get(status, 0) for status, n in counts.items() if status != Status.WITHDRAWN}
    return {status: n for status, n in found.items() if n}


def _rows(session: Session, found: Sequence[AttributionRow]) -> list[QuoteRow]:
    ids = [row.id for row in found]
    views = quotes_by_id(session, ids)
    return [views[i] for i in ids]


def quotes_by_id(session: Session, ids: Iterable[int]) -> dict[int, QuoteRow]:
    """Attributions by id with all that belongs to them; those that are gone are left out."""
    options = (
        selectinload(AttributionRow.spans),
        selectinload(AttributionRow.hops).selectinload(HopRow.source).load_only(Source.name),
        selectinload(AttributionRow.article).selectinload(ArticleVersion.outlet),
    )
    return {
        row.id: _view(row)
        for part in batched(ids)
        for row in session.scalars(select(AttributionRow).where(AttributionRow.id.in_(part)).options(*options))
    }


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
        duplicate_of=row.duplicate_of_id,
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
        steps=tuple(Step.from_dict(step) for step in row.steps),
    )
