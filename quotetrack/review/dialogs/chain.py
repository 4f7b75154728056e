"""Who said it, and through whom: the speaker alone, or the whole chain."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from quotetrack.domain import HopRole
from quotetrack.harmless import one_line, quoted
from quotetrack.review.dialogs.base import Dialog
from quotetrack.review.dialogs.new_source import NewSourceDialog
from quotetrack.review.names import Link
from quotetrack.review.widgets.chain import ARROW
from quotetrack.review.widgets.search import Offer, Search
from quotetrack.store.decisions import ChainFix, NewSource
from quotetrack.store.queries import HopView


@dataclass(frozen=True, slots=True)
class ChainAnswer:
    links: tuple[Link, ...]
    has_speaker: bool
    only_speaker: bool
    everywhere: bool
    """Whether all of the article that name the same are to be mended too."""

    @property
    def fix(self) -> ChainFix:
        new = {link.name: link.new for link in self.links if link.id is None and link.new is not None}
        names = tuple(link.given for link in self.links)
        return ChainFix(names, self.has_speaker, only_speaker=self.only_speaker, new=new)

    @property
    def said(self) -> str:
        names = ARROW.join(link.name for link in self.links)
        if self.only_speaker:
            return f"speaker {names}"
        return f"chain {names or 'nobody named'}"


class ChainDialog(Dialog[ChainAnswer]):
    """With `only_speaker`, the name typed is the answer; else names typed go into the list, and Enter there ends."""

    BINDINGS = [  # noqa: RUF012
        Binding("ctrl+t", "everywhere", "All of the same name", priority=True, id="chain.everywhere",
                tooltip="Mend all of the article that name the same, after a preview"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    ChainDialog {
        & #hops { max-height: 5; }
        & Search { border-top: solid $primary; }
        & #how { margin-top: 1; }
    }
    """

    def __init__(
        self, title: str, content: str, hops: Sequence[HopView], offer: Offer, controllers: Offer, *,
        outlet: str = "", only_speaker: bool = False, may_be_everywhere: bool = True, may_skip: bool = False,
        second: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self._title, self._content, self._outlet = title, content, outlet
        self._only_speaker = only_speaker
        self._may_be_everywhere = may_be_everywhere and not second
        self._second = second
        self._may_skip = may_skip
        self._links = [Link(hop.name, hop.source_id) for hop in hops]
        self._has_speaker = not hops or hops[-1].role == HopRole.SPEAKER
        self._everywhere = False
        self._place: int | None = None
        """Which link what is typed replaces; None if it is put in."""
        self._offer, self._controllers = offer, controllers

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = self._title
            yield Static(Text(quoted(self._content), no_wrap=True, overflow="ellipsis"), classes="muted cut")
            yield Static(id="drawn", markup=False)
            yield OptionList(id="hops")
            yield Search(self._offer, "name or alias; ↑ ↓ move in what is found, Enter takes it")
            yield Static(id="how", markup=False)
            yield Static(id="hint", classes="muted", markup=False)

    def on_mount(self) -> None:
        hops = self.query_one("#hops", OptionList)
        self._show(len(self._links) - 1)
        if self._only_speaker:
            hops.display = False
            self.set_focus(self.search.input)
        else:
            self.set_focus(hops)

    @property
    def search(self) -> Search:
        return self.query_one(Search)

    def _show(self, highlighted: int) -> None:
        options = self.query_one("#hops", OptionList)
        options.clear_options()
        last = len(self._links) - 1
        for index, link in enumerate(self._links):
            role = "speaker" if self._has_speaker and index == last else "channel"
            options.add_option(Text.assemble(f"{index + 1} {role}  ", (one_line(link.name), "bold"),
                                             "  new" if link.id is None else ""))  # fmt: skip
        options.highlighted = min(max(highlighted, 0), last) if self._links else None
        names = [*([one_line(self._outlet)] if self._outlet else []), *(one_line(link.name) for link in self._links)]
        names += [] if self._has_speaker and self._links else ["nobody named"]
        self.query_one("#drawn", Static).update(ARROW.join(names))
        self._show_hints()

    def _show_hints(self) -> None:
        mark = "x" if self._everywhere else " "
        how = f"[{mark}] Ctrl+T  all of the article that name the same" if self._may_be_everywhere else ""
        how = "All of the article that name the same: not in a second review" if self._second else how
        self.query_one("#how", Static).update(how)
        if self.search.input.has_focus or self._only_speaker:
            hint = "Enter leaves it open · " if self._may_skip else ""
            hint += "type a name, Enter takes it · Esc " + ("cancels" if self._only_speaker else "back to the chain")
        else:
            hint = "Enter saves · a add · r replace · x remove · < > move · z nobody named · Esc cancels"
        self.query_one("#hint", Static).update(hint)

    def on_descendant_focus(self) -> None:
        self._show_hints()

    def on_key(self, event: events.Key) -> None:
        """Keys on the list of hops."""
        if event.key == "delete" and not self.search.input.has_focus:
            event.stop()
            self._remove(self._index)
            return
        if not self.typed(event) or not event.character:
            return
        index, key = self._index, event.character
        if key in "a+":
            self._type(None)
        elif key == "r" and self._links:
            self._type(index)
        elif key in "x-":
            self._remove(index)
        elif key in "<K":
            self._swap(index, index - 1)
        elif key in ">J":
            self._swap(index, index + 1)
        elif key == "z":
            self._has_speaker = not self._has_speaker
            self._show(index)

    @property
    def _index(self) -> int:
        return self.query_one("#hops", OptionList).highlighted or 0

    def _type(self, place: int | None) -> None:
        self._place = place
        self.search.input.value = ""
        self.set_focus(self.search.input)

    def _remove(self, index: int) -> None:
        if self._links:
            del self._links[index]
            self._show(index)

    def _swap(self, one: int, other: int) -> None:
        if 0 <= other < len(self._links):
            self._links[one], self._links[other] = self._links[other], self._links[one]
            self._show(other)

    @on(Search.Chosen)
    def _chosen(self, event: Search.Chosen) -> None:
        if event.choice is None:
            if self._only_speaker and self._may_skip:
                self._finish([])
            elif not self._only_speaker:
                self.set_focus(self.query_one("#hops"))
            return
        link: Link = event.choice.value
        if link.id is not None:
            self._take(link)
            return

        def answered(new: NewSource | None) -> None:
            if new is not None:
                self._take(Link(link.name, None, new))

        self.app.push_screen(NewSourceDialog(link.name, self._controllers), answered)

    def _take(self, link: Link) -> None:
        if self._only_speaker:
            self._finish([link])
            return
        if self._place is not None:
            self._links[self._place] = link
            at = self._place
        else:  # before the speaker: what is added is most often a channel
            at = len(self._links) - 1 if self._has_speaker and self._links else len(self._links)
            self._links.insert(at, link)
        self.search.input.value = ""
        self.set_focus(self.query_one("#hops"))
        self._show(at)

    @on(OptionList.OptionSelected, "#hops")
    def _done(self) -> None:
        self._finish(self._links)

    def _finish(self, links: Sequence[Link]) -> None:
        has_speaker = (self._has_speaker and bool(links)) or self._only_speaker
        self.dismiss(ChainAnswer(tuple(links), has_speaker, self._only_speaker, self._everywhere))

    def action_everywhere(self) -> None:
        self._everywhere = self._may_be_everywhere and not self._everywhere
        self._show_hints()

    def action_cancel(self) -> None:
        if self.search.input.has_focus and not self._only_speaker:
            self.set_focus(self.query_one("#hops"))
        else:
            self.dismiss(None)
