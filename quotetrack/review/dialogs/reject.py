"""Asking why an attribution is rejected."""

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from quotetrack.harmless import quoted
from quotetrack.store.decisions import REASONS


class RejectDialog(ModalScreen[str | None]):
    """Gives the reason, or None if the reviewer thinks better of it."""

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="reject.cancel", tooltip="Reject nothing")]  # noqa: RUF012
    DEFAULT_CSS = """
    RejectDialog {
        align: center middle;
        & > Vertical { width: 60; max-width: 96%; height: auto; max-height: 96%; border: round $error; padding: 0 1;
                       background: $surface; }
        & Static { color: $text-muted; }
        & OptionList { height: auto; padding: 0; background: $surface; }
        & OptionList, & OptionList:focus { border: none; }
        & Input { margin-top: 1; }
    }
    """

    def __init__(self, content: str) -> None:
        super().__init__()
        self._content = content

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Why is this rejected?"
            yield Static(Text(quoted(self._content), no_wrap=True, overflow="ellipsis"))
            yield OptionList(*(Text(f"{number}  {reason}") for number, reason in enumerate(REASONS, 1)))
            yield Input(
                placeholder="or type another reason, then Enter", max_length=200, compact=True, select_on_focus=False
            )
            yield Static(f"1-{len(REASONS)} or Enter picks · Esc cancels")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        """A digit picks a reason; any other character begins one. In the input, keys are only typed."""
        field = self.query_one(Input)
        if field.has_focus or not event.is_printable or not event.character or event.character == " ":
            return
        event.stop()
        event.prevent_default()
        if event.character.isdecimal():
            number = int(event.character)
            if 1 <= number <= len(REASONS):
                self.dismiss(REASONS[number - 1])
            return
        field.focus()
        field.insert_text_at_cursor(event.character)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(REASONS[event.option_index])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if reason := event.value.strip():
            self.dismiss(reason)

    def action_cancel(self) -> None:
        self.dismiss(None)
