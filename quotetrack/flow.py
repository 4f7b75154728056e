"""READ SECOND: the journey of a batch of articles, from inputs to stored attributions.

    read → annotate → attribute → store

Annotating is what takes the time: worker processes do it, here or in a Dask cluster, each with one pipeline
(`quotetrack.workers`). Batches come back in the order in which they were sent, and this process alone stores them, so
that what is stored depends neither on how many workers there are nor on what becomes of them. What is
found in an article is the same to the last bit in whatever batch and process it is.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from quotetrack.domain import Article, Attribution, Rejected
from quotetrack.sources.catalogue import Catalogue
from quotetrack.workers.local import Here, Processes
from quotetrack.workers.order import in_order
from quotetrack.workers.task import Pool, Task

if TYPE_CHECKING:
    from quotetrack.annotation.pipeline import Annotator
    from quotetrack.store.engine import Engine
    from quotetrack.store.reextract import Replaced, Wanted

BATCH_WORDS = 6_000
"""A batch is closed when it has this many words: enough for the models to work at full speed, some two seconds."""
BATCH_ARTICLES = 64
PATIENCE_SECONDS, SLOWEST_WORDS = 120, 20
"""A worker is taken for hung after so many seconds, and one more for so many words: far below its usual pace."""

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
    """What an ingest or a re-extraction did, in numbers."""

    fates: tuple[str, ...] = ("new", "new_version", "unchanged", "skipped")
    articles: Counter[str] = field(default_factory=Counter)
    """By fate."""
    attributions: int = 0
    words: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    seconds: float = 0.0
    """On the clock, loading the models left out."""
    cpu_seconds: Counter[str] = field(default_factory=Counter)
    interrupted: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "articles": {fate: self.articles[fate] for fate in self.fates},
            "attributions": self.attributions,
            "words": self.words,
            "seconds": round(self.seconds, 2),
            "words_per_second": round(self.words / self.seconds) if self.seconds else None,
            "cpu_seconds": {name: round(value, 2) for name, value in self.cpu_seconds.items()},
            "interrupted": self.interrupted,
            "skipped": [{"location": r.location, "reason": r.reason, "message": r.message} for r in self.rejected],
        }


def analyse(annotator: "Annotator", articles: list[Article], catalogue: Catalogue) -> Analysed:
    """Annotate and attribute a batch. An article that breaks the pipeline is rejected; the others are not lost."""
    from quotetrack.attribution import attribute, default_channels

    before = Counter(annotator.seconds)
    try:
        annotations = annotator.annotate([article.text for article in articles])
    except Exception as error:  # whatever a text makes Stanza raise
        if len(articles) == 1:
            return Analysed([_broken(articles[0], error)], {}, 0)
        alone = [analyse(annotator, [article], catalogue) for article in articles]
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


def load(models: str) -> "Annotator":
    """What a worker holds while it lives. Raises ModelError if the models cannot be loaded."""
    from quotetrack.annotation.models import model_set
    from quotetrack.annotation.pipeline import Annotator

    return Annotator(model_set(models), threads=1)  # two threads get in each other's way more than they help


def analyse_all(
    groups: Iterable[list[Article]],
    *,
    models: str,
    catalogue: Catalogue,
    workers: int,
    dask: str | None = None,
    on_ready: Callable[[], None] = lambda: None,
    on_note: Callable[[str], None] = lambda note: None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Analysed]:
    """Analyse batches, in order: in `workers` processes, here if that is 0, or on the Dask cluster at `dask`.

    Takes no more batches from `groups` than keep the workers busy. An article whose analysis ends one worker after
    the other is rejected. `on_ready` is called when the first worker is ready, `on_note` with what the user may want
    to know, such as that a worker died; both perhaps from another thread. Once `stop` answers True, batches that no
    worker has begun are dropped. Raises ModelError if the models cannot be loaded, ClusterError if the cluster cannot
    be used.
    """
    hold = partial(load, models)
    task = Task(partial(analyse, catalogue=catalogue), _died, _patience)
    with ExitStack() as stack:
        pool: Pool
        if dask:
            from quotetrack.workers.cluster import Cluster

            pool = stack.enter_context(Cluster(dask, hold, partial(_versions, models), on_ready, on_note))
        elif workers:
            pool = stack.enter_context(Processes(workers, hold, on_ready, on_note))
        else:
            pool = Here(hold, on_ready)
        yield from in_order(groups, pool, task, stop)


def _died(article: Article, cause: str) -> Analysed:
    said = f"the worker process analysing it died ({cause})"
    return Analysed([Rejected(article.location or article.name, "worker_died", said)], {}, 0)


def _patience(articles: list[Article]) -> float:
    return PATIENCE_SECONDS + sum(len(article.text) for article in articles) / 6 / SLOWEST_WORDS


def made_by(models: str) -> tuple[str, dict[str, str]]:
    """The version of quotetrack and those of these models: where both are the same, so is what is found."""
    from quotetrack import __version__
    from quotetrack.annotation.models import model_set

    return __version__, model_set(models).versions()


def _versions(models: str) -> dict[str, str]:
    """What must be the same in all workers."""
    version, versions = made_by(models)
    return {"quotetrack": version} | versions


@dataclass(frozen=True, slots=True)
class How:
    """By what means articles are analysed, and who is told. For what is not said here see `analyse_all`."""

    models: str
    workers: int
    dask: str | None = None
    dry_run: bool = False
    """Do everything but store."""
    on_article: Callable[[str, str], None] = lambda fate, location: None
    """Told the fate and location of each article as it is stored."""
    on_rejected: Callable[[Rejected], None] = lambda rejected: None
    on_ready: Callable[[], None] = lambda: None
    on_note: Callable[[str], None] = lambda note: None
    stop: Callable[[], bool] = lambda: False
    """Once it answers True no further article is taken, and what is in hand is finished."""


def ingest(engine: "Engine", inputs: Iterable[Article | Rejected], how: How) -> Summary:
    """Read, annotate, attribute and store. One transaction an article; what is stored already is left alone."""
    from quotetrack.store.save import is_stored, save_article

    summary = Summary()

    def fresh() -> Iterator[Article | Rejected]:
        pending: set[tuple[str, str]] = set()
        for item in inputs:
            if how.stop():
                return
            if isinstance(item, Rejected):
                yield item
            elif (item.key, item.sha256) in pending or is_stored(engine, item):
                summary.articles["unchanged"] += 1
                how.on_article("unchanged", item.location)
            else:
                pending.add((item.key, item.sha256))
                yield item

    def keep(article: Article, attributions: tuple[Attribution, ...], run_id: int | None) -> str:
        fate = "new" if how.dry_run else save_article(engine, article, attributions, run_id).value
        if fate != "unchanged":  # as it is where another process was first
            summary.attributions += len(attributions)
        return fate

    _analyse_and_keep(engine, fresh(), keep, summary, how)
    return summary


def reextract(engine: "Engine", wanted: "Wanted", how: How) -> tuple[Summary, "Replaced"]:
    """Analyse stored articles again: what a reviewer decided stays, the rest is replaced. One transaction an article.

    The second part of the result says what became of their attributions.
    """
    from quotetrack.store.reextract import Replaced, replace_attributions, stored_articles

    summary, total = Summary(("changed", "unchanged", "skipped")), Replaced()
    ids: dict[tuple[str, str], int] = {}

    def stored() -> Iterator[Article]:
        for id_, article in stored_articles(engine, wanted):
            if how.stop():
                return
            ids[article.key, article.sha256] = id_
            yield article

    def keep(article: Article, attributions: tuple[Attribution, ...], run_id: int | None) -> str:
        nonlocal total
        id_ = ids.pop((article.key, article.sha256))
        found = replace_attributions(engine, id_, article, attributions, run_id, dry_run=how.dry_run)
        total += found
        summary.attributions += len(attributions)
        return "changed" if found.changed or found.added or found.dropped else "unchanged"

    _analyse_and_keep(engine, stored(), keep, summary, how)
    return summary, total


def _analyse_and_keep(
    engine: "Engine",
    items: Iterable[Article | Rejected],
    keep: Callable[[Article, tuple[Attribution, ...], int | None], str],
    summary: Summary,
    how: How,
) -> None:
    """Analyse articles and have each one kept, as a part of one run, which begins with the first unless it is dry."""
    from quotetrack.store.save import finish_run, start_run
    from quotetrack.store.sources import known_sources

    started = time.monotonic()

    def ready() -> None:
        nonlocal started
        started = time.monotonic()
        how.on_ready()

    def reject(rejected: Rejected) -> None:
        summary.rejected.append(rejected)
        summary.articles["skipped"] += 1
        how.on_rejected(rejected)

    def sound() -> Iterator[Article]:
        for item in items:
            if isinstance(item, Rejected):
                reject(item)
            else:
                yield item

    run_id: int | None = None
    for batch in analyse_all(
        batches(sound()),
        models=how.models,
        catalogue=known_sources(engine),
        workers=how.workers,
        dask=how.dask,
        on_ready=ready,
        on_note=how.on_note,
        stop=how.stop,
    ):
        summary.words += batch.words
        summary.cpu_seconds.update(batch.seconds)
        for outcome in batch.outcomes:
            if isinstance(outcome, Rejected):
                reject(outcome)
                continue
            article, attributions = outcome
            if run_id is None and not how.dry_run:
                version, versions = made_by(how.models)
                place = {"dask": how.dask} if how.dask else {"workers": how.workers}
                run_id = start_run(engine, version=version, models=versions, settings={"models": how.models} | place)
            fate = keep(article, attributions, run_id)
            summary.articles[fate] += 1
            how.on_article(fate, article.location)
    summary.interrupted = how.stop()
    summary.seconds = time.monotonic() - started
    if run_id is not None:
        finish_run(engine, run_id, summary.as_dict())
