"""The screens of sources and of pairs that may be one, driven by their keys; what they did is read from the file."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual import events
from textual.binding import Binding
from textual.widgets import Input

from quotetrack.domain import SourceClass
from quotetrack.review.screens.matches import MatchesScreen
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.review.screens.sources import SourcesScreen
from quotetrack.store import decisions
from quotetrack.store.engine import Engine, writing
from quotetrack.store.sources import list_sources, show_source
from tests.review.driving import said
from tests.review.pressing import app_on, at_rest, keyed, on_screen
from tests.store.build import channel, hear, quote, raw, save, speaker

LAVROV = "Sergey Lavrov"


@pytest.fixture
def engine(store: Engine) -> Engine:
    """KCNA carried three times; two spellings of one name; a name that would draw on the terminal."""
    for number in range(3):
        hear(store, channel("KCNA"), speaker(LAVROV), id=f"a{number}")
    hear(store, speaker("S. Lavrov"), id="b")
    hear(store, speaker("[b]Ministry[/b]\x1b[2J", SourceClass.INSTITUTION), id="c")
    return store


def rows(engine: Any, query: str) -> list[tuple[Any, ...]]:
    with raw(Path(engine.url.database)) as connection:
        return connection.execute(query).fetchall()


def last(engine: Any) -> tuple[Any, ...]:
    [row] = rows(engine, "select action, reviewer from decision order by id desc limit 1")
    return row


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_all_sources_are_listed_with_their_counts(engine: Engine, size: tuple[int, int]) -> None:
    async with app_on(engine, "S", size=size) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, SourcesScreen)
        assert [row.name for row in screen.table.shown.values()] == [row.name for row in list_sources(engine)]
        text = on_screen(pilot.app)
        assert "news.sqlite · ana" in text
        assert "Sources · all · most heard first · 1/4" in text
        assert "spoke in 0 quotes, carried 3" in text
        assert "[b]Ministry[/b]␛[2J" in text
        assert "\x1b" not in text
        assert all(word in text for word in ("Merge", "Name", "Help", "Back"))
        assert max(map(len, text.splitlines())) <= size[0]


async def test_finding_as_one_types(engine: Engine) -> None:
    async with app_on(engine, "S", "/", "lavr") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, SourcesScreen)
        assert [row.name for row in screen.table.shown.values()] == [LAVROV, "S. Lavrov"]
        await keyed(pilot, "mkq")  # In the field, keys are only typed.
        assert "No source has “lavrmkq”" in on_screen(pilot.app)
        await keyed(pilot, "escape")
        assert len(screen.table.shown) == 4
        assert not screen.query_one("#search", Input).has_focus
        await keyed(pilot, "f", "escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_renaming_and_adding_a_name(engine: Engine) -> None:
    async with app_on(engine, "S", "r", " A[i]", "enter") as pilot:
        assert show_source(engine, "KCNA A[i]").aliases == ("KCNA",)
        assert last(engine) == ("rename_source", "ana")
        assert "KCNA is now called KCNA A[i]." in said(pilot)
        await keyed(pilot, "a", "Agency", "enter")
        assert show_source(engine, "Agency").name == "KCNA A[i]"
        assert "also called Agency; KCNA" in on_screen(pilot.app)
        await keyed(pilot, "a", LAVROV, "enter")
        assert f"Nothing was changed. '{LAVROV}' is a name of {LAVROV}." in said(pilot)
        await keyed(pilot, "a", "escape", "u", "u")
        assert show_source(engine, "KCNA").aliases == ()
        assert last(engine) == ("undo", "ana")
        assert "Undone: rename source." in said(pilot)


async def test_kind_country_and_controller(engine: Engine) -> None:
    async with app_on(engine, "S", "k", "news", "enter", "o", "kp", "enter", "c", "mstry", "enter") as pilot:
        found = show_source(engine, "KCNA")
        assert (found.kind, found.country, found.controller) == ("news_agency", "KP", "[b]Ministry[/b]\x1b[2J")
        assert "controlled by [b]Ministry[/b]␛[2J" in on_screen(pilot.app)
        await keyed(pilot, "c", "enter", "o", "backspace", "backspace", "enter")
        found = show_source(engine, "KCNA")
        assert (found.country, found.controller) == (None, None)
        await keyed(pilot, "o", "Korea", "enter")
        assert "'Korea' is not a country" in said(pilot)


async def test_merging_shows_what_moves_and_is_taken_back(engine: Engine) -> None:
    async with app_on(engine, "S", "/", "s. l", "enter", "m", "sergey lavrov") as pilot:
        assert LAVROV in on_screen(pilot.app)
        await keyed(pilot, "enter")
        text = on_screen(pilot.app)
        assert "S. Lavrov becomes part of Sergey Lavrov" in text
        assert "1 hops in 1 quote" in text
        assert "names: S. Lavrov" in text
        await keyed(pilot, "n")
        assert rows(engine, "select count(*) from decision") == [(0,)]
        await keyed(pilot, "m", "sergey lavrov", "enter", "y")
        assert show_source(engine, "S. Lavrov").name == LAVROV
        assert show_source(engine, LAVROV).spoken == 4
        assert last(engine) == ("merge_sources", "ana")
        await keyed(pilot, "escape")
        assert next(iter(pilot.app.screen.table.shown.values())).name == LAVROV  # type: ignore[attr-defined]
        await keyed(pilot, "home")
        assert "merged into it: S. Lavrov" in on_screen(pilot.app)
        await keyed(pilot, "M", "enter")
        assert show_source(engine, "S. Lavrov").spoken == 1
        assert last(engine) == ("unmerge_sources", "ana")
        await keyed(pilot, "M")
        assert f"Nothing was merged into {LAVROV}." in said(pilot)


async def test_an_act_on_a_quote_is_not_undone_unseen(engine: Engine) -> None:
    async with app_on(engine, "a", "S", "u") as pilot:
        assert last(engine) == ("accept", "ana")
        assert "Your newest act is about quote 1: undo that in the queue." in said(pilot)
    async with app_on(engine, "S", "u", reviewer="ben") as pilot:
        assert "You have nothing to undo." in said(pilot)


async def test_the_queue_shows_what_was_changed_here(engine: Engine) -> None:
    async with app_on(engine, "S", "r", "!", "enter", "escape") as pilot:
        assert isinstance(pilot.app.screen, QueueScreen)
        assert "KCNA!" in on_screen(pilot.app)
        await keyed(pilot, "S", "s")
        assert isinstance(pilot.app.screen, QueueScreen)
        assert [row.channels[0].name for row in pilot.app.screen.queue.rows.values()] == ["KCNA!"] * 3


async def test_what_was_asked_for_is_saved_before_the_screen_is_left(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, set_country = Event(), decisions.set_country

    def slow(*arguments: Any, **named: Any) -> str:
        gate.wait(10)
        return set_country(*arguments, **named)

    async with app_on(engine, "S", "o", "kp") as pilot:
        monkeypatch.setattr("quotetrack.store.decisions.set_country", slow)
        for key in ("enter", "escape"):
            pilot.app.post_message(events.Key(key, None))
            await pilot.pause(0.1)
        assert isinstance(pilot.app.screen, SourcesScreen)
        assert "Saving first" in said(pilot)
        gate.set()
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        assert show_source(engine, "KCNA").country == "KP"


async def test_a_lost_database_does_not_end_the_app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the cable is out [/b]")

    async with app_on(engine, "S") as pilot:
        monkeypatch.setattr("quotetrack.review.screens.sources.list_sources", fail)
        monkeypatch.setattr("quotetrack.review.screens.sources.find_names", fail)
        await keyed(pilot, "ctrl+r", "m")
        assert "The page could not be read. OSError: the cable is out [/b]" in said(pilot)
        assert "the cable is out" in on_screen(pilot.app)
        await keyed(pilot, "enter", "escape")
        assert isinstance(pilot.app.screen, SourcesScreen)


async def test_pages_follow_one_another(store: Engine) -> None:
    save(store, *(quote(speaker(f"Name {number}")) for number in range(450)))
    async with app_on(store, "S") as pilot:
        table = pilot.app.screen.table  # type: ignore[attr-defined]
        assert len(table.shown) == 200
        await keyed(pilot, "end", "end", "end")
        assert len(table.shown) == 450
        assert "450/450" in on_screen(pilot.app)


# Pairs.


@pytest.fixture
def pairs(engine: Engine) -> Engine:
    with writing(engine) as session:
        ids = {row.name: row.id for row in list_sources(engine)}
        decisions.propose_match(session, ids["S. Lavrov"], ids[LAVROV], 0.9, "spelled alike [i]")
        decisions.propose_match(session, ids["KCNA"], ids[LAVROV], 0.2, "both are heard often")
    return engine


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_a_pair_is_shown_side_by_side_with_the_evidence(pairs: Engine, size: tuple[int, int]) -> None:
    async with app_on(pairs, "S", "w", size=size) as pilot:
        text = on_screen(pilot.app)
        assert "spelled alike [i] (0.90)" in text
        assert "spoke 1×, carried 0×" in text
        assert "spoke 3×, carried 0×" in text
        assert text.count("that the bridge would") + text.count("Anna Smith said that") >= 2
        assert "“S. Lavrov” becomes part of “Sergey Lavrov”" in " ".join(text.split())


async def test_deciding_on_pairs(pairs: Engine) -> None:
    async with app_on(pairs, "S", "w", "y", "n") as pilot:
        assert rows(pairs, "select state, decided_by from source_match order by id") == [
            ("same", "ana"), ("different", "ana"),
        ]  # fmt: skip
        assert show_source(pairs, "S. Lavrov").name == LAVROV
        assert "No pair waits" in on_screen(pilot.app)
        await keyed(pilot, "u")
        assert rows(pairs, "select state from source_match order by id") == [("same",), ("pending",)]
        await keyed(pilot, "t", "u", "u")
        assert rows(pairs, "select state from source_match order by id") == [("pending",), ("pending",)]
        assert show_source(pairs, "S. Lavrov").spoken == 1
        await keyed(pilot, "home", "i")
        table = pilot.app.screen.table  # type: ignore[attr-defined]
        assert (table.cursor_row, rows(pairs, "select count(*) from source_match where state = 'pending'")) == (
            1,
            [(2,)],
        )
        await keyed(pilot, "escape")
        assert isinstance(pilot.app.screen, SourcesScreen)


async def test_a_pair_decided_by_another_meanwhile(pairs: Engine) -> None:
    async with app_on(pairs, "S", "w") as pilot:
        decisions.resolve_match(pairs, 1, same=False, reviewer="ben")
        await keyed(pilot, "y")
        assert "Not decided. Match 1 was decided by ben (different)." in said(pilot)
        assert list(pilot.app.screen.table.shown) == [2]  # type: ignore[attr-defined]


async def test_help_names_every_key_of_each_screen(pairs: Engine) -> None:
    async with app_on(pairs, "S", size=(100, 60)) as pilot:
        for cls, keys in ((SourcesScreen, ()), (MatchesScreen, ("w",))):
            await keyed(pilot, *keys)
            assert isinstance(pilot.app.screen, cls)
            await keyed(pilot, "?")
            assert all(
                binding.tooltip in on_screen(pilot.app) for binding in cls.BINDINGS if isinstance(binding, Binding)
            )
            await keyed(pilot, "escape")
