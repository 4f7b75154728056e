"""`quotetrack decide`: what the review queue decides, from the command line."""

from typing import TYPE_CHECKING, Any

import click

from quotetrack.cli.common import database_option, open_store, tell, write_json
from quotetrack.cli.deciding import (
    answer,
    attribution,
    by_options,
    chain_of,
    draw_log,
    edit_options,
    how_options,
    new_source,
    source_options,
    span_options,
    spans_of,
)
from quotetrack.domain import Kind, Polarity, Spans

if TYPE_CHECKING:
    from quotetrack.store.decisions import ChainFix


class DecideGroup(click.Group):
    """A group whose commands may also follow the id they are about: `decide 12 accept` is `decide accept 12`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if len(args) > 1 and args[0].isdecimal() and args[1] in self.commands:
            args = [args[1], args[0], *args[2:]]
        return super().parse_args(context, args)


@click.group(
    "decide",
    cls=DecideGroup,
    epilog="""\b
Examples:
  quotetrack decide 12 accept
  quotetrack decide 12 set-chain "KCNA > Kim Jong Un"
  quotetrack decide undo""",
)
def command() -> None:
    """Decide on attributions as the review queue does: accept, reject, mend, undo.

    An edit also accepts, unless --keep-status is given. ID may stand before the command or after it.
    """


@command.command(epilog="\b\nExamples:\n  quotetrack decide accept 12\n  quotetrack decide 12 accept --reviewer hana")
@attribution
@how_options
def accept(id: int, as_json: bool, database: str | None, **how: Any) -> None:
    """Accept an attribution as it is."""
    from quotetrack.store.decisions import Action, decide

    answer(decide(open_store(database), id, Action.ACCEPT, **how), as_json)


@command.command(epilog='\b\nExample:\n  quotetrack decide reject 12 --reason "not a quote"')
@attribution
@click.option("--reason", help="Why, such as: not a quote, wrong span, duplicate, boilerplate.")
@how_options
def reject(id: int, reason: str | None, as_json: bool, database: str | None, **how: Any) -> None:
    """Reject an attribution."""
    from quotetrack.store.decisions import Action, decide

    note = ": ".join(part for part in (reason, how.pop("note")) if part) or None
    answer(decide(open_store(database), id, Action.REJECT, note=note, **how), as_json)


@command.command(
    epilog="""\b
Examples:
  quotetrack decide set-speaker 12 "Kim Yo Jong"
  quotetrack decide set-speaker 12 "Workers' Daily" --new --kind outlet --controller "North Korea" """
)
@attribution
@click.argument("name")
@source_options
@click.option("--everywhere", is_flag=True, help="Also where its article names the same speaker.")
@click.option("--preview", is_flag=True, help="With --everywhere: show what would change, and change nothing.")
@edit_options
def set_speaker(
    id: int, name: str, is_new: bool, source_kind: str, controller: str | None, everywhere: bool, preview: bool,
    as_json: bool, database: str | None, **how: Any,
) -> None:  # fmt: skip
    """Say who speaks; the channels stay."""
    from quotetrack.store.decisions import ChainFix

    fix = ChainFix((name,), only_speaker=True, new=new_source(is_new, source_kind, controller))
    _fix(id, fix, everywhere, preview, as_json, database, how)


@command.command(
    epilog="""\b
