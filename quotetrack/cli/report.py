"""`quotetrack report`."""

from datetime import datetime
from typing import Any

import click

from quotetrack.cli.common import console, database_option, format_options, moment, open_store, write_csv, write_json

_SHARES = tuple(
    f"{name}_{part}" for name in ("direct", "through_a_channel") for part in ("k", "n", "share", "low", "high")
)
OVERVIEW_COLUMNS = ("name", "kind", "controller", "spoken", *_SHARES, "carried", "articles", "outlets", "reviewed")


def scope_options(function: Any) -> Any:
    function = click.option("--outlet", default="", help="Only articles of this outlet.")(function)
    function = click.option("--until", callback=moment, metavar="DATE", help="Published before this date.")(function)
    return click.option("--since", callback=moment, metavar="DATE", help="Published on or after this date.")(function)


@click.group("report", epilog="\b\nExamples:\n  quotetrack report sources\n  quotetrack report source KCNA")
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
@click.option("--limit", type=click.IntRange(1), default=40, show_default=True, help="How many sources.")
@format_options
@database_option
def sources(
    since: datetime | None, until: datetime | None, outlet: str, limit: int, form: str | None, database: str | None
) -> None:
    """All sources: how often each spoke, in which way, and what came through it."""
    from quotetrack.reports.build import overview
    from quotetrack.store.figures import Scope, source_counts, totals

    engine, scope = open_store(database), Scope(since, until, outlet)
    report = overview(totals(engine, scope), source_counts(engine, scope, limit=limit), scope)
    if form == "json":
        write_json(report)
    elif form == "csv":
        write_csv((_flat(row) for row in report["sources"]), OVERVIEW_COLUMNS)
    else:
        from quotetrack.reports.terminal import draw_overview

        draw_overview(console(), report)


@command.command(
    epilog="""\b
Examples:
  quotetrack report source KCNA
  quotetrack report source "White House" --since 2025-01-01 --json"""
)
@click.argument("name")
@scope_options
@format_options
@database_option
def source(
    name: str, since: datetime | None, until: datetime | None, outlet: str, form: str | None, database: str | None
) -> None:
    """One source, as a speaker and as a channel. NAME is any of its names, or #ID."""
    from quotetrack.reports.build import source_report
    from quotetrack.store.figures import Scope, source_facts

    scope = Scope(since, until, outlet)
    report = source_report(source_facts(open_store(database), name, scope), scope)
    if form == "json":
        write_json(report)
    elif form == "csv":
        write_csv(_figures(report), ("section", "figure", "k", "n", "share", "low", "high"))
    else:
        from quotetrack.reports.terminal import draw_source

        draw_source(console(), report)


@command.command(
    epilog="""\b
Examples:
  quotetrack report agreement
  quotetrack report agreement --json | jq .kappa.speaker"""
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def agreement(as_json: bool, database: str | None) -> None:
    """How far two reviewers agree on what both judged, each without seeing the other's decision."""
    from quotetrack.reports.agreement import agreement as build
    from quotetrack.store.decisions import pairs

    report = build(pairs(open_store(database)))
    if as_json:
        write_json(report)
    else:
        from quotetrack.reports.terminal import draw_agreement

        draw_agreement(console(), report)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    shares = {f"{key}_{part}": value[part] for key, value in row.items() if isinstance(value, dict) for part in value}
    return row | shares


def _figures(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Every count and share of a source's report as a row of its own."""
    rows: list[dict[str, Any]] = [{"section": "report", "figure": "articles", "k": report["articles"]}]

    def add(section: str, name: str, value: Any) -> None:
        if isinstance(value, dict) and "judged" in value:
            rows.append({"section": section, "figure": name, **value})
        elif isinstance(value, dict):
            for inner, number in value.items():
                add(f"{section}.{name}", inner, number)
        elif isinstance(value, int):
            rows.append({"section": section, "figure": name, "k": value})

    for section in ("as_speaker", "as_channel"):
        for name, value in report[section].items():
            add(section, name, value)
    add("report", "outlets", report["outlets"])
    add("report", "reviewed", report["reviewed"])
    return rows
