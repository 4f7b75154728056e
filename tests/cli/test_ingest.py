"""Reading, analysing and storing: what is good gets in once, what is bad is named, and nothing is lost on the way."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from quotetrack import flow
from quotetrack.domain import AnnotatedText, Article
from quotetrack.errors import ExitCode
from quotetrack.reading import MAX_BYTES
from quotetrack.store.check import check
from quotetrack.store.queries import Filter
from tests.cli.conftest import Run
from tests.store.build import dump, everything, opened, raw

if TYPE_CHECKING:
    from quotetrack.annotation.pipeline import Annotator

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "articles"
PROSE = (
    "“The bridge will open in May,” Mayor Anna Smith told reporters on Tuesday. She said that the city had the money."
)


class Fake:
    """Stands in for the models: finds no words in any text, and breaks on some."""

    def __init__(self, *_: object, **__: object) -> None:
        self.seconds: dict[str, float] = {}

    def annotate(self, texts: Sequence[str]) -> list[AnnotatedText]:
        if any("BOOM" in text for text in texts):
            raise RuntimeError("the sentence\nis too odd")
        return [AnnotatedText(text, ()) for text in texts]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    monkeypatch.setattr("quotetrack.annotation.pipeline.Annotator", Fake)


@pytest.fixture
def loaded(annotator: "Annotator", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotetrack.annotation.pipeline.Annotator", lambda *_, **__: annotator)


def write(folder: Path, count: int, text: str = PROSE) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"a{number:03}.txt").write_text(f"{text} It is report number {number}.\n", "utf-8")
    return folder


def texts(database: Path) -> set[str]:
    with raw(database) as connection:
        return {text for (text,) in connection.execute("select text from article")}


def without_times(database: Path) -> list[str]:
    """All rows, but for when they were made and the run that made them."""
    with raw(database) as connection:
        connection.execute("update article set fetched = 0")
        connection.execute("update attribution set dated = 0")
        connection.execute("update source set created = 0")
        connection.execute("delete from run")
    # the migrations write a table's constraints in an order of chance
    return [line for line in dump(database) if not line.startswith("CREATE TABLE")]


# Storing.


@pytest.mark.usefixtures("fake")
class TestStoring:
    def test_a_first_ingest_makes_the_database_with_the_catalogue(self, run: Run, home: Path) -> None:
        (home / "news.sqlite").unlink()
        result = run("ingest", write(home / "articles", 3), "--outlet", "Eastern Desk", "--json")
        assert (result.code, result.err) == (0, "")
        assert result.json["articles"] == {"new": 3, "new_version": 0, "unchanged": 0, "skipped": 0}
        assert (result.json["interrupted"], result.json["dry_run"], result.json["skipped"]) == (False, False, [])
        assert run("sources", "show", "KCNA").code == 0
        assert run("db", "check").code == 0
        assert len(texts(home / "news.sqlite")) == 3

    def test_the_second_time_everything_is_unchanged(self, run: Run, home: Path) -> None:
        articles = write(home / "articles", 3)
        run("ingest", articles)
        before = dump(home / "news.sqlite")
        result = run("ingest", articles, "--json")
        assert result.json["articles"] == {"new": 0, "new_version": 0, "unchanged": 3, "skipped": 0}
        assert dump(home / "news.sqlite") == before

    def test_the_same_article_twice_in_one_run_is_stored_once(self, run: Run, home: Path) -> None:
        for name in ("one.txt", "two.txt"):
            (home / name).write_text(PROSE)
        result = run("ingest", home / "one.txt", home / "two.txt", "--json")
        assert (result.json["articles"]["new"], result.json["articles"]["unchanged"]) == (1, 1)
        assert result.json["words"] == len(PROSE.split())  # And analysed once.

    def test_another_text_under_the_same_url_is_a_new_version(self, run: Run, home: Path) -> None:
        (home / "bridge.txt").write_text(PROSE)
        (home / "bridge.meta.toml").write_text('url = "https://example.org/bridge"\ntitle = "Bridge"')
        run("ingest", home / "bridge.txt")
        (home / "bridge.txt").write_text(PROSE + " Nobody asked her why.")
        result = run("ingest", home / "bridge.txt", "--json")
        assert result.json["articles"] == {"new": 0, "new_version": 1, "unchanged": 0, "skipped": 0}
        with raw(home / "news.sqlite") as connection:
            rows = connection.execute("select version, is_current, title from article").fetchall()
        assert rows == [(1, 0, "Bridge"), (2, 1, "Bridge")]

    def test_a_dry_run_stores_nothing(self, run: Run, home: Path) -> None:
        run("ingest", write(home / "articles", 2))
        before = dump(home / "news.sqlite")
        result = run("ingest", write(home / "articles", 4), "--dry-run", "--json")
        assert (result.code, result.json["dry_run"]) == (0, True)
        assert (result.json["articles"]["new"], result.json["articles"]["unchanged"]) == (2, 2)
        assert dump(home / "news.sqlite") == before
        assert "would be stored" in run("ingest", home / "articles", "--dry-run").err

    def test_a_sentence_on_standard_error_and_nothing_on_standard_output(self, run: Run, home: Path) -> None:
        (home / "bad.txt").touch()
        result = run("ingest", write(home / "articles", 2), home / "bad.txt")
        assert (result.code, result.out) == (ExitCode.SKIPPED, "")
        assert "Articles: 2 new, 1 skipped. 0 attributions stored" in result.err

    def test_a_run_is_recorded_with_its_models_and_summary(self, run: Run, home: Path) -> None:
        summary = run("ingest", write(home / "articles", 2), "--json").json
        with raw(home / "news.sqlite") as connection:
            [(finished, models, stored)] = connection.execute("select finished, models, summary from run").fetchall()
        assert finished
        assert "attribution/quotetrack" in json.loads(models)
        assert {**json.loads(stored), "dry_run": False} == summary

    def test_standard_input(self, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = io.TextIOWrapper(io.BytesIO(PROSE.encode()), "utf-8")
        monkeypatch.setattr("sys.stdin", stream)
        assert run("ingest", "-", "--json").json["articles"]["new"] == 1
        assert texts(home / "news.sqlite") == {PROSE}


# Bad inputs.


def line(**record: object) -> bytes:
    return json.dumps({"text": PROSE, **record}).encode() + b"\n"


BAD: dict[str, tuple[bytes | None, str, str]] = {
    "missing.txt": (None, "missing", ""),
    "empty.txt": (b"", "empty", ""),
    "blank.txt": (b" \n\t\n", "empty", ""),
    "binary.txt": (b"\x00\x01\x02" * 50, "binary", ""),
    "pdf.txt": (b"%PDF-1.7 The mayor said so on Tuesday, twice.", "binary", ""),
    "latin.txt": ("Le maire a confirmé la nouvelle hier soir.".encode("latin-1"), "encoding", ""),
    "few.txt": (b"Sold out again.", "not_article", ""),
    "big.txt": (b"word " * (MAX_BYTES // 5 + 1), "too_large", ""),
    "future.md": (b"---\ndate: 2999-01-01\n---\n" + PROSE.encode(), "future_date", ""),
    "side.txt": (PROSE.encode(), "metadata", ""),
    "lines.jsonl": (line(id=1) + b'{"text": "The mayor said\n' + line(id=3, text=PROSE + " Yes."), "json", ":2"),
    "menu.html": (b"<html><body><ul><li>Home</li><li>Login</li></ul></body></html>", "not_article", ""),
}


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(("name", "content", "reason", "where"), [(name, *case) for name, case in BAD.items()], ids=BAD)
def test_each_bad_input_is_named_with_its_reason_and_the_good_ones_are_stored(
    name: str, content: bytes | None, reason: str, where: str, run: Run, home: Path
) -> None:
    if content is not None:
        (home / name).write_bytes(content)
    (home / "side.meta.toml").write_text("outlet = ")
    (home / "good.txt").write_text(PROSE + " It is good.")
    (home / "also.txt").write_text(PROSE + " So is this.")
    result = run("ingest", home / "good.txt", home / name, home / "also.txt")
    assert (result.code, result.out) == (ExitCode.SKIPPED, "")
    skipped = [told for told in result.err.splitlines() if told.startswith("skipped ")]
    assert len(skipped) == 1
    assert skipped[0].startswith(f"skipped {home / name}{where}: ")
    assert skipped[0].endswith(f" [{reason}]")
    assert {PROSE + " It is good.", PROSE + " So is this."} <= texts(home / "news.sqlite")
    extracted = run("extract", home / "good.txt", home / name, home / "also.txt")
    assert extracted.code == ExitCode.SKIPPED
    assert skipped[0] in extracted.err
    ids = [json.loads(found)["id"] for found in extracted.out.splitlines()]
    assert (ids[0], ids[-1]) == ("good", "also")
    assert len(ids) == (4 if where else 2)


@pytest.mark.usefixtures("fake")
def test_of_a_hundred_files_the_thirty_bad_ones_cost_no_good_one(run: Run, home: Path) -> None:
    folder = write(home / "mixed", 100)
    faults = [b"", b"\x00\x01" * 99, b"Sold out again.", "Le maire a confirmé".encode("latin-1") * 9]
    bad = [f"a{number:03}.txt" for number in range(0, 90, 3)]
    for index, name in enumerate(bad):
        (folder / name).write_bytes(faults[index % len(faults)])
    good = {path.read_text() for path in folder.iterdir() if path.name not in bad}
    result = run("ingest", folder, "--json")
    assert result.code == ExitCode.SKIPPED
    assert result.json["articles"] == {"new": 70, "new_version": 0, "unchanged": 0, "skipped": 30}
    assert sorted(Path(skipped["location"]).name for skipped in result.json["skipped"]) == bad
    assert texts(home / "news.sqlite") == good
    assert run("db", "check").code == 0


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_text_the_models_break_on_is_skipped_and_its_batch_is_not_lost(place: int, run: Run, home: Path) -> None:
    folder = write(home / "articles", 5)
    odd = folder / f"a{place:03}.txt"
    odd.write_text(PROSE + " BOOM.")
    result = run("ingest", folder)
    assert result.code == ExitCode.SKIPPED
    assert result.err.splitlines()[0] == (
        f"skipped {odd}: the models fail on it (RuntimeError: the sentence is too odd) [annotation]"
    )
    assert len(texts(home / "news.sqlite")) == 4
    extracted = run("extract", folder)
    assert extracted.code == ExitCode.SKIPPED
    assert [json.loads(found)["id"] for found in extracted.out.splitlines()] == [
        f"a{number:03}" for number in range(5) if number != place
    ]


@pytest.mark.usefixtures("fake")
def test_a_text_that_attribution_breaks_on_is_skipped_too(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attribute(annotated: AnnotatedText, *_: object) -> tuple[()]:
        if "number 2." in annotated.text:
            raise IndexError("list index out of range")
        return ()

    monkeypatch.setattr("quotetrack.attribution.attribute", attribute)
    result = run("ingest", write(home / "articles", 5))
    assert result.code == ExitCode.SKIPPED
    assert "a002.txt: the models fail on it (IndexError: list index out of range) [annotation]" in result.err
    assert len(texts(home / "news.sqlite")) == 4


def test_batches_keep_every_article_in_its_order() -> None:
    articles = [Article("word " * (number * 700 % 9000 + 1), str(number)) for number in range(150)]
    groups = list(flow.batches(articles))
    assert [article for group in groups for article in group] == articles
    assert all(0 < len(group) <= flow.BATCH_ARTICLES for group in groups)
    assert list(flow.batches([])) == []


@pytest.mark.parametrize(
    ("asked", "expected", "due"), [(3, 1, 3), (0, None, 1), (0, 0, 1), (0, 7, 1), (0, 16, 2), (0, 10_000, 4)]
)
def test_workers_are_as_many_as_asked_for_or_pay_off(
    asked: int, expected: int | None, due: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert flow.choose_workers(asked, expected) == due


def die(_: object) -> None:
    os._exit(9)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("command", ["ingest", "extract"])
def test_a_worker_that_dies_is_one_line_and_what_was_stored_stays(
    command: str, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "ProcessPoolExecutor", lambda count, context, *_: ProcessPoolExecutor(count, context))
    monkeypatch.setattr(flow, "_is_ready", os.getpid)
    monkeypatch.setattr(flow, "_analyse_in_worker", die)
    result = run(command, write(home / "articles", 2), "--workers", 2)
    assert (result.code, result.out) == (ExitCode.ERROR, "")
    assert result.err.startswith("quotetrack: A worker process")
    assert "--workers" in result.err


# Being stopped.

SLOW = """
import sys, time
import quotetrack.annotation.pipeline as pipeline
from quotetrack import flow
from tests.cli.test_ingest import Fake

