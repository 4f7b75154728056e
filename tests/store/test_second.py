"""Second opinions: given without sight of the first, changing nothing, and compared."""

import pytest
from sqlalchemy import select

from quotetrack.domain import Kind, Polarity
from quotetrack.errors import ConflictError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, adjudicate, decide, machine_state, pair_of, pairs, redo, undo
from quotetrack.store.engine import Engine, reading
from quotetrack.store.filters import drawn_for_second, is_drawn_for_second
from quotetrack.store.models import AttributionRow
from quotetrack.store.queries import Filter, get_quote
from tests.store.build import channel, everything, quote, save, speaker


@pytest.fixture
def ten(engine: Engine) -> Engine:
    save(engine, *(quote(channel("KCNA"), speaker("Anna Smith")) for _ in range(10)))
    return engine


def waiting(engine: Engine, reviewer: str, share: int = 100) -> list[int]:
    return [row.id for row in everything(engine, Filter(second_for=reviewer, share=share))]


def test_a_second_opinion_is_recorded_and_changes_nothing(ten: Engine) -> None:
    decisions.set_kind(ten, 1, Kind.MIXED, reviewer="hana")
    seen = get_quote(ten, 1)
    assert machine_state(ten, 1).kind == "indirect"
    decisions.set_polarity(ten, 1, Polarity.NEGATED, reviewer="ben", second=True)
    decisions.set_speaker(ten, 1, "KCNA", reviewer="ben", second=True)
    assert get_quote(ten, 1) == seen
    [pair] = pairs(ten)
    assert (pair.first_reviewer, pair.second_reviewer) == ("hana", "ben")
    assert (pair.first.kind, pair.first.polarity, pair.first.status) == ("mixed", "asserted", "accepted")
    assert (pair.second.kind, pair.second.polarity, pair.second.status) == ("indirect", "negated", "accepted")
    assert pair.second.speaker is not None
    assert pair.second.speaker.name == "KCNA"
    assert machine_state(ten, 1).status == "pending"
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
