"""The command line. Each command is a module, imported when it is used, so that `--help` answers at once."""

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from quotetrack import __version__
from quotetrack.errors import ExitCode, QuotetrackError
from quotetrack.harmless import harmless

COMMANDS = {
    "ingest": "Read articles and store who said what, through whom.",
    "reextract": "Analyse stored articles again with other models.",
    "extract": "Print attributions as JSON lines; no database.",
    "review": "Open the review queue in the terminal.",
    "decide": "Accept, reject or mend an attribution; undo it.",
    "quotes": "List and search the stored attributions.",
    "explain": "Tell why an attribution is as it is.",
    "statements": "Compare what articles say: the same, brought up to date, at odds.",
    "sources": "Show and edit sources, their names and who controls them.",
    "report": "Report what the record says about sources and channels.",
    "evaluate": "Score what is found against gold.",
    "models": "Show the language models; fetch Stanza's official ones.",
    "db": "Look after the database: upgrade, check, back up.",
    "doctor": "Check the whole set-up and say what to do.",
}


class LazyGroup(click.Group):
    """A group that imports a command only to run it or to show its own help."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return importlib.import_module(f"quotetrack.cli.{name}").command  # type: ignore[no-any-return]

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (
            BrokenPipeError
        ):  # the reader of our output, such as `head`, has had enough; click would call it a failure
            import os

            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.OK

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else " `quotetrack --help` lists them."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", context)
        return super().resolve_command(context, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  quotetrack ingest articles/                 read a folder of articles
  quotetrack review                           confirm or fix what was found
  quotetrack report source KCNA               what the record says about a source
  quotetrack extract article.txt | jq .       no database, JSON on standard output""",
)
@click.version_option(__version__, prog_name="quotetrack")
def cli() -> None:
    """Who said it, and through which channel it reached the page.

    quotetrack reads news articles, finds the quotes in them, resolves their speakers and the chain of channels
    behind them, and reports what the record supports about each source.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Errors a user can mend are one line on standard error and an exit code."""
    try:
        result: Any = cli.main(list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.ClickException as error:
        vars(error)["message"] = harmless(error.message)  # it may repeat an argument, and that a file name
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except QuotetrackError as error:
        click.echo(harmless(f"quotetrack: {error}"), err=True)
        sys.exit(error.exit_code)
    sys.exit(result if isinstance(result, int) else ExitCode.OK)
