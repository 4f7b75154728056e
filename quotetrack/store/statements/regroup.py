"""Which attributions make one statement, brought up to date wherever pairs have changed.

A statement goes on being the one that shares most with it; one with outcomes or assessments is never deleted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.statements.groups import Edge, groups, matched
from quotetrack.statements.relate import SAME
from quotetrack.store.engine import batched
from quotetrack.store.models import (
    ArticleVersion,
    Assessment,
    AttributionRow,
    Outcome,
    Statement,
    StatementLink,
    StatementPair,
)
from quotetrack.store.statements.read import COUNTED

GROUPED = 0.6
"""So likely a pair must say the same for a statement to be made of it unasked: about seven of eight such do."""
SUGGESTED, CONFIRMED = "suggested", "confirmed"
"""How it is known that an attribution makes a statement: `StatementLink.relation`."""
LABEL = 200

_suggested_same = and_(
    StatementPair.relation.is_(None), StatementPair.suggested.in_(SAME), StatementPair.score >= GROUPED
)
says_same: ColumnElement[bool] = or_(StatementPair.relation.in_(SAME), _suggested_same)
"""A condition on StatementPair: a statement is made of it."""


_row, _article = aliased(AttributionRow), aliased(ArticleVersion)


def stands(attribution_id: Any) -> ColumnElement[bool]:
    """Whether an attribution counts: neither rejected nor of a superseded version."""
    return exists().where(
        _row.id == attribution_id, _row.status.in_(COUNTED), _article.id == _row.article_id, _article.is_current
    )


both_stand = stands(StatementPair.first_id) & stands(StatementPair.second_id)


@dataclass(slots=True)
class _Part:
    """The attributions that a change may regroup, with all that is known between them."""

    members: set[int]
    edges: dict[int, Edge]
    refused: set[tuple[int, int]]
    statements: dict[int, set[int]]


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What regrouping did."""

    made: int
    """How many statements are new."""
    absorbed: dict[int, list[int]]
    """Statements with outcomes or assessments that are left without attributions, with those they had."""


def regroup(session: Session, attribution_ids: Iterable[int]) -> Regrouped:
    """Make the statements anew that these attributions are in or may come into. The caller commits."""
    session.flush()
    part = _part(session, attribution_ids)
    old = {id_: frozenset(members) for id_, members in part.statements.items()}
    marked = _marked(session, old)
    new = groups(part.edges.values(), part.refused)
    goes_on = matched(old, new, marked)
    made = 0
    for place, group in enumerate(new):
        statement_id = goes_on.get(place)
        if statement_id is None:
            statement_id = _make(session, group)
            made += 1
        inner = [edge for edge in part.edges.values() if edge.one in group]
        _link(session, statement_id, group, old.get(statement_id, frozenset()), inner)
    grouped = frozenset().union(*new)
    gone = old.keys() - goes_on.values()
    for id_ in gone & marked:
        _link(session, id_, old[id_] - grouped, old[id_], [])
    for some in batched(gone - marked):
        session.execute(delete(Statement).where(Statement.id.in_(some)))
    return Regrouped(made, {id_: sorted(old[id_]) for id_ in sorted(gone & marked) if old[id_] <= grouped})


def restore(session: Session, absorbed: Mapping[str, list[int]]) -> None:
    """Give statements that were left without attributions those back that they had; then regroup these."""
    for id_, members in absorbed.items():
        held = select(StatementLink.id).where(StatementLink.statement_id == int(id_))
        if session.get(Statement, int(id_)) is None or session.scalar(held.limit(1)) is not None:
            continue
        known = session.scalars(select(AttributionRow.id).where(AttributionRow.id.in_(members)))
        _link(session, int(id_), frozenset(known), frozenset(), [])


def _part(session: Session, attribution_ids: Iterable[int]) -> _Part:
    """Everything that is connected to these attributions, by what they say or by the statements they are in."""
    part = _Part(set(), {}, set(), {})
    waiting = set(attribution_ids)
    while waiting:
        part.members |= waiting
        met: set[int] = set()
        for some in batched(sorted(waiting)):
            met |= _met_by_pairs(session, some, part) | _met_by_statements(session, some, part)
        waiting = met - part.members
    return part


