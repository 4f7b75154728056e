"""A list as a table: one line an item, its columns as wide as there is room for."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.widgets import DataTable

from quotetrack.harmless import one_line


class Column(NamedTuple):
    title: str
    least: int
    """Its least width."""
    share: int = 0
    """Its share of the width that is left over."""
    right: bool = False
    wide_only: bool = False
    """Whether it is left out where there is little room."""


WIDE = 110
"""From this many cells on there is room for all columns."""


class ListTable(DataTable[Text]):
    """Shows rows that have an id. Knows what a row looks like, not what is done with it."""

    BINDINGS = [  # noqa: RUF012
        Binding("home", "scroll_top", "First", show=False, id="list.first", tooltip="Move to the first line"),
        Binding("end", "scroll_bottom", "Last", show=False, id="list.last", tooltip="Move to the last line read"),
    ]
    DEFAULT_CSS = """
    ListTable {
        scrollbar-size: 1 1;
        overflow-x: hidden;
        &:nocolor > .datatable--cursor { text-style: reverse; }
    }
    """

    def __init__(self, columns: Sequence[Column], cells: Callable[[Any], Sequence[str]], *, id: str = "") -> None:
        """`cells` gives a row's texts, one for each of `columns`."""
        super().__init__(id=id or None, cursor_type="row", show_row_labels=False)
        self._specs = columns
        self._cells = cells
        self._width = 0
        self.shown: dict[int, Any] = {}
        """The rows by their ids, in order."""

    def current(self) -> Any | None:
        """The row under the cursor."""
        if not self.row_count:
            return None
        key = self.coordinate_to_cell_key(Coordinate(self.cursor_row, 0)).row_key.value
        return self.shown.get(int(str(key)))

    def show(self, rows: Iterable[Any], current: int | None = None) -> None:
        """Show these rows, with the cursor on the one of the id `current`, or else where it was."""
        place = self.cursor_row
        self._width = self.scrollable_content_region.width
        self.clear(columns=True)
        self.shown = {}
        for column, width in self._laid_out():
            heading = Text(column.title, justify="right" if column.right else "left")
            self.add_column(heading, key=column.title, width=width)
        self.append(rows)
        if current in self.shown:
            place = list(self.shown).index(current)
        if self.shown:
            self.move_cursor(row=min(place, len(self.shown) - 1), animate=False)

    def append(self, rows: Iterable[Any]) -> None:
        """Add rows at the end; those that are there already are left out."""
        for row in rows:
            if row.id not in self.shown:
                self.shown[row.id] = row
                self.add_row(*self._texts(row), key=str(row.id))

    def put(self, row: Any) -> None:
        """Show anew a row that has changed, if it is there."""
        if row.id in self.shown:
            self.shown[row.id] = row
            for (column, _), text in zip(self._laid_out(), self._texts(row), strict=True):
                self.update_cell(str(row.id), column.title, text)

    def on_resize(self, _event: events.Resize) -> None:
        if self.shown and self.scrollable_content_region.width != self._width:
            current = self.current()
            self.show(list(self.shown.values()), current.id if current else None)

    def _laid_out(self) -> list[tuple[Column, int]]:
        columns = [column for column in self._specs if self._width >= WIDE or not column.wide_only]
        room = self._width - sum(column.least + 2 * self.cell_padding for column in columns)
        shares = sum(column.share for column in columns) or 1
        return [(column, column.least + max(room, 0) * column.share // shares) for column in columns]

    def _texts(self, row: Any) -> list[Text]:
        """`Text`, because plain strings would be read as markup."""
        values = dict(zip(self._specs, self._cells(row), strict=True))
        return [
            Text(
                one_line(values[column]), no_wrap=True, overflow="ellipsis", end="",
                justify="right" if column.right else "left",
            )
            for column, _ in self._laid_out()
        ]  # fmt: skip
