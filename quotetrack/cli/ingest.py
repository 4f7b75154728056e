"""`quotetrack ingest`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from quotetrack.cli.common import database_option, models_option, open_store, tell, workers_option, write_json
from quotetrack.cli.inputs import input_options, progress, read, stop_on_interrupt, tell_rejected
from quotetrack.domain import Rejected
from quotetrack.errors import ExitCode

EPILOG = """\b
Examples:
  quotetrack ingest article.txt --outlet "Eastern Desk" --date 2025-03-31
  quotetrack ingest articles/ --include "*.html" --workers 2
  quotetrack ingest https://example.org/news/1.html
  curl -s https://example.org/news/1.html | quotetrack ingest - --outlet "Example News"
  quotetrack ingest bulk.jsonl --json > summary.json
  quotetrack ingest bulk.jsonl --dask tcp://10.0.0.1:8786 --database postgresql://news@10.0.0.2/news

\b
JSON Lines, one article a line:
  {"id"?, "url"?, "title"?, "text", "outlet"?, "author"?, "published"?}
Beside NAME.txt, a side-car NAME.meta.toml (or .meta.json) may give url, title, outlet, author and published.

\b
An article is known by its URL, else by its id, else by its text. The same text again is left as it is; another
text under the same URL or id is stored as a new version, and the old one is kept. Who else says the same, or
otherwise, is not looked for here: `quotetrack statements suggest` compares what has been stored since.

\b
Each worker process may take 2 GB. One that dies costs nothing but time; an article that ends one after the other
is skipped. Whatever ends the run, what was stored is whole, and the same command again does the rest.
With --dask (`pip install 'quotetrack[cluster]'`), `dask scheduler` and, where quotetrack is installed,
`dask worker ADDRESS --nworkers N --nthreads 1` have been started before; this process reads and stores.

\b
Exit codes: 0 all stored, 3 some inputs were skipped (each is named with the reason), 130 stopped by Ctrl-C."""


@click.command("ingest", epilog=EPILOG)
@input_options
@database_option
@models_option
@workers_option
@click.option("--dask", metavar="ADDRESS", help="Have the workers of this Dask scheduler do it.")
@click.option("--dry-run", is_flag=True, help="Do everything but store.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on standard output.")
def command(
    inputs: tuple[str, ...],
    database: str | None,
    models: str | None,
    workers: int | None,
    dask: str | None,
    dry_run: bool,
    as_json: bool,
    **reading: Any,
) -> int:
    """Read articles and store who said what, through whom.

    Inputs are text, Markdown, HTML and JSON Lines files, folders of them, URLs, and - for standard input.
    """
    from quotetrack.flow import How, ingest
    from quotetrack.reading import count_inputs
    from quotetrack.settings import load_settings
    from quotetrack.store.engine import sqlite_path
    from quotetrack.workers.local import choose_workers

    if dask is not None and workers is not None:
        raise click.UsageError("--workers is of this machine; with --dask the cluster's own workers do it.")
    settings = load_settings()
    total = count_inputs(inputs, include=reading["include"], exclude=reading["exclude"])
    name = database or settings.database_url
    with TemporaryDirectory() as elsewhere, stop_on_interrupt() as stop, progress(total, quiet=as_json) as advance:
        path = sqlite_path(name)
        if dry_run and path is not None and not path.exists():  # a dry run does not make a database either
            name = str(Path(elsewhere) / path.name)
        engine = open_store(name, create=True)

        def reject(rejected: Rejected) -> None:
            tell_rejected(rejected)
            advance()

        how = How(
            models or settings.models,
            choose_workers(workers, settings.workers),
            dask,
            dry_run,
            on_article=lambda fate, location: advance(),
            on_rejected=reject,
            on_ready=lambda: advance(note="reading articles"),
            on_note=tell,
            stop=stop,
        )
        summary = ingest(engine, read(inputs, **reading), how)
    if as_json:
        write_json(summary.as_dict() | {"dry_run": dry_run})
    else:
        click.echo(_sentence(summary.as_dict(), dry_run=dry_run), err=True)
    if summary.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.SKIPPED if summary.rejected else ExitCode.OK


def _sentence(summary: dict[str, Any], *, dry_run: bool) -> str:
    counts = summary["articles"]
    parts = [f"{counts['new']} new"]
    parts += [
        f"{counts[fate]} {fate.replace('_', ' ')}" for fate in ("new_version", "unchanged", "skipped") if counts[fate]
    ]
    speed = f" ({summary['words_per_second']:,} words/s)" if summary["words"] and summary["words_per_second"] else ""
    stored = "would be stored" if dry_run else "stored"
    stopped = "Stopped early. " if summary["interrupted"] else ""
    return f"{stopped}Articles: {', '.join(parts)}. {summary['attributions']} attributions {stored}{speed}."
