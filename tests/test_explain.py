"""Explanations: a sentence for every step that can occur, and the words of the article it rests on."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from inspect import getsource
from pathlib import Path
from random import Random

import pytest

import quotetrack.attribution
from quotetrack.attribution import attribute, words
from quotetrack.attribution.refine import REDRAWING, RELINKING
from quotetrack.domain import AnnotatedText, Article, Attribution, Kind, Polarity, Span, Step, text_of
from quotetrack.explain import SAID, Reason, reasons
from quotetrack.reading import Metadata, read_inputs
from quotetrack.sources.catalogue import bundled_catalogue
from tests.attribution.build import parsed
from tests.attribution.random_annotation import annotation_of

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds" / "articles"
NAMES = {"PERSON": "Ada Lorne; Lorne; Otto Brandt", "ORG": "UNICEF; Coast TV", "LOC": "Norland"}
FALLBACK = "Decided by rule"
LEMMAS = sorted({word for value in vars(words).values() if isinstance(value, frozenset) for word in value})


def hand_built() -> Iterator[AnnotatedText]:
    """Every text that stands by itself in the tests of attribution."""
    for path in sorted((HERE / "attribution").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("\n") > 3:
                with suppress(ValueError, KeyError, IndexError):  # a docstring, or a table with a gap to be filled
                    yield parsed(node.value, **NAMES)


def samples() -> Iterator[AnnotatedText]:
    """The sample articles as they stand, their parse and their tags left to chance."""
    for article in read_inputs([str(SEEDS)], defaults=Metadata()):
        assert isinstance(article, Article)
        for seed in range(2):
            yield annotation_of(article.text, Random(seed), ["say", "tell", "quote", "accord", "decline", *LEMMAS[:40]])


@cache
def explained() -> tuple[tuple[str, Attribution], ...]:
    """Texts with their attributions."""
    texts = [*hand_built(), *samples()]
    return tuple((text.text, found) for text in texts for found in attribute(text, bundled_catalogue()))


def said(step: Step, text: str = "") -> Reason:
    [reason] = reasons([step], text)
    return reason


# a sentence for each


def test_there_is_plenty_to_explain() -> None:
    found_by = "tagger quotation bare_cue noun_cue free_relative silence trailing_clause nested citing".split()
    assert {found.made_by for _, found in explained()} >= set(found_by)
    assert len(explained()) > 500


def test_every_step_that_occurs_has_a_sentence() -> None:
    unsaid = {
        (step.part, step.rule)
        for text, found in explained()
        for step in found.steps
        if said(step, text).said.startswith((FALLBACK, "Redrawn by rule"))
    }
    assert unsaid == set()


@pytest.mark.parametrize("part", ["content", "cue", "source"])
@pytest.mark.parametrize("rule", [*RELINKING, *REDRAWING, "each_clause"])
def test_every_way_to_redraw_a_span_has_a_sentence(rule: str, part: str) -> None:
    if rule == "only_speech" or (part == "content" and rule in ("quoted_as", "quoted_person", "said_before_according")):
        return  # the one only drops drafts, the others leave the content as it was
    reason = said(Step(part, rule, (Span(0, 2),)), "He left")
    assert not reason.said.startswith(FALLBACK)
    assert (reason.part, reason.evidence) == (part, ("He",))


def test_every_kind_of_voice_and_every_kind_have_a_sentence() -> None:
    source = "".join(
        getsource(import_module(f"quotetrack.attribution.{name}")) for name in ("nominals", "speakers", "channels")
    )
    made_by = set(re.findall(r'made_by="(\w+)"', source)) | set(re.findall(r'span, "(\w+)"', source))
    assert made_by >= {"pronoun", "floating", "relative", "according_to", "relayed", "told", "placed", "carried"}
    sentences = {key.partition(" ")[2] for key in SAID}
    assert made_by - sentences == set()
    assert {kind.value for kind in Kind} <= {key.removeprefix("kind ") for key in SAID if key.startswith("kind ")}


TOLD = """
    {Told/tell  TASS}  ,      <rain  fell/fall>  .
    VERB        PROPN  PUNCT  NOUN   VERB+Fin    PUNCT
    0           1      1      5      1           1
    root        obj    punct  nsubj  ccomp       punct
