"""Whether what is stored holds together, and how much of it there is."""

from collections.abc import Iterator

from sqlalchemy import Engine, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import HopRole, SpanRole
from quotetrack.store.decisions import derived_status
from quotetrack.store.engine import check_integrity, reading, sqlite_path
from quotetrack.store.models import (
    ArticleVersion,
    AttributionRow,
    AttributionSpan,
    Decision,
    HopRow,
    Outlet,
    Run,
    Source,
    SourceAlias,
)

SHOWN = 20
"""Faults of one kind listed singly; a damaged database has thousands alike."""


def check(engine: Engine) -> list[str]:
    """Every fault found, one line each; empty when the database is sound."""
    faults = check_integrity(engine)
    with reading(engine) as session:
        for rule in (_spans_outside, _without_content, _speaker_not_last, _gaps_in_chains, _current_versions, _merged):
            found = list(rule(session))
            faults += found[:SHOWN]
            if len(found) > SHOWN:
                faults.append(f"… and {len(found) - SHOWN} more of this kind")
        statuses = dict(session.execute(select(AttributionRow.id, AttributionRow.status)).all())
    derived = derived_status(engine)
    for attribution_id, status in statuses.items():
        due = derived.get(attribution_id, "pending")
        if status != due:
            faults.append(f"attribution {attribution_id} is {status}, but its decisions make it {due}")
    return faults


def _spans_outside(session: Session) -> Iterator[str]:
    length = func.length(ArticleVersion.text)
    query = (
        select(AttributionSpan.attribution_id, AttributionSpan.role, AttributionSpan.end, length)
        .join(AttributionRow, AttributionRow.id == AttributionSpan.attribution_id)
        .join(ArticleVersion)
        .where(AttributionSpan.end > length)
    )
    for attribution_id, role, end, size in session.execute(query):
        yield f"attribution {attribution_id}: its {role} ends at {end}, in a text of {size} characters"


def _without_content(session: Session) -> Iterator[str]:
    has = exists().where(AttributionSpan.attribution_id == AttributionRow.id, AttributionSpan.role == SpanRole.CONTENT)
    for attribution_id in session.scalars(select(AttributionRow.id).where(~has)):
        yield f"attribution {attribution_id} has no content"


def _speaker_not_last(session: Session) -> Iterator[str]:
    later = aliased(HopRow)
    query = select(HopRow.attribution_id).where(
        HopRow.role == HopRole.SPEAKER,
        exists().where(later.attribution_id == HopRow.attribution_id, later.position > HopRow.position),
    )
    for attribution_id in session.scalars(query):
        yield f"attribution {attribution_id}: its speaker is not the last hop"


def _gaps_in_chains(session: Session) -> Iterator[str]:
    query = (
        select(HopRow.attribution_id)
        .group_by(HopRow.attribution_id)
        .having(or_(func.min(HopRow.position) != 0, func.max(HopRow.position) != func.count() - 1))
    )
    for attribution_id in session.scalars(query):
        yield f"attribution {attribution_id}: the positions of its hops have a gap"


def _current_versions(session: Session) -> Iterator[str]:
    query = (
        select(ArticleVersion.key)
        .group_by(ArticleVersion.key)
        .having(func.count().filter(ArticleVersion.is_current) != 1)
    )
    for key in session.scalars(query):
        yield f"article {key!r} does not have exactly one current version"


def _merged(session: Session) -> Iterator[str]:
    query = select(Source.id).where(
        Source.merged_into_id.is_not(None),
        or_(exists().where(HopRow.source_id == Source.id), exists().where(SourceAlias.source_id == Source.id)),
    )
    for source_id in session.scalars(query):
        yield f"source {source_id} is merged into another and still has names or hops"
    nameless = and_(Source.merged_into_id.is_(None), ~exists().where(SourceAlias.source_id == Source.id))
    for source_id in session.scalars(select(Source.id).where(nameless)):
        yield f"source {source_id} has no name"


def statistics(engine: Engine) -> dict[str, int | str]:
    """Rows of each table, and the size of a SQLite file in bytes."""
    tables = {
        "articles": ArticleVersion, "attributions": AttributionRow, "hops": HopRow, "sources": Source,
        "source_names": SourceAlias, "outlets": Outlet, "decisions": Decision, "runs": Run,
    }  # fmt: skip
    with reading(engine) as session:
        found: dict[str, int | str] = {
            name: session.scalar(select(func.count()).select_from(model)) or 0 for name, model in tables.items()
        }
    path = sqlite_path(engine.url.render_as_string(hide_password=False))
    if path is not None and path.exists():
        found["bytes"] = path.stat().st_size
    return {"database": engine.url.render_as_string()} | found
