"""Reports drawn in the terminal."""

from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from quotetrack.domain import Relation
from quotetrack.reports import forms
from quotetrack.reports.outline import Block, Course, Outline, Pairs, Paragraph, Row, Rows, Section, Table
from quotetrack.reports.texts import day, short
from quotetrack.reports.words import RELATIONS, SUGGESTED

WIDE = 100
BAR = 16
"""Characters of a bar; half of them where there is little room."""
INDENT, DEEPER = (0, 0, 0, 2), (0, 0, 0, 4)
TICKS = "▁▂▃▄▅▆▇█"
PERIODS = 12
"""How many periods of a trend are listed; the line above shows all."""
FILE_WIDTH = 120
QUOTED = 160
"""Characters of a quote in the evidence."""


def draw(console: Console, outline: Outline) -> None:
    """The whole report."""
    head = Text(outline.title, style="bold")
    if outline.subtitle:
        head.append(f"  {outline.subtitle}", style="dim")
    console.print(head)
    for section in outline.sections:
        _section(console, section)
    if outline.evidence:
        _evidence(console, outline)
    console.print()
    for caveat in outline.caveats:
        console.print(Text("• " + caveat, style="dim"))
    console.print(Text(outline.made, style="dim"))


def as_text(outline: Outline) -> str:
    """The same for a file: of one width, without colours."""
    plain = Console(file=StringIO(), width=FILE_WIDTH, highlight=False, color_system=None)
    draw(plain, outline)
    assert isinstance(plain.file, StringIO)
    return plain.file.getvalue()


def _section(console: Console, section: Section) -> None:
    style = "bold underline" if section.level == 2 else "bold"
    console.print()
    console.print(Text(section.heading, style=style))
    for block in section.blocks:
        if not isinstance(block, Paragraph) and block.caption != section.heading:
            console.print(Text(f"  {block.caption}", style="italic dim"))
        _block(console, block)


def _block(console: Console, block: Block) -> None:
    if isinstance(block, Paragraph):
        console.print(Padding(Text(block.text, style="dim" if block.soft else ""), INDENT, expand=False))
    elif isinstance(block, Rows):
        _rows(console, block)
    elif isinstance(block, Table):
        _table(console, block)
    elif isinstance(block, Course):
        _course(console, block)
    else:
        _pairs(console, block)


def _rows(console: Console, block: Rows) -> None:
    width = BAR if console.width >= WIDE else BAR // 2
    bars = any(row.share is not None for row in block.rows)
    grid = _grid()
    grid.add_column(ratio=None, max_width=max(24, console.width - 34 - (width + 1) * bars))
    if bars:
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in block.rows:
        grid.add_row(Text(row.label), *([Text(_bar(row, width))] if bars else []), Text(row.value))
    console.print(Padding(grid, INDENT, expand=False))


def _grid() -> Grid:
    return Grid(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))


def _bar(row: Row, width: int) -> str:
    """The share as a bar; a figure without one has none."""
    if row.share is None:
        return ""
    full = round(width * row.share)
    return "█" * full + "░" * (width - full)


def _table(console: Console, block: Table) -> None:
    shown = [n for n, column in enumerate(block.columns) if column.narrow or console.width >= WIDE]
    grid = Grid(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for n in shown:
        column = block.columns[n]
        grid.add_column(
            column.label,
            justify="right" if column.number else "left",
            no_wrap=column.number or column.whole,
            overflow="fold",
        )
    for row in block.rows:
        grid.add_row(*(Text(row[n].text) for n in shown))
    console.print(Padding(grid, INDENT, expand=False))
    if block.note:
        console.print(Padding(Text(block.note, style="dim"), INDENT, expand=False))


def _course(console: Console, block: Course) -> None:
    numbers = [point.n for point in block.points]
    if len(numbers) > 1:
        first, last = block.points[0].label, block.points[-1].label
        room = max(8, console.width - 4)
        line = sparkline(numbers)
        cut = f"…{line[-(room - 1) :]}" if len(line) > room else line
        console.print(Padding(Text(f"{cut}\n{first} to {last}, most {max(numbers)}"), INDENT, expand=False))
    most = max(numbers, default=0)
    grid = Grid(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for heading in ("from", "", "n", *block.names):
        grid.add_column(heading, justify="right" if heading not in ("from", "") else "left", no_wrap=True)
    width = BAR if console.width >= WIDE else BAR // 2
    for point in block.points[-PERIODS:]:
        bar = "█" * (round(width * point.n / most) if most else 0)
        grid.add_row(point.label, bar or "·", str(point.n), *(short(rate) for rate in point.shares))
    console.print(Padding(grid, INDENT, expand=False))


def sparkline(numbers: Sequence[int]) -> str:
    """Each number as a tick, against the highest; nothing at all is a dot."""
    most = max(numbers, default=0)
    return "".join(TICKS[min(7, 8 * n // most)] if n else "·" for n in numbers) if most else "·" * len(numbers)


def _pairs(console: Console, block: Pairs) -> None:
    for pair in block.pairs:
        by = f"decided by {pair.decided_by}" if pair.decided_by else SUGGESTED
        console.print(
            Padding(
                Text(f"{RELATIONS[Relation(pair.relation)]} ({by}, pair {pair.id})", style="bold"), INDENT, expand=False
            )
        )
        for side in pair.sides:
            console.print(Padding(Text(f"{side_text(side)}: {side.words}"), DEEPER, expand=False))


def side_text(side: forms.Side) -> str:
    """Where one side of a pair stands, and who says it."""
    when = day(side.published) if side.published else "without a date"
    who = " → ".join((side.outlet or "unknown outlet", *(side.chain if side.attribution else ("no attribution",))))
    number = f"#{side.attribution}" if side.attribution else f"article {side.article}"
    return f"{when}, {who} ({number})"


def _evidence(console: Console, outline: Outline) -> None:
    console.print()
    console.print(Text("Evidence", style="bold underline"))
    for evidence in outline.evidence.values():
        shown = len(evidence.attributions)
        more = f", the first {shown}" if evidence.total > shown else ""
        console.print(Padding(Text(f"{evidence.figure}: {evidence.total}{more}", style="bold"), INDENT, expand=False))
        for id_ in evidence.attributions:
            console.print(Padding(_quoted(outline.quotes[id_]), DEEPER, expand=False))


def _quoted(quote: forms.Quote) -> Text:
    when = day(quote.published) if quote.published else "without a date"
    words = quote.content if len(quote.content) <= QUOTED else f"{quote.content[: QUOTED - 1]}…"
    line = Text(f"#{quote.id} ", style="dim")
    line.append(f"{when} {quote.outlet or 'unknown outlet'}, {quote.title}: ", style="dim")
    return line.append(words)
