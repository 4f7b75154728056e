"""The linker: which cue a content belongs to, which source a cue, and what is better left alone."""

import math

import pytest

from quotetrack.attribution.assemble import (
    FEATURES,
    QUOTED_CONFIDENCE,
    assemble,
    choose,
    head_of,
    overlooked,
    pair_features,
)
from quotetrack.attribution.marks import quotations
from quotetrack.attribution.weights import CONTENT_WEIGHTS, SOURCE_WEIGHTS
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

from .build import CONFIDENCE, parsed, where

NARRATION = """
    Nobody  moved/move  .
    PRON    VERB+Fin    PUNCT
    2       0           2
    nsubj   root        punct
"""
RIVALS = parsed(
    """
    [Lorne]  {said/say}  <rain  fell/fall>  ,      but    [Brandt]  {denied/deny}  <snow  fell/fall>  .
    PROPN    VERB+Fin    NOUN   VERB+Fin    PUNCT  CCONJ  PROPN     VERB+Fin       NOUN   VERB+Fin    PUNCT
    2        0           4      2           8      8      8         2              10     8           2
    nsubj    root        nsubj  ccomp       punct  cc     nsubj     conj           nsubj  ccomp       punct
    """
)
SPLIT = parsed(
    """
    <“     Rain   fell/fall  ,      ”>     [Lorne]  {said/say}  ,      <“     and    snow   fell/fall  .      ”>
    PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  PROPN    VERB+Fin    PUNCT  PUNCT  CCONJ  NOUN   VERB+Fin   PUNCT  PUNCT
    3      3      7          3      3      7        0           12     12     12     12     7          7      7
    punct  nsubj  ccomp      punct  punct  nsubj    root        punct  punct  cc     nsubj  conj       punct  punct
    """
)
SHARED = parsed(
    """
    [Lorne]  {said/say}  <rain  fell/fall>  and    {added/add}  <that  snow   followed/follow>  .
    PROPN    VERB+Fin    NOUN   VERB+Fin    CCONJ  VERB+Fin     SCONJ  NOUN   VERB+Fin          PUNCT
    2        0           4      2           6      2            9      9      6                 2
    nsubj    root        nsubj  ccomp       cc     conj         mark   nsubj  ccomp             punct
    """
)
QUOTE = """
    “      Rain   fell/fall  here   .      ”
    PUNCT  NOUN   VERB+Fin   ADV    PUNCT  PUNCT
    3      3      0          3      3      3
    punct  nsubj  root       advmod punct  punct
"""


def linked(text: AnnotatedText) -> list[tuple[list[str], str, list[str]]]:
    """Contents, cue and sources of every draft, as words."""

    def words(span: TaggedSpan) -> str:
        return text.span(span.first, span.last).of(text.text)

    return [
        ([words(c) for c in draft.content], words(draft.cue) if draft.cue else "", [words(s) for s in draft.source])
        for draft in assemble(text, quotations(text.text))
    ]


def test_a_content_goes_to_its_own_cue_although_another_is_near() -> None:
    assert linked(RIVALS) == [
        (["rain fell"], "said", ["Lorne"]),
        (["snow fell"], "denied", ["Brandt"]),
    ]


def test_one_source_serves_two_cues() -> None:
    assert linked(SHARED) == [
        (["rain fell"], "said", ["Lorne"]),
        (["that snow followed"], "added", ["Lorne"]),
    ]


def test_a_content_split_by_its_cue_is_one() -> None:
    assert linked(SPLIT) == [(["“Rain fell,”", "“and snow fell.”"], "said", ["Lorne"])]


def test_a_content_far_from_any_cue_is_left_without_one() -> None:
    content = """
        <Rain  fell/fall>  .
        NOUN   VERB+Fin    PUNCT
        2      0           2
        nsubj  root        punct
    """
    said = """
        [Lorne]  {said/say}  <snow  fell/fall>  .
        PROPN    VERB+Fin    NOUN   VERB+Fin    PUNCT
        2        0           4      2           2
        nsubj    root        nsubj  ccomp       punct
    """
    text = parsed(said + ("\n¶" + NARRATION) * 4 + "\n¶" + content)
    assert linked(text) == [(["snow fell"], "said", ["Lorne"]), (["Rain fell"], "", [])]


def test_a_cue_and_a_source_without_content_make_nothing() -> None:
    text = parsed(
        """
        [Lorne]  {spoke/speak}  .
        PROPN    VERB+Fin       PUNCT
        2        0              2
        nsubj    root           punct
        """
    )
    assert assemble(text) == []
    assert assemble(AnnotatedText("", ())) == []


