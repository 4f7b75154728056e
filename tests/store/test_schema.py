"""Opening, migrating and copying databases: the right ones open, and no wrong one is touched."""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from quotetrack.domain import Kind
from quotetrack.errors import DatabaseError, ExitCode
from quotetrack.resources import resource_directory
from quotetrack.sources.catalogue import bundled_catalogue
from quotetrack.store import schema
from quotetrack.store.base import Base
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, decide, redo, set_kind, undo
from quotetrack.store.engine import Engine, make_engine, reading, sqlite_path, writing
from quotetrack.store.queries import Filter, count_quotes, get_quote
from quotetrack.store.schema import alembic_config, backup, migrate, open_database, revision_of, revisions
from quotetrack.store.sources import sync_catalogue
from tests.store.build import channel, dump, everything, hear, new_database, opened, quote, raw, save, speaker

REVISIONS = [r.revision for r in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
HEAD = REVISIONS[-1]


def test_the_revisions_are_known_without_alembic() -> None:
    assert revisions() == REVISIONS


def refused(database: Path | str, *, create: bool = False) -> str:
    with pytest.raises(DatabaseError) as raised:
        open_database(str(database), create=create)
    assert raised.value.exit_code == ExitCode.DATABASE
    assert "\n" not in str(raised.value)
    return str(raised.value)


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


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of our own, with root's right to write anywhere laid down meanwhile."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    euid = os.geteuid()
    yield folder
    os.seteuid(euid)
    folder.chmod(0o755)
    shutil.rmtree(folder)


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


# Migrating.


def test_models_and_migrations_agree(engine: Engine) -> None:
    options = {"include_name": lambda name, kind, _: kind != "table" or "_fts" not in name, "compare_type": True}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def shape(path: Path) -> list[tuple[str, list[str]]]:
    """What there is and how it was made; in which order a rebuilt table states its constraints is left to chance."""
    with raw(path) as connection:
        found = connection.execute("select name, sql from sqlite_master where sql is not null order by name").fetchall()
    return [(name, sorted(line.strip(" \t,)") for line in sql.splitlines())) for name, sql in found]


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_goes_up_down_and_up_again(revision: str, tmp_path: Path) -> None:
    path = tmp_path / "stairs.sqlite"
    engine = make_engine(str(path))
    below = (["base", *REVISIONS])[REVISIONS.index(revision)]
    migrate(engine, revision)
    up = shape(path)
    migrate(engine, below)
    assert revision_of(engine).current == (None if below == "base" else below)
    if below == "base":
        assert [name for name, _ in shape(path)] == ["alembic_version"]
    migrate(engine, revision)
    assert shape(path) == up
    migrate(engine)
    assert revision_of(engine).is_head
    engine.dispose()


def test_going_down_and_up_keeps_what_0001_knows(database: Path) -> None:
    """Rows, the checks of rebuilt tables, and the triggers that keep the words of contents findable."""
    with opened(database) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
        decide(engine, 1, Action.REJECT, reviewer="hana", note="wrong span")
        migrate(engine, "0001")
        with raw(database) as connection:
            assert connection.execute("select confidence, status from attribution").fetchall() == [(0.5, "rejected")]
            assert connection.execute("select action, note from decision").fetchall() == [("reject", "wrong span")]
            with pytest.raises(sqlite3.IntegrityError, match="confidence_is_share"):
                connection.execute("update attribution set confidence = 7")
            connection.execute("update attribution set content_text = 'rockets'")
            found = "select rowid from attribution_fts where attribution_fts match 'rocket'"
            assert connection.execute(found).fetchall() == [(1,)]
        migrate(engine)
        assert get_quote(engine, 1).status == "rejected"
        with executing(engine) as execute:
            execute("update attribution set content_text = 'ships'")
        assert count_quotes(engine, Filter(text="ship")) == 1
        assert count_quotes(engine, Filter(text="rocket")) == 0
        with pytest.raises(DatabaseError, match="confidence_is_share"), executing(engine) as execute:
            execute("update attribution set confidence = 7")


def test_decisions_of_an_older_database_count_and_are_undone(tmp_path: Path) -> None:
    """They have a status and nothing else."""
    path = tmp_path / "old.sqlite"
    engine = make_engine(str(path))
    migrate(engine, "0001")
    with raw(path) as connection:
        connection.executescript(OLD)
    migrate(engine)
    assert check(engine) == []
    assert [row.id for row in everything(engine, Filter(status="accepted"))] == [1]
    set_kind(engine, 1, Kind.DIRECT, reviewer="hana")
    assert check(engine) == []
    for due in ("accepted", "rejected", "pending"):
        assert (done := undo(engine, reviewer="hana")) is not None
        assert (done.status, get_quote(engine, 1).status, get_quote(engine, 1).kind) == (due, due, "indirect")
        assert check(engine) == []
    assert undo(engine, reviewer="hana") is None
    for due in ("rejected", "accepted", "accepted"):
        assert (done := redo(engine, reviewer="hana")) is not None
        assert done.status == due
    assert (get_quote(engine, 1).kind, check(engine)) == ("direct", [])
    engine.dispose()


OLD = """
insert into article (id, key, version, is_current, sha256, name, location, fetched, text)
    values (1, 'id:/1', 1, 1, 'x', 'a', '', '2025-03-01 09:00:00.000000', 'She said that it rains.');
insert into attribution (id, article_id, kind, polarity, confidence, made_by, content_text, status, version)
    values (1, 1, 'indirect', 'asserted', 0.5, 'tagger', 'that it rains', 'accepted', 3);
insert into attribution_span (attribution_id, role, start, "end") values (1, 'content', 9, 22);
insert into decision (attribution_id, article_id, reviewer, at, action, before, after) values
    (1, 1, 'hana', '2025-03-01 10:00:00.000000', 'reject', '{"status": "pending"}', '{"status": "rejected"}'),
    (1, 1, 'hana', '2025-03-01 10:00:01.000000', 'accept', '{"status": "rejected"}', '{"status": "accepted"}');
"""


def test_a_database_at_base_counts_as_empty(database: Path) -> None:
    engine = make_engine(str(database))
    migrate(engine, "base")
    engine.dispose()
    assert "is empty" in refused(database)
    open_database(str(database), create=True).dispose()
    assert check(open_database(str(database))) == []


NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9001", {below!r}, None, None

def upgrade():
    with op.batch_alter_table("source", recreate="always") as table:
        table.add_column(sa.Column("motto", sa.Text(), nullable=True))
    {more}

def downgrade():
    with op.batch_alter_table("source", recreate="always") as table:
        table.drop_column("motto")
"""


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes this version one that has a revision more, which rebuilds a table that others point at."""

    def add(more: str) -> None:
        scripts = tmp_path / "migrations"
        shutil.copytree(resource_directory("migrations"), scripts, ignore=shutil.ignore_patterns("__pycache__"))
        (scripts / "versions" / "9001_next.py").write_text(NEXT.format(below=HEAD, more=more))
        monkeypatch.setattr(schema, "resource_directory", lambda _: scripts)

    return add


def test_an_older_database_is_refused_until_it_is_upgraded(database: Path, tomorrow: Callable[[str], None]) -> None:
    with opened(database) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
    before = dump(database)
    tomorrow("pass")
    for create in (False, True):
        message = refused(database, create=create)
        assert f"at revision {HEAD}" in message
        assert "quotetrack db upgrade" in message
    assert dump(database) == before
    engine = make_engine(str(database))
    migrate(engine)
    assert get_quote(engine, 1).hops[0].name == "Anna Smith"  # Rebuilding `source` took no hop with it.
    assert check(engine) == []
    engine.dispose()
    open_database(str(database)).dispose()


@pytest.mark.parametrize("more", ["op.execute('delete from source')", "op.execute('no sql')", "1 / 0"])
def test_a_migration_that_fails_changes_nothing(more: str, database: Path, tomorrow: Callable[[str], None]) -> None:
    with opened(database) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
    before = dump(database)
    tomorrow(more)
    engine = make_engine(str(database))
    with pytest.raises(ZeroDivisionError if "/" in more else DatabaseError):
        migrate(engine)
    engine.dispose()
    assert dump(database) == before


def test_foreign_keys_hold_in_a_database_that_is_just_opened(engine: Engine) -> None:
    with pytest.raises(DatabaseError, match="FOREIGN KEY"), executing(engine) as execute:
        execute("insert into attribution_span (attribution_id, role, start, \"end\") values (1, 'cue', 0, 1)")


def test_foreign_keys_hold_before_and_after_migrating(database: Path) -> None:
    engine = make_engine(str(database))
    for target in ("head", "base", "head"):
        migrate(engine, target)
        with reading(engine) as session:
            assert session.execute(text("pragma foreign_keys")).scalar() == 1
    with pytest.raises(DatabaseError, match="FOREIGN KEY"), executing(engine) as execute:
        execute("insert into hop (attribution_id, position, role, source_id, source_class, name, made_by) "
                "values (1, 0, 'speaker', 1, 'person', 'A', 'x')")  # fmt: skip
    engine.dispose()


@contextmanager
def executing(engine: Engine) -> Iterator[Callable[[str], object]]:
    with writing(engine) as session:
        yield lambda sql: session.execute(text(sql))


# Several at once.


def in_threads(*jobs: Callable[[], object]) -> None:
    """Run jobs at the same moment, and raise what any of them raised."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        barrier.wait()
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


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


# Copying.


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
