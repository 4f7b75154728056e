"""Databases for the review app."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quotetrack.domain import Article, Attribution, Span
from quotetrack.store.engine import Engine
from quotetrack.store.save import save_article
from quotetrack.store.schema import open_database
from tests.review.driving import article
from tests.store.build import new_database, opened


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "empty.db"
    open_database(str(path), create=True).dispose()
    return path


@pytest.fixture(scope="module")
def long_database(empty_database: Path) -> Path:
    """450 quotes of one article."""
    path = shutil.copy(empty_database, empty_database.with_name("long.db"))
    engine = open_database(str(path))
    text = "“Yes,” she said. " * 450
    quotes = [
        Attribution((Span(i * 17, i * 17 + 6),), (Span(i * 17 + 11, i * 17 + 15),), confidence=i / 1000)
        for i in range(450)
    ]
    save_article(engine, Article(text, "long"), quotes, None)
    engine.dispose()
    return Path(path)


@pytest.fixture
def engine(empty_database: Path, tmp_path: Path) -> Iterator[Any]:
    """Five quotes, from the least certain to the most."""
    engine = open_database(str(shutil.copy(empty_database, tmp_path / "news.db")))
    for number in range(1, 6):
        save_article(engine, *article(number, number / 10), None)
    yield engine
    engine.dispose()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    """A fresh database without anything in it."""
    with opened(new_database(tmp_path / "news.sqlite")) as engine:
        yield engine
