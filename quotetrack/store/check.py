"""Whether what is stored holds together, and how much of it there is."""

from collections.abc import Iterator

from sqlalchemy import Engine, func, select, text

from quotetrack.errors import DatabaseError
from quotetrack.store.engine import check_integrity, reading, shown, sqlite_path
from quotetrack.store.invariants import RULES
from quotetrack.store.models import (
    ArticleVersion,
    AttributionRow,
    Decision,
    HopRow,
    Outlet,
    Run,
    Source,
    SourceAlias,
    Statement,
    StatementPair,
)
from quotetrack.store.search import check_search

SHOWN = 20
"""Faults of one kind listed singly; a damaged database has thousands alike."""
LOOKS = ("file", *RULES, "search")
"""What `findings` looks at, in this order."""


def check(engine: Engine) -> list[str]:
    """Every fault found, one line each; empty when the database is sound. Of many alike the first are listed."""
    return [line for _, faults in findings(engine) for line in listed(faults)]


def listed(faults: list[str]) -> list[str]:
    """The first faults of one kind, and how many more there are."""
    more = len(faults) - SHOWN
    return [*faults[:SHOWN], f"… and {more} more of this kind"] if more > 0 else faults


def findings(engine: Engine) -> Iterator[tuple[str, list[str]]]:
    """For each of LOOKS, when it is done, the faults found. What cannot be read for damage is a fault too."""
    for name in LOOKS:
        try:
            yield name, list(_look(engine, name))
        except DatabaseError as error:
            yield name, [f"what the rule on {name} is about cannot be read: {error}"]


def _look(engine: Engine, name: str) -> Iterator[str]:
    if name == "file":
        yield from check_integrity(engine)
    elif name == "search":
        yield from check_search(engine)
    else:
        with reading(engine) as session:
            yield from RULES[name](session)


def statistics(engine: Engine) -> dict[str, int | str]:
    """Rows of each table, and the size of the database in bytes."""
    tables = {
        "articles": ArticleVersion, "attributions": AttributionRow, "hops": HopRow, "sources": Source,
        "source_names": SourceAlias, "outlets": Outlet, "decisions": Decision, "runs": Run,
        "statements": Statement, "pairs": StatementPair,
    }  # fmt: skip
    with reading(engine) as session:
        found: dict[str, int | str] = {
            name: session.scalar(select(func.count()).select_from(model)) or 0 for name, model in tables.items()
        }
        if engine.dialect.name == "postgresql":
            found["bytes"] = session.scalar(text("select pg_database_size(current_database())")) or 0
    path = sqlite_path(engine.url.render_as_string(hide_password=False))
    if path is not None and path.exists():
        found["bytes"] = path.stat().st_size
    return {"database": shown(engine)} | found
