"""Ingesting with worker processes: whatever dies, what can be stored is stored, once and the same."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from quotetrack.errors import ExitCode
from quotetrack.store.check import check
from tests.cli.conftest import Run
from tests.cli.ingesting import PROSE, ROOT, SEEDS, texts, without_times, write
from tests.store.build import opened
from tests.workers.standing_in import DOOMED, NAP, load

STANDING_IN = "tests.workers.standing_in"


def start(*words: object, module: str = STANDING_IN, by: Sequence[str] = ("--workers", "2")) -> "subprocess.Popen[str]":
    """Start quotetrack in a process of its own, with two workers."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, words), *by],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]", given: str | None = None) -> tuple[int, str, list[str]]:
    """Its exit code, standard output and the lines of its standard error."""
    out, err = process.communicate(given, timeout=300)
    assert "Traceback" not in err
    return process.returncode, out, err.splitlines()


def workers(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    with suppress(psutil.Error):
        found: list[psutil.Process] = psutil.Process(process.pid).children()
        return found
    return []


def wait_for(database: Path, process: "subprocess.Popen[str]", stored: int) -> None:
    while process.poll() is None and count(database) < stored:
        time.sleep(0.05)


def count(database: Path) -> int:
    with suppress(Exception):
        return len(texts(database))
    return 0


@pytest.fixture
def folder(home: Path, database: Path) -> Path:
    """Twenty-three articles; the eighth and the fifteenth are the end of who reads them."""
    folder = write(home / "articles", 23)
    (folder / "a007.txt").write_text(PROSE + " KILL.")
    (folder / "a014.txt").write_text(PROSE + " SEGV.")
    return folder


KILLED = "the worker process analysing it died (signal 9: killed, perhaps for want of memory)"
CRASHED = "the worker process analysing it died (signal 11: segmentation fault)"


def test_the_articles_that_kill_are_skipped_by_name_and_the_rest_is_as_without_them(
    folder: Path, home: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = ended(start("ingest", folder))
    assert (code, out) == (ExitCode.SKIPPED, "")
    assert [line for line in err if line.startswith("skipped")] == [
        f"skipped {folder}/a007.txt: {KILLED} [worker_died]",
        f"skipped {folder}/a014.txt: {CRASHED} [worker_died]",
    ]
    assert len([line for line in err if line.startswith("A worker process died (signal")]) == 6
    assert err[-1].startswith("Articles: 21 new, 2 skipped.")
    for name in ("a007.txt", "a014.txt"):
        (folder / name).unlink()
    monkeypatch.setattr("quotetrack.flow.load", load)
    assert run("ingest", folder, "--database", home / "calm.sqlite").code == 0
    assert without_times(home / "news.sqlite") == without_times(home / "calm.sqlite")


def test_a_dry_run_from_standard_input_told_as_json(home: Path, database: Path) -> None:
    lines = [json.dumps({"text": f"{PROSE} {word}."}) for word in ("One", "KILL", "Three")]
    code, out, err = ended(start("ingest", "-", "--dry-run", "--json"), "\n".join(lines))
    summary = json.loads(out)
    assert code == ExitCode.SKIPPED
    assert summary["articles"] == {"new": 2, "new_version": 0, "unchanged": 0, "skipped": 1}
    assert summary["skipped"] == [{"location": "<stdin>:2", "reason": "worker_died", "message": KILLED}]
    assert len(err) == 4
    assert texts(database) == set()


def test_extract_goes_on_too(folder: Path) -> None:
    code, out, err = ended(start("extract", folder))
    assert code == ExitCode.SKIPPED
    assert len([line for line in err if line.startswith("skipped")]) == 2
    assert [json.loads(line)["id"] for line in out.splitlines()] == [
        f"a{number:03}" for number in range(23) if number not in (7, 14)
    ]


def test_an_article_that_hangs_its_worker_is_skipped(home: Path, database: Path) -> None:
    folder = write(home / "articles", 1)
    (folder / "odd.txt").write_text(PROSE + " HANG.")
    (folder / "fit.txt").write_text(f"{PROSE} ONCE {home}/once .")
    code, _, err = ended(start("ingest", folder))
    assert code == ExitCode.SKIPPED
    assert [line for line in err if line.startswith("skipped")] == [
        f"skipped {folder}/odd.txt: the worker process analysing it died "
        "(it had not answered for 6 s and was ended) [worker_died]"
    ]
    assert len(texts(database)) == 2


def test_workers_that_cannot_start_end_the_run_with_what_to_do(
    home: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DOOMED, "1")
    code, out, err = ended(start("ingest", write(home / "articles", 9)))
    assert (code, out) == (ExitCode.ERROR, "")
    assert 3 <= len(err[:-1]) <= 6
    assert set(err[:-1]) == {
        "A worker process died while loading the models (signal 9: killed, perhaps for want of memory)."
    }
    assert err[-1].startswith("quotetrack: 3 worker processes in a row have died while loading the models")
    assert "--workers" in err[-1]


def test_models_that_are_missing_are_one_line(home: Path, database: Path) -> None:
    code, _, err = ended(start("ingest", write(home / "articles", 9), "--models", "official", module="quotetrack"))
    assert code == ExitCode.MODEL
    assert len(err) == 1
    assert "quotetrack models download" in err[0]


@pytest.mark.parametrize(
    ("signals", "code", "message"),
    [
        ((signal.SIGINT,), 130, "Stopped early."),
        ((signal.SIGTERM,), 130, "Stopped early."),
        ((signal.SIGINT, signal.SIGINT), 130, "Stopped."),
        ((signal.SIGTERM, signal.SIGINT), 130, "Stopped."),
        ((signal.SIGKILL,), -9, ""),
    ],
    ids=["ctrl-c", "terminated", "ctrl-c twice", "terminated and ctrl-c", "killed"],
)
def test_whatever_stops_it_no_worker_is_left_and_the_same_command_does_the_rest(
    signals: Sequence[signal.Signals],
    code: int,
    message: str,
    home: Path,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(NAP, "0.5")
    folder = write(home / "articles", 60)
    process = start("ingest", folder)
    wait_for(database, process, 5)
    left = workers(process)
    assert left
    for number in signals:
        process.send_signal(number)
        time.sleep(0.1)
    found, _, err = ended(process)
    assert found == code
    assert message in "\n".join(err)
    assert not psutil.wait_procs(left, timeout=20)[1]
    stored = count(database)
    assert 5 <= stored < 60
    with opened(database) as engine:
        assert check(engine) == []
    monkeypatch.setenv(NAP, "0")
    code, out, _ = ended(start("ingest", folder, "--json"))
    assert (code, json.loads(out)["articles"]["unchanged"]) == (0, stored)
    assert count(database) == 60


# With the models.


def variations(folder: Path) -> Path:
    """Sixty articles: the samples, then their paragraphs the other way round, then every second paragraph."""
    folder.mkdir()
    samples = sorted(path for path in SEEDS.iterdir() if path.suffix in (".txt", ".md"))
    forms = [
        paragraphs[order]
        for order in (slice(None), slice(None, None, -1), slice(None, None, 2), slice(1, None, 2))
        for paragraphs in (path.read_text("utf-8").split("\n\n") for path in samples)
    ]
    for number, form in enumerate(forms[:60]):
        (folder / f"v{number:02}.txt").write_text("\n\n".join(form), "utf-8")
    return folder


def assert_same(one: Path, other: Path) -> None:
    """All that is stored is the same, to the last digit, in whatever batches and processes articles were."""
    assert without_times(one) == without_times(other)


@pytest.mark.models
@pytest.mark.slow
def test_the_database_does_not_tell_how_many_workers_there_were_nor_who_was_killed(home: Path, run: Run) -> None:
    """Workers are killed at random, and three times the whole run; each time the same command goes on."""
    folder, chance = variations(home / "articles"), random.Random(4)
    calm, stormy = home / "calm.sqlite", home / "stormy.sqlite"
    assert run("ingest", folder, "--workers", 1, "--database", calm).code == 0
    kills = 0
    for _ in range(3):
        process = start("ingest", folder, "--database", stormy, module="quotetrack")
        target = count(stormy) + chance.randint(1, 12)
        while process.poll() is None and count(stormy) < target:
            time.sleep(chance.uniform(0, 8))
            if there := workers(process):
                chance.choice(there).kill()
                kills += 1
        left = workers(process)
        process.kill()
        process.communicate()
        assert not psutil.wait_procs(left, timeout=20)[1]
    assert kills > 3
    code, _, err = ended(start("ingest", folder, "--database", stormy, module="quotetrack"))
    assert code == 0, err
    assert_same(stormy, calm)
