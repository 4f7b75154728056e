"""READ SECOND: the journey of a batch of articles, from inputs to stored attributions.

    read → annotate → attribute → store

Annotating is what takes the time: it runs here, or in worker processes that each hold one pipeline. Batches
come back in the order in which they were sent, so that two runs over the same inputs store the same.
"""

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Any

from quotetrack.domain import Article, Attribution, Rejected
from quotetrack.errors import QuotetrackError
from quotetrack.sources.catalogue import Catalogue

if TYPE_CHECKING:
    from quotetrack.annotation.pipeline import Annotator
    from quotetrack.store.engine import Engine

BATCH_WORDS = 12_000
"""A batch is closed when it has this many words: enough for the models to work at full speed, some four seconds."""
BATCH_ARTICLES = 64
ARTICLES_A_WORKER = 8
"""Starting a worker takes as long as annotating about this many articles."""

Outcome = tuple[Article, tuple[Attribution, ...]] | Rejected


@dataclass(slots=True)
class Analysed:
    """What became of one batch."""

    outcomes: list[Outcome]
    seconds: dict[str, float]
    """CPU seconds by Stanza processor; `attribute` is our own part."""
    words: int


@dataclass(slots=True)
class Summary:
    """What an ingest did, in numbers."""

    articles: Counter[str] = field(default_factory=Counter)
    """By fate: `new`, `new_version`, `unchanged`, `skipped`."""
    attributions: int = 0
    words: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    seconds: float = 0.0
    """On the clock, loading the models left out."""
    cpu_seconds: Counter[str] = field(default_factory=Counter)
    interrupted: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "articles": {fate: self.articles[fate] for fate in ("new", "new_version", "unchanged", "skipped")},
            "attributions": self.attributions,
            "words": self.words,
            "seconds": round(self.seconds, 2),
            "words_per_second": round(self.words / self.seconds) if self.seconds else None,
            "cpu_seconds": {name: round(value, 2) for name, value in self.cpu_seconds.items()},
            "interrupted": self.interrupted,
            "skipped": [{"location": r.location, "reason": r.reason, "message": r.message} for r in self.rejected],
        }


def analyse(articles: list[Article], annotator: "Annotator", catalogue: Catalogue) -> Analysed:
    """Annotate and attribute a batch. An article that breaks the pipeline is rejected; the others are not lost."""
    from quotetrack.attribution import attribute, default_channels

    before = Counter(annotator.seconds)
    try:
        annotations = annotator.annotate([article.text for article in articles])
    except Exception as error:  # whatever a text makes Stanza raise
        if len(articles) == 1:
            return Analysed([_broken(articles[0], error)], {}, 0)
        alone = [analyse([article], annotator, catalogue) for article in articles]
        seconds: Counter[str] = Counter()
        for part in alone:
            seconds.update(part.seconds)
        return Analysed([o for part in alone for o in part.outcomes], dict(seconds), sum(part.words for part in alone))
    started = time.process_time()
    outcomes: list[Outcome] = []
    for article, annotated in zip(articles, annotations, strict=True):
        try:
            attributions = attribute(annotated, catalogue, article)
            known = replace(article, default_channels=default_channels(annotated, catalogue))
            outcomes.append((known, attributions))
        except Exception as error:  # a fault of ours, which must not cost the other articles
            outcomes.append(_broken(article, error))
    spent = {name: value - before[name] for name, value in annotator.seconds.items()}
    spent["attribute"] = time.process_time() - started
    return Analysed(outcomes, spent, sum(len(article.text.split()) for article in articles))


def _broken(article: Article, error: Exception) -> Rejected:
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return Rejected(article.location or article.name, "annotation", f"the models fail on it ({said[:200]})")


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Articles in groups of about BATCH_WORDS words, in their order."""
    batch: list[Article] = []
    words = 0
    for article in articles:
        batch.append(article)
        words += len(article.text) // 6  # near enough, and no need to split the text for it
        if words >= BATCH_WORDS or len(batch) >= BATCH_ARTICLES:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch


def analyse_all(
    groups: Iterable[list[Article]],
    *,
    models: str,
    catalogue: Catalogue,
    workers: int,
    on_ready: Callable[[], None] = lambda: None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Analysed]:
    """Analyse batches here (`workers` 1) or in as many processes, in order.

    Takes no more batches from `groups` than are needed to keep the workers busy. `on_ready` is called when the
    models are loaded. Once `stop` answers True, batches that no worker has begun are dropped. Raises ModelError
    if the models cannot be loaded.
    """
    from quotetrack.annotation.models import model_set
    from quotetrack.annotation.pipeline import Annotator

    chosen = model_set(models)
    if workers <= 1:
        annotator: Annotator | None = None
        for group in groups:
            if annotator is None:  # nothing is loaded when there is nothing to do
                annotator = Annotator(chosen, threads=1)  # two threads get in each other's way more than they help
                on_ready()
            yield analyse(group, annotator, catalogue)
        return
    chosen.check()
    waiting: deque[Future[Analysed | None]] = deque()

    def finished() -> Iterator[Analysed]:
        """The oldest batch's result; nothing for one that no worker had begun when the stop was asked for."""
        if stop():
            stopping.set()
        result = waiting.popleft().result()
        if result is not None:
            yield result

    # spawn: a forked process inherits torch's threads in whatever state they are in
    context = get_context("spawn")
    stopping = context.Event()
    with _pool(ProcessPoolExecutor(workers, context, _start_worker, (models, catalogue, stopping))) as pool:
        for loaded in [pool.submit(_is_ready) for _ in range(workers)]:
            loaded.result()
        on_ready()
        for group in groups:
            waiting.append(pool.submit(_analyse_in_worker, group))
            while len(waiting) > workers + 1 or (waiting and waiting[0].done()):
                yield from finished()
        while waiting:
            yield from finished()


