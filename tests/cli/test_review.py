"""What `quotetrack review` hands to the review app."""

from pathlib import Path
from typing import Any

import pytest

from quotetrack.errors import ExitCode
from quotetrack.store.queries import Filter
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The options with which the app was started."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr("quotetrack.review.app.run", lambda _engine, **options: calls.append(options))
    return calls


@pytest.fixture
def settings(home: Path) -> Path:
    path = home / "home" / "quotetrack" / "settings.toml"
    path.parent.mkdir(parents=True)
    return path


def test_settings_reach_the_app(run: Run, started: list[dict[str, Any]], settings: Path) -> None:
    settings.write_text('reviewer = "hana"\ntheme = "light"\n[keys]\naccept = "v"\n[keys.sources]\nmerge = ["g", "?"]\n'
                        '[keys.sources.help]\n')  # fmt: skip
    assert run("review").code == ExitCode.ERROR
    settings.write_text('reviewer = "hana"\ntheme = "light"\n[keys]\naccept = "v"\n[keys.sources]\nmerge = ["g", "f5"]')
    assert run("review", "--channel", "KCNA").code == 0
    [options] = started
    assert (options["reviewer"], options["theme"]) == ("hana", "light")
    assert options["keymap"] == {"review.accept": "v", "sources.merge": "g,f5"}
    assert options["wanted"] == Filter(status="pending", channel="KCNA")


def test_a_wrong_key_is_one_line(run: Run, started: list[dict[str, Any]], settings: Path) -> None:
    settings.write_text('[keys]\naccept = "x"')
    result = run("review")
    assert (result.code, len(result.err.splitlines()), started) == (ExitCode.ERROR, 1, [])
    assert "'x' is also the key of reject" in result.err
    assert run("quotes").code == 0  # Whoever does not review need not care.


def test_second_opinions_are_a_share_of_what_others_decided(
    run: Run, started: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("review", "--second", "--reviewer", "ben")
    assert result.code == ExitCode.USAGE
    assert "double_review = 20" in result.err
    monkeypatch.setenv("QUOTETRACK_DOUBLE_REVIEW", "20")
    assert run("review", "--second", "--status", "accepted").code == ExitCode.USAGE
    assert run("review", "--second", "--reviewer", "ben", "--outlet", "Desk").code == 0
    [options] = started
    assert options["wanted"] == Filter(second_for="ben", share=20, outlet="Desk")
    monkeypatch.setenv("QUOTETRACK_DOUBLE_REVIEW", "101")
    assert "'double_review' is wrong" in run("review").err


def test_the_help_shows_how_keys_are_given(run: Run) -> None:
    text = run("review", "--help").out
    assert '[keys]\n    accept = "v"' in text
    assert "double_review" in text
