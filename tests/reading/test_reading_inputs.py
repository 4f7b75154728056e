"""Files and directories: what is read, in which order, and what each bad input is told."""

import io
import json
import os
import socket
import tempfile
import tracemalloc
from pathlib import Path

import pytest

from quotetrack.domain import Article, Rejected
from quotetrack.reading import MAX_BYTES, REASONS, Metadata, count_inputs, read_inputs
from tests.reading.conftest import NOW, PROSE, Read, page

BAD_FILES = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \r\n\t \n", "empty"),
    "mark-alone.txt": (b"\xef\xbb\xbf", "empty"),
    "nul.txt": (b"The mayor said\0 that it would open soon.", "binary"),
    "controls.txt": (b"\x01\x02\x03 The mayor said so on Tuesday.", "binary"),
    "report.txt": (b"%PDF-1.7 The mayor said so on Tuesday, twice.", "binary"),
    "latin.txt": ("Le maire a confirmé la nouvelle hier soir.".encode("latin-1"), "encoding"),
    "utf16-cut.txt": (b"\xff\xfe" + PROSE.encode("utf-16-le")[:-1], "encoding"),
    "utf16-bare.txt": (PROSE.encode("utf-16-le"), "binary"),
    "few.txt": (b"Sold out again.", "not_article"),
    "numbers.txt": (b"12 45 78 90 12 33 the a of 45 88 23 11 to 8 99 21 and 34 56 77 12", "not_article"),
    "object.txt": (b'{"body": "The mayor said that it would open soon."}', "not_article"),
    "big.txt": (b"word " * (MAX_BYTES // 5 + 1), "too_large"),
    "toml.md": (b"+++\ntitle = broken\n+++\n" + PROSE.encode(), "metadata"),
    "date.md": (b"---\ndate: last Tuesday\n---\n" + PROSE.encode(), "metadata"),
    "future.md": (b"---\ndate: 2026-03-03\n---\n" + PROSE.encode(), "future_date"),
    "front-only.md": (b"---\ntitle: Nothing but a title here, alas\n---\n", "empty"),
    "empty.html": (b"  ", "empty"),
    "menu.html": (page("<ul><li>Home</li><li>Login</li></ul>").encode(), "not_article"),
    "nul.html": (page().encode() + b"\0", "binary"),
    "nested.html": (page("<div>" * 50_000 + PROSE + "</div>" * 50_000).encode(), "html"),
    "empty.jsonl": (b"\n\n", "empty"),
    "list.jsonl": (b'["The mayor said that it would open soon."]\n', "json"),
    "broken.jsonl": (b'{"text": "The mayor said\n', "json"),
    "deep.jsonl": (b'{"text": ' + b"[" * 200_000 + b"\n", "json"),
    "textless.jsonl": (b'{"title": "No text"}\n', "empty"),
    "typed.jsonl": (b'{"text": 17}\n', "metadata"),
    "surrogate.jsonl": (json.dumps({"text": PROSE + "\ud800"}).encode() + b"\n", "encoding"),
    "utf16.jsonl": (json.dumps({"text": PROSE}).encode("utf-16"), "encoding"),
    "escaped-nul.jsonl": (json.dumps({"text": PROSE + "\0"}).encode() + b"\n", "binary"),
}


@pytest.mark.parametrize(("name", "content", "reason"), [(name, *case) for name, case in BAD_FILES.items()])
def test_each_bad_file_has_its_reason_and_one_line_of_advice(
    name: str, content: bytes, reason: str, tmp_path: Path, read: Read
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    [rejected] = read(path)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == reason
    assert rejected.reason in REASONS
    assert rejected.location.startswith(str(path))
    assert len(rejected.message.splitlines()) == 1
    assert any(mark in rejected.message for mark in ";:")  # What is wrong; what to do.
    assert count_inputs([str(path)]) == 1


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("nowhere.txt", "missing"),
        ("", "missing"),
        ("a\0b", "missing"),
        ("x" * 5000, "unreadable"),
        ("ftp://example.org/a.txt", "address"),
        ("http://", "address"),
        ("https://exa mple.org/", "address"),
    ],
)
def test_an_input_that_is_not_there(given: str, reason: str, read: Read) -> None:
    [rejected] = read(given)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == reason
    assert count_inputs([given]) == 1


