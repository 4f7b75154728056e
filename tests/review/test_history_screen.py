"""The history screen and jumping to and fro, driven by their keys."""

from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Static

from quotetrack.domain import Kind, SourceKind, Span, SpanRole
from quotetrack.review.changes import about, changes, did, others_in
from quotetrack.review.going import Positions
from quotetrack.review.screens.history import HistoryScreen
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.store import decisions
from quotetrack.store.decisions import Action, decide, undo
from quotetrack.store.engine import Engine
from quotetrack.store.history import LogRow, history
from quotetrack.store.queries import Filter, get_quote
from quotetrack.store.source_views import source_names
from tests.review.driving import said
from tests.review.pressing import app_on, keyed, on_screen
from tests.store.build import SAID, channel, hear, quote, save, speaker


@pytest.fixture
def engine(store: Engine) -> Engine:
    """Two quotes of one article and one of another; seven decisions of two people."""
    save(store, quote(speaker("Anna Smith"), confidence=0.1), quote(confidence=0.2), id="1", title="Bridge [i]")
    hear(store, channel("KCNA"), speaker("Kim"), id="2")
    decide(store, 1, Action.ACCEPT, reviewer="ana")
    decide(store, 2, Action.REJECT, reviewer="ben", note="boilerplate\x1b[2J")
    decisions.set_kind(store, 1, Kind.MIXED, reviewer="ben")
    decisions.set_spans(store, 3, {SpanRole.CONTENT: (Span(16, 50),)}, reviewer="ana")
    decisions.set_speaker(store, 3, "Anna Smith", reviewer="ana")
    decisions.set_country(store, "Kim", "KP", reviewer="ana")
    undo(store, reviewer="ben")
    return store


def shown(pilot: Any) -> list[int]:
    """The decisions in the list."""
    return list(pilot.app.screen.table.shown)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_whose_history_is_chosen_by_a_key(engine: Engine, size: tuple[int, int]) -> None:
    async with app_on(engine, "H", size=size, wanted=Filter()) as pilot:
        assert isinstance(pilot.app.screen, HistoryScreen)
        assert shown(pilot) == [7, 3, 1]  # Of the quote that the cursor was on in the queue.
        assert "Decisions on quote 1 · newest first · 1/3" in on_screen(pilot.app)
        await keyed(pilot, "2")
        assert shown(pilot) == [7, 3, 2, 1]
        await keyed(pilot, "3")
        assert shown(pilot) == [7, 3, 2]
        assert "Decisions by ben" in on_screen(pilot.app)
        await keyed(pilot, "4")
        assert shown(pilot) == [7, 6, 5, 4, 3, 2, 1]
        await keyed(pilot, "r", "an", "enter")
        assert shown(pilot) == [6, 5, 4, 1]
        await keyed(pilot, "home", "1")
        assert shown(pilot) == [6]
        assert "Decisions on “Kim”" in on_screen(pilot.app)
        await keyed(pilot, "escape")
        assert isinstance(pilot.app.screen, QueueScreen)
        assert max(map(len, on_screen(pilot.app).splitlines())) <= size[0]


async def test_each_says_who_what_and_from_what_to_what(engine: Engine) -> None:
    async with app_on(engine, "H", "4", size=(200, 60)) as pilot:
        text = on_screen(pilot.app)
        assert "kind: mixed → indirect" in text
        assert "chain: KCNA > Kim → KCNA > Anna Smith" in text
        assert "country of “Kim”: none → KP" in text
        assert "pending → rejected · boilerplate␛[2J" in text
        assert "\x1b" not in text
        assert "↶" in text
        await keyed(pilot, "home", "j", "j", "j")
        text = str(pilot.app.screen.query_one("#detail-text", Static).content)
        assert f"content: “{SAID}” → “{SAID[16:]}”" in text
        await keyed(pilot, "end")
        assert "Bridge [i]" in on_screen(pilot.app)


async def test_enter_goes_to_the_quote_and_brackets_go_back(engine: Engine) -> None:
    async with app_on(engine, "down", "H", "4", "end", "enter", wanted=Filter(status="accepted")) as pilot:
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)

        def at() -> int:
            row = queue.current()
            assert row is not None
            return row.id

        assert at() == 1
        await keyed(pilot, "H", "4", "j", "j", "j", "j", "j", "enter")
        assert at() == 2  # Rejected: the queue as read does not hold it.
        await keyed(pilot, "[")
        assert at() == 1
        await keyed(pilot, "[")
        assert at() == 3
        await keyed(pilot, "[")
        assert "no further position" in said(pilot)
        await keyed(pilot, "]", "]")
        assert at() == 2
        await keyed(pilot, "H", "4", "home", "j", "enter")
        assert isinstance(pilot.app.screen, HistoryScreen)
        assert "This is about a source" in said(pilot)


