"""Options and output that several commands share."""

import csv
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quotetrack.harmless import harmless, harmless_json

if TYPE_CHECKING:
    from quotetrack.store.engine import Engine

Function = TypeVar("Function", bound=Callable[..., Any])
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""White space is passed over, and the wide forms count where such are typed."""


def database_option(function: Function) -> Function:
    return click.option(
        "--database",
        metavar="PATH|URL",
        help="SQLite file or database URL.  [default: the setting database_url]",
    )(function)


def models_option(function: Function) -> Function:
    return click.option("--models", metavar="NAME", help="bundled, official, or a Stanza model directory.")(function)


def workers_option(function: Function) -> Function:
    return click.option(
        "--workers",
        type=click.IntRange(0, 256),
        help="Worker processes; 0 works in this one.  [default: as many as there are cores]",
    )(function)


def reviewer_option(function: Function) -> Function:
    return click.option(
        "--reviewer",
        callback=lambda _context, _parameter, value: _reviewer(value),
        help="Name under which decisions are recorded.  [default: settings, else the login name]",
    )(function)


def _reviewer(given: str | None) -> str:
    import getpass

    from quotetrack.settings import load_settings

    return given or load_settings().reviewer or getpass.getuser()


def format_options(function: Function) -> Function:
    """`--json` and `--csv` beside the default table."""
    function = click.option("--csv", "form", flag_value="csv", help="Print CSV.")(function)
    return click.option("--json", "form", flag_value="json", help="Print JSON.")(function)


def open_store(database: str | None, *, create: bool = False) -> "Engine":
    """The database that options and settings name, at head; a new one gets the catalogue."""
    from quotetrack.settings import load_settings
    from quotetrack.sources.catalogue import bundled_catalogue
    from quotetrack.store.drives import network_drive
    from quotetrack.store.engine import sqlite_path
    from quotetrack.store.schema import open_database
    from quotetrack.store.sources import is_empty, sync_catalogue

    name = database or load_settings().database_url
    path = sqlite_path(name)
    if path is not None and (kind := network_drive(path)):
        tell(
            f"Warning: {path} is on a network drive ({kind}). SQLite's write-ahead log does not work there, and "
            "several at once may damage the database. Keep it on a disk of this machine, or use PostgreSQL "
            "(--database postgresql://…)."
        )
    engine = open_database(name, create=create)
    closing(engine)
    if create and is_empty(engine):
        sync_catalogue(engine, bundled_catalogue())
    return engine


def closing(engine: "Engine") -> None:
    """Close the engine's connections when the command ends: a server is told that nobody is there any more."""
    if (context := click.get_current_context(silent=True)) is not None:
        context.find_root().call_on_close(engine.dispose)


def plain(value: Any) -> str:
    """A value as text that is harmless in a terminal: escape sequences in articles stay visible and dead."""
    return "" if value is None else harmless(str(value))


def safe_cell(value: Any) -> Any:
    """A value for CSV: text that a spreadsheet would run as a formula is given a leading apostrophe."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def tell(done: str) -> None:
    """Say something on standard error, harmless in a terminal, and above the progress bar if there is one."""
    click.echo(plain(done), file=sys.stderr)  # `err=True` would go past the bar, through which rich leads `sys.stderr`


def write_json(value: Any, indent: int | None = 2) -> None:
    click.echo(harmless_json(value, indent))


def csv_text(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> str:
    """Rows with a header, and no cell that a spreadsheet would run."""
    buffer = io.StringIO()

    class Lines:
        """Lines end in a newline alone; yet told so, `csv` would not quote a carriage return within a cell."""

        def write(self, line: str) -> None:
            buffer.write(line.removesuffix("\r\n") + "\n")

    writer = csv.DictWriter(Lines(), columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: safe_cell(value) for key, value in row.items()} for row in rows)
    return buffer.getvalue()


def write_csv(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> None:
    """Print rows. CSV has no escapes: a file or a pipe gets each text as it is, a terminal made harmless."""
    written = csv_text(rows, columns)
    # `color`: else click takes out of a pipe what it takes for colours
    click.echo(harmless(written) if sys.stdout.isatty() else written, nl=False, color=True)


def console() -> Any:
    """A rich console on standard output; wide when it is not a terminal, so that nothing is cut in a pipe."""
    from rich.console import Console

    class OurConsole(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # no failure to us, as rich has it: `LazyGroup.invoke` ends the command quietly

    return OurConsole(highlight=False, width=None if sys.stdout.isatty() else 160, soft_wrap=False)


def moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """Click callback: an ISO date or date-time; without a zone, UTC."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)  # the first and last days of the calendar may be out of its range
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{value!r} is not a date; write it like 2025-03-31 or 2025-03-31T08:00+09:00."
        ) from error
    return found
