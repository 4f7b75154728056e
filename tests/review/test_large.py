"""The review on a large database, in a terminal of its own: it is there, answers and leaves at once."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quotetrack.review.app import LOOKS
from quotetrack.store.check import check
from tests.review.terminal import ROOT, Terminal, review
from tests.store.build import opened
from tests.store.large import large_database

pytestmark = pytest.mark.slow
START, EFFECT, LEAVE = 1.5, 0.1, 0.5
"""Seconds that a person on a quiet machine waits at most."""
BUSY = 3
"""A test machine does other things meanwhile: so many times as long is allowed."""

LOADED = """
import json, sys
import quotetrack.review.app as app
from quotetrack.cli import main
app.run = lambda *_, **__: None
try:
    main(["review", "--reviewer", "ana", "--database", sys.argv[1]])
finally:
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    begun = time.perf_counter()
    path = large_database(tmp_path_factory.mktemp("large") / "large.sqlite", sources=100_000)
    assert time.perf_counter() - begun < 60
    return path


def test_it_is_a_sound_database(database: Path) -> None:
    with opened(database) as engine:
        assert check(engine) == []


def test_nothing_is_loaded_that_is_not_needed(database: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, str(database)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    loaded = set(json.loads(ran.stdout))
    assert {"textual", "sqlalchemy"} <= loaded
    assert not loaded & {"torch", "stanza", "numpy", "alembic", "trafilatura", "lxml", "aiohttp", "textual_serve"}


OPENS = {
    "x": "Why is this rejected?", "s": "Who says it?", "c": "Through whom did it come?", "k": "reported",
    "p": "negated", "e": "Editing the spans", "n": "Adding a quote", "d": "Duplicate of which", "w": "Enter does it",
    "/": "Esc ends", "f": "Enter shows", "?": "Accept the quote as it is", "A": "how much confidence",
    "S": "type a part of a name", "H": "newest first",
}  # fmt: skip
"""What each key that opens something shows at once; Esc leaves it."""
DOES = {
    "\x1b[B": "2/60", "a": "3/60", "i": "4/60", "u": "Undone", "U": "Done again", "y": "No explanation",
    "o": "by article", "F": "all · by article", "\x1b[F": "60/60", "\x1b[H": "1/",
}  # fmt: skip
"""What each other key shows, one after the other."""


def test_it_is_there_answers_and_leaves_at_once(database: Path, tmp_path: Path) -> None:
    took: dict[str, list[float]] = {}

    def press(terminal: Terminal, key: str, shown: str) -> None:
        terminal.press(key)
        took.setdefault(key, []).append(terminal.wait_for(shown))
        terminal.quiet(0.4)

    for number in range(3):
        with review(Path(shutil.copy(database, tmp_path / f"{number}.sqlite"))) as terminal:
            took.setdefault("start", []).append(terminal.wait_for("had been moved to the harbour"))
            terminal.quiet(1)
            for key, shown in OPENS.items():
                press(terminal, key, shown)
                if key == "S":
                    press(terminal, "w", "may these be one")
                    press(terminal, "\x1b", "Sources · all")
                terminal.press("\x1b")
                terminal.quiet(0.4)
            for key, shown in DOES.items():
                press(terminal, key, shown)
            terminal.press("\x11")
            took.setdefault("leave", []).append(terminal.leave())
    best = {what: min(times) for what, times in took.items()}
    print({what: f"{seconds:.3f} s" for what, seconds in best.items()})
    limits = {"start": START, "leave": LEAVE}
    assert {what for what, seconds in best.items() if seconds > BUSY * limits.get(what, EFFECT)} == set()


def test_it_ends_when_its_terminal_is_gone(database: Path) -> None:
    with review(database) as terminal:
        terminal.wait_for("had been moved to the harbour")
        assert terminal.hang_up() < 2 * LOOKS