async def test_the_history_of_a_source_and_of_nothing(engine: Engine) -> None:
    async with app_on(engine, "S", "/", "kim", "enter", "h") as pilot:
        assert shown(pilot) == [6]
    async with app_on(engine, "H", reviewer="eve", wanted=Filter(text="nothing")) as pilot:
        assert "Nobody has decided anything here (Decisions by eve)" in " ".join(on_screen(pilot.app).split())
        await keyed(pilot, "enter", "1", "2", "4")
        assert len(shown(pilot)) == 7


async def test_pages_follow_one_another(store: Engine) -> None:
    hear(store, speaker("Kim"), id="1")
    for number in range(250):
        decide(store, 1, (Action.ACCEPT, Action.REJECT)[number % 2], reviewer="ana")
    async with app_on(store, "H", "4") as pilot:
        assert shown(pilot) == list(range(250, 50, -1))
        await keyed(pilot, "end")
        assert shown(pilot) == list(range(250, 0, -1))


# Without a terminal.


def test_what_was_decided_on_sources_is_told_in_words(store: Engine) -> None:
    hear(store, channel("KCNA"), speaker("Kim"), id="1")
    hear(store, speaker("Kim Jong Un"), id="2")
    decisions.set_source_kind(store, "KCNA", SourceKind.NEWS_AGENCY, reviewer="ana")
    decisions.set_controller(store, "KCNA", "Kim", reviewer="ana")
    decisions.add_alias(store, "KCNA", "Agency", reviewer="ana")
    decisions.rename(store, "KCNA", "Korean Agency", reviewer="ana")
    decisions.merge(store, "Kim", "Kim Jong Un", reviewer="ana")
    decisions.unmerge(store, "Kim", reviewer="ana")
    decisions.new_source(store, "Yonhap", decisions.NewSource(), reviewer="ana")
    log = list(reversed(history(store)))
    names = source_names(store, set().union(*map(others_in, log)))
    told = [[about(row), did(row), *changes(row, None, names)] for row in log]
    assert told == [
        ["“KCNA”", "set kind", "kind of “KCNA”: outlet → news agency"],
        ["“KCNA”", "set control", "controller of “KCNA”: nobody → “Kim”"],
        ["“KCNA”", "added alias", "names added: “Agency”"],
        ["“Korean Agency”", "renamed", "name: “KCNA” → “Korean Agency”"],
        ["“Kim”", "merged", "controller of “Korean Agency”: “Kim” → “Kim Jong Un”",
         "“Kim” became part of “Kim Jong Un”", "names moved: “Kim”"],
        ["“Kim”", "un-merged", "controller of “Korean Agency”: “Kim Jong Un” → “Kim”",
         "“Kim” is its own again, no longer part of “Kim Jong Un”", "names moved: “Kim”"],
        ["“Yonhap”", "new source", "new: “Yonhap”, unknown"],
    ]  # fmt: skip


def test_what_was_decided_on_quotes_is_told_in_words(engine: Engine) -> None:
    decisions.nest(engine, 2, 1, reviewer="ana")
    decisions.duplicate(engine, 2, 1, reviewer="ana")
    decide(engine, 1, Action.REJECT, reviewer="ben", second=True)
    second, twin, nested, *_ = history(engine)
    assert (did(second), changes(second)) == (
        "accepted (2nd)" if second.action == "accept" else "rejected (2nd)",
        ["pending → rejected"],
    )
    assert changes(twin) == ["no duplicate → duplicate of quote 1", "accepted → rejected"]
    assert changes(nested) == ["not nested → nested in quote 1", "rejected → accepted"]
    spans = history(engine, attribution_id=3)[1]
    assert changes(spans)[0] == f"content: 0-{len(SAID)} → 16-50"
    assert changes(spans, "short")[0] == f"content: 0-{len(SAID)} → 16-50"
    gone = replace(spans, attribution_id=None)
    assert about(gone) == "a quote that is gone"
    old = LogRow(
        1, spans.at, "ana", "strange_act", 1, 1, None, None, None, {"status": "pending"}, {}, None, None, False, False
    )
    assert (did(old), changes(old)) == ("strange act", [])
    assert get_quote(engine, 3).content == SAID[16:]


def test_positions_are_like_those_of_a_browser() -> None:
    positions = Positions()
    assert (positions.back(1), positions.forward()) == (None, None)
    positions.jump(1, 5)
    positions.jump(5, 9)
    assert positions.ids == [1, 5, 9]
    assert [positions.back(9), positions.back(5), positions.back(1)] == [5, 1, None]
    assert positions.forward() == 5
    assert positions.back(77) == 5  # From elsewhere, first to where one was.
    positions.jump(5, 3)
    assert (positions.ids, positions.forward()) == ([1, 5, 3], None)
    for number in range(500):
        positions.jump(None, number)
    assert len(positions.ids) == 100
    assert positions.back(499) == 498
