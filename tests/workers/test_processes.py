"""Worker processes that die, hang and cannot start, and what becomes of their batches."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from quotetrack.errors import ModelError, QuotetrackError
from quotetrack.workers import local
from quotetrack.workers.local import STARTS, CannotStart, Here, Processes, choose_workers
from quotetrack.workers.order import in_order
from tests.workers.doing import Turned, dying, failing, holding, task

ROOT = Path(__file__).parents[2]
Words = list[list[str]]


def done(batches: Words, size: int = 2, *, seconds: float = 60, tell: Callable[[str], None] = print) -> list[str]:
    """What becomes of each item, in order."""
    with Processes(size, holding, on_note=tell) as pool:
        return [item for turned in in_order(batches, pool, task(seconds), lambda: False) for item in turned]


def words(count: int) -> Words:
    return [[f"a{number}", f"b{number}"] for number in range(count)]


def turned(batches: Words) -> list[str]:
    return [item[::-1] for batch in batches for item in batch]


@pytest.mark.parametrize("size", [1, 3])
def test_results_come_in_the_order_of_the_batches(size: int) -> None:
    assert done([["nap 0.5"], *words(20)], size) == turned([["nap 0.5"], *words(20)])


def test_nothing_to_do_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_Process", None)
    assert done([]) == []


DEATHS = {
    "kill": "signal 9: killed, perhaps for want of memory",
    "segv": "signal 11: segmentation fault",
    "leave": "exit code 7",
}


@pytest.mark.parametrize(("culprit", "cause"), DEATHS.items(), ids=DEATHS)
def test_only_the_item_that_kills_is_lost_and_it_is_told_what_of(culprit: str, cause: str) -> None:
    batches, notes = words(6), list[str]()
    batches[2].insert(1, culprit)
    expected = turned(batches)
    expected[5] = f"lost {culprit}: {cause}"
    assert done(batches, tell=notes.append) == expected
    # with the batch, with the batch again, and alone
    assert notes == [f"A worker process died ({cause}); another takes its place."] * 3


def test_an_item_alone_in_its_batch_has_a_second_try(tmp_path: Path) -> None:
    notes = list[str]()
    lost = f"lost kill: {DEATHS['kill']}"
    assert done([["a"], ["kill"], [f"once {tmp_path}/x"]], tell=notes.append) == ["a", lost, f"once {tmp_path}/x"[::-1]]
    assert len(notes) == 3


def test_a_worker_that_is_killed_from_outside_costs_nothing(tmp_path: Path) -> None:
    batches = [[f"once {tmp_path}/{number}", f"b{number}"] for number in range(4)]
    assert done(batches, 2) == turned(batches)


def test_a_hung_worker_is_ended() -> None:
    batches = [*words(2), ["a", "hang"], *words(2)]
    expected = turned(batches)
    expected[5] = "lost hang: it had not answered for 2 s and was ended"
    assert done(batches, seconds=2) == expected


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="an odd item"):
        done([["a"], ["odd"]])


# Starting.


def test_a_fault_that_the_user_can_mend_is_raised_as_it_is() -> None:
    with pytest.raises(ModelError, match="no models"), Processes(2, partial(failing, ModelError("no models"))) as pool:
        list(in_order(words(3), pool, task(), lambda: False))


@pytest.mark.parametrize("size", [1, 2])
def test_processes_that_cannot_start_are_not_started_for_ever(size: int, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    with (
        pytest.raises(CannotStart, match=r"signal 9.*fewer --workers"),
        Processes(size, partial(dying, counter, 100)) as pool,
    ):
        list(in_order(words(9), pool, task(), lambda: False))
    assert counter.stat().st_size <= size * STARTS
    with pytest.raises(CannotStart):
        pool.submit(task(), ["a"])


def test_memory_that_is_not_there_is_told() -> None:
    with (
        pytest.raises(QuotetrackError, match="MemoryError: none left"),
        Processes(1, partial(failing, MemoryError("none left"))) as pool,
    ):
        list(in_order(words(1), pool, task(), lambda: False))


def test_a_system_that_lets_no_process_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refused)
    with pytest.raises(CannotStart, match="Resource temporarily unavailable"):
        done(words(3))


@pytest.mark.parametrize("times", [1, STARTS - 1, STARTS + 1])
def test_some_deaths_at_the_start_cost_nothing(times: int, tmp_path: Path) -> None:
    """One more than a worker is allowed, and another worker does its work."""
    with Processes(3, partial(dying, tmp_path / "counter", times)) as pool:
        results = in_order(words(9), pool, task(), lambda: False)
        assert [item for found in results for item in found] == turned(words(9))


def test_ready_is_said_once(tmp_path: Path) -> None:
    said = list[int]()
    with Processes(2, holding, lambda: said.append(1)) as pool:
        list(in_order([["nap 0.2"], [f"once {tmp_path}/x"], *words(3)], pool, task(), lambda: False))
    assert said == [1]


# Ending.


def children() -> set[psutil.Process]:
    return {child for child in psutil.Process().children() if "quotetrack.workers.child" in child.cmdline()}


def test_all_are_gone_when_the_pool_is_left_whatever_they_do() -> None:
    started = time.monotonic()
    with Processes(2, holding) as pool:
        for _ in range(5):
            pool.submit(task(), ["hang"])
        while len(children()) < 2:
            time.sleep(0.01)
    assert time.monotonic() - started < 30
    assert not children()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_that_go_to_every_process_do_not_stop_a_worker(number: signal.Signals) -> None:
    with Processes(1, holding) as pool:
        assert pool.submit(task(), ["a"]).result() == [["a"]]
        [child] = children()
        future = pool.submit(task(), ["nap 0.5"])
        child.send_signal(number)
        assert future.result() == [["5.0 pan"]]
        assert children() == {child}
        assert os.getpgid(child.pid) != os.getpgid(0)  # a terminal's Ctrl-C does not even reach it


ORPHANS = """
import sys, time
from tests.workers.doing import holding, task
from quotetrack.workers.local import Processes
with Processes(2, holding) as pool:
    futures = [pool.submit(task(), ["a"]) for _ in range(4)]
    [future.result() for future in futures]
    busy = pool.submit(task(), ["hang"])
    time.sleep(0.3)
    print("busy", flush=True)
    busy.result()
