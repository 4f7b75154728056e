"""The review in a browser, over loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from quotetrack.errors import ExitCode
from quotetrack.review.serve import is_loopback
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def served(*words: str) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """The command as it runs, once it answers."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "quotetrack",
        "review",
        "--serve",
        "--port",
        str(port),
        "--reviewer",
        "ana",
        *words,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ})
    try:
        for _ in range(300):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            time.sleep(0.05)
        yield port, process
    finally:
        process.kill()
        process.wait(10)
        assert process.stderr is not None
        process.stderr.close()


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.usefixtures("database")
def test_a_page_is_served_to_this_machine_alone() -> None:
    with served() as (port, process):
        status, page = ask(port, "/")
        assert status == 200
        assert "quotetrack review" in page
        assert f"ws://127.0.0.1:{port}/ws" in page
        assert f"ws://localhost:{port}/ws" in ask(port, "/", Host=f"localhost:{port}")[1]
        assert ask(port, "/ws", Origin="http://elsewhere.example")[0] == 403
        assert ask(port, "/", Host=f"rebound.example:{port}")[0] == 403
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == f"The review by ana is at http://127.0.0.1:{port} until Ctrl-C.\n"


@pytest.mark.usefixtures("database")
async def test_the_page_shows_the_queue() -> None:
    aiohttp = pytest.importorskip("aiohttp")
    with served() as (port, _):
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"http://127.0.0.1:{port}/ws?width=80&height=24") as page,
        ):
            shown = b""
            while b"No quotes are stored yet" not in shown:
                message = await page.receive(timeout=30)
                assert message.type == aiohttp.WSMsgType.BINARY or message.type == aiohttp.WSMsgType.TEXT
                shown += message.data if isinstance(message.data, bytes) else b""


@pytest.mark.usefixtures("database")
def test_other_machines_are_let_in_with_a_warning(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[list[str], str]] = []
    monkeypatch.setattr("quotetrack.review.serve.serve", lambda words, *, host, port: started.append((words, host)))
    monkeypatch.setenv("QUOTETRACK_REVIEWER", "ana; rm -rf")
    result = run("review", "--serve", "--host", "0.0.0.0", "--port", free_port(), "--outlet", "Eastern Desk")
    assert result.code == 0
    assert "Warning: 0.0.0.0 is open to other machines" in result.err
    assert "no authentication" in result.err
    [(words, host)] = started
    assert host == "0.0.0.0"
    assert words[1:] == ["-m", "quotetrack", "review", "--reviewer", "ana; rm -rf", "--outlet", "Eastern Desk"]
    assert "Warning" not in run("review", "--serve", "--port", free_port()).err


@pytest.mark.usefixtures("database")
def test_what_stands_in_the_way_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("review", "--serve", "--port", taken.getsockname()[1])
    assert (result.code, len(result.err.splitlines())) == (ExitCode.ERROR, 1)
    assert "cannot be listened on" in result.err
    monkeypatch.setattr("quotetrack.review.serve.find_spec", lambda _: None)
    assert "pip install 'quotetrack[serve]'" in run("review", "--serve").err
    assert run("review", "--port", 8001).code == ExitCode.USAGE


def test_what_loopback_is() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.1.2.3", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.4", "news.example", "")))
