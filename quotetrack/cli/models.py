"""`quotetrack models`."""

from typing import Any

import click

from quotetrack.cli.common import plain, tell, write_json


@click.group("models", epilog="\b\nExample:\n  quotetrack models list")
def command() -> None:
    """Show the language models; fetch Stanza's official ones."""


@command.command("list", epilog="\b\nExamples:\n  quotetrack models list\n  quotetrack models list --json")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """What is installed, where, and which versions."""
    from quotetrack.annotation.models import BUNDLED, OFFICIAL, model_set, stanza_version
    from quotetrack.settings import load_settings

    in_use = load_settings().models
    found: list[dict[str, Any]] = []
    for name in dict.fromkeys((BUNDLED, OFFICIAL, in_use)):
        models = model_set(name)
        found.append(
            {
                "name": name,
                "in_use": name == in_use,
                "installed": models.installed,
                "directory": str(models.directory),
                "package": models.package,
                "files": models.versions() if models.installed else {},
            }
        )
    if as_json:
        write_json({"stanza": stanza_version(), "sets": found})
        return
    click.echo(f"Stanza {stanza_version()}")
    for entry in found:
        state = "installed" if entry["installed"] else "not installed"
        click.echo(f"\n{entry['name']}: {state}{', in use' if entry['in_use'] else ''}\n  {plain(entry['directory'])}")
        for file, checksum in entry["files"].items():
            if file != "stanza":
                click.echo(f"  {file:28} md5 {checksum}")
    if not next(e for e in found if e["name"] == OFFICIAL)["installed"]:
        click.echo("\n`quotetrack models download` fetches Stanza's official English package (about 1 GB).", err=True)


@command.command(epilog="\b\nExample:\n  quotetrack models download && quotetrack ingest articles/ --models official")
def download() -> None:
    """Fetch Stanza's official English package. The only command that needs Stanza's servers."""
    from quotetrack.annotation.models import download as fetch

    click.echo("Fetching Stanza's official English models; this may take some minutes …", err=True)
    models = fetch()
    tell(f"Installed in {models.directory}. Use them with `--models official`, or in the settings.")
