"""Asking the store from a screen: reads that may be overtaken, and writes that keep their order."""

from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from textual.message import Message
from textual.screen import Screen

from quotetrack.review.messages import Answer, ReadFailed, Write, WriteDone, WriteFailed
from quotetrack.store.decisions import Action, decide, undo
from quotetrack.store.queries import get_quote


class AskingScreen(Screen[None]):
    """Runs every call of the store in a thread, which posts its outcome and touches nothing else.

    Reads are numbered, because a thread cannot be stopped: an answer to any but the newest request of its kind
    is stale. Writes run one after the other, so that an undo finds what was decided before it.
    """

    def __init__(self, engine: Any, reviewer: str) -> None:
        super().__init__()
        self.engine = engine
        self.reviewer = reviewer
        self.writes: deque[Write] = deque()
        """Asked for and not stored yet; the first is being written."""
        self._numbers: Counter[str] = Counter()
        self._open: dict[str, int] = {}
        """The newest request of each kind that is not answered yet."""

    def ask(self, what: str, question: Callable[[int], Answer]) -> None:
        """Ask in a thread; `question` is given the request's number and returns the message to be posted."""
        self._numbers[what] += 1
        number = self._open[what] = self._numbers[what]
        self._in_thread(what, lambda: question(number), lambda error: ReadFailed(number, what, error))

    def is_asking(self, what: str) -> bool:
        return what in self._open

    def is_newest(self, what: str, answer: Answer) -> bool:
        """Take in an answer: whether it is the one that is waited for. Any other is stale."""
        if self._open.get(what) != answer.number:
            return False
        del self._open[what]
        return True

    def write(self, write: Write) -> None:
        self.writes.append(write)
        if len(self.writes) == 1:
            self._start_write()

    def written(self) -> None:
        """The first write has ended, well or not: start the next."""
        self.writes.popleft()
        if self.writes:
            self._start_write()

    def _start_write(self) -> None:
        write = self.writes[0]
        self._in_thread("write", lambda: self._perform(write), lambda error: WriteFailed(write, error))

    def _perform(self, write: Write) -> WriteDone:
        if write.seen is None:
            decided = undo(self.engine, reviewer=self.reviewer)
            quote = get_quote(self.engine, decided.attribution_id) if decided and decided.attribution_id else None
            return WriteDone(write, decided, quote)
        assert write.action is not Action.UNDO
        decided = decide(
            self.engine, write.seen.id, write.action,
            reviewer=self.reviewer, version=write.seen.version, note=write.note,
        )  # fmt: skip
        return WriteDone(write, decided, None)

    def _in_thread(self, group: str, job: Callable[[], Message], failed: Callable[[Exception], Message]) -> None:
        def work() -> None:
            try:
                message = job()
            except Exception as error:  # whatever it is, the reviewer hears of it and the app lives on
                message = failed(error)
            self.post_message(message)

        self.run_worker(work, group=group, thread=True, exit_on_error=False)
