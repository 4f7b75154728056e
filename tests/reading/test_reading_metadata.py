"""Side-cars, dates, precedence and URLs."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quotetrack.domain import Article, Rejected
from quotetrack.reading import Metadata, canonical_url, parse_published
from tests.reading.conftest import PROSE, Read


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("2026-02-03", "2026-02-03T00:00:00+00:00"),
        ("2026-02-03T10:11", "2026-02-03T10:11:00+00:00"),
        ("2026-02-03t10:11:12z", "2026-02-03T10:11:12+00:00"),
        (" 2026-02-03 10:11:12 -05:00 ", "2026-02-03T10:11:12-05:00"),
        (date(2026, 2, 3), "2026-02-03T00:00:00+00:00"),
        (datetime(2026, 2, 3, 4), "2026-02-03T04:00:00+00:00"),
    ],
)
def test_a_date_gets_a_time_zone(given_value: object, expected: str) -> None:
    assert parse_published(given_value).isoformat() == expected


@pytest.mark.parametrize(
    "value", ["yesterday", "03/02/2026", 1700000000, True, [], "0001-01-01T00:00+10:00", "2026-02-30"]
)
def test_what_is_not_a_date(value: object) -> None:
    with pytest.raises(ValueError, match="date"):
        parse_published(value)


def test_the_command_line_goes_before_the_side_car_and_that_before_the_page(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.md").write_text(
        f"---\ntitle: page\nauthor: page\noutlet: page\nurl: http://page.example/\n---\n{PROSE}"
    )
    (tmp_path / "a.meta.toml").write_text(
        'id = 7\nauthor = "side-car"\noutlet = "side-car"\npublished = 2026-02-03\nx = 1\n'
    )
    (tmp_path / "a.meta.json").write_text('{"title": "the second side-car is not looked at"}')
    [article] = read(tmp_path, defaults=Metadata(outlet="option"))
    assert isinstance(article, Article)
    assert (article.title, article.author, article.outlet) == ("page", "side-car", "option")
    assert (article.name, article.given_id, article.url) == ("a", "7", "http://page.example/")
    assert article.published == datetime(2026, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.meta.toml", b"outlet = The Herald"),
        ("a.meta.toml", b'outlet = "\xff"'),
        ("a.meta.toml", b"a" + b".a" * 30_000 + b" = 1"),
        ("a.meta.toml", b"a = " + b"[" * 10_000),
        ("a.meta.toml", b"a = " + b"{a = " * 3_000),
        ("a.meta.toml", b"id = " + b"9" * 10_000),
        ("a.meta.toml", b"id = 0x" + b"f" * 10_000),
        ("a.meta.toml", b"# " + b"a" * 1_000_000),
        ("a.meta.json", b"{"),
        ("a.meta.json", b'["The Herald"]'),
        ("a.meta.json", b"[" * 100_000),
        ("a.meta.json", b'{"outlet": 3}'),
        ("a.meta.json", b'{"published": "soon"}'),
        ("a.meta.json", b'{"url": "example.org/a"}'),
        ("a.meta.json", b'{"title": "\\ud800"}'),
    ],
)
@pytest.mark.parametrize("article", ["a.txt", "a.jsonl"])
def test_a_broken_side_car_is_named(name: str, content: bytes, article: str, tmp_path: Path, read: Read) -> None:
    (tmp_path / article).write_text(PROSE)
    (tmp_path / name).write_bytes(content)
    started = time.process_time()
    [rejected] = read(tmp_path)
    assert time.process_time() - started < 2
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "metadata"
    assert name in rejected.message
    assert len(rejected.message) < 300


def test_front_matter_made_to_take_long(tmp_path: Path, read: Read) -> None:
    bombs = ("a" + ".a" * 30_000 + " = 1", "a = " + "[" * 10_000, "id = 0x" + "f" * 10_000)
    for number, bomb in enumerate(bombs):
        (tmp_path / f"{number}.md").write_text(f"+++\n{bomb}\n+++\n{PROSE}")
    (tmp_path / "yaml.md").write_text("---\n" + "a: [" * 15_000 + f"\n---\n{PROSE}")
    started = time.process_time()
    *rejected, article = read(tmp_path)
    assert time.process_time() - started < 2
    assert [one.reason for one in rejected] == ["metadata"] * 3  # type: ignore[union-attr]
    assert isinstance(article, Article)


def test_a_name_too_long_for_a_side_car_is_read_all_the_same(tmp_path: Path, read: Read) -> None:
    (tmp_path / ("x" * 250 + ".txt")).write_text(PROSE)
    assert isinstance(read(tmp_path)[0], Article)


def test_metadata_is_one_line_of_text() -> None:
    assert Metadata(title=" The\n bridge\x1b[31m ").title == "The bridge [31m"
    assert Metadata(title="  ", published="").model_dump(exclude_none=True) == {}  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Metadata(title=3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.ORG:443/A/b/?utm_source=x&b=2&a=1&UTM_x=3&fbclid=4#top", "https://example.org/A/b/?a=1&b=2"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/?q=a+b&q=%C3%A9&&gclid=", "http://example.org:8080/?q=a+b&q=%C3%A9"),
        (" http://me:secret@example.org/a#some words ", "http://example.org/a"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("http://example.org/a?utm_source", "http://example.org/a"),
    ],
)
def test_canonical_url(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url", ["", "example.org/a", "ftp://example.org/", "http://", "http://a b/", "http://a:x/", "http://[/"]
)
def test_what_is_not_a_url(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_url(url)


@given(st.text(), st.text(alphabet="aA&=%2F;utm_#? é+", max_size=30), st.sampled_from(["http", "HTTPS"]))
def test_canonical_url_is_idempotent(path: str, query: str, scheme: str) -> None:
    for host in ("Example.org", path or "x"):
        try:
            once = canonical_url(f"{scheme}://{host}/{path}?{query}")
        except ValueError:
            continue
        assert canonical_url(once) == once
