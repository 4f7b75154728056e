"""`quotetrack evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quotetrack.cli.common import console, database_option, models_option, open_store, tell, workers_option, write_json
from quotetrack.cli.inputs import progress, stop_on_interrupt, tell_rejected
from quotetrack.errors import ExitCode, QuotetrackError

if TYPE_CHECKING:
    from quotetrack.domain import Rejected
    from quotetrack.evaluation.gold import GoldSet
    from quotetrack.evaluation.predictions import Found
    from quotetrack.sources.catalogue import Catalogue

EPILOG = """\b
Examples:
  quotetrack evaluate polnear/dev
  quotetrack evaluate gold.jsonl --texts articles/ --html report.html
  quotetrack evaluate gold.jsonl --predictions found.jsonl --json
  quotetrack evaluate --reviewed --database team.sqlite
  quotetrack evaluate gold.jsonl --min attribution=0.75,speaker=0.9

\b
GOLD is a folder with text/ and attributions/ (PolNeAR, brat), or JSON Lines:
  {"id": "A1", "file": "NAME.txt", "record": "attribution" | "distractor",
   "content": [{"start": 10, "end": 16, "text": "..."}], "cue": [...], "source": [...],
   "kind": ..., "polarity": ..., "speaker": "NAME" | null, "speaker_aliases": [...],
   "speaker_class": ..., "channels": [...], "parent": ID | null}
A distractor must not be found. The texts are beside the file, in articles/ there or a level up, or in --texts.

