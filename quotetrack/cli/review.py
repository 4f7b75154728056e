"""`quotetrack review`."""

import click

from quotetrack.cli.common import database_option, open_store, reviewer_option


@click.command(
    "review",
    epilog="""\b
Examples:
  quotetrack review
  quotetrack review --reviewer hana --channel KCNA
  quotetrack review --status accepted --order article

\b
Keys: a accept, x reject, i skip, e spans, s speaker, c chain, k kind, n add one that was missed, u undo, U redo,
/ search, f filter, ? all keys, q quit.""",
)
@reviewer_option
@click.option(
    "--order", type=click.Choice(["uncertain", "article", "recent", "impact"]), default="uncertain", show_default=True
)
@click.option(
    "--status", type=click.Choice(["pending", "accepted", "rejected", "all"]), default="pending", show_default=True
)
@click.option("--source", default="", help="Only with this speaker or channel.")
@click.option("--channel", default="", help="Only what came through this channel.")
@click.option("--outlet", default="", help="Only of this outlet.")
@database_option
def command(
    reviewer: str, order: str, status: str, source: str, channel: str, outlet: str, database: str | None
) -> None:
    """Open the review queue in the terminal: confirm, mend or reject what was found, with the keyboard."""
    from quotetrack.review.app import run
    from quotetrack.store.queries import Filter

    run(
        open_store(database),
        reviewer=reviewer,
        order=order,
        wanted=Filter(status="" if status == "all" else status, source=source, channel=channel, outlet=outlet),
    )
