"""Whole evaluations of small invented gold. The figures were counted by hand, and by independent scorers."""

from pathlib import Path

import pytest

from quotetrack.domain import Attribution, Span
from quotetrack.evaluation.gold import Form, GoldArticle, GoldAttribution, GoldSet
from quotetrack.evaluation.lines import read_lines
from quotetrack.evaluation.mistakes import mistakes
from quotetrack.evaluation.phenomena import crosses_paragraph, crosses_sentence
from quotetrack.evaluation.polnear import read_polnear
from quotetrack.evaluation.predictions import read_predictions
from quotetrack.evaluation.score import Evaluation, evaluate
from quotetrack.sources.catalogue import Catalogue, bundled_catalogue
from tests.evaluation.build import BRIDGE, BRIDGE_FOUND, FOUND, gold_file, offsets, polnear, predictions

# Right among the found, found, right among the gold, gold: for all, in quotation marks, and the rest.
POLNEAR = {
    "content_exact": ((5, 9, 9), (2, 3, 3), (3, 6, 6)),
    "content_overlap": ((141, 179, 149), (43, 43, 45), (98, 136, 104)),
    "cue_exact": ((5, 8, 8), (2, 2, 2), (3, 6, 6)),
    "cue_overlap": ((42, 52, 51), (9, 9, 9), (33, 43, 42)),
    "source_exact": ((4, 7, 7), (2, 2, 2), (2, 5, 5)),
    "source_overlap": ((52, 72, 67), (12, 12, 12), (40, 60, 55)),
    "attribution_0.3": ((7, 9, 8), (2, 3, 2), (5, 6, 6)),
    "attribution": ((7, 9, 8), (2, 3, 2), (5, 6, 6)),
    "attribution_0.8": ((5, 9, 8), (1, 3, 2), (4, 6, 6)),
    "end_to_end": ((5, 9, 8), (1, 3, 2), (4, 6, 6)),
    "end_to_end_word": ((5, 9, 8), (1, 3, 2), (4, 6, 6)),
}


@pytest.fixture
def spans(tmp_path: Path) -> Evaluation:
    gold = read_polnear(polnear(tmp_path))
    return evaluate(gold, read_predictions(predictions(tmp_path / "found"), gold, ()).found, bundled_catalogue())


@pytest.fixture
def names(tmp_path: Path) -> Evaluation:
    gold = read_lines(gold_file(tmp_path))
    found = read_predictions(predictions(tmp_path / "found", BRIDGE_FOUND), gold, ()).found
    return evaluate(gold, found, bundled_catalogue())


def test_the_figures_of_spans(spans: Evaluation) -> None:
    for name, expected in POLNEAR.items():
        got = [each.rates[name] for each in (spans.figures, spans.groups["direct"], spans.groups["rest"])]
        assert tuple((rate.right, rate.found, rate.gold) for rate in got) == expected, name
    assert set(spans.figures.rates) == set(POLNEAR)
    assert {name: (share.k, share.n) for name, share in spans.figures.shares.items()} == {
        "source": (5, 7),
        "source_word": (5, 7),
    }


def test_spans_alone_have_no_kinds_classes_or_nesting(spans: Evaluation) -> None:
    assert spans.splits == {"kind": {}, "speaker class": {}}
    assert {name: (s.attribution.right, s.attribution.gold) for name, s in spans.phenomena.items()} == {
        "split content": (1, 1),
        "short content": (1, 2),
        "no source in the text": (1, 1),
        "pronoun as source": (1, 1),
        "cue before source": (2, 2),
    }


def test_the_calibration_counts_the_right_source_where_no_speaker_is_known(spans: Evaluation) -> None:
    assert [(each.confidence, each.right.k, each.right.n) for each in spans.calibration.bins] == [
        (0.2, 1, 1), (0.3, 0, 1), (0.4, 0, 1), (0.5, 1, 1), (0.6, 0, 1), (0.8, 0, 1), (0.9, 1, 1), (0.95, 1, 1),
        (0.99, 1, 1),
    ]  # fmt: skip
    off = 0.8 + 0.3 + 0.4 + 0.5 + 0.6 + 0.8 + 0.1 + 0.05 + 0.01
    assert spans.calibration.error == pytest.approx(off / 9)


