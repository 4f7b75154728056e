"""Options and answers that the commands of `quotetrack decide` share."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from quotetrack.cli.common import Function, console, database_option, plain, reviewer_option, tell, write_json
from quotetrack.domain import SourceKind, Span, SpanRole, Spans

if TYPE_CHECKING:
    from quotetrack.store.decisions import ChainFix, Decided, NewSource
    from quotetrack.store.history import LogRow


class Pieces(click.ParamType[Spans]):
    """Pieces of a span: "10-20,30-40", or "none"."""

    name = "START-END,…"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Spans:
        if value == "none":
            return ()
        try:
            return tuple(_span(part.strip()) for part in value.split(","))
        except ValueError as error:
            self.fail(f"{error}.", param, context)


def _span(piece: str) -> Span:
    found = re.fullmatch(r"(\d+)-(\d+)", piece)
    if found is None:
        raise ValueError(f"{piece!r} is not like 10-20: from the first character to after the last")
    return Span(int(found[1]), int(found[2]))


PIECES = Pieces()
attribution = click.argument("id", type=click.IntRange(1))


def by_options(function: Function) -> Function:
    """Who decides, where, and how to answer."""
    function = click.option("--json", "as_json", is_flag=True, help="Print what was stored as JSON.")(function)
    return reviewer_option(database_option(function))


def how_options(function: Function) -> Function:
    """Options of every act on one attribution."""
    function = click.option("--second", is_flag=True, help="A second opinion: recorded, and nothing is changed.")(
        function
    )
    function = click.option("--version", type=int, help="Refuse if it is no longer at this version.")(function)
    return by_options(click.option("--note", help="What is to be remembered about it.")(function))


def edit_options(function: Function) -> Function:
    """Options of every edit."""
    keep = click.option("--keep-status", "accept", flag_value=False, default=True, help="Do not accept it as well.")
    return how_options(keep(function))


def source_options(function: Function) -> Function:
    """What a name that nothing has is to become."""
    kinds = click.Choice([kind.value for kind in SourceKind])
    function = click.option("--controller", help="Who controls the new source.")(function)
    function = click.option("--kind", "source_kind", type=kinds, default="unknown", help="What the new source is.")(
        function
    )
    return click.option("--new", "is_new", is_flag=True, help="Make a source of a name that nothing has.")(function)


def span_options(function: Function) -> Function:
    for role in reversed(SpanRole):
        text = f"Pieces of the {role}, in characters of the text; `none` empties it."
        function = click.option(f"--{role.value}", type=PIECES, help=text)(function)
    return function


def answer(decided: "Decided | None", as_json: bool, nothing: str = "") -> None:
    if as_json:
        write_json(decided.as_dict() if decided else None)
    elif decided is None:
        tell(nothing)
    else:
        for one in (decided, *decided.also):
            if one.pair_id is not None:
                tell(f"Pair {one.pair_id} {'is ' + one.status if one.status else 'waits again'}.".replace("_", " "))
            elif one.attribution_id is None:
                tell(f"Source #{one.source_id}: {one.action.replace('_', ' ')}.")
            else:
                tell(f"Attribution {one.attribution_id} is {one.status} ({one.action.replace('_', ' ')}).")


def new_source(is_new: bool, kind: str, controller: str | None) -> "NewSource | None":
    from quotetrack.store.decisions import NewSource

    if not is_new and (controller or kind != "unknown"):
        raise click.UsageError("--kind and --controller are for a source made with --new.")
    return NewSource(SourceKind(kind), controller) if is_new else None


def chain_of(text: str, new: "NewSource | None") -> "ChainFix":
    """ "KCNA > Kim Jong Un"; with nothing after the last ">", nobody is named as the speaker."""
    from quotetrack.store.decisions import ChainFix

    names = [name.strip() for name in text.split(">")]
    has_speaker = bool(names[-1])
    if not all(names[:-1]):
        raise click.UsageError(f"{text!r} has an empty name. Write a chain like 'KCNA > Kim Jong Un'.")
    return ChainFix(tuple(name for name in names if name), has_speaker, new=new)


def spans_of(content: Spans | None, cue: Spans | None, source: Spans | None) -> dict[SpanRole, Spans]:
    return {role: s for role, s in zip(SpanRole, (content, cue, source), strict=True) if s is not None}


def draw_log(rows: "Sequence[LogRow]") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("decision", "when (UTC)", "who", "what", "of", "change", "note"):
        table.add_column(heading, justify="right" if heading == "decision" else "left")
    for row in rows:
        places = (("", row.attribution_id), ("source #", row.source_id), ("pair ", row.pair_id))
        of = next((f"{what}{id_}" for what, id_ in places if id_ is not None), "–")
        what = (
            row.action.replace("_", " ")
            + (" (second)" if row.is_second else "")
            + (" (undone)" if row.is_undone else "")
        )
        table.add_row(
            str(row.id), _when(row.at), Text(plain(row.reviewer)), what, of,
            Text(plain("; ".join(row.differences))), Text(plain(row.note)),
        )  # fmt: skip
    console().print(table)


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