def _met_by_pairs(session: Session, ids: list[int], part: _Part) -> set[int]:
    met: set[int] = set()
    columns = (
        StatementPair.id, StatementPair.first_id, StatementPair.second_id, StatementPair.score, StatementPair.relation,
    )  # fmt: skip
    for side in (StatementPair.first_id, StatementPair.second_id):
        query = select(*columns).where(
            side.in_(ids), StatementPair.second_id.is_not(None), or_(says_same, StatementPair.relation.is_not(None)),
            both_stand,
        )  # fmt: skip
        for id_, first, second, score, relation in session.execute(query):
            assert second is not None
            if relation is None or relation in SAME:
                part.edges[id_] = Edge(first, second, score, confirmed=relation is not None)
                met |= {first, second}
            else:
                part.refused.add((first, second))
    return met


def _met_by_statements(session: Session, ids: list[int], part: _Part) -> set[int]:
    found = select(StatementLink.statement_id).where(StatementLink.attribution_id.in_(ids))
    query = select(StatementLink.statement_id, StatementLink.attribution_id).where(
        StatementLink.statement_id.in_(found)
    )
    met: set[int] = set()
    for statement_id, attribution_id in session.execute(query):
        part.statements.setdefault(statement_id, set()).add(attribution_id)
        met.add(attribution_id)
    return met


def _marked(session: Session, ids: Iterable[int]) -> set[int]:
    """Those of these statements of which a reviewer has recorded something."""
    found: set[int] = set()
    for some in batched(ids):
        for table in (Outcome, Assessment):
            found |= set(session.scalars(select(table.statement_id).where(table.statement_id.in_(some))))
    return {id_ for id_ in found if id_ is not None}


def _make(session: Session, group: Iterable[int]) -> int:
    """A statement under the words of the earliest of its attributions."""
    query = select(AttributionRow.content_text).where(AttributionRow.id.in_(list(group)[:500]))
    label = session.scalar(query.order_by(AttributionRow.dated, AttributionRow.id).limit(1)) or ""
    statement = Statement(label=label[:LABEL])
    session.add(statement)
    session.flush()
    return statement.id


def _link(
    session: Session, statement_id: int, group: frozenset[int], before: frozenset[int], edges: Iterable[Edge]
) -> None:
    """Have a statement be made by just these attributions."""
    due: dict[int, tuple[str, float | None]] = dict.fromkeys(group, (CONFIRMED, None))
    for edge in sorted(edges, key=lambda edge: (edge.confirmed, edge.score)):
        for id_ in (edge.one, edge.other):
            due[id_] = (CONFIRMED if edge.confirmed else SUGGESTED, edge.score)
    for some in batched(before - group):
        session.execute(
            delete(StatementLink).where(
                StatementLink.statement_id == statement_id, StatementLink.attribution_id.in_(some)
            )
        )
    known = {
        link.attribution_id: link
        for link in session.scalars(select(StatementLink).where(StatementLink.statement_id == statement_id))
    }
    for id_, (relation, confidence) in sorted(due.items()):
        if link := known.get(id_):
            link.relation, link.confidence = relation, confidence
        else:
            session.add(
                StatementLink(statement_id=statement_id, attribution_id=id_, relation=relation, confidence=confidence)
            )
    session.flush()


def statement_of(session: Session, attribution_id: int) -> int:
    """The statement that an attribution makes; one of its own is made if it makes none. The caller commits."""
    query = select(StatementLink.statement_id).where(StatementLink.attribution_id == attribution_id)
    found = session.scalar(query.order_by(StatementLink.statement_id).limit(1))
    if found is not None:
        return found
    made = _make(session, [attribution_id])
    _link(session, made, frozenset({attribution_id}), frozenset(), [])
    return made
