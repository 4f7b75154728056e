"""A fresh database for each test, and one filled once for those that only look: SQLite's and PostgreSQL's in turn."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotetrack.store.engine import Engine
from tests.store.build import Databases, Told, fill, new_database, opened


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    return Databases(request.getfixturevalue("postgresql") if request.param == "postgresql" else None)


@pytest.fixture
def database(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.new(tmp_path) as database:
        yield database


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    with opened(database) as engine:
        yield engine


@pytest.fixture(scope="session")
def record(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, list[Told]]]:
    with databases.new(tmp_path_factory.mktemp("record")) as database, opened(database) as engine:
        yield engine, fill(engine)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file, for what only files can go through."""
    return new_database(tmp_path / "news.sqlite")


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of our own, with root's right to write anywhere laid down meanwhile."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    euid = os.geteuid()
    yield folder
    os.seteuid(euid)
    folder.chmod(0o755)
    shutil.rmtree(folder)
