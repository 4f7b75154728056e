"""Deciding: what the reviewer asks to be written, and what becomes of it."""

from typing import Any

from textual import on

from quotetrack.errors import ConflictError, QuotetrackError
from quotetrack.harmless import one_line, quoted
from quotetrack.review.dialogs.reject import RejectDialog
from quotetrack.review.messages import QuoteRead, Write, WriteDone, WriteFailed
from quotetrack.review.queue import Progress, Queue
from quotetrack.review.screens.asking import AskingScreen
from quotetrack.review.widgets.table import QueueTable
from quotetrack.store.decisions import STATUS, Action
from quotetrack.store.queries import QuoteRow, get_quote


class DecidingScreen(AskingScreen):
    """The half of the review screen that decides; what it needs of the other half is declared here.

    An item is marked as being saved until the store has answered, while the cursor goes on.
    """

    queue: Queue
    progress: Progress

    def __init__(self, engine: Any, reviewer: str) -> None:
        super().__init__(engine, reviewer)
        self._leaves = False

    @property
    def table(self) -> QueueTable:
        raise NotImplementedError

    def current(self) -> QuoteRow | None:
        raise NotImplementedError

    def go_on(self, index: int) -> None:
        raise NotImplementedError

    def show_queue(self, current: int | None) -> None:
        raise NotImplementedError

    def show_item(self) -> None:
        raise NotImplementedError

    def show_figures(self) -> None:
        raise NotImplementedError

    def read_counts(self) -> None:
        raise NotImplementedError

    def action_accept(self) -> None:
        if quote := self._decidable(Action.ACCEPT):
            self._decide(quote, Action.ACCEPT)

    def action_reject(self) -> None:
        if quote := self._decidable(Action.REJECT):

            def answered(reason: str | None) -> None:
                if reason:
                    self._decide(quote, Action.REJECT, reason)

            self.app.push_screen(RejectDialog(quote.content), answered)

    def action_undo(self) -> None:
        self.write(Write(Action.UNDO))

    def action_quit(self) -> None:
        if not self.writes:
            self.app.exit()
            return
        self._leaves = True
        self.say(f"Saving {len(self.writes)} first …")

    def _decidable(self, action: Action) -> QuoteRow | None:
        quote = self.current()
        if quote is None or quote.id in self.queue.saving:
            return None
        if quote.status == STATUS[action]:
            self.say(f"It is {quote.status} already.")
            return None
        return quote

    def _decide(self, quote: QuoteRow, action: Action, note: str | None = None) -> None:
        self.queue.saving.add(quote.id)
        self.table.update_item(quote.id)
        self.write(Write(action, quote, note))
        if self.table.current() == quote.id:
            self.go_on(self.table.cursor_row)

    @on(WriteDone)
    def _write_done(self, done: WriteDone) -> None:
        self.written()
        decided = done.decided
        if decided is None:
            self.say("You have nothing to undo.")
        elif decided.attribution_id is None:
            self.say(f"Undone: {decided.action.replace('_', ' ')}.")
        elif done.write.seen is None:
            assert done.quote is not None
            self.queue.record(decided)
            self.progress.undone(decided.attribution_id)
            self.read_counts()
            self._go_back_to(done.quote)
        else:
            self.queue.saving.discard(decided.attribution_id)
            self.queue.record(decided)
            self.progress.decided(decided.attribution_id)
            if self.is_asking("counts"):  # the answer may be from before or after this decision
                self.read_counts()
            else:
                self.progress.move(done.write.seen.status, decided.status)
            self._show_changed(decided.attribution_id)
        self._leave_if_asked()

    @on(WriteFailed)
    def _write_failed(self, failed: WriteFailed) -> None:
        self.written()
        self._leaves = False
        seen = failed.write.seen
        self.complain("Not undone" if seen is None else f"Not saved: {quoted(seen.content)}", failed.error)
        if seen is None:
            return
        self.queue.saving.discard(seen.id)
        self._show_changed(seen.id)
        if isinstance(failed.error, ConflictError):
            self.read_counts()
            self.ask(f"quote {seen.id}", lambda number: QuoteRead(number, get_quote(self.engine, seen.id)))

    @on(QuoteRead)
    def _quote_read(self, answer: QuoteRead) -> None:
        if self.is_newest(f"quote {answer.quote.id}", answer) and answer.quote.id in self.queue.rows:
            self.queue.put(answer.quote)
            self._show_changed(answer.quote.id)

    def _go_back_to(self, quote: QuoteRow) -> None:
        """Show an item whose decision was undone, even if the queue as read does not hold it."""
        if quote.id in self.queue.rows:
            self.table.update_item(quote.id)
            self.table.move_cursor(row=self.queue.ids.index(quote.id), animate=False)
            self.show_item()
        else:
            self.queue.insert(quote, self.table.cursor_row if self.queue.ids else 0)
            self.show_queue(quote.id)
        self.show_figures()
        self.say(f"Undone: {quoted(quote.content)} is {quote.status} again.")

    def _show_changed(self, id_: int) -> None:
        self.table.update_item(id_)
        if self.table.current() == id_:
            self.show_item()
        self.show_figures()

    def _leave_if_asked(self) -> None:
        if self._leaves and not self.writes:
            self.app.exit()

    def say(self, what: str) -> None:
        self.notify(what, timeout=3, markup=False)

    def complain(self, what: str, error: Exception) -> None:
        """Say what went wrong, in the words of the error if those were written for people."""
        said = str(error) if isinstance(error, QuotetrackError) else f"{type(error).__name__}: {error}"
        self.notify(f"{what}. {one_line(said)}", severity="error", timeout=10, markup=False)
