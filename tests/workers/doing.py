"""What the workers of these tests hold and do: most items are turned over, some end their process."""

import os
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

from quotetrack.workers.task import Task

Turned = list[str]


def holding() -> str:
    return "held"


def turn(held: str, batch: list[str]) -> Turned:
    """Each item backwards. `kill` and others do what they say; `once PATH` kills unless there is such a file."""
    assert held == "held"
    for item in batch:
        word, _, path = item.partition(" ")
        if word == "once":
            if Path(path).exists():
                continue
            Path(path).touch()
            word = "kill"
        if word == "odd":
            raise ValueError("an odd item")
        if word == "hang":
            time.sleep(600)
        if word == "nap":
            time.sleep(float(path))
        if word == "leave":
            os._exit(7)
        if word in ("kill", "segv"):
            os.kill(os.getpid(), getattr(signal, f"SIG{word.upper()}"))
    return [item[::-1] for item in batch]


def lost(item: str, cause: str) -> Turned:
    return [f"lost {item}: {cause}"]


def patience(seconds: float, batch: list[str]) -> float:
    return seconds


def task(seconds: float = 60) -> Task[str, Turned]:
    return Task(turn, lost, partial(patience, seconds))


def dying(counter: Path, times: int) -> str:
    """Ends the process the first `times` times; the file `counter` grows by a letter at each."""
    with counter.open("a") as file:
        file.write("x")
    if counter.stat().st_size <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "held"


def failing(error: Exception) -> Any:
    raise error
