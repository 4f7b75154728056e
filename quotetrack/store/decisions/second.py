"""Double review: a share of the items is judged by a second person, who does not see what the first decided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Engine, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import Status
from quotetrack.errors import ConflictError
from quotetrack.store.acts import Action, changes_state, in_force
from quotetrack.store.decisions.record import Decided, newest_in_force, now_of, record, row_of
from quotetrack.store.decisions.state import State, brought_up_to_date, read_state, states_of
from quotetrack.store.engine import batched, reading, writing
from quotetrack.store.models import AttributionRow, Decision

_KEEPS = (Action.ACCEPT, Action.REJECT, Action.NOTE, Action.UNDO, Action.REDO)
"""What leaves all but the status as the machine had found it, if nothing else was decided before."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An attribution as a second reviewer sees it: nothing in it is another's decision."""

    state: State
    decision_id: int
    """His newest second opinion on it; 0 if he has given none, and it is as the machine had found it."""
    was_added: bool
    """Whether a reviewer had added it: then the machine had found nothing."""


def opinions(session: Session, attribution_ids: Iterable[int], reviewer: str) -> dict[int, Opinion]:
    """What a second reviewer has made of attributions so far; at first each is as the machine had found it."""
    now = states_of(session, attribution_ids)
    edited: dict[int, Decision] = {}
    own: dict[int, Decision] = {}
    for part in batched(now):
        there = Decision.attribution_id.in_(part)
        first = select(func.min(Decision.id)).where(there, ~Decision.is_second, Decision.action.not_in(_KEEPS))
        last = select(func.max(Decision.id)).where(there, Decision.is_second, Decision.reviewer == reviewer)
        ids = (query.group_by(Decision.attribution_id) for query in (first, last))
        for decision in session.scalars(select(Decision).where(or_(*(Decision.id.in_(query) for query in ids)))):
            (own if decision.is_second else edited)[_id(decision)] = decision
    states = {id_: replace(state, status=Status.PENDING) for id_, state in now.items()}
    logged = {id_: replace(read_state(d.before, now[id_]), status=Status.PENDING) for id_, d in edited.items()}
    logged |= {id_: read_state(d.after, now[id_]) for id_, d in own.items()}
    states |= brought_up_to_date(session, logged)
    return {
        id_: Opinion(
            state,
            own[id_].id if id_ in own else 0,
            id_ in edited and edited[id_].action == Action.ADD,
        )
        for id_, state in states.items()
    }


def opinion_so_far(session: Session, row: AttributionRow, reviewer: str) -> State:
    return opinions(session, [row.id], reviewer)[row.id].state


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
