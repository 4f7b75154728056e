"""A field in which one of many is found by typing a part of its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
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


def among(choices: Sequence[Choice]) -> Offer:
    """An offer of a few fixed choices: those whose words hold what was typed."""

    def offer(typed: str) -> Sequence[Choice]:
        words = typed.casefold().split()
        return [
            choice for choice in choices if all(word in f"{choice.label} {choice.hint}".casefold() for word in words)
        ]

    return offer


@dataclass
class Offered(Message):
    """The answer to what was typed."""

    typed: str
    choices: Sequence[Choice]
    error: str = ""


class Search(Vertical):
    """The field keeps the focus; ↑ and ↓ move in what was found, and Enter chooses."""

    BINDINGS = [  # noqa: RUF012
        Binding("down", "move(1)", show=False, id="find.down", tooltip="Move to the next choice", priority=True),
        Binding("up", "move(-1)", show=False, id="find.up", tooltip="Move to the choice before", priority=True),
    ]
    DEFAULT_CSS = """
    Search {
        height: auto;
        & > OptionList { height: 7; }  /* always: a box that grows and shrinks while one types is no calm sight */
        & > .wrong { display: none; color: $text-error; height: auto; }
        & > .wrong.-said { display: block; }
    }
    """

    @dataclass
    class Chosen(Message):
        choice: Choice | None
        """None if nothing was typed, and nothing was offered for that."""

    def __init__(self, offer: Offer, placeholder: str) -> None:
        super().__init__()
        self._offer = offer
        self._placeholder = placeholder
        self._choices: Sequence[Choice] = ()
        self._asked: str | None = None
        """What is being looked for."""
        self._answered: str | None = None
        """What the choices are for."""
        self.enters = False
        """Whether Enter was pressed before the choices for what was typed were there."""

    def compose(self) -> ComposeResult:
        yield Input(placeholder=self._placeholder, compact=True, max_length=300)
        options = OptionList()
        options.can_focus = False
        yield options
        yield Static(classes="wrong", markup=False)

    def on_mount(self) -> None:
        self._look()

    @property
    def input(self) -> Input:
        return self.query_one(Input)

    @property
    def is_busy(self) -> bool:
        """Whether the choices for what was typed are still to come."""
        return self._answered != self._typed

    @property
    def _typed(self) -> str:
        return self.input.value.strip()

    @on(Input.Changed)
    def _look(self) -> None:
        """Look for what was typed, once what is being looked for is found: one look at a time is enough."""
        if self._asked is not None or not self.is_busy:
            return
        typed = self._asked = self._typed

        def work() -> None:
            try:
                answer = Offered(typed, self._offer(typed))
            except Exception as error:  # whatever it is, the reviewer hears of it and the app lives on
                answer = Offered(typed, (), str(error))
            self.post_message(answer)

        self.run_worker(work, thread=True, exit_on_error=False)

    @on(Offered)
    def _offered(self, answer: Offered) -> None:
        self._asked, self._answered, self._choices = None, answer.typed, answer.choices
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([_line(choice) for choice in answer.choices])
        options.highlighted = 0 if answer.choices else None
        wrong = self.query_one(".wrong", Static)
        wrong.set_class(bool(answer.error), "-said")
        wrong.update(one_line(answer.error))
        self._look()
        if self.enters:
            self._choose()

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._choose()

    def _choose(self) -> None:
        self.enters = self.is_busy
        if self.enters:
            self._look()
        elif self._choices:
            self.post_message(self.Chosen(self._choices[self.query_one(OptionList).highlighted or 0]))
        elif not self._typed:
            self.post_message(self.Chosen(None))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._choices[event.option_index]))


def _line(choice: Choice) -> Text:
    return Text.assemble(
        (one_line(choice.label), "bold"), "  ", (one_line(choice.hint), "dim"), no_wrap=True, overflow="ellipsis"
    )
