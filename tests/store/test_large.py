"""A large store: each page reads an index from where it is, and nothing from one end to the other."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from quotetrack.store.copy import copy_database
from quotetrack.store.engine import Engine, reading
from quotetrack.store.history import history
from quotetrack.store.queries import ORDERS, Filter, get_quote, list_quotes
from quotetrack.store.source_views import next_undone
from quotetrack.store.sources import list_sources
from tests.postgresql import Server
from tests.store.build import Databases, opened
from tests.store.large import large_database

pytestmark = pytest.mark.slow
ATTRIBUTIONS, SOURCES = 40_000, 300
BIG = ("attribution", "attribution_span", "hop")
"""What has a row or more for each attribution."""
OFTEN, RARE = "Speaker Number 2", "Speaker Number 288"
FILTERS = {
    "all": Filter(),
    "pending": Filter(status="pending"),
    "since": Filter(since=datetime(2025, 6, 1, tzinfo=UTC)),
    "until": Filter(until=datetime(2025, 2, 1, tzinfo=UTC), status="pending"),
    "heard often": Filter(source=OFTEN, status="pending"),
    "heard rarely": Filter(speaker=RARE),
    "a word that is in each": Filter(text="harbour"),
    "a word that is in one": Filter(text="number 777"),
    "of an outlet": Filter(outlet="OUTLET 7"),
    "of a confidence": Filter(status="pending", confidence_from=0.2, confidence_to=0.9),
    "free": Filter(status="pending", free_for="eve"),
    "second": Filter(second_for="ana", share=20),
}
FEW = ("heard rarely", "a word that is in one", "second")
"""Filters of which an index of their own has all: they may be sorted."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = large_database(tmp_path_factory.mktemp("large") / "large.sqlite", ATTRIBUTIONS, sources=SOURCES)
    with ExitStack() as stack:
        engine = stack.enter_context(opened(path))
        if request.param == "postgresql":
            server: Server = request.getfixturevalue("postgresql")
            url = stack.enter_context(Databases(server).new(path.parent))
            served = stack.enter_context(opened(url))
            copy_database(engine, served)
            with served.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.exec_driver_sql("vacuum analyze")
            engine = served
        yield engine


@contextmanager
def asking(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The queries that are asked meanwhile, with what they are given."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().lower().startswith(("select", "with")):
            asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plans(engine: Engine, act: Callable[[], object]) -> list[tuple[str, str]]:
    """Each query that an act asks, and how it is answered."""
    with asking(engine) as asked:
        act()
    explain = "explain query plan " if engine.dialect.name == "sqlite" else "explain "
    with reading(engine) as session:
        connection = session.connection()
        return [
            (query, "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + query, given)))
            for query, given in asked
        ]


def reads_all(plan: str) -> list[str]:
    """The big tables that are read from one end to the other."""
    found = re.findall(r"\bSCAN (\w+)$|Seq Scan on (\w+)", plan, re.MULTILINE)
    return [name for pair in found for name in pair if re.sub(r"_\d+$", "", name) in BIG]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", FILTERS)
def test_no_page_of_the_queue_reads_all_there_is(name: str, order: str, engine: Engine) -> None:
    wanted = FILTERS[name]
    for after in (None, get_quote(engine, ATTRIBUTIONS // 2)):
        asked = plans(engine, lambda: list_quotes(engine, wanted, order=order, limit=50, after=after))  # noqa: B023
        assert any("ORDER BY" in query and "LIMIT" in query for query, _ in asked)
        for query, plan in asked:
            assert reads_all(plan) == [], plan
            if name not in FEW and "LIMIT" in query:
                assert not re.search(r"TEMP B-TREE FOR ORDER BY$", plan, re.MULTILINE), plan


def test_no_page_of_another_list_does(engine: Engine) -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: history(engine),
        lambda: history(engine, attribution_id=7),
        lambda: history(engine, reviewer="ana", after=5_000),
        lambda: next_undone(engine, "ana"),
        lambda: get_quote(engine, 777),
    )
    for act in acts:
        for _, plan in plans(engine, act):
            assert reads_all(plan) == [], plan


def test_sources_are_counted_together_and_not_one_by_one(engine: Engine) -> None:
    counting = [plan for _, plan in plans(engine, lambda: list_sources(engine, seen=True)) if "hop" in plan]
    assert len(counting) == 2
    for plan in counting:
        assert not re.search(r"CORRELATED|SubPlan", plan), plan
