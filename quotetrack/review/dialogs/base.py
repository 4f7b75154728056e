"""What all dialogs have in common: a box in the middle, and Esc."""

from typing import Generic, TypeVar

from textual import events
from textual.binding import Binding
from textual.screen import ModalScreen

Answered = TypeVar("Answered")


class Dialog(ModalScreen[Answered | None], Generic[Answered]):
    """Gives its answer, or None if the reviewer thinks better of it."""

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="dialog.cancel", tooltip="Change nothing", priority=True)]  # noqa: RUF012
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: transparent;  /* what it is about stays in sight */
        & > .box { width: 72; max-width: 96%; height: auto; max-height: 96%; border: round $primary; padding: 0 1;
                   background: $surface; }
        & .muted { color: $text-muted; }
        & .cut, & OptionList { text-wrap: nowrap; text-overflow: ellipsis; }
        & OptionList { height: auto; padding: 0; background: $surface; scrollbar-size-vertical: 1; }
        & OptionList, & OptionList:focus { border: none; }
        &:nocolor OptionList > .option-list--option-highlighted { text-style: reverse; }
    }
    """

    holds_keys = False
    """Whether it is not all there yet, and what is to come may be what a key is meant for."""

    def typed(self, event: events.Key) -> bool:
        """Whether a key is a character that no input took; the dialog then decides what it does."""
        if not event.is_printable or not event.character:
            return False
        event.stop()
        event.prevent_default()
        return True

    def action_cancel(self) -> None:
        self.dismiss(None)
