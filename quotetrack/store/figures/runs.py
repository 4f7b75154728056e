"""What an ingest did, and what of it still stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select

from quotetrack.errors import NotFoundError
from quotetrack.store.engine import reading
from quotetrack.store.models import ArticleVersion, AttributionRow, Run


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run."""

    id: int
    started: datetime
    finished: datetime | None
    """None while it runs, and for ever if it was killed."""
    quotetrack: str
    models: dict[str, Any]
    settings: dict[str, Any]
    summary: dict[str, Any] | None
    """Counts and timings, once it is finished."""
    statuses: dict[str, int]
    """What reviewers made of its attributions of current article versions."""
    superseded: int
    """Its attributions of article versions that a newer one has replaced."""


def run_facts(engine: Engine, run_id: int | None = None) -> RunFacts:
    """A run by its id, else the last one. Raises NotFoundError."""
    with reading(engine) as session:
        newest = select(Run).order_by(Run.id.desc()).limit(1)
        row = session.scalar(newest if run_id is None else select(Run).where(Run.id == run_id))
        if row is None:
            raise NotFoundError(
                f"There is no run {run_id}. `quotetrack report run` shows the last one."
                if run_id is not None
                else "Nothing was ingested yet. `quotetrack ingest` does it."
            )
        query = (
            select(ArticleVersion.is_current, AttributionRow.status, func.count())
            .join(ArticleVersion, ArticleVersion.id == AttributionRow.article_id)
            .where(AttributionRow.run_id == row.id)
            .group_by(ArticleVersion.is_current, AttributionRow.status)
            .order_by(AttributionRow.status)
        )
        counts = session.execute(query).all()
        return RunFacts(
            row.id, row.started, row.finished, row.quotetrack, row.models, row.settings, row.summary,
            statuses={status: n for current, status, n in counts if current},
            superseded=sum(n for current, _, n in counts if not current),
        )  # fmt: skip
