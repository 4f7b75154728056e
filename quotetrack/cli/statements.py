"""`quotetrack statements`: what several articles say, and how it relates."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from quotetrack.admiralty import CREDIBILITY
from quotetrack.cli.common import (
    console,
    database_option,
    format_options,
    models_option,
    moment,
    open_store,
    plain,
    reviewer_option,
    tell,
    write_csv,
    write_json,
)
from quotetrack.domain import Relation, Verdict
from quotetrack.errors import ExitCode

SHORT = {
    "same": Relation.SAME_CLAIM,
    "words": Relation.SAME_WORDS,
    "update": Relation.UPDATE,
    "tension": Relation.TENSION,
    "unattributed": Relation.UNATTRIBUTED,
    "unrelated": Relation.UNRELATED,
}
"""How a relation is written on the command line. `same` confirms the same words where those were suggested."""
RELATIONS = [relation.value for relation in Relation]
GRADES = "\n".join(f"  {grade}  {meaning}" for grade, meaning in CREDIBILITY.items())
STATEMENTS = ("id", "label", "attributions", "outlets", "origins", "first", "last", "verdict", "grade")
PAIRS = ("id", "suggested", "score", "relation", "decided_by", "first_id", "first", "second_id", "second", "because")


@click.group(
    "statements",
    epilog="""\b
Examples:
  quotetrack statements suggest              compare what is new with what was said before
  quotetrack statements pairs --relation tension
  quotetrack statements decide 12 tension
  quotetrack statements show 3

\b
How two attributions of different articles relate:
  same words    the words coincide, but for small changes
  same claim    the same is said in other words
  update        the later one brings the earlier up to date
  tension       both cannot hold as they stand; which does is not said
  unattributed  the other article states it flatly: the attribution was lost
  unrelated""",
)
def command() -> None:
    """Compare what articles say. A machine suggests, a reviewer decides; nothing is ever taken for true.

    A statement is what several attributions say in common. One that is said often is not thereby confirmed: the
    list shows how many origins it has that are independent of each other.
    """


@command.command(
    epilog="""\b
Examples:
  quotetrack statements suggest
  quotetrack statements suggest --since 2025-03-01 --window 30
  quotetrack statements suggest --again      after an update of quotetrack; what was decided stays"""
)
@click.option("--since", callback=moment, metavar="DATE", help="Only articles published since.")
@click.option("--window", type=click.IntRange(1, 3650), default=14, show_default=True, metavar="DAYS",
              help="Articles further apart are not compared.")  # fmt: skip
@click.option("--again", is_flag=True, help="Also articles that were compared before; what is undecided is replaced.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on standard output.")
@database_option
def suggest(since: datetime | None, window: int, again: bool, as_json: bool, database: str | None) -> int:
    """Compare the articles that were not compared yet, and suggest how what they say relates."""
    from quotetrack.cli.inputs import progress, stop_on_interrupt
    from quotetrack.store.statements.suggest import forget, waiting
    from quotetrack.store.statements.suggest import suggest as compare

    engine = open_store(database)
    if again:
        forget(engine, since=since)
    due = len(waiting(engine, since=since))
    with stop_on_interrupt() as stop, progress(due, quiet=as_json) as advance:
        advance(0, note="comparing")
        done = compare(engine, since=since, window=window, on_article=advance, stop=stop).as_dict()
    if as_json:
        write_json(done)
    else:
        tell(sentence(done))
    return ExitCode.INTERRUPTED if done["interrupted"] else ExitCode.OK


def sentence(done: dict[str, Any]) -> str:
    """What `suggest` did."""
    from quotetrack.cli.stating import relations

    pairs = sum(done["pairs"].values())
    said = f"{'Stopped early. ' if done['interrupted'] else ''}{done['articles']} articles compared: "
    said += f"{pairs} pairs suggested ({relations(done['pairs'])})" if pairs else "no pair suggested"
    said += f", {done['statements']} new statements."
    if done["capped"]:
        said += f" {done['capped']} attributions had more candidates than are compared: the likeliest were."
    return said + (" `quotetrack statements pairs` lists them; in the review, T shows them." if pairs else "")


@command.command(
    "list",
    epilog="""\b
