"""Confidence: a probability that never falls when the tagger or the linker is surer, and never claims certainty."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.attribution import attribute
from quotetrack.attribution.assemble import Draft
from quotetrack.attribution.confidence import (
    LEAST,
    MOST,
    RULE_SHARE,
    TAGGED,
    confidence_features,
    confidence_of,
)
from quotetrack.attribution.weights import CONFIDENCE_WEIGHTS
from quotetrack.domain import AnnotatedText, Kind, Step
from quotetrack.sources.catalogue import bundled_catalogue

from .build import parsed
from .drafts import draft

SAID = """
    [Lorne]  {said/say}  <heavy  rain   fell/fall>  and    snow   came/come  too     .
    PROPN    VERB+Fin    ADJ     NOUN   VERB+Fin    CCONJ  NOUN   VERB+Fin   ADV     PUNCT
    2        0           4       5      2           8      8      5          8       2
    nsubj    root        amod    nsubj  ccomp       cc     nsubj  conj       advmod  punct
"""
TEXT = parsed(SAID)
PROBABILITY = st.floats(0, 1)
DRAFTS = st.builds(
    lambda content, cue, source: draft(TEXT, content, cue, source),
    st.sampled_from(["heavy rain fell", "snow came too", "heavy rain | snow came", "heavy | rain | snow | too"]),
    st.sampled_from(["said", "and", ""]),
    st.sampled_from(["Lorne", ""]),
)


def with_sureness(one: Draft, sure: dict[str, float]) -> Draft:
    """The draft with these probabilities of its parts and of its links."""
    return replace(
        one,
        content=[replace(span, confidence=sure["content"]) for span in one.content],
        cue=one.cue and replace(one.cue, confidence=sure["cue"]),
        source=[replace(span, confidence=sure["source"]) for span in one.source],
        link_confidence=sure["link"],
    )


PARTS = ("content", "cue", "source", "link")
SURE = st.fixed_dictionaries(dict.fromkeys(PARTS, PROBABILITY))


@given(DRAFTS, SURE, st.sampled_from(PARTS), PROBABILITY, st.sampled_from(Kind), st.sampled_from(sorted(TAGGED)))
def test_it_never_falls_when_a_part_is_surer(
    one: Draft, sure: dict[str, float], part: str, other: float, kind: Kind, rule: str
) -> None:
    low, high = sorted((sure[part], other))
    less, more = (
        confidence_of(TEXT, replace(with_sureness(one, sure | {part: value}), rule=rule), kind) for value in (low, high)
    )
    assert less <= more
    assert less >= LEAST
    assert more <= MOST


@pytest.mark.parametrize("part", PARTS)
def test_it_grows_with_every_part(part: str) -> None:
    one = draft(TEXT, "heavy rain fell", "said", "Lorne")
    rising = [
        confidence_of(TEXT, with_sureness(one, dict.fromkeys(PARTS, 0.9) | {part: value}), Kind.INDIRECT)
        for value in (0.1, 0.3, 0.6, 0.89)
    ]
    assert rising == sorted(set(rising))


def test_neither_certain_nor_impossible() -> None:
    one = draft(TEXT, "heavy rain fell", "said", "Lorne")
    sure = confidence_of(TEXT, with_sureness(one, dict.fromkeys(PARTS, 1.0)), Kind.MIXED)
    unsure = with_sureness(draft(TEXT, "heavy", "", ""), dict.fromkeys(PARTS, 0.0))
    assert sure <= MOST < 1
    assert confidence_of(TEXT, unsure, Kind.DIRECT) == LEAST > 0


def test_it_is_the_logistic_of_the_weighted_features() -> None:
    one = draft(TEXT, "heavy rain fell", "said", "Lorne", sure=0.5)
    one.link_confidence = 0.5
    features = confidence_features(TEXT, one, Kind.INDIRECT)
    assert {name for name, value in features.items() if value} == {"base", "speech", "short"}
    score = CONFIDENCE_WEIGHTS["base"] + CONFIDENCE_WEIGHTS["speech"] + CONFIDENCE_WEIGHTS["short"]
    assert confidence_of(TEXT, one, Kind.INDIRECT) == round(1 / (1 + math.exp(-score)), 4)


@pytest.mark.parametrize(
    ("one", "kind", "expected"),
    [
        (draft(TEXT, "heavy rain fell and", "said", "Lorne"), Kind.INDIRECT, {"speech"}),
        (draft(TEXT, "heavy rain fell and", "too", "Lorne"), Kind.DIRECT, {"direct"}),
        (draft(TEXT, "heavy rain fell and", "too", ""), Kind.MIXED, {"no_source", "mixed"}),
        (draft(TEXT, "heavy rain fell and", "", ""), Kind.REPORTED, {"no_cue", "no_source", "reported"}),
        (draft(TEXT, "heavy rain fell | snow came", "too", "Lorne"), Kind.INDIRECT, {"pieces"}),
        (draft(TEXT, "heavy", "too", "Lorne"), Kind.INDIRECT, {"short"}),
    ],
)
def test_what_it_looks_at(one: Draft, kind: Kind, expected: set[str]) -> None:
    always = {"base", "least_sure", "content_sure", "linked"}
    assert {name for name, value in confidence_features(TEXT, one, kind).items() if value} == always | expected


def test_more_than_three_pieces_count_as_three() -> None:
    pieces = [
        draft(TEXT, content)
        for content in ("heavy", "heavy | rain", "heavy | rain | fell", "heavy | rain | fell | too")
    ]
    assert [confidence_features(TEXT, one, Kind.INDIRECT)["pieces"] for one in pieces] == [0, 1, 2, 2]


def test_redrawn_contents_and_those_of_quotation_marks_are_told_apart() -> None:
    one = draft(TEXT, "heavy rain fell and", "said", "Lorne")
    plain = confidence_features(TEXT, one, Kind.INDIRECT)
    redrawn = replace(one, steps=[Step("content", "without_gloss")])
    cue_only = replace(one, steps=[Step("cue", "object_returned")])
    assert confidence_features(TEXT, redrawn, Kind.INDIRECT) == plain | {"redrawn": 1.0}
    assert confidence_features(TEXT, cue_only, Kind.INDIRECT) == plain
    assert confidence_features(TEXT, replace(one, rule="quotation"), Kind.INDIRECT) == plain | {"quotation": 1.0}


@pytest.mark.parametrize("rule", ["noun_cue", "silence", "nested", "citing", "bare_cue"])
def test_what_a_rule_found_has_the_share_of_such(rule: str) -> None:
    one = draft(TEXT, "heavy rain fell", "said", "Lorne", sure=0.01)
    assert confidence_of(TEXT, replace(one, rule=rule), Kind.INDIRECT) == RULE_SHARE


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    features = confidence_features(TEXT, draft(TEXT, "heavy rain fell"), Kind.INDIRECT)
    assert set(features) == set(CONFIDENCE_WEIGHTS)


def test_surer_parts_have_positive_weights() -> None:
    """Else an unsure tagger would make an attribution surer."""
    assert min(CONFIDENCE_WEIGHTS[name] for name in ("least_sure", "content_sure", "linked")) > 0


def test_the_explanation_names_the_weakest_part() -> None:
    spans = [replace(span, confidence=0.3 if span.first == 1 else 0.9) for span in TEXT.tagged]
    [found] = attribute(AnnotatedText(TEXT.text, TEXT.tokens, (), tuple(spans)), bundled_catalogue())
    last = found.steps[-1]
    assert (last.part, last.rule, last.spans, last.value) == ("confidence", "weakest_span", found.cue, "30%")
