"""From bytes to text, and from text with its metadata to an `Article`: the checks that every origin shares."""

import codecs
import json
import re
import warnings
from datetime import timedelta
from itertools import islice

from quotetrack.domain import Article
from quotetrack.reading.common import Fault, Options
from quotetrack.reading.metadata import Metadata

MIN_WORDS = 5
"""Fewest words in a text that may hold an article."""
MIN_LETTER_SHARE = 0.4
"""Least share of letters among the characters that are not space."""
MAX_CONTROL_SHARE = 0.05
"""Control characters (tab, line ends and form feed aside) beyond this share make it binary."""
SAMPLE_CHARS = 100_000
"""How much of a long text is looked at to judge whether it is prose."""

# UTF-32 before UTF-16, whose little-endian mark is the beginning of the other's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTAINERS = {
    b"%PDF-": "a PDF; extract its text first (pdftotext)",
    b"{\\rtf": "RTF; save it as plain text first",
    b"PK\x03\x04": "a ZIP archive or an office document; unpack it, or save it as plain text",
    b"\x1f\x8b": "compressed; unpack it first (gunzip)",
    b"BZh91AY&SY": "compressed; unpack it first (bunzip2)",
    b"\xfd7zXZ\x00": "compressed; unpack it first (unxz)",
    b"\x28\xb5\x2f\xfd": "compressed; unpack it first (unzstd)",
    b"7z\xbc\xaf\x27\x1c": "an archive; unpack it first (7z x)",
    b"Rar!\x1a\x07": "an archive; unpack it first (unrar x)",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes(sorted({*range(32), 127} - set(b"\t\n\f\r")))
_WORD = re.compile(r"[\W_]*[^\W\d_]+(?:['’.&-][^\W\d_]+)*[\W_]*")


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a file, character for character, line ends as they are.

    `encoding` if given, else what a byte order mark says, else UTF-8. A mark is no part of the text: the result, and
    so every offset, begins after it. Raises `Fault` (`binary`, `encoding`).
    """
    marked = encoding_of_mark(data)
    if encoding is None and marked is None:
        _refuse_binary(data)
    # The mark wins over "utf-8" and "utf-16", which would leave it in the text or are what it says anyhow.
    codec = marked if marked and (encoding is None or _family(encoding) == _family(marked)) else encoding or "utf-8"
    try:
        with warnings.catch_warnings():  # some of Python's own codecs warn about what they then read all the same
            warnings.simplefilter("ignore", DeprecationWarning)
            return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Fault(
            "encoding",
            f"it is not valid {error.encoding} (byte {error.start}); name its encoding (--encoding cp1252), "
            "or convert it with iconv (iconv -f WINDOWS-1252 -t UTF-8)",
        ) from error
    except (LookupError, ValueError) as error:
        raise Fault("encoding", f"it cannot be read as {codec!r} ({error}); name an encoding such as utf-8") from error


def encoding_of_mark(data: bytes) -> str | None:
    """The codec that the byte order mark at the beginning asks for, if there is one."""
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), None)


def _family(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return encoding
    return "utf-8" if name == "utf-8-sig" else name


def refuse_container(data: bytes) -> None:
    """Raise `Fault` (`binary`) for what has to be unpacked or converted: no archive is opened here."""
    for magic, what in _CONTAINERS.items():
        if data.startswith(magic):
            raise Fault("binary", f"it is {what}")


def _refuse_binary(data: bytes) -> None:
    refuse_container(data)
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if b"\0" in data or controls > MAX_CONTROL_SHARE * len(data):
        raise Fault(
            "binary", "it is not text; if it is UTF-16 without a mark, name its encoding (--encoding utf-16-le)"
        )


def make_article(text: str, *, name: str, location: str, stated: Metadata, options: Options, body: int = 0) -> Article:
    """The article, if `text` is one. `stated` is what side-car, JSON line and page say; the options' defaults win.

    `body` is the offset where the running text begins, after front matter. Raises `Fault` (`empty`, `binary`,
    `encoding`, `not_article`, `future_date`).
    """
    check_text(text, body)
    known = options.defaults.over(stated)
    if known.published and known.published > options.now + timedelta(days=1):
        raise Fault(
            "future_date", f"it says it was published on {known.published:%Y-%m-%d}, in the future; mend the date"
        )
    return Article(
        text=text,
        name=name,
        location=location,
        given_id=known.id,
        url=known.url,
        title=known.title,
        outlet=known.outlet,
        author=known.author,
        published=known.published,
    )


def check_text(text: str, body: int = 0) -> None:
    """Raise `Fault` unless `text` (from `body` on) is prose that can be stored."""
    running = text[body:].strip()[:SAMPLE_CHARS]
    if not running:
        raise Fault("empty", "there is no text in it; remove it, or check how it was saved")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Fault("encoding", f"character {error.start} is half of a surrogate pair; write it whole") from error
    controls = sum(1 for _ in _CONTROL.finditer(running))
    if "\0" in text or controls > MAX_CONTROL_SHARE * len(running):
        raise Fault("binary", "it contains control characters, so it is not text; convert it to plain text")
    letters = sum(map(str.isalpha, running))
    visible = sum(not char.isspace() for char in running)
    if count_words(running, MIN_WORDS) < MIN_WORDS or letters < MIN_LETTER_SHARE * visible:
        raise Fault("not_article", f"there is no running text of {MIN_WORDS} words in it; give the article's text")
    if running[0] in "{[" and _is_json(text[body:]):
        raise Fault("not_article", 'it is JSON; write one {"text": "…"} a line and name the file .jsonl')


def count_words(text: str, enough: int) -> int:
    """How many words of letters there are, counting no further than `enough`."""
    return sum(1 for _ in islice(filter(_WORD.fullmatch, text[:SAMPLE_CHARS].split()), enough))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
