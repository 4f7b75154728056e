"""The commands on a PostgreSQL server: they say what they say on a file, and where they cannot, what to do instead."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotetrack.errors import ExitCode
from quotetrack.store.engine import make_engine
from quotetrack.store.schema import migrate
from tests.cli.conftest import Run
from tests.postgresql import Server
from tests.store.build import Databases, Told, fill, opened


@pytest.fixture
def url(postgresql: Server, home: Path) -> Iterator[str]:
    """Empty but for the catalogue."""
    with Databases(postgresql).new(home, catalogue=True) as database:
        yield database


@pytest.fixture
def filled(url: str, record: list[Told]) -> str:
    """As the file that is there by default."""
    with opened(url) as engine:
        fill(engine)
    return url


READING = """
quotes --json --limit 1000 --order article
quotes --csv --outlet ранок
quotes --text ships --limit 5
quotes --source KCNA --order uncertain
sources list --json
sources list --all --limit 30
sources list --search ministry --csv
sources show KCNA --json
sources matches --json
report sources --json
report sources
report source KCNA --json
report source KCNA
report agreement --json
db current
db check
"""
WRITING = """
decide accept 3 --reviewer ana
decide undo --reviewer ana
decide set-speaker 3 Kyodo --new --reviewer ana
sources merge Yonhap KCNA --reviewer ana
sources unmerge Yonhap --reviewer ana
sources sync
"""


@pytest.mark.parametrize("words", READING.strip().splitlines())
def test_what_is_read_is_the_same_as_of_a_file(words: str, filled: str, run: Run) -> None:
    of_file, of_server = run(*words.split()), run(*words.split(), "--database", filled)
    assert (of_server.code, of_server.err) == (of_file.code, of_file.err)
    assert undated(of_server.out) == undated(of_file.out)


def undated(printed: str) -> str:
    """Without what is of the moment at which it was stored or printed."""
    return re.sub(r"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*\S*", "", printed)


def test_deciding_and_editing(filled: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTETRACK_DATABASE_URL", filled)
    for words in WRITING.strip().splitlines():
        assert run(*words.split()).code == 0, words
    assert run("db", "check").code == 0
    found = run("db", "stats", "--json").json
    assert found["bytes"] > 1_000_000
    assert filled in found["database"]


def test_a_backup_is_the_servers_matter(filled: str, run: Run, home: Path) -> None:
    result = run("db", "backup", "--database", filled)
    assert (result.code, result.out) == (ExitCode.DATABASE, "")
    assert "`pg_dump --format=custom --file=quotetrack.dump " in result.err
    assert "`quotetrack db copy`" in result.err


def test_an_older_schema_is_brought_up_once_a_backup_is_said_to_be_made(url: str, run: Run) -> None:
    engine = make_engine(url)
    migrate(engine, "0003")
    engine.dispose()
    old = run("quotes", "--database", url)
    assert old.code == ExitCode.DATABASE
    assert "`quotetrack db upgrade`: first make a backup with `pg_dump`" in old.err
    refused = run("db", "upgrade", "--database", url)
    assert refused.code == ExitCode.DATABASE
    assert "pg_dump" in refused.err
    assert "--no-backup" in refused.err
    assert run("db", "current", "--database", url).out.startswith("0003 ")
    assert run("db", "upgrade", "--no-backup", "--database", url).code == 0
    assert run("db", "check", "--database", url).code == 0


def test_copying_to_a_server_and_back(record: list[Told], postgresql: Server, run: Run, home: Path) -> None:
    url = postgresql.empty()
    try:
        there = run("db", "copy", home / "news.sqlite", url)
        assert (there.code, there.out) == (0, "")
        assert re.fullmatch(r"Copied [\d,]+ rows of \d+ tables to postgresql:.* and compared each\.\n", there.err)
        back = run("db", "copy", url, home / "back.sqlite")
        assert back.code == 0
        again = run("db", "copy", url, home / "back.sqlite")
        assert again.code == ExitCode.DATABASE
        assert "is not empty" in again.err
        quotes = [run("quotes", "--json", "--limit", 1000, "--database", of).out for of in
                  (home / "news.sqlite", url, home / "back.sqlite")]  # fmt: skip
        assert quotes[0] == quotes[1] == quotes[2]
    finally:
        postgresql.drop(url)


def test_copying_what_is_not_there(run: Run, home: Path, database: Path, postgresql: Server) -> None:
    result = run("db", "copy", home / "none.sqlite", home / "new.sqlite")
    assert result.code == ExitCode.DATABASE
    assert "There is no database" in result.err
    assert not (home / "new.sqlite").exists()
    missing = postgresql.url.set(database="no_such_database").render_as_string(hide_password=False)
    assert "`createdb`" in run("db", "copy", home / "news.sqlite", missing).err


@pytest.mark.models
def test_articles_are_ingested(url: str, run: Run) -> None:
    seeds = Path(__file__).parents[2] / "seeds" / "articles"
    article = next(iter(sorted(seeds.glob("*.txt"))))
    first, again = (run("ingest", article, "--database", url) for _ in range(2))
    assert (first.code, again.code) == (0, 0)
    assert "1 new" in first.err
    assert "1 unchanged" in again.err
    assert run("quotes", "--json", "--database", url).json
