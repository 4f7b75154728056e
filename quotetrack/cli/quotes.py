"""`quotetrack quotes`."""

from typing import TYPE_CHECKING, Any

import click

from quotetrack.cli.common import (
    console,
    database_option,
    format_options,
    open_store,
    plain,
    write_csv,
    write_json,
)
from quotetrack.cli.filtering import chosen, filter_options
from quotetrack.domain import Polarity, Status

if TYPE_CHECKING:
    from quotetrack.store.queries import QuoteRow

COLUMNS = (
    "id", "outlet", "published", "title", "speaker", "speaker_class", "channels", "kind", "polarity", "status",
    "confidence", "content", "cue", "source", "url",
)  # fmt: skip


@click.command(
    "quotes",
    epilog="""\b
Examples:
  quotetrack quotes --channel KCNA --since 2025-03-01
  quotetrack quotes --text "humanitarian aid" --kind direct
  quotetrack quotes --source "White House" --json | jq '.[].content'
  quotetrack quotes --status pending --order uncertain --limit 20""",
)
@filter_options
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Review status.")
@click.option(
    "--order", type=click.Choice(["recent", "uncertain", "article", "impact"]), default="recent", show_default=True
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@format_options
@database_option
def command(status: str | None, order: str, limit: int, form: str | None, database: str | None, **given: Any) -> None:
    """List and search the stored attributions."""
    from quotetrack.store.queries import count_quotes, list_quotes

    engine, wanted = open_store(database), chosen(given, status=status)
    rows = list_quotes(engine, wanted, order=order, limit=limit)
    if form == "json":
        write_json([row.as_dict() for row in rows])
    elif form == "csv":
        write_csv((_flat(row) for row in rows), COLUMNS)
    else:
        _draw(rows)
        total = count_quotes(engine, wanted)
        click.echo(
            f"{len(rows)} of {total} attributions." + (" --limit shows more." if total > len(rows) else ""), err=True
        )


def _flat(row: "QuoteRow") -> dict[str, Any]:
    return row.as_dict() | {
        "speaker": row.speaker.name if row.speaker else None,
        "speaker_class": row.speaker.source_class if row.speaker else None,
        "channels": " > ".join(hop.name for hop in row.channels),
    }


def _draw(rows: "list[QuoteRow]") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    table.add_column("id", justify="right", no_wrap=True)
    table.add_column("chain", ratio=3)
    table.add_column("content", ratio=6)
    table.add_column("kind", no_wrap=True)
    for row in rows:
        chain = Text(plain(row.outlet or "?"), style="dim")
        for hop in row.hops:
            chain.append(" → ", style="dim").append(plain(hop.name), style="bold" if hop is row.speaker else "")
        if row.speaker is None:
            chain.append(" → nobody named", style="dim italic")
        kind = row.kind.value + ("" if row.polarity == Polarity.ASSERTED else f"\n{row.polarity.value}")
        content = " ".join(plain(row.content).split())
        table.add_row(str(row.id), chain, Text(content if len(content) <= 240 else content[:239] + "…"), Text(kind))
    console().print(table)
