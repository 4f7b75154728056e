"""`quotetrack report`."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quotetrack.cli.common import (
    Function,
    console,
    csv_text,
    database_option,
    moment,
    open_store,
    write_csv,
    write_json,
)
from quotetrack.domain import Kind, Polarity, Status
from quotetrack.errors import QuotetrackError
from quotetrack.harmless import harmless_json

if TYPE_CHECKING:
    from quotetrack.reports.build import Request
    from quotetrack.reports.documents import AnyReport
    from quotetrack.store.engine import Engine

FORMATS = ("terminal", "html", "csv", "json", "md")
EPOCH = "SOURCE_DATE_EPOCH"


def period_options(function: Function) -> Function:
    """Which articles."""
    for option in (
        click.option("--outlet", default="", help="Only articles of this outlet."),
        click.option("--until", callback=moment, metavar="DATE", help="Published before this date."),
        click.option("--since", callback=moment, metavar="DATE", help="Published on or after this date."),
    ):
        function = option(function)
    return function


def scope_options(function: Function) -> Function:
    """Which attributions a report is about."""
    for option in (
        click.option(
            "--decided-by", "reviewer", default="", metavar="NAME", help="Only what this reviewer decided on."
        ),
        click.option("--run", "run_id", type=int, metavar="ID", help="Only what this run of ingest found."),
        click.option("--confidence-from", type=click.FloatRange(0, 1), help="Only of this confidence or more."),
        click.option("--reviewed", is_flag=True, help="Only what a reviewer has confirmed."),
        click.option("--text", default="", metavar="WORDS", help="Only if the content has all these words."),
        click.option("--polarity", type=click.Choice([p.value for p in Polarity]), help="Only asserted, or not."),
        click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only words given in this way."),
        period_options,
    ):
        function = option(function)
    return function


def form_options(function: Function) -> Function:
    """How a report is given out."""
    for option in (
        database_option,
        click.option("--as-of", callback=moment, metavar="DATE", help=f"Its date.  [default: ${EPOCH}, else now]"),
        click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file."),
        click.option("--csv", "form", flag_value="csv", help="The same as --format csv."),
        click.option("--json", "form", flag_value="json", help="The same as --format json."),
        click.option("--format", "form", type=click.Choice(FORMATS), help="How to give it out.  [default: terminal]"),
    ):
        function = option(function)
    return function


def evidence_options(function: Function) -> Function:
    """What stands behind the figures."""
    for option in (
        click.option(
            "--evidence-limit", type=click.IntRange(1, 1000), default=10, show_default=True,
            help="How many attributions to list for each figure.",
        ),
        click.option("--evidence", is_flag=True, help="List the attributions behind each figure; HTML always does."),
        click.option(
            "--period", type=click.Choice(["week", "month"]), default="month", show_default=True, help="Of trends."
        ),
    ):  # fmt: skip
        function = option(function)
    return function


limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=40, show_default=True, help="How many lines."
)


@click.group(
    "report",
    epilog="""\b
Examples:
  quotetrack report sources
  quotetrack report source KCNA --evidence
  quotetrack report source KCNA --format html --output kcna.html
  quotetrack report unnamed --outlet "Eastern Desk" --csv""",
)
def command() -> None:
    """Report what the record supports about sources and channels, and no more."""


@command.command(
    epilog="""\b
Examples:
  quotetrack report sources
  quotetrack report sources --since 2025-03-01 --limit 20
  quotetrack report sources --csv > sources.csv"""
)
@scope_options
@evidence_options
@limit_option
@form_options
def sources(**given: Any) -> None:
    """All named speakers: how often each spoke, in which way, and what came through it."""
    from quotetrack.reports.build import sources_report

    _give(given, sources_report)


@command.command(
    epilog="""\b
Examples:
  quotetrack report channels
  quotetrack report channels --outlet "Eastern Desk" --json"""
)
@scope_options
@evidence_options
@limit_option
@form_options
def channels(**given: Any) -> None:
    """All channels: what came through each, whom it carries, and who is heard in no other way."""
    from quotetrack.reports.build import channels_report

    _give(given, channels_report)


@command.command(
    epilog="""\b
Examples:
  quotetrack report outlets
  quotetrack report outlets --since 2025-01-01 --format html --output outlets.html"""
)
@scope_options
@evidence_options
@limit_option
@form_options
def outlets(**given: Any) -> None:
    """All outlets: how they quote, how often without a name, and how many origins their articles have."""
    from quotetrack.reports.build import outlets_report

    _give(given, outlets_report)


@command.command(
    epilog="""\b
Examples:
  quotetrack report source KCNA
  quotetrack report source "White House" --since 2025-01-01 --json
  quotetrack report source KCNA --format html --output kcna.html --period week"""
)
@click.argument("name")
@scope_options
@evidence_options
@form_options
def source(name: str, **given: Any) -> None:
    """One source, as a speaker and as a channel. NAME is any of its names, or #ID."""
    from quotetrack.reports.build import source_report

    _give(given, lambda engine, request: source_report(engine, name, request))


