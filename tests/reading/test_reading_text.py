"""Text files and Markdown: not one character is altered, whatever the encoding and the line ends."""

import bz2
import codecs
import contextlib
import gzip
import lzma
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.domain import Article, Rejected
from quotetrack.reading.common import Fault, shown
from quotetrack.reading.markdown import read_front_matter
from quotetrack.reading.metadata import Metadata
from quotetrack.reading.text import decode
from tests.reading.conftest import PROSE, Read


@pytest.mark.parametrize(
    "text", [PROSE.replace("\n", "\r\n") * 2, PROSE + "\r\n\r\x0c\u2028" + PROSE, " \ufeff" + PROSE]
)
def test_line_ends_are_left_alone(text: str, tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.b.txt").write_bytes(text.encode())
    [article] = read(tmp_path)
    assert isinstance(article, Article)
    assert article.text == text
    assert (article.name, article.title, article.given_id) == ("a.b", None, None)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_that_is_accepted_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, extra: str) -> None:
    from quotetrack.reading import read_inputs

    text = extra + PROSE + extra
    path = tmp_path_factory.getbasetemp() / "property.txt"
    path.write_bytes(text.encode())
    [article] = read_inputs([str(path)], defaults=Metadata())
    if isinstance(article, Article):
        assert article.text == text.removeprefix("\ufeff")
    else:
        assert article.reason in ("binary", "not_article")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_decoding_any_encoding_with_a_mark(text: str) -> None:
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ):
        assert decode(mark + text.encode(codec)) == text
    assert decode(codecs.BOM_UTF8 + text.encode(), "UTF8") == text


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "utf-7", "cp1252", "unicode_escape", "utf-16"]))
def test_decoding_bytes_of_any_kind_gives_text_or_a_fault(data: bytes, encoding: str | None) -> None:
    try:
        decode(data, encoding).strip()
        reason = "encoding"
    except Fault as fault:
        reason = fault.reason
    assert reason in ("binary", "encoding")


@given(st.text())
def test_what_is_shown_is_one_line_that_can_be_encoded(text: str) -> None:
    assert len(shown(text).splitlines()) <= 1
    shown(text).encode()


FRONT = [
    (
        "---\ntitle: The bridge\nauthor: Ann Lee\ndate: 2026-02-03\n---\n",
        ("The bridge", "Ann Lee", "2026-02-03T00:00:00+00:00"),
    ),
    (
        "---\r\nTitle: 'It''s: open'  # soon\r\npublished: 2026-02-03 10:11:12 +0100\r\n---\r\n",
        ("It's: open", None, "2026-02-03T10:11:12+01:00"),
    ),
    (
        '+++\ntitle = "The bridge"\ndate = 2026-02-03T10:11:12Z\ntags = ["a"]\n+++\n',
        ("The bridge", None, "2026-02-03T10:11:12+00:00"),
    ),
    ("---\ntitle: >\n  folded\nauthor: [A, B]\nauthors:\n  - title: no\ntags: {}\n...\n", (None, None, None)),
    ("---\nno end\n\n", (None, None, None)),
    ("Not at the start.\n---\ntitle: no\n---\n", (None, None, None)),
    ("--- title: no\n---\n", (None, None, None)),
]


@pytest.mark.parametrize(("front", "expected"), FRONT)
def test_front_matter_is_read_and_stays_in_the_text(
    front: str, expected: tuple[str | None, ...], tmp_path: Path, read: Read
) -> None:
    (tmp_path / "a.md").write_bytes((front + PROSE).encode())
    [article] = read(tmp_path)
    assert isinstance(article, Article)
    assert article.text == front + PROSE
    published = article.published.isoformat() if article.published else None
    assert (article.title, article.author, published) == expected


@given(st.text())
def test_front_matter_never_raises_anything_else(text: str) -> None:
    with contextlib.suppress(Fault):
        read_front_matter(f"---\n{text}\n---\n")
    with contextlib.suppress(Fault):
        read_front_matter(f"+++\n{text}\n+++\n")


PACKED = {
    "gzip": gzip.compress(gzip.compress(PROSE.encode())), "bzip2": bz2.compress(PROSE.encode()),
    "xz": lzma.compress(PROSE.encode()), "zip": b"PK\x03\x04 the mayor said so on Tuesday, twice",
    "zstd": b"\x28\xb5\x2f\xfd the mayor said so", "7z": b"7z\xbc\xaf\x27\x1c the mayor said so",
    "rar": b"Rar!\x1a\x07 the mayor said so on Tuesday",
}  # fmt: skip


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl"])
def test_what_is_packed_is_known_by_its_content_and_not_opened(
    packed: str, suffix: str, tmp_path: Path, read: Read
) -> None:
    (tmp_path / f"a{suffix}").write_bytes(PACKED[packed] + b"\nline\n" * 9)
    [rejected] = read(tmp_path)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "binary"
    assert "unpack it" in rejected.message


def test_a_database_named_as_lines_is_one_rejection(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"SQLite format 3\0" + b"\x10\n" * 50_000)
    [rejected] = read(tmp_path)
    assert rejected.reason == "binary"  # type: ignore[union-attr]