class Slow(Fake):
    def annotate(self, texts):
        time.sleep(0.6)
        return super().annotate(texts)

pipeline.Annotator, flow.BATCH_ARTICLES = Slow, 5
from quotetrack.cli import main
main(sys.argv[1:])
"""


def stopped(words: list[str], database: Path, *signals: signal.Signals, after: int = 1) -> tuple[int, str]:
    """Start quotetrack, send signals once some articles are stored, and give its exit code and standard error."""
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while _stored(database) < after:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    for number in signals:
        time.sleep(0.1)
        process.send_signal(number)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def _stored(database: Path) -> int:
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("select count(*) from article").fetchone()[0])
        except sqlite3.OperationalError:  # It is being made.
            return 0


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("signals", "code", "message"),
    [
        ((signal.SIGINT,), 130, "Stopped early."),
        ((signal.SIGTERM,), 130, "Stopped early."),
        ((signal.SIGINT, signal.SIGINT), 130, "Stopped.\n"),
        ((signal.SIGKILL,), -9, ""),
    ],
    ids=["ctrl-c", "terminated", "ctrl-c twice", "killed"],
)
def test_whatever_stops_it_what_was_stored_is_whole_and_a_second_run_completes_it(
    signals: tuple[signal.Signals, ...], code: int, message: str, run: Run, home: Path
) -> None:
    folder, database = write(home / "articles", 40), home / "news.sqlite"
    words = [sys.executable, "-c", SLOW, "ingest", str(folder), "--database", str(database)]
    ended, said = stopped(words, database, *signals, after=5)  # That is one batch: it is at the second now.
    assert ended == code
    assert message in said
    assert "Traceback" not in said
    assert 0 < len(texts(database)) < 40
    with opened(database) as engine:
        assert check(engine) == []
    stored = len(texts(database))
    result = run("ingest", folder, "--json")
    assert (result.json["articles"]["new"], result.json["articles"]["unchanged"]) == (40 - stored, stored)
    assert len(texts(database)) == 40


@pytest.mark.models
def test_ctrl_c_with_the_models_at_work(run: Run, loaded: None, home: Path) -> None:
    folder, database = write(home / "articles", 100), home / "news.sqlite"
    words = [sys.executable, "-m", "quotetrack", "ingest", str(folder), "--database", str(database)]
    code, said = stopped(words, database, signal.SIGINT)
    assert code == ExitCode.INTERRUPTED
    assert said.splitlines()[0].startswith("Stopping after the articles in hand")
    stored = len(texts(database))
    assert 0 < stored < 100
    with opened(database) as engine:
        assert check(engine) == []
        assert len({row.article_id for row in everything(engine)}) == stored  # Each with what was said in it.
    result = run("ingest", folder, "--json")
    assert (result.code, result.json["articles"]["unchanged"]) == (0, stored)
    assert len(texts(database)) == 100


# With the models.


@pytest.mark.models
@pytest.mark.usefixtures("loaded")
def test_the_sample_articles_are_stored_with_what_is_said_in_them(run: Run, home: Path) -> None:
    count = len([path for path in SEEDS.iterdir() if ".meta." not in path.name])
    first = run("ingest", SEEDS, "--json")
    assert (first.code, first.err) == (0, "")
    assert first.json["articles"]["new"] == count
    assert first.json["attributions"] > 10 * count
    assert run("db", "check").code == 0
    with opened(home / "news.sqlite") as engine:
        said = everything(engine, Filter(speaker="Andriy Lysko"))
    assert any("We have watched the video frame by frame" in row.content for row in said)
    before = dump(home / "news.sqlite")
    again = run("ingest", SEEDS, "--json")
    assert (again.json["articles"]["unchanged"], again.json["attributions"]) == (count, 0)
    assert dump(home / "news.sqlite") == before


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.usefixtures("loaded")
def test_two_workers_store_the_same_as_one(run: Run, home: Path) -> None:
    assert run("ingest", SEEDS, "--workers", 1, "--database", home / "one.sqlite").code == 0
    assert run("ingest", SEEDS, "--workers", 2, "--database", home / "two.sqlite").code == 0
    assert without_times(home / "two.sqlite") == without_times(home / "one.sqlite")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


Offset = Annotated[int, Field(ge=0)]
Pair = Annotated[list[Offset], Field(min_length=2, max_length=2)]
Class = Literal[
    "person", "official", "institution", "media", "collective", "unnamed", "unnamed_group", "document", "agentless"
]


class Speaker(Strict):
    name: Annotated[str, Field(min_length=1)]
    source_class: Annotated[Class, Field(alias="class")]


class Link(Speaker):
    role: Literal["channel", "speaker"]
    span: Pair | None
    speaks_for: str | None


class Found(Strict):
    content: Annotated[list[Pair], Field(min_length=1)]
    cue: list[Pair]
    source: list[Pair]
    kind: Literal["direct", "mixed", "indirect", "reported"]
    polarity: Literal["asserted", "negated", "question"]
    speaker: Speaker | None
    chain: list[Link]
    parent: Offset | None
    confidence: Annotated[float, Field(ge=0, le=1)]


class Line(Strict):
    format: Literal[1]
    id: Annotated[str, Field(min_length=1)]
    default_channels: list[Link]
    attributions: list[Found]


def lines(printed: str, read: Callable[[str], str | None]) -> dict[str, Line]:
    """The printed lines by id, each checked against the format that `--help` documents."""
    found = {}
    for text in printed.splitlines():
        record = Line.model_validate_json(text)
        assert record.id not in found
        found[record.id] = record
        article = read(record.id)
        for index, attribution in enumerate(record.attributions):
            assert attribution.parent is None or attribution.parent < len(record.attributions)
            assert attribution.parent != index
            roles = [hop.role for hop in attribution.chain]
            assert roles in (["channel"] * len(roles), ["channel"] * (len(roles) - 1) + ["speaker"])
            last = attribution.chain[-1] if "speaker" in roles else None
            assert (attribution.speaker and attribution.speaker.name) == (last and last.name)
            for spans in (attribution.content, attribution.cue, attribution.source):
                edges = [edge for span in spans for edge in span]
                assert edges == sorted(edges)
            every = attribution.content + attribution.cue + attribution.source
            for start, end in every + [hop.span for hop in attribution.chain if hop.span]:
                assert start < end
                if article is not None:
                    assert end <= len(article)
                    assert article[start:end] == article[start:end].strip()
    return found


@pytest.mark.models
@pytest.mark.usefixtures("loaded")
def test_extract_prints_what_its_help_says(run: Run, home: Path) -> None:
    def read(name: str) -> str | None:
        paths = [path for suffix in (".txt", ".md") if (path := SEEDS / f"{name}{suffix}").exists()]
        return paths[0].read_bytes().decode() if paths else None

    result = run("extract", SEEDS)
    assert (result.code, result.err) == (0, "")
    found = lines(result.out, read)
    assert set(found) == {path.stem for path in SEEDS.iterdir() if ".meta." not in path.name}
    assert all(len(record.attributions) > 5 for record in found.values())
    assert list(home.iterdir()) == []  # No database, and nothing else.


VARIANTS = {
    "plain": "{}\n\n{}\n",
    "crlf.in.name": "{}\r\n\r\n{}\r\n",
    "far-planes": "🚢🚢 𝔸𝔹 — e\u0301.\n\n{}\n\n{}\n",
    "marked": "\ufeff{}\n\n{}\n",
}
SECOND = "“We don’t know why,” Admiral Karl Brandt added. Two ships were lost, he said."


@pytest.mark.models
@pytest.mark.usefixtures("loaded")
def test_offsets_slice_the_decoded_file_whatever_its_line_ends_and_planes(run: Run, home: Path) -> None:
    for name, form in VARIANTS.items():
        (home / f"{name}.txt").write_bytes(form.format(PROSE, SECOND).encode())
    files = [home / f"{name}.txt" for name in VARIANTS]
    result = run("extract", *files)
    assert (result.code, result.err) == (0, "")
    found = lines(result.out, lambda name: (home / f"{name}.txt").read_bytes().decode("utf-8-sig"))
    assert list(found) == list(VARIANTS)
    slices = {}
    for name, record in found.items():
        text = (home / f"{name}.txt").read_bytes().decode("utf-8-sig")
        slices[name] = [
            ([text[a:b] for a, b in one.content], [text[a:b] for a, b in one.cue], one.speaker and one.speaker.name)
            for one in record.attributions
        ]
        assert (["“The bridge will open in May,”"], ["told"], "Anna Smith") in slices[name] or (
            ["The bridge will open in May"], ["told"], "Anna Smith"
        ) in slices[name]  # fmt: skip
        assert any(who == "Karl Brandt" and "know why" in content[0] for content, _, who in slices[name])
    assert slices["crlf.in.name"] == slices["plain"] == slices["marked"]


@pytest.mark.usefixtures("fake")
def test_extract_names_articles_by_file_line_or_given_id(run: Run, home: Path) -> None:
    (home / "lines.jsonl").write_bytes(line(id="given") + line(text=PROSE + " Yes."))
    (home / "no-suffix").write_text(PROSE)
    (home / "two.dots.txt").write_text(PROSE)
    result = run("extract", home / "lines.jsonl", home / "no-suffix", home / "two.dots.txt")
    assert (result.code, result.err) == (0, "")
    assert [Line.model_validate_json(text).id for text in result.out.splitlines()] == [
        "given", "lines:2", "no-suffix", "two.dots"
    ]  # fmt: skip
