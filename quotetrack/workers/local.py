"""Worker processes of this machine. One that dies, hangs or is killed costs no more than its batch's time.

Each has a thread of this process and a pipe to itself. The pools of the standard library, loky and pebble share pipes
and locks among their workers: one that is killed while it holds a lock takes the others with it.
"""

import math
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing import Pipe
from threading import Condition, Thread
from typing import Any, Generic

from quotetrack.errors import QuotetrackError
from quotetrack.workers.task import Hold, Item, Result, Task

LOADING_SECONDS = 600
STARTS = 3
"""How many processes in a row may die before they can work, until no more are started in their place."""
WORKER_BYTES = 1 << 30


def choose_workers(*asked: int | None) -> int:
    """The first number that was asked for, else as many as cores and memory allow."""
    for number in asked:
        if number is not None:
            return number
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(cores, memory // WORKER_BYTES))


class Here:
    """Does the work in this process, at once: for tests, and where a second process is one too many."""

    size = 1

    def __init__(self, hold: Hold, on_ready: Callable[[], None]) -> None:
        self._hold, self._on_ready = hold, on_ready
        self._held: Any = None

    def submit(self, task: Task[Item, Result], batch: list[Item]) -> Future[list[Result]]:
        if self._held is None:  # nothing is loaded when there is nothing to do
            self._held = self._hold()
            self._on_ready()
        done: Future[list[Result]] = Future()
        done.set_result([task.work(self._held, batch)])
        return done

    def failed(self, task: Task[Item, Result], batch: list[Item], error: Exception) -> list[Result]:
        raise error


class Died(Exception):
    """A worker process is dead. Its message is what it died of."""


class CannotStart(QuotetrackError):
    """Worker processes die before they can do anything."""


class _Process:
    """A process that runs `child`. Raises Died if the system lets none start."""

    def __init__(self) -> None:
        try:
            self._pipe, theirs = Pipe()
            with theirs:
                self._popen = subprocess.Popen(
                    [sys.executable, "-m", "quotetrack.workers.child", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    process_group=0,  # a terminal's Ctrl-C is not for it
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                )
        except OSError as error:  # too many processes or files, no memory
            raise Died(str(error)) from error

    def ask(self, message: bytes, seconds: float) -> Any:
        """Send a message and wait for the answer. Raises Died, and then the process is gone."""
        try:
            self._pipe.send_bytes(message)
            for _ in range(math.ceil(seconds)):  # no deadline: the clock runs on while all of us are suspended
                if self._pipe.poll(1):
                    return self._pipe.recv()
        except (EOFError, OSError):
            raise Died(_cause(self.kill())) from None
        self.kill()
        raise Died(f"it had not answered for {seconds:.0f} s and was ended")

    def kill(self) -> int:
        """End the process, unless it has ended; its exit code as `subprocess` gives it."""
        self._popen.kill()
        return self._popen.wait()


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    told = f"signal {-code}: {(signal.strsignal(-code) or 'unknown').lower()}"
    return f"{told}, perhaps for want of memory" if -code == signal.SIGKILL else told


@dataclass(slots=True)
class _Job(Generic[Item, Result]):
    task: Task[Item, Result]
    batch: list[Item]
    future: Future[list[Result]] = field(default_factory=Future)


class Processes:
    """Up to `size` worker processes, started as batches come in and replaced when they die.

    A batch whose process dies is tried again in a fresh one, then its items one by one; an item that costs one more
    process its life is `lost`. `on_ready` is called when the first process holds what it is to hold, `on_note` with a
    sentence on each that has died; both from threads of its own.
    """

    def __init__(
        self,
        size: int,
        hold: Hold,
        on_ready: Callable[[], None] = lambda: None,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> None:
        self.size = size
        self._hold = pickle.dumps(hold)
        self._on_ready, self._on_note = on_ready, on_note
        self._changed = Condition()
        """To be held while touching what follows."""
        self._jobs: deque[_Job[Any, Any]] = deque()
        self._threads: list[Thread] = []
        self._idle = self._gone = 0
        """Threads that wait for a job, and those that have ended."""
        self._processes: set[_Process] = set()
        self._ready = self._closed = False
        self._broken: Exception | None = None

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        """Drop what is waiting and end every process, whatever it does: they keep nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for process in self._processes:
                process.kill()
        for thread in self._threads:
            thread.join()

    def submit(self, task: Task[Item, Result], batch: list[Item]) -> Future[list[Result]]:
        job = _Job(task, batch)
        with self._changed:
            if self._broken:
                raise self._broken
            self._jobs.append(job)
            if self._idle < len(self._jobs) and len(self._threads) < self.size:
                self._threads.append(Thread(target=self._serve, daemon=True))
                self._threads[-1].start()
            self._changed.notify()
        return job.future

    def failed(self, task: Task[Item, Result], batch: list[Item], error: Exception) -> list[Result]:
        raise error

    def _serve(self) -> None:
        """One thread: one job after the other, in one process after the other."""
        worker = _Worker(self)
        while job := self._next():
            try:
                results = worker.do(job.task, job.batch)
            except CannotStart as error:
                self._give_up(job, error)
                return
            except Exception as error:
                job.future.set_exception(error)
            else:
                job.future.set_result(results)

    def _next(self) -> _Job[Any, Any] | None:
        """Wait for a job; None when the pool is closed."""
        with self._changed:
            while not self._closed:
                if not self._jobs:
                    self._idle += 1
                    self._changed.wait()
                    self._idle -= 1
                    continue
                job = self._jobs.popleft()
                if job.future.running() or job.future.set_running_or_notify_cancel():
                    return job
        return None

    def _give_up(self, given: _Job[Any, Any], error: CannotStart) -> None:
        """One thread fewer; what it had is for another, and with the last one all that waits has failed."""
        with self._changed:
            self._jobs.appendleft(given)
            self._gone += 1
            self._changed.notify()
            if self._gone == len(self._threads):
                self._broken = error
                while self._jobs:
                    job = self._jobs.popleft()
                    if job.future.running() or job.future.set_running_or_notify_cancel():
                        job.future.set_exception(error)

    def start(self) -> _Process:
        """A process that holds what it is to hold. Raises CannotStart, or the QuotetrackError that loading raised."""
        cause = ""
        for _ in range(STARTS):
            process = None
            try:
                with self._changed:
                    if self._closed:
                        break
                    process = _Process()
                    self._processes.add(process)
                fault = process.ask(self._hold, LOADING_SECONDS)
                if fault is None:
                    self._begin()
                    return process
                process.kill()
                if isinstance(fault, QuotetrackError):
                    raise fault
                raise Died(fault)
            except Died as died:
                cause = str(died)
                self.bury(process, f"A worker process died while loading the models ({cause}).")
        raise CannotStart(
            f"{STARTS} worker processes in a row have died while loading the models, the last one thus: {cause}. "
            "Each takes some 800 MB of memory. What is stored is whole: run the command again with fewer --workers."
        )

    def _begin(self) -> None:
        with self._changed:
            first, self._ready = not self._ready, True
        if first:
            self._on_ready()

    def bury(self, process: _Process | None, note: str) -> None:
        """Forget a process that is dead, and tell of it, unless it was this pool that has ended it."""
        with self._changed:
            if process:
                self._processes.remove(process)
            closed = self._closed
        if not closed:
            self._on_note(note)


class _Worker:
    """What one thread has: a process, another when that is dead, and what it was last told to do."""

    def __init__(self, pool: Processes) -> None:
        self._pool = pool
        self._process: _Process | None = None
        self._told: object = None

    def do(self, task: Task[Item, Result], batch: list[Item]) -> list[Result]:
        """The results of a batch, whatever dies of it. Raises CannotStart, and what the work itself raises."""
        for last in (False, True):
            try:
                return [self._ask(task, batch)]
            except Died as died:
                if last and len(batch) == 1:
                    return [task.lost(batch[0], str(died))]
        results = []
        for item in batch:
            try:
                results.append(self._ask(task, [item]))
            except Died as died:
                results.append(task.lost(item, str(died)))
        return results

    def _ask(self, task: Task[Item, Result], batch: list[Item]) -> Result:
        if self._process is None:
            self._process, self._told = self._pool.start(), None
        message = pickle.dumps((None if self._told is task else task.work, batch))
        self._told = task
        try:
            right, answer = self._process.ask(message, task.patience(batch))
        except Died as died:
            self._pool.bury(self._process, f"A worker process died ({died}); another takes its place.")
            self._process = None
            raise
        if not right:
            raise answer
        return answer  # type: ignore[no-any-return]
