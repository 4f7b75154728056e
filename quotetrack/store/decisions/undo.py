"""Taking back and doing again, to any depth and over restarts: what is next is read from the log alone.

An undo restores what was before, a redo what was after; both are decisions. A new act ends what could be redone.
"""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from quotetrack.errors import ConflictError
from quotetrack.store.acts import STAYS, Action, in_force, placed
from quotetrack.store.decisions.record import (
    Decided,
    as_one,
    changed_since,
    hold_rows,
    logged,
    newest_in_force,
    now_of,
    record,
    row_of,
    said_of,
)
from quotetrack.store.decisions.relations import reverse_relation
from quotetrack.store.decisions.second import opinion_so_far
from quotetrack.store.decisions.source_log import log_sources, shift, snapshot
from quotetrack.store.decisions.state import State
from quotetrack.store.engine import writing
from quotetrack.store.models import AttributionRow, Decision


def undo(engine: Engine, *, reviewer: str, past: bool = False, second: bool | None = None) -> Decided | None:
    """Take back this reviewer's newest act that is still in force; None if there is none left.

    With `second`, his newest second opinion; with False, his newest act that is none. Raises ConflictError, saying who
    changed what, if somebody has since changed what it decided; with `past`, such acts are passed over. An act whose
    attributions are gone has nothing to take back.
    """
    mine = (Decision.action != Action.UNDO, Decision.action.not_in(STAYS), *_of_review(second))
    return _repeat(engine, Action.UNDO, reviewer, mine, past)


def redo(engine: Engine, *, reviewer: str, past: bool = False, second: bool | None = None) -> Decided | None:
    """Do again what this reviewer undid last, if he has decided nothing new since; None if there is nothing.

    `second` and ConflictError are as with `undo`.
    """
    newest = (
        select(func.coalesce(func.max(Decision.id), 0))
        .where(Decision.reviewer == reviewer, Decision.undoes_id.is_(None), *_of_review(second))
        .scalar_subquery()
    )
    mine = (Decision.action == Action.UNDO, Decision.id > newest, *_of_review(second))
    return _repeat(engine, Action.REDO, reviewer, mine, past)


def _of_review(second: bool | None) -> Sequence[ColumnElement[bool]]:
    return () if second is None else (Decision.is_second.is_(second),)


def _repeat(
    engine: Engine, action: Action, reviewer: str, which: Sequence[ColumnElement[bool]], past: bool
) -> Decided | None:
    query = select(Decision).where(Decision.reviewer == reviewer, in_force, placed, *which).order_by(Decision.id.desc())
    with writing(engine) as session:
        below: int | None = None
        while True:
            decision = session.scalar((query if below is None else query.where(Decision.id < below)).limit(1))
            if decision is None:
                return None
            act = [decision]
            if decision.batch:
                act = list(session.scalars(query.where(Decision.batch == decision.batch)))
            try:
                with session.begin_nested():  # a batch that cannot be taken back whole is not taken back in part
                    return _reverse(session, action, act, reviewer)
            except ConflictError:
                if not past:
                    raise
                below = min(one.id for one in act)


def _reverse(session: Session, action: Action, act: list[Decision], reviewer: str) -> Decided:
    hold_rows(session, AttributionRow.id.in_([one.attribution_id for one in act if one.attribution_id is not None]))
    batch = uuid4().hex if len(act) > 1 else None
    return as_one([_reverse_one(session, action, decision, reviewer, batch) for decision in act])


def _reverse_one(session: Session, action: Action, decision: Decision, reviewer: str, batch: str | None) -> Decided:
    if decision.pair_id is not None:
        return reverse_relation(session, action, decision, reviewer=reviewer, batch=batch)
    if decision.attribution_id is None:
        assert decision.source_id is not None
        before = snapshot(session, map(int, {**decision.before["sources"], **decision.after["sources"]}))
        shift(session, decision, decision.after, decision.before, strict=True)
        return log_sources(
            session, action, decision.source_id, before, reviewer=reviewer, undoes=decision.id, batch=batch
        )
    row = row_of(session, decision.attribution_id)
    now = opinion_so_far(session, row, reviewer) if decision.is_second else now_of(session, row)
    if _is_note(session, decision):  # it says nothing of the state, whatever that has become since
        kind = Action.NOTE if action is Action.REDO else action
        return record(
            session, row, kind, now, now, reviewer=reviewer, note=decision.note, undoes=decision.id, batch=batch,
            second=decision.is_second, moves=False,
        )  # fmt: skip
    if not decision.is_second:
        _check_unchanged(session, row, decision, now)
    due = logged(session, decision.before, now)
    return record(
        session, row, action, now, due, reviewer=reviewer, undoes=decision.id, batch=batch, second=decision.is_second
    )


def _is_note(session: Session, decision: Decision) -> bool:
    """Whether it is a note, or takes one back."""
    while decision.action != Action.NOTE and decision.undoes_id is not None and decision.undoes_id < decision.id:
        decision = session.get_one(Decision, decision.undoes_id)
    return decision.action == Action.NOTE


def _check_unchanged(session: Session, row: AttributionRow, decision: Decision, now: State) -> None:
    """Raises ConflictError unless the attribution is what this decision made of it."""
    newest = newest_in_force(session, row.id)
    made = logged(session, decision.after, now)
    if now == made and (decision.action == Action.UNDO or (newest is not None and newest.id == decision.id)):
        return
    if newest is not None and newest.id > decision.id:
        raise ConflictError(
            f"Your {decision.action} of attribution {row.id} stays: it was changed since by {said_of(newest)} "
            f"and is now {row.status}.",
            by=newest.reviewer,
            seen=made,
            now=now,
        )
    raise changed_since(session, row, decision.version or 0)
