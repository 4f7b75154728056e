"""What a source is that is named here for the first time."""

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from quotetrack.domain import SourceKind
from quotetrack.harmless import one_line
from quotetrack.review.dialogs.base import Dialog
from quotetrack.review.names import Link
from quotetrack.review.widgets.search import Offer, Search
from quotetrack.store.decisions import NewSource

LETTERS = dict(zip("pgoyiatfcrundk", SourceKind, strict=True))
"""A key for each kind."""


class NewSourceDialog(Dialog[NewSource]):
    """First the kind, by one key; then who controls it, which may be left empty."""

    DEFAULT_CSS = "NewSourceDialog { & OptionList { max-height: 14; } & Search { display: none; } }"

    def __init__(self, name: str, controllers: Offer) -> None:
        super().__init__()
        self._source, self._controllers = name, controllers
        self._kind = SourceKind.UNKNOWN

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "A new source: of what kind?"
            yield Static(Text(one_line(self._source), "bold", no_wrap=True, overflow="ellipsis"), classes="cut")
            yield OptionList(*(Text(f"{key}  {kind.replace('_', ' ')}") for key, kind in LETTERS.items()), id="kinds")
            yield Search(self._controllers, "who controls it? Enter leaves that open")
            yield Static("the letter, or Enter · Esc cancels", id="hint", classes="muted", markup=False)

    def on_mount(self) -> None:
        kinds = self.query_one("#kinds", OptionList)
        self.set_focus(kinds)
        kinds.highlighted = list(LETTERS.values()).index(SourceKind.PERSON)

    def on_key(self, event: events.Key) -> None:
        if self.typed(event) and event.character in LETTERS:
            self._chose(LETTERS[event.character])

    @on(OptionList.OptionSelected, "#kinds")
    def _kind_selected(self, event: OptionList.OptionSelected) -> None:
        self._chose(list(LETTERS.values())[event.option_index])

    def _chose(self, kind: SourceKind) -> None:
        self._kind = kind
        self.query_one("#kinds").display = False
        search = self.query_one(Search)
        search.display = True
        self.set_focus(search.input)
        self.query_one("#hint", Static).update(f"{kind.replace('_', ' ')} · Enter does it · Esc cancels")

    @on(Search.Chosen)
    def _controller(self, event: Search.Chosen) -> None:
        above: Link | None = event.choice.value if event.choice else None
        self.dismiss(NewSource(self._kind, controller=above.given if above else None))
