"""Calls of the command line in this process, away from the caller's own settings and data."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quotetrack.cli import main
from quotetrack.store.engine import Engine
from tests.cli.ingesting import Fake
from tests.store.build import Told, fill, new_database, opened

if TYPE_CHECKING:
    from quotetrack.annotation.pipeline import Annotator


@dataclass(frozen=True, slots=True)
class Result:
    """What a call did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own; the database there is `news.sqlite`, and no worker process is started, unless told."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("QUOTETRACK_DATABASE_URL", str(tmp_path / "news.sqlite"))
    monkeypatch.setenv("QUOTETRACK_WORKERS", "0")
    monkeypatch.setenv(
        "OMP_NUM_THREADS", "1"
    )  # Of subprocesses: torch's threads get in each other's way on a busy machine.
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> Result:
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert isinstance(left.value.code, int)
        assert "Traceback" not in err
        return Result(int(left.value.code), out, err)

    return run


@pytest.fixture
def database(home: Path) -> Path:
    """Empty but for the catalogue; in its place by default."""
    return new_database(home / "news.sqlite", catalogue=True)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Told]]:
    path = new_database(tmp_path_factory.mktemp("cli") / "filled.sqlite", catalogue=True)
    with opened(path) as engine:
        record = fill(engine)
    return path.read_bytes(), record


@pytest.fixture
def record(home: Path, told: tuple[bytes, list[Told]]) -> list[Told]:
    """A filled database in its place, and what is in it."""
    (home / "news.sqlite").write_bytes(told[0])
    return told[1]


@pytest.fixture
def engine(database: Path) -> Any:
    with opened(database) as engine:
        yield engine


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    monkeypatch.setattr("quotetrack.annotation.pipeline.Annotator", Fake)


@pytest.fixture
def loaded(annotator: "Annotator", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotetrack.annotation.pipeline.Annotator", lambda *_, **__: annotator)


__all__ = ["Engine", "Result", "Run"]
