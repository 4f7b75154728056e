"""Help and faults: every command explains itself at once, and says in a line what went wrong."""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from quotetrack import __version__
from quotetrack.cli import COMMANDS, cli
from quotetrack.errors import ExitCode
from tests.cli.conftest import Run
from tests.store.build import SAID, opened, quote, save, speaker

ROOT = Path(__file__).parents[2]


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield (), cli
    for name in COMMANDS:
        command = importlib.import_module(f"quotetrack.cli.{name}").command
        yield (name,), command
        if isinstance(command, click.Group):
            for sub in command.list_commands(click.Context(command)):
                found = command.get_command(click.Context(command), sub)
                assert found is not None
                yield (name, sub), found


ALL = list(commands())


@pytest.mark.parametrize(("words", "command"), ALL, ids=[" ".join(words) or "quotetrack" for words, _ in ALL])
def test_every_help_describes_and_gives_an_example(words: tuple[str, ...], command: click.Command, run: Run) -> None:
    for flag in ("--help", "-h"):
        result = run(*words, flag)
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("Usage: ")
        assert command.help
        assert command.help.split()[0] in result.out
        assert "\n  Example" in result.out
        example = result.out[result.out.index("\n  Example") :]
        assert f"  quotetrack {' '.join(words)}".rstrip() in example


def test_the_list_of_commands_says_what_each_does(run: Run) -> None:
    text = " ".join(run("--help").out.split())
    for name, what in COMMANDS.items():
        assert f" {name} {what}" in text
        assert getattr(importlib.import_module(f"quotetrack.cli.{name}"), "command").name == name  # noqa: B009


def test_the_version(run: Run) -> None:
    assert run("--version").out == f"quotetrack, version {__version__}\n"