Examples:
  quotetrack decide set-chain 12 "KCNA > Kim Jong Un"
  quotetrack decide set-chain 12 "Kyodo >"      (nobody is named as the speaker)"""
)
@attribution
@click.argument("chain")
@source_options
@click.option("--everywhere", is_flag=True, help="Also where its article has the same chain.")
@click.option("--preview", is_flag=True, help="With --everywhere: show what would change, and change nothing.")
@edit_options
def set_chain(
    id: int, chain: str, is_new: bool, source_kind: str, controller: str | None, everywhere: bool, preview: bool,
    as_json: bool, database: str | None, **how: Any,
) -> None:  # fmt: skip
    """Say through whom it came, from the outermost channel to the speaker."""
    _fix(id, chain_of(chain, new_source(is_new, source_kind, controller)), everywhere, preview, as_json, database, how)


def _fix(
    id: int, fix: "ChainFix", everywhere: bool, preview: bool, as_json: bool, database: str | None, how: dict[str, Any]
) -> None:
    from quotetrack.store.decisions import fix_all, fix_chain, preview_fix

    engine = open_store(database)
    if not everywhere:
        if preview:
            raise click.UsageError("--preview is for --everywhere.")
        answer(fix_chain(engine, id, fix, **how), as_json)
        return
    if how.pop("second"):
        raise click.UsageError("A second opinion is on one attribution; leave out --everywhere.")
    how.pop("accept")
    if preview:
        plan = preview_fix(engine, id, fix)
        if as_json:
            write_json([planned.as_dict() for planned in plan])
        else:
            for planned in plan:
                tell(f"{planned.attribution_id}: {'; '.join(planned.differences) or 'nothing'}")
        return
    answer(fix_all(engine, id, fix, **how), as_json)


@command.command(epilog="\b\nExample:\n  quotetrack decide set-kind 12 mixed")
@attribution
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@edit_options
def set_kind(id: int, kind: str, as_json: bool, database: str | None, **how: Any) -> None:
    """Say how the words are given."""
    from quotetrack.store import decisions

    answer(decisions.set_kind(open_store(database), id, Kind(kind), **how), as_json)


@command.command(epilog="\b\nExample:\n  quotetrack decide set-polarity 12 negated")
@attribution
@click.argument("polarity", type=click.Choice([polarity.value for polarity in Polarity]))
@edit_options
def set_polarity(id: int, polarity: str, as_json: bool, database: str | None, **how: Any) -> None:
    """Say whether it is asserted, negated, or a question."""
    from quotetrack.store import decisions

    answer(decisions.set_polarity(open_store(database), id, Polarity(polarity), **how), as_json)


@command.command(
    epilog="\b\nExample:\n  quotetrack decide set-spans 12 --content 10-20,30-40 --cue 22-26 --source none"
)
@attribution
@span_options
@edit_options
def set_spans(
    id: int,
    content: Spans | None,
    cue: Spans | None,
    source: Spans | None,
    as_json: bool,
    database: str | None,
    **how: Any,
) -> None:
    """Mark other pieces of the text as content, cue or source mention; what is not given stays."""
    from quotetrack.store import decisions

    spans = spans_of(content, cue, source)
    if not spans:
        raise click.UsageError("Give --content, --cue or --source.")
    answer(decisions.set_spans(open_store(database), id, spans, **how), as_json)


@command.command(
    epilog="""\b
