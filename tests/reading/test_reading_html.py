"""Web pages from files: text, metadata, charsets, and pages made to harm."""

import time
from pathlib import Path

import pytest

from quotetrack.domain import Article, Rejected
from tests.reading.conftest import PARAGRAPHS, Read, page

HEAD = """<title>The bridge | Daily Example</title><meta name="author" content="Ann Lee">
<meta property="og:site_name" content="Daily Example"><meta property="og:title" content="The bridge">
<meta property="article:published_time" content="2026-02-03T10:11:12+02:00">
<link rel="canonical" href="https://daily.example/2026/bridge?utm_source=feed">"""


def test_text_and_metadata_of_a_page(tmp_path: Path, read: Read) -> None:
    body = f"<nav><a href='/'>Home</a></nav>{PARAGRAPHS}<table><tr><td>Table</td></tr></table><script>x()</script>"
    (tmp_path / "a.html").write_text(page(body, HEAD))
    [article] = read(tmp_path)
    assert isinstance(article, Article)
    assert article.text.startswith("Speaker number 0 said on Tuesday")
    assert len(article.text.splitlines()) == 5
    assert (article.name, article.title, article.author, article.outlet) == (
        "a",
        "The bridge",
        "Ann Lee",
        "Daily Example",
    )
    assert article.url == "https://daily.example/2026/bridge"
    assert article.published is not None
    assert article.published.isoformat() == "2026-02-03T10:11:12+02:00"


def test_long_articles_are_not_cut(tmp_path: Path, read: Read) -> None:
    lines = [f"Speaker {number} said that the bridge would open in May." for number in range(1500)]
    (tmp_path / "a.html").write_text(page("".join(f"<p>{line}</p>" for line in lines)))
    [article] = read(tmp_path)
    assert article.text.splitlines() == lines  # type: ignore[union-attr]


def test_a_front_page_as_canonical_is_not_an_identity(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.html").write_text(page(head='<link rel="canonical" href="https://daily.example/">'))
    assert read(tmp_path)[0].url is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
        ('<meta charset="windows-1251">', "utf-8"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
        ("", "cp1252"),
    ],
)
def test_charsets(head: str, codec: str, tmp_path: Path, read: Read) -> None:
    quote = "“Café owners are naïve,” the mayor said."
    (tmp_path / "a.html").write_bytes(page(f"<p>{quote}</p>{PARAGRAPHS}", head).encode(codec))
    [article] = read(tmp_path)
    assert isinstance(article, Article)
    assert quote in article.text


def test_xhtml_with_a_declaration(tmp_path: Path, read: Read) -> None:
    source = f'<?xml version="1.0" encoding="iso-8859-1"?>\n{page("<p>The café will stay, she said.</p>" + PARAGRAPHS)}'
    (tmp_path / "a.xhtml").write_bytes(source.encode("latin-1"))
    assert "café" in read(tmp_path)[0].text  # type: ignore[union-attr]


def test_a_few_broken_bytes_do_not_change_the_rest(tmp_path: Path, read: Read) -> None:
    data = page(f"<p>“Now,” she said.</p>{PARAGRAPHS}", '<meta charset="utf-8">').encode()
    (tmp_path / "a.html").write_bytes(data.replace(b"she", b"s\xffhe", 1))
    assert "“Now,” s\ufffdhe said." in read(tmp_path)[0].text  # type: ignore[union-attr]


BOMBS = {
    "attributes of one element": page("<p " + " ".join(f"a{n}" for n in range(100_000)) + ">x</p>" + PARAGRAPHS),
    "attributes of many": page(("<b " + " ".join(f"a{n}" for n in range(190)) + ">x</b>") * 8_000 + PARAGRAPHS),
    "attributes without an end": page(PARAGRAPHS + "<p " + " ".join(f"a{n}" for n in range(100_000))),
    "elements beside one another": page("<p>The mayor said so.</p>" * 400_000),
    "elements on a line": page("<b>x</b>" * 1_000_000 + PARAGRAPHS),
    "elements in one another": page("<i>" * 40_000 + PARAGRAPHS),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_page_that_would_take_hours_is_refused_at_once(bomb: str, tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.html").write_text(BOMBS[bomb])
    (tmp_path / "b.html").write_text(page())
    started = time.process_time()
    rejected, article = read(tmp_path)
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.message.partition(";")[2][:25]) == ("html", " save the article as text")
    assert isinstance(article, Article)
    assert time.process_time() - started < 5


BILLION_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def test_entities_of_the_pages_own_are_not_unfolded(tmp_path: Path, read: Read) -> None:
    laughs = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "ha">{BILLION_LAUGHS}]>'
    outside = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l11 SYSTEM "file:///etc/passwd">]>'
    for name, head in (("a.xhtml", laughs), ("b.xhtml", outside)):
        body = f"<p>The mayor said &l11; on Tuesday.</p>{PARAGRAPHS}"
        (tmp_path / name).write_text(head + page(body).removeprefix("<!DOCTYPE html>"))
    started = time.process_time()
    for article in read(tmp_path):
        assert isinstance(article, Article)
        assert len(article.text) < 2_000
        assert "root:" not in article.text
    assert time.process_time() - started < 5


def test_whatever_the_parsers_raise_is_a_rejection(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    (tmp_path / "a.html").write_text(page())
    [rejected] = read(tmp_path)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "html"


def test_libraries_say_nothing(tmp_path: Path, read: Read, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_bytes(b"not a page")
    (tmp_path / "b.html").write_bytes(b"<\x80")
    (tmp_path / "c.html").write_bytes(b"\x80\x81 in no encoding of ours")
    assert [result.reason for result in read(tmp_path)] == ["not_article", "not_article", "encoding"]  # type: ignore[union-attr]
    assert capfd.readouterr() == ("", "")
