"""Deciding how pairs relate, taking it back, and what becomes of statements; outcomes and grades."""

from datetime import date
from typing import Any

import pytest

from quotetrack.domain import Relation, Verdict
from quotetrack.errors import ConflictError, InvalidError, NotFoundError
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, decide, redo, relate, relate_two, undo
from quotetrack.store.engine import Engine
from quotetrack.store.history import history
from quotetrack.store.source_views import next_redone, next_undone
from quotetrack.store.statements.outcomes import (
    grade_source,
    grade_statement,
    grades_of_source,
    record_outcome,
    statement_id_of,
)
from quotetrack.store.statements.pairs import PairRow, count_pairs, get_pair, list_pairs
from quotetrack.store.statements.suggest import suggest
from quotetrack.store.statements.views import Wanted, list_statements, show_statement
from tests.store.build import channel, raw, speaker
from tests.store.telling import AGAIN, COST, FLATLY, LORRIES, MORE, tell, told

BY: Any = {"reviewer": "hana"}


def pair(engine: Engine, one: int, other: int) -> PairRow:
    return next(
        row for waiting in (True, False) for row in list_pairs(engine, waiting=waiting, limit=1000)
        if row.second and (row.first.id, row.second.id) == (one, other)
    )  # fmt: skip


def statements(engine: Engine) -> list[set[int]]:
    rows = list_statements(engine, Wanted())
    return [{member.quote.id for member in show_statement(engine, row.id).members} for row in rows]


@pytest.fixture
def bridge(engine: Engine) -> Engine:
    told(engine)
    return engine


def test_deciding_and_taking_it_back(bridge: Engine) -> None:
    same = pair(bridge, 1, 2)
    done = relate(bridge, same.id, Relation.UNRELATED, version=same.version, **BY)
    assert (done.pair_id, done.status, done.action) == (same.id, "unrelated", "relate")
    assert statements(bridge) == []
    now = get_pair(bridge, same.id)
    assert (now.relation, now.decided_by, now.version) == (Relation.UNRELATED, "hana", same.version + 1)
    assert same.id not in {row.id for row in list_pairs(bridge)}
    undone = undo(bridge, **BY)
    assert undone is not None
    assert undone.pair_id == same.id
    assert (get_pair(bridge, same.id).relation, statements(bridge)) == (None, [{1, 2}])
    assert redo(bridge, **BY) is not None
    assert (get_pair(bridge, same.id).decided_by, statements(bridge)) == ("hana", [])
    assert [row.action for row in history(bridge, pair_id=same.id)] == ["redo", "undo", "relate"]
    assert history(bridge)[0].differences == ["relation None → unrelated"]
    assert check(bridge) == []


def test_two_at_the_same_pair(bridge: Engine) -> None:
    seen = pair(bridge, 4, 5)
    relate(bridge, seen.id, Relation.TENSION, **BY)
    with pytest.raises(ConflictError, match=r"changed by hana \(relate: relation None → tension\) and is now tension"):
        relate(bridge, seen.id, Relation.UPDATE, reviewer="ben", version=seen.version)
    relate(bridge, seen.id, Relation.UPDATE, reviewer="ben")
    with pytest.raises(ConflictError, match="changed by ben"):
        undo(bridge, **BY)
    undo(bridge, reviewer="ben")
    assert (get_pair(bridge, seen.id).relation, get_pair(bridge, seen.id).decided_by) == (Relation.TENSION, "hana")
    undo(bridge, **BY)
    assert get_pair(bridge, seen.id).relation is None
    for _ in range(2):
        redo(bridge, **BY) or redo(bridge, reviewer="ben")
    assert get_pair(bridge, seen.id).relation is not None
    assert check(bridge) == []


def test_what_would_be_undone_next(bridge: Engine) -> None:
    assert next_undone(bridge, "hana") is None
    relate(bridge, pair(bridge, 4, 5).id, Relation.UPDATE, **BY)
    found = next_undone(bridge, "hana")
    assert found is not None
    assert (found.action, found.attribution_id, found.pair_id) == ("relate", None, pair(bridge, 4, 5).id)
    assert next_redone(bridge, "hana") is None
    undo(bridge, **BY)
    again = next_redone(bridge, "hana")
    assert again is not None
    assert again.pair_id == found.pair_id
    decide(bridge, 1, Action.ACCEPT, **BY)
    assert next_redone(bridge, "hana") is None


