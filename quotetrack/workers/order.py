"""Results in the order of the batches, whoever has done them and in whatever order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait

from quotetrack.workers.task import Item, Pool, Result, Task

AHEAD = 4
"""Batches under way for each worker: enough that none waits while another's batch is tried again."""
PULSE = 0.2
"""Seconds between two looks at whether to stop."""


def in_order(
    batches: Iterable[list[Item]], pool: Pool, task: Task[Item, Result], stop: Callable[[], bool]
) -> Iterator[Result]:
    """The results of batches, in their order.

    Takes no more batches than keep the pool busy. Once `stop` answers True, batches that nobody has begun are
    dropped, and what is in hand is waited for.
    """
    sent: deque[tuple[list[Item], Future[list[Result]]]] = deque()

    def oldest() -> Iterator[Result]:
        batch, future = sent[0]
        while not future.done():
            if stop():
                for _, later in [one for one in sent if not one[1].done()][pool.size :]:
                    later.cancel()
            wait([future], PULSE)
        sent.popleft()
        if future.cancelled() and stop():
            return
        try:
            results = future.result()
        except Exception as error:
            results = pool.failed(task, batch, error)
        yield from results

    for batch in batches:
        sent.append((batch, pool.submit(task, batch)))
        while sent and (len(sent) >= AHEAD * pool.size or sent[0][1].done()):
            yield from oldest()
    while sent:
        yield from oldest()
