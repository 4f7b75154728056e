"""An evaluation as one HTML page: no script, nothing from elsewhere, and nothing in a text can do any harm."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from quotetrack.domain import SpanRole, Spans
from quotetrack.errors import QuotetrackError
from quotetrack.evaluation.mistakes import (
    Mistake,
    Problem,
    found_chain,
    found_speaker,
    gold_chain,
    gold_speaker,
)
from quotetrack.evaluation.report import RATES, SHARES
from quotetrack.evaluation.terminal import percent, score, with_n
from quotetrack.harmless import one_line
from quotetrack.page import environment
from quotetrack.passage import Piece, passage
from quotetrack.share import Share

PROBLEMS = {
    Problem.MISSED: "missed",
    Problem.INVENTED: "not in the gold",
    Problem.BOUNDARIES: "overlaps too little",
    Problem.DISTRACTOR: "must not be found",
    Problem.SOURCE: "wrong source span",
    Problem.SPEAKER: "wrong speaker",
    Problem.CHAIN: "wrong chain",
    Problem.KIND: "wrong kind",
    Problem.POLARITY: "wrong polarity",
}

PLOT = 300
"""Width and height of the reliability diagram's square, in SVG units."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article with marks."""

    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A mistake as the page shows it."""

    problems: tuple[str, ...]
    passages: tuple[Passage, ...]
    rows: tuple[tuple[str, str, str, bool], ...]
    """What, wanted, got, and whether they differ."""


def write_page(path: Path, report: dict[str, Any], mistakes: Sequence[Mistake]) -> None:
    """Write the page to a file. Raises QuotetrackError if it cannot be written."""
    try:
        path.write_text(render(report, mistakes), "utf-8", newline="\n")
    except OSError as error:
        raise QuotetrackError(f"{path} cannot be written: {error.strerror or error}. Name another file.") from error


def render(report: dict[str, Any], mistakes: Sequence[Mistake]) -> str:
    """The page as text, from a report made by `report.build` and the mistakes it counts."""
    articles = [
        (one_line(name), [show(mistake) for mistake in found])
        for name, found in ((name, list(found)) for name, found in groupby(mistakes, lambda m: m.article.name))
    ]
    counts = Counter(PROBLEMS[problem] for mistake in mistakes for problem in mistake.problems)
    return (
        environment(Path(__file__).parent)
        .get_template("page.html.jinja")
        .render(
            report=report,
            location=one_line(report["gold"]["location"]),
            rate_labels=RATES,
            share_labels=SHARES,
            articles=articles,
            problems=counts.most_common(),
            percent=percent,
            with_n=with_n,
            score=score,
            plot=PLOT,
            points=_points(report["calibration"]["bins"]),
        )
    )


def show(mistake: Mistake) -> Shown:
    """A mistake with its passages, and what was wanted and got."""
    gold, found, text = mistake.gold, mistake.found, mistake.article.text
    wanted: dict[SpanRole, Spans] = {}
    got: dict[SpanRole, Spans] = {}
    if gold:
        wanted = {
            SpanRole.CONTENT: gold.readings[mistake.reading],
            SpanRole.CUE: gold.cue,
            SpanRole.SOURCE: gold.source,
        }
    if found:
        got = {SpanRole.CONTENT: found.content, SpanRole.CUE: found.cue, SpanRole.SOURCE: found.source}
    every = [span for side in (wanted, got) for spans in side.values() for span in spans]
    named = (("Gold and found", wanted),) if wanted == got else (("Gold", wanted), ("Found", got))
    passages = tuple(Passage(heading, passage(text, side, every)) for heading, side in named if side)
    rows: list[tuple[str, str, str, bool]] = []

    def row(what: str, want: str | None, have: str | None, problem: Problem) -> None:
        if want is not None or (have is not None and gold is None):
            rows.append((what, one_line(want or "–"), one_line(have or "–"), problem in mistake.problems))

    row(
        "speaker",
        gold_speaker(gold) if gold else None,
        found_speaker(found) if found else None,
        Problem.SPEAKER,
    )
    row("chain", gold_chain(gold) if gold else None, found_chain(found) if found else None, Problem.CHAIN)
    row("kind", gold.kind if gold else None, found.kind if found else None, Problem.KIND)
    row("polarity", gold.polarity if gold else None, found.polarity if found else None, Problem.POLARITY)
    return Shown(tuple(PROBLEMS[problem] for problem in mistake.problems), passages, tuple(rows))


def _points(bins: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bins in the diagram's coordinates: x to the right, y down."""
    points = []
    for each in bins:
        right = Share(each["right"]["k"], each["right"]["n"])
        share = right.value or 0.0
        low, high = right.interval or (share, share)  # also of few: the bar is there to show how little they say
        points.append(
            {
                "x": round(PLOT * each["confidence"], 1),
                "y": round(PLOT * (1 - share), 1),
                "low": round(PLOT * (1 - low), 1),
                "high": round(PLOT * (1 - high), 1),
                "said": f"confidence {100 * each['confidence']:.1f} %, right {right.k} of {right.n}",
            }
        )
    return points
