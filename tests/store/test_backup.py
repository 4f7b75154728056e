"""Copying a database: whole, private, and never over another file."""

import threading
from pathlib import Path

import pytest

from quotetrack.errors import DatabaseError
from quotetrack.store.check import check
from quotetrack.store.engine import Engine
from quotetrack.store.queries import Filter, count_quotes
from quotetrack.store.schema import backup
from tests.store.build import dump, hear, opened, quote, save, speaker
from tests.store.helpers import in_threads


def test_a_backup_taken_while_another_writes_is_whole(database: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with opened(database) as engine:
            number = 0
            while not stop.is_set() or number < 5:
                save(engine, *(quote(speaker(f"S{number}{i}")) for i in range(3)), id=str(number))
                number += 1

    def copy() -> None:
        try:
            for number in range(6):
                backup(str(database), tmp_path / f"copy{number}.sqlite")
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


def test_a_backup_holds_the_same_and_lies_beside_the_database(engine: Engine, database: Path) -> None:
    hear(engine, speaker("Anna Smith"), id="1")
    made = backup(str(database))
    assert made.parent == database.parent
    assert made.name.startswith("news.backup-")
    assert made.suffix == ".sqlite"
    assert dump(made) == dump(database)


def test_a_backup_never_overwrites_and_says_why_it_cannot_be_made(database: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.sqlite"
    taken.write_text("precious")
    with pytest.raises(DatabaseError, match="exists already"):
        backup(str(database), taken)
    assert taken.read_text() == "precious"
    with pytest.raises(DatabaseError, match="could not be written"):
        backup(str(database), tmp_path / "no" / "such" / "folder.sqlite")
    with pytest.raises(DatabaseError, match="There is no database"):
        backup(str(tmp_path / "none.sqlite"))
    with pytest.raises(DatabaseError, match="pg_dump"):
        backup("postgresql://host/db")
    text_file = tmp_path / "article.txt"
    text_file.write_text("The mayor said so. " * 500)
    with pytest.raises(DatabaseError, match="not a"):
        backup(str(text_file), tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()
