"""The review app: `run` is all that the command line needs to know of it."""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any

from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Input

from quotetrack.errors import QuotetrackError
from quotetrack.harmless import one_line
from quotetrack.review.dialogs.base import Dialog
from quotetrack.review.dialogs.confirm import ConfirmDialog
from quotetrack.review.dialogs.help import HelpScreen
from quotetrack.review.going import (
    OpenAttribution,
    OpenHistory,
    OpenQuotes,
    Positions,
    SourcesChanged,
    Subject,
)
from quotetrack.review.screens.asking import AskingScreen
from quotetrack.review.screens.history import HistoryScreen, HistoryTable
from quotetrack.review.screens.keys import GO, KEYS
from quotetrack.review.screens.matches import MatchesScreen
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.review.screens.sources import SourcesScreen
from quotetrack.review.screens.statements import StatementsScreen
from quotetrack.review.widgets.listing import ListTable
from quotetrack.review.widgets.search import Search
from quotetrack.review.widgets.table import QueueTable
from quotetrack.store.queries import Filter, get_quote

PENDING = Filter(status="pending")
LOOKS = 5.0
"""Seconds after which it looks whether it still has a terminal."""
TURNS, HELD = 100, 2.0
"""How many turns of the event loop, and how many seconds, a key waits at most for the one before it."""
OURS = frozenset(binding.action.removeprefix("app.") for binding in KEYS if binding.action.startswith("app."))
DARK, LIGHT = "textual-dark", "textual-light"


