"""Double review: a share of the items is judged by a second person, who does not see what the first decided."""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Engine, exists, func, select
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import Status
from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store.acts import Action, changes_state, in_force
from quotetrack.store.decisions.record import Decided, logged, newest_in_force, now_of, record, row_of
from quotetrack.store.decisions.state import State, brought_up_to_date, read_state, states_of
from quotetrack.store.engine import reading, writing
from quotetrack.store.models import AttributionRow, Decision


def machine_state(engine: Engine, attribution_id: int) -> State:
    """What the machine had found, before anybody decided: what a second reviewer is shown. Raises NotFoundError."""
    with reading(engine) as session:
        row = session.get(AttributionRow, attribution_id)
        if row is None:
            raise NotFoundError(f"There is no attribution {attribution_id}.")
        return _machine_state(session, row)


def _machine_state(session: Session, row: AttributionRow) -> State:
    now = now_of(session, row)
    first = session.scalar(
        select(Decision)
        .where(Decision.attribution_id == row.id, ~Decision.is_second, Decision.action != Action.NOTE)
        .order_by(Decision.id)
        .limit(1)
    )
    if first is None:
        return now
    return replace(logged(session, first.before, now), status=Status.PENDING)


def basis(session: Session, row: AttributionRow, reviewer: str) -> State:
    """What a second reviewer's act starts from: his own opinion so far, else what the machine had found.

    Raises ConflictError if there is no first opinion yet, or if it is his own.
    """
    first = newest_in_force(session, row.id)
    if first is None:
        raise ConflictError(
            f"Nobody has decided on attribution {row.id} yet, so yours is no second opinion. Decide on it."
        )
    own = exists().where(Decision.attribution_id == row.id, Decision.reviewer == reviewer, changes_state, in_force)
    if session.scalar(select(own)):
        raise ConflictError(f"You have decided on attribution {row.id} yourself; a second opinion is another person's.")
    return opinion_so_far(session, row, reviewer)


def opinion_so_far(session: Session, row: AttributionRow, reviewer: str) -> State:
    """What a second reviewer has made of an attribution so far; at first it is as the machine had found it."""
    last = session.scalar(
        select(Decision)
        .where(Decision.attribution_id == row.id, Decision.reviewer == reviewer, Decision.is_second)
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return logged(session, last.after, now_of(session, row)) if last else _machine_state(session, row)


@dataclass(frozen=True, slots=True)
class Pair:
    """What two reviewers made of one attribution, each for himself."""

    attribution_id: int
    first_reviewer: str
    second_reviewer: str
    first: State
    second: State


def pairs(engine: Engine) -> list[Pair]:
    """Every second opinion in force beside the first: the newest of another person that does not settle between two."""
    with reading(engine) as session:
        return _pairs(session)


def _pairs(session: Session, attribution_id: int | None = None) -> list[Pair]:
    only: list[ColumnElement[bool]] = [Decision.attribution_id == attribution_id] if attribution_id else []
    seconds = (
        select(Decision.attribution_id, Decision.reviewer, func.max(Decision.id).label("newest"))
        .where(Decision.is_second, Decision.action.not_in((Action.UNDO, Action.NOTE)), in_force, *only)
        .where(Decision.attribution_id.is_not(None))
        .group_by(Decision.attribution_id, Decision.reviewer)
        .subquery()
    )
    second, first = aliased(Decision), aliased(Decision)
    later = aliased(Decision)
    newest_first = (
        select(func.max(first.id))
        .where(
            first.attribution_id == second.attribution_id,
            first.reviewer != second.reviewer,
            first.action.not_in((Action.UNDO, Action.NOTE, Action.ADJUDICATE)),
            ~first.is_second,
            ~exists().where(later.undoes_id == first.id),
        )
        .correlate(second)
        .scalar_subquery()
    )
    other = aliased(Decision)
    rows = session.execute(
        select(second, other)
        .join(seconds, seconds.c.newest == second.id)
        .join(other, other.id == newest_first)
        .order_by(second.attribution_id, second.id)
    ).all()
    now = states_of(session, {two.attribution_id for two, _ in rows if two.attribution_id})
    states: dict[int, State] = {}
    for two, one in rows:
        for decision in (two, one):
            states[decision.id] = read_state(decision.after, now[_id(decision)])
    states = brought_up_to_date(session, states)
    return [Pair(_id(two), one.reviewer, two.reviewer, states[one.id], states[two.id]) for two, one in rows]


def _id(decision: Decision) -> int:
    assert decision.attribution_id is not None
    return decision.attribution_id


def pair_of(engine: Engine, attribution_id: int) -> list[Pair]:
    """The opinions on one attribution, for whoever settles between them."""
    with reading(engine) as session:
        return _pairs(session, attribution_id)


def adjudicate(
    engine: Engine,
    attribution_id: int,
    take: str,
    *,
    reviewer: str,
    version: int | None = None,
    note: str | None = None,
) -> Decided:
    """Settle on the opinion of the reviewer `take`: the attribution becomes that.

    Raises ConflictError if that reviewer has given none.
    """
    with writing(engine) as session:
        row = row_of(session, attribution_id, version)
        opinions: dict[str, State] = {}
        for pair in _pairs(session, attribution_id):
            opinions |= {pair.first_reviewer: pair.first, pair.second_reviewer: pair.second}
        if take not in opinions:
            who = " and ".join(opinions) or "nobody twice"
            raise ConflictError(f"Attribution {attribution_id} was judged by {who}, not by {take}. Take one of those.")
        now = now_of(session, row)
        return record(session, row, Action.ADJUDICATE, now, opinions[take], reviewer=reviewer, note=note)
