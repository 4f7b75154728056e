"""Migrating: up and down without loss, or not at all."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from quotetrack.domain import Kind
from quotetrack.errors import DatabaseError
from quotetrack.resources import resource_directory
from quotetrack.store import schema
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, decide, redo, set_kind, undo
from quotetrack.store.engine import Engine, make_engine, reading
from quotetrack.store.models import Base
from quotetrack.store.queries import Filter, count_quotes, get_quote
from quotetrack.store.schema import alembic_config, migrate, open_database, revision_of, revisions
from tests.store.build import dump, everything, hear, opened, raw, speaker
from tests.store.helpers import executing, refused

REVISIONS = [r.revision for r in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
HEAD = REVISIONS[-1]


def test_the_revisions_are_known_without_alembic() -> None:
    assert revisions() == REVISIONS


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
