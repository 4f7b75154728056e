"""What a PostgreSQL server needs that a SQLite file does not: connecting, one writer at a time, its own errors."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, TableClause, text

from quotetrack.errors import DatabaseError

CONNECT_SECONDS = 10
LOCK_SECONDS = 30
WRITER = 0x71756F7465
"""The number of the lock that a writer holds; locks are of one database each. It spells "quote"."""

ADVICE = {
    "Is the server running": "No server answers there. Start it, or check the host and the port.",
    "password authentication failed": "The user or the password is wrong. Check the URL, or your ~/.pgpass.",
    "no password supplied": "The server asks for a password. Put it into ~/.pgpass, or into the URL.",
    "no pg_hba.conf entry": "The server lets nobody in that way. Its administrator says who may, in pg_hba.conf.",
    "failed to resolve host": "There is no such host. Check the URL.",
    "could not translate host name": "There is no such host. Check the URL.",
    "timeout expired": "No server answers there. Check the host and the port, and whether a firewall lets you through.",
    'role "': "Check the user in the URL.",
    'database "': "Create it with `createdb`, as a database in UTF-8, then run the same command again.",
    "lock timeout": "Another process has been writing to it for too long. Try again when that has ended.",
    "permission denied": "Its owner may grant you the right to it.",
    "read-only transaction": "It may only be read: the server is a copy of another, or was set so.",
    "No space left": "The server's disk is full. Free some space, then run the same command again: nothing stored is "
    "lost.",
    "too many": "Too many are connected to the server. Try again, or have its administrator allow more.",
    "closed the connection": "The server was stopped or restarted. Run the same command again: nothing stored is lost.",
    "connection is lost": "The server was stopped or restarted. Run the same command again: nothing stored is lost.",
    "terminating connection": "The server was stopped. Run the same command again: nothing stored is lost.",
    "out of range": "No database holds so large a number. Check what was given.",
    "NUL": "No database holds such text. Check what was given.",
}
"""What to do, by a part of what the server or its driver says."""


def engine_options(url: URL) -> dict[str, Any]:
    """How to connect. Connections are tried before they are used: a review outlasts a restart of the server."""
    options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "client_encoding": "utf8"}
    return {"pool_pre_ping": True, "connect_args": {k: v for k, v in options.items() if k not in url.query}}


def set_up(connection: Any, _record: Any) -> None:
    """Have statements planned for the values they are given: a plan for any status is a poor one for most."""
    connection.cursor().execute("set plan_cache_mode = force_custom_plan")
    connection.commit()


READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""All queries of a session that reads see one state of the database, as in SQLite."""


def begin_writing(connection: Connection) -> None:
    """Wait until nobody else writes; the lock ends with the transaction.

    What a rule of the store asks of other rows holds until the commit only if nobody changes them meanwhile. So there
    is one writer at a time, as in SQLite: it neither deadlocks nor has to be done again, and is done in milliseconds.
    """
    connection.exec_driver_sql(
        f"select set_config('lock_timeout', '{LOCK_SECONDS}s', true), pg_advisory_xact_lock({WRITER})"
    )


def compare_by_code_points(connection: Connection, tables: Iterable[str]) -> None:
    """Have all text in these tables compared and sorted as SQLite does it, whatever language the database is set to."""
    query = text(
        "select relname, attname, format_type(atttypid, atttypmod) from pg_attribute join pg_class on oid = attrelid "
        "where relnamespace = cast(current_schema() as regnamespace) and relname = any(:tables) "
        "and attnum > 0 and attcollation = cast('\"default\"' as regcollation) order by 1, attnum"
    )
    columns: dict[str, list[str]] = {}
    for table, column, kind in connection.execute(query, {"tables": list(tables)}):
        columns.setdefault(table, []).append(f'alter column "{column}" type {kind} collate "C"')
    for table, changes in columns.items():
        connection.exec_driver_sql(f'alter table "{table}" {", ".join(changes)}')


REFERENCES_AND_INDEXES = """
select format('alter table %I drop constraint %I', relname, conname),
    format('alter table %I add constraint %I %s', relname, conname, pg_get_constraintdef(c.oid))
from pg_constraint c join pg_class on pg_class.oid = conrelid
where contype = 'f' and relname = any(:tables) and relnamespace = cast(current_schema() as regnamespace)
union all
select format('drop index %I', indexname), indexdef
from pg_indexes where tablename = any(:tables) and schemaname = current_schema()
    and not exists (select 1 from pg_constraint where conname = indexname)
"""


@contextmanager
def loading(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Without what many rows are faster stored without: it is made again, and so checked, at the end."""
    made = connection.execute(text(REFERENCES_AND_INDEXES), {"tables": list(tables)}).all()
    for drop, _ in made:
        connection.exec_driver_sql(drop)
    yield
    for _, make in sorted(made, key=lambda one: one[1].startswith("alter")):  # references are checked by indexes
        connection.exec_driver_sql(make)


def load(connection: Connection, table: TableClause, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store rows by way of COPY, several times as fast as INSERT."""
    dialect = connection.dialect
    given = [(column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.columns]
    names = ", ".join(f'"{name}"' for name, _ in given)
    cursor = connection.connection.cursor()
    with cursor.copy(f'copy "{table.name}" ({names}) from stdin') as copying:
        for row in rows:
            copying.write_row([process(row[name]) if process else row[name] for name, process in given])


def check_encoding(connection: Connection) -> None:
    """Raises DatabaseError unless the database holds any text."""
    encoding = connection.scalar(text("show server_encoding"))
    if encoding != "UTF8":
        raise DatabaseError(
            f"The database holds text in {encoding} and would not hold every article. Make one in UTF-8: "
            "`createdb --encoding=UTF8 --template=template0 NAME`."
        )
