"""Reports as Markdown, for pasting into a document or an issue."""

import re
from collections.abc import Iterable, Iterator, Sequence

from quotetrack.domain import Relation
from quotetrack.reports.outline import Block, Course, Outline, Pairs, Paragraph, Rows, Section, Table
from quotetrack.reports.terminal import side_text
from quotetrack.reports.texts import day, rate_text
from quotetrack.reports.words import RELATIONS, SUGGESTED

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
"""What Markdown or HTML within it would take for markup."""
_STARTS = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")
"""What would begin a list or underline a heading."""


def escaped(text: str) -> str:
    """Text that stays what it is in Markdown; a bare address does not become a link."""
    plain = _SPECIAL.sub(r"\\\1", text)
    plain = re.sub(r"(?i)(https?|ftp)://", r"\1:\\/\\/", plain)
    plain = re.sub(r"(?i)\bwww\.", r"www\\.", plain)
    return _STARTS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", plain)


def markdown(outline: Outline) -> str:
    """The whole report."""
    lines = [f"# {escaped(outline.title)}", ""]
    if outline.subtitle:
        lines += [escaped(outline.subtitle), ""]
    for section in outline.sections:
        lines += [f"{'#' * section.level} {escaped(section.heading)}", "", *_blocks(section)]
    if outline.evidence:
        lines += ["## Evidence", "", *_evidence(outline)]
    lines += ["---", "", *(f"- {escaped(caveat)}" for caveat in outline.caveats), "", escaped(outline.made), ""]
    return "\n".join(lines)


def _blocks(section: Section) -> Iterator[str]:
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from (escaped(block.text), "")
    elif isinstance(block, Rows):
        yield from _table([block.caption, ""], "lr", ([row.label, row.value] for row in block.rows))
    elif isinstance(block, Table):
        yield from (f"**{escaped(block.caption)}**", "")
        sides = "".join("r" if column.number else "l" for column in block.columns)
        names = [column.label for column in block.columns]
        yield from _table(names, sides, ([cell.text for cell in row] for row in block.rows))
        if block.note:
            yield from (escaped(block.note), "")
    elif isinstance(block, Course):
        yield from (f"**{escaped(block.caption)}**", "")
        rows = ([point.label, str(point.n), *map(rate_text, point.shares)] for point in block.points)
        yield from _table(["from", "n", *block.names], "l" + "r" * (1 + len(block.names)), rows)
    else:
        yield from _pairs(block)


def _table(names: Sequence[str], sides: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _line(names)
    yield "|" + "|".join("---:" if side == "r" else "---" for side in sides) + "|"
    for row in rows:
        yield _line(row)
    yield ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"


def _pairs(block: Pairs) -> Iterator[str]:
    yield from (f"**{escaped(block.caption)}**", "")
    for pair in block.pairs:
        by = f"decided by {pair.decided_by}" if pair.decided_by else SUGGESTED
        yield f"- {escaped(f'{RELATIONS[Relation(pair.relation)]} ({by}, pair {pair.id})')}"
        yield from (f"  - {escaped(f'{side_text(side)}: {side.words}')}" for side in pair.sides)
    yield ""


def _evidence(outline: Outline) -> Iterator[str]:
    for evidence in outline.evidence.values():
        shown = len(evidence.attributions)
        more = f", the first {shown}" if evidence.total > shown else ""
        yield from (f"### {escaped(f'{evidence.figure}: {evidence.total}{more}')}", "")
        for id_ in evidence.attributions:
            quote = outline.quotes[id_]
            when = day(quote.published) if quote.published else "without a date"
            where = f"{when}, {quote.outlet or 'unknown outlet'}, {quote.title}"
            yield f"- {escaped(f'#{quote.id} ({where}): {quote.content}')}"
        yield ""