"""


def test_a_channel_that_speaks_for_itself_has_a_sentence() -> None:
    """Nobody behind it is named: the rule that found the channel found the speaker."""
    [found] = attribute(parsed(TOLD), bundled_catalogue())
    [step] = [step for step in found.steps if step.part == "speaker"]
    assert (step.rule, step.value) == ("told", "TASS")
    assert not said(step).said.startswith(FALLBACK)


@pytest.mark.parametrize("rule", ["according_to", "relayed"])
def test_these_channels_have_a_sentence_as_speakers_too(rule: str) -> None:
    assert "TASS" in said(Step("speaker", rule, (), "TASS")).said
    assert not said(Step("speaker", rule, (), "TASS")).said.startswith(FALLBACK)


def test_every_sentence_belongs_to_a_rule_there_is() -> None:
    package = Path(quotetrack.attribution.__file__).parents[1]
    read = [path for part in ("attribution", "statements", "store") for path in package.joinpath(part).rglob("*.py")]
    named = {word for path in read for word in re.findall(r'"(\w+)"', path.read_text("utf-8"))}
    rules = named | {value.value for value in (*Kind, *Polarity)}
    assert {key for key in SAID if key.partition(" ")[2] not in rules} == set()


# what they say


def test_a_sentence_is_a_sentence() -> None:
    for key, sentence in SAID.items():
        assert sentence[0].isupper() or sentence[0] in "“{", key
        assert sentence.endswith((".", "Before:")), key
        assert set(re.findall(r"\{(\w*)\}", sentence)) <= {"value", "rule"}, key


def test_nothing_is_left_to_be_filled_in() -> None:
    for text, found in explained():
        for reason in reasons(found.steps, text):
            assert "{value}" not in reason.said
            assert "{rule}" not in reason.said


def test_the_evidence_is_what_stands_in_the_text() -> None:
    for text, found in explained():
        for step, reason in zip(found.steps, reasons(found.steps, text), strict=True):
            assert (reason.part, reason.spans) == (step.part, step.spans)
            assert reason.evidence == tuple(" ".join(text[span.start : span.end].split()) for span in step.spans)


def test_evidence_over_several_lines_stands_on_one() -> None:
    text = "“Rain fell.\n\n“Snow  fell.”"
    assert said(Step("content", "tagger", (Span(0, len(text)),)), text).evidence == ("“Rain fell. “Snow fell.”",)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step("speaker", "name", (), "Ada Lorne"), "Ada Lorne is named."),
        (
            Step("speaker", "pronoun", (), "Ada Lorne"),
            "The pronoun stands for Ada Lorne, found where the article last said so.",
        ),
        (Step("channel", "told", (), "TASS"), "It was told to TASS, and so reached the page through it."),
        (Step("confidence", "weakest_span", (), "30%"), "The least sure part is what the tagger gave 30%."),
        (Step("source", "no_such_rule"), "Redrawn with the content. Before:"),
        (Step("channel", "no_such_rule", (), "TASS"), "Decided by rule no_such_rule: TASS"),
        (Step("channel", "no_such_rule"), "Decided by rule no_such_rule: somebody"),
    ],
)
def test_what_is_said(step: Step, expected: str) -> None:
    assert said(step).said == expected


@pytest.mark.parametrize(
    ("rule", "wrong"), [("object_returned", "belongs to the cue"), ("refused", "what is kept back is the cue")]
)
def test_what_is_said_of_a_redrawn_cue_is_true(rule: str, wrong: str) -> None:
    assert wrong not in said(Step("cue", rule)).said


# what they are made of


def test_an_explanation_goes_from_the_content_to_the_confidence() -> None:
    for _, found in explained():
        outer = ("nested", "citing", "wire_credit")
        parts = [step.part for step in found.steps if step.part != "channel" or step.rule not in outer]
        assert (parts[0], parts[-1]) == ("content", "confidence")
        assert {"speaker", "kind"} <= set(parts)


def unexplained(found: Attribution) -> set[str]:
    """The hops of its chain of which no step tells."""
    told = {step.value for step in found.steps if step.part in ("speaker", "channel")}
    return {hop.name for hop in found.chain if hop.made_by != "wire_credit"} - told


def test_the_speaker_and_the_channels_of_the_chain_are_explained() -> None:
    assert [found.chain for _, found in explained() if unexplained(found)] == []


def test_the_wire_is_explained() -> None:
    text = parsed(TOLD)
    [found] = attribute(text, bundled_catalogue(), Article(text.text, "test", author="Ann Quay, Reuters"))
    assert [hop.name for hop in found.chain] == ["Reuters", "TASS"]
    assert ("channel", "wire_credit", "Reuters") in [(step.part, step.rule, step.value) for step in found.steps]


QUOTED = """
    <“     Rain   fell/fall  here    .>
    PUNCT  NOUN   VERB+Fin   ADV     PUNCT
    3      3      0          3       3
    punct  nsubj  root       advmod  punct
"""


def test_a_mark_that_is_lost_is_told_of() -> None:
    text = parsed(QUOTED)
    [found] = attribute(text, bundled_catalogue())
    repairs = [step for step in found.steps if step.part == "repair"]
    assert [(step.rule, text_of(step.spans, text.text)) for step in repairs] == [
        ("unclosed_mark", "“ … “Rain fell here.")
    ]
