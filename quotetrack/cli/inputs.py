"""What `ingest` and `extract` share: the options that say what to read, and the talk on standard error meanwhile."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Any, TypeVar

import click

from quotetrack.cli.common import moment, tell
from quotetrack.domain import Article, Rejected

Function = TypeVar("Function", bound=Callable[..., Any])


def input_options(function: Function) -> Function:
    """INPUTS and the options that say how to read them and what is known about them."""
    for decorate in reversed(
        (
            click.argument("inputs", nargs=-1, required=True, metavar="PATH|URL|- ..."),
            click.option("--include", multiple=True, metavar="GLOB", help="In folders, read only these (repeatable)."),
            click.option("--exclude", multiple=True, metavar="GLOB", help="In folders, leave these out (repeatable)."),
            click.option("--outlet", help="Who published the articles; wins over what they say themselves."),
            click.option("--author", help="Byline of the articles."),
            click.option("--date", "published", callback=moment, metavar="DATE", help="When they were published."),
            click.option("--encoding", metavar="NAME", help="Encoding of text files.  [default: UTF-8]"),
            click.option("--allow-private", is_flag=True, help="Also fetch URLs on private and local addresses."),
        )
    ):
        function = decorate(function)
    return function


def read(
    inputs: tuple[str, ...],
    *,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    outlet: str | None,
    author: str | None,
    published: datetime | None,
    encoding: str | None,
    allow_private: bool,
) -> Iterator[Article | Rejected]:
    from functools import partial

    from quotetrack.reading import Metadata, fetch, read_inputs

    return read_inputs(
        inputs,
        defaults=Metadata(outlet=outlet, author=author, published=published),
        include=include,
        exclude=exclude,
        encoding=encoding,
        fetcher=partial(fetch, allow_private=allow_private),
    )


def tell_rejected(rejected: Rejected) -> None:
    tell(f"skipped {rejected.location}: {rejected.message} [{rejected.reason}]")


@contextmanager
def progress(
    total: int | None, *, quiet: bool, note: str = "loading models", unit: str = "articles"
) -> Iterator[Callable[..., None]]:
    """A progress bar on standard error, if that is a terminal; yields `advance(n=1, note=None)`."""
    if quiet or not sys.stderr.isatty():
        yield lambda n=1, note=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(note, total=total, rate="")

        def advance(n: int = 1, note: str | None = None) -> None:
            if note:
                bar.reset(task, description=note, total=total)
            else:
                bar.advance(task, n)
                speed = bar.tasks[task].finished_speed or bar.tasks[task].speed
                bar.update(task, rate=f"{speed:,.1f} {unit}/s" if speed else "")

        yield advance


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """A first Ctrl-C (or SIGTERM) asks to stop after what is in hand; a second one stops at once."""
    asked = False

    def ask(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        tell("Stopping after the articles in hand; press Ctrl-C again to stop at once.")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
