"""Reading the log: what was decided on an attribution, in an article, by a reviewer, and how fast."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, select

from quotetrack.store.acts import Action, in_force
from quotetrack.store.decisions.state import differences
from quotetrack.store.engine import reading
from quotetrack.store.models import Decision

PAUSE = timedelta(minutes=5)
"""Between two decisions further apart than this, the reviewer was away."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One decision as the log has it."""

    id: int
    at: datetime
    reviewer: str
    action: str
    attribution_id: int | None
    article_id: int | None
    source_id: int | None
    pair_id: int | None
    note: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    undoes_id: int | None
    batch: str | None
    is_second: bool
    is_undone: bool

    @property
    def differences(self) -> list[str]:
        """What it changed, each in a few words."""
        return differences(self.before, self.after)

    def as_dict(self) -> dict[str, Any]:
        names = (
            "id", "reviewer", "action", "attribution_id", "article_id", "source_id", "pair_id", "note", "before",
            "after", "undoes_id", "batch", "is_second", "is_undone", "differences",
        )  # fmt: skip
        return {"at": self.at.isoformat()} | {name: getattr(self, name) for name in names}


def history(
    engine: Engine, *, attribution_id: int | None = None, article_id: int | None = None, source_id: int | None = None,
    pair_id: int | None = None, reviewer: str = "", limit: int = 50, after: int | None = None,
) -> list[LogRow]:  # fmt: skip
    """A page of the log, the newest first, after the decision of the id `after`; what is not given does not narrow."""
    query = select(Decision, in_force.label("stands")).order_by(Decision.id.desc()).limit(limit)
    for column, value in (
        (Decision.attribution_id, attribution_id),
        (Decision.article_id, article_id),
        (Decision.source_id, source_id),
        (Decision.pair_id, pair_id),
        (Decision.reviewer, reviewer or None),
    ):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(Decision.id < after)
    with reading(engine) as session:
        return [
            LogRow(
                d.id, d.at, d.reviewer, d.action, d.attribution_id, d.article_id, d.source_id, d.pair_id, d.note,
                d.before, d.after, d.undoes_id, d.batch, d.is_second, not stands,
            )
            for d, stands in session.execute(query)
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pace:
    """What a reviewer has done since a moment, over all sessions."""

    done: int
    """Attributions on which a decision of his stands."""
    minutes: float
    """Time at work, pauses left out."""

    @property
    def per_minute(self) -> float:
        """The first minute counts as a whole one."""
        return self.done / max(self.minutes, 1)


def pace(engine: Engine, *, reviewer: str, since: datetime, second: bool = False) -> Pace:
    """How much a reviewer has done since a moment, such as this morning, and how fast; with `second`, as the second."""
    query = (
        select(Decision.at, Decision.attribution_id, Decision.action, in_force)
        .where(Decision.reviewer == reviewer, Decision.at >= since, Decision.is_second.is_(second))
        .order_by(Decision.at, Decision.id)
    )
    with reading(engine) as session:
        rows = session.execute(query).all()
    stands = {row[1] for row in rows if row[1] is not None and row[2] not in (Action.UNDO, Action.NOTE) and row[3]}
    gaps = (later[0] - earlier[0] for earlier, later in pairwise(rows))
    worked = sum((gap for gap in gaps if gap <= PAUSE), timedelta())
    return Pace(len(stands), worked.total_seconds() / 60)


def this_morning(moment: datetime | None = None) -> datetime:
    """The beginning of the day by the clock of this machine."""
    moment = (moment or datetime.now()).astimezone()
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