Examples:
  quotetrack statements list
  quotetrack statements list --relation tension --since 2025-03-01
  quotetrack statements list --source KCNA --outcome none --csv""",
)
@click.option("--text", default="", metavar="WORDS", help="With all these words in it, or in what makes it.")
@click.option("--source", default="", metavar="NAME", help="Said or carried by this source.")
@click.option("--outlet", default="", help="In this outlet.")
@click.option("--since", callback=moment, metavar="DATE", help="Said since then.")
@click.option("--least", type=click.IntRange(0), default=0, metavar="N", help="Made by so many attributions and more.")
@click.option("--relation", type=click.Choice(RELATIONS), help="With a pair of this relation.")
@click.option(
    "--outcome", "verdict", type=click.Choice([*(v.value for v in Verdict), "none"]), help="What became of it."
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many.")
@format_options
@database_option
def list_(limit: int, offset: int, form: str | None, database: str | None, **wanted: Any) -> None:
    """List statements, those said most often first."""
    from quotetrack.cli.stating import draw_statements
    from quotetrack.store.statements.views import Wanted, list_statements

    given = {name: value for name, value in wanted.items() if value is not None}
    rows = list_statements(open_store(database), Wanted(**given), limit=limit, offset=offset)
    if form == "json":
        write_json([row.as_dict() for row in rows])
    elif form == "csv":
        write_csv((row.as_dict() for row in rows), STATEMENTS)
    elif rows:
        draw_statements(rows)
    else:
        tell("No statement fits. `quotetrack statements suggest` compares articles that are new.")


@command.command(epilog="\b\nExamples:\n  quotetrack statements show 3\n  quotetrack statements show 3 --json")
@click.argument("id", type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@database_option
def show(id: int, as_json: bool, database: str | None) -> None:
    """Show a statement: who made it when and through whom, its pairs, outcomes and grades."""
    from quotetrack.cli.stating import draw_statement
    from quotetrack.store.statements.views import show_statement

    view = show_statement(open_store(database), id)
    if as_json:
        write_json(view.as_dict())
    else:
        draw_statement(view)


@command.command(
    epilog="""\b
Examples:
  quotetrack statements pairs
  quotetrack statements pairs --relation tension --json
  quotetrack statements pairs --decided"""
)
@click.option("--relation", type=click.Choice(RELATIONS), default=None, help="Only those.")
@click.option("--pending/--decided", "waits", default=True, show_default=True, help="Those that wait, or were decided.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@format_options
@database_option
def pairs(relation: str | None, waits: bool, limit: int, form: str | None, database: str | None) -> None:
    """List pairs, the likeliest first."""
    from quotetrack.cli.stating import draw_pairs, flattened
    from quotetrack.store.statements.pairs import list_pairs

    rows = list_pairs(open_store(database), relation=relation or "", waiting=waits, limit=limit)
    if form == "json":
        write_json([row.as_dict() for row in rows])
    elif form == "csv":
        write_csv(flattened(rows), PAIRS)
    else:
        draw_pairs(rows)
        ask = " `quotetrack statements decide ID same|update|tension|unrelated` decides." if rows and waits else ""
        tell(f"{len(rows)} pairs.{ask}")


def _decision_options(function: Any) -> Any:
    function = click.option("--json", "as_json", is_flag=True, help="Print what was stored as JSON.")(function)
    function = click.option("--note", help="What is to be remembered about it.")(function)
    return reviewer_option(database_option(function))


@command.command(
    epilog="""\b
Examples:
  quotetrack statements decide 12 same
  quotetrack statements decide 12 unrelated --note "another ship"
  quotetrack decide undo                     takes it back"""
)
@click.argument("pair", type=click.IntRange(1))
@click.argument("relation", type=click.Choice(list(SHORT)))
@click.option("--version", type=int, help="Refuse if it is no longer at this version.")
@_decision_options
def decide(
    pair: int, relation: str, version: int | None, as_json: bool, note: str | None, reviewer: str, database: str | None
) -> None:
    """Say how the two sides of a pair relate; `unrelated` refuses what was suggested."""
    from quotetrack.cli.deciding import answer
    from quotetrack.store.decisions import relate
    from quotetrack.store.statements.pairs import get_pair

    engine = open_store(database)
    chosen = SHORT[relation]
    if relation == "same" and get_pair(engine, pair).suggested is Relation.SAME_WORDS:
        chosen = Relation.SAME_WORDS
    answer(relate(engine, pair, chosen, reviewer=reviewer, version=version, note=note), as_json)


@command.command(
    epilog="""\b
Example:
  quotetrack statements evaluate seeds/gold/pairs.jsonl

\b
PAIRS has JSON Lines, with `gold.jsonl` beside it whose ids it names:
  {"a": "A1", "b": "B7", "relation": "same_words" | "same_claim" | "update" | "tension" | "unrelated"}
