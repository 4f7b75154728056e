"""Acts on several attributions of one article: shown first, done in one transaction, undone as one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quotetrack.domain import Status, text_of
from quotetrack.errors import ConflictError
from quotetrack.sources.catalogue import fold
from quotetrack.store.acts import Action
from quotetrack.store.decisions.actions import ChainFix, fix_in, fixed
from quotetrack.store.decisions.record import Decided, as_one, hold_rows, now_of, record, row_of, text_of_article
from quotetrack.store.decisions.state import State, differences, states_of
from quotetrack.store.engine import writing
from quotetrack.store.models import AttributionRow


@dataclass(frozen=True, slots=True)
class Planned:
    """What an act would make of one attribution."""

    attribution_id: int
    version: int
    content: str
    before: State
    after: State

    @property
    def differences(self) -> list[str]:
        return differences(self.before.as_dict(), self.after.as_dict())

    def as_dict(self) -> dict[str, Any]:
        return {
            "attribution_id": self.attribution_id, "version": self.version, "content": self.content,
            "before": self.before.as_dict(), "after": self.after.as_dict(),
        }  # fmt: skip


Plan = list[Planned]


class _Undo(Exception):
    """Ends a transaction that was only to show what it would do."""


def _rehearse(engine: Engine, make: Callable[[Session], Plan]) -> Plan:
    """What `make` would do: it does it, and the transaction is rolled back. So a preview cannot differ from the act."""
    plan: Plan = []
    try:
        with writing(engine) as session:
            plan = make(session)
            raise _Undo
    except _Undo:
        return plan


def _planned(session: Session, row: AttributionRow, before: State, after: State) -> Planned:
    text = text_of_article(session, row.article_id)
    return Planned(row.id, row.version, text_of(after.content, text), before, after)


def preview_accept(engine: Engine, article_id: int, above: float) -> Plan:
    """What `accept_all` would accept."""
    return _rehearse(engine, lambda session: _accepting(session, article_id, above))


def _accepting(session: Session, article_id: int, above: float) -> Plan:
    text_of_article(session, article_id)
    ids = session.scalars(
        select(AttributionRow.id)
        .where(
            AttributionRow.article_id == article_id,
            AttributionRow.status == Status.PENDING,
            AttributionRow.confidence > above,
        )
        .order_by(AttributionRow.id)
    ).all()
    plan = []
    for id_ in ids:
        row = row_of(session, id_)
        before = now_of(session, row)
        plan.append(_planned(session, row, before, replace(before, status=Status.ACCEPTED)))
    return plan


def accept_all(
    engine: Engine, article_id: int, above: float, *, reviewer: str, seen: Plan | None = None
) -> Decided | None:
    """Accept all that is pending in an article with a confidence above a bound; None if there is nothing.

    `seen` is the preview that the reviewer agreed to. Raises ConflictError if it would no longer be the same.
    """
    with writing(engine) as session:
        plan = _accepting(session, article_id, above)
        _check_same(plan, seen)
        batch = uuid4().hex
        done = [
            record(
                session, row_of(session, planned.attribution_id), Action.ACCEPT, planned.before, planned.after,
                reviewer=reviewer, batch=batch,
            )
            for planned in plan
        ]  # fmt: skip
        return as_one(done) if done else None


def preview_fix(
    engine: Engine, attribution_id: int, fix: ChainFix, *, reviewer: str = "preview", accept_others: bool = False
) -> Plan:
    """What `fix_all` would change, the attribution itself first."""

    def make(session: Session) -> Plan:
        return [
            _planned(
                session,
                row_of(session, id_),
                before,
                fixed(session, row_of(session, id_).article_id, before, fix, reviewer, ""),
            )
            for id_, before in _alike(session, attribution_id, fix).items()
        ]

    plan = _rehearse(engine, make)
    return [_as_decided(planned, planned.attribution_id == attribution_id or accept_others) for planned in plan]


def _as_decided(planned: Planned, accept: bool) -> Planned:
    if not accept:
        return planned
    return replace(planned, after=replace(planned.after, status=Status.ACCEPTED, duplicate_of=None))


def _alike(session: Session, attribution_id: int, fix: ChainFix) -> Mapping[int, State]:
    """The attribution, and those of its article that name the same: the same speaker, or the same whole chain.

    What was rejected or withdrawn is left alone.
    """
    row = row_of(session, attribution_id)
    ids = session.scalars(
        select(AttributionRow.id)
        .where(
            AttributionRow.article_id == row.article_id,
            AttributionRow.status.in_((Status.PENDING, Status.ACCEPTED)),
            AttributionRow.id != attribution_id,
        )
        .order_by(AttributionRow.id)
    ).all()
    states = states_of(session, [attribution_id, *ids])

    def named(state: State) -> tuple[str, ...]:
        hops = state.hops if not fix.only_speaker else (state.speaker,) if state.speaker else ()
        return tuple(f"{hop.role} {fold(hop.name)}" for hop in hops)

    due = named(states[attribution_id])
    return {
        id_: states[id_]
        for id_ in (attribution_id, *ids)
        if id_ == attribution_id or (due and named(states[id_]) == due)
    }


def fix_all(
    engine: Engine, attribution_id: int, fix: ChainFix, *, reviewer: str, version: int | None = None,
    note: str | None = None, accept_others: bool = False, seen: Plan | None = None,
) -> Decided:  # fmt: skip
    """Mend one attribution and all of its article that name the same. It is accepted; the others only if asked.

    Raises ConflictError if `seen`, the preview that the reviewer agreed to, would no longer be the same.
    """
    with writing(engine) as session:
        article = select(AttributionRow.article_id).where(AttributionRow.id == attribution_id).scalar_subquery()
        hold_rows(session, AttributionRow.article_id == article)
        row_of(session, attribution_id, version)
        alike = _alike(session, attribution_id, fix)
        if seen is not None:
            _check_same([_planned(session, row_of(session, i), s, s) for i, s in alike.items()], seen)
        batch = uuid4().hex
        return as_one(
            [
                fix_in(
                    session, id_, fix, batch, reviewer=reviewer, note=note,
                    accept=id_ == attribution_id or accept_others,
                )
                for id_ in alike
            ]
        )  # fmt: skip


def _check_same(plan: Plan, seen: Plan | None) -> None:
    if seen is not None and [(p.attribution_id, p.version) for p in plan] != [
        (p.attribution_id, p.version) for p in seen
    ]:
        raise ConflictError("The article's attributions have changed since the preview; look at it again.")