def test_a_whole_quotation_that_the_tagger_overlooked_becomes_a_content() -> None:
    [draft] = assemble(text := parsed(QUOTE), quotations(text.text))
    assert draft.content == [TaggedSpan(SpanRole.CONTENT, 0, 5, QUOTED_CONFIDENCE)]
    assert draft.cue is None
    assert assemble(text) == []


@pytest.mark.parametrize(
    "text",
    [
        # too short
        """
        The  “      Sea    Bird   ”      sailed/sail  .
        DET  PUNCT  PROPN  PROPN  PUNCT  VERB+Fin     PUNCT
        3    3      6      3      3      0            6
        det  punct  nsubj  flat   punct  root         punct
        """,
        # not closed
        QUOTE.replace("”", "!"),
        # touched by the tagger
        QUOTE.replace("fell/fall", "{fell/fall}"),
    ],
)
def test_other_quotations_that_the_tagger_left_out_stay_out(text: str) -> None:
    annotated = parsed(text)
    assert list(overlooked(annotated, quotations(annotated.text))) == []


@pytest.mark.parametrize("text", [RIVALS, SPLIT, SHARED])
def test_links_have_probabilities(text: AnnotatedText) -> None:
    for draft in assemble(text):
        assert 0.0 < draft.link_confidence <= 1.0


def test_a_choice_among_several_is_less_sure_than_one_without_rival() -> None:
    content = next(span for span in RIVALS.tagged if span.role is SpanRole.CONTENT)
    said, denied = (span for span in RIVALS.tagged if span.role is SpanRole.CUE)
    alone = choose(RIVALS, content, [said], CONTENT_WEIGHTS)
    among = choose(RIVALS, content, [denied, said], CONTENT_WEIGHTS)
    assert (alone[0], among[0]) == (0, 1)
    assert 0.5 < among[1] < alone[1] < 1.0


def test_nobody_is_chosen_when_nobody_is_likelier() -> None:
    content = TaggedSpan(SpanRole.CONTENT, 2, 3, CONFIDENCE)
    partner = TaggedSpan(SpanRole.CUE, 1, 1, CONFIDENCE)
    never = dict.fromkeys(CONTENT_WEIGHTS, -1.0) | {"nobody": 5.0}
    chosen, probability = choose(RIVALS, content, [partner], never)
    assert chosen is None
    assert 0.9 < probability <= 1.0
    assert choose(RIVALS, content, [], CONTENT_WEIGHTS) == (None, 1.0)


def test_partners_beyond_reach_are_not_considered() -> None:
    text = parsed(NARRATION + ("\n¶" + NARRATION) * 4)
    here = TaggedSpan(SpanRole.CONTENT, 0, 1, CONFIDENCE)
    near, far = (TaggedSpan(SpanRole.CUE, i, i, CONFIDENCE) for i in (10, 13))
    assert pair_features(text, here, near, [near, far]) is not None
    assert pair_features(text, here, far, [near, far]) is None
    assert choose(text, here, [far], CONTENT_WEIGHTS) == (None, 1.0)


def test_a_pair_is_described_by_place_neighbours_and_parse() -> None:
    said, denied = (span for span in RIVALS.tagged if span.role is SpanRole.CUE)
    snow = TaggedSpan(SpanRole.CONTENT, 8, 9, CONFIDENCE)
    near = pair_features(RIVALS, snow, denied, [said, denied])
    far = pair_features(RIVALS, snow, said, [said, denied])
    assert near is not None
    assert far is not None
    assert (near["before"], near["near"], near["touching"], near["rivals"], near["up_clause"]) == (1, 1, 1, 0, 1)
    assert (far["before"], far["distance"], far["rivals"], far["others"]) == (1, 0.6, 1, 2)
    assert "touching" not in far
    assert far["up_two"] == 1


def test_every_feature_has_a_finite_weight() -> None:
    for weights in (CONTENT_WEIGHTS, SOURCE_WEIGHTS):
        assert set(weights) == set(FEATURES)
        assert all(math.isfinite(weight) for weight in weights.values())


def test_the_head_of_a_span_hangs_outside_it() -> None:
    first, last = where(SPLIT, "“ and snow fell . ”")
    assert SPLIT.tokens[head_of(SPLIT, TaggedSpan(SpanRole.CONTENT, first, last, CONFIDENCE))].text == "fell"
    first, last = where(SPLIT, ", ”")
    assert head_of(SPLIT, TaggedSpan(SpanRole.CONTENT, first, last, CONFIDENCE)) == first