HEAVY = ("torch", "stanza", "sqlalchemy", "alembic", "pydantic", "textual", "rich", "trafilatura", "lxml", "httpx2")
LOOK = """
import json, sys
from quotetrack.cli import main
try:
    main(["--help"])
except SystemExit:
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def test_help_loads_nothing_heavy() -> None:
    looked = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(json.loads(looked.stderr)) & set(HEAVY)


def test_help_is_there_at_once() -> None:
    best = 9.0
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "quotetrack", "--help"], cwd=ROOT, capture_output=True, check=True)
        best = min(best, time.perf_counter() - started)
    assert best < 0.3


def test_python_m_is_the_same_command() -> None:
    installed = Path(sys.executable).with_name("quotetrack")
    ways = [[sys.executable, "-m", "quotetrack"], [str(installed)]]
    outs = [subprocess.run([*w, "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout for w in ways]
    assert outs[0].splitlines()[2:] == outs[1].splitlines()[2:]


# Faults.


@pytest.mark.parametrize(
    ("words", "hint"),
    [(["ingets"], "Did you mean 'ingest'?"), (["source"], "'sources'"), (["xyzzy"], "quotetrack --help")],
)
def test_an_unknown_command_is_answered_with_the_nearest(words: list[str], hint: str, run: Run) -> None:
    result = run(*words)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert f"There is no command '{words[0]}'." in result.err
    assert hint in result.err


@pytest.mark.parametrize(
    "words",
    [
        ["--nosuch"], ["db", "nosuch"], ["quotes", "--kind", "loud"], ["quotes", "--limit", "0"],
        ["quotes", "--since", "yesterday"], ["quotes", "--since", "2025-02-30"], ["report", "source"],
        ["sources", "set-controller", "KCNA"], ["sources", "set-controller", "KCNA", "Russia", "--none"], ["ingest"],
        ["ingest", "x.txt", "--workers", "-1"], ["quotes", "--since", "0001-01-01T00:00+10:00"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_line_is_explained(words: list[str], run: Run, database: Path) -> None:
    result = run(*words)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert "Error: " in result.err


FAULTS: dict[str, tuple[list[str], ExitCode]] = {
    "no source": (["sources", "show", "Nobody"], ExitCode.NOT_FOUND),
    "several": (["report", "source", "Ministry"], ExitCode.NOT_FOUND),
    "no speaker": (["quotes", "--speaker", "Nobody"], ExitCode.NOT_FOUND),
    "number": (["sources", "show", "#99999999999999999999"], ExitCode.DATABASE),
    "limit": (["quotes", "--limit", "99999999999999999999"], ExitCode.DATABASE),
    "undecodable": (["quotes", "--text", "a\udcff"], ExitCode.DATABASE),
    "taken": (["sources", "rename", "KCNA", "TASS"], ExitCode.ERROR),
    "same": (["sources", "merge", "KCNA", "KCNA"], ExitCode.ERROR),
    "no database": (["quotes", "--database", "/nowhere/at/all.sqlite"], ExitCode.DATABASE),
    "not a database": (["quotes", "--database", __file__], ExitCode.DATABASE),
    "no upgrade": (["db", "upgrade", "--database", "/nowhere/at/all.sqlite"], ExitCode.DATABASE),
    "no models": (["ingest", __file__, "--models", "/nowhere"], ExitCode.MODEL),
    "no models to extract": (["extract", __file__, "--models", "/nowhere"], ExitCode.MODEL),
}


@pytest.mark.parametrize(("words", "code"), FAULTS.values(), ids=FAULTS)
def test_what_a_user_can_mend_is_one_line_and_its_own_exit_code(
    words: list[str], code: ExitCode, run: Run, database: Path
) -> None:
    result = run(*words)
    assert (result.code, result.out) == (code, "")
    [line] = result.err.splitlines()
    assert line.startswith("quotetrack: ")
    assert line.endswith((".", "`"))


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("QUOTETRACK_WORKERS", "many")
    result = run("quotes")
    assert result.code == ExitCode.ERROR
    assert "'workers'" in result.err
    monkeypatch.delenv("QUOTETRACK_WORKERS")
    path = home / "home" / "quotetrack" / "settings.toml"
    path.parent.mkdir(parents=True)
    for broken in ("workers = [", "color = 'red'"):
        path.write_text(broken)
        result = run("quotes")
        assert (result.code, len(result.err.splitlines())) == (ExitCode.ERROR, 1)
        assert str(path) in result.err


ODD_SETTINGS = {
    "wrong type": ("workers = 'many'", "'workers' is wrong"),
    "out of range": ("workers = -1", "'workers' is wrong"),
    "unknown": ("colour = 'red'", "there is no such setting"),
    "no table": ("keys = 3", "'keys' is wrong"),
    "nested": ("theme = " + "[" * 10_000, "nested too deeply"),
    "nested tables": ("keys = " + "{a = " * 5_000, "nested too deeply"),
    "endless key": ("a" + ".a" * 100_000 + " = 1", "larger than 32 KiB"),
    "endless number": ("workers = " + "9" * 5_000, "cannot be read"),
    "huge": ("#" * 50_000_000, "larger than 32 KiB"),
    "escapes": ("[keys]\n'\u009b31m' = 3", "is wrong"),
    "not text": ("\udcff\udcfe", "cannot be read"),
}


@pytest.mark.parametrize("odd", ODD_SETTINGS)
def test_odd_settings_are_one_line_at_once(odd: str, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUOTETRACK_WORKERS")
    written, says = ODD_SETTINGS[odd]
    path = home / "home" / "quotetrack" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(written.encode("utf-8", "surrogateescape"))
    started = time.process_time()
    result = run("quotes")
    assert time.process_time() - started < 5
    assert (result.code, len(result.err.splitlines())) == (ExitCode.ERROR, 1)
    assert says in result.err
    assert str(path) in result.err
    assert "\x9b" not in result.err


def test_a_variable_that_is_no_json_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTETRACK_KEYS", "{")
    result = run("quotes")
    assert (result.code, len(result.err.splitlines())) == (ExitCode.ERROR, 1)
    assert "keys" in result.err
    assert "must be JSON" in result.err


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, home: Path, database: Path
) -> None:
    path = home / "home" / "quotetrack" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("database_url = '/from/the/file.sqlite'")
    assert run("quotes").code == 0
    assert "/from/the/option" in run("quotes", "--database", "/from/the/option").err
    monkeypatch.delenv("QUOTETRACK_DATABASE_URL")
    assert "/from/the/file" in run("quotes").err


def test_ctrl_c_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("quotetrack.store.queries.list_quotes", interrupted)
    result = run("quotes")
    assert (result.code, result.out) == (ExitCode.INTERRUPTED, "")
    assert result.err.split() == ["Stopped."]


@pytest.mark.parametrize("form", ["--json", "--csv", None])
def test_a_reader_that_has_had_enough_is_no_fault(form: str | None, database: Path, home: Path) -> None:
    with opened(database) as engine:
        for number in range(4):
            text = f"{SAID} {number} " + "and so on " * 3000
            save(engine, *(quote(speaker(f"S{number}"), text=text) for _ in range(10)), text=text)
    words = [sys.executable, "-m", "quotetrack", "quotes", *([form] if form else []), "--database", str(database)]
    for taken in (0, 10):
        writer = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ})
        assert writer.stdout is not None
        assert writer.stderr is not None
        assert len(writer.stdout.read(taken)) == taken
        writer.stdout.close()
        said = writer.stderr.read().decode()
        writer.stderr.close()
        assert writer.wait(30) == 0
        assert "Error" not in said
        assert "Exception" not in said
        assert "Traceback" not in said