Example:
  quotetrack decide add 3 --content 120-180 --cue 112-116 --speaker "Kim Yo Jong" --under 12"""
)
@click.argument("article_id", type=click.IntRange(1))
@span_options
@click.option("--speaker", help="Who speaks.")
@click.option("--chain", help='Through whom it came, like "KCNA > Kim Jong Un".')
@click.option("--as", "kind", type=click.Choice([k.value for k in Kind]), default="indirect", show_default=True)
@click.option("--polarity", type=click.Choice([p.value for p in Polarity]), default="asserted", show_default=True)
@click.option("--under", type=int, help="The attribution in whose content it stands.")
@source_options
@click.option("--note", help="What is to be remembered about it.")
@by_options
def add(
    article_id: int, content: Spans | None, cue: Spans | None, source: Spans | None, speaker: str | None,
    chain: str | None, kind: str, polarity: str, under: int | None, is_new: bool, source_kind: str,
    controller: str | None, note: str | None, reviewer: str, as_json: bool, database: str | None,
) -> None:  # fmt: skip
    """Add an attribution that was missed in an article."""
    from quotetrack.store import decisions

    if speaker and chain:
        raise click.UsageError("Give --speaker or --chain, not both: the chain ends with the speaker.")
    new = new_source(is_new, source_kind, controller)
    fix = decisions.ChainFix((speaker,), new=new) if speaker else chain_of(chain, new) if chain else None
    done = decisions.add(
        open_store(database), article_id, spans_of(content, cue, source), chain=fix, kind=Kind(kind),
        polarity=Polarity(polarity), parent_id=under, reviewer=reviewer, note=note,
    )  # fmt: skip
    answer(done, as_json)


@command.command(
    epilog="\b\nExamples:\n  quotetrack decide nest 13 --under 12\n  quotetrack decide nest 13 --under none"
)
@attribution
@click.option("--under", required=True, metavar="ID|none", help="The attribution in whose content it stands.")
@edit_options
def nest(id: int, under: str, as_json: bool, database: str | None, **how: Any) -> None:
    """Say in whose content it stands."""
    from quotetrack.store import decisions

    if under != "none" and not under.isdecimal():
        raise click.UsageError(f"{under!r} is neither an id nor 'none'.")
    parent = None if under == "none" else int(under)
    answer(decisions.nest(open_store(database), id, parent, **how), as_json)


@command.command(epilog="\b\nExample:\n  quotetrack decide duplicate 13 --of 12")
@attribution
@click.option("--of", required=True, type=int, metavar="ID", help="The one to keep.")
@how_options
def duplicate(id: int, of: int, as_json: bool, database: str | None, **how: Any) -> None:
    """Reject it as the same as another."""
    from quotetrack.store import decisions

    answer(decisions.duplicate(open_store(database), id, of, **how), as_json)


@command.command(epilog='\b\nExample:\n  quotetrack decide note 12 "asked the desk on Monday"')
@attribution
@click.argument("text")
@click.option("--second", is_flag=True, help="As a second reviewer.")
@by_options
def note(id: int, text: str, second: bool, reviewer: str, as_json: bool, database: str | None) -> None:
    """Write something down about an attribution; it stays as it is."""
    from quotetrack.store import decisions

    answer(decisions.add_note(open_store(database), id, text, reviewer=reviewer, second=second), as_json)


@command.command(epilog="\b\nExample:\n  quotetrack decide adjudicate 12 --take hana")
@attribution
@click.option("--take", required=True, metavar="REVIEWER", help="Whose opinion holds.")
@click.option("--note", help="Why.")
@by_options
def adjudicate(id: int, take: str, note: str | None, reviewer: str, as_json: bool, database: str | None) -> None:
    """Settle between a first and a second opinion."""
    from quotetrack.store import decisions

    answer(decisions.adjudicate(open_store(database), id, take, reviewer=reviewer, note=note), as_json)


def _repeating(name: str, help: str) -> None:
    examples = f"\b\nExamples:\n  quotetrack decide {name}\n  quotetrack decide {name} --past"

    @command.command(name, epilog=examples, help=help)
    @click.option("--past", is_flag=True, help="Pass over what others have changed since.")
    @by_options
    def repeat(past: bool, reviewer: str, as_json: bool, database: str | None) -> None:
        from quotetrack.store import decisions

        act = decisions.undo if name == "undo" else decisions.redo
        answer(act(open_store(database), reviewer=reviewer, past=past), as_json, f"You have nothing to {name}.")


_repeating("undo", "Take back your newest act that still stands; again for the one before.")
_repeating("redo", "Do again what you undid last.")


@command.command(
    epilog="""\b
Examples:
  quotetrack decide history 12
  quotetrack decide history --article 3 --json
  quotetrack decide history --by hana --limit 20 --after 815"""
)
@click.argument("id", required=False, type=click.IntRange(1))
@click.option("--article", type=int, metavar="ID", help="Of this article.")
@click.option("--source", type=int, metavar="ID", help="On this source.")
@click.option("--by", default="", metavar="REVIEWER", help="Of this reviewer.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--after", type=int, metavar="DECISION", help="Go on after this decision.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def history(
    id: int | None, article: int | None, source: int | None, by: str, limit: int, after: int | None, as_json: bool,
    database: str | None,
) -> None:  # fmt: skip
    """Show what was decided, the newest first."""
    from quotetrack.store.history import history as read

    rows = read(
        open_store(database),
        attribution_id=id,
        article_id=article,
        source_id=source,
        reviewer=by,
        limit=limit,
        after=after,
    )
    if as_json:
        write_json([row.as_dict() for row in rows])
    else:
        draw_log(rows)
