"""The filled databases that the store's tests have, and one that has what reviewers add."""

from collections.abc import Iterator

import pytest

from tests.reports.made import Made, make
from tests.store.build import Databases, opened
from tests.store.conftest import database, databases, engine, record

__all__ = ["database", "databases", "engine", "record"]


@pytest.fixture(scope="session")
def made(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with databases.new(tmp_path_factory.mktemp("made")) as database, opened(database) as engine:
        yield make(engine)
