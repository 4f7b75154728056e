"""Full-text search: the one place, with the migrations, where SQLite and PostgreSQL are asked differently."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, column, func, literal, literal_column, select, table, text

from quotetrack.store.models import AttributionRow


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
    how: ColumnElement[Any] = literal_column("'quotetrack'::regconfig")  # no parameter: an index is of one
    vector = func.to_tsvector(how, func.quotetrack_words(AttributionRow.content_text))
    return and_(*(vector.op("@@")(func.phraseto_tsquery(how, func.quotetrack_words(term))) for term in due))
