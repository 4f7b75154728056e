"""The usual mendings take few keys: ten at most, what is typed of names and words left out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from quotetrack.domain import Article, Attribution, SourceKind
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.store.engine import Engine
from quotetrack.store.queries import Filter, QuoteRow, get_quote, list_quotes
from quotetrack.store.save import save_article
from quotetrack.store.sources import show_source
from tests.review.pressing import app_on, keyed
from tests.store.build import at, new_database, opened, speaker

TEXT = "The ferry office said the captain had told them that the quay was shut. Nobody believed it."
WRONG, CAPTAIN, QUAY = "the captain had told them that the quay was shut. Nobody", "the captain", "the quay was shut"
MOST = 10


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """One quote whose content ends a word too late."""
    with opened(new_database(tmp_path / "news.sqlite")) as engine:
        quote = Attribution((at(TEXT, WRONG),), (at(TEXT, "said"),), chain=(speaker("ferry office"),), confidence=0.5)
        save_article(engine, Article(TEXT, "a", outlet="Eastern Desk"), [quote], None)
        yield engine


class Keys:
    """Presses keys one by one and counts them; words are typed and are not counted."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self._pilot = pilot
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        self.pressed += len(keys)
        await keyed(self._pilot, *keys)

    async def type(self, words: str) -> None:
        await keyed(self._pilot, *words)


def only(engine: Engine) -> QuoteRow:
    (row,) = list_quotes(engine, Filter(), order="article")
    return row


async def test_a_wrong_span(engine: Engine) -> None:
    async with app_on(engine) as pilot:
        keys = Keys(pilot)
        await keys.press("e", "left", "enter")
        assert isinstance(pilot.app.screen, QueueScreen)
    assert only(engine).content == WRONG.removesuffix(" Nobody")
    assert keys.pressed <= MOST


async def test_a_wrong_speaker_who_is_new_with_kind_and_controller(engine: Engine) -> None:
    async with app_on(engine) as pilot:
        keys = Keys(pilot)
        await keys.press("s")
        await keys.type("Ada Lorne")
        await keys.press("enter", "p")
        await keys.type("ferry office")
        await keys.press("enter")
    said_by = only(engine).speaker
    assert said_by is not None
    assert said_by.name == "Ada Lorne"
    made = show_source(engine, "Ada Lorne")
    assert (made.kind, made.controller) == (SourceKind.PERSON, "ferry office")
    assert keys.pressed <= MOST


async def test_a_wrong_chain(engine: Engine) -> None:
    async with app_on(engine) as pilot:
        keys = Keys(pilot)
        await keys.press("c", "a")
        await keys.type("Harbour Radio")
        await keys.press("enter", "o", "enter", "enter")
    assert [hop.name for hop in only(engine).hops] == ["Harbour Radio", "ferry office"]
    assert keys.pressed <= MOST


async def test_a_nested_one_that_was_missed(engine: Engine) -> None:
    async with app_on(engine) as pilot:
        keys = Keys(pilot)
        await keys.press("n", "n", "/")
        await keys.type(QUAY)
        await keys.press("enter", "space", "space", "enter", "enter")
        await keys.type("ferry office")
        await keys.press("enter", "i")
    added = get_quote(engine, 2)
    assert (added.content, added.parent_id) == (QUAY, 1)
    assert added.speaker is not None
    assert keys.pressed <= MOST
