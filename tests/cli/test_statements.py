"""`quotetrack statements` and `sources grade`: what is printed, stored, and told by the exit code."""

import csv
import io
import json
from pathlib import Path

import pytest

from quotetrack.errors import ExitCode
from quotetrack.store.check import check
from quotetrack.store.engine import Engine
from quotetrack.store.statements.suggest import forget
from tests.cli.conftest import Run
from tests.store.build import speaker
from tests.store.telling import AGAIN, DENIED, LORRIES, tell, told

SEEDS = Path(__file__).parents[2] / "seeds" / "gold" / "pairs.jsonl"


@pytest.fixture
def bridge(engine: Engine) -> Engine:
    told(engine)
    return engine


def test_comparing_tells_what_it_did(run: Run, engine: Engine) -> None:
    assert run("statements", "list").err.startswith("No statement fits.")
    tell(engine, LORRIES)
    tell(engine, AGAIN, day=1)
    tell(engine, DENIED, speaker("Otto Quill"), day=2)
    done = run("statements", "suggest")
    assert (done.code, done.out) == (ExitCode.OK, "")
    assert "3 articles compared: 3 pairs suggested (2 tension, 1 same " in done.err
    assert "1 new statements. `quotetrack statements pairs` lists them" in done.err
    assert run("statements", "suggest").err == "0 articles compared: no pair suggested, 0 new statements.\n"
    again = run("statements", "suggest", "--again", "--json")
    assert (again.json["articles"], sum(again.json["pairs"].values()), again.err) == (3, 3, "")
    forget(engine)
    assert run("statements", "suggest", "--since", "2025-03-05", "--json").json["articles"] == 1
    assert run("statements", "suggest", "--window", "0").code == ExitCode.USAGE


def test_pairs_are_listed_in_three_forms(run: Run, bridge: Engine) -> None:
    shown = run("statements", "pairs")
    assert "Eastern Desk > Ada Lorne" in shown.out
    assert "decides." in shown.err
    rows = run("statements", "pairs", "--relation", "tension", "--json").json
    assert {row["suggested"] for row in rows} == {"tension"}
    assert rows[0]["first"]["content"]
    assert rows[0]["reasons"][0]["part"] == "pair"
    lines = list(csv.DictReader(io.StringIO(run("statements", "pairs", "--csv").out)))
    assert {line["suggested"] for line in lines} >= {"tension", "update"}
    assert "They differ in a number" in " ".join(line["because"] for line in lines)
    assert run("statements", "pairs", "--decided").err == "0 pairs.\n"


def test_deciding_and_taking_it_back(run: Run, bridge: Engine) -> None:
    [same] = [p for p in run("statements", "pairs", "--json").json if p["suggested"].startswith("same")]
    done = run("statements", "decide", same["id"], "unrelated", "--reviewer", "hana", "--note", "another bridge")
    assert (done.code, done.err) == (0, f"Pair {same['id']} is unrelated.\n")
    refused = run("statements", "decide", same["id"], "tension", "--version", same["version"])
    assert refused.code == ExitCode.ERROR
    assert "was changed by hana" in refused.err
    assert run("statements", "list").out == ""
    [log] = run("decide", "history", "--json").json
    assert (log["pair_id"], log["note"], log["differences"]) == (
        same["id"], "another bridge", ["relation None → unrelated"],
    )  # fmt: skip
    assert f"pair {same['id']}" in run("decide", "history").out
    assert run("decide", "undo", "--reviewer", "hana").err == f"Pair {same['id']} waits again.\n"
    confirmed = run("statements", "decide", same["id"], "same", "--json").json
    assert (confirmed["pair_id"], confirmed["status"]) == (same["id"], same["suggested"])
    assert run("statements", "decide", 999, "same").code == ExitCode.NOT_FOUND
    assert check(bridge) == []


def test_two_attributions_are_related_by_hand(run: Run, bridge: Engine) -> None:
    assert run("statements", "pair", 6, 1, "same").code == 0
    [row] = run("statements", "list", "--json").json
    assert (row["attributions"], row["label"]) == (3, LORRIES)
    assert run("statements", "pair", 1, 1, "same").code == ExitCode.ERROR
    assert run("statements", "pair", 1, 6, "unattributed").code == ExitCode.USAGE


