"""What a reviewer decides about a pair: how what two attributions say relates, whatever was suggested.

Statements are made anew where the decision touches them, in the same transaction.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quotetrack.domain import Relation, Step
from quotetrack.errors import ConflictError, InvalidError, NotFoundError
from quotetrack.store.acts import Action, in_force
from quotetrack.store.decisions.record import Decided, said_of, save
from quotetrack.store.engine import writing
from quotetrack.store.models import AttributionRow, Decision, StatementPair
from quotetrack.store.statements.regroup import regroup, restore

OF_SENTENCES = frozenset({Relation.UNATTRIBUTED, Relation.UNRELATED})
"""What an attribution may be to a sentence that is attributed to nobody."""


def relate(
    engine: Engine, pair_id: int, relation: Relation, *, reviewer: str, version: int | None = None,
    note: str | None = None,
) -> Decided:  # fmt: skip
    """Say how the two sides of a pair relate; `unrelated` refuses what was suggested.

    Raises NotFoundError if there is no such pair, ConflictError, saying who decided what, if it is no longer at the
    version that the reviewer saw, and InvalidError if the relation is none for such a pair.
    """
    with writing(engine) as session:
        pair = _pair(session, pair_id)
        if version is not None and pair.version != version:
            raise _decided_since(session, pair)
        return _relate(session, pair, relation, reviewer=reviewer, note=note)


def relate_two(
    engine: Engine, attribution_id: int, other_id: int, relation: Relation, *, reviewer: str, note: str | None = None
) -> Decided:
    """Say how two attributions relate, whether or not that was ever suggested.

    Raises NotFoundError if one is not stored, and InvalidError as `relate` does, or if they are one and the same.
    """
    first, second = sorted((attribution_id, other_id))
    if first == second:
        raise InvalidError(f"{first} and {second} are one attribution. Name two.")
    with writing(engine) as session:
        for id_ in (first, second):
            if session.get(AttributionRow, id_) is None:
                raise NotFoundError(f"There is no attribution {id_}. `quotetrack quotes` lists them with their ids.")
        query = select(StatementPair).where(StatementPair.first_id == first, StatementPair.second_id == second)
        pair = session.scalar(query.with_for_update())
        if pair is None:
            # undone, it is as if nothing had ever been suggested
            pair = StatementPair(
                first_id=first, second_id=second, suggested=Relation.UNRELATED, score=0.0,
                reasons=[Step("pair", "by_hand").as_dict()],
            )  # fmt: skip
            session.add(pair)
            session.flush()
        return _relate(session, pair, relation, reviewer=reviewer, note=note)


def _relate(session: Session, pair: StatementPair, relation: Relation, *, reviewer: str, note: str | None) -> Decided:
    if (pair.second_id is None and relation not in OF_SENTENCES) or (
        pair.second_id is not None and relation is Relation.UNATTRIBUTED
    ):
        raise InvalidError(
            f"Pair {pair.id} is of "
            + ("an attribution and a sentence: it is unattributed or unrelated." if pair.second_id is None
               else "two attributions: neither is unattributed.")
        )  # fmt: skip
    return _log(session, pair, Action.RELATE, relation, reviewer=reviewer, note=note)


def reverse_relation(
    session: Session, action: Action, decision: Decision, *, reviewer: str, batch: str | None
) -> Decided:
    """Take back a decision on a pair, or do it again. Raises ConflictError if another has been made since."""
    assert decision.pair_id is not None
    pair = _pair(session, decision.pair_id)
    made = _made_by(session, pair.id)
    stands = decision.action == Action.UNDO or (made is not None and made.id == decision.id)
    if not stands or pair.relation != decision.after["relation"]:
        raise _decided_since(session, pair)
    due = decision.before["relation"]
    return _log(
        session,
        pair,
        action,
        Relation(due) if due else None,
        reviewer=reviewer,
        undoes=decision.id,
        batch=batch,
        absorbed=decision.after.get("absorbed"),
    )


def _log(
    session: Session, pair: StatementPair, action: Action, relation: Relation | None, *, reviewer: str,
    note: str | None = None, undoes: int | None = None, batch: str | None = None,
    absorbed: Mapping[str, list[int]] | None = None,
) -> Decided:  # fmt: skip
    before = {"relation": pair.relation}
    pair.relation = relation
    pair.version += 1
    restore(session, absorbed or {})
    regrouped = regroup(session, [id_ for id_ in (pair.first_id, pair.second_id) if id_ is not None])
    after: dict[str, Any] = {"relation": relation}
    if regrouped.absorbed:
        after["absorbed"] = {str(id_): members for id_, members in regrouped.absorbed.items()}
    decision = Decision(
        pair_id=pair.id, reviewer=reviewer, action=action, before=before, after=after, note=note,
        undoes_id=undoes, batch=batch, version=pair.version,
    )  # fmt: skip
    save(session, decision, f"Pair {pair.id}")
    made = _made_by(session, pair.id) if relation is not None else None
    pair.decided_by, pair.at = (made.reviewer, made.at) if made else (None, None)
    return Decided(decision.id, None, relation or "", pair.version, action.value, pair_id=pair.id)


def _pair(session: Session, pair_id: int) -> StatementPair:
    """The row, held for this transaction."""
    pair = session.get(StatementPair, pair_id, with_for_update=True)
    if pair is None:
        raise NotFoundError(f"There is no pair {pair_id}. `quotetrack statements pairs` lists those that wait.")
    return pair


def _made_by(session: Session, pair_id: int) -> Decision | None:
    """The decision in force that says how it is: not the undo that brought that back."""
    query = select(Decision).where(Decision.pair_id == pair_id, Decision.action != Action.UNDO, in_force)
    return session.scalar(query.order_by(Decision.id.desc()).limit(1))


def _decided_since(session: Session, pair: StatementPair) -> ConflictError:
    query = select(Decision).where(Decision.pair_id == pair.id).order_by(Decision.id.desc()).limit(1)
    newest = session.scalar(query)
    if newest is None:
        return ConflictError(f"Pair {pair.id} was suggested anew since it was shown; look at it again.")
    state: dict[str, Any] = {"relation": pair.relation}
    is_now = f"is now {pair.relation.replace('_', ' ')}" if pair.relation else "waits again"
    return ConflictError(
        f"Pair {pair.id} was changed by {said_of(newest)} and {is_now}. Look at it again.",
        by=newest.reviewer,
        now=state,
    )
