"""What reviewers decide: an append-only log, from which each attribution's status is derived.

One decision is one transaction. Undoing is a decision too, so nothing that was ever decided is lost.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store.engine import reading, writing
from quotetrack.store.models import AttributionRow, Decision


class Action(StrEnum):
    """What a reviewer may decide about an attribution."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"


STATUS = {Action.ACCEPT: "accepted", Action.REJECT: "rejected"}
REASONS = ("not a quote", "wrong span", "wrong speaker", "wrong channel", "duplicate", "boilerplate")
"""Offered when rejecting; any other text will do."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome of a decision."""

    decision_id: int
    attribution_id: int
    status: str
    version: int


def decide(
    engine: Engine,
    attribution_id: int,
    action: Action,
    *,
    reviewer: str,
    version: int | None = None,
    note: str | None = None,
) -> Decided:
    """Accept or reject an attribution.

    `version` is the one the reviewer saw. Raises ConflictError, saying who changed what, if it is no longer that,
    and NotFoundError if there is no such attribution.
    """
    with writing(engine) as session:
        row = session.get(AttributionRow, attribution_id)
        if row is None:
            raise NotFoundError(f"There is no attribution {attribution_id}.")
        if version is not None and row.version != version:
            raise ConflictError(_changed(session, row))
        return _record(session, row, action, STATUS[action], reviewer, note)


def undo(engine: Engine, *, reviewer: str) -> Decided | None:
    """Take back this reviewer's newest decision that is still in force; None if there is none left.

    A decision that somebody has since overridden, or whose attribution is gone, has nothing left to take back.
    """
    with writing(engine) as session:
        undone = select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
        mine = session.scalars(
            select(Decision)
            .where(
                Decision.reviewer == reviewer,
                Decision.action != Action.UNDO,
                Decision.id.not_in(undone),
                Decision.attribution_id.is_not(None),
            )
            .order_by(Decision.id.desc())
        )
        for decision in mine:
            row = session.get_one(AttributionRow, decision.attribution_id)
            if _newest_in_force(session, row.id, undone) == decision.id:
                before = str(decision.before["status"])
                return _record(session, row, Action.UNDO, before, reviewer, None, undoes=decision.id)
        return None


def _newest_in_force(session: Session, attribution_id: int, undone: Select[int | None]) -> int | None:
    return session.scalar(
        select(func.max(Decision.id)).where(
            Decision.attribution_id == attribution_id, Decision.action != Action.UNDO, Decision.id.not_in(undone)
        )
    )


def _record(
    session: Session, row: AttributionRow, action: Action, status: str, reviewer: str, note: str | None,
    undoes: int | None = None,
) -> Decided:  # fmt: skip
    decision = Decision(
        attribution_id=row.id,
        article_id=row.article_id,
        reviewer=reviewer,
        action=action,
        before={"status": row.status},
        after={"status": status},
        note=note,
        undoes_id=undoes,
    )
    session.add(decision)
    row.status = status
    try:
        session.flush()
    except StaleDataError as error:
        raise ConflictError(f"Attribution {row.id} was changed at the same moment; look at it again.") from error
    return Decided(decision.id, row.id, row.status, row.version)


def _changed(session: Session, row: AttributionRow) -> str:
    last = session.scalar(
        select(Decision).where(Decision.attribution_id == row.id).order_by(Decision.id.desc()).limit(1)
    )
    if last is None:
        return f"Attribution {row.id} has changed since it was shown; look at it again."
    return f"Attribution {row.id} was changed by {last.reviewer} ({last.action}) and is now {row.status}."


def derived_status(engine: Engine) -> dict[int, str]:
    """For each attribution with decisions, the status its log gives: for `quotetrack db check`."""
    found: dict[int, str] = {}
    with reading(engine) as session:
        for attribution_id, after in session.execute(
            select(Decision.attribution_id, Decision.after)
            .where(Decision.attribution_id.is_not(None))
            .order_by(Decision.id)
        ):
            found[attribution_id] = after["status"]
    return found
