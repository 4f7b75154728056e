"""Opening databases, alone and with others: the right ones open, and no wrong one is touched."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quotetrack.errors import DatabaseError
from quotetrack.sources.catalogue import bundled_catalogue
from quotetrack.store.check import check
from quotetrack.store.engine import Engine, sqlite_path
from quotetrack.store.queries import Filter, count_quotes, get_quote
from quotetrack.store.schema import open_database, revision_of, revisions
from quotetrack.store.sources import sync_catalogue
from tests.store.build import channel, dump, everything, hear, new_database, opened, quote, raw, save, speaker
from tests.store.helpers import executing, in_threads, refused

HEAD = revisions()[-1]


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


def test_a_damaged_database_advises_to_restore_a_backup(engine: Engine, database: Path) -> None:
    hear(engine, speaker("A"), id="1")
    engine.dispose()
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 12)
    with pytest.raises(DatabaseError, match=r"Restore a backup"):
        check(open_database(str(database)))


def test_an_unknown_revision_was_made_by_a_newer_version(database: Path) -> None:
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


# Several at once.


def test_two_writers_at_once_both_succeed(database: Path) -> None:
    def write(letter: str) -> None:
        with opened(database) as engine:
            for number in range(25):
                save(engine, quote(channel("KCNA"), speaker(f"{letter}{number}")), id=f"{letter}{number}")

    in_threads(lambda: write("a"), lambda: write("b"))
    with opened(database) as engine:
        assert count_quotes(engine, Filter()) == 50
        assert count_quotes(engine, Filter(source="KCNA")) == 50
        assert check(engine) == []


def test_two_may_make_the_same_database_at_once(tmp_path: Path) -> None:
    def make() -> None:
        engine = open_database(str(tmp_path / "news.sqlite"), create=True)
        sync_catalogue(engine, bundled_catalogue())
        engine.dispose()

    in_threads(make, make)
    with opened(tmp_path / "news.sqlite") as engine:
        assert check(engine) == []


def test_one_reads_while_another_writes(engine: Engine, database: Path) -> None:
    hear(engine, speaker("A"), id="1")
    with opened(database) as other, executing(other) as execute:
        execute("update attribution set status = 'accepted'")
        assert get_quote(engine, 1).status == "pending"
    assert get_quote(engine, 1).status == "accepted"


def test_a_lock_that_does_not_end_is_explained(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotetrack.store.engine.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(database)) as other, opened(database) as engine:
        other.execute("begin immediate")
        with pytest.raises(DatabaseError, match="Another process"):
            save(engine, id="1")
