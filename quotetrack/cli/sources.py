"""`quotetrack sources`."""

from dataclasses import asdict
from typing import Any

import click

from quotetrack.admiralty import RELIABILITY
from quotetrack.cli.common import (
    console,
    database_option,
    format_options,
    open_store,
    plain,
    reviewer_option,
    tell,
    write_csv,
    write_json,
)
from quotetrack.domain import SourceKind

LETTERS = "\n".join(f"  {letter}  {meaning}" for letter, meaning in RELIABILITY.items())
COLUMNS = ("id", "name", "kind", "country", "controller", "origin", "spoken", "carried", "aliases")


@click.group(
    "sources", epilog="\b\nExamples:\n  quotetrack sources list --search ministry\n  quotetrack sources show KCNA"
)
def command() -> None:
    """Show and edit sources: their names, what they are, and who controls them.

    NAME is any of a source's names, a part that fits only one, or #ID.
    """


@command.command(
    "list",
    epilog="""\b
Examples:
  quotetrack sources list
  quotetrack sources list --search ministry --all
  quotetrack sources list --kind news_agency --all --csv""",
)
@click.option("--search", default="", metavar="TEXT", help="Only sources with this in one of their names.")
@click.option("--kind", type=click.Choice([kind.value for kind in SourceKind]), help="Only this kind.")
@click.option("--all", "everything", is_flag=True, help="Also sources that no stored article names.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@format_options
@database_option
def list_(search: str, kind: str | None, everything: bool, limit: int, form: str | None, database: str | None) -> None:
    """List sources, the most heard first."""
    from rich.table import Table
    from rich.text import Text

    from quotetrack.store.sources import list_sources

    rows = list_sources(open_store(database), search=search, kind=kind or "", seen=not everything, limit=limit)
    if form == "json":
        write_json([asdict(row) for row in rows])
        return
    if form == "csv":
        write_csv((asdict(row) | {"aliases": "; ".join(row.aliases)} for row in rows), COLUMNS)
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("id", "name", "kind", "controlled by", "spoke", "carried", "from"):
        table.add_column(heading, justify="right" if heading in ("id", "spoke", "carried") else "left")
    for row in rows:
        texts = (plain(row.name), row.kind.replace("_", " "), plain(row.controller))
        table.add_row(str(row.id), *(Text(t) for t in texts), str(row.spoken), str(row.carried), row.origin)
    console().print(table)
    if not rows:
        click.echo("No source fits. --all also looks at those that no stored article names.", err=True)


@command.command(
    epilog="""\b
Examples:
  quotetrack sources show KCNA
  quotetrack sources show "White House" --json"""
)
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def show(name: str, as_json: bool, database: str | None) -> None:
    """Show one source with all its names."""
    from quotetrack.store.sources import show_source

    row = show_source(open_store(database), name)
    if as_json:
        write_json(asdict(row))
        return
    for label, value in (
        ("name", row.name), ("id", f"#{row.id}"), ("kind", row.kind), ("country", row.country),
        ("controlled by", row.controller), ("from", row.origin), ("spoke", row.spoken), ("carried", row.carried),
        ("aliases", ", ".join(row.aliases)),
    ):  # fmt: skip
        if value not in (None, ""):
            click.echo(f"{label:14} {plain(value)}")


@command.command(epilog='\b\nExample:\n  quotetrack sources add-alias "Sergey Lavrov" "Sergei Lavrov"')
@click.argument("name")
@click.argument("alias")
@reviewer_option
@database_option
def add_alias(name: str, alias: str, reviewer: str, database: str | None) -> None:
    """Give a source another name."""
    from quotetrack.store import decisions

    tell(f"{decisions.add_alias(open_store(database), name, alias, reviewer=reviewer)} is now also called {alias}.")


@command.command(
    epilog='\b\nExample:\n  quotetrack sources rename "the North\'s foreign ministry" "North Korean Foreign Ministry"'
)
@click.argument("name")
@click.argument("new")
@reviewer_option
@database_option
def rename(name: str, new: str, reviewer: str, database: str | None) -> None:
    """Change a source's canonical name; the old one stays an alias."""
    from quotetrack.store import decisions

    tell(f"{decisions.rename(open_store(database), name, new, reviewer=reviewer)} is now called {new}.")


@command.command(epilog='\b\nExample:\n  quotetrack sources merge "Sergei Lavrov" "Sergey Lavrov"')
@click.argument("name")
@click.argument("into")
@reviewer_option
@database_option
def merge(name: str, into: str, reviewer: str, database: str | None) -> None:
    """Merge source NAME into source INTO: its names and all it said become the other's."""
    from quotetrack.store import decisions

    old, new, moved = decisions.merge(open_store(database), name, into, reviewer=reviewer)
    tell(f"{old} is now part of {new}; {moved} hops moved.")


@command.command(
    epilog="""\b
Examples:
  quotetrack sources unmerge "Sergei Lavrov"
  quotetrack sources unmerge "#12\""""
)
@click.argument("name")
@reviewer_option
@database_option
def unmerge(name: str, reviewer: str, database: str | None) -> None:
    """Take back a merge: source NAME is its own again, with the names it brought and all that was said under them."""
    from quotetrack.store import decisions

    own, other, names = decisions.unmerge(open_store(database), name, reviewer=reviewer)
    tell(f"{own} is no longer part of {other}; {names} names went back.")


@command.command(
    epilog="""\b
Examples:
  quotetrack sources matches
  quotetrack sources matches --resolve 3 same --resolve 4 different
  quotetrack sources matches --state different --json"""
)
@click.option("--resolve", type=(int, click.Choice(["same", "different"])), multiple=True, metavar="ID same|different",
              help="Say of a match whether the two are one: the first is then merged into the second.")  # fmt: skip
@click.option("--state", type=click.Choice(["pending", "same", "different"]), default="pending", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@format_options
@reviewer_option
@database_option
def matches(
    resolve: list[tuple[int, str]], state: str, limit: int, form: str | None, reviewer: str, database: str | None
) -> None:
    """List sources that may be one and wait for a person's word, or give it."""
    from quotetrack.store.decisions import list_matches, resolve_match

    engine = open_store(database)
    for match_id, verdict in resolve:
        resolve_match(engine, match_id, same=verdict == "same", reviewer=reviewer)
        tell(f"Match {match_id}: {verdict}.")
    if resolve:
        return
    rows = [
        asdict(row) | {"at": row.at.isoformat() if row.at else None}
        for row in list_matches(engine, state=state, limit=limit)
    ]
    if form == "json":
        write_json(rows)
    elif form == "csv":
        write_csv(rows, ("id", "source", "candidate", "score", "reason", "state", "decided_by", "at"))
    else:
        _draw_matches(rows)
        tell(f"{len(rows)} matches." + (" --resolve ID same|different decides." if rows and state == "pending" else ""))


def _draw_matches(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("id", "source", "heard", "may be", "heard", "score", "because"):
        table.add_column(heading, justify="right" if heading in ("id", "heard", "score") else "left")
    for row in rows:
        table.add_row(
            str(row["id"]), Text(plain(row["source"])), str(row["source_heard"]), Text(plain(row["candidate"])),
            str(row["candidate_heard"]), f"{row['score']:.2f}", Text(plain(row["reason"])),
        )  # fmt: skip
    console().print(table)


@command.command(
    epilog="""\b
Examples:
  quotetrack sources set-country Uriminzokkiri KP
  quotetrack sources set-country Uriminzokkiri --none"""
)
@click.argument("name")
@click.argument("country", required=False)
@click.option("--none", "nowhere", is_flag=True, help="It is at home in no one country.")
@reviewer_option
@database_option
def set_country(name: str, country: str | None, nowhere: bool, reviewer: str, database: str | None) -> None:
    """Say where a source is at home, by the code of two letters."""
    from quotetrack.store import decisions

    if bool(country) == nowhere:
        raise click.UsageError("Give a COUNTRY, or --none.")
    changed = decisions.set_country(open_store(database), name, country, reviewer=reviewer)
    tell(f"{changed} is now " + (f"of {country.upper()}." if country else "of no one country."))


@command.command(epilog="\b\nExample:\n  quotetrack sources set-kind Halvorsen company")
@click.argument("name")
@click.argument("kind", type=click.Choice([kind.value for kind in SourceKind]))
@reviewer_option
@database_option
def set_kind(name: str, kind: str, reviewer: str, database: str | None) -> None:
    """Say what a source is."""
    from quotetrack.store import decisions

    changed = decisions.set_source_kind(open_store(database), name, SourceKind(kind), reviewer=reviewer)
    tell(f"{changed} is now of kind {kind}.")


@command.command(
    epilog="""\b
Examples:
  quotetrack sources set-controller "Example News Agency" Russia
  quotetrack sources set-controller "Example News Agency" --none"""
)
@click.argument("name")
@click.argument("controller", required=False)
@click.option("--none", "independent", is_flag=True, help="Nobody controls it.")
@reviewer_option
@database_option
def set_controller(name: str, controller: str | None, independent: bool, reviewer: str, database: str | None) -> None:
    """Say who controls a source. Sources under one controller count as one origin."""
    from quotetrack.store import decisions

    if bool(controller) == independent:
        raise click.UsageError("Give a CONTROLLER, or --none.")
    changed = decisions.set_controller(open_store(database), name, controller, reviewer=reviewer)
    tell(f"{changed} is now " + (f"controlled by {controller}." if controller else "independent."))


@command.command(epilog="\b\nExample:\n  quotetrack sources sync")
@database_option
def sync(database: str | None) -> None:
    """Bring the catalogue that came with quotetrack into the database, leaving alone what you changed."""
    from quotetrack.sources.catalogue import bundled_catalogue
    from quotetrack.store.sources import sync_catalogue

    done = sync_catalogue(open_store(database, create=True), bundled_catalogue())
    kept = f" {done.kept} changes were left out because you had changed the same." if done.kept else ""
    click.echo(f"{done.added} sources added, {done.updated} updated, {done.aliases} names added.{kept}", err=True)


@command.command(
    epilog=f"""\b
Examples:
  quotetrack sources grade "Example News Agency" C --why "two of nine figures were withdrawn"
  quotetrack sources grade "Example News Agency" --history

\b
The letters of the Admiralty code, for the source, whatever it says:
{LETTERS}
What was said is judged apart: `quotetrack statements grade`."""
)
@click.argument("name")
@click.argument("letter", required=False, type=click.Choice(list(RELIABILITY)))
@click.option("--why", default="", help="Why, so that others can weigh it.")
@click.option("--history", "shows", is_flag=True, help="Show all letters it was ever given.")
@click.option("--json", "as_json", is_flag=True, help="With --history: print JSON.")
@reviewer_option
@database_option
def grade(
    name: str, letter: str | None, why: str, shows: bool, as_json: bool, reviewer: str, database: str | None
) -> None:
    """Give a source a letter from A to F. It is never computed; earlier ones stay in its history."""
    from quotetrack.store.statements.outcomes import grade_source, grades_of_source

    if (letter is None) != shows or (letter and not why):
        raise click.UsageError("Give a LETTER and --why, or --history.")
    engine = open_store(database)
    if letter is not None:
        called, row = grade_source(engine, name, letter, why=why, reviewer=reviewer)
        tell(f"{called} is graded {row.grade}: {row.meaning}.")
        return
    called, rows = grades_of_source(engine, name)
    if as_json:
        write_json([row.as_dict() for row in rows])
        return
    for row in rows:
        click.echo(plain(f"{row.at:%Y-%m-%d}  {row.grade} ({row.meaning}): {row.rationale} ({row.reviewer})"))
    if not rows:
        tell(f"{called} has no grade yet.")
