"""Opening the database: engines, transactions, and whether the schema is the one this version needs."""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from quotetrack.errors import DatabaseError
from quotetrack.store import postgresql

__all__ = ["Engine", "batched", "explain", "explained", "make_engine", "reading", "shown", "sqlite_path", "writing"]

BUSY_SECONDS = 30
VARIABLES = 500
"""How many values one statement is given: SQLite limits them."""
WRITE = "quotetrack_write"
Value = TypeVar("Value")


def database_url(database: str) -> str:
    """A SQLAlchemy URL from a URL or the path of a SQLite file."""
    if "://" not in database:
        return f"sqlite:///{Path(database).expanduser().absolute()}"
    return re.sub("^postgres:", "postgresql:", database)  # libpq takes both


def shown(database: str | Engine) -> str:
    """A database for a message or a screen: without its password."""
    name = database if isinstance(database, str) else database.url.render_as_string()
    name = re.sub(r"(://[^/@:]*):[^/]*@", r"\1:***@", name)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", name)


def _url(database: str) -> URL:
    try:
        return make_url(database_url(database))
    except (ArgumentError, ValueError) as error:  # a ValueError for a port that is no number
        raise DatabaseError(f"{shown(database)!r} is neither a path nor a database URL.") from error


def sqlite_path(database: str) -> Path | None:
    """The file of a SQLite database; None for a server or for one in memory."""
    url = _url(database)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def make_engine(database: str) -> Engine:
    """An engine on the database; nothing is opened yet. Raises DatabaseError if the URL or its driver is unusable."""
    url = _url(database)
    kind = url.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise DatabaseError(f"{shown(database)!r} cannot be used as a database: only SQLite and PostgreSQL can.")
    try:
        engine = create_engine(url, **(postgresql.engine_options(url) if kind == "postgresql" else {}))
    except ImportError as error:
        raise DatabaseError(
            f"PostgreSQL needs an extra that is not installed ({error}): pip install 'quotetrack[postgres]'."
        ) from error
    except ArgumentError as error:
        raise DatabaseError(f"{shown(database)!r} cannot be used as a database: {error}.") from error
    if kind == "sqlite":
        event.listen(engine, "do_connect", _where_nothing_may_be_written)
        event.listen(engine, "connect", _set_up_sqlite)
    else:
        event.listen(engine, "connect", postgresql.set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _where_nothing_may_be_written(_dialect: Any, _record: Any, where: list[str], options: dict[str, Any]) -> None:
    """Open a file in a folder that may not be written as one that nobody changes.

    SQLite cannot read it otherwise: beside a file in WAL mode it makes others, unless they are there.
    """
    path, effective = Path(where[0]), os.access in os.supports_effective_ids
    may_write = os.access(path.parent, os.W_OK, effective_ids=effective)
    if path.is_file() and not may_write and not Path(f"{path}-wal").exists():
        where[0], options["uri"] = f"{path.absolute().as_uri()}?immutable=1", True


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
    cursor = connection.cursor()
    waiting = f"busy_timeout = {BUSY_SECONDS * 1000}"
    for pragma in (waiting, "foreign_keys = on", "synchronous = normal", "temp_store = memory"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def let_readers_in(engine: Engine) -> None:
    """Have SQLite's readers and writer not wait for each other. The file remembers, so it must be known as ours."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection, suppress(sqlite3.DatabaseError):
            connection.cursor().execute("pragma journal_mode = wal")  # fails if read-only: reading still works


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE, False)
    if connection.dialect.name == "sqlite":
        # a transaction that will write takes the lock at once: upgrading later fails whatever the timeout
        connection.exec_driver_sql("begin immediate" if writes else "begin")
    elif writes:
        postgresql.begin_writing(connection)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads, all of it from one state. Raises DatabaseError in place of the driver's errors."""
    ready = engine if engine.dialect.name == "sqlite" else engine.execution_options(**postgresql.READING)
    with explained(engine), Session(ready) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction: committed at the end, rolled back on any exception."""
    ready = engine.execution_options(**{WRITE: True})
    with explained(engine), Session(ready, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Raises DatabaseError in place of what the driver and SQLAlchemy raise."""
    try:
        yield
    except DBAPIError as error:
        raise DatabaseError(explain(error, engine)) from error
    except (OverflowError, UnicodeEncodeError) as error:  # what the driver cannot hand over
        raise DatabaseError(f"No database can look for that or hold it: {error}. Check what was given.") from error
    except (ValueError, KeyError) as error:  # what no session raises unless a row holds what was never stored
        raise DatabaseError(
            f"The database {shown(engine)} holds what cannot be read ({type(error).__name__}: {error}). It is damaged: "
            "`quotetrack db check` says where; restore a backup (`quotetrack db backup` makes them)."
        ) from error


def batched(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Values in lists short enough for one statement."""
    rest = list(values)
    for start in range(0, len(rest), VARIABLES):
        yield rest[start : start + VARIABLES]


def explain(error: DBAPIError, engine: Engine) -> str:
    """One sentence for what went wrong in the database, and one for what to do."""
    said = " ".join(str(error.orig).split())
    where = shown(engine)
    advice = {
        "database is locked": "Another process has been writing to it for too long. Try again when that has ended.",
        "readonly": "It may only be read. Check the permissions of the file and of its folder.",
        "disk is full": "The disk is full. Free some space, then run the same command again: nothing stored is lost.",
        "malformed": "The file is damaged. Restore a backup (`quotetrack db backup` makes them).",
        "not decode": "The file is damaged. Restore a backup (`quotetrack db backup` makes them).",
        "disk I/O": "The disk is full, has failed or is gone. See to it, then run the same command again: what is "
        "stored is whole.",
        "no such": "Something is missing in it. Restore a backup (`quotetrack db backup` makes them).",
        "not a database": "That file is not a SQLite database, or its beginning is damaged. Give another path with "
        "--database, or restore a backup.",
        "unable to open": "The folder may not exist, or may not be entered. Give another path with --database.",
    }
    for part, what in (advice if engine.dialect.name == "sqlite" else postgresql.ADVICE).items():
        if part in said:
            return f"The database {where} cannot be used ({said}). {what}"
    return f"The database {where} reports: {said}."


def check_integrity(engine: Engine) -> list[str]:
    """What SQLite's own checks find wrong with the file; empty if nothing, or on another database."""
    if engine.dialect.name != "sqlite":
        return []
    with reading(engine) as session:
        faults = [row[0] for row in session.execute(text("pragma integrity_check"))]
        loose = session.execute(text("pragma foreign_key_check")).all()
    found = [f"integrity: {fault}" for fault in faults if fault != "ok"]
    return found + [f"foreign key: {row[0]} row {row[1]} points at no {row[2]}" for row in loose]
