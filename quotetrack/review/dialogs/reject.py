"""Asking why an attribution is rejected."""

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static

from quotetrack.harmless import quoted
from quotetrack.review.dialogs.base import Dialog
from quotetrack.store.decisions import REASONS


class RejectDialog(Dialog[str]):
    """Gives the reason, or None if the reviewer thinks better of it."""

    DEFAULT_CSS = "RejectDialog { & > .box { width: 60; border: round $error; } & Input { margin-top: 1; } }"

    def __init__(self, content: str) -> None:
        super().__init__()
        self._content = content

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "Why is this rejected?"
            yield Static(Text(quoted(self._content), no_wrap=True, overflow="ellipsis"), classes="muted cut")
            yield OptionList(*(Text(f"{number}  {reason}") for number, reason in enumerate(REASONS, 1)))
            yield Input(
                placeholder="or type another reason, then Enter", max_length=200, compact=True, select_on_focus=False
            )
            yield Static(f"1-{len(REASONS)} or Enter picks · Esc cancels", classes="muted")

    def on_mount(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def on_key(self, event: events.Key) -> None:
        """A digit picks a reason; any other character begins one. In the input, keys are only typed."""
        if event.character == " " or not self.typed(event) or not event.character:
            return
        if event.character.isdecimal():
            number = int(event.character)
            if 1 <= number <= len(REASONS):
                self.dismiss(REASONS[number - 1])
            return
        field = self.query_one(Input)
        self.set_focus(field)
        field.insert_text_at_cursor(event.character)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(REASONS[event.option_index])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if reason := event.value.strip():
            self.dismiss(reason)
