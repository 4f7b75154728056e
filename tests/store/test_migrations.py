"""Migrating: each revision goes up and down, keeps what is stored, and changes nothing if it fails."""

import shutil
from collections.abc import Callable, Iterator
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
from quotetrack.store.engine import Engine, make_engine, reading, sqlite_path
from quotetrack.store.models import ArticleVersion
from quotetrack.store.queries import Filter, count_quotes, get_quote
from quotetrack.store.schema import alembic_config, migrate, open_database, revision_of, revisions
from tests.store.build import Databases, dump, everything, executing, hear, opened, raw, refused, speaker

REVISIONS = [r.revision for r in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
HEAD = REVISIONS[-1]


@pytest.fixture
def empty(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.empty(tmp_path) as database:
        yield database


def test_the_revisions_are_known_without_alembic() -> None:
    assert revisions() == REVISIONS


def test_models_and_migrations_agree(engine: Engine) -> None:
    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return name is None or not ((kind == "table" and "_fts" in name) or name == "ix_attribution_words")

    options = {"include_name": is_ours, "compare_type": True}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, ArticleVersion.metadata) == []


SHAPE = """
select relname, relkind::text || coalesce(pg_get_indexdef(i.indexrelid), '') from pg_class c
    left join pg_index i on i.indexrelid = c.oid where relnamespace = 'public'::regnamespace
union all select attrelid::regclass || '.' || attname,
    concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attcollation::regcollation,
        pg_get_expr(adbin, adrelid))
    from pg_attribute join pg_class on oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
union all select conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
union all select proname, prosrc || pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
union all select cfgname, (select string_agg(mapdict::regdictionary::text, ' ' order by maptokentype)
    from pg_ts_config_map where mapcfg = c.oid) from pg_ts_config c where cfgnamespace = 'public'::regnamespace
order by 1, 2
"""


def shape(database: str) -> list[tuple[str, list[str]]]:
    """What there is and how it was made; in which order a rebuilt table states its constraints is left to chance."""
    files = "select name, sql from sqlite_master where sql is not null order by name"
    with raw(database) as connection:
        found = connection.execute(files if sqlite_path(database) else SHAPE).fetchall()
    return [(name, sorted(line.strip(" \t,)") for line in sql.splitlines())) for name, sql in found]


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_goes_up_down_and_up_again(revision: str, empty: str) -> None:
    engine = make_engine(empty)
    below = (["base", *REVISIONS])[REVISIONS.index(revision)]
    migrate(engine, revision)
    up = shape(empty)
    migrate(engine, below)
    assert revision_of(engine).current == (None if below == "base" else below)
    if below == "base":
        assert {name.partition(".")[0] for name, _ in shape(empty)} <= {"alembic_version", "alembic_version_pkc"}
    migrate(engine, revision)
    assert shape(empty) == up
    migrate(engine)
    assert revision_of(engine).is_head
    engine.dispose()


OF_0001 = {
    "sqlite": "select rowid from attribution_fts where attribution_fts match 'rocket'",
    "postgresql": "select id from attribution where to_tsvector('english', content_text) @@ to_tsquery('rocket')",
}


def test_going_down_and_up_keeps_what_0001_knows(database: str) -> None:
    """Rows, the checks of rebuilt tables, and the triggers that keep the words of contents findable."""
    with opened(database) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
        decide(engine, 1, Action.REJECT, reviewer="hana", note="wrong span")
        migrate(engine, "0001")
        with raw(database) as connection:
            assert connection.execute("select confidence, status from attribution").fetchall() == [(0.5, "rejected")]
            assert connection.execute("select action, note from decision").fetchall() == [("reject", "wrong span")]
            connection.execute("update attribution set content_text = 'rockets'")
            assert connection.execute(OF_0001[engine.dialect.name]).fetchall() == [(1,)]
        with pytest.raises(DatabaseError, match="confidence_is_share"), executing(engine) as execute:
            execute("update attribution set confidence = 7")
        migrate(engine)
        assert get_quote(engine, 1).status == "rejected"
        with executing(engine) as execute:
            execute("update attribution set content_text = 'ships'")
        assert count_quotes(engine, Filter(text="ship")) == 1
        assert count_quotes(engine, Filter(text="rocket")) == 0
        with pytest.raises(DatabaseError, match="confidence_is_share"), executing(engine) as execute:
            execute("update attribution set confidence = 7")


def test_decisions_of_an_older_database_count_and_are_undone(empty: str) -> None:
    """They have a status and nothing else."""
    engine = make_engine(empty)
    migrate(engine, "0001")
    with raw(empty) as connection:
        for statement in OLD.split(";"):
            connection.execute(statement)
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
    values (1, 'id:/1', 1, true, 'x', 'a', '', '2025-03-01 09:00:00.000000', 'She said that it rains.');
insert into attribution (id, article_id, kind, polarity, confidence, made_by, content_text, status, version)
    values (1, 1, 'indirect', 'asserted', 0.5, 'tagger', 'that it rains', 'accepted', 3);
insert into attribution_span (attribution_id, role, start, "end") values (1, 'content', 9, 22);
insert into decision (attribution_id, article_id, reviewer, at, action, before, after) values
    (1, 1, 'hana', '2025-03-01 10:00:00.000000', 'reject', '{"status": "pending"}', '{"status": "rejected"}'),
    (1, 1, 'hana', '2025-03-01 10:00:01.000000', 'accept', '{"status": "rejected"}', '{"status": "accepted"}')
"""


def test_a_database_at_base_counts_as_empty(database: str) -> None:
    engine = make_engine(database)
    migrate(engine, "base")
    engine.dispose()
    assert "is empty" in refused(database)
    open_database(database, create=True).dispose()
    with opened(database) as engine:
        assert check(engine) == []


NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9001", {below!r}, None, None

def upgrade():
    rebuild = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("source", recreate=rebuild) as table:
        table.add_column(sa.Column("motto", sa.Text(), nullable=True))
    {more}

def downgrade():
    op.drop_column("source", "motto")
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


def test_an_older_database_is_refused_until_it_is_upgraded(database: str, tomorrow: Callable[[str], None]) -> None:
    with opened(database) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
    before = dump(database)
    tomorrow("pass")
    for create in (False, True):
        message = refused(database, create=create)
        assert f"at revision {HEAD}" in message
        assert "quotetrack db upgrade" in message
    assert dump(database) == before
    engine = make_engine(database)
    migrate(engine)
    assert get_quote(engine, 1).hops[0].name == "Anna Smith"  # Rebuilding `source` took no hop with it.
    assert check(engine) == []
    engine.dispose()
    open_database(database).dispose()


@pytest.mark.parametrize("more", ["op.execute('delete from source')", "op.execute('no sql')", "1 / 0"])
def test_a_migration_that_fails_changes_nothing(more: str, database: str, tomorrow: Callable[[str], None]) -> None:
    with opened(database) as engine:
        hear(engine, speaker("Anna Smith"), id="1")
    before = dump(database)
    tomorrow(more)
    engine = make_engine(database)
    with pytest.raises(ZeroDivisionError if "/" in more else DatabaseError):
        migrate(engine)
    engine.dispose()
    assert dump(database) == before


def test_foreign_keys_hold_in_a_database_that_is_just_opened(engine: Engine) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)foreign key"), executing(engine) as execute:
        execute("insert into attribution_span (attribution_id, role, start, \"end\") values (1, 'cue', 0, 1)")


def test_foreign_keys_hold_in_a_file_before_and_after_migrating(file: Path) -> None:
    engine = make_engine(str(file))
    for target in ("head", "base", "head"):
        migrate(engine, target)
        with reading(engine) as session:
            assert session.execute(text("pragma foreign_keys")).scalar() == 1
    with pytest.raises(DatabaseError, match="FOREIGN KEY"), executing(engine) as execute:
        execute("insert into hop (attribution_id, position, role, source_id, source_class, name, made_by) "
                "values (1, 0, 'speaker', 1, 'person', 'A', 'x')")  # fmt: skip
    engine.dispose()
