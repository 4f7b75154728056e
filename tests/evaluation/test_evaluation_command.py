"""`quotetrack evaluate` as it is called."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from quotetrack.domain import AnnotatedText
from quotetrack.errors import ExitCode
from quotetrack.store.decisions import Action, decide
from quotetrack.store.engine import Engine
from tests.cli.conftest import Run
from tests.evaluation.build import BRIDGE_FOUND, FOUND, gold_file, polnear, predictions
from tests.store.build import everything, quote, save, speaker


class Fake:
    """Stands in for the models: finds no words in any text, and breaks on some."""

    broken = ""

    def __init__(self, *_: object, **__: object) -> None:
        self.seconds: dict[str, float] = {}

    def annotate(self, texts: Sequence[str]) -> list[AnnotatedText]:
        if self.broken and any(self.broken in text for text in texts):
            raise RuntimeError("too odd")
        return [AnnotatedText(text, ()) for text in texts]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[Fake]:
    monkeypatch.setattr("quotetrack.annotation.pipeline.Annotator", Fake)
    monkeypatch.setattr(Fake, "broken", "")
    return Fake


def test_the_format_is_seen(run: Run, tmp_path: Path) -> None:
    spans = run("evaluate", polnear(tmp_path / "p"), "--predictions", predictions(tmp_path / "1"), "--json")
    assert (spans.code, spans.err, spans.json["gold"]["form"]) == (0, "", "polnear")
    assert spans.json["rates"]["attribution"]["f1"] == pytest.approx(14 / 17)
    lines = run(
        "evaluate", gold_file(tmp_path / "g"), "--predictions", predictions(tmp_path / "2", BRIDGE_FOUND), "--json"
    )
    assert (lines.code, lines.err, lines.json["gold"]) == (
        0,
        "",
        {
            "form": "jsonl",
            "location": str(tmp_path / "g" / "gold.jsonl"),
            "articles": 1,
            "attributions": 5,
            "borderline": 1,
            "distractors": 2,
        },
    )
    assert lines.json["problems"] == {"speaker": 1, "chain": 1, "missed": 1, "distractor": 1}
    assert [m["gold"] and m["gold"]["id"] for m in lines.json["mistakes"]] == ["A2", "A4", "A5", None]


def test_a_table_and_a_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    words = ["evaluate", polnear(tmp_path / "p"), "--predictions", predictions(tmp_path / "1"), "--html", page]
    result = run(*words)
    assert (result.code, result.err) == (0, "")
    assert "82.4" in result.out
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert run(*words[:-1], tmp_path / "nowhere" / "report.html").code == ExitCode.ERROR


def test_minima_decide_the_exit_code(run: Run, tmp_path: Path) -> None:
    words = ["evaluate", polnear(tmp_path / "p"), "--predictions", predictions(tmp_path / "1"), "--min"]
    assert run(*words, "attribution=0.82,source=0.7").code == 0
    short = run(*words, "attribution=0.83, source=0.7,speaker=0.1")
    assert short.code == ExitCode.ERROR
    assert short.err == "quotetrack: falls short: attribution 0.824 < 0.83; speaker cannot be judged on this gold.\n"
    assert "82.4" in short.out  # the figures are there all the same


@pytest.mark.parametrize("minima", ["loudness=0.5", "attribution", "attribution=high", "attribution=75", "speaker=nan"])
def test_wrong_minima_are_refused_before_any_work(minima: str, run: Run, tmp_path: Path) -> None:
    result = run("evaluate", tmp_path / "nowhere", "--min", minima)
    assert (result.code, result.out) == (ExitCode.USAGE, "")


def test_only_the_first_articles(run: Run, tmp_path: Path) -> None:
    words = ["evaluate", polnear(tmp_path / "p"), "--predictions", predictions(tmp_path / "1"), "--json"]
    limited = run(*words, "--limit", 1)
    assert (limited.err, limited.json["gold"]["articles"], limited.json["found"]) == ("", 1, 6)


def test_what_does_not_fit_is_told(run: Run, tmp_path: Path) -> None:
    found = predictions(tmp_path / "1", {"gazette_market": FOUND["gazette_market"], "other": []})
    result = run("evaluate", polnear(tmp_path / "p"), "--predictions", found, "--json")
    assert result.code == 0
    assert result.err.splitlines() == [
        f"1 articles of {found} are not in the gold; they are left out.",
        f"1 articles are not in {found}: nothing counts as found in them.",
    ]


@pytest.mark.parametrize(
    "words",
    [
        [], ["gold.jsonl", "--reviewed"], ["gold.jsonl", "--database", "x.sqlite"], ["."], ["--format", "tei", "x"],
        ["p", "--texts", "."], ["gold.jsonl", "--limit", "0"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_line_is_explained(
    words: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gold_file(tmp_path)
    polnear(tmp_path / "p")
    monkeypatch.chdir(tmp_path)
    result = run("evaluate", *words)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert "Error: " in result.err


def test_bad_gold_is_one_line(run: Run, tmp_path: Path) -> None:
    path = gold_file(tmp_path)
    path.write_text(path.read_text() + '{"id": "X"}\n')
    result = run("evaluate", path)
    assert (result.code, result.out) == (ExitCode.ERROR, "")
    [line] = result.err.splitlines()
    assert line.startswith(f"quotetrack: {path}:9: ")


def test_the_pipeline_runs_if_nothing_was_predicted(fake: type[Fake], run: Run, tmp_path: Path) -> None:
    result = run("evaluate", polnear(tmp_path), "--json")
    assert (result.code, result.err, result.json["found"]) == (0, "", 0)
    assert result.json["problems"] == {"missed": 8}
    fake.broken = "fish market"
    skipped = run("evaluate", polnear(tmp_path), "--json")
    assert (skipped.code, skipped.json["problems"]) == (ExitCode.SKIPPED, {"missed": 8})
    assert skipped.err.startswith(f"skipped {tmp_path}/text/gazette_market.txt: ")


def test_no_models_are_loaded_for_predictions(tmp_path: Path) -> None:
    words = ["evaluate", str(polnear(tmp_path / "p")), "--predictions", str(predictions(tmp_path / "1")), "--json"]
    code = (
        "import json, sys; from quotetrack.cli import cli; cli.main(sys.argv[1:], standalone_mode=False); "
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["found"] == 9
    assert not {"torch", "stanza", "sqlalchemy", "textual", "jinja2"} & set(eval(ran.stderr))


def test_the_reviewed_articles_of_a_database(fake: type[Fake], run: Run, engine: Engine) -> None:
    assert run("evaluate", "--reviewed").code == ExitCode.ERROR
    text = "Anna said that the bridge would open in May. Bob denied it."
    save(engine, quote(speaker("Anna"), text=text, content="the bridge would open in May"),
         quote(speaker("Bob"), text=text, content="denied it"), text=text)  # fmt: skip
    first, second = everything(engine)
    decide(engine, first.id, Action.ACCEPT, reviewer="hana")
    decide(engine, second.id, Action.REJECT, reviewer="hana")
    for words in (["--reviewed"], ["--format", "reviewed", "--database", str(engine.url.database)]):
        result = run("evaluate", *words, "--json")
        assert (result.code, result.err) == (0, "")
        assert result.json["gold"] == {
            "form": "reviewed", "location": "the database", "articles": 1, "attributions": 1, "borderline": 0,
            "distractors": 1,
        }  # fmt: skip
        assert (result.json["found"], result.json["shares"]["distractors"]["k"]) == (0, 1)
        assert "recall is too high" in " ".join(result.json["notes"])


@pytest.mark.models
def test_a_sentence_is_found_by_the_models(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", gold_file(tmp_path), "--json")
    assert result.code == 0
    assert result.json["rates"]["attribution"]["recall"]["k"] >= 2
