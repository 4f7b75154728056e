"""The command in a terminal of its own, as a person has it: keys go in, and what is drawn comes out with its time."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Terminal:
    """A process and the other end of its terminal."""

    def __init__(self, words: Sequence[str], *, width: int, height: int) -> None:
        self.started = time.perf_counter()
        self._end, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._process = subprocess.Popen(
            words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=env, start_new_session=True
        )
        os.close(theirs)

    def wait_for(self, said: str, seconds: float = 20.0) -> float:
        """Read until this has been drawn; how long that took, in seconds."""
        begun = time.perf_counter()
        drawn = b""
        while said.encode() not in drawn:
            left = seconds - (time.perf_counter() - begun)
            if left <= 0 or not select.select([self._end], [], [], left)[0]:
                raise AssertionError(f"{said!r} was not drawn within {seconds} s")
            drawn += os.read(self._end, 65536)
        return time.perf_counter() - begun

    def press(self, key: str) -> None:
        os.write(self._end, key.encode())

    def quiet(self, seconds: float = 0.3) -> None:
        """Read until nothing is drawn for a while."""
        while select.select([self._end], [], [], seconds)[0]:
            os.read(self._end, 65536)

    def leave(self) -> float:
        """Read until the process has ended by itself; how long that took."""
        begun = time.perf_counter()
        while self._process.poll() is None and time.perf_counter() - begun < 20:
            if select.select([self._end], [], [], 0.01)[0]:
                try:
                    os.read(self._end, 65536)
                except OSError:  # the other end is closed
                    break
        self._process.wait(20)
        return time.perf_counter() - begun

    def hang_up(self) -> float:
        """Close the terminal without a word to the process; how long that takes to end, in seconds."""
        begun = time.perf_counter()
        os.close(self._end)
        self._end = -1
        self._process.wait(30)
        return time.perf_counter() - begun

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)
        if self._end >= 0:
            os.close(self._end)


@contextmanager
def review(database: Path, *words: str, width: int = 120, height: int = 35) -> Iterator[Terminal]:
    command = [sys.executable, "-m", "quotetrack", "review", "--database", str(database), "--reviewer", "ana", *words]
    terminal = Terminal(command, width=width, height=height)
    try:
        yield terminal
    finally:
        terminal.close()
