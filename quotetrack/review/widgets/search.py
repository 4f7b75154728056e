"""A field in which a source is found as its name is typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList

from quotetrack.harmless import one_line
from quotetrack.review.names import Link, is_known, search
from quotetrack.store.sources import NamedSource


class SourceSearch(Vertical):
    """The field keeps the focus; ↑ and ↓ move in what was found, and Enter chooses."""

    DEFAULT_CSS = """
    SourceSearch {
        height: auto;
        & > OptionList { height: 7; }  /* always: a box that grows and shrinks while one types is no calm sight */
    }
    """

    @dataclass
    class Chosen(Message):
        link: Link | None
        """None if nothing was typed; without an id if it is to be a new source."""

    def __init__(self, placeholder: str, *, may_be_new: bool = True) -> None:
        super().__init__()
        self._placeholder = placeholder
        self._may_be_new = may_be_new
        self._names: Sequence[NamedSource] | None = None
        """None as long as they are not read: till then nothing can be said to be new."""
        self._entered = False
        """Whether Enter waits for the names."""
        self._found: list[Link] = []
        self._looked_for = ""

    def compose(self) -> ComposeResult:
        yield Input(placeholder=self._placeholder, compact=True, max_length=300)
        options = OptionList()
        options.can_focus = False
        yield options

    @property
    def input(self) -> Input:
        return self.query_one(Input)

    def know(self, names: Sequence[NamedSource]) -> None:
        """The names to search, which may come after something was typed."""
        self._names = names
        if not self.query(Input):  # they came before the field
            return
        self._look()
        if self._entered:
            self._choose()

    @on(Input.Changed)
    def _look(self) -> None:
        typed = self._looked_for = self.input.value.strip()
        named = search(self._names or (), typed)
        self._found = [Link(one.name, one.id) for one in named]
        lines = [_line(one) for one in named]
        if typed and self._may_be_new and self._names is not None and not is_known(self._names, typed):
            self._found.append(Link(typed))
            lines.append(Text.assemble("+ new source ", (one_line(typed), "bold")))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(lines)
        options.highlighted = 0 if lines else None

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            options = self.query_one(OptionList)
            (options.action_cursor_down if event.key == "down" else options.action_cursor_up)()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._entered = self._names is None and bool(self.input.value.strip())
        if not self._entered:
            self._choose()

    def _choose(self) -> None:
        self._entered = False
        if self._looked_for != self.input.value.strip():  # Enter has overtaken the news of what was typed
            self._look()
        index = self.query_one(OptionList).highlighted
        if not self.input.value.strip():
            self.post_message(self.Chosen(None))
        elif self._found:
            self.post_message(self.Chosen(self._found[index or 0]))


def _line(named: NamedSource) -> Text:
    also = f" ({one_line(named.alias)})" if named.alias != named.name else ""
    kind = named.kind.replace("_", " ")
    return Text.assemble((one_line(named.name), "bold"), also, f"  {kind}", no_wrap=True, overflow="ellipsis")
