"""Driving the review app by its keys."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.app import App
from textual.pilot import Pilot

from quotetrack.review.app import ReviewApp
from quotetrack.review.screens.listing import ListScreen
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.review.widgets.search import Search

NAMES = {"/": "slash", "?": "question_mark", "[": "left_square_bracket", "]": "right_square_bracket", " ": "space"}


@asynccontextmanager
async def app_on(
    engine: Any, *keys: str, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Pilot[None]]:
    """The app after some keys, at rest."""
    app = ReviewApp(engine, **({"reviewer": "ana"} | options))
    async with app.run_test(size=size) as pilot:
        await at_rest(pilot)
        await keyed(pilot, *keys)
        yield pilot


async def at_rest(pilot: Pilot[None]) -> None:
    """Wait until nothing is asked of the database any more and everything known is shown."""
    quiet = 0
    for _ in range(1000):
        await pilot.pause(0.005)
        quiet = 0 if any(map(_is_busy, pilot.app.screen_stack)) else quiet + 1
        if quiet == 3:
            return
    raise AssertionError("the app never came to rest")


def _is_busy(screen: Any) -> bool:
    if isinstance(screen, QueueScreen):
        return bool(screen.writes or screen._open or screen._rest)
    if isinstance(screen, ListScreen):
        return bool(screen.changes or screen._open or screen._rest)
    return any(search.is_busy for search in screen.query(Search))


async def keyed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys; a text of several characters that is no key's name is typed."""
    for key in keys:
        for one in [key] if len(key) == 1 or key in KEYS or "+" in key else key:
            character = one if len(one) == 1 else None
            pilot.app.post_message(events.Key(NAMES.get(one, one), character))
            await pilot.pause(0.01)
        await at_rest(pilot)


KEYS = {"enter", "escape", "up", "down", "home", "end", "tab", "backspace", "pagedown", "pageup", "space", "delete"}


def on_screen(app: App[None]) -> str:
    """What stands on the terminal."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


Keyed = Callable[..., Awaitable[None]]
