"""The review screen: the queue at the left or top, the item under its cursor at the right or below."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from quotetrack.domain import Status
from quotetrack.review.dialogs.filters import FilterDialog
from quotetrack.review.dialogs.help import HelpScreen
from quotetrack.review.keymap import explained
from quotetrack.review.messages import ArticleRead, CountsRead, PageRead, ReadFailed
from quotetrack.review.queue import FIRST, NEAR_END, PAGE, STATUSES, Progress, Queue, heading, why_empty
from quotetrack.review.screens.claiming import ClaimingScreen
from quotetrack.review.screens.keys import GROUPS, KEYS, ON_A_QUOTE
from quotetrack.review.widgets.item import ItemPane
from quotetrack.review.widgets.keyline import KeyLine
from quotetrack.review.widgets.status import StatusLine
from quotetrack.review.widgets.table import QueueTable
from quotetrack.store.history import Pace, pace, this_morning
from quotetrack.store.queries import ORDERS, Filter, QuoteRow, count_by_status, get_article, list_quotes
from quotetrack.store.second_views import count_second, list_second

ARTICLES_KEPT = 16
QUOTES_OF_ARTICLE = 1000
AHEAD = "next article"
OURS = frozenset(binding.action.removeprefix("app.") for binding in KEYS) - {"escape"}
RESTS = 0.05
"""Seconds the cursor must rest on an item before its article is read."""


class QueueScreen(ClaimingScreen):
    BINDINGS = [*KEYS]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (140, "-wider")]  # noqa: RUF012
    AUTO_FOCUS = "QueueTable"
    DEFAULT_CSS = """
    QueueScreen {
        & #list { border-top: solid $primary; border-title-color: $text-primary; }
        & #search { display: none; }
        & #search.-open { display: block; }
        & QueueTable { height: 1fr; }
        & #empty { display: none; height: 1fr; padding: 1 2; }
        & #list.-empty #empty { display: block; }
        & #list.-empty QueueTable { display: none; }
        & #panes { layout: horizontal; }
        & #list { width: 50%; max-width: 90; }
        & ItemPane { width: 1fr; border-left: solid $primary; }
        &.-narrow #panes { layout: vertical; }
        &.-narrow #list { width: 100%; max-width: 100%; height: 8; }
        &.-narrow ItemPane { height: 1fr; border-left: none; }
        &.-narrow Detail { max-height: 5; }
        &.-wider #list { width: 45%; }
    }
    """

    def __init__(self, engine: Any, *, reviewer: str, order: str, wanted: Filter) -> None:
        super().__init__(engine, reviewer, second=bool(wanted.second_for))
        self.queue = Queue(wanted, order)
        self.progress = Progress()
        self._articles: OrderedDict[int, tuple[str, Sequence[QuoteRow]]] = OrderedDict()
        self._goes_on = False
        """Whether to go on as soon as the next page is there."""
        self._rest: Timer | None = None
        self._place = ""
        self._waits: Callable[[str, Sequence[QuoteRow]], None] | None = None
        """What is to be done as soon as the article is there."""

    def compose(self) -> ComposeResult:
        modes = (f"second review, {self.queue.wanted.share} % of decided", "second review") if self.second else ()
        yield StatusLine(Path(self.engine.url.database or "(memory)").name, self.reviewer, modes=modes)
        with Container(id="panes"):
            with Vertical(id="list"):
                yield Input(id="search", placeholder='words, or "a phrase"; Enter finds, Esc ends', compact=True)
                yield QueueTable(self.queue)
                yield Static("Reading the queue …", id="empty", markup=False)
            yield ItemPane()
        yield KeyLine()

    def on_mount(self) -> None:
        self.set_interval(30, self.read_pace)
        self.action_reload()

    @property
    def table(self) -> QueueTable:
        return self.query_one(QueueTable)

    # reading

    def action_reload(self) -> None:
        self.read_counts()
        self.read_pace()
        self._read_page(first=True)
        self._show_place()  # what was asked for, before it is there

    def _read_page(self, *, first: bool = False) -> None:
        if self.is_asking("page") and not first:
            return
        wanted, order, after = self.queue.wanted, self.queue.order, None if first else self.queue.last

        limit = max(FIRST, self.table.cursor_row + NEAR_END + 1) if first else PAGE  # such that one may stay there

        read = list_second if self.second else list_quotes

        def question(number: int) -> PageRead:
            rows = read(self.engine, wanted, order=order, limit=limit, after=after)
            return PageRead(number, rows, first, len(rows) < limit)

        self.ask("page", question)

    @on(PageRead)
    def _page_read(self, answer: PageRead) -> None:
        if not self.is_newest("page", answer):
            return
        current = self.table.current_id
        new = self.queue.add_page(answer.rows, first=answer.first, complete=answer.complete)
        if answer.first:
            self._articles.clear()
            self.show_queue(current)
        else:
            self.table.append_items(new)
            self._show_place()
            if self._goes_on:
                self.go_on(self.table.cursor_row)

    def read_counts(self) -> None:
        wanted = self.queue.wanted

        def question(number: int) -> CountsRead:
            if self.second:
                return CountsRead(number, *count_second(self.engine, wanted.second_for, wanted.share))
            counts = count_by_status(self.engine)
            left = counts.pop(Status.PENDING, 0)
            return CountsRead(number, left, sum(counts.values()))

        self.ask("counts", question)

    @on(CountsRead)
    def _counts_read(self, answer: CountsRead) -> None:
        if self.is_newest("counts", answer):
            self.progress.left, self.progress.done = answer.left, answer.done
            self.show_figures()
            self._show_place()

    def read_pace(self) -> None:
        def take_in(today: Pace) -> None:
            self.progress.today = today
            self.show_figures()

        def job() -> Pace:
            return pace(self.engine, reviewer=self.reviewer, since=this_morning(), second=self.second)

        self.fetch("pace", job, take_in)

    def _read_article(self, article_id: int, what: str = "article") -> None:
        wanted = Filter(article_id=article_id)

        def question(number: int) -> ArticleRead:
            quotes = list_quotes(self.engine, wanted, order="article", limit=QUOTES_OF_ARTICLE)
            return ArticleRead(number, what, get_article(self.engine, article_id), self.as_seen(quotes))

        self.ask(what, question)

    def _rested(self, quote: QuoteRow) -> None:
        self._rest = None
        if quote.article_id in self._articles:
            self._read_ahead()
        else:
            self._read_article(quote.article_id)

    def _read_ahead(self) -> None:
        """Read the article of the item that comes next, so that it is here when the reviewer goes on."""
        following = self.queue.following(self.table.cursor_row)
        if following is not None and not self.is_asking(AHEAD):
            article_id = self.queue.rows[self.queue.ids[following]].article_id
            if article_id not in self._articles:
                self._read_article(article_id, AHEAD)

    @on(ArticleRead)
    def _article_read(self, answer: ArticleRead) -> None:
        self._articles[answer.article.id] = (answer.article.text, answer.quotes)
        while len(self._articles) > ARTICLES_KEPT:
            self._articles.popitem(last=False)
        if not self.is_newest(answer.what, answer) or answer.what == AHEAD:
            return
        self._read_ahead()
        waits, self._waits = self._waits, None
        current = self.current()
        if current and current.article_id == answer.article.id:
            self.show_item()
            if waits:
                waits(*self._articles[answer.article.id])

    def article_of(self, quote: QuoteRow) -> tuple[str, Sequence[QuoteRow]] | None:
        return self._articles.get(quote.article_id)

    def with_article(self, quote: QuoteRow, then: Callable[[str, Sequence[QuoteRow]], None]) -> None:
        if known := self.article_of(quote):
            then(*known)
            return
        self._waits = then
        if self._rest:
            self._rest.stop()
            self._rest = None
        self._read_article(quote.article_id)

    @property
    def holds_keys(self) -> bool:
        return self._waits is not None or super().holds_keys

    def take_in(self, quotes: Sequence[QuoteRow]) -> None:
        for quote in quotes:
            if quote.status == "withdrawn":
                self.queue.remove(quote.id)
                self.table.drop(quote.id)
            elif quote.id in self.queue.rows:
                self.queue.put(quote)
                self.table.update_item(quote.id)
            if known := self._articles.get(quote.article_id):
                text, rows = known
                others = [row for row in rows if row.id != quote.id]
                self._articles[quote.article_id] = (text, sorted([*others, quote], key=lambda row: row.id))
        current = self.current()
        if current is None or any(quote.article_id == current.article_id for quote in quotes):
            self.show_item()
        self.show_figures()

    @on(ReadFailed)
    def _read_failed(self, answer: ReadFailed) -> None:
        if not self.is_newest(answer.what, answer):
            return
        if answer.what == "page":
            self._goes_on = False
        if answer.what == "article":
            self._waits = None
        if answer.what == "leave":
            self.app.exit()
        self.complain(f"The {answer.what} could not be read", answer.error)

    # showing

    def current(self) -> QuoteRow | None:
        id_ = self.table.current_id
        return None if id_ is None else self.queue.rows.get(id_)

    def show_queue(self, current: int | None) -> None:
        """Show the queue from the start, with the cursor on the item `current` if it is there."""
        self.table.show_queue(current)
        self.refresh_bindings()
        self.query_one("#list").set_class(not self.queue.ids, "-empty")
        if self.queue.ids and self.focused is None:
            self.set_focus(self.table)
        self.show_item()

    def _claim_note(self, quote: QuoteRow | None) -> str:
        other = self.queue.claimed.get(quote.id) if quote else None
        return f"{other} is reviewing this one now." if other else ""

    def show_claim(self, quote: QuoteRow | None) -> None:
        pane = self.query_one(ItemPane)
        note = self._claim_note(quote)
        if note != pane.note:
            pane.note = note
            pane.show_detail()

    @on(QueueTable.Moved)
    def _cursor_moved(self) -> None:
        self._waits = None
        self.show_item()
        self.claim_soon()
        if self.queue.needs_page(self.table.cursor_row):
            self._read_page()

    def show_item(self) -> None:
        """Show what is under the cursor; if its article is not here yet, read that once the cursor rests."""
        quote = self.current()
        if self._rest:
            self._rest.stop()
            self._rest = None
        pane = self.query_one(ItemPane)
        pane.note = self._claim_note(quote)
        if quote and quote.article_id in self._articles:
            self._articles.move_to_end(quote.article_id)
            pane.show(quote, *self._articles[quote.article_id])
        else:
            pane.show(quote)
        if quote:
            self._rest = self.set_timer(RESTS, lambda: self._rested(quote))
        self._show_place()

    def _show_place(self) -> None:
        queue, table = self.queue, self.table
        title = heading(queue.wanted, queue.order)
        if queue.ids:
            title += f" · {table.cursor_row + 1}/{len(queue.ids)}{'' if queue.complete else '+'}"
        if title != self._place:  # setting it anew would lay out the whole screen
            self._place = title
            self.query_one("#list").border_title = Content(title)
        if not queue.ids and not self.is_asking("page") and not self.is_asking("counts"):
            self.query_one("#empty", Static).update(why_empty(queue.wanted, self.progress))

    def show_figures(self) -> None:
        line = self.query_one(StatusLine)
        line.figures = self.progress.figures
        line.saving = f"… saving {len(self.writes)}" if self.writes else "✓ saved" if self.saved else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key does anything while words are typed, nor what is about a quote where there is none."""
        if action in OURS and isinstance(self.focused, Input):
            return False
        if action == "escape":
            return bool(self.queue.wanted.text) or not isinstance(self.focused, QueueTable)
        return action not in ON_A_QUOTE or bool(self.queue.ids)

    # moving and choosing

    def go_on(self, index: int) -> None:
        following = self.queue.following(index)
        self._goes_on = following is None and not self.queue.complete
        if following is not None:
            self.table.move_cursor(row=following)
        elif self._goes_on:
            self._read_page()
        else:
            skipped = f"; {len(self.queue.skipped)} skipped" if self.queue.skipped else ""
            others = "" if self.second else ", F shows others"
            self.say(f"That was the last one{skipped}. r reads the queue again{others}.")

    def action_skip(self) -> None:
        if quote := self.current():
            self.queue.skipped.add(quote.id)
            self.table.update_item(quote.id)
            self.go_on(self.table.cursor_row)

    def action_article_down(self) -> None:
        self.query_one(ItemPane).article.scroll_relative(y=3, animate=False)

    def action_article_up(self) -> None:
        self.query_one(ItemPane).article.scroll_relative(y=-3, animate=False)

    def action_explain(self) -> None:
        pane = self.query_one(ItemPane)
        pane.explains = not pane.explains
        pane.show_detail()

    def action_filters(self) -> None:
        def answered(wanted: Filter | None) -> None:
            if wanted is not None:
                self.queue.wanted = wanted
                self.action_reload()

        self.app.push_screen(FilterDialog(self.queue.wanted), answered)

    def action_status(self) -> None:
        if self.refuses("Choosing by status"):
            return
        status = self.queue.wanted.status
        self._want(status=STATUSES[(STATUSES.index(status) + 1) % len(STATUSES)])

    def action_order(self) -> None:
        self.queue.order = ORDERS[(ORDERS.index(self.queue.order) + 1) % len(ORDERS)]
        self.action_reload()

    def _want(self, **changes: Any) -> None:
        self.queue.wanted = replace(self.queue.wanted, **changes)
        self.action_reload()

    def action_search(self) -> None:
        field = self.query_one("#search", Input)
        field.add_class("-open")
        field.can_focus = True
        self.set_focus(field)

    @on(Input.Submitted, "#search")
    def _searched(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self.action_escape()
            return
        self._want(text=event.value.strip())
        self._leave_search()

    def _leave_search(self) -> None:
        self.set_focus(self.table)
        self.query_one("#search", Input).can_focus = False  # else it gets the focus when the table is empty

    def action_escape(self) -> None:
        field = self.query_one("#search", Input)
        field.value = ""
        field.remove_class("-open")
        self._leave_search()
        if self.queue.wanted.text:
            self._want(text="")

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen({name: explained(keys, self.app) for name, keys in GROUPS.items()}))