def test_directories_pipes_and_permissions(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    [nothing] = read(tmp_path)
    assert nothing.reason == "nothing_found"  # type: ignore[union-attr]
    os.mkfifo(tmp_path / "pipe.txt")
    assert [result.reason for result in read(tmp_path, tmp_path / "pipe.txt")] == ["nothing_found", "unreadable"]  # type: ignore[union-attr]
    (tmp_path / "a.txt").write_text(PROSE)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("quotetrack.reading.files.read_capped", refuse)
    assert [result.reason for result in read(tmp_path)] == ["unreadable"]  # type: ignore[union-attr]


def test_devices_and_sockets_are_not_read(read: Read) -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        here = Path(folder)  # a socket's path is short
        listening.bind(str(here / "socket.txt"))
        (here / "zero.txt").symlink_to("/dev/zero")
        given = [here / "socket.txt", here / "zero.txt", "/dev/null", here]
        results = read(*given)
        assert [result.reason for result in results] == ["unreadable"] * 3  # type: ignore[union-attr]
        assert all("not a regular file" in result.message for result in results)  # type: ignore[union-attr]
        assert count_inputs(list(map(str, given))) == 3


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.text"])
def test_a_file_that_is_too_large_is_not_read_at_all(name: str, tmp_path: Path, read: Read) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    try:
        [rejected] = read(tmp_path / name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rejected.reason == "too_large"  # type: ignore[union-attr]
    assert peak < MAX_BYTES / 10


@pytest.mark.parametrize("pattern", ["../*", "../secret.txt", "/*", "*/../../*", "[", "**", "../**/*.txt"])
def test_a_pattern_never_leads_out_of_the_folder(pattern: str, tmp_path: Path, read: Read) -> None:
    (tmp_path / "secret.txt").write_text(PROSE)
    (tmp_path / "folder" / "a").mkdir(parents=True)
    (tmp_path / "folder" / "a" / "b.txt").write_text(PROSE)
    for result in read(tmp_path / "folder", include=(pattern,)):
        assert "secret" not in result.location
        assert getattr(result, "reason", "nothing_found") == "nothing_found"


def test_the_message_on_a_wrong_encoding_names_the_byte_and_the_option_mends_it(tmp_path: Path, read: Read) -> None:
    text = "Le maire a confirmé la nouvelle hier soir."
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))
    [rejected] = read(tmp_path)
    assert "byte 18" in rejected.message  # type: ignore[union-attr]
    assert "iconv" in rejected.message  # type: ignore[union-attr]
    [article] = read(tmp_path, encoding="cp1252")
    assert article.text == text  # type: ignore[union-attr]
    for nonsense in ("klingon", "base64", "idna", "a\0b"):
        [rejected] = read(tmp_path, encoding=nonsense)
        assert rejected.reason == "encoding"  # type: ignore[union-attr]


def test_a_batch_with_30_bad_of_100_gives_every_good_one(tmp_path: Path, read: Read) -> None:
    for name, (data, _) in BAD_FILES.items():
        (tmp_path / f"bad-{name}").write_bytes(data)
    good = {}
    for number in range(70):
        suffix = (".txt", ".md", ".html", ".jsonl", ".text")[number % 5]
        text = f"Number {number}: {PROSE}"
        content = {".html": page(), ".jsonl": json.dumps({"text": text, "id": f"good-{number}"}) + "\n"}.get(
            suffix, text
        )
        (tmp_path / f"good-{number}{suffix}").write_text(content)
        good[f"good-{number}"] = None if suffix == ".html" else text
    assert len(BAD_FILES) == 30
    results = read(tmp_path)
    articles = {result.name: result.text for result in results if isinstance(result, Article)}
    assert articles.keys() == good.keys()
    assert all(text in (None, articles[name]) for name, text in good.items())
    reasons = {
        os.path.basename(result.location).split(":")[0]: result.reason
        for result in results
        if isinstance(result, Rejected)
    }
    assert reasons == {f"bad-{name}": reason for name, (_, reason) in BAD_FILES.items()}
    assert count_inputs([str(tmp_path)]) == len(results) == 100


