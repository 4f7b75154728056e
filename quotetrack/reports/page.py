"""A report as one HTML page: no script, nothing from elsewhere, and nothing in a text can do any harm."""

from dataclasses import dataclass
from pathlib import Path

from quotetrack.page import environment
from quotetrack.reports.outline import Block, Course, Outline, Pairs, Paragraph, Rows, Table
from quotetrack.reports.terminal import side_text
from quotetrack.reports.texts import day, percent, rate_text
from quotetrack.reports.words import RELATIONS, SUGGESTED

BAR_WIDTH = 120
"""Width of a bar, in SVG units."""
WIDTH, HEIGHT = 640, 120
"""Of a trend's columns."""
LABELS = 8
"""About so many periods are labelled below the columns."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of a trend."""

    x: float
    y: float
    width: float
    height: float
    label: str
    n: int
    is_labelled: bool


def page(outline: Outline) -> str:
    """The page as text."""
    behind: dict[int, list[str]] = {}
    for key, evidence in outline.evidence.items():
        for id_ in evidence.attributions:
            behind.setdefault(id_, []).append(key)
    return (
        environment(Path(__file__).parent)
        .get_template("page.html.jinja")
        .render(
            outline=outline,
            behind=behind,
            keys=outline.keys,
            kind_of=_kind_of,
            columns=columns,
            bar=BAR_WIDTH,
            width=WIDTH,
            height=HEIGHT,
            day=day,
            percent=percent,
            rate_text=rate_text,
            side_text=side_text,
            relations=RELATIONS,
            suggested=SUGGESTED,
        )
    )


def _kind_of(block: Block) -> str:
    """Which part of the template shows a block."""
    names = {Rows: "rows", Table: "table", Course: "course", Pairs: "pairs", Paragraph: "paragraph"}
    return names[type(block)]


def columns(course: Course) -> list[Bar]:
    """The columns of a trend's chart, x to the right and y down."""
    most = max((point.n for point in course.points), default=0) or 1
    step = WIDTH / max(len(course.points), 6)
    every = max(1, -(-len(course.points) // LABELS))
    return [
        Bar(
            round(step * number + step * 0.1, 1),
            round(HEIGHT * (1 - point.n / most), 1),
            round(step * 0.8, 1),
            round(HEIGHT * point.n / most, 1),
            point.label,
            point.n,
            number % every == 0,
        )
        for number, point in enumerate(course.points)
    ]
