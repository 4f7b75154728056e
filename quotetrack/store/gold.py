"""What reviewers decided, as gold: articles in which nothing is left to decide."""

from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import selectinload

from quotetrack.domain import HopRole, Kind, Polarity, SourceClass, SpanRole, Spans
from quotetrack.store.engine import reading
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, Source

__all__ = ["ReviewedArticle", "ReviewedAttribution", "ReviewedHop", "reviewed_articles"]


@dataclass(frozen=True, slots=True)
class ReviewedHop:
    """One link of a decided attribution's chain."""

    role: HopRole
    source_class: SourceClass
    names: tuple[str, ...]
    """Its source's present name, the name the article gave it, and the source's other names."""


@dataclass(frozen=True, slots=True)
class ReviewedAttribution:
    """One decided attribution."""

    id: int
    accepted: bool
    spans: dict[SpanRole, Spans]
    kind: Kind
    polarity: Polarity
    parent_id: int | None
    hops: tuple[ReviewedHop, ...]


@dataclass(frozen=True, slots=True)
class ReviewedArticle:
    """One current article version with at least one attribution, each of them accepted or rejected."""

    id: int
    name: str
    text: str
    attributions: tuple[ReviewedAttribution, ...]


def reviewed_articles(engine: Engine) -> tuple[ReviewedArticle, ...]:
    """The articles of which every attribution has been decided, in the order they were read.

    Raises DatabaseError in place of the driver's errors.
    """
    of_article = AttributionRow.article_id == ArticleVersion.id
    some = select(AttributionRow.id).where(of_article)
    pending = some.where(AttributionRow.status == "pending")
    query = (
        select(ArticleVersion)
        .where(ArticleVersion.is_current, some.exists(), ~pending.exists())
        .order_by(ArticleVersion.id)
        .options(
            selectinload(ArticleVersion.attributions).selectinload(AttributionRow.spans),
            selectinload(ArticleVersion.attributions)
            .selectinload(AttributionRow.hops)
            .selectinload(HopRow.source)
            .selectinload(Source.aliases),
        )
    )
    with reading(engine) as session:
        return tuple(_article(row) for row in session.scalars(query))


def _article(row: ArticleVersion) -> ReviewedArticle:
    ordered = sorted(row.attributions, key=lambda attribution: attribution.id)
    return ReviewedArticle(row.id, row.name, row.text, tuple(map(_attribution, ordered)))


def _attribution(row: AttributionRow) -> ReviewedAttribution:
    return ReviewedAttribution(
        id=row.id,
        accepted=row.status == "accepted",
        spans={role: tuple(piece.span for piece in row.spans if piece.role == role) for role in SpanRole},
        kind=Kind(row.kind),
        polarity=Polarity(row.polarity),
        parent_id=row.parent_id,
        hops=tuple(_hop(hop) for hop in row.hops),
    )


def _hop(row: HopRow) -> ReviewedHop:
    names = (row.source.name, row.name, *(alias.name for alias in row.source.aliases))
    return ReviewedHop(HopRole(row.role), SourceClass(row.source_class), tuple(dict.fromkeys(names)))
