"""Breaking a text into screen lines, each known by its offsets."""

import re

from rich.cells import cell_len

_ONE_CELL_EACH = re.compile("[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]*")


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Half-open ranges of `text`, one a screen line: none wider than `width` cells, broken at spaces if possible."""
    lines: list[tuple[int, int]] = []
    start = 0
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        plain = _ONE_CELL_EACH.fullmatch(paragraph) is not None
        lines += _wrap_paragraph(text, start, end, max(width, 2), plain)
        start = end + 1
    return lines


def _wrap_paragraph(text: str, start: int, end: int, width: int, plain: bool) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    while True:
        full = min(start + width, end) if plain else _fitting(text, start, end, width)
        if full >= end:
            return [*lines, (start, end)]
        space = text.rfind(" ", start, full + 1)
        stop = space if space > start else full
        lines.append((start, stop))
        start = stop
        while start < end and text[start] == " ":
            start += 1


def _fitting(text: str, start: int, end: int, width: int) -> int:
    cells = 0
    for index in range(start, end):
        cells += cell_len(text[index])
        if cells > width:
            return max(index, start + 1)
    return end
