"""All keys, and what the signs mean."""

from collections.abc import Iterable, Mapping

from rich.console import Group
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
        background: transparent;
        & > VerticalScroll { width: 76; max-width: 96%; height: auto; max-height: 96%; border: round $primary;
                             padding: 0 1; background: $surface; }
    }
    """

    def __init__(self, groups: Mapping[str, Iterable[Binding]]) -> None:
        super().__init__()
        self._groups = groups

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc closes"
            tables = {name: [(one.key_display or one.key, one.tooltip) for one in keys]
                      for name, keys in self._groups.items()}  # fmt: skip
            parts: list[Text | Table] = []
            for name, rows in (tables | {"Signs": SIGNS}).items():
                parts += [Text(name, "bold underline"), _two_columns(rows), Text()]
            yield Static(Group(*parts, Text(NOTE)))


def _two_columns(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=7)
    for left, right in rows:
        table.add_row(Text(left, "bold"), Text(right))
    return table
