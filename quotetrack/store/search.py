"""Full-text search: the one place, with the migrations, where SQLite and PostgreSQL are asked differently."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, column, func, literal, select, table, text

from quotetrack.store.models import AttributionRow


def terms(words: str) -> list[str]:
    """The words and phrases of what a user typed."""
    parts = re.findall(r'"([^"]+)"|(\S+)', words)
    found = [phrase or word.replace('"', "") for phrase, word in parts]
    return [term for term in found if re.search(r"\w", term)]


def fts_query(words: str) -> str:
    """FTS5's form of what a user typed: every word must occur; words in double quotes must stand together.

    Everything is quoted, so that nothing the user types is taken for an operator.
    """
    return " ".join('"' + term + '"' for term in terms(words))


def matches(engine: Engine, words: str) -> ColumnElement[bool]:
    """A condition on AttributionRow: its content has all the words."""
    if engine.dialect.name == "sqlite":
        query = fts_query(words)
        if not query:
            return literal(False)
        found: Select[Any] = select(column("rowid")).select_from(table("attribution_fts")).where(
            text("attribution_fts match :words").bindparams(words=query)
        )  # fmt: skip
        return AttributionRow.id.in_(found)
    vector = func.to_tsvector("english", AttributionRow.content_text)
    return vector.op("@@")(func.websearch_to_tsquery("english", words))