def test_confirmed_pairs_hold_together_and_refused_ones_apart(bridge: Engine) -> None:
    relate_two(bridge, 6, 1, Relation.SAME_CLAIM, **BY)
    assert statements(bridge) == [{1, 2, 6}]
    [row] = list_statements(bridge, Wanted())
    view = show_statement(bridge, row.id)
    assert {member.quote.id: member.relation for member in view.members} == {
        1: "confirmed", 2: "suggested", 6: "confirmed",
    }  # fmt: skip
    relate(bridge, pair(bridge, 1, 2).id, Relation.TENSION, **BY)
    assert statements(bridge) == [{1, 6}]
    undo(bridge, **BY)
    undo(bridge, **BY)
    assert statements(bridge) == [{1, 2}]
    assert check(bridge) == []


def test_two_related_by_hand_are_as_before_when_it_is_undone(bridge: Engine) -> None:
    before = count_pairs(bridge), statements(bridge)
    done = relate_two(bridge, 6, 4, Relation.SAME_CLAIM, **BY)
    assert done.pair_id is not None
    assert pair(bridge, 4, 6).decided_by == "hana"
    undo(bridge, **BY)
    assert (count_pairs(bridge), statements(bridge)) == before
    relate_two(bridge, 4, 6, Relation.UPDATE, **BY)
    assert get_pair(bridge, done.pair_id).relation == Relation.UPDATE


def test_what_may_not_be_decided(bridge: Engine) -> None:
    tell(bridge, COST, day=5, also=FLATLY, outlet="Third")
    suggest(bridge)
    [flat] = list_pairs(bridge, relation="unattributed")
    with pytest.raises(InvalidError, match="unattributed or unrelated"):
        relate(bridge, flat.id, Relation.TENSION, **BY)
    relate(bridge, flat.id, Relation.UNATTRIBUTED, **BY)
    with pytest.raises(InvalidError, match="neither is unattributed"):
        relate(bridge, pair(bridge, 1, 2).id, Relation.UNATTRIBUTED, **BY)
    with pytest.raises(InvalidError, match="one attribution"):
        relate_two(bridge, 1, 1, Relation.TENSION, **BY)
    with pytest.raises(NotFoundError):
        relate_two(bridge, 1, 999, Relation.TENSION, **BY)
    with pytest.raises(NotFoundError):
        relate(bridge, 999, Relation.TENSION, **BY)


def test_a_pair_that_is_not_as_its_log_says_is_a_fault(bridge: Engine, database: str) -> None:
    seen = pair(bridge, 1, 2)
    relate(bridge, seen.id, Relation.SAME_CLAIM, **BY)
    with raw(database) as connection:
        connection.execute(f"update statement_pair set relation = 'tension' where id = {seen.id}")
        connection.execute(f"update statement_pair set relation = 'update' where id <> {seen.id} and id < 3")
    faults = check(bridge)
    assert f"pair {seen.id} is tension, but its decisions make it same_claim" in faults
    assert len(faults) >= 2


def test_pages_of_pairs(bridge: Engine) -> None:
    whole = [row.id for row in list_pairs(bridge)]
    assert len(whole) == sum(count_pairs(bridge).waiting.values()) > 3
    paged: list[PairRow] = []
    while rows := list_pairs(bridge, limit=2, after=paged[-1] if paged else None):
        paged += rows
    assert [row.id for row in paged] == whole
    assert [row.score for row in paged] == sorted((row.score for row in paged), reverse=True)
    assert {row.suggested for row in list_pairs(bridge, relation="tension")} == {Relation.TENSION}
    with pytest.raises(NotFoundError):
        get_pair(bridge, 999)


def test_lists_of_statements_and_how_they_are_narrowed(bridge: Engine) -> None:
    relate_two(bridge, 4, 5, Relation.SAME_CLAIM, **BY)
    rows = list_statements(bridge, Wanted())
    assert [row.attributions for row in rows] == [2, 2]
    assert all(row.outlets == 2 for row in rows)
    bridge_row = next(row for row in rows if "bridge" in row.label)
    assert bridge_row.label == LORRIES
    assert bridge_row.relations["tension"] == 2

    def labels(**wanted: object) -> set[str]:
        return {row.label for row in list_statements(bridge, Wanted(**wanted))}  # type: ignore[arg-type]

    assert labels(source="KCNA") == labels(text="lorries") == labels(relation="tension") == {LORRIES}
    assert labels(text="cables now") == {COST}
    assert labels(outlet="РАНОК", least=2) == labels() == {LORRIES, COST}
    assert labels(least=3) == labels(verdict="failed") == set()
    with pytest.raises(NotFoundError):
        labels(source="Nobody Known")


def test_one_statement_with_all_that_is_known(bridge: Engine) -> None:
    [row] = list_statements(bridge, Wanted())
    view = show_statement(bridge, row.id)
    assert [member.quote.id for member in view.members] == [1, 2]
    assert [member.changed for member in view.members] == [False, True]
    assert [member.group for member in view.members] == [1, 1]
    assert view.corroboration.as_dict() == {"independent": 1, "same_origin": 1, "unknown": 0}
    assert {pair.suggested for pair in view.pairs} >= {Relation.TENSION}
    assert view.as_dict()["members"][0]["attribution"]["content"] == LORRIES
    with pytest.raises(NotFoundError):
        show_statement(bridge, 999)


