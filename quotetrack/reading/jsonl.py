"""JSON Lines: an article a line, read one line at a time so that a file may be of any size."""

import codecs
import json
from collections.abc import Iterator
from typing import Protocol

from pydantic import ValidationError

from quotetrack.domain import Article, Rejected
from quotetrack.reading.common import MAX_BYTES, Fault, Options, shown, too_large
from quotetrack.reading.metadata import Metadata, describe
from quotetrack.reading.text import make_article, refuse_container


class LineSource(Protocol):
    """The one thing needed of a stream of bytes."""

    def readline(self, size: int = -1, /) -> bytes: ...


_CHUNK = 1024 * 1024
_EXAMPLE = '{"text": "…", "outlet": "…", "published": "2024-03-05"}'


def lines_of(stream: LineSource) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, with their numbers from 1. `None` stands for a line over `MAX_BYTES`.

    No more than one line, up to that limit, is ever in memory.
    """
    number = 0
    while piece := stream.readline(MAX_BYTES + 1):
        number += 1
        if len(piece) > MAX_BYTES and not piece.endswith(b"\n"):
            while piece and not piece.endswith(b"\n"):
                piece = stream.readline(_CHUNK)
            yield number, None
        elif piece.removeprefix(codecs.BOM_UTF8).strip():
            yield number, piece


def read_jsonl(
    stream: LineSource, *, stem: str, location: str, sidecar: Metadata, options: Options
) -> Iterator[Article | Rejected]:
    """An article or a rejection for each line; one bad line never stops the rest.

    The side-car describes the whole file, so each line's own word goes before it, and only what all lines can share
    is taken from it: outlet, author and date.
    """
    shared = Metadata(outlet=sidecar.outlet, author=sidecar.author, published=sidecar.published)
    number = 0
    for number, line in lines_of(stream):
        here = f"{location}:{number}"
        if number == 1 and line is not None:
            try:
                _refuse_other(line)
            except Fault as fault:
                yield fault.at(location)
                return
        try:
            if line is None:
                raise too_large("the line")
            yield _read_line(line, name=f"{stem}:{number}", location=here, shared=shared, options=options)
        except Fault as fault:
            yield fault.at(here)
    if number == 0:
        yield Fault("empty", f"there are no lines in it; write one {_EXAMPLE} a line").at(location)


def _refuse_other(first: bytes) -> None:
    """Raise `Fault` (`binary`, `encoding`) if no JSON Lines begin so: such a file may have millions of lines."""
    refuse_container(first)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Fault("encoding", "it is UTF-16; convert it with iconv (iconv -f UTF-16 -t UTF-8)")
    if b"\0" in first:
        raise Fault("binary", "it is not text; each line must be one whole JSON object")


def _read_line(line: bytes, *, name: str, location: str, shared: Metadata, options: Options) -> Article:
    record = parse_line(line)
    text = record.get("text")
    if not isinstance(text, str):
        fault = "there is no text" if text is None else "text is not a string"
        raise Fault("metadata" if text is not None else "empty", f"{fault}; write {_EXAMPLE}")
    try:
        stated = Metadata.model_validate(record)
    except ValidationError as error:
        raise Fault("metadata", f"{describe(error)}; mend the line") from error
    name = shown(stated.id) if stated.id else name
    return make_article(text, name=name, location=location, stated=stated.over(shared), options=options)


def parse_line(line: bytes) -> dict[str, object]:
    """The object on a line. Raises `Fault` (`encoding`, `json`)."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Fault("encoding", f"byte {error.start} of the line is not UTF-8; convert the file with iconv") from error
    except json.JSONDecodeError as error:
        raise Fault("json", f"{error.msg} at column {error.colno}; each line must be one whole JSON object") from error
    except (ValueError, RecursionError) as error:
        raise Fault("json", "it is nested too deeply or holds too long a number; simplify it") from error
    if not isinstance(record, dict):
        raise Fault("json", f"the line is JSON but not an object; write {_EXAMPLE}")
    return record


def looks_like_jsonl(line: bytes) -> bool:
    """Whether a first line plainly is JSON Lines: an object with "text", or a broken one that was meant so."""
    try:
        return "text" in parse_line(line)
    except Fault:
        return line.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b'{"')
