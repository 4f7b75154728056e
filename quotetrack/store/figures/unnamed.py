"""Every unnamed voice, once an article: what it is called, through whom it is heard, and who else says it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from quotetrack.domain import HopRole, SourceClass
from quotetrack.store.figures.record import UNNAMED, Record, Told
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, Outlet, Source, StatementLink
from quotetrack.store.statements.read import COUNTED

Voice = tuple[int, int]
"""An article and a source: two articles' "an official" are two voices."""


@dataclass(frozen=True, slots=True)
class UnnamedVoice:
    """One unnamed voice of one article."""

    article_id: int
    source_id: int
    title: str
    outlet: str | None
    published: datetime | None
    url: str | None
    descriptor: str
    """What the article calls it."""
    is_group: bool
    attributions: tuple[int, ...]
    channels: tuple[str, ...]
    """Through whom it is heard."""
    voices: int
    """How many different speakers the article has, itself included."""
    statements: int
    """How many statements it makes."""
    alone: int
    """Of these: made by nobody else in the record."""
    compared: bool
    """Whether what the article says was compared with what others say."""


def unnamed_voices(record: Record, told: Told, *, limit: int) -> list[UnnamedVoice]:
    """The unnamed voices of whole articles, those heard most recently first."""
    c = told.c
    chosen = record.make(
        f"{told.table.name}_unnamed",
        select(c.article_id, c.speaker_id, func.min(c.published).label("published"))
        .where(c.speaker_class.in_(UNNAMED))
        .group_by(c.article_id, c.speaker_id)
        .order_by(func.min(c.published).desc().nulls_last(), c.article_id, c.speaker_id)
        .limit(limit),
    )
    quotes, channels, statements = _quotes(told, chosen), _channels(told, chosen), _statements(told, chosen)
    found = []
    for (article, source), about in _articles(told, chosen).items():
        rows = quotes[article, source]
        made = statements.get((article, source), [])
        title, outlet, published, url, compared, voices = about
        found.append(
            UnnamedVoice(
                article, source, title, outlet, published, url,
                descriptor=rows[0][1], is_group=rows[0][2] == SourceClass.UNNAMED_GROUP,
                attributions=tuple(row[0] for row in rows), channels=tuple(channels.get((article, source), ())),
                voices=voices, statements=len(made), alone=sum(made), compared=bool(compared),
            )
        )  # fmt: skip
    return found


def _articles(told: Told, chosen: Table) -> dict[Voice, tuple[Any, ...]]:
    """In the order of the report."""
    beside: Any = told.articles.c
    query = (
        select(
            chosen.c.article_id,
            chosen.c.speaker_id,
            func.coalesce(ArticleVersion.title, ArticleVersion.name),
            Outlet.name,
            ArticleVersion.published,
            ArticleVersion.url,
            case((ArticleVersion.compared.is_not(None), 1), else_=0),
            beside.voices,
        )
        .select_from(chosen)
        .join(ArticleVersion, ArticleVersion.id == chosen.c.article_id)
        .join(told.articles, beside.article_id == chosen.c.article_id)
        .outerjoin(Outlet, Outlet.id == ArticleVersion.outlet_id)
        .order_by(chosen.c.published.desc().nulls_last(), chosen.c.article_id, chosen.c.speaker_id)
    )
    return {(article, source): tuple(rest) for article, source, *rest in told.session.execute(query)}


def _in_chosen(told: Told, chosen: Table) -> Any:
    return and_(chosen.c.article_id == told.c.article_id, chosen.c.speaker_id == told.c.speaker_id)


def _quotes(told: Told, chosen: Table) -> dict[Voice, list[tuple[int, str, str]]]:
    """Of each voice its attributions, with what the article calls it there."""
    query = (
        select(told.c.article_id, told.c.speaker_id, told.c.id, HopRow.name, HopRow.source_class)
        .select_from(chosen)
        .join(told.table, _in_chosen(told, chosen))
        .join(HopRow, and_(HopRow.attribution_id == told.c.id, HopRow.role == HopRole.SPEAKER))
        .where(told.c.speaker_class.in_(UNNAMED))
        .order_by(told.c.id)
    )
    found: dict[Voice, list[tuple[int, str, str]]] = defaultdict(list)
    for article, source, id_, name, source_class in told.session.execute(query):
        found[article, source].append((id_, name, source_class))
    return found


def _channels(told: Told, chosen: Table) -> dict[Voice, list[str]]:
    query = (
        select(told.c.article_id, told.c.speaker_id, Source.name)
        .select_from(chosen)
        .join(told.table, _in_chosen(told, chosen))
        .join(HopRow, and_(HopRow.attribution_id == told.c.id, HopRow.role == HopRole.CHANNEL))
        .join(Source, Source.id == HopRow.source_id)
        .distinct()
        .order_by(told.c.article_id, told.c.speaker_id, Source.name)
    )
    found: dict[Voice, list[str]] = defaultdict(list)
    for article, source, name in told.session.execute(query):
        found[article, source].append(name)
    return found


def _statements(told: Told, chosen: Table) -> dict[Voice, list[bool]]:
    """Of each voice, for each statement that it makes, whether it is the only voice that makes it."""
    mine, theirs, their, says = aliased(StatementLink), aliased(StatementLink), aliased(AttributionRow), aliased(HopRow)
    other = (
        select(theirs.id)
        .join(their, their.id == theirs.attribution_id)
        .join(ArticleVersion, and_(ArticleVersion.id == their.article_id, ArticleVersion.is_current.is_(True)))
        .outerjoin(says, and_(says.attribution_id == their.id, says.role == HopRole.SPEAKER))
        .where(
            theirs.statement_id == mine.statement_id,
            their.status.in_(COUNTED),
            or_(
                their.article_id != chosen.c.article_id,
                says.source_id.is_(None),
                says.source_id != chosen.c.speaker_id,
            ),
        )
        .correlate(mine, chosen)
    )
    query = (
        select(chosen.c.article_id, chosen.c.speaker_id, mine.statement_id, case((other.exists(), 0), else_=1))
        .select_from(chosen)
        .join(told.table, _in_chosen(told, chosen))
        .join(mine, mine.attribution_id == told.c.id)
        .distinct()
    )
    found: dict[Voice, list[bool]] = defaultdict(list)
    for article, source, _, alone in told.session.execute(query):
        found[article, source].append(bool(alone))
    return found
