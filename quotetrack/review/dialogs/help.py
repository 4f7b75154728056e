"""All keys, and what the signs mean."""

from collections.abc import Iterable, Mapping

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

SIGNS = (
    ("·", "pending"), ("✓", "accepted"), ("✗", "rejected"), ("…", "being saved"), ("–", "skipped in this session"),
    ("@", "before another reviewer"),
)  # fmt: skip
NOTE = (
    "An item counts as decided when the database has stored it. Undo takes back your own newest decision, also "
    "one of an earlier session. ↑ ↓ Home End PgUp PgDn move in the queue; Tab goes to the article and back; Ctrl+P "
    "finds a command by its name. While a field is being typed in, the keys above do nothing."
)


class HelpScreen(ModalScreen[None]):
    """Lists the bindings it is given, so that it cannot fall behind them."""

    BINDINGS = [  # noqa: RUF012
        Binding(
            "escape,question_mark,q",
            "dismiss",
            "Close",
            key_display="Esc",
            id="help.close",
            tooltip="Back",
            priority=True,
        )
    ]
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll { width: 72; max-width: 96%; height: auto; max-height: 96%; border: round $primary;
                             padding: 0 1; background: $surface; }
        & Static { margin-bottom: 1; }
        & .group { margin-bottom: 0; }
    }
    """

    def __init__(self, groups: Mapping[str, Iterable[Binding]]) -> None:
        super().__init__()
        self._groups = groups

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes"
            for group, bindings in self._groups.items():
                yield Static(Text(group, "bold underline"), classes="group")
                yield Static(_two_columns((one.key_display or one.key, one.tooltip) for one in bindings))
            yield Static(Text("Signs", "bold underline"), classes="group")
            yield Static(_two_columns(SIGNS))
            yield Static(NOTE, markup=False)


def _two_columns(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for left, right in rows:
        table.add_row(Text(left, "bold"), Text(right))
    return table
