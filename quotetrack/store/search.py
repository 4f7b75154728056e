"""Full-text search: the one place, with the migrations, where SQLite and PostgreSQL are asked differently."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    and_,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from quotetrack.store.engine import WRITE, explained, reading
from quotetrack.store.models import AttributionRow

WORDS = 100
"""How many words are looked for at a time: SQLite joins no more than 500 queries."""
TRIGGERS = ("attribution_fts_insert", "attribution_fts_delete", "attribution_fts_update")


def terms(words: str) -> list[str]:
    """What a user typed, in parts that must all occur; words in double quotes must stand together."""
    parts = re.findall(r'"([^"]+)"|(\S+)', words)
    found = [phrase or word.replace('"', "") for phrase, word in parts]
    return [term for term in found if any(char.isalnum() for char in term)]


def matches(engine: Engine, words: str) -> ColumnElement[bool]:
    """A condition on AttributionRow: its content has all the words. Nothing in them is taken for an operator."""
    due = terms(words)
    if not due:
        return literal(False)
    if engine.dialect.name == "sqlite":
        query = " ".join(f'"{term}"' for term in due)
        found: Select[Any] = select(column("rowid")).select_from(table("attribution_fts")).where(
            text("attribution_fts match :words").bindparams(words=query)
        )  # fmt: skip
        return AttributionRow.id.in_(found)
    return and_(*map(_has, due))


def _has(term: str) -> ColumnElement[bool]:
    """PostgreSQL's form of: the content has these words together."""
    how: ColumnElement[Any] = literal_column("'quotetrack'::regconfig")  # no parameter: an index is of one
    vector = func.to_tsvector(how, func.quotetrack_words(AttributionRow.content_text))
    return vector.op("@@")(func.phraseto_tsquery(how, func.quotetrack_words(term)))


def having(session: Session, words: Iterable[str], low: int, high: int, limit: int) -> dict[str, list[int]]:
    """For each word, attributions that have it in any form, with ids from `low` to `high`: at most `limit`.

    Of more, SQLite gives the newest.
    """
    found: dict[str, list[int]] = {}
    rest = list(words)
    for start in range(0, len(rest), WORDS):
        part = rest[start : start + WORDS]
        if session.get_bind().dialect.name == "sqlite":
            arms = (
                f"select * from (select {number}, rowid from attribution_fts where attribution_fts match ? "
                f"and rowid between {low:d} and {high:d} order by rowid desc limit {limit:d})"
                for number in range(len(part))
            )
            quoted = tuple(f'"{word}"' for word in part)
            rows = session.connection().exec_driver_sql(" union all ".join(arms), quoted).all()
        else:
            between = AttributionRow.id.between(low, high)
            each = [
                select(literal(number), AttributionRow.id).where(_has(word), between).limit(limit)
                for number, word in enumerate(part)
            ]
            rows = session.execute(union_all(*(select(one.subquery()) for one in each))).all()
        for number, id_ in rows:
            found.setdefault(part[number], []).append(id_)
    return found


def check_search(engine: Engine) -> Iterator[str]:
    """What is wrong with SQLite's index of words, which triggers keep in step; a server's cannot be out of step."""
    if engine.dialect.name != "sqlite":
        return
    with reading(engine) as session:
        there = set(session.scalars(text("select name from sqlite_master where type = 'trigger'")))
    for name in TRIGGERS:
        if name not in there:
            yield f"search: the trigger {name} is missing, so that new words will not be found"
    with explained(engine), engine.connect().execution_options(**{WRITE: True}) as connection:
        try:  # a command to the index that writes nothing, and yet is refused where nothing may be written
            connection.exec_driver_sql(
                "insert into attribution_fts (attribution_fts, rank) values ('integrity-check', 1)"
            )
        except OperationalError as error:
            if "readonly" not in str(error):
                raise
        except DatabaseError:
            yield "search: the index of words is out of step with the contents, so that some will not be found"
