"""Who a source is."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from quotetrack.domain import HopRole
from quotetrack.store.figures.record import Record
from quotetrack.store.filters import asked
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, Source
from quotetrack.store.sources import find_source
from quotetrack.store.statements.read import COUNTED


@dataclass(frozen=True, slots=True)
class Controlled:
    """A speaker whom a source controls, as a spokesman is by the body he speaks for."""

    id: int
    name: str
    spoken: int


@dataclass(frozen=True, slots=True)
class Identity:
    """A source, its names, and who controls it."""

    id: int
    name: str
    kind: str
    country: str | None
    controllers: tuple[str, ...]
    """Who controls it, who controls that, and so on: the last is its origin."""
    aliases: tuple[str, ...]
    controls: tuple[Controlled, ...]
    """Whom it controls itself and who speaks in scope, the most heard first: they are counted apart from it."""


def identify(record: Record, name: str) -> Identity:
    """The source that a user means. Raises NotFoundError."""
    source = find_source(record.session, name)
    aliases = tuple(sorted(alias.name for alias in source.aliases if alias.name != source.name))
    return Identity(
        source.id,
        source.name,
        str(source.kind),
        source.country,
        _controllers(source),
        aliases,
        _controlled(record, source.id),
    )


def _controllers(source: Source) -> tuple[str, ...]:
    found: list[str] = []
    above = source.controller
    while above is not None and above.name not in found:
        found.append(above.name)
        above = above.controller
    return tuple(found)


def _controlled(record: Record, source_id: int) -> tuple[Controlled, ...]:
    of_row, of_article = asked(record.engine, record.session, record.wanted)
    spoken = func.count().label("spoken")
    query = (
        select(Source.id, Source.name, spoken)
        .join(HopRow, and_(HopRow.source_id == Source.id, HopRow.role == HopRole.SPEAKER))
        .join(AttributionRow, AttributionRow.id == HopRow.attribution_id)
        .join(ArticleVersion, and_(ArticleVersion.id == AttributionRow.article_id, *of_article))
        .where(Source.controller_id == source_id, AttributionRow.status.in_(COUNTED), *of_row)
        .group_by(Source.id, Source.name)
        .order_by(spoken.desc(), Source.name, Source.id)
    )
    return tuple(Controlled(*row) for row in record.session.execute(query))