def test_voices_that_are_independent_and_those_that_are_not(engine: Engine) -> None:
    from quotetrack.domain import SourceClass

    tell(engine, LORRIES, speaker("Ada Lorne"), outlet="A")
    tell(engine, LORRIES, channel("KCNA"), speaker("Otto Quill"), outlet="B", day=1)
    tell(engine, LORRIES, channel("KCNA"), speaker("Mira Sand"), outlet="C", day=1)
    tell(engine, LORRIES, speaker("an official", SourceClass.UNNAMED), outlet="D", day=2)
    suggest(engine)
    [row] = list_statements(engine, Wanted())
    assert (row.attributions, row.origins) == (4, 2)
    voices = show_statement(engine, row.id).corroboration
    assert voices.as_dict() == {"independent": 2, "same_origin": 1, "unknown": 1}


def test_outcomes_and_grades_are_added_and_never_changed(bridge: Engine) -> None:
    [row] = list_statements(bridge, Wanted())
    assert statement_id_of(bridge, 1) == row.id
    day = date(2025, 11, 1)
    record_outcome(bridge, row.id, Verdict.UNRESOLVED, day=day, note="no word yet", reviewer="ben")
    record_outcome(bridge, row.id, Verdict.FAILED, day=day, note="still shut", link="https://example.org/a", **BY)
    grade_statement(bridge, row.id, "2", why="two voices", **BY)
    view = show_statement(bridge, row.id)
    assert [(o.verdict, o.note, o.reviewer) for o in view.outcomes] == [
        (Verdict.FAILED, "still shut", "hana"), (Verdict.UNRESOLVED, "no word yet", "ben"),
    ]  # fmt: skip
    assert (view.row.verdict, view.row.grade) == ("failed", "2")
    assert list_statements(bridge, Wanted(verdict="failed"))[0].id == row.id
    assert list_statements(bridge, Wanted(verdict="none")) == []
    for grade in ("B", "A"):
        assert grade_source(bridge, "KCNA", grade, why="its record", **BY)[0] == "KCNA"
    name, grades = grades_of_source(bridge, "KCNA")
    assert (name, [one.grade for one in grades], grades[0].meaning) == ("KCNA", ["A", "B"], "completely reliable")


def test_what_may_not_be_recorded(bridge: Engine) -> None:
    [row] = list_statements(bridge, Wanted())
    with pytest.raises(InvalidError, match="none of A"):
        grade_source(bridge, "KCNA", "2", why="x", **BY)
    with pytest.raises(InvalidError, match="reason"):
        grade_statement(bridge, row.id, "2", why=" ", **BY)
    with pytest.raises(InvalidError, match="note"):
        record_outcome(bridge, row.id, Verdict.FAILED, day=date(2025, 1, 1), note="", **BY)
    for missing in (lambda: grade_statement(bridge, 999, "1", why="x", **BY), lambda: statement_id_of(bridge, 999)):
        with pytest.raises(NotFoundError):
            missing()


def test_what_is_said_once_can_have_an_outcome_and_goes_on_when_others_say_it(engine: Engine) -> None:
    one = tell(engine, MORE)
    suggest(engine)
    statement = statement_id_of(engine, one)
    assert statement_id_of(engine, one) == statement
    record_outcome(engine, statement, Verdict.HELD_UP, day=date(2025, 5, 1), note="paid", **BY)
    other = tell(engine, MORE, day=1, outlet="Ранок")
    suggest(engine)
    assert statement_id_of(engine, other) == statement
    assert {member.quote.id for member in show_statement(engine, statement).members} == {one, other}


def test_two_statements_with_outcomes_are_both_kept(bridge: Engine) -> None:
    both = [statement_id_of(bridge, 1), statement_id_of(bridge, 6)]
    for statement in both:
        record_outcome(bridge, statement, Verdict.HELD_UP, day=date(2025, 5, 1), note="seen", **BY)
    relate_two(bridge, 1, 6, Relation.SAME_CLAIM, **BY)
    found = {row.id: row.attributions for row in list_statements(bridge, Wanted())}
    assert found == {both[0]: 3, both[1]: 0}
    undo(bridge, **BY)
    assert {row.id: row.attributions for row in list_statements(bridge, Wanted())} == {both[0]: 2, both[1]: 1}
    redo(bridge, **BY)
    assert {row.id: row.attributions for row in list_statements(bridge, Wanted())} == found
    assert AGAIN in {member.quote.content for member in show_statement(bridge, both[0]).members}