For each event (articles that related pairs connect) weights are fitted on the pairs of the others."""
)
@click.argument("pairs", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--texts", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Where the texts are.")
@click.option("--given/--end-to-end", "given", default=False, help="Only with gold attributions: no model is loaded.")
@models_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(pairs: Path, texts: Path | None, given: bool, models: str | None, as_json: bool) -> None:
    """Score what is suggested against labelled pairs: with gold attributions, and after an ingest of the articles."""
    from quotetrack.evaluation.pairs import classified, draw, end_to_end, gold_said, ingested, read_labelled
    from quotetrack.settings import load_settings
    from quotetrack.training.pairs import left_out

    labelled = read_labelled(pairs, texts)
    said = gold_said(labelled)
    weights = left_out(labelled, said)
    figures = {"Given the gold attributions": classified(labelled, said, weights)}
    if not given:
        with ingested(labelled, models or load_settings().models) as engine:
            figures["End to end, from the texts"] = end_to_end(labelled, engine, weights)
    if as_json:
        write_json({title: one.as_dict() for title, one in figures.items()})
    else:
        draw(console(), figures)


@command.command(epilog="\b\nExample:\n  quotetrack statements pair 12 40 tension")
@click.argument("one", type=click.IntRange(1))
@click.argument("other", type=click.IntRange(1))
@click.argument("relation", type=click.Choice([name for name in SHORT if name != "unattributed"]))
@_decision_options
def pair(
    one: int, other: int, relation: str, as_json: bool, note: str | None, reviewer: str, database: str | None
) -> None:
    """Say how two attributions relate, by their ids, whether or not that was suggested."""
    from quotetrack.cli.deciding import answer
    from quotetrack.store.decisions import relate_two

    answer(relate_two(open_store(database), one, other, SHORT[relation], reviewer=reviewer, note=note), as_json)


def _day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> date:
    try:
        return date.fromisoformat(value) if value else date.today()
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a day; write it like 2025-03-31.") from error


def _target_options(function: Any) -> Any:
    function = click.option("--attribution", is_flag=True, help="ID is an attribution's: its statement is meant.")(
        function
    )
    return click.argument("id", type=click.IntRange(1))(function)


def _target(engine: Any, id_: int, attribution: bool) -> int:
    from quotetrack.store.statements.outcomes import statement_id_of

    return statement_id_of(engine, id_) if attribution else id_


@command.command(
    epilog="""\b
Examples:
  quotetrack statements outcome 3 held-up --day 2025-07-02 --note "the first ferry sailed"
  quotetrack statements outcome 12 failed --attribution --note "no ferry by August" --link https://example.org/a"""
)
@_target_options
@click.argument("verdict", type=click.Choice([verdict.value.replace("_", "-") for verdict in Verdict]))
@click.option("--day", callback=_day, metavar="DATE", help="On which day it was clear.  [default: today]")
@click.option("--note", required=True, help="By what it was clear.")
@click.option("--link", metavar="URL", help="Where that can be read.")
@reviewer_option
@database_option
def outcome(
    id: int, attribution: bool, verdict: str, day: date, note: str, link: str | None, reviewer: str,
    database: str | None,
) -> None:  # fmt: skip
    """Record what became of a statement. Earlier outcomes stay in its history; the newest counts."""
    from quotetrack.store.statements.outcomes import record_outcome

    engine = open_store(database)
    known = Verdict(verdict.replace("-", "_"))
    statement = _target(engine, id, attribution)
    row = record_outcome(engine, statement, known, day=day, note=note, link=link, reviewer=reviewer)
    tell(f"Statement {row.statement_id}: {verdict.replace('-', ' ')} ({row.day}).")


@command.command(
    epilog=f"""\b
Examples:
  quotetrack statements grade 3 2 --why "three voices that are independent, one of them present"
  quotetrack statements grade 12 6 --attribution --why "nothing to go by"

\b
The digits of the Admiralty code, for what was said, whoever said it:
{GRADES}
The source is judged apart: `quotetrack sources grade`."""
)
@_target_options
@click.argument("grade", type=click.Choice(list(CREDIBILITY)))
@click.option("--why", required=True, help="Why, so that others can weigh it.")
@reviewer_option
@database_option
def grade(id: int, attribution: bool, grade: str, why: str, reviewer: str, database: str | None) -> None:
    """Give a statement a digit from 1 to 6. It is never computed; earlier ones stay in its history."""
    from quotetrack.store.statements.outcomes import grade_statement

    engine = open_store(database)
    row = grade_statement(engine, _target(engine, id, attribution), grade, why=why, reviewer=reviewer)
    tell(f"Statement {row.statement_id} is graded {row.grade}: {plain(row.meaning)}.")
