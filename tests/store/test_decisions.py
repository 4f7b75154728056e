"""Decisions: one transaction each, a log that only grows, and a status that the log alone explains."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, decide, undo
from quotetrack.store.engine import Engine
from quotetrack.store.queries import get_quote
from tests.store.build import SAID, dump, hear, raw, save, speaker


@pytest.fixture
def quote_id(engine: Engine) -> int:
    return hear(engine, speaker("Anna Smith"), id="1")


def log(database: str) -> list[tuple[object, ...]]:
    with raw(database) as connection:
        return connection.execute("select * from decision order by id").fetchall()


def test_accepting_and_rejecting_is_recorded_with_who_why_and_what_was_before(
    engine: Engine, quote_id: int, database: str
) -> None:
    first = decide(engine, quote_id, Action.ACCEPT, reviewer="hana")
    second = decide(engine, quote_id, Action.REJECT, reviewer="ben", note="wrong span")
    assert (first.status, second.status) == ("accepted", "rejected")
    assert second.version > first.version > 1
    row = get_quote(engine, quote_id)
    assert (row.status, row.version) == ("rejected", second.version)
    with raw(database) as connection:
        entries = connection.execute(
            "select reviewer, action, before ->> 'status', after ->> 'status', note, article_id from decision"
        ).fetchall()
        states = [
            json.loads(state) for one in connection.execute("select before, after from decision") for state in one
        ]
    assert entries == [
        ("hana", "accept", "pending", "accepted", None, row.article_id),
        ("ben", "reject", "accepted", "rejected", "wrong span", row.article_id),
    ]
    hop = {"role": "speaker", "source_id": 1, "name": "Anna Smith", "class": "person", "start": None, "end": None}
    whole = {
        "kind": "indirect", "polarity": "asserted", "parent_id": None, "duplicate_of": None,
        "spans": {"content": [[0, 50]], "cue": [], "source": []}, "hops": [hop | {"made_by": "cue_subject"}],
    }  # fmt: skip
    assert all(state == whole | {"status": state["status"]} for state in states)


def test_an_attribution_that_is_not_there(engine: Engine, database: str) -> None:
    with pytest.raises(NotFoundError, match="99"):
        decide(engine, 99, Action.ACCEPT, reviewer="hana")
    assert log(database) == []


def test_undoing_goes_back_step_by_step_to_the_beginning(engine: Engine, quote_id: int) -> None:
    other = hear(engine, speaker("Kim"), id="2")
    steps = [(quote_id, Action.ACCEPT), (quote_id, Action.REJECT), (other, Action.REJECT), (quote_id, Action.ACCEPT)]
    before = []
    for attribution_id, action in steps:
        before.append((attribution_id, get_quote(engine, attribution_id).status))
        decide(engine, attribution_id, action, reviewer="hana")
    undone = []
    while (done := undo(engine, reviewer="hana")) is not None:
        undone.append((done.attribution_id, done.status))
        assert done.attribution_id is not None
        assert get_quote(engine, done.attribution_id).status == done.status
    assert undone == before[::-1]
    assert undo(engine, reviewer="hana") is None
    assert check(engine) == []


def test_after_undoing_one_may_decide_again_and_undo_that(engine: Engine, quote_id: int) -> None:
    decide(engine, quote_id, Action.ACCEPT, reviewer="hana")
    undo(engine, reviewer="hana")
    decide(engine, quote_id, Action.REJECT, reviewer="hana")
    undo(engine, reviewer="hana")
    assert get_quote(engine, quote_id).status == "pending"
    assert undo(engine, reviewer="hana") is None


def test_nobody_undoes_what_another_decided(engine: Engine, quote_id: int) -> None:
    decide(engine, quote_id, Action.ACCEPT, reviewer="hana")
    assert undo(engine, reviewer="ben") is None
    decide(engine, quote_id, Action.ACCEPT, reviewer="ben")  # He agrees: hers is no longer what counts.
    with pytest.raises(ConflictError, match=r"changed since by ben \(accept\) and is now accepted") as refused:
        undo(engine, reviewer="hana")
    assert refused.value.by == "ben"
    assert undo(engine, reviewer="hana", past=True) is None
    assert get_quote(engine, quote_id).status == "accepted"
    undo(engine, reviewer="ben")
    assert (done := undo(engine, reviewer="hana")) is not None
    assert done.status == "pending"
    assert check(engine) == []


def test_a_decision_on_what_has_changed_since_it_was_shown_names_who_changed_what(
    engine: Engine, quote_id: int, database: str
) -> None:
    seen = get_quote(engine, quote_id).version
    decide(engine, quote_id, Action.REJECT, reviewer="hana", version=seen)
    before = log(database)
    with pytest.raises(ConflictError, match=r"changed by hana \(reject\) and is now rejected"):
        decide(engine, quote_id, Action.ACCEPT, reviewer="ben", version=seen)
    assert log(database) == before
    assert get_quote(engine, quote_id).status == "rejected"
    with pytest.raises(ConflictError, match="look at it again"):
        decide(engine, hear(engine, speaker("Kim"), id="2"), Action.ACCEPT, reviewer="ben", version=7)


@pytest.mark.parametrize("seed", range(4))
def test_the_log_only_grows_and_the_status_follows_from_it(seed: int, engine: Engine, database: str) -> None:
    chance = random.Random(seed)
    ids = [hear(engine, speaker("A"), id=str(i)) for i in range(3)]
    kept: list[tuple[object, ...]] = []
    for _ in range(40):
        reviewer, action = chance.choice(["hana", "ben"]), chance.choice([Action.ACCEPT, Action.REJECT, Action.UNDO])
        if action is Action.UNDO:
            undo(engine, reviewer=reviewer, past=True)
        else:
            decide(engine, chance.choice(ids), action, reviewer=reviewer)
        assert log(database)[: len(kept)] == kept
        kept = log(database)
        with raw(database) as connection:
            said = dict(connection.execute("select attribution_id, after ->> 'status' from decision order by id"))
        assert [get_quote(engine, i).status for i in ids] == [said.get(i, "pending") for i in ids]
    assert len(kept) > 20
    assert check(engine) == []


KILLED = """
import os, sys
from sqlalchemy import event
from sqlalchemy.orm import Session
from quotetrack.store.decisions import Action, decide
from quotetrack.store.schema import open_database
from tests.store.build import channel, quote, save, speaker

engine = open_database(sys.argv[1])
event.listen(Session, "before_commit", lambda session: (session.flush(), os._exit(9)))
if sys.argv[2] == "decide":
    decide(engine, 1, Action.REJECT, reviewer="hana", note="never")
else:
    save(engine, quote(channel("New Channel"), speaker("New Name")), text=sys.argv[3], url="https://example.org/1")
"""


@pytest.mark.parametrize("what", ["decide", "save"])
def test_being_killed_between_writing_and_committing_leaves_nothing_half_done(
    what: str, engine: Engine, quote_id: int, database: str
) -> None:
    save(engine, url="https://example.org/1")
    before = dump(database)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(database), what, SAID + " New."],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (killed.returncode, killed.stderr) == (9, "")
    assert dump(database) == before
    assert check(engine) == []
    assert decide(engine, quote_id, Action.ACCEPT, reviewer="hana").status == "accepted"
