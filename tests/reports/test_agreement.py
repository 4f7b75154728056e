"""Agreement figures against values worked out by hand and against a published table."""

import json
from collections import Counter

import pytest

from quotetrack.cli import main
from quotetrack.domain import Kind, Span, SpanRole
from quotetrack.reports.agreement import agreement, kappa, overlap
from quotetrack.store import decisions
from quotetrack.store.decisions import Action, decide, pairs
from quotetrack.store.engine import Engine
from tests.store.build import channel, quote, save, speaker


def table(*rows: list[int]) -> list[tuple[int, int]]:
    """Pairs of answers from a table of counts: the row is the first person's, the column the second's."""
    return [(i, j) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)]


def test_kappa_of_a_published_table() -> None:
    """Fleiss, Cohen and Everitt, Psychological Bulletin 72, 1969, p. 323: shares of three diagnoses, κ = 0.429."""
    found = kappa(table([53, 5, 2], [11, 14, 5], [1, 6, 3]))
    assert found.observed == pytest.approx(0.70)
    assert found.expected == pytest.approx(0.475)
    assert found.value == pytest.approx(0.429, abs=0.0005)


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (([20, 5], [10, 15]), 0.4),  # 35/50 seen; (25·30 + 25·20)/2500 = 0.5 expected
        (([45, 15], [25, 15]), (0.60 - 0.54) / 0.46),
        (([25, 35], [5, 35]), (0.60 - 0.46) / 0.54),
        (([10, 0], [0, 10]), 1.0),
        (([0, 10], [10, 0]), -1.0),
        (([5, 5], [5, 5]), 0.0),
    ],
)
def test_kappa_worked_out_by_hand(rows: tuple[list[int], ...], value: float) -> None:
    assert kappa(table(*rows)).value == pytest.approx(value)
    assert kappa([(b, a) for a, b in table(*rows)]).value == pytest.approx(value)


def test_kappa_is_not_defined_without_answers_or_without_a_choice() -> None:
    assert (kappa([]).value, kappa([]).n) == (None, 0)
    same = kappa([("a", "a")] * 5)
    assert (same.value, same.observed, same.n) == (None, 1.0, 5)


def test_overlap_worked_out_by_hand() -> None:
    one, other = (Span(0, 10), Span(20, 30)), (Span(5, 25),)
    found = overlap([(one, other)])
    assert (found.both, found.one, found.other, found.f1) == (10, 20, 20, 0.5)
    assert overlap([(one, one)]).f1 == 1
    assert overlap([(one, ())]).f1 == 0
    assert overlap([(one, other), ((Span(0, 40),), (Span(0, 40),))]).f1 == pytest.approx(2 * 50 / 120)
    assert (overlap([((), ())]).f1, overlap([((), ())]).n) == (None, 0)


@pytest.fixture
def judged(engine: Engine) -> Engine:
    """Four attributions judged by two: three accepted by both, and one of those each with another speaker and kind."""
    save(engine, *(quote(channel("KCNA"), speaker("Anna Smith")) for _ in range(5)))
    for number in (1, 2, 3, 4, 5):
        decide(engine, number, Action.ACCEPT, reviewer="hana")
    decide(engine, 1, Action.ACCEPT, reviewer="ben", second=True)
    decisions.set_speaker(engine, 2, "KCNA", reviewer="ben", second=True)
    decisions.set_spans(engine, 3, {SpanRole.CONTENT: (Span(0, 25),)}, reviewer="ben", second=True)
    decisions.set_kind(engine, 3, Kind.DIRECT, reviewer="ben", second=True)
    decide(engine, 4, Action.REJECT, reviewer="ben", second=True)
    return engine


def test_the_report_compares_what_both_judged(judged: Engine) -> None:
    report = agreement(pairs(judged))
    assert (report["items"], report["both_accepted"], report["reviewers"]) == (4, 3, ["ben", "hana"])
    kappas = report["kappa"]
    assert {name: row["n"] for name, row in kappas.items()} == {"verdict": 4, "speaker": 3, "kind": 3, "polarity": 3}
    assert {name: row["observed"] for name, row in kappas.items()} == pytest.approx(
        {"verdict": 3 / 4, "speaker": 2 / 3, "kind": 2 / 3, "polarity": 1}
    )
    assert kappas["verdict"]["kappa"] == 0  # Hana accepted everything: chance does as well.
    assert kappas["polarity"]["kappa"] is None
    assert report["overlap"]["content"] == {"f1": pytest.approx(2 * 125 / 275), "n": 3}
    assert report["overlap"]["cue"] == {"f1": None, "n": 0}


@pytest.mark.parametrize("form", ["--json", ""])
def test_the_command_says_the_same(
    form: str, judged: Engine, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", "agreement", "--database", str(database), *([form] if form else [])]
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 0
    out = capsys.readouterr().out
    if form:
        assert json.loads(out) == json.loads(json.dumps(agreement(pairs(judged))))
    else:
        assert "Agreement on 4 attributions judged by two (3 accepted by both): ben, hana" in out
        rows = Counter(line.split()[0] for line in out.splitlines() if line.strip())
        assert {"verdict", "speaker", "kind", "polarity", "content", "cue", "source"} <= rows.keys()
        assert "0.91" in out
