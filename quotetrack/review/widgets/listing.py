"""A list as a table: one line an item, its columns as wide as there is room for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

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
HEADING = 1
"""Lines above the first item; they do not scroll."""


class ListTable(ScrollView, can_focus=True):
    """Shows rows that have an id. Knows what a row looks like, not what is done with it.

    Only the lines in sight are made, and only those that changed are made again: Textual's DataTable makes every cell
    anew when one of them changes.
    """

    @dataclass
    class Moved(Message):
        """Another row is under the cursor."""

        id: int | None

    BINDINGS = [  # noqa: RUF012
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move_page(-1)", show=False),
        Binding("pagedown", "move_page(1)", show=False),
        Binding("home", "first", show=False, id="list.first", tooltip="Move to the first line"),
        Binding("end", "last", show=False, id="list.last", tooltip="Move to the last line read"),
    ]
    COMPONENT_CLASSES = {"table--heading", "table--cursor"}  # noqa: RUF012
    DEFAULT_CSS = """
    ListTable {
        scrollbar-size: 1 1;
        overflow-x: hidden;
        & > .table--heading { background: $panel; color: $foreground; text-style: bold; }
        & > .table--cursor { background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; }
        &:focus > .table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        &:nocolor > .table--cursor { text-style: reverse; }
    }
    """

    def __init__(self, columns: Sequence[Column], cells: Callable[[Any], Sequence[str]], *, id: str = "") -> None:
        """`cells` gives a row's texts, one for each of `columns`."""
        super().__init__(id=id or None)
        self._columns = columns
        self._cells = cells
        self.shown: dict[int, Any] = {}
        """The rows by their ids, in order."""
        self._ids: list[int] = []
        self._told: int | None = None
        """The row of which it was told last that it is under the cursor."""
        self.cursor_row = 0

    @property
    def row_count(self) -> int:
        return len(self._ids)

    @property
    def current_id(self) -> int | None:
        """The id of the row under the cursor."""
        return self._ids[self.cursor_row] if self._ids else None

    def current(self) -> Any | None:
        """The row under the cursor."""
        return self.shown[self._ids[self.cursor_row]] if self._ids else None

    # rows

    def show(self, rows: Iterable[Any], current: int | None = None) -> None:
        """Show these rows, with the cursor on the one of the id `current`, or else where it was."""
        self.shown = {row.id: row for row in rows}
        self._ids = list(self.shown)
        if current in self.shown:
            self.cursor_row = self._ids.index(current)
        self._changed()

    def append(self, rows: Iterable[Any]) -> None:
        """Add rows at the end; those that are there already are left out."""
        for row in rows:
            if row.id not in self.shown:
                self.shown[row.id] = row
                self._ids.append(row.id)
        self._changed()

    def put(self, row: Any) -> None:
        """Show anew a row that has changed, if it is there."""
        if row.id in self.shown:
            self.shown[row.id] = row
            self._refresh_row(self._ids.index(row.id))

    def drop(self, id_: int) -> None:
        """Show a row no longer, if it is there."""
        if self.shown.pop(id_, None) is not None:
            self._ids.remove(id_)
            self._changed()

    def _changed(self) -> None:
        self.cursor_row = max(min(self.cursor_row, len(self._ids) - 1), 0)
        self.virtual_size = Size(self.scrollable_content_region.width, HEADING + len(self._ids))
        self._into_view()
        self.refresh()
        self._tell()

    # the cursor

    def move_cursor(self, *, row: int) -> None:
        """Move the cursor to a row by its place, or to the end that is nearest to that."""
        row = max(min(row, len(self._ids) - 1), 0)
        if row != self.cursor_row:
            self._refresh_row(self.cursor_row)
            self.cursor_row = row
            self._refresh_row(row)
            self._into_view()
            self._tell()

    def action_move(self, by: int) -> None:
        self.move_cursor(row=self.cursor_row + by)

    def action_move_page(self, by: int) -> None:
        self.action_move(by * max(self.size.height - HEADING, 1))

    def action_first(self) -> None:
        self.move_cursor(row=0)

    def action_last(self) -> None:
        self.move_cursor(row=len(self._ids) - 1)

    def on_click(self, event: events.Click) -> None:
        row = event.y - HEADING + self.scroll_offset.y
        if event.y >= HEADING and row < len(self._ids):
            self.move_cursor(row=row)

    def _tell(self) -> None:
        if self.current_id != self._told:
            self._told = self.current_id
            self.post_message(self.Moved(self._told))

    def _into_view(self) -> None:
        top, height = self.scroll_offset.y, self.size.height - HEADING
        if height > 0 and not top <= self.cursor_row < top + height:
            to = self.cursor_row if self.cursor_row < top else self.cursor_row - height + 1
            self.scroll_to(y=to, animate=False, immediate=True)

    # drawing

    def on_resize(self, _event: events.Resize) -> None:
        self._into_view()

    def _refresh_row(self, row: int) -> None:
        self.refresh_lines(HEADING + row, 1)

    def render_line(self, y: int) -> Strip:
        width, row = self.scrollable_content_region.width, y - HEADING + self.scroll_offset.y
        style = self.rich_style
        if y < HEADING:
            style += self.get_component_rich_style("table--heading")
            texts: Sequence[str] = [column.title for column in self._columns]
        elif row < len(self._ids):
            texts = self._cells(self.shown[self._ids[row]])
            if row == self.cursor_row:
                style += self.get_component_rich_style("table--cursor")
        else:
            return Strip.blank(width, style)
        line = "".join(
            f" {_cut(one_line(texts[index]), wide, self._columns[index].right)} "
            for index, wide in laid_out(self._columns, width)
        )
        return Strip([Segment(set_cell_size(line, width), style)], width)


def laid_out(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """The places of the columns that are shown in so many cells, and how wide each is."""
    chosen = [(place, column) for place, column in enumerate(columns) if width >= WIDE or not column.wide_only]
    room = max(width - sum(column.least + 2 for _, column in chosen), 0)
    shares = sum(column.share for _, column in chosen) or 1
    return [(place, column.least + room * column.share // shares) for place, column in chosen]


def _cut(text: str, width: int, right: bool) -> str:
    over = cell_len(text) - width
    if over > 0:
        return set_cell_size(text, width - 1) + "…"
    return " " * -over + text if right else text + " " * -over
