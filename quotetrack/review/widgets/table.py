"""The queue as a table."""

from collections.abc import Iterable, Sequence

from textual.binding import Binding

from quotetrack.review.queue import Queue
from quotetrack.review.widgets.chain import ARROW, percent
from quotetrack.review.widgets.listing import Column, ListTable
from quotetrack.store.queries import QuoteRow

SIGNS = {"pending": "·", "accepted": "✓", "rejected": "✗", "withdrawn": "⌫"}
SAVING, SKIPPED, CLAIMED = "…", "–", "@"
COLUMNS = (
    Column("", 1),
    Column("Sure", 4, right=True),
    Column("Kind", 8),
    Column("Speaker", 10, 4),
    Column("Through", 7, 3),
    Column("Outlet", 6, 3),
)


class QueueTable(ListTable):
    """Shows a `Queue`."""

    BINDINGS = [  # noqa: RUF012
        Binding("home", "first", show=False, id="review.first", tooltip="Move to the first quote"),
        Binding("end", "last", show=False, id="review.last", tooltip="Move to the last quote read"),
    ]

    def __init__(self, queue: Queue) -> None:
        super().__init__(COLUMNS, lambda row: cells(queue, row))
        self._queue = queue

    def show_queue(self, current: int | None = None) -> None:
        """Show the queue from the start, with the cursor on the item `current` if it holds that."""
        self.show((self._queue.rows[id_] for id_ in self._queue.ids), current)

    def append_items(self, ids: Iterable[int]) -> None:
        self.append(self._queue.rows[id_] for id_ in ids)

    def update_item(self, id_: int) -> None:
        """Show anew what has changed about an item, if it is in the table."""
        if id_ in self._queue.rows:
            self.put(self._queue.rows[id_])


def cells(queue: Queue, row: QuoteRow) -> Sequence[str]:
    """What the table shows of an item."""
    sign = SIGNS.get(row.status, "?")
    if row.id in queue.saving:
        sign = SAVING
    elif row.id in queue.skipped and row.status == "pending":
        sign = SKIPPED
    elif row.id in queue.claimed:
        sign = CLAIMED
    return (
        sign,
        percent(row.confidence),
        row.kind.value,
        row.speaker.name if row.speaker else "(nobody named)",
        ARROW.join(hop.name for hop in row.channels),
        row.outlet or "",
    )
