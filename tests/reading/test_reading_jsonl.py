"""JSON Lines: an article a line, whatever its neighbours are like, and never more than a line in memory."""

import json
import tracemalloc
from pathlib import Path

from quotetrack.domain import Article, Rejected
from quotetrack.reading import MAX_BYTES, Metadata, count_inputs
from tests.reading.conftest import PROSE, Read


def line(**record: object) -> bytes:
    return json.dumps({"text": PROSE, **record}).encode() + b"\n"


def test_every_field_and_the_names(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "wire.jsonl"
    full = line(
        id="a1",
        url="HTTP://x.example/?utm_source=1",
        title="T",
        outlet="O",
        author="A",
        published="2026-02-03",
        more=[1],
    )
    path.write_bytes(b"\xef\xbb\xbf" + full + b"\r\n" + line(title=None, author="  "))
    first, second = read(path)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.name, first.given_id, first.url, first.title) == ("a1", "a1", "http://x.example/", "T")
    assert (first.outlet, first.author, first.published.isoformat()) == ("O", "A", "2026-02-03T00:00:00+00:00")  # type: ignore[union-attr]
    assert (second.name, second.given_id, second.title, second.author) == ("wire:3", None, None, None)
    assert second.location == f"{path}:3"
    assert second.text == PROSE


def test_one_bad_line_never_stops_the_rest(tmp_path: Path, read: Read) -> None:
    bad = {
        b"{broken\n": "json",
        b"17\n": "json",
        b"9" * 5000 + b"\n": "json",
        b'{"text": ""}\n': "empty",
        b'{"text": null}\n': "empty",
        b'{"text": ["a"]}\n': "metadata",
        b"\xff\xfe{}\n": "encoding",
        line(published="soon"): "metadata",
        line(published=3): "metadata",
        line(title=["a"]): "metadata",
        line(id=True): "metadata",
        line(url="nowhere"): "metadata",
        line(published="2027-01-01"): "future_date",
        line(text="Too short."): "not_article",
        line(title="\udc00"): "metadata",
    }
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(id="0") + b"".join(text + line(id=str(number)) for number, text in enumerate(bad, 1)))
    results = read(path)
    assert [result.name for result in results if isinstance(result, Article)] == [str(n) for n in range(len(bad) + 1)]
    rejected = [result for result in results if isinstance(result, Rejected)]
    assert [result.reason for result in rejected] == list(bad.values())
    assert [result.location for result in rejected] == [f"{path}:{2 * number}" for number in range(1, len(bad) + 1)]
    assert count_inputs([str(path)]) == len(results)


def test_a_side_car_speaks_for_the_file_and_a_line_for_itself(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(outlet="line") + line())
    (tmp_path / "a.meta.json").write_text('{"outlet": "file", "author": "file", "url": "http://x.example/", "id": 1}')
    first, second = read(tmp_path)
    assert [(a.outlet, a.author, a.url, a.given_id) for a in (first, second)] == [  # type: ignore[union-attr]
        ("line", "file", None, None),
        ("file", "file", None, None),
    ]
    assert {a.outlet for a in read(tmp_path, defaults=Metadata(outlet="option"))} == {"option"}  # type: ignore[union-attr]


def test_an_overlong_line_is_never_in_memory_whole(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(line() + b'{"text": "')
        for _ in range(6):
            file.write(b"x" * MAX_BYTES)
        file.write(b'"}\n' + line())
    tracemalloc.start()
    try:
        results = read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [getattr(result, "reason", "good") for result in results] == ["good", "too_large", "good"]
    assert peak < 4 * MAX_BYTES
    assert count_inputs([str(path)]) == 3
