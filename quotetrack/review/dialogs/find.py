"""Picking one of many by typing a part of its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from quotetrack.harmless import one_line


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be picked."""

    value: Any
    label: str
    hint: str = ""


Offer = Callable[[str], Sequence[Choice]]
"""What may be picked, given what was typed; called in a thread."""


@dataclass
class Offered(Message):
    """The answer to what was typed, stale if more has been typed since."""

    number: int
    choices: Sequence[Choice]
    error: str = ""


class FindDialog(ModalScreen[Choice | None]):
    """Gives what was found, or None. Typing narrows the list; the arrows move in it."""

    BINDINGS = [  # noqa: RUF012
        Binding("escape", "cancel", "Cancel", id="find.cancel", tooltip="Pick nothing", priority=True),
        Binding(
            "down", "move(1)", "Down", show=False, id="find.down", tooltip="Move to the next choice", priority=True
        ),
        Binding("up", "move(-1)", "Up", show=False, id="find.up", tooltip="Move to the choice before", priority=True),
    ]
    DEFAULT_CSS = """
    FindDialog {
        align: center middle;
        & > Vertical { width: 70; max-width: 96%; height: auto; max-height: 96%; border: round $primary; padding: 0 1;
                       background: $surface; }
        & Static { color: $text-muted; }
        & OptionList { height: auto; max-height: 14; padding: 0; background: $surface; scrollbar-size-vertical: 1;
                       text-wrap: nowrap; text-overflow: ellipsis; }
        & OptionList, & OptionList:focus { border: none; }
        & Input { margin-bottom: 1; }
    }
    """

    def __init__(
        self, title: str, offer: Offer, *, about: str = "", placeholder: str = "type a part of a name"
    ) -> None:
        super().__init__()
        self._title, self._offer, self._about, self._placeholder = title, offer, about, placeholder
        self._number = self._answered = 0
        self._choices: Sequence[Choice] = ()
        self._picks_when_offered = False
        """Whether Enter was pressed before the choices for what was typed were there."""

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(one_line(self._title))
            if self._about:
                yield Static(Text(one_line(self._about), no_wrap=True, overflow="ellipsis"))
            yield Input(placeholder=self._placeholder, compact=True, max_length=500)
            yield (choices := OptionList())
            choices.can_focus = False
            yield Static("Enter picks · ↑ ↓ move · Esc cancels", id="find-says")

    def on_mount(self) -> None:
        self._look("")

    def _look(self, typed: str) -> None:
        self._number += 1
        number = self._number

        def work() -> None:
            try:
                answer = Offered(number, self._offer(typed))
            except Exception as error:  # whatever it is, the reviewer hears of it and the app lives on
                answer = Offered(number, (), str(error))
            self.post_message(answer)

        self.run_worker(work, thread=True, exit_on_error=False)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._look(event.value)

    @on(Offered)
    def _offered(self, answer: Offered) -> None:
        if answer.number != self._number:
            return
        self._choices = answer.choices
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([_line(choice) for choice in answer.choices])
        options.highlighted = 0 if answer.choices else None
        says = one_line(answer.error) if answer.error else "" if answer.choices else "Nothing fits · Esc cancels"
        self.query_one("#find-says", Static).update(Text(says or "Enter picks · ↑ ↓ move · Esc cancels"))
        self._answered = answer.number
        if self._picks_when_offered:
            self._pick()

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if self._answered != self._number:
            self._picks_when_offered = True
        else:
            self._pick()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index])

    def _pick(self) -> None:
        self._picks_when_offered = False
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None:
            self.dismiss(self._choices[chosen])

    def action_cancel(self) -> None:
        self.dismiss(None)


def _line(choice: Choice) -> Text:
    return Text.assemble(
        (one_line(choice.label), "bold"), "  ", (one_line(choice.hint), "dim"), no_wrap=True, overflow="ellipsis"
    )


def among(choices: Sequence[Choice]) -> Offer:
    """An offer of a few fixed choices: those whose words hold what was typed."""

    def offer(typed: str) -> Sequence[Choice]:
        words = typed.casefold().split()
        return [
            choice for choice in choices if all(word in f"{choice.label} {choice.hint}".casefold() for word in words)
        ]

    return offer
