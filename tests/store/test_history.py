"""The log read back, claims, and how fast a reviewer is."""

from datetime import UTC, datetime, timedelta

import pytest

from quotetrack.domain import Kind
from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.claims import claim, claims, release
from quotetrack.store.decisions import Action, decide, undo
from quotetrack.store.engine import Engine
from quotetrack.store.history import history, pace, this_morning
from quotetrack.store.queries import Filter
from tests.store.build import everything, quote, raw, save, speaker


@pytest.fixture
def decided(engine: Engine) -> Engine:
    save(engine, *(quote(speaker("Anna Smith")) for _ in range(3)), id="1")
    save(engine, quote(speaker("Kim")), id="2")
    decide(engine, 1, Action.ACCEPT, reviewer="hana")
    decide(engine, 2, Action.REJECT, reviewer="ben", note="boilerplate")
    decisions.set_kind(engine, 1, Kind.MIXED, reviewer="ben")
    decide(engine, 4, Action.ACCEPT, reviewer="hana")
    decisions.set_country(engine, "Kim", "KP", reviewer="hana")
    undo(engine, reviewer="ben")
    return engine


def test_the_log_of_an_attribution_an_article_a_source_and_a_reviewer(decided: Engine) -> None:
    def log(**what: object) -> list[tuple[int, str]]:
        return [(row.id, row.action) for row in history(decided, **what)]  # type: ignore[arg-type]

    assert log(attribution_id=1) == [(6, "undo"), (3, "set_kind"), (1, "accept")]
    assert log(article_id=2) == [(4, "accept")]
    assert log(reviewer="ben") == [(6, "undo"), (3, "set_kind"), (2, "reject")]
    assert log(source_id=2) == [(5, "set_country")]
    assert log(reviewer="ben", attribution_id=2) == [(2, "reject")]
    assert log(limit=2) == [(6, "undo"), (5, "set_country")]
    assert log(limit=2, after=5) == [(4, "accept"), (3, "set_kind")]
    assert log(reviewer="nobody") == []


def test_an_entry_says_what_it_changed_and_whether_it_stands(decided: Engine) -> None:
    undoing, kind, _ = history(decided, attribution_id=1)
    assert (kind.differences, kind.is_undone, kind.reviewer) == (["kind indirect → mixed"], True, "ben")
    assert (undoing.differences, undoing.is_undone, undoing.undoes_id) == (["kind mixed → indirect"], False, kind.id)
    assert kind.as_dict()["after"]["kind"] == "mixed"
    assert history(decided, attribution_id=2)[0].note == "boilerplate"


def test_what_a_reviewer_decided_on_is_found(decided: Engine) -> None:
    assert [row.id for row in everything(decided, Filter(reviewer="ben"))] == [1, 2]
    assert [row.id for row in everything(decided, Filter(reviewer="hana", status="accepted"))] == [1, 4]


def test_today_counts_what_stands_over_all_sessions(decided: Engine, database: str) -> None:
    long_ago = datetime(2025, 3, 1, tzinfo=UTC)
    assert pace(decided, reviewer="hana", since=long_ago).done == 2
    assert pace(decided, reviewer="ben", since=long_ago).done == 1
    assert pace(decided, reviewer="ben", since=datetime.now(UTC) + timedelta(minutes=1)).done == 0
    times = {1: "09:00:00", 4: "09:02:00", 5: "12:00:00"}
    with raw(database) as connection:
        for id_, time in times.items():
            connection.execute(f"update decision set at = '2025-03-02 {time}.000000' where id = {id_}")
    found = pace(decided, reviewer="hana", since=long_ago)
    assert (found.done, found.minutes, found.per_minute) == (2, 2, 1)  # The morning's pause is no work.
    noon = datetime(2025, 3, 2, 11, tzinfo=UTC)
    assert pace(decided, reviewer="hana", since=noon).done == 0
    morning = this_morning(datetime(2025, 3, 2, 17, 30).astimezone())
    assert (morning.hour, morning.minute, morning.day) == (0, 0, 2)


# Claims.


def test_a_claim_holds_for_its_reviewer_until_it_ends(decided: Engine) -> None:
    mine = claim(decided, 1, reviewer="hana")
    with pytest.raises(ConflictError, match=r"hana has attribution 1 until \d\d:\d\d") as taken:
        claim(decided, 1, reviewer="ben")
    assert taken.value.by == "hana"
    assert claim(decided, 1, reviewer="hana", seconds=900).until > mine.until
    claim(decided, 2, reviewer="ben", seconds=-1)
    assert [(c.attribution_id, c.reviewer) for c in claims(decided)] == [(1, "hana")]
    assert claim(decided, 2, reviewer="hana").reviewer == "hana"
    with pytest.raises(NotFoundError):
        claim(decided, 99, reviewer="hana")


def test_a_claim_made_by_a_clock_that_was_a_year_ahead_holds_nobody_up(decided: Engine) -> None:
    claim(decided, 1, reviewer="hana", seconds=365 * 24 * 3600)
    assert claims(decided) == []
    assert 1 in [row.id for row in everything(decided, Filter(free_for="ben"))]
    assert claim(decided, 1, reviewer="ben").reviewer == "ben"
    assert [(c.attribution_id, c.reviewer) for c in claims(decided)] == [(1, "ben")]


def test_a_clock_that_goes_backwards_changes_no_order(decided: Engine, database: str) -> None:
    """What comes after what is told by the log's numbers alone."""
    before = [row.id for row in history(decided, limit=100)]
    with raw(database) as connection:  # Each decision an hour before the one that it follows.
        for number, id_ in enumerate(sorted(before)):
            at = datetime(2025, 3, 1, 23 - number, tzinfo=UTC)
            connection.execute(f"update decision set at = '{at:%Y-%m-%d %H:%M:%S}.000000' where id = {id_}")
    assert [row.id for row in history(decided, limit=100)] == before == sorted(before, reverse=True)
    assert check(decided) == []
    assert pace(decided, reviewer="hana", since=datetime(2025, 3, 1, tzinfo=UTC)).minutes >= 0
    standing = [row.id for row in history(decided, reviewer="hana", limit=100) if not row.is_undone]
    undo(decided, reviewer="hana")
    assert [row.is_undone for row in history(decided, reviewer="hana", limit=100) if row.id == standing[0]] == [True]
    assert check(decided) == []


def test_a_queue_leaves_out_what_others_have(decided: Engine) -> None:
    claim(decided, 1, reviewer="hana")
    claim(decided, 3, reviewer="ben")
    claim(decided, 4, reviewer="eve", seconds=-1)

    def free(reviewer: str) -> list[int]:
        return [row.id for row in everything(decided, Filter(free_for=reviewer))]

    assert (free("hana"), free("ben"), free("eve")) == ([1, 2, 4], [2, 3, 4], [2, 4])
    assert (release(decided, reviewer="hana", attribution_id=3), release(decided, reviewer="hana")) == (0, 1)
    assert free("eve") == [1, 2, 4]
    assert claim(decided, 1, reviewer="ben").reviewer == "ben"
    assert release(decided, reviewer="ben") == 2
