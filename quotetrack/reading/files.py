"""One input's bytes to its articles, by what kind of text they are."""

import io
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from quotetrack.domain import Article, Rejected
from quotetrack.reading.common import (
    MAX_BYTES,
    Fault,
    Fetched,
    Fetcher,
    Options,
    os_fault,
    read_capped,
    shown,
    too_large,
)
from quotetrack.reading.html import looks_like_html, read_html
from quotetrack.reading.jsonl import lines_of, looks_like_jsonl, read_jsonl
from quotetrack.reading.markdown import read_front_matter
from quotetrack.reading.metadata import Metadata, is_sidecar, page_metadata, read_sidecar
from quotetrack.reading.text import decode, make_article
from quotetrack.reading.web import HTML_TYPES, JSONL_TYPES, MARKDOWN_TYPES


class Format(StrEnum):
    """How an input's bytes are to be understood."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSONL = "jsonl"


SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
}


def read_file(path: Path, options: Options) -> Iterator[Article | Rejected]:
    """The articles in a file. Its suffix says what it is; with any other it is HTML if it plainly is, else text."""
    location = shown(str(path))
    try:
        _check_file(path)
        sidecar = _sidecar_of(path)
        name = shown(path.stem)
        if SUFFIXES.get(path.suffix.lower()) is Format.JSONL:
            with path.open("rb") as stream:
                yield from read_jsonl(stream, stem=name, location=location, sidecar=sidecar, options=options)
            return
        data = read_capped(path)
        guess = Format.HTML if looks_like_html(data) else Format.TEXT
        what = SUFFIXES.get(path.suffix.lower(), guess)
        yield _read_bytes(data, what, name=name, location=location, sidecar=sidecar, options=options)
    except Fault as fault:
        yield fault.at(location)
    except OSError as error:
        yield os_fault(error).at(location)


def read_stdin(stream: BinaryIO, options: Options) -> Iterator[Article | Rejected]:
    """The articles on standard input: JSON Lines if the first line plainly is, HTML if it plainly is, else text."""
    location = "<stdin>"
    try:
        first, is_lines = _first_line(stream)
        if is_lines:
            whole = _Rejoined(first, stream)
            yield from read_jsonl(whole, stem="stdin", location=location, sidecar=Metadata(), options=options)
            return
        data = first
        while len(data) <= MAX_BYTES and (piece := stream.read(MAX_BYTES + 1 - len(data))):
            data += piece
        if len(data) > MAX_BYTES:
            raise too_large()
        what = Format.HTML if looks_like_html(data) else Format.TEXT
        yield _read_bytes(data, what, name="stdin", location=location, sidecar=Metadata(), options=options)
    except Fault as fault:
        yield fault.at(location)
    except OSError as error:
        yield os_fault(error).at(location)


def read_url(url: str, fetcher: Fetcher, options: Options) -> Iterator[Article | Rejected]:
    """The articles at a URL, by the answer's content type; plain text also by the suffix in the URL."""
    location = shown(url)
    try:
        fetched = fetcher(url)
        what, name = _format_of(fetched), _name_of(fetched.url)
        if what is Format.JSONL:
            stream = io.BytesIO(fetched.content)
            yield from read_jsonl(stream, stem=name, location=location, sidecar=Metadata(), options=options)
            return
        yield _read_bytes(
            fetched.content,
            what,
            name=name,
            location=location,
            sidecar=Metadata(),
            options=options,
            charset=fetched.charset,
            url=page_metadata({"url": fetched.url}).url,
        )
    except Fault as fault:
        yield fault.at(location)


def count_file(path: Path) -> int:
    """How many articles or rejections `read_file` gives, without parsing any: for JSON Lines, the lines."""
    if SUFFIXES.get(path.suffix.lower()) is not Format.JSONL:
        return 1
    try:
        _check_file(path)
        with path.open("rb") as stream:
            return sum(1 for _ in lines_of(stream)) or 1
    except (Fault, OSError):
        return 1


def _read_bytes(
    data: bytes,
    what: Format,
    *,
    name: str,
    location: str,
    sidecar: Metadata,
    options: Options,
    charset: str | None = None,
    url: str | None = None,
) -> Article:
    if what is Format.HTML:
        return read_html(data, name=name, location=location, sidecar=sidecar, options=options, charset=charset, url=url)
    if not data.strip():
        raise Fault("empty", "there is no text in it; remove it, or check how it was saved")
    text = _decode_served(data, charset, options.encoding)
    stated, body = read_front_matter(text) if what is Format.MARKDOWN else (Metadata(), 0)
    stated = sidecar.over(stated).over(Metadata(url=url))
    return make_article(text, name=name, location=location, stated=stated, options=options, body=body)


def _decode_served(data: bytes, charset: str | None, encoding: str | None) -> str:
    """Text with the charset of an HTTP header as second best: servers often claim one without looking."""
    try:
        return decode(data, encoding)
    except Fault as fault:
        if encoding or not charset or fault.reason != "encoding":
            raise
        return decode(data, charset)


def _check_file(path: Path) -> None:
    if is_sidecar(path.name):
        raise Fault("not_article", "it is a side-car, which describes another file; give that file")
    if path.exists() and not path.is_file():
        raise Fault("unreadable", "it is not a regular file; pipe it into standard input and give - instead")


def _sidecar_of(path: Path) -> Metadata:
    try:
        return read_sidecar(path)
    except ValueError as error:
        raise Fault("metadata", str(error)) from error


def _first_line(stream: BinaryIO) -> tuple[bytes, bool]:
    """The bytes up to and including the first line that is not blank, and whether that begins JSON Lines."""
    taken = b""
    while len(taken) <= MAX_BYTES and (line := stream.readline(MAX_BYTES + 1)):
        taken += line
        if line.strip():
            return taken, looks_like_jsonl(line)
    return taken, False


class _Rejoined:
    """A stream whose beginning was already taken from it, whole again for reading by line."""

    def __init__(self, taken: bytes, rest: BinaryIO) -> None:
        self._taken = io.BytesIO(taken)
        self._rest = rest

    def readline(self, size: int = -1, /) -> bytes:
        return self._taken.readline(size) or self._rest.readline(size)


def _format_of(fetched: Fetched) -> Format:
    if fetched.content_type in HTML_TYPES:
        return Format.HTML
    if fetched.content_type in MARKDOWN_TYPES:
        return Format.MARKDOWN
    if fetched.content_type in JSONL_TYPES:
        return Format.JSONL
    suffix = PurePosixPath(urlsplit(fetched.url).path).suffix.lower()
    claimed = SUFFIXES.get(suffix, Format.TEXT)
    # A page's source that is served as plain text was meant to be looked at as that.
    return Format.TEXT if claimed is Format.HTML else claimed


def _name_of(url: str) -> str:
    """The last part of the path without its suffix, else the host."""
    parts = urlsplit(url)
    return shown(PurePosixPath(unquote(parts.path)).stem) or parts.hostname or "page"