@command.command(
    epilog="""\b
Examples:
  quotetrack report channel KCNA
  quotetrack report channel TASS --evidence --reviewed"""
)
@click.argument("name")
@scope_options
@evidence_options
@form_options
def channel(name: str, **given: Any) -> None:
    """One source as a channel: what came through it. NAME is any of its names, or #ID."""
    from quotetrack.reports.build import channel_report

    _give(given, lambda engine, request: channel_report(engine, name, request))


@command.command(
    epilog="""\b
Examples:
  quotetrack report outlet "Eastern Desk"
  quotetrack report outlet "Eastern Desk" --period week --format md"""
)
@click.argument("name")
@scope_options
@evidence_options
@form_options
def outlet(name: str, **given: Any) -> None:
    """One outlet: whom it quotes, through whom, and how. NAME is its name, or a part that fits only one."""
    from quotetrack.reports.build import outlet_report

    _give(given, lambda engine, request: outlet_report(engine, name, request))


@command.command(
    epilog="""\b
Examples:
  quotetrack report unnamed
  quotetrack report unnamed --outlet "Eastern Desk" --since 2025-03-01
  quotetrack report unnamed --csv > unnamed.csv"""
)
@scope_options
@evidence_options
@limit_option
@form_options
def unnamed(**given: Any) -> None:
    """Every unnamed voice: what it is called, through whom, information or opinion, and whether it stands alone."""
    from quotetrack.reports.build import unnamed_report

    _give(given, unnamed_report)


@command.command(
    epilog="""\b
Examples:
  quotetrack report run
  quotetrack report run 3 --json"""
)
@click.argument("run_id", metavar="[ID]", required=False, type=click.IntRange(1))
@form_options
def run(run_id: int | None, **given: Any) -> None:
    """What an ingest did: models, settings, counts, timings, what it skipped. Without ID, the last one."""
    from quotetrack.reports.build import run_report

    _give(given, lambda engine, request: run_report(engine, run_id, request))


@command.command(
    epilog="""\b
Examples:
  quotetrack report agreement
  quotetrack report agreement --json | jq .kappa.speaker"""
)
@form_options
def agreement(**given: Any) -> None:
    """How far two reviewers agree on what both judged, each without seeing the other's decision."""
    from quotetrack.reports.build import agreement_report
    from quotetrack.store.decisions import pairs

    _give(given, lambda engine, request: agreement_report(pairs(engine), request))


@command.command(
    epilog="""\b
Example:
  quotetrack report schema > quotetrack-reports.schema.json"""
)
def schema() -> None:
    """Print the JSON schema of all reports."""
    from quotetrack.reports.documents import json_schema

    write_json(json_schema())


def _give(given: dict[str, Any], build: "Callable[[Engine, Request], AnyReport]") -> None:
    """Build a report as the options want it, and give it out."""
    from quotetrack.reports.build import Request
    from quotetrack.store.filters import Filter

    form, output = given.pop("form") or "terminal", given.pop("output")
    database, as_of = given.pop("database"), given.pop("as_of") or _now()
    wants_evidence = given.pop("evidence", False) or form == "html"
    evidence = given.pop("evidence_limit", 0)
    rest = {name: given.pop(name) for name in ("period", "limit") if name in given}
    if given.pop("reviewed", False):
        given["status"] = Status.ACCEPTED.value
    wanted = Filter(**{name: value for name, value in given.items() if value is not None})
    if output is not None and not output.parent.is_dir():
        raise QuotetrackError(f"There is no folder {output.parent} to write {output.name} into. Make it first.")
    request = Request(as_of, wanted, evidence=evidence if wants_evidence else 0, **rest)
    report = build(open_store(database), request)
    if output is None and form == "terminal":
        from quotetrack.reports.layout import outline
        from quotetrack.reports.terminal import draw

        draw(console(), outline(report))
        return
    if output is None and form == "csv":
        from quotetrack.reports.rows import rows_of

        columns, rows = rows_of(report)
        write_csv(rows, columns)
        return
    text = _as_text(report, form)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8", errors="surrogatepass", newline="")
    except OSError as error:
        raise QuotetrackError(f"{output} cannot be written: {error.strerror or error}. Name another file.") from error


def _as_text(report: "AnyReport", form: str) -> str:
    """A report in one of the formats, ending in a newline."""
    if form == "json":
        return harmless_json(report.model_dump(mode="json"), 2) + "\n"
    if form == "csv":
        from quotetrack.reports.rows import rows_of

        columns, rows = rows_of(report)
        return csv_text(rows, columns)
    from quotetrack.reports.layout import outline

    if form == "md":
        from quotetrack.reports.markdown import markdown

        return markdown(outline(report))
    if form == "html":
        from quotetrack.reports.page import page

        return page(outline(report))
    from quotetrack.reports.terminal import as_text

    return as_text(outline(report))


def _now() -> datetime:
    """The time a report states: what the environment fixes, for builds that are to come out the same, else now."""
    fixed = os.environ.get(EPOCH)
    if not fixed:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise QuotetrackError(f"{EPOCH} is {fixed!r}, which is no number of seconds. Mend or unset it.") from error
