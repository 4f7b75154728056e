"""Claims: who has which attribution before him, so that two people do not do the same work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, select
from sqlalchemy.exc import IntegrityError

from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store.base import now
from quotetrack.store.engine import reading, writing
from quotetrack.store.models import AttributionRow, Claim

SECONDS = 300.0
"""How long a claim holds unless it is renewed."""
LONGEST = timedelta(hours=1)
"""One that would hold for longer was made by a clock that was wrong: it holds nobody up."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that holds."""

    attribution_id: int
    reviewer: str
    until: datetime


def holds(moment: datetime) -> ColumnElement[bool]:
    """A condition on Claim: it holds at a moment."""
    return (Claim.until > moment) & (Claim.until <= moment + LONGEST)


def claim(engine: Engine, attribution_id: int, *, reviewer: str, seconds: float = SECONDS) -> Claimed:
    """Claim an attribution, or hold on to it for longer, but not LONGEST. Raises ConflictError if another has it."""
    moment = now()
    until = moment + timedelta(seconds=seconds)
    try:
        with writing(engine) as session:
            if session.get(AttributionRow, attribution_id) is None:
                raise NotFoundError(f"There is no attribution {attribution_id}.")
            row = session.get(Claim, attribution_id, with_for_update=True)
            if row is None:
                session.add(Claim(attribution_id=attribution_id, reviewer=reviewer, until=until))
            elif row.reviewer != reviewer and moment < row.until <= moment + LONGEST:
                raise ConflictError(
                    f"{row.reviewer} has attribution {attribution_id} until {row.until:%H:%M} UTC. Take another.",
                    by=row.reviewer,
                )
            else:
                row.reviewer, row.until = reviewer, until
            session.flush()
    except IntegrityError as error:
        raise ConflictError(f"Attribution {attribution_id} was claimed at the same moment. Take another.") from error
    return Claimed(attribution_id, reviewer, until)


def release(engine: Engine, *, reviewer: str, attribution_id: int | None = None) -> int:
    """Give up one claim, or all of a reviewer's. Returns how many there were."""
    query = delete(Claim).where(Claim.reviewer == reviewer)
    if attribution_id is not None:
        query = query.where(Claim.attribution_id == attribution_id)
    with writing(engine) as session:
        done = session.execute(query)
        return done.rowcount  # type: ignore[attr-defined, no-any-return]


def claims(engine: Engine) -> list[Claimed]:
    """The claims that hold now, the one that ends first first."""
    with reading(engine) as session:
        rows = session.scalars(select(Claim).where(holds(now())).order_by(Claim.until, Claim.attribution_id))
        return [Claimed(row.attribution_id, row.reviewer, row.until) for row in rows]
