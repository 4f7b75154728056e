"""`quotetrack review`."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from quotetrack.cli.common import database_option, open_store, reviewer_option, tell
from quotetrack.cli.filtering import chosen, filter_options

if TYPE_CHECKING:
    from quotetrack.store.queries import Filter


@click.command(
    "review",
    epilog="""\b
Examples:
  quotetrack review
  quotetrack review --reviewer hana --channel KCNA
  quotetrack review --status accepted --order article
  quotetrack review --kind direct --confidence-to 0.5 --since 2025-03-01
  quotetrack review --second --reviewer ben       a share of what others decided, judged anew
  quotetrack review --serve                       the same in a browser

\b
Keys: a accept, x reject, i skip, e spans, s speaker, c chain, k kind, n add one that was missed, u undo, U redo,
/ search, f filter, S sources, H history, ? all keys, q quit.

\b
Other keys: a table in settings.toml (`quotetrack doctor` says where that is), an action and its key or keys.
A wrong name is answered with all that there are.
  [keys]
  accept = "v"
  skip = ["i", "space"]
  [keys.sources]
  merge = "ctrl+n"

\b
--second is for a second opinion: of all that others decided you are given the share that the setting double_review
names, as the machine had found it, and nothing of what they decided. What you decide is kept beside theirs and changes
nothing. What they added, changing sources, and deciding on several at once are left out. An example, with
double_review = 20 in settings.toml:
  quotetrack review --reviewer ana
  quotetrack review --second --reviewer ben       ben judges a fifth of what ana decided
  quotetrack report agreement                     how far the two agree
  quotetrack decide adjudicate 12 --take ben      where they do not, one of the two is taken""",
)
@reviewer_option
@click.option(
    "--order", type=click.Choice(["uncertain", "article", "recent", "impact"]), default="uncertain", show_default=True
)
@click.option(
    "--status", type=click.Choice(["pending", "accepted", "rejected", "all"]), default="pending", show_default=True
)
@filter_options
@click.option("--second", is_flag=True, help="Give second opinions on what others decided, without seeing theirs.")
@click.option("--serve", "in_browser", is_flag=True, help="Open it to a browser on this machine.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --serve: the address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="With --serve.")
@database_option
@click.pass_context
def command(
    context: click.Context, /, reviewer: str, order: str, status: str, second: bool, in_browser: bool, host: str,
    port: int, database: str | None, **given: Any,
) -> None:  # fmt: skip
    """Open the review queue in the terminal: confirm, mend or reject what was found, with the keyboard."""
    import gc

    gc.disable()  # while importing there is nothing to collect, and looking for it costs a tenth of the start
    from quotetrack.review.app import all_bindings, run
    from quotetrack.review.keymap import checked_keymap
    from quotetrack.settings import load_settings

    gc.enable()
    for name in ("host", "port"):
        if not in_browser and context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} goes with --serve.")
    settings = load_settings()
    keymap = checked_keymap(settings.keys, all_bindings())
    wanted = chosen(given, status="" if status == "all" else status)
    if second:
        wanted = _second(context, wanted, reviewer, settings.double_review)
    engine = open_store(database)
    if in_browser:
        engine.dispose()
        _serve(context, given, reviewer, database or settings.database_url, host, port)
        return
    run(engine, reviewer=reviewer, order=order, wanted=wanted, keymap=keymap, theme=settings.theme)


def _second(context: click.Context, wanted: "Filter", reviewer: str, share: int) -> "Filter":
    from dataclasses import replace

    if context.get_parameter_source("status") is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--second shows what others have decided; it does not go with --status.")
    if wanted.reviewer:
        raise click.UsageError("--second does not tell who decided what; it does not go with --decided-by.")
    if not share:
        raise click.UsageError(
            "No quote is given to a second person. Say how many of a hundred are, in settings.toml: double_review = 20."
        )
    return replace(wanted, status="", second_for=reviewer, share=share)


def _serve(context: click.Context, given: Iterable[str], reviewer: str, database: str, host: str, port: int) -> None:
    """Serve the same command without `--serve`, as the same reviewer on the same database."""
    import os

    from quotetrack.review.serve import address, check_can_serve, is_loopback, serve

    check_can_serve(host, port)
    os.environ["QUOTETRACK_DATABASE_URL"] = database  # not an argument: a URL may hold a password, which `ps` shows
    words = [sys.executable, "-m", "quotetrack", "review", "--reviewer", reviewer]
    names = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    for name in ("order", "status", *given):
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            words += [names[name], str(context.params[name])]
    if context.params["second"]:
        words.append("--second")
    tell(f"The review by {reviewer} is at http://{address(host, port)} until Ctrl-C.")
    if not is_loopback(host):
        tell(
            f"Warning: {host} is open to other machines, and there is no authentication and no encryption: whoever "
            f"reaches port {port} reads the articles and decides as {reviewer}."
        )
    serve(words, host=host, port=port)
