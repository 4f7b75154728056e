"""Showing statements and pairs in the terminal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from quotetrack.cli.common import console, plain

if TYPE_CHECKING:
    from quotetrack.store.queries import QuoteRow
    from quotetrack.store.statements.pairs import PairRow
    from quotetrack.store.statements.views import StatementRow, StatementView

SHOWN_PAIRS = 20


def draw_statements(rows: "Sequence[StatementRow]") -> None:
    from rich.text import Text

    table = _table("id", "said", "outlets", "origins", "since", "until", "pairs", "outcome", "grade", "statement")
    for row in rows:
        first, last = (f"{moment:%Y-%m-%d}" if moment else "" for moment in (row.first, row.last))
        table.add_row(
            str(row.id), str(row.attributions), str(row.outlets), str(row.origins), first, last,
            relations(row.relations), named(row.verdict), row.grade or "", Text(plain(_cut(row.label, 60))),
        )  # fmt: skip
    console().print(table)


def draw_statement(view: "StatementView") -> None:
    row, voices = view.row, view.corroboration
    click.echo(f"Statement {row.id}: {plain(_cut(row.label, 200))}")
    said = [
        f"{row.attributions} attributions in {row.outlets} outlets",
        f"{voices.independent} independent of each other as far as is known",
        f"{voices.same_origin} more of the same origins",
    ]
    if voices.unknown:
        said.append(f"{voices.unknown} of nobody who is named")
    click.echo("  " + ", ".join(said) + ".\n")
    for member in view.members:
        quote = member.quote
        voice = f"voice {member.group}" if member.group else "voice unknown"
        notes = [voice, member.relation] + (["the chain differs from the one before"] if member.changed else [])
        click.echo(f"{_when(quote)}  #{quote.id}  {side(quote)}")
        click.echo(f"    “{plain(quote.content)}”  ({', '.join(notes)})")
    if view.pairs:
        click.echo("\nPairs:")
        for pair in view.pairs[:SHOWN_PAIRS]:
            click.echo(f"  {pair.id}  {state(pair)}: {plain(_both(pair, view))}")
        if len(view.pairs) > SHOWN_PAIRS:
            click.echo(f"  … and {len(view.pairs) - SHOWN_PAIRS} more; --json has them all.")
    for heading, lines in (
        ("Outcomes", [f"{o.day}  {named(o.verdict)}: {o.note}{f' <{o.link}>' if o.link else ''} ({o.reviewer})"
                      for o in view.outcomes]),
        ("Grades", [f"{g.at:%Y-%m-%d}  {g.grade} ({g.meaning}): {g.rationale} ({g.reviewer})" for g in view.grades]),
    ):  # fmt: skip
        if lines:
            click.echo(f"\n{heading}, the newest first:")
            for line in lines:
                click.echo(f"  {plain(line)}")


def draw_pairs(rows: "Sequence[PairRow]") -> None:
    from rich.text import Text

    table = _table("id", "likely", "relation", "one", "the other", "because")
    for row in rows:
        if row.second:
            other = f"#{row.second.id} {_when(row.second)} {side(row.second)}: {_cut(row.second.content, 120)}"
        else:
            assert row.flat is not None
            other = f"{row.flat.outlet or row.flat.title}, flatly: {_cut(row.flat.text, 120)}"
        relation = named(row.relation or row.suggested) + ("" if row.relation is None else f" ({row.decided_by})")
        table.add_row(
            str(row.id), f"{row.score:.2f}", Text(plain(relation)),
            Text(plain(f"#{row.first.id} {_when(row.first)} {side(row.first)}: {_cut(row.first.content, 120)}")),
            Text(plain(other)), Text(plain(" ".join(because(row)[:3]))),
        )  # fmt: skip
    console().print(table)


def because(row: "PairRow") -> list[str]:
    """Why it was suggested, in sentences."""
    from quotetrack.explain import reasons

    return [reason.said for reason in reasons(row.reasons, "")]


def relations(counts: "dict[str, int]") -> str:
    return ", ".join(f"{n} {named(relation)}" for relation, n in sorted(counts.items(), key=lambda pair: -pair[1]))


def named(value: str | None) -> str:
    """A relation or verdict as it is read."""
    return str(value).replace("_", " ") if value else ""


def state(pair: "PairRow") -> str:
    if pair.relation is not None:
        return f"{named(pair.relation)} ({pair.decided_by})"
    return f"{named(pair.suggested)}? ({pair.score:.2f})"


def side(quote: "QuoteRow") -> str:
    """Who says it, through whom, in which outlet."""
    speaker = quote.speaker.name if quote.speaker else "nobody named"
    via = "".join(f" > {hop.name}" for hop in quote.channels)
    return plain(f"{quote.outlet or 'unknown outlet'}{via} > {speaker}")


def _both(pair: "PairRow", view: "StatementView") -> str:
    """The side of a pair that is not of the statement; both where both are."""
    own = {member.quote.id for member in view.members}
    sides = [quote for quote in (pair.first, pair.second) if quote is not None and quote.id not in own]
    if pair.flat is not None:
        return f"{pair.flat.outlet or pair.flat.title} states flatly: {_cut(pair.flat.text, 160)}"
    if not sides and pair.second is not None:
        return f"#{pair.first.id} and #{pair.second.id}"
    return "; ".join(f"#{quote.id} {side(quote)}: {_cut(quote.content, 160)}" for quote in sides)


def _when(quote: "QuoteRow") -> str:
    return f"{quote.published:%Y-%m-%d}" if quote.published else "undated"


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _table(*headings: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(
            heading, justify="right" if heading in ("id", "said", "outlets", "origins", "likely") else "left"
        )
    return table


def flattened(rows: "Iterable[PairRow]") -> Iterable[dict[str, Any]]:
    """Pairs for CSV: one line each."""
    for row in rows:
        yield {
            "id": row.id, "suggested": row.suggested, "score": row.score, "relation": row.relation,
            "decided_by": row.decided_by, "first_id": row.first.id, "first": row.first.content,
            "second_id": row.second.id if row.second else None,
            "second": row.second.content if row.second else row.flat.text if row.flat else None,
            "because": " ".join(because(row)),
        }  # fmt: skip
