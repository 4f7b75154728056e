"""Disks, files and machines that fail: what was stored stays whole, and the message says what to do."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from quotetrack.errors import DatabaseError
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, decide
from quotetrack.store.engine import Engine
from quotetrack.store.queries import Filter, count_quotes
from quotetrack.store.schema import backup
from tests.store.build import SAID, everything, hear, new_database, opened, quote, raw, refused, save, speaker

ROOT = Path(__file__).parents[2]
MANY = 400


@pytest.fixture
def stored(file: Path) -> Path:
    with opened(file) as engine:
        save(engine, *(quote(speaker("Anna Smith")) for _ in range(5)), id="1")
    return file


def fill_up(act: Callable[[int], object]) -> str:
    """Act until the database says why it cannot."""
    for number in range(MANY):
        try:
            act(number)
        except DatabaseError as full:
            return str(full)
    raise AssertionError("there is no end of room")


def article(engine: Engine, number: int) -> None:
    text = f"{SAID} " * 40 + str(number)
    save(engine, *(quote(speaker(f"Voice {number}"), text=text, content=text) for _ in range(9)), text=text)


# The disk.


@pytest.mark.parametrize("act", ["save", "decide"])
def test_a_disk_that_is_full(act: str, stored: Path) -> None:
    with opened(stored) as engine:
        with engine.connect() as connection:
            pages = connection.exec_driver_sql("pragma page_count").scalar_one()
            connection.exec_driver_sql(f"pragma max_page_count = {pages + 3}")
        acts: dict[str, Callable[[int], object]] = {
            "save": lambda number: article(engine, number),
            "decide": lambda _: decide(engine, 1, Action.ACCEPT, reviewer="hana", note="so it is " * 99),
        }
        said = fill_up(acts[act])
        assert "The disk is full. Free some space, then run the same command again" in said
        assert check(engine) == []
        before = count_quotes(engine, Filter())
    with opened(stored) as engine:  # There is room again.
        acts[act](MANY)
        assert count_quotes(engine, Filter()) == before + (9 if act == "save" else 0)
        assert check(engine) == []


LIMITED = """
import json, resource, sys
from quotetrack.errors import DatabaseError
from tests.store.build import opened
from tests.store.test_faults import article
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
with opened(sys.argv[1]) as engine:
    try:
        for number in range(400):
            article(engine, number)
    except DatabaseError as error:
        print(json.dumps([number, str(error)]))
