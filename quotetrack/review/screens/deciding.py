"""Deciding: what the reviewer asks to be written, and what becomes of it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from textual import on

from quotetrack.errors import ConflictError, QuotetrackError
from quotetrack.harmless import quoted
from quotetrack.review.dialogs.base import Dialog
from quotetrack.review.dialogs.confirm import ConfirmDialog
from quotetrack.review.dialogs.conflict import ConflictDialog
from quotetrack.review.dialogs.reject import RejectDialog
from quotetrack.review.messages import Write, WriteDone, WriteFailed
from quotetrack.review.queue import Progress, Queue
from quotetrack.review.screens.asking import CONFLICT, AskingScreen
from quotetrack.review.widgets.table import QueueTable
from quotetrack.store.decisions import Action, Decided, How, decide, redo, undo
from quotetrack.store.queries import QuoteRow, get_quote


class DecidingScreen(AskingScreen):
    """The part of the review screen that decides; what it needs of the other parts is declared here.

    An item is marked as being saved until the store has answered, while the cursor goes on.
    """

    queue: Queue
    progress: Progress

    def __init__(self, engine: Any, reviewer: str, *, second: bool = False) -> None:
        super().__init__(engine, reviewer, second=second)
        self._leaves = False
        self._later: list[tuple[Dialog[Any], Callable[[Any], None]]] = []
        """What is to be asked once no other dialog is open."""
        self.saved = 0
        """Acts stored in this session."""

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

    def read_pace(self) -> None:
        raise NotImplementedError

    def take_in(self, quotes: Sequence[QuoteRow]) -> None:
        """Show these wherever they stand, as they are now."""
        raise NotImplementedError

    def leave(self) -> None:
        raise NotImplementedError

    # asking for it

    def action_accept(self) -> None:
        if quote := self.current():
            if quote.status == "accepted" or quote.id in self.queue.saving:
                self.go_on(self.table.cursor_row)
                return
            self.decide(quote, Action.ACCEPT)

    def action_reject(self) -> None:
        if quote := self.current():
            if quote.status == "rejected":
                self.say("It is rejected already.")
                return

            def answered(reason: str | None) -> None:
                if reason:
                    self.decide(quote, Action.REJECT, reason)

            self.app.push_screen(RejectDialog(quote.content), answered)

    def how(self, version: int | None, note: str | None = None) -> How:
        """By whom, and on what grounds, an act is done."""
        if self.second:
            return How(reviewer=self.reviewer, note=note, second=True)
        return How(reviewer=self.reviewer, note=note, version=version)

    def decide(self, quote: QuoteRow, action: Action, note: str | None = None) -> None:
        """Accept or reject, and go on."""

        def do(version: int | None) -> Decided:
            return decide(self.engine, quote.id, action, **self.how(version, note))

        self.change(quote, action, action.value, do)
        if self.table.current_id == quote.id:
            self.go_on(self.table.cursor_row)

    def change(self, quote: QuoteRow, action: Action, what: str, do: Callable[[int | None], Decided | None]) -> None:
        """Write an act on an attribution, which is marked as being saved until the store has answered."""
        self.queue.saving.add(quote.id)
        self.table.update_item(quote.id)
        self.write(Write(action, what, do, quote))
        self.show_figures()

    def action_undo(self, past: bool = False) -> None:
        def do(_version: int | None) -> Decided | None:
            return undo(self.engine, reviewer=self.reviewer, past=past, second=self.second)

        self.write(Write(Action.UNDO, "undo", do))

    def action_redo(self, past: bool = False) -> None:
        def do(_version: int | None) -> Decided | None:
            return redo(self.engine, reviewer=self.reviewer, past=past, second=self.second)

        self.write(Write(Action.REDO, "redo", do))

    def action_quit(self) -> None:
        if not self.writes:
            self.leave()
            return
        self._leaves = True
        self.say(f"Saving {len(self.writes)} first …")

    def version_of(self, write: Write) -> int | None:
        """The version shown, or the one that this session itself has made of it since."""
        if write.seen is None:
            return None
        own = self.queue.decided.get(write.seen.id)
        return max(write.seen.version, own.version if own else 0)

    # what becomes of it

    @on(WriteDone)
    def _write_done(self, done: WriteDone) -> None:
        decided, write = done.decided, done.write
        if decided is not None:
            self.saved += 1
            before = write.seen and self.queue.rows.get(write.seen.id, write.seen)
            self.queue.record(decided)
            self._no_longer_saving(write)
            self.take_in(done.quotes)
            self.read_pace()
            if before is None or decided.also or self.is_asking("counts"):  # that answer may be of before or after this
                self.read_counts()
            else:
                self.progress.move(before.status, decided.status)
        self.written()
        if write.action is Action.ADD:
            self._show_added(done.quotes)
        elif write.action in (Action.UNDO, Action.REDO):
            self._show_undone(write, decided, done.quotes)
        elif decided is not None and (decided.also or write.action is Action.NOTE):
            self.say(f"Saved: {write.what}.")
        self.show_figures()
        if self._leaves and not self.writes:
            self.leave()

    def _no_longer_saving(self, write: Write) -> None:
        if write.seen and not any(w.seen and w.seen.id == write.seen.id for w in list(self.writes)[1:]):
            self.queue.saving.discard(write.seen.id)
        for id_ in write.covers:
            self.queue.saving.discard(id_)
            self.table.update_item(id_)

    @on(WriteFailed)
    def _write_failed(self, failed: WriteFailed) -> None:
        write, error = failed.write, failed.error
        self._no_longer_saving(write)
        self.written()
        self._leaves = False
        self.show_figures()
        if write.seen is None:
            self._not_repeated(write, error)
            return
        seen = write.seen
        self.take_in([self.queue.rows.get(seen.id, seen)])
        if not isinstance(error, ConflictError) or error.now is None:
            self.complain(f"Not saved: {write.what} of {quoted(seen.content)}", error)
        if isinstance(error, ConflictError):
            self.read_counts()
            self._read_again(write, error)

    def _read_again(self, write: Write, error: ConflictError) -> None:
        """Show what it is by now, and only then ask: what is done on that must know its version."""
        assert write.seen is not None
        id_ = write.seen.id

        def job() -> list[QuoteRow]:
            with suppress(QuotetrackError):  # The conflict can be told all the same.
                return self.as_seen([get_quote(self.engine, id_)])
            return []

        def read(quotes: list[QuoteRow]) -> None:
            if id_ in self.queue.rows:
                self.take_in(quotes)
            if error.now is not None:
                self._show_conflict(write, error)

        self.fetch(f"{CONFLICT} {id_}", job, read)

    def _show_conflict(self, write: Write, error: ConflictError) -> None:
        assert write.seen is not None
        id_ = write.seen.id

        def answered(answer: str | None) -> None:
            if answer == "mine" and id_ in self.queue.rows:
                self.change(self.queue.rows[id_], write.action, write.what, write.do)
            elif answer == "again" and id_ in self.queue.rows:
                self.table.move_cursor(row=self.queue.ids.index(id_))

        self._interrupt(ConflictDialog(write.what, write.seen, error), answered)

    def _interrupt(self, dialog: Dialog[Any], answered: Callable[[Any], None]) -> None:
        """Ask what the reviewer has not asked for: never while he types an answer to something else."""
        if self.app.screen is self:
            self.app.push_screen(dialog, answered)
        else:
            self._later.append((dialog, answered))

    def on_screen_resume(self) -> None:
        if self._later:
            self.app.push_screen(*self._later.pop(0))

    def _not_repeated(self, write: Write, error: Exception) -> None:
        """An undo or redo that cannot be, because somebody has changed the same since, can be passed over."""
        if write.action not in (Action.UNDO, Action.REDO) or not isinstance(error, ConflictError) or error.now is None:
            said = {Action.UNDO: "Not undone", Action.REDO: "Not done again"}
            self.complain(said.get(write.action, "Not saved"), error)
            return

        def answered(passes: bool | None) -> None:
            if passes:
                (self.action_undo if write.action is Action.UNDO else self.action_redo)(past=True)

        question = f"{write.what.capitalize()} what you did before that instead?"
        self._interrupt(ConfirmDialog(f"Not possible: {write.what}", [str(error)], question), answered)

    def _show_added(self, quotes: Sequence[QuoteRow]) -> None:
        for quote in quotes:
            self.queue.insert(quote, self.table.cursor_row + 1 if self.queue.ids else 0)
            self.show_queue(quote.id)
            self.say(f"Added: {quoted(quote.content)}.")

    def _show_undone(self, write: Write, decided: Decided | None, quotes: Sequence[QuoteRow]) -> None:
        done = "Undone" if write.action is Action.UNDO else "Done again"
        if decided is None:
            self.say(f"You have nothing to {write.what}.")
        elif not quotes:
            self.say(f"{done}: {decided.action.replace('_', ' ')}.")
        else:
            self._go_back_to(quotes[0])
            more = f", and {len(quotes) - 1} more" if len(quotes) > 1 else ""
            self.say(f"{done}, {quotes[0].status} again{more}: {quoted(quotes[0].content)}.")

    def _go_back_to(self, quote: QuoteRow) -> None:
        """Show an item whose decision was undone, even if the queue as read does not hold it."""
        if quote.id in self.queue.rows:
            self.table.move_cursor(row=self.queue.ids.index(quote.id))
            self.show_item()
        elif quote.status != "withdrawn":
            self.queue.insert(quote, self.table.cursor_row if self.queue.ids else 0)
            self.show_queue(quote.id)