\b
--min knows the F1 of attribution, attribution_0.3, attribution_0.8, end_to_end, end_to_end_word,
end_to_end_speaker and {content,cue,source}_{exact,overlap}; precision and recall of attributions;
and the shares source, source_word, speaker, chain, stated, unstated, speaker_and_chain, kind,
polarity, nested and distractors. The exit code is then 1 if a figure falls short."""


def _minima(_context: click.Context, _parameter: click.Parameter, value: str | None) -> dict[str, float]:
    """Click callback: `NAME=SHARE,...` as a dictionary; the shares are 0 to 1."""
    from quotetrack.evaluation.report import THRESHOLD_NAMES

    minima: dict[str, float] = {}
    for part in (value or "").split(","):
        if not part.strip():
            continue
        name, _, least = (piece.strip() for piece in part.partition("="))
        if name not in THRESHOLD_NAMES:
            raise click.BadParameter(f"there is no figure {name!r}; the names are {', '.join(THRESHOLD_NAMES)}.")
        try:
            minima[name] = float(least)
        except ValueError as error:
            raise click.BadParameter(f"{part!r} is not NAME=SHARE; write it like attribution=0.75.") from error
        if not 0 <= minima[name] <= 1:
            raise click.BadParameter(f"{part!r} asks for a share that is not between 0 and 1.")
    return minima


@click.command("evaluate", epilog=EPILOG)
@click.argument("gold", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["polnear", "jsonl", "reviewed"]), help="Of GOLD.  [default: seen]")
@click.option("--reviewed", is_flag=True, help="Take as gold the articles reviewed in the database.")
@database_option
@click.option("--texts", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Where the texts are.")
@click.option(
    "--predictions", type=click.Path(path_type=Path), help="Output of `quotetrack extract`; no models are loaded then."
)
@models_option
@workers_option
@click.option("--limit", type=click.IntRange(1), help="Only the first articles of the gold.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: all figures, and every mistake by its offsets.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with every mistake in its context."
)
@click.option("--min", "minima", metavar="NAME=SHARE,...", callback=_minima, help="Fail if a figure falls short.")
def command(
    gold: Path | None,
    form: str | None,
    reviewed: bool,
    database: str | None,
    texts: Path | None,
    predictions: Path | None,
    models: str | None,
    workers: int | None,
    limit: int | None,
    as_json: bool,
    html: Path | None,
    minima: dict[str, float],
) -> int:
    """Score what is found against gold: figures, calibration, and every mistake."""
    from quotetrack.evaluation.mistakes import mistakes
    from quotetrack.evaluation.report import build, check_minima
    from quotetrack.evaluation.score import evaluate

    if html is not None and not html.parent.is_dir():
        raise QuotetrackError(f"There is no folder {html.parent} to write {html.name} into. Make it first.")
    whole, catalogue = _gold(gold, "reviewed" if reviewed else form, texts, database)
    chosen = whole.first(limit)
    if predictions is not None:
        found, skipped = _read(predictions, chosen, whole), False
    else:
        given, skipped = _find(chosen, catalogue, models, workers)
        if given is None:
            return ExitCode.INTERRUPTED
        found = given
    evaluation = evaluate(chosen, found, catalogue)
    wrong = mistakes(evaluation)
    report = build(evaluation, wrong)
    if html is not None:
        from quotetrack.evaluation.page import write_page

        write_page(html, report, wrong)
    if as_json:
        write_json(report)
    else:
        from quotetrack.evaluation.terminal import draw

        draw(console(), report)
    check_minima(evaluation, minima)
    return ExitCode.SKIPPED if skipped else ExitCode.OK


def _gold(path: Path | None, form: str | None, texts: Path | None, database: str | None) -> "tuple[GoldSet, Catalogue]":
    """The gold that the command line names, and the sources that are known."""
    from quotetrack.evaluation.polnear import is_polnear, read_polnear
    from quotetrack.sources.catalogue import bundled_catalogue

    if form == "reviewed":
        if path is not None:
            raise click.UsageError("With --reviewed the gold is in the database: leave out GOLD.")
        return _reviewed(database)
    if path is None:
        raise click.UsageError("Name the GOLD, or say --reviewed.")
    if database is not None:
        raise click.UsageError("--database goes with --reviewed.")
    if form is None and path.is_dir() and not is_polnear(path):
        raise click.UsageError(f"{path} is a folder without text/ and attributions/. Name one that has them.")
    if form == "polnear" or (form is None and path.is_dir()):
        if texts is not None:
            raise click.UsageError("--texts goes with gold in JSON Lines; PolNeAR has its texts in text/.")
        return read_polnear(path), bundled_catalogue()
    from quotetrack.evaluation.lines import read_lines

    return read_lines(path, texts), bundled_catalogue()


def _reviewed(database: str | None) -> "tuple[GoldSet, Catalogue]":
    from quotetrack.evaluation.reviewed import gold_of
    from quotetrack.store.gold import reviewed_articles
    from quotetrack.store.sources import known_sources

    engine = open_store(database)
    return gold_of(reviewed_articles(engine), "the database"), known_sources(engine)


def _read(path: Path, gold: "GoldSet", whole: "GoldSet") -> "Found":
    """The predictions in a file; what does not fit the gold is told on standard error."""
    from quotetrack.evaluation.predictions import read_predictions

    read = read_predictions(path, gold, {article.name for article in whole.articles})
    if read.unknown:
        tell(f"{read.unknown} articles of {path} are not in the gold; they are left out.")
    if read.absent:
        tell(f"{len(read.absent)} articles are not in {path}: nothing counts as found in them.")
    return read.found


def _find(
    gold: "GoldSet", catalogue: "Catalogue", models: str | None, workers: int | None
) -> "tuple[Found | None, bool]":
    """What the pipeline finds, or None if it was interrupted; and whether an article was skipped."""
    from quotetrack.evaluation.run import find_all
    from quotetrack.settings import load_settings
    from quotetrack.workers.local import choose_workers

    settings = load_settings()
    skipped = False

    def reject(rejected: "Rejected") -> None:
        nonlocal skipped
        skipped = True
        tell_rejected(rejected)

    with stop_on_interrupt() as stop, progress(len(gold.articles), quiet=False) as advance:
        found: dict[str, Any] = find_all(
            gold,
            models=models or settings.models,
            workers=choose_workers(workers, settings.workers),
            catalogue=catalogue,
            on_article=advance,
            on_rejected=reject,
            on_ready=lambda: advance(note="reading articles"),
            on_note=tell,
            stop=stop,
        )
        return (None if stop() else found), skipped
