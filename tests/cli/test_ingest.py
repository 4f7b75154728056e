"""Reading, analysing and storing: what is good gets in once, what is bad is named, and nothing is lost on the way."""

import io
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from quotetrack import flow
from quotetrack.domain import Article
from quotetrack.errors import ExitCode
from quotetrack.store.check import check
from quotetrack.store.queries import Filter
from tests.cli.conftest import Run
from tests.cli.ingesting import PROSE, ROOT, SEEDS, texts, write
from tests.store.build import dump, everything, opened, raw

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


def test_batches_keep_every_article_in_its_order() -> None:
    articles = [Article("word " * (number * 700 % 9000 + 1), str(number)) for number in range(150)]
    groups = list(flow.batches(articles))
    assert [article for group in groups for article in group] == articles
    assert all(0 < len(group) <= flow.BATCH_ARTICLES for group in groups)
    assert list(flow.batches([])) == []


# Being stopped.

SLOW = """
import sys, time
import quotetrack.annotation.pipeline as pipeline
from quotetrack import flow
from tests.cli.ingesting import Fake

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
