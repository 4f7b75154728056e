"""`quotetrack doctor`."""

import importlib.metadata
import platform
from collections.abc import Callable, Iterator

import click

from quotetrack import __version__
from quotetrack.cli.common import closing, database_option, plain, write_json
from quotetrack.errors import ExitCode, QuotetrackError

Finding = tuple[str, bool, str]
"""What was looked at, whether it is right, and what was found or is to be done."""

LIBRARIES = ("stanza", "torch", "sqlalchemy", "alembic", "textual", "pydantic", "trafilatura")


@click.command("doctor", epilog="\b\nExamples:\n  quotetrack doctor\n  quotetrack doctor --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def command(as_json: bool, database: str | None) -> int:
    """Check versions, settings, models, catalogue and database: what is right, and what to do about what is not."""
    findings: list[Finding] = [("quotetrack", True, f"{__version__}, Python {platform.python_version()}")]
    for name, look in (
        ("libraries", _libraries),
        ("settings", _settings),
        ("models", _models),
        ("catalogue", _catalogue),
        ("database", lambda: _database(database)),
    ):
        findings += _looked(name, look)
    if as_json:
        write_json([{"what": what, "right": right, "found": found} for what, right, found in findings])
    else:
        for what, right, found in findings:
            click.echo(f"{'ok  ' if right else 'BAD '} {what:12} {plain(found)}")
    return ExitCode.OK if all(right for _, right, _ in findings) else ExitCode.ERROR


def _looked(name: str, look: Callable[[], Iterator[tuple[bool, str]]]) -> Iterator[Finding]:
    try:
        for right, found in look():
            yield name, right, found
    except QuotetrackError as error:
        yield name, False, str(error)


def _libraries() -> Iterator[tuple[bool, str]]:
    found, missing = [], []
    for library in LIBRARIES:
        try:
            found.append(f"{library} {importlib.metadata.version(library)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(library)
    yield True, ", ".join(found)
    if missing:
        yield False, f"not installed: {', '.join(missing)}. Reinstall quotetrack with pip."


def _settings() -> Iterator[tuple[bool, str]]:
    from quotetrack.settings import load_settings, settings_path

    load_settings()
    path = settings_path()
    yield True, f"{path}" if path.exists() else f"defaults ({path} does not exist)"


def _models() -> Iterator[tuple[bool, str]]:
    from quotetrack.annotation.models import BUNDLED, model_set
    from quotetrack.settings import load_settings

    for name in dict.fromkeys((BUNDLED, load_settings().models)):
        models = model_set(name)
        models.check()
        size = sum(file.path.stat().st_size for file in models.files()) / 1e6
        yield True, f"{name}: {models.directory}, {size:.0f} MB, checksums right"


def _catalogue() -> Iterator[tuple[bool, str]]:
    from quotetrack.sources.catalogue import bundled_catalogue

    yield True, f"{len(bundled_catalogue())} known sources"


def _database(database: str | None) -> Iterator[tuple[bool, str]]:
    from quotetrack.settings import load_settings
    from quotetrack.store.check import check
    from quotetrack.store.engine import shown, sqlite_path
    from quotetrack.store.schema import open_database

    name = database or load_settings().database_url
    path = sqlite_path(name)
    if path is not None and not path.exists():
        yield True, f"{path} does not exist yet; `quotetrack ingest` makes it"
        return
    engine = open_database(name)
    closing(engine)
    yield True, f"{shown(engine)}, schema at head"
    faults = check(engine)
    yield not faults, "sound" if not faults else f"{len(faults)} faults; `quotetrack db check` lists them"
