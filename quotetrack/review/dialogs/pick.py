"""Choosing by a single key, and typing a line."""

from collections.abc import Mapping

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from quotetrack.harmless import one_line, quoted
from quotetrack.review.dialogs.base import Dialog


class PickDialog(Dialog[str]):
    """A short list; each entry has a key of its own. `now` is what holds at present."""

    DEFAULT_CSS = "PickDialog { & > .box { width: 44; } }"

    def __init__(self, title: str, choices: Mapping[str, str], now: str = "", *, about: str = "") -> None:
        super().__init__()
        self._title, self._choices, self._now, self._about = title, dict(choices), now, about

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(one_line(self._title))
            if self._about:
                yield Static(Text(quoted(self._about), no_wrap=True, overflow="ellipsis"), classes="muted cut")
            rows = (f"{key}  {value}{'  (now)' if value == self._now else ''}" for key, value in self._choices.items())
            yield OptionList(*map(Text, rows))
            yield Static("the letter, or Enter · Esc cancels", classes="muted", markup=False)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        self.set_focus(options)
        values = list(self._choices.values())
        options.highlighted = values.index(self._now) if self._now in values else 0

    def on_key(self, event: events.Key) -> None:
        if self.typed(event) and event.character in self._choices:
            self.dismiss(self._choices[event.character])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(list(self._choices.values())[event.option_index])


class LineDialog(Dialog[str]):
    """A line to be typed; an empty one is an answer only if `may_be_empty`.

    What is typed follows `value`, or takes its place if that is a `proposal`.
    """

    def __init__(
        self,
        title: str,
        *,
        value: str = "",
        about: str = "",
        hint: str = "",
        may_be_empty: bool = False,
        proposal: bool = False,
    ) -> None:
        super().__init__()
        self._proposal = proposal
        self._title, self._value, self._about, self._may_be_empty = title, value, about, may_be_empty
        self._hint = " · ".join(filter(None, (hint, "Enter does it", "Esc cancels")))

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(one_line(self._title))
            if self._about:
                yield Static(Text(quoted(self._about), no_wrap=True, overflow="ellipsis"), classes="muted cut")
            yield Input(one_line(self._value), compact=True, max_length=2000, select_on_focus=self._proposal)
            yield Static(self._hint, classes="muted", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed or self._may_be_empty:
            self.dismiss(typed)
