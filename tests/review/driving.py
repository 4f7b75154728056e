"""Driving the review app by its keys, on a real SQLite file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.app import App
from textual.pilot import Pilot

from quotetrack.domain import Article, Attribution, Hop, HopRole, Kind, SourceClass, Span
from quotetrack.review.app import ReviewApp
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.review.widgets.search import Search
from quotetrack.review.widgets.status import StatusLine
from quotetrack.store.queries import Filter, QuoteRow, list_quotes

TEXT = "According to KCNA, the Foreign Ministry said that the drills number {n} were “a rehearsal”. \x1b[31mRed\x1b[0m."


def article(number: int, confidence: float) -> tuple[Article, list[Attribution]]:
    text = TEXT.format(n=number)

    def at(part: str) -> Span:
        return Span(text.index(part), text.index(part) + len(part))

    chain = (
        Hop(HopRole.CHANNEL, "KCNA", SourceClass.MEDIA, at("KCNA"), "according_to"),
        Hop(HopRole.SPEAKER, "[b]Ministry[/b]\x1b[2J", SourceClass.INSTITUTION, at("Foreign Ministry"), "cue_subject"),
    )
    content = (at(f"that the drills number {number} were “a rehearsal”"),)
    said = Attribution(
        content, (at("said"),), (at("the Foreign Ministry"),), Kind.MIXED, chain=chain, confidence=confidence
    )
    return Article(text, f"a{number}", title=f"Drills {number} [i]", outlet="Eastern Desk"), [said]


@asynccontextmanager
async def opened(engine: Any, *, size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[Pilot[None]]:
    app = ReviewApp(engine, **{"reviewer": "ana", **options})
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the app asks nothing of the database any more and shows what it knows."""
    screen, quiet = screen_of(pilot), 0
    for _ in range(500):
        await asyncio.sleep(0.005)
        looks = any(search.is_busy for search in pilot.app.screen.query(Search))
        quiet = 0 if looks or screen.writes or screen._open or screen._rest else quiet + 1
        if quiet == 3:
            await pilot.pause()
            return
    raise AssertionError("the app never came to rest")


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as fast as the app takes them: Pilot's own way waits for an idle processor after each."""
    for key in keys:
        character = {"slash": "/", "question_mark": "?", "space": " ", "less_than_sign": "<"}.get(key, key)
        pilot.app.post_message(events.Key(key, character if len(character) == 1 else None))
        await pilot.pause(0.01)
    await settle(pilot)


def screen_of(pilot: Pilot[None]) -> QueueScreen:
    [screen] = [screen for screen in pilot.app.screen_stack if isinstance(screen, QueueScreen)]
    return screen


def current(pilot: Pilot[None]) -> QuoteRow:
    quote = screen_of(pilot).current()
    assert quote
    return quote


def shown(app: App[None]) -> str:
    """What stands on the terminal."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


def said(pilot: Pilot[None]) -> str:
    """What the status line says, and what stands in notifications."""
    lines = [line.said for screen in pilot.app.screen_stack for line in screen.query(StatusLine)]
    return "\n".join([*lines, *(notification.message for notification in pilot.app._notifications)])


def figures(pilot: Pilot[None]) -> str:
    return " · ".join(screen_of(pilot).query_one(StatusLine).figures)


def statuses(engine: Any) -> list[str]:
    return [quote.status for quote in list_quotes(engine, Filter(), order="article")]
