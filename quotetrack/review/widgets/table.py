"""The queue as a table: one line an item, its columns as wide as there is room for."""

from collections.abc import Iterable

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.widgets import DataTable

from quotetrack.harmless import one_line
from quotetrack.review.queue import Queue
from quotetrack.review.widgets.chain import ARROW, percent
from quotetrack.store.queries import QuoteRow

SIGNS = {"pending": "·", "accepted": "✓", "rejected": "✗", "withdrawn": "⌫"}
SAVING, SKIPPED, CLAIMED = "…", "–", "@"
COLUMNS = (
    ("mark", "", 1, 0),
    ("sure", "Sure", 4, 0),
    ("kind", "Kind", 8, 0),
    ("speaker", "Speaker", 10, 4),
    ("via", "Through", 7, 3),
    ("outlet", "Outlet", 6, 3),
)
"""Key, heading, least width, and the share of the width that is left over."""


class QueueTable(DataTable[Text]):
    """Shows a `Queue`. Knows what an item looks like, not what is done with it."""

    BINDINGS = [  # noqa: RUF012
        Binding("home", "scroll_top", "First", show=False, id="review.first", tooltip="Move to the first quote"),
        Binding("end", "scroll_bottom", "Last", show=False, id="review.last", tooltip="Move to the last quote read"),
    ]
    DEFAULT_CSS = """
    QueueTable {
        scrollbar-size: 1 1;
        overflow-x: hidden;
        &:nocolor > .datatable--cursor { text-style: reverse; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", show_row_labels=False)
        self._queue: Queue | None = None
        self._width = 0

    def current(self) -> int | None:
        """The id of the item under the cursor."""
        if not self.row_count:
            return None
        return int(str(self.coordinate_to_cell_key(Coordinate(self.cursor_row, 0)).row_key.value))

    def show(self, queue: Queue, current: int | None = None) -> None:
        """Show a queue from the start, with the cursor on the item `current` if it holds that."""
        self._queue = queue
        self._width = self.scrollable_content_region.width
        self.clear(columns=True)
        for key, heading, width in self._columns():
            self.add_column(heading, key=key, width=width)
        self.append(queue.ids)
        if current in queue.rows:
            self.move_cursor(row=queue.ids.index(current), animate=False)

    def append(self, ids: Iterable[int]) -> None:
        assert self._queue is not None
        for id_ in ids:
            self.add_row(*cells(self._queue, self._queue.rows[id_]), key=str(id_))

    def update_item(self, id_: int) -> None:
        """Show anew what has changed about an item, if it is in the table."""
        if self._queue and str(id_) in self.rows:
            for (key, *_), cell in zip(COLUMNS, cells(self._queue, self._queue.rows[id_]), strict=True):
                self.update_cell(str(id_), key, cell)

    def remove_item(self, id_: int) -> None:
        if str(id_) in self.rows:
            self.remove_row(str(id_))

    def on_resize(self, _event: events.Resize) -> None:
        if self._queue and self.scrollable_content_region.width != self._width:
            self.show(self._queue, self.current())

    def _columns(self) -> list[tuple[str, str, int]]:
        room = self._width - sum(least + 2 * self.cell_padding for *_, least, _ in COLUMNS)
        shares = sum(share for *_, share in COLUMNS)
        return [(key, title, least + max(room, 0) * share // shares) for key, title, least, share in COLUMNS]


def cells(queue: Queue, row: QuoteRow) -> list[Text]:
    """What the table shows of an item. `Text`, because plain strings would be read as markup."""
    sign = SIGNS.get(row.status, "?")
    if row.id in queue.saving:
        sign = SAVING
    elif row.id in queue.skipped and row.status == "pending":
        sign = SKIPPED
    elif row.id in queue.claimed:
        sign = CLAIMED
    speaker = row.speaker.name if row.speaker else "(nobody named)"
    values = (
        sign,
        f"{percent(row.confidence):>4}",
        row.kind.value,
        one_line(speaker),
        one_line(ARROW.join(hop.name for hop in row.channels)),
        one_line(row.outlet or ""),
    )
    return [Text(value, no_wrap=True, overflow="ellipsis", end="") for value in values]
