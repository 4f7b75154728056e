"""Second opinions: given without sight of the first, changing nothing, and compared."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from quotetrack.domain import Kind, Polarity, Span, SpanRole
from quotetrack.errors import ConflictError, InvalidError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, adjudicate, decide, pair_of, pairs, redo, undo
from quotetrack.store.engine import Engine, reading
from quotetrack.store.filters import drawn_for_second, is_drawn_for_second
from quotetrack.store.history import history
from quotetrack.store.models import AttributionRow
from quotetrack.store.queries import Filter, QuoteRow, get_quote
from quotetrack.store.second_views import as_second, count_second, list_second
from quotetrack.store.source_views import next_undone
from tests.store.build import SAID, at, channel, everything, quote, raw, save, speaker


@pytest.fixture
def ten(engine: Engine) -> Engine:
    save(engine, *(quote(channel("KCNA"), speaker("Anna Smith")) for _ in range(10)))
    return engine


def waiting(engine: Engine, reviewer: str, share: int = 100) -> list[int]:
    return [row.id for row in everything(engine, Filter(second_for=reviewer, share=share))]


def test_a_second_opinion_is_recorded_and_changes_nothing(ten: Engine) -> None:
    decisions.set_kind(ten, 1, Kind.MIXED, reviewer="hana")
    seen = get_quote(ten, 1)
    assert as_second(ten, [seen], "ben")[0].kind == "indirect"
    decisions.set_polarity(ten, 1, Polarity.NEGATED, reviewer="ben", second=True)
    decisions.set_speaker(ten, 1, "KCNA", reviewer="ben", second=True)
    assert get_quote(ten, 1) == seen
    [pair] = pairs(ten)
    assert (pair.first_reviewer, pair.second_reviewer) == ("hana", "ben")
    assert (pair.first.kind, pair.first.polarity, pair.first.status) == ("mixed", "asserted", "accepted")
    assert (pair.second.kind, pair.second.polarity, pair.second.status) == ("indirect", "negated", "accepted")
    assert pair.second.speaker is not None
    assert pair.second.speaker.name == "KCNA"
    assert as_second(ten, [seen], "eve")[0].status == "pending"
    assert check(ten) == []


def test_a_second_opinion_is_undone_and_done_again(ten: Engine) -> None:
    decide(ten, 1, Action.ACCEPT, reviewer="hana")
    decide(ten, 1, Action.REJECT, reviewer="ben", second=True)
    assert undo(ten, reviewer="ben") is not None
    assert (pairs(ten), get_quote(ten, 1).status, waiting(ten, "ben")) == ([], "accepted", [1])
    assert redo(ten, reviewer="ben") is not None
    assert [pair.second.status for pair in pairs(ten)] == ["rejected"]
    assert (get_quote(ten, 1).status, waiting(ten, "ben")) == ("accepted", [])
    assert undo(ten, reviewer="hana") is not None  # A second opinion is no change that stands in the way.
    assert pairs(ten) == []


def test_who_may_give_a_second_opinion(ten: Engine) -> None:
    with pytest.raises(ConflictError, match="Nobody has decided"):
        decide(ten, 1, Action.ACCEPT, reviewer="ben", second=True)
    decide(ten, 1, Action.ACCEPT, reviewer="hana")
    with pytest.raises(ConflictError, match="yourself"):
        decide(ten, 1, Action.ACCEPT, reviewer="hana", second=True)


def test_each_waits_for_what_others_decided_and_nobody_judged_twice(ten: Engine) -> None:
    decide(ten, 1, Action.ACCEPT, reviewer="hana")
    decide(ten, 2, Action.REJECT, reviewer="ben")
    assert (waiting(ten, "hana"), waiting(ten, "ben"), waiting(ten, "eve")) == ([2], [1], [1, 2])
    decide(ten, 1, Action.ACCEPT, reviewer="eve", second=True)
    assert (waiting(ten, "hana"), waiting(ten, "ben"), waiting(ten, "eve")) == ([2], [], [2])


def test_the_newest_of_the_first_reviewers_decisions_counts(ten: Engine) -> None:
    decide(ten, 1, Action.ACCEPT, reviewer="hana")
    decide(ten, 1, Action.ACCEPT, reviewer="ben", second=True)
    decide(ten, 1, Action.REJECT, reviewer="hana")
    assert [pair.first.status for pair in pairs(ten)] == ["rejected"]


def test_settling_between_two(ten: Engine) -> None:
    decide(ten, 1, Action.REJECT, reviewer="hana")
    decisions.set_kind(ten, 1, Kind.DIRECT, reviewer="ben", second=True)
    with pytest.raises(ConflictError, match="hana and ben, not by eve"):
        adjudicate(ten, 1, "eve", reviewer="eve")
    adjudicate(ten, 1, "ben", reviewer="eve")
    assert (get_quote(ten, 1).status, get_quote(ten, 1).kind) == ("accepted", "direct")
    [pair] = pair_of(ten, 1)
    assert (pair.first.status, pair.second.status) == ("rejected", "accepted")  # As they were given.
    undo(ten, reviewer="eve")
    assert get_quote(ten, 1).status == "rejected"
    assert check(ten) == []


@pytest.mark.parametrize("share", [0, 1, 10, 25, 50, 99, 100])
def test_the_share_is_drawn_evenly_and_always_the_same(share: int) -> None:
    for start in (1, 5_000, 987_654_321):
        drawn = sum(is_drawn_for_second(i, share) for i in range(start, start + 2000))
        assert abs(drawn - 20 * share) <= 8
    assert all(is_drawn_for_second(i, 60) for i in range(1, 3000) if is_drawn_for_second(i, 30))


def test_the_database_draws_the_same(ten: Engine) -> None:
    for share in (0, 30, 50, 100):
        with reading(ten) as session:
            found = session.scalars(select(AttributionRow.id).where(drawn_for_second(share))).all()
        assert sorted(found) == [i for i in range(1, 11) if is_drawn_for_second(i, share)]
    decide(ten, 1, Action.ACCEPT, reviewer="hana")
    decide(ten, 2, Action.ACCEPT, reviewer="hana")
    assert waiting(ten, "ben", 50) == [i for i in (1, 2) if is_drawn_for_second(i, 50)]


def awaiting(engine: Engine, reviewer: str = "ben", **wanted: object) -> list[QuoteRow]:
    return list_second(engine, Filter(second_for=reviewer, **wanted), order="article", limit=2)  # type: ignore[arg-type]


def ids(rows: list[QuoteRow]) -> list[int]:
    return [row.id for row in rows]


def test_whatever_the_first_decided_is_not_shown_to_the_second(ten: Engine) -> None:
    found = everything(ten)
    decisions.set_kind(ten, 1, Kind.DIRECT, reviewer="hana", note="clearly")
    decisions.set_polarity(ten, 1, Polarity.NEGATED, reviewer="hana")
    decisions.set_chain(ten, 1, ["Anna Smith", "KCNA"], reviewer="hana")
    spans = {SpanRole.CONTENT: (at(SAID, "bridge"),), SpanRole.CUE: (at(SAID, "said"),)}
    decisions.set_spans(ten, 1, spans, reviewer="hana")
    decisions.nest(ten, 1, 2, reviewer="hana")
    decisions.duplicate(ten, 1, 3, reviewer="hana")
    decide(ten, 2, Action.REJECT, reviewer="hana", note="boilerplate")
    decide(ten, 3, Action.ACCEPT, reviewer="hana")
    undo(ten, reviewer="hana")
    added = decisions.add(ten, 1, {SpanRole.CONTENT: (Span(0, 4),)}, reviewer="hana")
    stored = everything(ten)
    assert added.attribution_id in ids(stored)
    assert [replace(row, version=0) for row in found] == as_second(ten, stored, "ben")


def test_the_second_goes_on_from_his_own_opinion(ten: Engine) -> None:
    decide(ten, 1, Action.REJECT, reviewer="hana")
    content = at(SAID, "the bridge would open in May")
    decisions.set_spans(ten, 1, {SpanRole.CONTENT: (content,)}, reviewer="ben", second=True)
    decisions.set_speaker(ten, 1, "KCNA", reviewer="ben", second=True)
    [bens], [eves] = (as_second(ten, [get_quote(ten, 1)], name) for name in ("ben", "eve"))
    assert (bens.content, bens.status, bens.spans[SpanRole.CONTENT]) == (content.of(SAID), "accepted", (content,))
    assert bens.speaker
    assert eves.speaker
    assert (bens.speaker.name, eves.speaker.name) == ("KCNA", "Anna Smith")
    assert (eves.content, eves.status) == (SAID, "pending")
    undo(ten, reviewer="ben")
    undo(ten, reviewer="ben")
    assert [replace(row, version=0) for row in as_second(ten, [get_quote(ten, 1)], "ben")] == [eves]


def test_a_log_that_first_told_the_status_alone(ten: Engine, database: str) -> None:
    decide(ten, 1, Action.ACCEPT, reviewer="hana")
    with raw(database) as connection:
        connection.execute("""update decision set before = '{"status": "pending"}', after = '{"status": "accepted"}'""")
    decisions.set_kind(ten, 1, Kind.DIRECT, reviewer="hana")
    [row] = awaiting(ten)
    assert (row.kind, row.status) == ("indirect", "pending")


def test_filters_are_on_what_the_second_is_shown(ten: Engine) -> None:
    for number in range(1, 8):
        decide(ten, number, Action.ACCEPT, reviewer="hana")
    decisions.set_kind(ten, 2, Kind.DIRECT, reviewer="hana")
    decisions.set_polarity(ten, 3, Polarity.NEGATED, reviewer="hana")
    decisions.set_speaker(ten, 4, "KCNA", reviewer="hana")
    decisions.set_spans(ten, 5, {SpanRole.CONTENT: (at(SAID, "Anna"),)}, reviewer="hana")
    first, second = awaiting(ten)
    assert ids([first, second]) == [1, 2]
    assert ids(list_second(ten, Filter(second_for="ben"), order="article", limit=3, after=second)) == [3, 4, 5]
    everywhere = {"kind": "indirect", "polarity": "asserted", "speaker": "Anna Smith", "text": '"would open" brid'}
    for name, value in everywhere.items():
        rows = list_second(ten, Filter(second_for="ben", **{name: value}), order="article", limit=2, after=second)  # type: ignore[arg-type]
        assert ids(rows) == [3, 4], name
    nowhere = {"kind": "direct", "polarity": "negated", "speaker": "KCNA", "text": "ridge"}
    assert [awaiting(ten, **{name: value}) for name, value in nowhere.items()] == [[], [], [], []]
    assert ids(awaiting(ten, source="KCNA", status="rejected")) == [1, 2]


def test_what_a_reviewer_added_is_not_judged_twice(ten: Engine) -> None:
    decisions.add(ten, 1, {SpanRole.CONTENT: (Span(0, 4),)}, reviewer="hana")
    assert (waiting(ten, "ben"), count_second(ten, "ben", 100)) == ([], (0, 0))


def test_how_many_await_a_second_opinion(ten: Engine) -> None:
    for number in range(1, 9):
        decide(ten, number, Action.ACCEPT, reviewer="hana" if number < 7 else "ben")
    decide(ten, 1, Action.REJECT, reviewer="ben", second=True)
    decide(ten, 2, Action.REJECT, reviewer="eve", second=True)
    assert [count_second(ten, name, 100) for name in ("ben", "hana", "eve")] == [(4, 2), (2, 0), (6, 2)]
    for share in (0, 30, 60):
        assert sum(count_second(ten, "ben", share)) == sum(is_drawn_for_second(i, share) for i in range(1, 7))
    undo(ten, reviewer="ben", second=True)
    assert count_second(ten, "ben", 100) == (5, 1)


def test_undo_and_redo_keep_to_the_review_they_are_of(ten: Engine) -> None:
    decide(ten, 1, Action.ACCEPT, reviewer="hana")
    decide(ten, 1, Action.REJECT, reviewer="ben", second=True)
    decide(ten, 2, Action.ACCEPT, reviewer="ben")
    assert undo(ten, reviewer="ben", second=True)
    assert (pairs(ten), get_quote(ten, 2).status) == ([], "accepted")
    decide(ten, 3, Action.ACCEPT, reviewer="ben")  # No new second opinion: the one that was undone can be done again.
    assert redo(ten, reviewer="ben", second=True)
    assert [pair.second.status for pair in pairs(ten)] == ["rejected"]
    assert [undo(ten, reviewer="ben", second=False) is None for _ in range(3)] == [False, False, True]
    assert len(pairs(ten)) == 1
    assert next_undone(ten, "ben") is None


def test_a_second_reviewers_note_moves_nothing(ten: Engine) -> None:
    decide(ten, 1, Action.REJECT, reviewer="hana")
    decisions.set_kind(ten, 1, Kind.DIRECT, reviewer="ben", second=True)
    noted = decisions.add_note(ten, 1, "hard to say", reviewer="ben", second=True)
    assert noted.status == "accepted"  # As he sees it.
    [newest, *_] = history(ten)
    assert (newest.is_second, newest.note, newest.differences) == (True, "hard to say", [])
    for act in (undo, redo):
        assert act(ten, reviewer="ben", second=True)
        assert history(ten)[0].is_second
    assert [(p.first.status, p.second.status, p.second.kind) for p in pairs(ten)] == [
        ("rejected", "accepted", "direct")
    ]
    assert check(ten) == []


def test_what_others_nested_or_called_duplicate_stands_in_no_second_reviewers_way(ten: Engine) -> None:
    decisions.duplicate(ten, 1, 2, reviewer="hana")
    decisions.nest(ten, 3, 4, reviewer="hana")
    decide(ten, 4, Action.ACCEPT, reviewer="hana")
    decide(ten, 5, Action.ACCEPT, reviewer="hana")
    decisions.duplicate(ten, 5, 1, reviewer="ben", second=True)
    decisions.nest(ten, 4, 3, reviewer="ben", second=True)
    with pytest.raises(InvalidError, match="nested in itself"):
        decisions.nest(ten, 3, 4, reviewer="ben", second=True)
    with pytest.raises(ConflictError, match="itself a duplicate of 1"):
        decisions.duplicate(ten, 1, 5, reviewer="ben", second=True)
