"""How a report is laid out, whatever draws it: sections of figures, tables, trends and quotes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from quotetrack.reports.forms import Evidence, Pair, Quote, Rate


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what it is called, what it says, and its share and interval if it is a rate that is judged."""

    label: str
    value: str
    share: float | None = None
    low: float | None = None
    high: float | None = None
    evidence: str | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Figures under one caption."""

    caption: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    number: bool = False
    narrow: bool = True
    """Whether it is shown where there is little room."""
    whole: bool = False
    """Whether its cells are never broken into lines."""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend."""

    label: str
    n: int
    shares: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A trend: how many attributions, and which shares of them."""

    caption: str
    names: tuple[str, ...]
    """Of the shares."""
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Pairs:
    caption: str
    key: str
    """What the evidence of its figure says."""
    pairs: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    soft: bool = False


Block = Rows | Table | Course | Pairs | Paragraph


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    blocks: Sequence[Block]
    level: int = 2


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report."""

    title: str
    subtitle: str
    """What it is asked for: period, outlet and the like."""
    made: str
    """By what and when."""
    sections: Sequence[Section]
    caveats: Sequence[str]
    evidence: dict[str, Evidence] = field(default_factory=dict)
    quotes: dict[int, Quote] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        """Of all evidence that it shows."""
        groups = (block.key for section in self.sections for block in section.blocks if isinstance(block, Pairs))
        return {*self.evidence, *groups}