def test_the_mistakes_of_spans(spans: Evaluation) -> None:
    made = [(m.article.name, [p.value for p in m.problems], m.start) for m in mistakes(spans)]
    starts = {part: offsets(BRIDGE, part)[0][0] for part in ("“It is safe", "that", "of\nnew", "to comment")}
    assert made == [
        ("gazette_bridge", ["source"], starts["“It is safe"]),  # the longer half of it was paired, and has no source
        ("gazette_bridge", ["invented"], starts["“It is safe"]),
        ("gazette_bridge", ["missed"], starts["that"]),
        ("gazette_bridge", ["source"], starts["of\nnew"]),
        ("gazette_bridge", ["invented"], starts["to comment"]),
    ]


def test_the_figures_of_names_and_channels(names: Evaluation) -> None:
    attribution = names.figures.rates["attribution"]
    assert (attribution.right, attribution.found, attribution.gold) == (4, 5, 5)  # one borderline pair set aside
    by_speaker = names.figures.rates["end_to_end_speaker"]
    assert (by_speaker.right, by_speaker.found, by_speaker.gold) == (3, 5, 5)
    exact = names.figures.rates["content_exact"]
    assert (exact.right, exact.found, exact.gold) == (5, 6, 6)  # of the reading that was found
    assert {name: (share.k, share.n) for name, share in names.figures.shares.items()} == {
        "source": (4, 4),
        "source_word": (4, 4),
        "speaker": (3, 4),
        "chain": (3, 4),
        "stated": (1, 1),
        "unstated": (2, 3),
        "speaker_and_chain": (2, 4),
        "kind": (4, 4),
        "polarity": (4, 4),
        "nested": (1, 2),
        "distractors": (1, 2),
    }


def test_the_splits(names: Evaluation) -> None:
    counts = {
        label: (s.attribution.right, s.attribution.found, s.attribution.gold, s.speaker.k, s.speaker.n)
        for parts in names.splits.values()
        for label, s in parts.items()
    }
    assert counts == {
        "direct": (1, 1, 1, 0, 1),
        "indirect": (2, 3, 2, 2, 2),  # one of the found is of the distractor
        "reported": (1, 1, 2, 1, 1),
        "institution": (0, 0, 1, 0, 0),
        "media": (2, 2, 2, 2, 2),
        "official": (2, 2, 2, 1, 2),
    }
    assert {name: (s.attribution.right, s.attribution.gold, s.speaker.k) for name, s in names.phenomena.items()} == {
        "nested": (1, 2, 1),
        "negated": (0, 1, 0),
        "short content": (1, 2, 0),
        "pronoun as source": (1, 1, 0),
        "cue before source": (1, 1, 1),
        "stated channel": (1, 2, 1),
    }


def test_the_calibration_counts_the_right_speaker(names: Evaluation) -> None:
    assert [(b.confidence, b.right.k) for b in names.calibration.bins] == [
        (0.4, 0), (0.5, 1), (0.6, 1), (0.8, 0), (0.9, 1),
    ]  # fmt: skip
    assert names.calibration.error == pytest.approx(0.44)


def test_the_mistakes_of_names(names: Evaluation) -> None:
    made = [([p.value for p in m.problems], m.gold.id if m.gold else None) for m in mistakes(names)]
    assert made == [(["speaker"], "A2"), (["chain"], "A4"), (["missed"], "A5"), (["distractor"], None)]
    distracted = mistakes(names)[-1]
    assert distracted.distractor is not None
    assert distracted.distractor.id == "D1"
    assert mistakes(names)[0].reading == 1


def test_gold_against_itself_is_all_right(tmp_path: Path) -> None:
    gold = read_polnear(polnear(tmp_path))
    found = {a.name: tuple(Attribution(g.content, g.cue, g.source) for g in a.attributions) for a in gold.articles}
    same = evaluate(gold, found, bundled_catalogue())
    for figures in (same.figures, *same.groups.values()):
        assert {rate.f1 for rate in figures.rates.values()} == {1.0}
        assert {share.value for share in figures.shares.values()} == {1.0}
    assert mistakes(same) == ()