"""


def test_a_disk_that_refuses_to_write_more(stored: Path) -> None:
    """A file may not grow: to SQLite, a disk that fails."""
    size = stored.stat().st_size + 100_000
    words = [sys.executable, "-c", LIMITED, str(stored), str(size)]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    done, said = json.loads(ran.stdout)
    assert "The disk is full, has failed or is gone." in said
    with opened(stored) as engine:
        assert count_quotes(engine, Filter()) == 5 + 9 * done
        assert check(engine) == []


# What may only be read.


@pytest.fixture
def read_only(unprivileged: Path) -> Path:
    """A database in the mode in which quotetrack leaves it, in a folder where nothing may be written."""
    path = new_database(unprivileged / "news.sqlite")
    with opened(path) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
    assert path.read_bytes()[18:20] == b"\2\2", "it is in WAL mode"
    path.chmod(0o444)
    unprivileged.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(65534)
    return path


def test_a_read_only_folder_can_be_read_from(read_only: Path) -> None:
    with opened(read_only) as engine:
        assert len(everything(engine)) == 1
        assert check(engine) == []
        for act in (lambda: save(engine, id="2"), lambda: decide(engine, 1, Action.ACCEPT, reviewer="hana")):
            with pytest.raises(DatabaseError, match=r"may only be read\. Check the permissions"):
                act()
    assert [path.name for path in read_only.parent.iterdir()] == ["news.sqlite"]


def test_a_read_only_database_can_be_copied(read_only: Path) -> None:
    with pytest.raises(DatabaseError, match="could not be written"):
        backup(str(read_only))
    with tempfile.TemporaryDirectory() as folder:
        made = backup(str(read_only), Path(folder, "copy.sqlite"))
        assert made.stat().st_mode & 0o777 == 0o444
        with opened(made) as copied:
            assert len(everything(copied)) == 1


# What is damaged.


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: b"X" + data[1:], "not a SQLite database, or its beginning is damaged"),
        (lambda data: data[:30] + b"\xff" * 70 + data[100:], "damaged"),
        (lambda data: data[:10_000], "The file is damaged. Restore a backup"),
        (lambda data: data[:4096] + b"\xff" * 40_960 + data[45_056:], "The file is damaged. Restore a backup"),
        (lambda data: data[:3000], "damaged"),
        (lambda data: b"", "is empty"),
        (lambda data: bytes(5000), "not a SQLite database"),
    ],
    ids=["first byte", "header", "cut short", "pages", "first page alone", "empty", "zeros"],
)
def test_a_damaged_file_is_told_as_one(damage: Callable[[bytes], bytes], says: str, stored: Path) -> None:
    stored.write_bytes(damage(stored.read_bytes()))
    try:
        said = refused(stored)
    except pytest.fail.Exception:  # What is read first is whole.
        with opened(stored) as engine, pytest.raises(DatabaseError) as told:
            everything(engine)
        said = str(told.value)
    assert says in said


@pytest.mark.parametrize(
    "sql",
    [
        "update attribution set steps = '{'", "update attribution set kind = 'hearsay'",
        "update attribution set steps = '[{\"part\": \"cue\"}]'", "update article set fetched = 'noon'",
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_no_traceback(sql: str, stored: Path) -> None:
    with raw(stored) as connection:
        connection.execute(sql)
    with opened(stored) as engine, pytest.raises(DatabaseError, match=r"`quotetrack db check` says where"):
        everything(engine)


# Others at work.


HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("begin immediate")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_of_another_process_is_waited_for_and_explained(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotetrack.store.engine.BUSY_SECONDS", 0.5)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(stored)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    holder.stdout.readline()
    with opened(stored) as engine:
        assert len(everything(engine)) == 5
        for act in (lambda: save(engine, id="2"), lambda: decide(engine, 1, Action.ACCEPT, reviewer="hana")):
            started = time.monotonic()
            with pytest.raises(DatabaseError, match=r"Another process has been writing to it for too long\. Try again"):
                act()
            assert time.monotonic() - started > 0.4
        holder.kill()  # A lock ends with the process, however that ends.
        holder.wait()
        save(engine, id="2")
    holder.stdout.close()
    holder.stdin.close()


DYING = """
import os, signal, sys
from quotetrack.store import save as saving
from tests.store.build import opened, quote, save, speaker

def die(*given):
    stored(*given)
    if len(sys.argv) > 2 and os.path.exists(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

stored = saving._save_attributions
saving._save_attributions = die
with opened(sys.argv[1]) as engine:
    for number in range(6):
        if number == 3:
            open(sys.argv[2], "w").close()
        save(engine, *(quote(speaker(f"Voice {number}")) for _ in range(200)), id=f"new {number}")
"""


def test_killed_in_the_middle_of_a_save_half_an_article_is_none(stored: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-c", DYING, str(stored), str(tmp_path / "now")]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    with opened(stored) as engine:
        assert check(engine) == []
        assert count_quotes(engine, Filter()) == 5 + 3 * 200
        assert not [row for row in everything(engine) if row.hops[0].name == "Voice 3"]


# Copies.


WRITING = """
import sys
from tests.store.build import opened, quote, save, speaker
with opened(sys.argv[1]) as engine:
    number = 0
    while True:
        save(engine, *(quote(speaker(f"S{number}{i}")) for i in range(3)), id=f"w{number}")
        number += 1
        print(number, flush=True)
"""


def test_a_copy_made_while_another_process_writes_is_whole(file: Path, tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITING, str(file)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    try:
        counts = []
        for number in range(5):
            writer.stdout.readline()
            with opened(backup(str(file), tmp_path / f"copy{number}.sqlite")) as copied:
                assert check(copied) == []
                counts.append(count_quotes(copied, Filter()))
    finally:
        writer.kill()
        writer.stdout.close()
        writer.wait()
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    assert all(count % 3 == 0 for count in counts)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_copy_is_as_private_as_the_database(mode: int, stored: Path) -> None:
    stored.chmod(mode)
    assert backup(str(stored)).stat().st_mode & 0o777 == mode


def test_nothing_is_left_of_a_copy_that_fails(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copymode", fail)
    with pytest.raises(DatabaseError, match="No space left on device"):
        backup(str(stored))
    assert {path.name.removeprefix("news.sqlite") for path in stored.parent.iterdir()} <= {"", "-wal", "-shm"}
