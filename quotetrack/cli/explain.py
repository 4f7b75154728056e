"""`quotetrack explain`: why an attribution is as it is."""

import click

from quotetrack.cli.common import console, database_option, open_store, plain, write_json


@click.command(
    "explain",
    epilog="""\b
Examples:
  quotetrack explain 12
  quotetrack explain 12 --json | jq '.reasons[].said'

\b
`quotetrack quotes` shows the ids. What a reviewer changed afterwards is in `quotetrack decide history 12`.""",
)
@click.argument("attribution_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object; offsets are code points of the article's text.")
@database_option
def command(attribution_id: int, as_json: bool, database: str | None) -> None:
    """Tell why an attribution is as it is: why this content, this speaker, this chain, and how sure that is."""
    from rich.table import Table
    from rich.text import Text

    from quotetrack.explain import reasons
    from quotetrack.store.queries import get_article, get_quote

    engine = open_store(database)
    quote = get_quote(engine, attribution_id)
    found = list(reasons(quote.steps, get_article(engine, quote.article_id).text))
    if as_json:
        told = [
            {"part": r.part, "said": r.said, "evidence": list(r.evidence), "spans": [[s.start, s.end] for s in r.spans]}
            for r in found
        ]
        write_json(quote.as_dict() | {"reasons": told}, indent=None)
        return
    out = console()
    chain = " → ".join([quote.outlet or "the article", *(hop.name for hop in quote.hops)])
    out.print(Text(plain(f"#{quote.id}  {quote.content}"), style="bold"))
    out.print(Text(plain(f"{chain}  ({quote.kind}, {quote.polarity}, confidence {quote.confidence:.0%})")))
    if not found:
        out.print("No explanation is stored: a person added it, or it was stored before explanations were.")
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=1)
    last = ""
    for reason in found:
        said = Text(plain(reason.said))
        for words in reason.evidence:
            shown = words if len(words) <= WORDS_SHOWN else f"{words[: WORDS_SHOWN - 1]}…"
            said.append(f"\n“{plain(shown)}”", style="italic")
        table.add_row("" if reason.part == last else reason.part, said)
        last = reason.part
    out.print(table)


WORDS_SHOWN = 160
"""Characters of a piece of evidence that the terminal shows."""
