"""Ingesting on a Dask cluster: a scheduler and two workers on this machine, some of which do not live long."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from quotetrack.errors import ExitCode
from tests.cli.conftest import Run
from tests.cli.ingesting import PROSE, ROOT, SEEDS, texts, without_times, write
from tests.cli.test_workers import KILLED, STANDING_IN, ended, start, wait_for
from tests.workers.standing_in import NAP

pytestmark = pytest.mark.slow


@contextmanager
def running(module: str, *words: str, folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """One of Dask's own commands."""
    with (folder / "dask.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", f"{folder}/scheduler.json", *words],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        everyone = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        for one in everyone:
            one.kill()
        process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a scheduler, and the folder that tells workers of it."""
    folder = tmp_path_factory.mktemp("dask")
    with running("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", folder=folder) as process:
        while not (folder / "scheduler.json").exists():
            assert process.poll() is None
            time.sleep(0.1)
        yield json.loads((folder / "scheduler.json").read_text())["address"], folder


@contextmanager
def dask_workers(folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    words = ("--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
    with running("dask_worker", *words, folder=folder) as process:
        yield process


@pytest.fixture
def cluster(scheduler: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, psutil.Process]]:
    """The scheduler's address, and the process that keeps its two workers."""
    monkeypatch.setenv(NAP, "0.3")
    with dask_workers(scheduler[1]) as process:
        yield scheduler[0], psutil.Process(process.pid)


def dask(address: str) -> tuple[str, str]:
    return "--dask", address


def test_an_article_that_kills_is_skipped_by_name_and_the_dask_workers_live(
    cluster: tuple[str, psutil.Process], home: Path, database: Path
) -> None:
    address, keeper = cluster
    folder = write(home / "articles", 23)
    assert ended(start("ingest", folder, by=dask(address)))[0] == 0
    before = keeper.children()
    (folder / "a007.txt").write_text(PROSE + " KILL.")
    code, _, err = ended(start("ingest", folder, by=dask(address)))
    assert code == ExitCode.SKIPPED
    assert err[0] == f"skipped {folder}/a007.txt: {KILLED} [worker_died]"
    assert err[1].startswith("Articles: 0 new, 22 unchanged, 1 skipped.")
    assert len(err) == 2
    assert keeper.children() == before


def test_a_dask_worker_that_dies_costs_nothing(cluster: tuple[str, psutil.Process], home: Path, database: Path) -> None:
    address, keeper = cluster
    folder = write(home / "articles", 60)
    process = start("ingest", folder, by=dask(address))
    wait_for(database, process, 5)
    busy(keeper).kill()
    code, _, err = ended(process)
    assert (code, len(err)) == (0, 1)
    assert len(texts(database)) == 60


def busy(keeper: psutil.Process) -> psutil.Process:
    """A Dask worker that has a process of ours."""
    return next(
        worker
        for worker in keeper.children(recursive=True)
        if any("quotetrack.workers.child" in child.cmdline() for child in worker.children())
    )


def test_without_workers_it_says_so_and_goes_on_when_they_come(
    scheduler: tuple[str, Path], home: Path, database: Path
) -> None:
    address, folder = scheduler
    process = start("ingest", write(home / "articles", 9), by=dask(address))
    assert process.stderr is not None
    assert "has no workers; waiting" in process.stderr.readline()
    with dask_workers(folder):
        assert ended(process)[0] == 0
    assert len(texts(database)) == 9


def test_without_a_scheduler_it_says_so_soon(home: Path) -> None:
    code, _, err = ended(start("ingest", write(home / "articles", 1), by=dask("tcp://127.0.0.1:1")))
    assert (code, len(err)) == (ExitCode.ERROR, 1)
    assert err[0].startswith("quotetrack: No Dask scheduler answers at tcp://127.0.0.1:1 (")


def test_another_version_in_the_cluster_is_refused(
    cluster: tuple[str, psutil.Process], home: Path, database: Path
) -> None:
    newer = (
        f"import sys, quotetrack; quotetrack.__version__ = '99.9'; from {STANDING_IN} import main; main(sys.argv[1:])"
    )
    words = ["ingest", str(write(home / "articles", 9)), *dask(cluster[0])]
    done = subprocess.run([sys.executable, "-c", newer, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.ERROR
    assert done.stderr.startswith("quotetrack: The Dask worker tcp://127.0.0.1:")
    assert "and not 99.9" in done.stderr
    assert "Install the same version everywhere" in done.stderr
    assert texts(database) == set()


def test_a_scheduler_that_is_gone_is_one_line(home: Path, database: Path, tmp_path: Path) -> None:
    with running(
        "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", folder=tmp_path
    ) as scheduler:
        while not (tmp_path / "scheduler.json").exists():
            time.sleep(0.1)
        address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
        process = start("ingest", write(home / "articles", 9), by=dask(address))
        assert process.stderr is not None
        assert "has no workers" in process.stderr.readline()
        scheduler.kill()
        code, _, err = ended(process)
    assert (code, len(err)) == (ExitCode.ERROR, 1)
    assert err[0].startswith(f"quotetrack: The Dask scheduler at {address} is no longer there.")


@pytest.mark.models
def test_a_cluster_that_loses_a_worker_stores_what_one_process_does(
    cluster: tuple[str, psutil.Process], loaded: None, home: Path, run: Run
) -> None:
    address, keeper = cluster
    alone, spread = home / "alone.sqlite", home / "spread.sqlite"
    words = ("ingest", SEEDS, "--include", "[a-k]*")  # half of them: time
    assert run(*words, "--database", alone).code == 0
    process = start(*words, "--database", spread, module="quotetrack", by=dask(address))
    wait_for(spread, process, 1)
    busy(keeper).kill()
    assert ended(process)[0] == 0
    assert without_times(spread) == without_times(alone)
