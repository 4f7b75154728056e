"""The review app, driven by its keys on a real SQLite file."""

from pathlib import Path
from typing import Any

import pytest
from rich.style import Style
from textual.widgets import Input

from quotetrack.review.dialogs.conflict import ConflictDialog
from quotetrack.review.dialogs.help import HelpScreen
from quotetrack.review.dialogs.reject import RejectDialog
from quotetrack.review.screens.keys import KEYS
from quotetrack.review.widgets.article import ArticleView, Legend
from quotetrack.review.widgets.chain import Detail
from quotetrack.review.widgets.keyline import KeyLine
from quotetrack.review.widgets.status import StatusLine
from quotetrack.store.decisions import Action, decide
from quotetrack.store.queries import Filter, get_quote
from quotetrack.store.schema import open_database
from tests.review.driving import TEXT, current, figures, opened, press, said, screen_of, settle, shown, statuses

pytestmark = pytest.mark.filterwarnings("ignore:The Result.tuples")  # quotetrack.store still calls it


async def test_accepting_goes_on_and_is_stored(engine: Any) -> None:
    async with opened(engine) as pilot:
        assert current(pilot).id == 1
        assert figures(pilot).startswith("0 done · 5 left · 0 today")
        await press(pilot, "a")
        assert current(pilot).id == 2
        assert get_quote(engine, 1).status == "accepted"
        assert figures(pilot) == "1 done · 4 left · 1 today · 1.0/min"
        assert "✓" in shown(pilot.app)


async def test_many_keys_at_once_lose_no_decision(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "a", "a", "i", "a", "u", "u")
        assert statuses(engine) == ["accepted", "pending", "pending", "pending", "pending"]
        assert figures(pilot).startswith("1 done · 4 left · 1 today")


