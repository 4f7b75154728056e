"""Picking one of many by typing a part of its name."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from quotetrack.harmless import one_line
from quotetrack.review.dialogs.base import Dialog
from quotetrack.review.widgets.search import Choice, Offer, Search


class FindDialog(Dialog[Choice]):
    """Gives what was found. Typing narrows the list; the arrows move in it."""

    DEFAULT_CSS = "FindDialog { & OptionList { height: 14; } }"

    def __init__(self, title: str, offer: Offer, *, placeholder: str = "type a part of a name") -> None:
        super().__init__()
        self._title, self._offer, self._placeholder = title, offer, placeholder

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(one_line(self._title))
            yield Search(self._offer, self._placeholder)
            yield Static("Enter picks · ↑ ↓ move · Esc cancels", classes="muted", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Search).input)

    @on(Search.Chosen)
    def _chosen(self, event: Search.Chosen) -> None:
        if event.choice is not None:
            self.dismiss(event.choice)
