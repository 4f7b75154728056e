"""What only a server can be, or can lack: each fault is one sentence with what to do, and no password is shown."""

import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, make_url, select, text

from quotetrack.errors import DatabaseError
from quotetrack.store.decisions import NewSource, new_source
from quotetrack.store.engine import Engine, make_engine, reading, shown, writing
from quotetrack.store.models import ArticleVersion, AttributionRow, Outlet
from quotetrack.store.queries import Filter, count_quotes, get_quote
from quotetrack.store.schema import backup, open_database
from quotetrack.store.search import matches
from quotetrack.store.sources import list_sources
from tests.postgresql import GUEST, Server
from tests.store.build import Databases, hear, refused, save, speaker


@pytest.fixture(scope="module")
def databases(postgresql: Server) -> Databases:
    return Databases(postgresql)


@pytest.fixture(scope="module")
def database(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with databases.new(tmp_path_factory.mktemp("none")) as database:
        yield database


SECRET = "s3cr:e/t@x"
NOWHERE = "postgresql://ana:s3cr%3Ae%2Ft%40x@127.0.0.1:1/news"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_driver_need_not_be_named(scheme: str) -> None:
    assert make_engine(f"{scheme}://ana@host/news").dialect.driver == "psycopg"


def test_a_driver_that_is_not_installed_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "pip install 'quotetrack[postgres]'" in refused(NOWHERE)


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        (NOWHERE, "No server answers there. Start it"),
        ("postgresql:///news?host=/nowhere", "No server answers there. Start it"),
        ("postgresql://ana:s3cret@no-such-host.invalid/news", "There is no such host"),
        ("postgresql://ana:s3cret@host:port/news", "neither a path nor a database URL"),
        ("mysql://ana:s3cret@host/news", "only SQLite and PostgreSQL can"),
        ("nosuch://ana:s3cret@host/news", "only SQLite and PostgreSQL can"),
        ("postgresql+nosuch://ana:s3cret@host/news", "cannot be used as a database"),
    ],
)
def test_a_server_that_cannot_be_reached(url: str, advice: str) -> None:
    message = refused(url, create=True)
    assert advice in message
    assert "s3c" not in message


@pytest.mark.parametrize(
    ("url", "due"),
    [
        ("postgresql://ana:s3cret@host/news", "postgresql://ana:***@host/news"),
        ("postgresql://ana:s3@c:ret@host:5/news?sslmode=require", "postgresql://ana:***@host:5/news?sslmode=require"),
        (
            "postgresql://host/news?user=ana&password=s3cret&port=5",
            "postgresql://host/news?user=ana&password=***&port=5",
        ),
        ("postgresql://ana@host/news", "postgresql://ana@host/news"),
        ("/home/ana:x/b@c.sqlite", "/home/ana:x/b@c.sqlite"),
    ],
)
def test_a_password_is_not_shown(url: str, due: str) -> None:
    assert shown(url) == due


def test_how_a_server_is_backed_up_is_said_without_the_password() -> None:
    with pytest.raises(DatabaseError) as raised:
        backup("postgresql://ana:s3cret@db.example.org/news")
    assert "pg_dump --format=custom --file=quotetrack.dump postgresql://ana@db.example.org/news" in str(raised.value)


def test_a_wrong_password_a_stranger_and_a_database_that_is_not_there(postgresql: Server, database: str) -> None:
    url = make_url(database)
    postgresql.run(f"drop role if exists {GUEST}")
    postgresql.run(f"create role {GUEST} login password 'right'")
    try:
        for password, advice in (("wrong", "The user or the password is wrong"), (None, "asks for a password")):
            if postgresql.is_ours:
                guest = url.set(username=GUEST, password=password).render_as_string(hide_password=False)
                message = refused(guest)
                assert advice in message
                assert "wrong@" not in message
        guest = url.set(username=GUEST, password="right").render_as_string(hide_password=False)
        assert "Its owner may grant you the right" in refused(guest)
    finally:
        postgresql.run(f"drop role {GUEST}")
    assert "Check the user in the URL" in refused(url.set(username="nobody at all").render_as_string())
    assert "Create it with `createdb`" in refused(url.set(database="no such database").render_as_string(), create=True)


def test_a_database_that_does_not_hold_all_text_is_left_as_it_was(postgresql: Server) -> None:
    url = postgresql.make("template template0 encoding 'SQL_ASCII' locale 'C'")
    try:
        for _ in range(2):
            assert "would not hold every article. Make one in UTF-8" in refused(url, create=True)
    finally:
        postgresql.drop(url)


def test_all_text_is_compared_by_code_points(engine: Engine) -> None:
    query = text(
        "select table_name, column_name from information_schema.columns where table_schema = 'public' "
        "and data_type in ('text', 'character varying') and collation_name is distinct from 'C'"
    )
    with reading(engine) as session:
        assert [tuple(row) for row in session.execute(query) if row[0] in ArticleVersion.metadata.tables] == []
    names = ["a", "B", "c", "_", "É", "e", "Z", "y z", "yz", "Ж", "🚢"]
    for name in names:
        new_source(engine, f"{name} source", NewSource(), reviewer="hana")
    assert [row.name for row in list_sources(engine)] == sorted(f"{name} source" for name in names)


def test_words_are_found_by_their_index(engine: Engine) -> None:
    with reading(engine) as session:
        session.execute(text("set local enable_seqscan = off"))
        query = select(AttributionRow.id).where(matches(engine, 'ships "humanitarian aid"'))
        compiled = query.compile(engine, compile_kwargs={"literal_binds": True})
        plan = [row[0] for row in session.connection().exec_driver_sql(f"explain {compiled}")]
    assert "ix_attribution_words" in "".join(plan)


def test_numbers_and_text_that_no_database_holds(engine: Engine) -> None:
    with pytest.raises(DatabaseError, match="so large a number"):
        get_quote(engine, 3_000_000_000)
    with pytest.raises(DatabaseError, match="No database holds such text"):
        save(engine, outlet="a\0b")


def test_who_only_reads_cannot_write(engine: Engine) -> None:
    with pytest.raises(DatabaseError, match="read-only"), reading(engine) as session:
        session.execute(insert(Outlet).values(name="Eastern Desk"))


def test_a_restart_of_the_server_is_outlasted_and_what_it_cuts_off_is_explained(
    postgresql: Server, engine: Engine
) -> None:
    hear(engine, speaker("Anna Smith"), id="1")
    end = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{engine.url.database}'"
    before = count_quotes(engine, Filter())
    postgresql.run(end)
    assert count_quotes(engine, Filter()) == before

    def write() -> None:
        with writing(engine) as session:
            session.execute(insert(Outlet).values(name="Eastern Desk"))
            postgresql.run(end)

    with pytest.raises(DatabaseError, match="Run the same command again"):
        write()
    assert count_quotes(engine, Filter()) == before


def test_tables_of_another_program_are_refused_and_not_touched(postgresql: Server) -> None:
    url = postgresql.empty()
    try:
        engine = make_engine(url)
        with engine.begin() as connection:
            connection.execute(text("create table bookmarks (url text)"))
        engine.dispose()
        for create in (False, True):
            assert "not quotetrack's" in refused(url, create=create)
    finally:
        postgresql.drop(url)


def test_an_empty_database_becomes_one_of_ours_only_if_it_may(postgresql: Server) -> None:
    url = postgresql.empty()
    try:
        assert "is empty" in refused(url)
        open_database(url, create=True).dispose()
        open_database(url).dispose()
    finally:
        postgresql.drop(url)
