"""Showing what an act would do, before it is done."""

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from quotetrack.harmless import one_line
from quotetrack.review.dialogs.base import Dialog


class ConfirmDialog(Dialog[bool]):
    """Enter agrees to what is shown; with `also`, `a` agrees to more, and the answer to that is False."""

    BINDINGS = [  # noqa: RUF012
        Binding("enter,y", "agree", "Do it", id="confirm.agree", tooltip="Do what is shown", priority=True),
        Binding("n", "cancel", "Leave it", id="confirm.refuse", tooltip="Change nothing", priority=True),
    ]
    DEFAULT_CSS = "ConfirmDialog { & VerticalScroll { height: auto; max-height: 14; margin-bottom: 1; } }"

    def __init__(self, title: str, lines: Sequence[str | Text], question: str, *, also: str = "") -> None:
        super().__init__()
        self._title, self._lines, self._question, self._also = title, lines, question, also

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(one_line(self._title))
            with VerticalScroll():
                yield Static(
                    Text("\n").join(line if isinstance(line, Text) else Text(one_line(line)) for line in self._lines)
                )
            yield Static(Text(self._question, "bold"))
            also = f"a {self._also} · " if self._also else ""
            yield Static(f"Enter or y yes · {also}Esc or n no", classes="muted", markup=False)

    def on_key(self, event: events.Key) -> None:
        if self._also and event.character == "a":
            event.stop()
            self.dismiss(False)

    def action_agree(self) -> None:
        self.dismiss(True)
