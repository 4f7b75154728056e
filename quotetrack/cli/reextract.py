"""`quotetrack reextract`."""

from dataclasses import asdict
from datetime import datetime

import click

from quotetrack.cli.common import database_option, models_option, open_store, tell, workers_option, write_json
from quotetrack.cli.inputs import progress, stop_on_interrupt, tell_rejected
from quotetrack.cli.report import period_options
from quotetrack.domain import Rejected
from quotetrack.errors import ExitCode

EPILOG = """\b
Examples:
  quotetrack reextract                          after an upgrade, or with other models
  quotetrack reextract --dry-run                how much would change
  quotetrack reextract --models ~/stanza_resources --since 2025-03-01
  quotetrack reextract --all                    also what these models have analysed already

\b
What a reviewer decided on stays as it is, whatever is found now, and so does what such an attribution is nested in.
The others are matched by their contents: what is found again keeps its id, what is not found any more is dropped.
Articles that this version has analysed with these models are passed over, so that a run that was stopped is gone
on with by the same command.

\b
Exit codes: 0 all done, 3 some articles could not be analysed, 130 stopped by Ctrl-C."""


@click.command("reextract", epilog=EPILOG)
@period_options
@database_option
@models_option
@workers_option
@click.option("--dask", metavar="ADDRESS", help="Have the workers of this Dask scheduler do it.")
@click.option("--all", "every", is_flag=True, help="Also articles that these models have analysed already.")
@click.option("--dry-run", is_flag=True, help="Do everything but store.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on standard output.")
def command(
    since: datetime | None,
    until: datetime | None,
    outlet: str,
    database: str | None,
    models: str | None,
    workers: int | None,
    dask: str | None,
    every: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Analyse stored articles again: what a person decided stays, the rest is replaced."""
    from quotetrack.flow import How, made_by, reextract
    from quotetrack.settings import load_settings
    from quotetrack.store.reextract import Wanted, count_articles
    from quotetrack.workers.local import choose_workers

    if dask is not None and workers is not None:
        raise click.UsageError("--workers is of this machine; with --dask the cluster's own workers do it.")
    settings = load_settings()
    used = models or settings.models
    engine = open_store(database)
    wanted = Wanted(since, until, outlet, None if every else made_by(used))
    total = count_articles(engine, wanted)
    if not total and not as_json:
        tell("Nothing to do: these models have analysed every article chosen. `--all` analyses them again.")
        return ExitCode.OK
    with stop_on_interrupt() as stop, progress(total, quiet=as_json) as advance:

        def reject(rejected: Rejected) -> None:
            tell_rejected(rejected)
            advance()

        how = How(
            used,
            choose_workers(workers, settings.workers),
            dask,
            dry_run,
            on_article=lambda fate, location: advance(),
            on_rejected=reject,
            on_ready=lambda: advance(note="analysing articles"),
            on_note=tell,
            stop=stop,
        )
        summary, replaced = reextract(engine, wanted, how)
    figures = summary.as_dict()
    if as_json:
        write_json(figures | {"replaced": asdict(replaced), "dry_run": dry_run})
    else:
        counts, would = figures["articles"], "would be " if dry_run else ""
        skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
        tell(
            f"{'Stopped early. ' if summary.interrupted else ''}"
            f"Articles: {counts['changed']} {would}changed, {counts['unchanged']} unchanged{skipped}. "
            f"Attributions: {replaced.kept} kept as decided, {replaced.same} the same, {replaced.changed} "
            f"{would}changed, {replaced.added} added, {replaced.dropped} dropped."
        )
    if summary.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.SKIPPED if summary.rejected else ExitCode.OK
