"""Asking for a line of text, and for a yes."""

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from quotetrack.harmless import one_line

BOX = """
    {name} {{
        align: center middle;
        & > {box} {{ width: 70; max-width: 96%; height: auto; max-height: 96%; border: round $primary; padding: 0 1;
                      background: $surface; }}
        & .hint {{ color: $text-muted; }}
    }}
"""


class AskDialog(ModalScreen[str | None]):
    """Gives what was typed, or None. An empty line is an answer only if `may_be_empty`."""

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="ask.cancel", tooltip="Change nothing", priority=True)]  # noqa: RUF012
    DEFAULT_CSS = BOX.format(name="AskDialog", box="Vertical")

    def __init__(self, title: str, *, value: str = "", hint: str = "", may_be_empty: bool = False) -> None:
        super().__init__()
        self._title, self._value, self._hint, self._may_be_empty = title, value, hint, may_be_empty

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(one_line(self._title))
            yield Input(one_line(self._value), compact=True, max_length=500, select_on_focus=False)
            yield Static(Text(" · ".join(filter(None, (self._hint, "Enter takes it", "Esc cancels")))), classes="hint")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed or self._may_be_empty:
            self.dismiss(typed)

    def action_cancel(self) -> None:
        self.dismiss(None)


class ConfirmDialog(ModalScreen[bool]):
    """Shows what would be done, and gives whether it shall be."""

    BINDINGS = [  # noqa: RUF012
        Binding("y,enter", "answer(True)", "Yes", id="confirm.yes", tooltip="Do it", priority=True),
        Binding("n,escape", "answer(False)", "No", id="confirm.no", tooltip="Change nothing", priority=True),
    ]
    DEFAULT_CSS = BOX.format(name="ConfirmDialog", box="VerticalScroll")

    def __init__(self, title: str, lines: Sequence[Text]) -> None:
        super().__init__()
        self._title, self._lines = title, lines

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = Content(one_line(self._title))
            yield Static(Text("\n").join(self._lines))
            yield Static(Text("\ny or Enter does it · n or Esc does not"), classes="hint")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
