"""Writing to the log: the one way in which a decision comes about, and what is said when it may not.

The log only grows. A decision in force is one that no later one undoes; a redo undoes an undo, so every decision is
undone at most once.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store.acts import Action, changes_state, in_force
from quotetrack.store.decisions.state import (
    State,
    brought_up_to_date,
    check_rules,
    differences,
    read_state,
    states_of,
    write_state,
)
from quotetrack.store.models import ArticleVersion, AttributionRow, Decision


@dataclass(frozen=True, slots=True)
class Decided:
    """The outcome of a decision, as stored."""

    decision_id: int
    attribution_id: int | None
    """None if it is about sources or a pair."""
    status: str
    version: int
    action: str = ""
    source_id: int | None = None
    also: "tuple[Decided, ...]" = ()
    """What the same act decided besides, of other attributions."""
    pair_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The form of `quotetrack decide --json`."""
        return {
            "decision_id": self.decision_id,
            "action": self.action,
            "attribution_id": self.attribution_id,
            "source_id": self.source_id,
            "pair_id": self.pair_id,
            "status": self.status or None,
            "version": self.version or None,
            "also": [other.as_dict() for other in self.also],
        }


def as_one(decided: list[Decided]) -> Decided:
    """The outcome of an act that decided several things."""
    first, *others = decided
    return Decided(
        first.decision_id, first.attribution_id, first.status, first.version, first.action, first.source_id,
        tuple(others), first.pair_id,
    )  # fmt: skip


def row_of(session: Session, attribution_id: int, version: int | None = None) -> AttributionRow:
    """The row, held for this transaction. Raises NotFoundError, and ConflictError if it has another version."""
    row = session.get(AttributionRow, attribution_id, with_for_update=True)
    if row is None:
        raise NotFoundError(f"There is no attribution {attribution_id}. `quotetrack quotes` lists them with their ids.")
    if version is not None and row.version != version:
        raise changed_since(session, row, version)
    return row


def hold_rows(session: Session, which: ColumnElement[bool]) -> None:
    """Hold several rows for this transaction, in one order always: else two might wait for each other for ever."""
    session.execute(select(AttributionRow.id).where(which).order_by(AttributionRow.id).with_for_update()).all()


def text_of_article(session: Session, article_id: int) -> str:
    text = session.scalar(select(ArticleVersion.text).where(ArticleVersion.id == article_id))
    if text is None:
        raise NotFoundError(f"There is no article {article_id}. `quotetrack quotes --json` names them.")
    return text


def record(
    session: Session, row: AttributionRow, action: Action, before: State, after: State, *, reviewer: str,
    note: str | None = None, undoes: int | None = None, batch: str | None = None, second: bool = False,
    moves: bool = True,
) -> Decided:  # fmt: skip
    """Log a decision, and unless it is a second opinion, make the attribution what it says.

    A note `moves` nothing: the attribution's version stays.
    """
    if after != before and (after.content, after.cue, after.source, after.hops) != (
        before.content, before.cue, before.source, before.hops,
    ):  # fmt: skip
        text = text_of_article(session, row.article_id)
        check_rules(after, text)
    else:
        text = ""
    if not second:
        write_state(session, row, before, after, text)
        row.version += moves
    decision = Decision(
        attribution_id=row.id,
        article_id=row.article_id,
        reviewer=reviewer,
        action=action,
        before=before.as_dict(),
        after=after.as_dict(),
        note=note,
        undoes_id=undoes,
        batch=batch,
        is_second=second,
        version=None if second else row.version,
    )
    save(session, decision, f"Attribution {row.id}")
    return Decided(decision.id, row.id, after.status.value, row.version, action.value)


def save(session: Session, decision: Decision, what: str) -> None:
    """Store a decision with what it changes. Raises ConflictError if another did so at the same moment."""
    session.add(decision)
    try:
        session.flush()
    except StaleDataError as error:
        raise ConflictError(f"{what} was changed at the same moment; look at it again.") from error
    except IntegrityError as error:
        if "undoes_id" not in str(error.orig):
            raise
        raise ConflictError(f"{what}: that was undone at the same moment; look at it again.") from error


def newest_in_force(session: Session, attribution_id: int) -> Decision | None:
    """What made the attribution what it is; None if it is as the machine made it."""
    newest = select(func.max(Decision.id)).where(Decision.attribution_id == attribution_id, changes_state, in_force)
    return session.scalar(select(Decision).where(Decision.id == newest.scalar_subquery()))


def said_of(decision: Decision) -> str:
    """Who did what, for a message: "hana (set_kind: kind indirect → direct)"."""
    changes = [part for part in differences(decision.before, decision.after) if not part.startswith("status ")]
    return f"{decision.reviewer} ({decision.action}{': ' + '; '.join(changes) if changes else ''})"


def changed_since(session: Session, row: AttributionRow, version: int) -> ConflictError:
    """The error for a decision on an older version: who changed what, and both states."""
    log = session.scalars(
        select(Decision)
        .where(Decision.attribution_id == row.id, ~Decision.is_second, Decision.action != Action.NOTE)
        .order_by(Decision.id.desc())
    ).all()
    now = states_of(session, [row.id])[row.id]
    if not log:
        message = f"Attribution {row.id} was analysed again by other models since; look at it again."
        return ConflictError(message, now=now)
    last = log[0]
    shown = next((d.after for d in log if d.version is not None and d.version <= version), log[-1].before)
    return ConflictError(
        f"Attribution {row.id} was changed by {said_of(last)} and is now {row.status}. Look at it again.",
        by=last.reviewer,
        seen=read_state(shown, now),
        now=now,
    )


def now_of(session: Session, row: AttributionRow) -> State:
    return states_of(session, [row.id])[row.id]


def logged(session: Session, stored: dict[str, Any], otherwise: State) -> State:
    """A state from the log as it reads today."""
    return brought_up_to_date(session, {0: read_state(stored, otherwise)})[0]
