"""Copying a whole database into another, such as a SQLite file to the server that a team is to work on."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Row,
    Table,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy import table as sql_table
from sqlalchemy.orm import Session

from quotetrack.errors import DatabaseError
from quotetrack.store.engine import reading, shown, writing
from quotetrack.store.models import ArticleVersion
from quotetrack.store.postgresql import load, loading

BATCH = 2_000
"""Rows that are held in memory: texts of articles are long."""
TABLES = tuple(ArticleVersion.metadata.sorted_tables)
"""Those that others point at come first."""


def count_rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with reading(engine) as session:
        return {table.name: _count(session, table) for table in TABLES}


def copy_database(source: Engine, target: Engine, advance: Callable[[int], None] = lambda rows: None) -> dict[str, int]:
    """Copy every row of `source`, with its id, and compare each with the one it was made from; all of it or nothing.

    Both are at head. What is copied is the state of one moment, even while others write to `source`. `advance` is told
    of each batch that was copied, and again when it was compared. Returns the number of rows by table. Raises
    DatabaseError if `target` holds anything, or cannot hold something.
    """
    with reading(source) as origin, writing(target) as session:
        taken = [table.name for table in TABLES if session.scalar(select(exists().select_from(table)))]
        if taken:
            raise DatabaseError(
                f"{shown(target)} is not empty: it has rows in {', '.join(taken)}. Copy into a new database."
            )
        served = target.dialect.name == "postgresql"
        connection = session.connection()
        with loading(connection, [table.name for table in TABLES]) if served else nullcontext():
            counts = {table.name: _copy(origin, connection, table, advance) for table in TABLES}
        for table in TABLES:
            _compare(origin, session, table, advance)
            if served:
                _count_on(connection, table)
        connection.execute(text("analyze"))  # plans depend on what a database knows of its tables
        return counts


def _count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _rows(session: Session, table: Table) -> Iterator[list[Row[Any]]]:
    """All rows in the order of their keys, in batches. JSON is text here: a copy is the same to the letter."""
    columns = [cast(c, Text).label(c.name) if isinstance(c.type, JSON) else c for c in table.columns]
    query = select(*columns).order_by(*table.primary_key)
    yield from map(list, session.execute(query, execution_options={"yield_per": BATCH}).partitions())


def _plain(table: Table) -> TableClause:
    """The table as it is written to, with JSON as text."""
    return sql_table(
        table.name, *(column(c.name, Text() if isinstance(c.type, JSON) else c.type) for c in table.columns)
    )


def _copy(origin: Session, connection: Connection, table: Table, advance: Callable[[int], None]) -> int:
    """Copy one table. What points at a row of the same table is filled in once all of them are there."""
    own = [c for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    links: list[dict[str, Any]] = []
    done = 0
    for batch in _rows(origin, table):
        rows = [dict(row._mapping) for row in batch]
        for row in rows:
            if any(row[c.name] is not None for c in own):
                links.append({f"new_{name}": row[name] for name in ("id", *(c.name for c in own))})
                row |= {c.name: None for c in own}
        if connection.dialect.name == "postgresql":
            _check_text(table, rows)
            load(connection, _plain(table), rows)
        else:
            connection.execute(insert(_plain(table)), rows)
        advance(len(rows))
        done += len(rows)
    if links:
        connection.execute(
            update(table)
            .where(table.c.id == bindparam("new_id"))
            .values({c.name: bindparam(f"new_{c.name}") for c in own}),
            links,
        )
    return done


def _check_text(table: Table, rows: list[dict[str, Any]]) -> None:
    """Raises DatabaseError for what only SQLite stores."""
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and "\0" in value:
                key = next(iter(table.primary_key)).name
                raise DatabaseError(
                    f"The {name} of {table.name} {row[key]} holds a NUL character, which PostgreSQL does not store. "
                    "Remove it, then copy again."
                )


def _compare(origin: Session, session: Session, table: Table, advance: Callable[[int], None]) -> None:
    nothing: list[Row[Any]] = []
    for batch, copied in zip_longest(_rows(origin, table), _rows(session, table), fillvalue=nothing):
        for was, became in zip_longest(batch, copied):
            if was is None or became is None or tuple(was) != tuple(became):
                key = (was or became)[0]
                raise DatabaseError(
                    f"The copy of {table.name} {key} is not what it was copied from; nothing was stored. "
                    "This is a fault of quotetrack, or of a database: please report it."
                )
        advance(len(batch))


def _count_on(connection: Connection, table: Table) -> None:
    """Have new rows numbered after those that were copied."""
    key: Column[Any] = next(iter(table.primary_key))
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    connection.execute(select(func.setval(sequence, func.max(key))).having(func.count() > 0))