def test_a_statement_is_shown_with_all_that_is_known(run: Run, bridge: Engine) -> None:
    [row] = run("statements", "list", "--json").json
    id_ = row["id"]
    said = run(
        "statements", "outcome", id_, "failed", "--day", "2025-11-01", "--note", "still shut", "--link",
        "https://example.org/a", "--reviewer", "hana",
    )  # fmt: skip
    assert said.err == f"Statement {id_}: failed (2025-11-01).\n"
    assert "possibly true" in run("statements", "grade", id_, 3, "--why", "two voices").err
    shown = run("statements", "show", id_).out
    for part in (
        f"Statement {id_}: {LORRIES}", "2 attributions in 2 outlets", "1 independent", "Eastern Desk > Ada Lorne",
        "Ранок > KCNA > Ada Lorne", "the chain differs from the one before", "tension?",
        "2025-11-01  failed: still shut <https://example.org/a> (hana)", "3 (possibly true): two voices",
    ):  # fmt: skip
        assert part in shown
    whole = run("statements", "show", id_, "--json").json
    assert whole["corroboration"] == {"independent": 1, "same_origin": 1, "unknown": 0}
    assert [outcome["verdict"] for outcome in whole["outcomes"]] == ["failed"]
    table = run("statements", "list", "--outcome", "failed", "--csv").out
    assert next(csv.DictReader(io.StringIO(table)))["verdict"] == "failed"
    assert "failed" in run("statements", "list").out
    assert run("statements", "show", 999).code == ExitCode.NOT_FOUND


def test_what_is_said_once_is_named_by_its_attribution(run: Run, bridge: Engine) -> None:
    done = run("statements", "outcome", 6, "held-up", "--attribution", "--note", "they sang")
    assert "held up" in done.err
    assert run("statements", "outcome", 6, "held-up", "--attribution", "--note", " ").code == ExitCode.ERROR
    assert run("statements", "outcome", 6, "held-up", "--day", "soon", "--note", "x").code == ExitCode.USAGE
    assert run("statements", "grade", 999, 1, "--why", "x").code == ExitCode.NOT_FOUND


def test_grading_a_source(run: Run, bridge: Engine) -> None:
    assert run("sources", "grade", "KCNA", "--history").err == "KCNA has no grade yet.\n"
    for letter in "CB":
        assert run("sources", "grade", "KCNA", letter, "--why", "its record", "--reviewer", "hana").code == 0
    [first, second] = run("sources", "grade", "KCNA", "--history", "--json").json
    assert (first["grade"], first["meaning"], second["grade"]) == ("B", "usually reliable", "C")
    assert "B (usually reliable): its record (hana)" in run("sources", "grade", "KCNA", "--history").out
    for wrong in (["KCNA"], ["KCNA", "B"], ["KCNA", "B", "--why", "x", "--history"], ["KCNA", "Z", "--why", "x"]):
        assert run("sources", "grade", *wrong).code == ExitCode.USAGE


def test_the_help_says_what_letters_and_digits_mean(run: Run) -> None:
    assert "C  fairly reliable" in run("sources", "grade", "--help").out
    assert "6  truth cannot be judged" in run("statements", "grade", "--help").out


@pytest.mark.slow
def test_labelled_pairs_are_scored_on_events_left_out(run: Run, home: Path) -> None:
    """The figures are lower bounds: a change that makes the suggestions worse is to be seen."""
    figures = run("statements", "evaluate", SEEDS, "--given", "--json").json["Given the gold attributions"]
    assert figures["same"]["f1"] > 0.70
    assert figures["related"]["f1"] > 0.64
    assert figures["tension"]["f1"] > 0.35
    assert figures["same_words"]["precision"]["n"] > 40


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"a": "XX9", "b": "NS1", "relation": "update"}, "has no attribution 'XX9'"),
        ({"a": "NS1", "b": "NS2", "relation": "update"}, "of one article"),
        ({"a": "NS1", "b": "SS1", "relation": "likely"}, "relation is wrong"),
        ({"a": "NS1", "b": "SS1"}, "relation is wrong"),
    ],
)
def test_bad_labels_are_named(line: dict[str, str], said: str, run: Run, home: Path) -> None:
    gold = home / "gold"
    gold.mkdir()
    (gold / "gold.jsonl").write_bytes(SEEDS.with_name("gold.jsonl").read_bytes())
    (gold / "pairs.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    result = run("statements", "evaluate", gold / "pairs.jsonl", "--texts", SEEDS.parents[1] / "articles", "--given")
    assert result.code == ExitCode.ERROR
    assert said in result.err
    assert "pairs.jsonl:1" in result.err