def test_a_directory_is_read_in_order_without_hidden_files_side_cars_and_other_kinds(
    tmp_path: Path, read: Read
) -> None:
    for name in (
        "b.txt",
        "a/z.MD",
        "a/b/c.text",
        ".hidden.txt",
        ".git/x.txt",
        "notes.log",
        "b.meta.json",
        "c/d.ndjson",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"text": PROSE}) if "json" in path.suffix else PROSE)
    order = ["a/b/c.text", "a/z.MD", "b.txt", "c/d.ndjson:1"]
    assert [os.path.relpath(result.location, tmp_path) for result in read(tmp_path)] == order

    def names(**globs: tuple[str, ...]) -> list[str]:
        assert count_inputs([str(tmp_path)], **globs) == len(read(tmp_path, **globs))
        return [os.path.relpath(result.location, tmp_path) for result in read(tmp_path, **globs)]

    assert names(include=("*.log",)) == ["notes.log"]
    assert names(include=("a/*",)) == ["a/b/c.text", "a/z.MD"]
    assert names(include=("*",), exclude=("*.LOG", "c/*")) == ["a/b/c.text", "a/z.MD", "b.txt"]
    assert names(exclude=("a", "c")) == ["b.txt"]


def test_nothing_is_read_twice_and_loops_end(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.txt").write_text(PROSE)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "again.txt").symlink_to(tmp_path / "a" / "one.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "outside").symlink_to("/root/nowhere/at/all")
    one, gone, itself = read(tmp_path, tmp_path / "a", tmp_path / "a" / "one.txt", "-", "-", stdin=io.BytesIO(b""))[:3]
    assert isinstance(one, Article)
    assert [gone.reason, itself.reason] == ["missing", "unreadable"]  # type: ignore[union-attr]
    assert len(read(tmp_path, tmp_path)) == 3


def test_deep_directories_are_no_trouble(tmp_path: Path, read: Read) -> None:
    path = tmp_path
    for _ in range(1500):
        path /= "d"
        path.mkdir()
    (path / "a.txt").write_text(PROSE)
    try:
        assert [result.name for result in read(tmp_path)] == ["a"]  # type: ignore[union-attr]
    finally:
        (path / "a.txt").unlink()
        while path != tmp_path:  # pytest's own clearing up recurses.
            path.rmdir()
            path = path.parent


def test_a_name_no_terminal_or_database_could_take_is_made_harmless(tmp_path: Path, read: Read) -> None:
    raw = os.fsencode(tmp_path) + b"/a\xff\n\x1b[31m.b.txt"
    with open(raw, "w") as file:
        file.write(PROSE)
    [article] = read(tmp_path)
    assert isinstance(article, Article)
    assert article.name == "a\ufffd \ufffd[31m.b"
    article.location.encode()


def test_a_file_named_outright_is_read_whatever_its_suffix(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.story").write_text(PROSE)
    (tmp_path / "saved").write_text(page())
    text, html = read(tmp_path / "a.story", tmp_path / "saved")
    assert text.text == PROSE  # type: ignore[union-attr]
    assert html.title == "The bridge"  # type: ignore[union-attr]
    (tmp_path / "a.meta.toml").write_text("outlet = 'X'")
    [rejected] = read(tmp_path / "a.meta.toml")
    assert rejected.reason == "not_article"  # type: ignore[union-attr]


def test_reading_is_lazy(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(PROSE)
    results = read_inputs([str(tmp_path)], defaults=Metadata(), now=NOW)
    next(results)
    (tmp_path / "b.txt").write_text("")
    assert next(results).reason == "empty"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (PROSE.encode(), ["stdin"]),
        (b"\n\n" + PROSE.encode(), ["stdin"]),
        (page().encode(), ["stdin"]),
        (
            b"\n" + json.dumps({"text": PROSE}).encode() + b"\n\n" + json.dumps({"text": PROSE, "id": 7}).encode(),
            ["stdin:2", "7"],
        ),
        (b'\xef\xbb\xbf{"text": broken\n' + json.dumps({"text": PROSE}).encode(), ["json", "stdin:2"]),
        (b"", ["empty"]),
        (b"word " * (MAX_BYTES // 5 + 1), ["too_large"]),
        (
            b'{"text": "' + b"word " * (MAX_BYTES // 5 + 1) + b'"}\n' + json.dumps({"text": PROSE}).encode(),
            ["too_large", "stdin:2"],
        ),
    ],
)
def test_standard_input(data: bytes, names: list[str], read: Read) -> None:
    results = read("-", stdin=io.BytesIO(data))
    assert [result.name if isinstance(result, Article) else result.reason for result in results] == names
    assert count_inputs(["-"]) is None
