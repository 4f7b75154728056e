"""Commands on disks and databases that fail, and several at once: one line says what to do, and nothing is lost."""

import json
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from quotetrack.errors import ExitCode
from quotetrack.store.check import LOOKS, check
from quotetrack.store.engine import Engine, make_engine
from quotetrack.store.schema import migrate
from tests.cli.conftest import Run
from tests.cli.ingesting import ROOT, talking, texts, write
from tests.store.build import Told, everything, hear, opened, plant, raw, speaker

READERS = ("quotes", "sources list", "report sources", "decide history", "db stats", "db check", "explain 1")
WRITERS = ("ingest {articles}", "decide accept 1", "sources sync", "decide undo")


def refused(run: Run, words: str, home: Path) -> str:
    """The one line with which a command that cannot use the database ends."""
    result = run(*words.format(articles=write(home / "articles", 2)).split())
    assert (result.code, result.out) == (ExitCode.DATABASE, "")
    assert len(result.err.splitlines()) == 1
    assert result.err.startswith("quotetrack: ")
    return result.err


# The schema.


@pytest.mark.parametrize("words", [*READERS, *WRITERS, "review"])
def test_a_schema_that_is_too_old_names_the_command_that_helps(words: str, run: Run, database: Path) -> None:
    engine = make_engine(str(database))
    migrate(engine, "0001")
    engine.dispose()
    said = refused(run, words, database.parent)
    assert "is at revision 0001" in said
    assert "Run `quotetrack db upgrade`: it makes a backup first." in said


@pytest.mark.parametrize("words", [*READERS, *WRITERS, "review", "db upgrade"])
def test_a_schema_that_is_too_new_asks_for_a_newer_quotetrack(words: str, run: Run, database: Path) -> None:
    with raw(database) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    assert "Upgrade quotetrack." in refused(run, words, database.parent)


# The file.

DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no database": (lambda data: b"The mayor said so. " * 500, "not a SQLite database, or its beginning is damaged"),
    "the header": (lambda data: b"\0" * 16 + data[16:], "not a SQLite database, or its beginning is damaged"),
    "pages": (lambda data: data[:4096] + b"\xff" * 90_000 + data[94_096:], "Restore a backup"),
    "cut short": (lambda data: data[: len(data) // 3], "Restore a backup"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("words", [*READERS, *WRITERS])
def test_a_damaged_database_is_one_line(words: str, damage: str, run: Run, database: Path) -> None:
    break_, says = DAMAGE[damage]
    database.write_bytes(break_(database.read_bytes()))
    result = run(*words.format(articles=write(database.parent / "articles", 2)).split())
    assert result.code == ExitCode.DATABASE
    assert says in result.err + result.out


def test_a_process_that_may_write_no_more_says_so(database: Path) -> None:
    with opened(database) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
    words = [sys.executable, "-m", "quotetrack", "decide", "accept", "1", "--database", str(database)]
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert ran.returncode == ExitCode.DATABASE
    assert "The disk is full, has failed or is gone." in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert subprocess.run(words, cwd=ROOT, check=False, capture_output=True).returncode == 0
    with opened(database) as engine:
        assert check(engine) == []


@pytest.mark.parametrize("words", WRITERS[:2])
def test_a_lock_is_waited_for_and_then_explained(
    words: str, run: Run, engine: Engine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(engine, speaker("Anna Smith"), id="1")
    monkeypatch.setattr("quotetrack.annotation.pipeline.Annotator", lambda *_, **__: pytest.fail("nothing is read"))
    monkeypatch.setattr("quotetrack.store.engine.BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin immediate")
        if "ingest" in words:  # It is locked while the models work, and only then is there something to store.
            monkeypatch.undo()
            monkeypatch.setenv("QUOTETRACK_DATABASE_URL", str(database))
            monkeypatch.setattr("quotetrack.store.engine.BUSY_SECONDS", 0.2)
            code = talking("ingest", write(database.parent / "articles", 2), "--database", database)
            code[2] = "import quotetrack.store.engine as engine; engine.BUSY_SECONDS = 0.2\n" + code[2]
            ran = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=False)
            assert ran.returncode == ExitCode.DATABASE
            said = ran.stderr
        else:
            said = refused(run, words, database.parent)
    assert "Another process has been writing to it for too long. Try again when that has ended." in said


def test_a_network_drive_is_warned_of_once(
    run: Run, record: list[Told], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "mounts").write_text(f"/dev/sda1 / ext4 rw 0 0\ndesk:/news {home.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr("quotetrack.store.drives.MOUNTS", home / "mounts")
    result = run("quotes", "--json", "--limit", 1)
    assert result.code == 0
    assert result.err.count("Warning: ") == 1
    assert "is on a network drive (nfs4)." in result.err
    assert "PostgreSQL" in result.err
    assert len(result.json) == 1


# db check.


def test_db_check_as_json_says_which_rule_is_broken(run: Run, record: list[Told], home: Path) -> None:
    assert run("db", "check", "--json").json == {"sound": True, "faults": []}
    plant(str(home / "news.sqlite"), "update hop set position = 9 where id = 1; update outlet set lowered = 'x'")
    result = run("db", "check", "--json")
    assert (result.code, result.err, result.json["sound"]) == (ExitCode.DATABASE, "", False)
    assert {fault["rule"] for fault in result.json["faults"]} >= {"chains", "sources"}
    assert {fault["rule"] for fault in result.json["faults"]} <= set(LOOKS)
    assert "outlet 1: its name 'Eastern Desk' is filed under 'x'" in [f["said"] for f in result.json["faults"]]


def test_db_check_shows_what_it_looks_at_on_a_terminal(
    run: Run, record: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    result = run("db", "check")
    assert (result.code, result.out) == (0, "")
    assert "Looking" in result.err
    assert "100%" in result.err
    assert result.err.endswith("The database is sound.\n")


# Several at once, and stopped at any moment.


def told(database: Path) -> list[tuple[object, ...]]:
    """What is stored, whatever the order in which it was stored."""
    with opened(database) as engine:
        assert check(engine) == []
        return sorted((row.title, row.content, tuple(hop.name for hop in row.hops)) for row in everything(engine))


def test_two_ingests_of_one_folder_at_once_store_what_one_stores(home: Path) -> None:
    folder = write(home / "articles", 30)
    subprocess.run(talking("ingest", folder, "--database", home / "one.sqlite"), cwd=ROOT, check=True)
    words = talking("ingest", folder, "--database", home / "two.sqlite", "--json", pause=0.05, batch=3)
    both = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    outputs = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert told(home / "two.sqlite") == told(home / "one.sqlite")
    with raw(home / "two.sqlite") as connection:
        names = [name for (name,) in connection.execute("select name from source where key is null order by name")]
        [(stored,)] = connection.execute("select count(*) from attribution")
    summaries = [json.loads(out) for out, _ in outputs]
    assert sum(summary["attributions"] for summary in summaries) == stored > 0
    assert names == sorted({"Anna Smith", *(f"Voice {number}" for number in range(30))})


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["ctrl-c", "term", "kill"])
def test_an_ingest_may_be_stopped_at_any_moment_and_goes_on_where_it_was(number: signal.Signals, home: Path) -> None:
    folder, database = write(home / "articles", 60), home / "stopped.sqlite"
    words = talking("ingest", folder, "--database", database, pause=0.05, batch=2)
    subprocess.run(talking("ingest", folder, "--database", home / "whole.sqlite"), cwd=ROOT, check=True)
    chance = random.Random(int(number))
    stored = 0
    for moment in [*(n / 6 for n in range(8)), *(chance.uniform(0, 4) for _ in range(8))]:
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(moment)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        # Before Python has begun, and while it reads modules, a signal ends it in its own way.
        assert process.returncode in (0, ExitCode.INTERRUPTED, 1, -number), said
        if process.returncode == ExitCode.INTERRUPTED:
            assert said.splitlines()[-1].startswith(("Stopped.", "Stopped early."))
        if database.exists() and database.stat().st_size:
            with raw(database) as connection:
                tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
            if tables:  # Else it was stopped before it had made any.
                before, stored = stored, len(texts(database))
                assert stored >= before
                with opened(database) as engine:
                    assert check(engine) == []
    assert subprocess.run(words, cwd=ROOT, check=False, capture_output=True).returncode == 0
    assert told(database) == told(home / "whole.sqlite")
