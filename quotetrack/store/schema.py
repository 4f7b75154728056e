"""The schema's revision: creating, comparing, upgrading and backing up databases."""

import os
import shlex
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, make_url, text

from quotetrack.errors import DatabaseError
from quotetrack.resources import resource_directory
from quotetrack.store.engine import (
    WRITE,
    database_url,
    explained,
    let_readers_in,
    make_engine,
    reading,
    shown,
    sqlite_path,
)
from quotetrack.store.postgresql import check_encoding

if TYPE_CHECKING:
    from alembic.config import Config


VERSIONS = "alembic_version"
"""Alembic's table."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Where a database's schema stands. `current` is None in a database without any table."""

    current: str | None
    head: str
    known: bool
    """Whether this version of quotetrack knows `current`."""

    @property
    def is_head(self) -> bool:
        return self.current == self.head


def revisions() -> list[str]:
    """Every revision that this version knows, the oldest first. Each file of `migrations/versions` begins with its own.

    Alembic is imported only to migrate: it takes longer than all else that opening a database takes.
    """
    return sorted(
        path.name.partition("_")[0] for path in (resource_directory("migrations") / "versions").glob("[0-9]*.py")
    )


def alembic_config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resource_directory("migrations")))
    config.set_main_option("path_separator", "os")
    return config


def revision_of(engine: Engine) -> Revision:
    """The schema's revision. Raises DatabaseError if the database is not quotetrack's."""
    known = revisions()
    with reading(engine) as session:
        tables = set(inspect(session.connection()).get_table_names())
        current = session.scalar(text("select version_num from alembic_version")) if VERSIONS in tables else None
        if current is None and tables - {VERSIONS}:
            raise DatabaseError(
                f"{shown(engine)} holds tables that are not quotetrack's. Give another path with --database."
            )
    return Revision(current, known[-1], current is None or current in known)


def open_database(database: str, *, create: bool = False) -> Engine:
    """An engine on a database whose schema is at head.

    A new database is made at head if `create`. Raises DatabaseError if there is none, or if its schema is
    older or newer: an existing database is never migrated silently.
    """
    path = sqlite_path(database)
    if path is not None and not path.exists():
        if not create:
            raise DatabaseError(f"There is no database at {path}. `quotetrack ingest` makes one, or give --database.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    engine = make_engine(database)
    try:
        _bring_to_head(engine, create=create)
    except BaseException:
        engine.dispose()
        raise
    let_readers_in(engine)
    return engine


def _bring_to_head(engine: Engine, *, create: bool) -> None:
    revision = revision_of(engine)
    if revision.current is None:
        if not create:
            raise DatabaseError(f"The database {shown(engine)} is empty. `quotetrack ingest` sets it up.")
        migrate(engine)
    elif not revision.known:
        raise DatabaseError(
            f"The database is at revision {revision.current}, which this version of quotetrack does not know: "
            "a newer version made it. Upgrade quotetrack."
        )
    elif not revision.is_head:
        first = "it makes a backup first" if engine.dialect.name == "sqlite" else "first make a backup with `pg_dump`"
        raise DatabaseError(
            f"The database is at revision {revision.current}, and this version of quotetrack needs {revision.head}. "
            f"Run `quotetrack db upgrade`: {first}."
        )


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring the schema to a revision, up or down, in one transaction.

    SQLite's foreign keys are off meanwhile, because rebuilding a table empties those that cascade from it, and
    are checked before the commit. Raises DatabaseError if they do not hold then.
    """
    from alembic import command
    from alembic.migration import MigrationContext

    config = alembic_config()
    with explained(engine), engine.connect().execution_options(**{WRITE: True}) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # the pragma does nothing inside a transaction, so it goes past SQLAlchemy, which begins one
            _driver(connection.connection.dbapi_connection).execute("pragma foreign_keys = off")
        try:
            with connection.begin():
                if not sqlite:
                    check_encoding(connection)
                config.attributes["connection"] = connection
                current = MigrationContext.configure(connection).get_current_revision()
                down = target == "base" or (current is not None and _is_below(config, target, current))
                (command.downgrade if down else command.upgrade)(config, target)
                if sqlite and connection.execute(text("pragma foreign_key_check")).first():
                    raise DatabaseError("The migration would break references between tables; nothing was changed.")
        finally:
            if sqlite:
                _driver(connection.connection.dbapi_connection).execute("pragma foreign_keys = on")


def _driver(connection: object) -> sqlite3.Connection:
    assert isinstance(connection, sqlite3.Connection)
    return connection


def _is_below(config: "Config", target: str, current: str) -> bool:
    if target == "head" or target == current:
        return False
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(config)
    return any(r.revision == target for r in script.iterate_revisions(current, "base"))


def dump_command(database: str) -> str:
    """How a database on a server is backed up; `pg_dump` asks for the password, or finds it in ~/.pgpass."""
    url = make_url(database_url(database)).set(drivername="postgresql").difference_update_query(["password"])
    name = url._replace(password=None).render_as_string()
    return shlex.join(["pg_dump", "--format=custom", "--file=quotetrack.dump", name])


def backup(database: str, target: Path | None = None) -> Path:
    """Copy a SQLite database, consistent even while others write to it. Returns where it is.

    Whoever may read or write the database may read or write the copy, and nobody else. Raises DatabaseError if the
    database is not a SQLite file, or if the target exists or cannot be written.
    """
    path = sqlite_path(database)
    if path is None:
        raise DatabaseError(
            f"A database on a server is backed up with `{dump_command(database)}`, or copied into a file with "
            "`quotetrack db copy`."
        )
    if not path.exists():
        raise DatabaseError(f"There is no database at {path}.")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = target or path.with_name(f"{path.stem}.backup-{stamp}{path.suffix}")
    if target.exists():
        raise DatabaseError(f"{target} exists already; give another name.")
    partial = target.with_name(f".{target.name}.part")
    try:
        partial.unlink(missing_ok=True)
        # empty, as SQLite wants it, and private from the first byte on
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with reading(make_engine(database)) as session:
            raw = _driver(session.connection().connection.dbapi_connection)
            raw.execute("commit")
            raw.execute("vacuum into ?", (str(partial),))
            raw.execute("begin")
        shutil.copymode(path, partial)
        os.replace(partial, target)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise DatabaseError(f"The backup could not be written to {target}: {error}.") from error
    return target