def test_nothing_found_is_no_fault(tmp_path: Path) -> None:
    gold = read_lines(gold_file(tmp_path))
    none = evaluate(gold, {}, bundled_catalogue())
    assert {rate.f1 for rate in none.figures.rates.values()} == {0.0}
    assert none.calibration.error is None
    assert {name: share.value for name, share in none.figures.shares.items()} == {"nested": 0.0, "distractors": 1.0}
    assert [p.value for m in mistakes(none) for p in m.problems] == ["missed"] * 5


def test_what_overlaps_too_little_is_one_mistake_but_counts_twice() -> None:
    text = "Anna said the bridge would open in May."
    gold = GoldSet(Form.JSONL, (GoldArticle("a", text, (GoldAttribution("1", ((Span(10, 38),),)),)),), "here")
    evaluation = evaluate(gold, {"a": (Attribution((Span(32, 38),)),)}, Catalogue(()))
    rate = evaluation.figures.rates["attribution"]
    assert (rate.right, rate.found, rate.gold) == (0, 1, 1)
    assert [[p.value for p in m.problems] for m in mistakes(evaluation)] == [["boundaries"]]


@pytest.mark.parametrize("number", range(len(FOUND["gazette_bridge"])))
def test_a_prediction_less_never_raises_precision_and_recall_together(number: int, tmp_path: Path) -> None:
    gold = read_polnear(polnear(tmp_path))
    all_found = read_predictions(predictions(tmp_path / "found"), gold, ()).found
    fewer = {**all_found, "gazette_bridge": tuple(a for n, a in enumerate(all_found["gazette_bridge"]) if n != number)}
    before, after = (evaluate(gold, f, bundled_catalogue()).figures.rates["attribution"] for f in (all_found, fewer))
    assert after.found == before.found - 1
    assert before.right - 1 <= after.right <= before.right


# Phenomena.


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("It is so. He left", True),
        ("It is so.” “He left", True),
        ("Mr. Smith of the U.S. Senate left", False),
        ("at 5 p.m. He left", False),
        ("It is so. he left", False),
        ("It is so.", False),
    ],
)
def test_content_over_sentences(text: str, over: bool) -> None:
    assert crosses_sentence((Span(0, len(text)),), text) is over


def test_content_over_paragraphs() -> None:
    text = "One.\nTwo.\n \nThree."
    assert not crosses_paragraph((Span(0, 9),), text)
    assert not crosses_paragraph((Span(0, 12),), text)  # the white space at its end is none of it
    assert crosses_paragraph((Span(0, 4), Span(13, 15)), text)


# What decides close cases.

SAYS = "Anna said Bob said the bridge would open in May."


def one_gold(form: Form, *attributions: GoldAttribution) -> GoldSet:
    return GoldSet(form, (GoldArticle("a", SAYS, attributions),), "here")


def test_a_second_attribution_of_borderline_content_does_not_count_either() -> None:
    gold = one_gold(Form.JSONL, GoldAttribution("1", ((Span(19, 47),),), borderline=True))
    found = (Attribution((Span(19, 47),)), Attribution((Span(19, 40),)), Attribution((Span(19, 25),)))
    rate = evaluate(gold, {"a": found}, Catalogue(())).figures.rates["attribution"]
    assert (rate.right, rate.found, rate.gold) == (0, 1, 0)  # the last overlaps it too little to be set aside


@pytest.mark.parametrize(("form", "paired"), [(Form.JSONL, "inner"), (Form.POLNEAR, "outer")])
def test_the_cue_tells_nested_attributions_apart_where_gold_can_nest(form: Form, paired: str) -> None:
    outer = GoldAttribution("outer", ((Span(10, 47),),), cue=(Span(5, 9),))
    inner = GoldAttribution("inner", ((Span(19, 47),),), cue=(Span(14, 18),), parent="outer")
    found = Attribution((Span(14, 47),), cue=(Span(14, 18),))
    [judged] = evaluate(one_gold(form, outer, inner), {"a": (found,)}, Catalogue(())).judged
    assert [judged.case.gold[pair.gold].value.id for pair in judged.pairs] == [paired]
