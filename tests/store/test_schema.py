"""Opening and copying databases: the right ones open, and no wrong one is touched."""

import os
import threading
from pathlib import Path

import pytest

from quotetrack.errors import DatabaseError
from quotetrack.store.check import check
from quotetrack.store.engine import sqlite_path
from quotetrack.store.queries import Filter, count_quotes
from quotetrack.store.schema import backup, open_database, revision_of, revisions
from tests.store.build import (
    dump,
    everything,
    hear,
    in_threads,
    new_database,
    opened,
    quote,
    raw,
    refused,
    save,
    speaker,
)

HEAD = revisions()[-1]


# Opening.


def test_a_new_database_is_made_at_head_folders_and_all(tmp_path: Path) -> None:
    path = tmp_path / "far" / "away" / "news.sqlite"
    engine = open_database(str(path), create=True)
    revision = revision_of(engine)
    assert (revision.current, revision.head, revision.known, revision.is_head) == (HEAD, HEAD, True, True)
    engine.dispose()
    open_database(str(path)).dispose()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "There is no database at" in refused(tmp_path / "none.sqlite")
    assert "quotetrack ingest" in refused(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_becomes_a_database_only_if_one_may_be_made(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    assert "is empty" in refused(path)
    assert path.stat().st_size == 0
    open_database(str(path), create=True).dispose()
    assert check(open_database(str(path))) == []


def test_a_database_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with raw(path) as connection:
        connection.execute("create table bookmarks (url text)")
    before = path.read_bytes()
    for create in (False, True):
        assert "not quotetrack's" in refused(path, create=create)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("The mayor said that the bridge would open in May. " * 100)
    before = path.read_bytes()
    for create in (False, True):
        message = refused(path, create=create)
        assert "not a SQLite database" in message
        assert "--database" in message
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["nosuch://host/db", "://", "postgresql+nosuch://host/db"])
def test_a_url_that_leads_nowhere(name: str) -> None:
    assert repr(name) in refused(name)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "Give another path" in refused(tmp_path)


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    refused(tmp_path / "file" / "news.sqlite", create=True)


def test_a_damaged_database_advises_to_restore_a_backup(file: Path) -> None:
    with opened(file) as engine:
        hear(engine, speaker("A"), id="1")
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * 4096 * 12)
    with pytest.raises(DatabaseError, match=r"Restore a backup"):
        check(open_database(str(file)))


def test_an_unknown_revision_was_made_by_a_newer_version(database: str) -> None:
    with raw(database) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    before = dump(database)
    for create in (False, True):
        assert "Upgrade quotetrack" in refused(database, create=create)
    assert dump(database) == before


def test_a_read_only_file_can_be_read_and_says_why_it_cannot_be_written(unprivileged: Path) -> None:
    path = new_database(unprivileged / "news.sqlite")
    with opened(path) as engine:
        hear(engine, speaker("A"), id="1")
    with raw(path) as connection:
        connection.execute("pragma journal_mode = delete")
    path.chmod(0o444)
    unprivileged.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(65534)
    with opened(path) as engine:
        assert len(everything(engine)) == 1
        with pytest.raises(DatabaseError, match=r"may only be read\. Check the permissions"):
            save(engine, quote(speaker("A")), id="2")


def test_a_folder_that_may_not_be_written(unprivileged: Path) -> None:
    unprivileged.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(65534)
    refused(unprivileged / "news.sqlite", create=True)
    assert "cannot be made" in refused(unprivileged / "below" / "news.sqlite", create=True)


def test_names_of_databases() -> None:
    assert sqlite_path("news.sqlite") == Path.cwd() / "news.sqlite"
    assert sqlite_path("~/news.sqlite") == Path.home() / "news.sqlite"
    assert sqlite_path("sqlite:////a/b.sqlite") == Path("/a/b.sqlite")
    assert sqlite_path("sqlite://") is None
    assert sqlite_path("postgresql://host/db") is None


# Copying.


def test_a_backup_taken_while_another_writes_is_whole(file: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with opened(file) as engine:
            number = 0
            while not stop.is_set() or number < 5:
                save(engine, *(quote(speaker(f"S{number}{i}")) for i in range(3)), id=str(number))
                number += 1

    def copy() -> None:
        try:
            for number in range(6):
                backup(str(file), tmp_path / f"copy{number}.sqlite")
        finally:
            stop.set()

    in_threads(write, copy)
    counts = []
    for number in range(6):
        with opened(tmp_path / f"copy{number}.sqlite") as copied:
            assert check(copied) == []
            counts.append(count_quotes(copied, Filter()))
    assert counts == sorted(counts)
    assert all(count % 3 == 0 for count in counts)
    assert not list(tmp_path.glob(".*"))


def test_a_backup_holds_the_same_and_lies_beside_the_database(file: Path) -> None:
    with opened(file) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
    made = backup(str(file))
    assert made.parent == file.parent
    assert made.name.startswith("news.backup-")
    assert made.suffix == ".sqlite"
    assert dump(made) == dump(file)


def test_a_backup_never_overwrites_and_says_why_it_cannot_be_made(file: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.sqlite"
    taken.write_text("precious")
    with pytest.raises(DatabaseError, match="exists already"):
        backup(str(file), taken)
    assert taken.read_text() == "precious"
    with pytest.raises(DatabaseError, match="could not be written"):
        backup(str(file), tmp_path / "no" / "such" / "folder.sqlite")
    with pytest.raises(DatabaseError, match="There is no database"):
        backup(str(tmp_path / "none.sqlite"))
    with pytest.raises(DatabaseError, match="pg_dump"):
        backup("postgresql://host/db")
    text_file = tmp_path / "article.txt"
    text_file.write_text("The mayor said so. " * 500)
    with pytest.raises(DatabaseError, match="not a"):
        backup(str(text_file), tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()
