"""A fresh database for each test, and one filled once for those that only look."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotetrack.store.engine import Engine
from tests.store.build import Told, fill, new_database, opened


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return new_database(tmp_path / "news.sqlite")


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    with opened(database) as engine:
        yield engine


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, list[Told]]]:
    with opened(new_database(tmp_path_factory.mktemp("record") / "record.sqlite")) as engine:
        yield engine, fill(engine)


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