class ReviewApp(App[None]):
    """The queue, in the theme of the reviewer's choice, with the other screens over it."""

    TITLE = "quotetrack review"
    BINDINGS = [*GO]  # noqa: RUF012
    CSS = "Input > .input--placeholder { color: $foreground 75%; }"  # Textual's is too faint in the light theme

    def __init__(
        self, engine: Any, *, reviewer: str, order: str = "uncertain", wanted: Filter = PENDING,
        keymap: Mapping[str, str] | None = None, theme: str = "dark",
    ) -> None:  # fmt: skip
        """With `wanted.second_for`, which is to be the reviewer, he gives second opinions."""
        super().__init__()
        self._engine = engine
        self._reviewer = reviewer
        self.keymap = dict(keymap or {})
        """Keys of the reviewer's choice, by the ids of their bindings."""
        self.positions = Positions()
        self.theme = DARK if theme == "dark" else LIGHT
        self._opening: Awaitable[Any] | None = None
        self._queue_screen = QueueScreen(engine, reviewer=reviewer, order=order, wanted=wanted)

    def get_default_screen(self) -> Screen[None]:
        return self._queue_screen

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What Ctrl+P offers: the same as the keys do, where they would do it."""
        for binding in KEYS if screen is self._queue_screen else ():
            action = binding.action
            if action.startswith("app.") or self._queue_screen.check_action(action, ()):
                yield SystemCommand(
                    f"{binding.description}  ({binding.key_display or binding.key})",
                    binding.tooltip,
                    lambda action=action: self._queue_screen.call_later(self._queue_screen.run_action, action),
                )

    def on_mount(self) -> None:
        self.set_keymap(self.keymap)
        if sys.__stdin__ is not None and sys.__stdin__.isatty():
            self.set_interval(LOOKS, self._leave_if_alone)
        self.install_screen(SourcesScreen(self._engine, self._reviewer), "sources")
        self.install_screen(MatchesScreen(self._engine, self._reviewer), "matches")
        self.install_screen(StatementsScreen(self._engine, self._reviewer), "statements")

    def _leave_if_alone(self) -> None:
        """Leave when the terminal is gone: not every one says so, and Textual would go on reading from nothing."""
        if sys.__stdin__ is not None and not sys.__stdin__.isatty():
            self.exit()

    def push_screen(self, *args: Any, **named: Any) -> Any:
        self._opening = opened = super().push_screen(*args, **named)
        return opened

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._key_before_is_done()
        await super().on_event(event)

    async def _key_before_is_done(self) -> None:
        """Wait until what the last key has set off has been gone through, and the dialog that it opened is there.

        Keys may come faster than that, and each is meant for what the one before has brought about.
        """
        until = monotonic() + HELD
        turns = 0
        while turns < TURNS and monotonic() < until:
            if opening := self._opening:
                self._opening = None
                await opening
            above = self.focused.ancestors_with_self if self.focused else ()
            if self._is_answered_soon():
                await asyncio.sleep(0.001)  # for the database
            elif any(pump.message_queue_size for pump in (*self.screen_stack, *above) if pump is not self):
                await asyncio.sleep(0)
                turns += 1
            else:
                return

    def _is_answered_soon(self) -> bool:
        screen = self.screen
        waits = isinstance(screen, (AskingScreen, Dialog)) and screen.holds_keys
        return waits or any(search.enters for search in screen.query(Search))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key goes elsewhere while words are typed, nor to where one is."""
        if action in OURS and isinstance(self.focused, Input):
            return False
        if action in ("back", "forward"):
            return bool(self.positions.ids)
        return not isinstance(self.screen, {"sources": SourcesScreen, "history": HistoryScreen}.get(action, ()))

    def action_switch_theme(self) -> None:
        self.theme = LIGHT if self.current_theme.dark else DARK

    async def action_quit(self) -> None:
        """Ctrl+Q, from any screen: leave once everything is saved."""
        self._queue_screen.action_quit()

    # going from screen to screen

    async def action_sources(self) -> None:
        if self._queue_screen.refuses("The list of sources, which tells what others decided,"):
            return
        await self._to_queue()
        self.push_screen("sources")

    async def action_statements(self) -> None:
        await self._to_queue()
        self.push_screen("statements")

    async def action_history(self) -> None:
        quote = self._queue_screen.current()
        subject = Subject(quote.id, quote.article_id) if quote else Subject()
        await self._show_history(subject)

    @on(OpenHistory)
    async def _history_wanted(self, message: OpenHistory) -> None:
        await self._show_history(message.subject)

    async def _show_history(self, subject: Subject) -> None:
        if not isinstance(self.screen, HistoryScreen):
            second = self._queue_screen.second
            self.push_screen(HistoryScreen(self._engine, self._reviewer, subject, second=second))

    @on(OpenAttribution)
    async def _attribution_wanted(self, message: OpenAttribution) -> None:
        here = self._queue_screen.current()
        self.positions.jump(here.id if here else None, message.attribution_id)
        await self.open_attribution(message.attribution_id)

    @on(OpenQuotes)
    async def _quotes_wanted(self, message: OpenQuotes) -> None:
        await self._to_queue()
        queue = self._queue_screen
        queue.queue.wanted = replace(queue.queue.wanted, source=f"#{message.source_id}", status="")
        queue.action_reload()

    @on(SourcesChanged)
    def _sources_changed(self) -> None:
        self._queue_screen.action_reload()

    async def action_back(self) -> None:
        here = self._queue_screen.current()
        await self._go(self.positions.back(here.id if here else None))

    async def action_forward(self) -> None:
        await self._go(self.positions.forward())

    async def _go(self, id_: int | None) -> None:
        if id_ is None:
            self._queue_screen.say("There is no further position to jump to.")
        else:
            await self.open_attribution(id_)

    async def open_attribution(self, id_: int) -> None:
        """Show an attribution in the queue, even if the queue as read does not hold it."""
        await self._to_queue()
        screen = self._queue_screen
        if id_ not in screen.queue.rows:
            try:
                quotes = screen.as_seen([get_quote(self._engine, id_)])
            except QuotetrackError as error:
                self.notify(one_line(str(error)), severity="error", timeout=10, markup=False)
                return
            if not quotes:
                screen.refuses("What a reviewer added")
                return
            [quote] = quotes
            screen.queue.insert(quote, screen.table.cursor_row if screen.queue.ids else 0)
        screen.show_queue(id_)

    async def _to_queue(self) -> None:
        while self.screen is not self._queue_screen:
            await self.pop_screen()


def all_bindings() -> Iterator[Binding]:
    """Every binding that may be given other keys, once."""
    seen: set[str] = set()
    for owner in (
        ReviewApp, QueueScreen, QueueTable, SourcesScreen, MatchesScreen, StatementsScreen, HistoryScreen, HistoryTable,
        ListTable, HelpScreen, Dialog, ConfirmDialog, Search,
    ):  # fmt: skip
        for binding in owner.BINDINGS:
            if isinstance(binding, Binding) and binding.id and binding.id not in seen:
                seen.add(binding.id)
                yield binding


def run(engine: Any, **options: Any) -> None:
    """Review attributions until the reviewer leaves.

    `engine` is what `quotetrack.store.schema.open_database` gives; `options` are those of `ReviewApp`. Every decision
    is stored when it is made.
    """
    gc.freeze()  # all that is imported by now stays: no key press waits until it has been gone through
    try:
        ReviewApp(engine, **options).run()
    finally:
        gc.freeze()  # on leaving, Python would go through everything once more, for the better part of a second
