"""The quick way through the bundled models gives what Stanza's own processors give."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import stanza
import torch
from stanza.models.common.doc import Document

from quotetrack.annotation import processor  # noqa: F401  registers the attribution processor
from quotetrack.annotation.models import model_set
from quotetrack.annotation.quick import QUICK, Step, steps, vectors
from quotetrack.annotation.quick.vectors import Vectors

ARTICLES = Path(__file__).parents[2] / "seeds" / "articles"
ODD = [
    "What?! “No!!” she said… E-mail ada.lorne@example.org or see www.example.org/a?b=c. \n\n \x0b\n3.5 % of 10 000",
    "SHOUTING AGENCY: MINISTER SAYS “NO”\t(adds details)\r\n\r\n\r\nBy A. Lorne\n– One.\n– Two,three ;four\u00a0five",
    "A line without an end that says the mayor spoke and the council heard it and then nobody said more. " * 25,
    "x" * 400,
]


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return stanza.Pipeline(
        "en", download_method=None, use_gpu=False, verbose=False, **model_set().pipeline_options()
    )  # fmt: skip


def run(ways: dict[str, Step], texts: Sequence[str]) -> list[Any]:
    documents: list[Any] = [Document([], text=text) for text in texts]
    with torch.inference_mode():
        for way in ways.values():
            documents = way(documents)
    return documents


def told(documents: Sequence[Any], *fields: str) -> list[Any]:
    units = (unit for document in documents for sentence in document.sentences for unit in sentence.words)
    return [tuple(getattr(unit, field) for field in fields) for unit in units]


@pytest.mark.models
def test_all_is_as_stanza_has_it(pipeline: Any) -> None:
    texts = [path.read_text("utf-8") for path in sorted(ARTICLES.glob("*.txt"))[:8]] + ODD
    quick = steps(pipeline)
    assert set(QUICK) <= set(quick)
    assert all(isinstance(quick[name], made) for name, made in QUICK.items())
    # Stanza's repair of a second subject and the like is left out
    pipeline.processors["depparse"].config["resolve_head_constraints"] = False
    own = run({name: each.bulk_process for name, each in pipeline.processors.items()}, texts)
    found = run(quick, texts)
    assert len(told(own)) > 2000
    for mine, theirs in zip(found, own, strict=True):
        assert mine.text == theirs.text
        assert [len(s.words) for s in mine.sentences] == [len(s.words) for s in theirs.sentences]
        assert (mine.num_tokens, mine.num_words) == (theirs.num_tokens, theirs.num_words)
    for fields in (("text", "start_char", "end_char", "id"), ("upos", "xpos", "feats"), ("lemma",), ("head", "deprel")):
        assert told(found, *fields) == told(own, *fields)
    labels = [[token.ner for d in documents for s in d.sentences for token in s.tokens] for documents in (found, own)]
    assert labels[0] == labels[1]
    assert {"O"} < set(labels[0])


@pytest.mark.models
@pytest.mark.parametrize(
    ("name", "option", "value"),
    [
        ("tokenize", "use_mwt", True),
        ("tokenize", "use_dictionary", True),
        ("pos", "charlm", True),
        ("pos", "bert_model", "some/transformer"),
        ("lemma", "dict_only", False),
        ("depparse", "charlm", True),
        ("depparse", "use_arc_embedding", True),
        ("depparse", "distance", False),
        ("ner", "charlm", True),
    ],
)
def test_a_model_of_another_kind_is_left_to_stanza(
    pipeline: Any, monkeypatch: pytest.MonkeyPatch, name: str, option: str, value: Any
) -> None:
    each = pipeline.processors[name]
    trainer = each.trainers[0] if name == "ner" else each.trainer
    monkeypatch.setitem(trainer.args, option, value)
    ways = steps(pipeline)
    assert ways[name] == each.bulk_process
    assert [other for other, way in ways.items() if type(way) is not QUICK.get(other)] == [name, "attribution"]


def test_a_word_is_worked_out_once_until_the_table_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "WORDS_KEPT", 5)
    asked: list[list[str]] = []

    def lengths(words: Sequence[str]) -> torch.Tensor:
        asked.append(list(words))
        return torch.tensor([[float(len(word))] for word in words])

    table = Vectors(lengths)
    for words in (
        ["a", "bb", "a"],
        ["bb", "ccc"],
        [],
        ["a"],
        ["dddd", "ccc", "eeeee", "ffffff"],
        ["a"],
        list("stuvwxyz"),
    ):
        rows = table.rows(words)
        assert table.table[rows].flatten().tolist() == [len(word) for word in words]
    assert asked == [["a", "bb"], ["ccc"], ["dddd", "ccc", "eeeee", "ffffff"], ["a"], list("stuvwxyz")]
    assert len(set(chain(*asked))) == 14
