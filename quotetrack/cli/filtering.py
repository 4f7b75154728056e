"""The options that choose attributions, for every command that lists some."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quotetrack.cli.common import moment
from quotetrack.domain import Kind, Polarity

if TYPE_CHECKING:
    from quotetrack.store.queries import Filter

Function = TypeVar("Function", bound=Callable[..., Any])
OPTIONS = (
    click.option("--source", default="", help="With this speaker or channel (any of its names, or #ID)."),
    click.option("--speaker", default="", help="With this speaker."),
    click.option("--channel", default="", help="That came through this channel."),
    click.option("--outlet", default="", help="Published by this outlet."),
    click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="How the words are given."),
    click.option("--polarity", type=click.Choice([p.value for p in Polarity]), help="Asserted or not."),
    click.option("--decided-by", default="", metavar="NAME", help="That this reviewer has decided on."),
    click.option("--run", "run_id", type=int, metavar="ID", help="Made by this run of ingest."),
    click.option("--confidence-from", type=click.FloatRange(0, 1), help="Of this confidence or more."),
    click.option("--confidence-to", type=click.FloatRange(0, 1), help="Of this confidence or less."),
    click.option("--since", callback=moment, metavar="DATE", help="Published on or after this date."),
    click.option("--until", callback=moment, metavar="DATE", help="Published before this date."),
    click.option("--text", default="", metavar="WORDS", help='Content has all of these; "two words" stand together.'),
)  # fmt: skip


def filter_options(function: Function) -> Function:
    """All of them, in this order; the command is given each by its name."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function


def chosen(given: dict[str, Any], *, status: str | None) -> "Filter":
    """What was asked for; an option that was not given does not narrow."""
    from quotetrack.store.queries import Filter

    known = {name: value for name, value in given.items() if value is not None and name != "decided_by"}
    return Filter(status=status or "", reviewer=given["decided_by"], **known)