async def test_a_decision_is_not_shown_as_saved_before_it_is(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(engine) as pilot:
        screen = screen_of(pilot)
        monkeypatch.setattr(screen, "_start_write", lambda: None)
        await pilot.press("a")
        await pilot.pause()
        assert screen.queue.rows[1].status == "pending"
        assert "✓" not in shown(pilot.app)
        assert "…" in shown(pilot.app)
        assert figures(pilot).startswith("0 done")
        await pilot.press("q")
        assert pilot.app.is_running
        monkeypatch.undo()
        screen._start_write()
        await pilot.pause(0.2)
    assert get_quote(engine, 1).status == "accepted"


async def test_rejecting_with_a_numbered_reason(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "x")
        assert isinstance(pilot.app.screen, RejectDialog)
        await press(pilot, "3")
        assert current(pilot).id == 2
        assert _last_note(engine) == (1, "reject", "wrong speaker")


async def test_rejecting_with_a_reason_of_ones_own(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "x", *"aqx", "space", "1", "enter")
        assert _last_note(engine) == (1, "reject", "aqx 1")
        await press(pilot, "x", "7", "0", "escape")
        assert statuses(engine).count("pending") == 4
        assert current(pilot).id == 2


async def test_undo_of_any_depth(engine: Any) -> None:
    decide(engine, 5, Action.ACCEPT, reviewer="ana")
    decide(engine, 4, Action.ACCEPT, reviewer="ben")
    async with opened(engine) as pilot:
        await press(pilot, "a")
        await press(pilot, "x", "1")
        await press(pilot, "u")
        assert (current(pilot).id, current(pilot).status) == (2, "pending")
        await press(pilot, "u")
        assert (current(pilot).id, current(pilot).status) == (1, "pending")
        await press(pilot, "u")  # of an earlier session, and not in the queue
        assert (current(pilot).id, current(pilot).status) == (5, "pending")
        await press(pilot, "u")
        assert "nothing to undo" in said(pilot)
        assert statuses(engine) == ["pending", "pending", "pending", "accepted", "pending"]
        assert figures(pilot).startswith("1 done · 4 left · 0 today")


async def test_what_another_reviewer_changed_is_said_and_shown(engine: Any) -> None:
    async with opened(engine) as pilot:
        decide(engine, 1, Action.REJECT, reviewer="ben")
        await press(pilot, "a")
        assert isinstance(pilot.app.screen, ConflictDialog)
        assert all(
            words in shown(pilot.app) for words in ("Not saved: your accept", "ben did", "status pending → rejected")
        )
        assert "≠ status" in shown(pilot.app)
        assert screen_of(pilot).queue.rows[1].status == "rejected"
        assert get_quote(engine, 1).status == "rejected"
        await press(pilot, "enter", "up", "a")
        assert get_quote(engine, 1).status == "accepted"


async def test_skipped_items_are_not_come_back_to(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "down", "i", "a", "a", "a")
        assert current(pilot).id == 1
        await press(pilot, "a")
        assert statuses(engine) == ["accepted", "pending", "accepted", "accepted", "accepted"]
        assert "That was the last one" in said(pilot)


async def test_search_and_its_end(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "slash", *"drills", "space", "4", "enter")
        assert screen_of(pilot).queue.ids == [4]
        await press(pilot, "escape")
        assert len(screen_of(pilot).queue.ids) == 5
        assert current(pilot).id == 4  # where the reviewer was
        assert not screen_of(pilot).query_one("#search", Input).has_focus
        await press(pilot, "slash", *"!!", "enter")
        assert "No pending quote holds “!!”" in shown(pilot.app)
        await press(pilot, "escape")
        assert len(screen_of(pilot).queue.ids) == 5


async def test_keys_are_inert_while_an_input_is_focused(engine: Any) -> None:
    async with opened(engine) as pilot:
        keys = [*"axiufodqjkJKr", "question_mark", "slash"]
        await press(pilot, "slash", *keys)
        assert screen_of(pilot).query_one("#search", Input).value == "axiufodqjkJKr?/"
        assert pilot.app.is_running
        assert pilot.app.screen is screen_of(pilot)
        assert set(statuses(engine)) == {"pending"}
        assert current(pilot).id == 1


async def test_filter_and_order(engine: Any) -> None:
    decide(engine, 2, Action.ACCEPT, reviewer="ben")
    async with opened(engine) as pilot:
        seen = []
        for _ in range(4):
            seen.append(screen_of(pilot).queue.ids)
            await press(pilot, "F")
        assert seen == [[1, 3, 4, 5], [1, 2, 3, 4, 5], [2], []]
        assert screen_of(pilot).queue.wanted.status == "pending"
        await press(pilot, "o", "o")
        assert screen_of(pilot).queue.order == "recent"
        assert screen_of(pilot).queue.ids == [5, 4, 3, 1]


async def test_the_next_pages_are_read_as_the_cursor_nears_the_end(long_database: Path) -> None:
    engine = open_database(str(long_database))
    async with opened(engine) as pilot:
        screen = screen_of(pilot)
        assert screen.queue.ids == list(range(1, 61))
        await press(pilot, "end")
        assert screen.queue.ids == list(range(1, 261))
        await press(pilot, "end")
        await press(pilot, "r")
        assert (current(pilot).id, screen.queue.complete) == (260, False)
        await press(pilot, "end")
        await press(pilot, "end")
        assert screen.queue.ids == list(range(1, 451))
        assert "450/450" in shown(pilot.app)
        assert screen.table.row_count == 450
    engine.dispose()


async def test_going_on_waits_for_the_next_page(long_database: Path) -> None:
    engine = open_database(str(long_database))
    async with opened(engine) as pilot:
        screen = screen_of(pilot)
        screen.table.move_cursor(row=59)
        await pilot.press("i")
        await settle(pilot)
        assert current(pilot).id == 61
    engine.dispose()


async def test_an_empty_queue_says_what_to_do(empty_database: Path, engine: Any) -> None:
    nothing = open_database(str(empty_database))
    async with opened(nothing) as pilot:
        await press(pilot, "a", "x", "i", "j")
        assert "quotetrack ingest" in shown(pilot.app)
        assert pilot.app.screen is screen_of(pilot)
    nothing.dispose()
    for number in range(1, 6):
        decide(engine, number, Action.ACCEPT, reviewer="ana")
    async with opened(engine) as pilot:
        assert "Nothing is left to review" in shown(pilot.app)
        await press(pilot, "u")
        assert current(pilot).id == 5
        assert "Nothing is left" not in shown(pilot.app)


async def test_a_source_that_is_not_stored_is_an_error_on_screen(engine: Any) -> None:
    async with opened(engine, wanted=Filter(speaker="Nobody")) as pilot:
        assert "Nobody" in said(pilot)


async def test_a_lost_database_does_not_end_the_app(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the cable is out [/b]")

    async with opened(engine) as pilot:
        monkeypatch.setattr("quotetrack.review.screens.deciding.decide", fail)
        monkeypatch.setattr("quotetrack.review.screens.queue.list_quotes", fail)
        await press(pilot, "a", "r")
        assert (
            "Not saved: accept of “that the drills number 1 were “a rehearsal””. OSError: the cable is out [/b]"
            in said(pilot)
        )
        assert "The page could not be read" in said(pilot)
        assert screen_of(pilot).queue.rows[1].status == "pending"
        assert not screen_of(pilot).queue.saving


async def test_hostile_texts_are_harmless(engine: Any) -> None:
    async with opened(engine) as pilot:
        text = shown(pilot.app)
        assert "\x1b" not in text
        assert "␛[31mRed␛[0m." in text
        assert "[b]Ministry[/b]␛[2J" in text
        assert "Drills 1 [i]" in text
        await press(pilot, "x")
        assert "that the drills number 1 were “a rehearsal”" in shown(pilot.app)


async def test_the_item_is_marked_in_its_article(engine: Any) -> None:
    async with opened(engine) as pilot:
        view = screen_of(pilot).query_one(ArticleView)
        text = TEXT.format(n=1)
        marked = {mark.name: mark.span.of(text) for mark in view._marks}
        assert marked == {
            "content": "that the drills number 1 were “a rehearsal”",
            "cue": "said",
            "source": "the Foreign Ministry",
            "hop": "KCNA",
        }
        styles = {segment.text: segment.style or Style() for y in range(4) for segment in view.render_line(y)}
        kcna, said = styles["KCNA"], styles["said"]
        [content] = [style for words, style in styles.items() if words.startswith("that the")]
        assert (kcna.bold, kcna.underline) == (True, True)
        assert (said.bold, said.italic) == (True, True)
        assert (content.bold, content.underline) == (None, True)
        assert "Eastern Desk → KCNA → [b]Ministry[/b]" in shown(pilot.app)
        assert "found by according to" in shown(pilot.app)


async def test_a_far_item_is_scrolled_to(long_database: Path) -> None:
    engine = open_database(str(long_database))
    async with opened(engine, size=(80, 24)) as pilot:
        view = screen_of(pilot).query_one(ArticleView)
        screen_of(pilot).table.move_cursor(row=180)
        await settle(pilot)
        assert view.scroll_offset.y > 0
        assert any(line.startswith("▌") for line in shown(pilot.app).splitlines())
    engine.dispose()


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (200, 60)])
async def test_everything_has_its_place(engine: Any, size: tuple[int, int]) -> None:
    async with opened(engine, size=size) as pilot:
        screen = screen_of(pilot)
        regions = [screen.query_one(kind).region for kind in (StatusLine, ArticleView, Legend, Detail, KeyLine)]
        regions.append(screen.table.region)
        assert all(screen.region.contains_region(region) and region.area for region in regions)
        assert screen.table.region.height >= 7
        assert screen.query_one(ArticleView).region.height >= 6
        stacked = screen.table.region.right > screen.query_one(ArticleView).region.x
        assert stacked == (size[0] < 100)
        text = shown(pilot.app)
        assert all(word in text for word in ("news.db", "ana", "5 left", "Accept", "Keys", "other quotes"))
        assert max(map(len, text.splitlines())) <= size[0]
        await pilot.resize_terminal(100, 30)
        await settle(pilot)
        assert current(pilot).id == 1


async def test_help_names_every_key(engine: Any) -> None:
    async with opened(engine, size=(120, 80)) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        assert all(binding.tooltip in shown(pilot.app) for binding in KEYS)
        await press(pilot, "escape")
        assert len(pilot.app.screen_stack) == 1
    assert len({binding.id for binding in KEYS}) == len(KEYS)


async def test_theme_and_quit(engine: Any) -> None:
    async with opened(engine) as pilot:
        dark = pilot.app.current_theme.dark
        await press(pilot, "t")
        assert pilot.app.current_theme.dark is not dark
        await pilot.press("q")
        await pilot.pause()
        assert not pilot.app.is_running or pilot.app._exit


def _last_note(engine: Any) -> tuple[int, str, str]:
    """The last entry of the log, from the file itself."""
    import sqlite3

    connection = sqlite3.connect(engine.url.database)
    try:
        row: tuple[int, str, str] = connection.execute(
            "select attribution_id, action, note from decision order by id desc limit 1"
        ).fetchone()
        return row
    finally:
        connection.close()
