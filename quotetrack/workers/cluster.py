"""A Dask cluster as a pool.

Each Dask worker keeps `Processes` of its own for as long as it lives, one for each of its threads. So the rules on what
dies, hangs and is tried again are the same as on one machine, and a text that ends a process leaves the Dask worker
alone. Where a Dask worker itself is lost, Dask gives its batches to others.
"""

import logging
import pickle
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import lru_cache
from threading import Lock
from typing import Any

from quotetrack.errors import ClusterError, QuotetrackError
from quotetrack.workers.local import Processes
from quotetrack.workers.task import Hold, Item, Result, Task

CONNECT_SECONDS = 10
LOOK_SECONDS = 5
"""How long the workers are taken to be as many as they were."""


class Cluster:
    """The workers of the Dask scheduler at `address`.

    `identity` gives what must be the same here and there: names and versions. `on_ready` is called when the scheduler
    has answered, `on_note` with a sentence when it has no workers. Raises ClusterError if Dask is not installed here
    or no scheduler answers.
    """

    def __init__(
        self,
        address: str,
        hold: Hold,
        identity: Callable[[], dict[str, str]],
        on_ready: Callable[[], None] = lambda: None,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ClusterError("A cluster needs Dask: run `pip install 'quotetrack[cluster]'`.") from error
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is said by us
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, name="quotetrack")
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"No Dask scheduler answers at {address} ({error}). "
                "Check the address, which `dask scheduler` prints when it starts, such as tcp://10.0.0.1:8786."
            ) from error
        self._address = address
        self._executor = self._client.get_executor(pure=False)
        self._held = pickle.dumps((hold, identity, identity()))
        self._tasks: dict[Task[Any, Any], Any] = {}
        self._on_note = on_note
        self._size, self._looked = 0, 0.0
        on_ready()

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def size(self) -> int:
        if self._looked + LOOK_SECONDS < time.monotonic() and self._client.status == "running":
            before, self._looked = self._size if self._looked else -1, time.monotonic()
            self._size = self._client.scheduler_info(n_workers=1)["total_threads"]
            if before and not self._size:
                self._on_note(f"The scheduler has no workers; waiting. `dask worker {self._address}` starts some.")
        return self._size

    def submit(self, task: Task[Item, Result], batch: list[Item]) -> Future[list[Result]]:
        if task not in self._tasks:  # sent once, and from worker to worker
            self._tasks[task] = self._client.submit(bytes, pickle.dumps(task))
        future: Future[list[Result]] = self._executor.submit(
            _by_value(), self._held, self._tasks[task], pickle.dumps(batch)
        )
        return future

    def failed(self, task: Task[Item, Result], batch: list[Item], error: Exception) -> list[Result]:
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            cause = f"{error.allowed_failures + 1} Dask workers in turn, the last at {error.last_worker.address}"
            return [task.lost(item, cause) for item in batch]
        if isinstance(error, CancelledError):
            raise ClusterError(
                f"The Dask scheduler at {self._address} is no longer there. "
                "What is stored is whole; run the same command again when it is back."
            ) from error
        if isinstance(error, QuotetrackError):
            raise error
        raise ClusterError(
            f"A worker of the cluster cannot do the work ({type(error).__name__}: {error}). "
            "Install the same quotetrack, Python and Dask everywhere."
        ) from error


def _by_value() -> Callable[[bytes, bytes, bytes], list[Any]]:
    """A function that needs nothing of ours to be unpickled, so that where we are not installed it can say so."""

    def do(held: bytes, task: bytes, batch: bytes) -> list[Any]:
        from quotetrack.workers.cluster import do_there

        return do_there(held, task, batch)

    return do


# What follows runs in the Dask workers.

_lock = Lock()


def do_there(held: bytes, task: bytes, batch: bytes) -> list[Any]:
    """A batch's results. Raises ClusterError if this is another version than the one that asks."""
    with _lock:
        processes, wanted = _processes(held), _task(task)
    return processes.submit(wanted, pickle.loads(batch)).result()


@lru_cache
def _processes(held: bytes) -> Processes:
    from distributed import get_worker

    hold, identity, there = pickle.loads(held)
    worker = get_worker()
    here = identity()
    if here != there:
        differ = sorted(name for name in here | there if here.get(name) != there.get(name))
        told = ", ".join(f"{name} {here.get(name, 'none')} and not {there.get(name, 'none')}" for name in differ)
        raise ClusterError(f"The Dask worker {worker.address} has {told}. Install the same version everywhere.")
    return Processes(worker.state.nthreads, hold)


@lru_cache(maxsize=4)
def _task(task: bytes) -> Task[Any, Any]:
    found: Task[Any, Any] = pickle.loads(task)
    return found