"""


def test_workers_leave_when_their_parent_is_killed_idle_or_busy() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHANS], cwd=ROOT, stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"busy\n"
        orphans = psutil.Process(parent.pid).children()
        assert orphans
        parent.kill()
    _, alive = psutil.wait_procs(orphans, timeout=10)
    for process in alive:
        process.kill()
    assert not alive


# Order, and stopping.


def test_no_more_batches_are_taken_than_keep_the_workers_busy() -> None:
    taken = list[int]()

    def endless() -> Iterator[list[str]]:
        while True:
            taken.append(1)
            yield ["a"]

    with Processes(2, holding) as pool:
        results = in_order(endless(), pool, task(), lambda: False)
        for _ in range(3):
            assert next(results) == ["a"]
        assert len(taken) <= 3 + 4 * 2


def test_a_stop_finishes_what_is_in_hand_and_drops_the_rest() -> None:
    results = list[Turned]()
    batches = [["nap 1"] for _ in range(12)]
    with Processes(2, holding) as pool:
        for result in in_order(batches, pool, task(), lambda: bool(results)):
            results.append(result)
    assert 2 <= len(results) < 8


def test_here_is_a_pool_too() -> None:
    loaded = list[int]()
    pool = Here(holding, lambda: loaded.append(1))
    assert list(in_order(words(3), pool, task(), lambda: False)) == [["0a", "0b"], ["1a", "1b"], ["2a", "2b"]]
    assert loaded == [1]
    with pytest.raises(ValueError, match="odd"):
        list(in_order([["odd"]], pool, task(), lambda: False))


def test_workers_are_as_many_as_asked_for_or_as_cores_and_memory_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_workers(3, 5) == 3
    assert choose_workers(None, 5) == 5
    assert choose_workers(0, 5) == 0
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(6), raising=False)
    for pages, due in ((1 << 22, 6), (1 << 20, 4), (1 << 10, 1)):
        monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": pages}.__getitem__)
        assert choose_workers(None, None) == due