@contextmanager
def _pool(pool: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """The pool's own exit waits for all that was submitted; after an error or a second Ctrl-C nobody wants that."""
    try:
        yield pool
    except BrokenProcessPool as error:
        raise QuotetrackError(
            "A worker process was ended from outside, perhaps for want of memory: each takes some 700 MB. "
            "What is stored is whole; run the same command again with fewer --workers."
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_worker: "tuple[Annotator, Catalogue, Event] | None" = None


def _start_worker(models: str, catalogue: Catalogue, stopping: Event) -> None:
    import signal

    from quotetrack.annotation.models import model_set
    from quotetrack.annotation.pipeline import Annotator

    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to every process; the parent decides
    _worker = (Annotator(model_set(models), threads=1), catalogue, stopping)


def _is_ready() -> bool:
    return _worker is not None


def _analyse_in_worker(articles: list[Article]) -> Analysed | None:
    assert _worker is not None
    annotator, catalogue, stopping = _worker
    return None if stopping.is_set() else analyse(articles, annotator, catalogue)


def choose_workers(asked: int, expected: int | None) -> int:
    """How many processes to use: as many as asked for, else by cores, but none that would start in vain."""
    if asked:
        return asked
    return max(1, min(os.cpu_count() or 1, (expected or 0) // ARTICLES_A_WORKER))


def ingest(
    engine: "Engine",
    inputs: Iterable[Article | Rejected],
    *,
    models: str,
    workers: int,
    dry_run: bool = False,
    on_article: Callable[[str, str], None] = lambda fate, location: None,
    on_rejected: Callable[[Rejected], None] = lambda rejected: None,
    on_ready: Callable[[], None] = lambda: None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Read, annotate, attribute and store. One transaction an article; what is stored already is left alone.

    `on_article` is told the fate and location of each article as it is stored, `on_rejected` each bad input.
    Once `stop` answers True no further input is read, and what is in hand is finished.
    """
    from quotetrack import __version__
    from quotetrack.annotation.models import model_set
    from quotetrack.store.save import finish_run, is_stored, save_article, start_run
    from quotetrack.store.sources import known_sources

    summary = Summary()
    started = time.monotonic()

    def ready() -> None:
        nonlocal started
        started = time.monotonic()
        on_ready()

    def reject(rejected: Rejected) -> None:
        summary.rejected.append(rejected)
        summary.articles["skipped"] += 1
        on_rejected(rejected)

    def fresh() -> Iterator[Article]:
        pending: set[tuple[str, str]] = set()
        for item in inputs:
            if stop():
                summary.interrupted = True
                return
            if isinstance(item, Rejected):
                reject(item)
            elif (item.key, item.sha256) in pending or is_stored(engine, item):
                summary.articles["unchanged"] += 1
                on_article("unchanged", item.location)
            else:
                pending.add((item.key, item.sha256))
                yield item

    run_id: int | None = None
    for batch in analyse_all(
        batches(fresh()),
        models=models,
        catalogue=known_sources(engine),
        workers=workers,
        on_ready=ready,
        stop=stop,
    ):
        summary.words += batch.words
        summary.cpu_seconds.update(batch.seconds)
        for outcome in batch.outcomes:
            if isinstance(outcome, Rejected):
                reject(outcome)
                continue
            article, attributions = outcome
            if dry_run:
                fate = "new"
            else:
                if run_id is None:
                    used = model_set(models)
                    run_id = start_run(
                        engine,
                        version=__version__,
                        models=used.versions(),
                        settings={"models": models, "workers": workers},
                    )
                fate = save_article(engine, article, attributions, run_id).value
            summary.articles[fate] += 1
            summary.attributions += len(attributions)
            on_article(fate, article.location)
    summary.seconds = time.monotonic() - started
    if run_id is not None:
        finish_run(engine, run_id, summary.as_dict())
    return summary
