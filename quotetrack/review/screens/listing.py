"""What the screens beside the queue have in common: a list, the item under its cursor, and changes in their order."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from quotetrack.harmless import one_line
from quotetrack.review.dialogs.help import HelpScreen
from quotetrack.review.going import SourcesChanged
from quotetrack.review.keymap import explained
from quotetrack.review.messages import ReadFailed
from quotetrack.review.screens.asking import AskingScreen
from quotetrack.review.screens.keys import GO
from quotetrack.review.widgets.keyline import KeyLine
from quotetrack.review.widgets.listing import ListTable
from quotetrack.review.widgets.status import StatusLine
from quotetrack.store.decisions import undo
from quotetrack.store.source_views import next_undone

PAGE = 200
NEAR_END = 50
"""The next page is read when fewer lines than this follow the cursor."""
RESTS = 0.05
"""Seconds the cursor must rest on a line before more is read about it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the reviewer asked for. `job` does it in a thread, and says what it did."""

    job: Callable[[], str]
    failed: str = "Nothing was changed"


@dataclass
class Changed(Message):
    said: str


@dataclass
class ChangeFailed(Message):
    what: str
    error: Exception


class ListScreen(AskingScreen):
    """A list over the queue. Subclasses say what to read and what to show of it.

    Every call of the store runs in a thread. Changes run one after the other, and the screen is left once all of
    them have ended.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    AUTO_FOCUS = "ListTable"
    DEFAULT_CSS = """
    ListScreen {
        & #list { border-top: solid $primary; border-title-color: $text-primary; }
        & #panes { layout: vertical; }
        & #list { height: 1fr; }
        & ListTable { height: 1fr; }
        & #empty { display: none; height: 1fr; padding: 1 2; }
        & #list.-empty #empty { display: block; }
        & #list.-empty ListTable { display: none; }
        & #detail { height: 7; border-top: solid $primary; border-title-color: $text-primary; padding: 0 1;
                    scrollbar-size-vertical: 1; }
        &.-wide #panes { layout: horizontal; }
        &.-wide #detail { width: 40%; height: 1fr; border-left: solid $primary; }
    }
    """
    WHAT = ""
    """What the screen is called, as its title and in sentences."""

    def __init__(self, engine: Any, reviewer: str, *, second: bool = False) -> None:
        super().__init__(engine, reviewer, second=second)
        self.changes: deque[Change] = deque()
        """Asked for and not done yet; the first is being done."""
        self.complete = False
        """Whether every page has been read."""
        self._rest: Timer | None = None
        self._leaves = False

    def make_table(self) -> ListTable:
        raise NotImplementedError

    def read_page(self, *, first: bool) -> None:
        raise NotImplementedError

    def show_current(self, row: Any | None) -> None:
        """Show what is known of the row under the cursor at once."""

    def read_current(self, row: Any) -> None:
        """Read more of the row that the cursor rests on."""

    def compose(self) -> ComposeResult:
        modes = ("second review",) if self.second else ()
        yield StatusLine(Path(self.engine.url.database or "(memory)").name, self.reviewer, modes=modes)
        with Container(id="panes"):
            with Vertical(id="list"):
                yield from self.compose_above()
                yield self.make_table()
                yield Static("Reading …", id="empty", markup=False)
            with VerticalScroll(id="detail", can_focus=False):
                yield from self.compose_detail()
        yield KeyLine()

    def compose_above(self) -> ComposeResult:
        yield from ()

    def compose_detail(self) -> ComposeResult:
        yield Static(id="detail-text", markup=False)

    @property
    def table(self) -> ListTable:
        return self.query_one(ListTable)

    def on_screen_resume(self) -> None:
        """What is shown may be old: other screens and other people change it too."""
        self.reload()

    def reload(self) -> None:
        self.read_page(first=True)
        self.show_place()

    # showing

    def page_read(self, rows: list[Any], *, first: bool) -> None:
        """Take in a page: the first one replaces what there was, the others follow it."""
        self.complete = len(rows) < PAGE
        if first:
            self.table.show(rows, self.table.current_id)
            self.query_one("#list").set_class(not rows, "-empty")
            self.query_one("#empty", Static).update(self.why_empty())
            if rows and self.focused is None:
                self.set_focus(self.table)
        else:
            self.table.append(rows)
        self.show_place()
        self._show_row()

    def why_empty(self) -> str:
        return "There is nothing here."

    def place(self) -> str:
        """What the list shows, in a few words."""
        return self.WHAT

    def show_place(self) -> None:
        title, table = self.place(), self.table
        if table.shown:
            title += f" · {table.cursor_row + 1}/{len(table.shown)}{'' if self.complete else '+'}"
        elif self.is_asking("page"):
            title += " · reading …"
        self.query_one("#list").border_title = Content(one_line(title))

    @on(ListTable.Moved)
    def _cursor_moved(self) -> None:
        self.show_place()
        self._show_row()
        near_end = self.table.cursor_row >= len(self.table.shown) - NEAR_END
        if near_end and not self.complete and not self.is_asking("page"):
            self.read_page(first=False)

    def _show_row(self) -> None:
        if self._rest:
            self._rest.stop()
            self._rest = None
        row = self.table.current()
        self.show_current(row)
        if row is not None:
            self._rest = self.set_timer(RESTS, lambda: self._rested(row))

    def _rested(self, row: Any) -> None:
        self._rest = None
        self.read_current(row)

    @on(ReadFailed)
    def _read_failed(self, answer: ReadFailed) -> None:
        if self.is_newest(answer.what, answer):
            self.complain(f"The {answer.what} could not be read", answer.error)

    # changing

    def change(self, job: Callable[[], str], failed: str = "Nothing was changed") -> None:
        """Do something in a thread once all that was asked for before is done."""
        self.changes.append(Change(job, failed))
        if len(self.changes) == 1:
            self._start_change()

    def _start_change(self) -> None:
        change = self.changes[0]

        def work() -> None:
            message: Message
            try:
                message = Changed(change.job())
            except Exception as error:  # whatever it is, the reviewer hears of it and the app lives on
                message = ChangeFailed(change.failed, error)
            self.post_message(message)

        self.run_worker(work, group="change", thread=True, exit_on_error=False)

    @on(Changed)
    def _changed(self, done: Changed) -> None:
        self.say(done.said)
        self.app.post_message(SourcesChanged())
        self._next_change()
        self.changed()

    @on(ChangeFailed)
    def _change_failed(self, failed: ChangeFailed) -> None:
        self.complain(failed.what, failed.error)
        self._leaves = False
        self._next_change()
        self.changed()

    def _next_change(self) -> None:
        self.changes.popleft()
        if self.changes:
            self._start_change()
        elif self._leaves:
            self.dismiss()

    def changed(self) -> None:
        """Show what has become of it."""
        self.reload()

    def action_undo(self) -> None:
        """Take back the reviewer's newest act if it is one on sources: what is not seen here is not undone here."""

        def job() -> str:
            newest = next_undone(self.engine, self.reviewer)
            if newest is None:
                return "You have nothing to undo."
            if newest.attribution_id is not None:
                return f"Your newest act is about quote {newest.attribution_id}: undo that in the queue."
            if newest.pair_id is not None:
                return f"Your newest act is about pair {newest.pair_id}: undo that in the statements."
            undo(self.engine, reviewer=self.reviewer, second=False)
            return f"Undone: {newest.action.replace('_', ' ')}."

        self.change(job, "Not undone")

    def action_close(self) -> None:
        if self.changes:
            self._leaves = True
            self.say("Saving first …")
        else:
            self.dismiss()

    def action_help(self) -> None:
        own = [binding for binding in type(self).BINDINGS if isinstance(binding, Binding)]
        groups = {"On this screen": own, "Go": GO}
        self.app.push_screen(HelpScreen({name: explained(keys, self.app) for name, keys in groups.items()}))

    def action_reload(self) -> None:
        self.reload()

    def action_down(self) -> None:
        self.table.action_move(1)

    def action_up(self) -> None:
        self.table.action_move(-1)


def key(keys: str, id: str, action: str, label: str, tooltip: str, **options: Any) -> Binding:
    """A key that can be remapped by its id."""
    return Binding(keys, action, label, id=id, tooltip=tooltip, **options)


def common_keys(scope: str) -> list[Binding]:
    """The keys that every such screen has, last in its footer."""
    return [
        key("question_mark", f"{scope}.help", "help", "Help", "Show all keys", key_display="?"),
        key("q,escape", f"{scope}.close", "close", "Back", "Go back to where you came from", key_display="Esc"),
        key("ctrl+r", f"{scope}.reload", "reload", "Reload", "Read the list again", show=False),
    ]


def moving_keys(scope: str) -> list[Binding]:
    """For screens that leave `j` and `k` free."""
    return [
        key("j", f"{scope}.down", "down", "Down", "Move down", show=False, key_display="j ↓"),
        key("k", f"{scope}.up", "up", "Up", "Move up", show=False, key_display="k ↑"),
    ]
