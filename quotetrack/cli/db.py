"""`quotetrack db`."""

import sys
from pathlib import Path

import click

from quotetrack.cli.common import closing, database_option, open_store, plain, tell, write_json
from quotetrack.errors import DatabaseError, ExitCode


@click.group("db", epilog="\b\nExamples:\n  quotetrack db stats\n  quotetrack db check\n  quotetrack db backup")
def command() -> None:
    """Look after the database."""


@command.command(epilog="\b\nExample:\n  quotetrack db upgrade --database team.sqlite")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@database_option
def upgrade(no_backup: bool, database: str | None) -> None:
    """Bring an older database to the schema this version needs. A SQLite file is copied first.

    A database on a server is not: back it up with pg_dump, then give --no-backup.
    """
    from quotetrack.settings import load_settings
    from quotetrack.store.engine import make_engine, sqlite_path
    from quotetrack.store.ranks import refresh_ranks
    from quotetrack.store.schema import backup, dump_command, migrate, revision_of

    name = database or load_settings().database_url
    path = sqlite_path(name)
    if path is not None and not path.exists():
        raise DatabaseError(f"There is no database at {path}. `quotetrack ingest` makes one.")
    engine = make_engine(name)
    closing(engine)
    revision = revision_of(engine)
    if not revision.known:
        raise DatabaseError(
            f"Revision {revision.current} is newer than this version of quotetrack. Upgrade quotetrack."
        )
    if revision.is_head:
        click.echo(f"Already at {revision.head}.", err=True)
        return
    if revision.current is not None and not no_backup:
        if path is None:
            raise DatabaseError(
                f"First back it up with `{dump_command(name)}`, then run `quotetrack db upgrade --no-backup`."
            )
        tell(f"Backed up to {backup(name)}.")
    migrate(engine)
    refresh_ranks(engine)
    click.echo(f"Upgraded from {revision.current or 'nothing'} to {revision.head}.", err=True)


@command.command(epilog="\b\nExample:\n  quotetrack db current")
@database_option
def current(database: str | None) -> int:
    """Show the schema's revision. Exit code 4 if it is not the one this version needs."""
    from quotetrack.settings import load_settings
    from quotetrack.store.engine import make_engine, sqlite_path
    from quotetrack.store.schema import revision_of

    name = database or load_settings().database_url
    path = sqlite_path(name)
    if path is not None and not path.exists():
        raise DatabaseError(f"There is no database at {path}.")
    engine = make_engine(name)
    closing(engine)
    revision = revision_of(engine)
    state = "head" if revision.is_head else f"this version needs {revision.head}" if revision.known else "unknown"
    click.echo(plain(f"{revision.current or 'empty'} ({state})"))
    return ExitCode.OK if revision.is_head else ExitCode.DATABASE


@command.command(
    epilog="""\b
Examples:
  quotetrack db check && echo sound
  quotetrack db check --json | jq '.faults[].said'

\b
It looks at some 20,000 attributions a second; others may write meanwhile. Exit code 4 tells of faults."""
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: every fault, with the rule that is broken.")
@database_option
def check(as_json: bool, database: str | None) -> int:
    """Look for damage and broken rules: orphans, spans outside their text, statuses that belie their log."""
    from quotetrack.store.check import LOOKS, findings, listed

    found: list[tuple[str, list[str]]] = []
    looking = findings(open_store(database))
    if sys.stderr.isatty():
        with click.progressbar(
            looking, length=len(LOOKS), label="Looking", file=sys.stderr, item_show_func=lambda done: done and done[0]
        ) as shown:
            found = list(shown)
    else:
        found = list(looking)
    number = sum(len(faults) for _, faults in found)
    if as_json:
        write_json({"sound": not number, "faults": [{"rule": r, "said": said} for r, f in found for said in f]})
    else:
        for _, faults in found:
            for line in listed(faults):
                click.echo(plain(line))
        click.echo(f"{number} faults." if number else "The database is sound.", err=True)
    return ExitCode.DATABASE if number else ExitCode.OK


@command.command(epilog="\b\nExamples:\n  quotetrack db backup\n  quotetrack db backup before-import.sqlite")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
@database_option
def backup(target: Path | None, database: str | None) -> None:
    """Copy a SQLite database, consistent even while others write to it. For PostgreSQL, use pg_dump."""
    from quotetrack.settings import load_settings
    from quotetrack.store.schema import backup as copy

    click.echo(copy(database or load_settings().database_url, target))


@command.command(
    "copy",
    epilog="""\b
Examples:
  quotetrack db copy news.sqlite postgresql://ana@db.example.org/quotetrack
  quotetrack db copy postgresql://ana@db.example.org/quotetrack offline.sqlite

The password is best kept in ~/.pgpass: other users of this machine see what is typed here.""",
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy_(source: str, target: str) -> None:
    """Copy a whole database into a new one, between SQLite and PostgreSQL either way.

    FROM and TO are SQLite files or database URLs. Ids and the log are kept, and every row is compared with the one it
    was made from. FROM may be used meanwhile: what is copied is its state when the copying began. TO must be empty; a
    database on a server has to be there already (`createdb`).
    """
    from quotetrack.cli.inputs import progress
    from quotetrack.store.copy import copy_database, count_rows
    from quotetrack.store.engine import shown
    from quotetrack.store.schema import open_database

    origin = open_database(source)
    closing(origin)
    made = open_database(target, create=True)
    closing(made)
    total = sum(count_rows(origin).values())
    with progress(2 * total, quiet=False, note="copying and comparing", unit="rows") as advance:
        counts = copy_database(origin, made, advance)
    tell(f"Copied {sum(counts.values()):,} rows of {len(counts)} tables to {shown(target)} and compared each.")


@command.command(epilog="\b\nExample:\n  quotetrack db stats --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def stats(as_json: bool, database: str | None) -> None:
    """How much is stored."""
    from quotetrack.store.check import statistics

    found = statistics(open_store(database))
    if as_json:
        write_json(found)
        return
    for name, value in found.items():
        click.echo(f"{name.replace('_', ' '):24} {value:,}" if isinstance(value, int) else plain(f"{name:24} {value}"))
