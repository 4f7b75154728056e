"""Deciding while processes are killed and while others decide: what was said to be saved is saved, whole, and kept."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quotetrack.store.check import check
from quotetrack.store.engine import Engine
from quotetrack.store.history import history
from quotetrack.store.queries import get_quote
from tests.store.build import channel, opened, quote, raw, save, speaker

ROOT = Path(__file__).parents[2]
ITEMS = 6

DECIDING = """
import json, random, sys
from quotetrack.domain import Kind, Span, SpanRole
from quotetrack.errors import ConflictError
from quotetrack.store import decisions
from quotetrack.store.decisions import Action, ChainFix, NewSource, undo
from quotetrack.store.queries import get_quote
from quotetrack.store.schema import open_database

path, reviewer, seed, acts = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
engine, chance = open_database(path), random.Random(seed)
for number in range(acts):
    id_ = chance.randint(1, 6)
    by = {"reviewer": reviewer, "version": get_quote(engine, id_).version}
    try:
        done = chance.choice([
            lambda: decisions.decide(engine, id_, Action.ACCEPT, **by),
            lambda: decisions.decide(engine, id_, Action.REJECT, **by),
            lambda: decisions.set_kind(engine, id_, chance.choice(list(Kind)), **by),
            lambda: decisions.set_spans(
                engine, id_, {SpanRole.CONTENT: (Span(0, 4), Span(9, chance.randint(10, 50)))}, **by
            ),
            lambda: decisions.set_speaker(engine, id_, f"Voice {chance.randint(0, 9)}", new=NewSource(), **by),
            lambda: decisions.fix_all(engine, id_, ChainFix(("Kim",), only_speaker=True, new=NewSource()), **by),
            lambda: undo(engine, reviewer=reviewer, past=True),
        ])()
    except ConflictError as error:
        print(json.dumps({"conflict": str(error)}), flush=True)
        continue
    if done:
        print(json.dumps([[one.decision_id, one.attribution_id, one.action, one.status, one.version]
                          for one in (done, *done.also)]), flush=True)
print("end", flush=True)
"""


@pytest.fixture
def items(engine: Engine, database: str) -> str:
    save(engine, *(quote(channel("KCNA"), speaker(name)) for name in ("Anna Smith", "Kim Jong Un") * (ITEMS // 2)))
    engine.dispose()
    return database


def deciding(path: str, reviewer: str, seed: int, acts: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", DECIDING, path, reviewer, str(seed), str(acts)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_twenty_kills_lose_nothing_that_was_shown_as_saved(items: str) -> None:
    chance = random.Random(9)
    said: list[list[object]] = []
    for round_ in range(20):
        worker = deciding(items, "hana", round_, 100_000)
        assert worker.stdout is not None
        lines = [worker.stdout.readline()]  # It has begun.
        time.sleep(chance.uniform(0, 0.3))
        worker.send_signal(signal.SIGKILL)
        lines += worker.stdout.read().splitlines()
        worker.stdout.close()
        assert worker.wait() == -signal.SIGKILL
        for line in lines:
            if line.endswith(("]", "]\n")):  # Else the last was cut off as it was written.
                said += json.loads(line)
        with opened(items) as engine:
            assert check(engine) == []
            log = {row.id: row for row in history(engine, limit=100_000)}
            for id_, attribution_id, action, status, _ in said:
                row = log[id_]  # type: ignore[index]
                assert (row.attribution_id, row.action) == (attribution_id, action)
                assert attribution_id is None or row.after["status"] == status
    assert len(said) > 40
    with raw(items) as connection:  # No batch was stored in part: each has its undo or redo whole, or none.
        broken = connection.execute(
            "select u.batch from decision u join decision d on d.id = u.undoes_id "
            "where d.batch is not null and d.action <> 'new_source' group by u.batch, d.batch "
            "having count(*) <> (select count(*) from decision x where x.batch = d.batch and x.action <> 'new_source')"
        ).fetchall()
    assert broken == []


@pytest.mark.slow
def test_two_processes_at_once_lose_no_update(items: str) -> None:
    workers = [deciding(items, name, seed, 150) for seed, name in enumerate(("hana", "ben"))]
    said, conflicts = [], []
    for worker in workers:
        out, _ = worker.communicate(timeout=240)
        assert worker.returncode == 0
        *lines, end = out.splitlines()
        assert end == "end"
        for line in map(json.loads, lines):
            if isinstance(line, dict):
                conflicts.append(line["conflict"])
            else:
                said += line
    with opened(items) as engine:
        assert check(engine) == []
        log = [row for row in history(engine, limit=100_000) if row.attribution_id is not None]
        assert sorted(one[0] for one in said) == sorted(row.id for row in log)
        for id_ in range(1, ITEMS + 1):
            versions = sorted(one[4] for one in said if one[1] == id_)
            # each change made a version of its own: none was made on top of one it had not seen
            assert versions == list(range(2, len(versions) + 2))
            assert get_quote(engine, id_).version == len(versions) + 1
        assert {row.reviewer for row in log} == {"hana", "ben"}
    assert conflicts
    assert any("changed by hana" in said for said in conflicts)
    assert any("changed by ben" in said for said in conflicts)
