"""Reviewing on a PostgreSQL server: several at once, and what a list of pages asks of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quotetrack.store.engine import Engine
from quotetrack.store.save import save_article
from tests.postgresql import Server
from tests.review.driving import article
from tests.review.test_sources_screen import test_pages_follow_one_another
from tests.review.test_together import (
    test_a_conflict_does_not_break_into_what_is_being_typed,
    test_an_undo_that_another_overtook_can_be_passed_over,
    test_claims_follow_the_cursor_and_end_with_the_app,
    test_two_apps_on_one_database_lose_no_update,
    test_what_another_has_is_marked_and_passed_over,
)
from tests.store.build import Databases, opened


@pytest.fixture
def store(postgresql: Server, tmp_path: Path) -> Iterator[Engine]:
    """A fresh database without anything in it."""
    with Databases(postgresql).new(tmp_path) as database, opened(database) as engine:
        yield engine


@pytest.fixture
def engine(store: Engine) -> Engine:
    """Five quotes, from the least certain to the most."""
    for number in range(1, 6):
        save_article(store, *article(number, number / 10), None)
    return store


__all__ = [
    "test_a_conflict_does_not_break_into_what_is_being_typed",
    "test_an_undo_that_another_overtook_can_be_passed_over",
    "test_claims_follow_the_cursor_and_end_with_the_app",
    "test_pages_follow_one_another",
    "test_two_apps_on_one_database_lose_no_update",
    "test_what_another_has_is_marked_and_passed_over",
]
