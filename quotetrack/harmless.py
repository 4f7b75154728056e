"""Showing what others wrote: nothing in a text may steer the terminal, and offsets into it must still hold."""

import json
import re
from typing import Any

_STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x80-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # would reorder what is shown
    "\u2028\u2029\ud800-\udfff]"
)
_LINE_ENDS = frozenset("\r\x0b\x0c\x85\u2028\u2029")
_SPACES = re.compile(r"\s+")


def harmless(text: str) -> str:
    """The text as it may be shown, as long as it was: control characters become visible signs.

    Every kind of line end becomes a newline, and CR LF a space and a newline.
    """
    return _STEERS.sub(_sign, text)


def one_line(text: str) -> str:
    """The same for a table cell or a message, with all white space as single spaces."""
    return _SPACES.sub(" ", harmless(text)).strip()


def quoted(text: str, width: int = 60) -> str:
    """The beginning of a text in quotation marks, its own if it begins with one."""
    line = one_line(text)
    line = line if len(line) <= width else f"{line[: width - 1]}…"
    return line if line.startswith(("“", '"', "‘", "«", "„")) else f"“{line}”"


def harmless_json(value: Any, indent: int | None = None) -> str:
    """JSON of the very same value in which whatever could steer a terminal is escaped: all of it may be printed."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return _STEERS.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _sign(match: re.Match[str]) -> str:
    character = match[0]
    if character in _LINE_ENDS:
        return " " if match.string[match.end() : match.end() + 1] == "\n" else "\n"
    if character < " ":
        return chr(0x2400 + ord(character))
    return "␡" if character == "\x7f" else "\ufffd"
