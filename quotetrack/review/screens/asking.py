"""Asking the store from a screen: reads that may be overtaken, and writes that keep their order."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from textual import on
from textual.message import Message
from textual.screen import Screen

from quotetrack.errors import QuotetrackError
from quotetrack.harmless import one_line
from quotetrack.review.messages import Answer, Fetched, ReadFailed, Write, WriteDone, WriteFailed
from quotetrack.review.widgets.status import StatusLine
from quotetrack.store.decisions import Action
from quotetrack.store.queries import QuoteRow, get_quote
from quotetrack.store.second_views import as_second


class AskingScreen(Screen[None]):
    """Runs every call of the store in a thread, which posts its outcome and touches nothing else.

    Reads are numbered, because a thread cannot be stopped: an answer to any but the newest request of its kind
    is stale. Writes run one after the other, so that an undo finds what was decided before it.
    """

    def __init__(self, engine: Any, reviewer: str, *, second: bool = False) -> None:
        super().__init__()
        self.engine = engine
        self.reviewer = reviewer
        self.second = second
        """Whether second opinions are given: then nothing may be seen of what others decided."""
        self.writes: deque[Write] = deque()
        """Asked for and not stored yet; the first is being written."""
        self._numbers: Counter[str] = Counter()
        self._open: dict[str, int] = {}
        """The newest request of each kind that is not answered yet."""

    def as_seen(self, quotes: Sequence[QuoteRow]) -> list[QuoteRow]:
        """Attributions as this reviewer may see them."""
        return as_second(self.engine, quotes, self.reviewer) if self.second else list(quotes)

    def refuses(self, what: str) -> bool:
        """Whether this is a second review, where that cannot be done; if so, the reviewer is told."""
        if self.second:
            self.notify(f"{what} is not available in a second review.", timeout=4, markup=False)
        return self.second

    def ask(self, what: str, question: Callable[[int], Answer]) -> None:
        """Ask in a thread; `question` is given the request's number and returns the message to be posted."""
        self._numbers[what] += 1
        number = self._open[what] = self._numbers[what]
        self._in_thread(what, lambda: question(number), lambda error: ReadFailed(number, what, error))

    def fetch(self, what: str, job: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Run a job in a thread, and `then` with what it returns."""
        self.ask(what, lambda number: Fetched(number, what, job(), then))

    @on(Fetched)
    def _fetched(self, answer: Fetched) -> None:
        if self.is_newest(answer.what, answer):
            answer.then(answer.value)

    def is_asking(self, what: str) -> bool:
        return what in self._open

    def is_newest(self, what: str, answer: Answer) -> bool:
        """Take in an answer: whether it is the one that is waited for. Any other is stale."""
        if self._open.get(what) != answer.number:
            return False
        del self._open[what]
        return True

    @property
    def holds_keys(self) -> bool:
        """Whether an answer will open a dialog or move the cursor: no key that is pressed now is meant for before."""
        moves = any(write.action in (Action.ADD, Action.UNDO, Action.REDO) for write in self.writes)
        return moves or self.is_asking("preview")

    def write(self, write: Write) -> None:
        self.writes.append(write)
        if len(self.writes) == 1:
            self.call_after_refresh(self._start_write)  # a thread that writes would slow down what the key shows

    def written(self) -> None:
        """The first write has ended, well or not, and its outcome is taken in: start the next."""
        self.writes.popleft()
        if self.writes:
            self._start_write()

    def version_of(self, write: Write) -> int | None:
        """The version that a write is made on."""
        return write.seen.version if write.seen else None

    def _start_write(self) -> None:
        write = self.writes[0]
        version = self.version_of(write)
        self._in_thread("write", lambda: self._perform(write, version), lambda error: WriteFailed(write, error))

    def _perform(self, write: Write, version: int | None) -> WriteDone:
        decided = write.do(version)
        changed = [decided, *decided.also] if decided else []
        ids = dict.fromkeys(one.attribution_id for one in changed if one.attribution_id is not None)
        if decided and self.second:  # what `as_second` gives as the version
            decided = replace(decided, version=decided.decision_id)
        return WriteDone(write, decided, self.as_seen([get_quote(self.engine, id_) for id_ in ids]))

    def say(self, what: str) -> None:
        """Say what was done, where it covers nothing."""
        self.query_one(StatusLine).say(what)

    def complain(self, what: str, error: Exception) -> None:
        """Say what went wrong, in the words of the error if those were written for people."""
        said = str(error) if isinstance(error, QuotetrackError) else f"{type(error).__name__}: {error}"
        self.notify(f"{what}. {one_line(said)}", severity="error", timeout=10, markup=False)

    def _in_thread(self, group: str, job: Callable[[], Message], failed: Callable[[Exception], Message]) -> None:
        def work() -> None:
            try:
                message = job()
            except Exception as error:  # whatever it is, the reviewer hears of it and the app lives on
                message = failed(error)
            self.post_message(message)

        self.run_worker(work, group=group, thread=True, exit_on_error=False)
