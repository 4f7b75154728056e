"""The review app: `run` is all that the command line needs to know of it."""

from collections.abc import Iterable
from typing import Any

from textual.app import App, SystemCommand
from textual.screen import Screen

from quotetrack.review.screens.keys import KEYS
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.store.queries import Filter

PENDING = Filter(status="pending")
DARK, LIGHT = "textual-dark", "textual-light"


class ReviewApp(App[None]):
    """One screen, in the theme of the reviewer's choice."""

    TITLE = "quotetrack review"

    def __init__(self, engine: Any, *, reviewer: str, order: str = "uncertain", wanted: Filter = PENDING) -> None:
        super().__init__()
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

    def action_switch_theme(self) -> None:
        self.theme = LIGHT if self.current_theme.dark else DARK

    async def action_quit(self) -> None:
        """Ctrl+Q, from any screen: leave once everything is saved."""
        self._queue_screen.action_quit()


def run(engine: Any, *, reviewer: str, order: str = "uncertain", wanted: Filter = PENDING) -> None:
    """Review attributions until the reviewer leaves.

    `engine` is what `quotetrack.store.schema.open_database` gives. Every decision is stored when it is made.
    """
    ReviewApp(engine, reviewer=reviewer, order=order, wanted=wanted).run()
