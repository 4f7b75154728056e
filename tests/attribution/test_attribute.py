"""The whole way: what comes out, in which order, on whose word, and that nothing makes it fall over."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.attribution import attribute
from quotetrack.attribution.confidence import LEAST, MOST
from quotetrack.domain import (
    AnnotatedText,
    Article,
    Attribution,
    Entity,
    HopRole,
    Kind,
    Polarity,
    SourceClass,
    SpanRole,
    TaggedSpan,
    Token,
    text_of,
)
from quotetrack.sources.catalogue import bundled_catalogue

from .build import CONFIDENCE, parsed

if TYPE_CHECKING:
    from quotetrack.annotation.pipeline import Annotator

STORY = """
    [Ada   Lorne]  {said/say}  <rain  fell/fall>  .
    PROPN  PROPN   VERB+Fin    NOUN   VERB+Fin    PUNCT
    3      1       0           5      3           3
    nsubj  flat    root        nsubj  ccomp       punct

    ¶
    <“     Snow   fell/fall  ,      ”>     she    {told/tell}  TASS   .
    PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  PRON   VERB+Fin     PROPN  PUNCT
    3      3      7          3      3      7      0            7      7
    punct  nsubj  ccomp      punct  punct  nsubj  root         iobj   punct

    ¶
    <Hail  melted/melt>  ,      [she]  {added/add}  .
    NOUN   VERB+Fin      PUNCT  PRON   VERB+Fin     PUNCT
    2      5             5      5      0            5
    nsubj  ccomp         punct  nsubj  root         punct
"""
CITING = """
    [TASS]  {said/say}  <rain  fell/fall>  ,      {citing/cite}  <Ada   Lorne>  .
    PROPN   VERB+Fin    NOUN   VERB+Fin    PUNCT  VERB           PROPN  PROPN   PUNCT
    2       0           4      2           6      2              6      7       2
    nsubj   root        nsubj  ccomp       punct  advcl          obj    flat    punct
"""


def attributions(table: str, author: str | None = None) -> tuple[AnnotatedText, tuple[Attribution, ...]]:
    text = parsed(table, PERSON="Ada Lorne")
    return text, attribute(text, bundled_catalogue(), Article(text.text, "test", author=author))


def names(attribution: Attribution) -> list[str]:
    return [hop.name for hop in attribution.chain]


def test_attributions_come_in_the_order_of_their_contents() -> None:
    text, found = attributions(STORY)
    assert [text_of(a.content, text.text) for a in found] == ["rain fell", "“Snow fell,”", "Hail melted"]
    assert [text_of(a.cue, text.text) for a in found] == ["said", "told", "added"]
    assert [text_of(a.source, text.text) for a in found] == ["Ada Lorne", "", "she"]
    assert [a.kind for a in found] == [Kind.INDIRECT, Kind.DIRECT, Kind.INDIRECT]
    assert {a.polarity for a in found} == {Polarity.ASSERTED}
    assert {a.made_by for a in found} == {"tagger"}


def test_channels_come_first_and_the_speaker_last() -> None:
    _, found = attributions(STORY)
    assert [names(a) for a in found] == [["Ada Lorne"], ["TASS", "Ada Lorne"], ["Ada Lorne"]]
    assert [hop.role for hop in found[1].chain] == [HopRole.CHANNEL, HopRole.SPEAKER]
    assert found[1].speaker is found[1].chain[-1]
    assert found[1].channels == found[1].chain[:-1]


def test_a_floating_quote_has_no_span_for_its_speaker() -> None:
    _, found = attributions(STORY)
    assert [(hop.made_by, hop.span) for hop in found[1].chain if hop.role is HopRole.SPEAKER] == [("floating", None)]
    assert all(hop.span for attribution in (found[0], found[2]) for hop in attribution.chain)


def test_what_is_said_citing_somebody_is_a_second_attribution_nested_in_the_first() -> None:
    text, (outer, inner) = attributions(CITING)
    assert (outer.parent, inner.parent) == (None, 0)
    assert outer.content == inner.content
    assert (names(outer), names(inner)) == (["TASS"], ["TASS", "Ada Lorne"])
    assert [(hop.role, hop.made_by) for hop in inner.chain] == [(HopRole.CHANNEL, "citing"), (HopRole.SPEAKER, "name")]
    assert (text_of(inner.cue, text.text), text_of(inner.source, text.text)) == ("citing", "Ada Lorne")
    assert inner.made_by == "citing"
    assert inner.confidence <= outer.confidence


def test_a_parent_is_found_although_other_attributions_come_before_it() -> None:
    _, found = attributions(STORY.replace("Ada   Lorne", "Otto  Brandt") + "\n" + CITING)
    *_, outer, inner = found
    assert inner.parent == found.index(outer) == 3


def test_who_cites_itself_is_not_nested() -> None:
    _, found = attributions(CITING.replace("<Ada   Lorne>", "<TASS agency>"))
    assert [names(a) for a in found] == [["TASS"]]


def test_the_wire_of_the_byline_comes_before_every_chain() -> None:
    _, found = attributions(STORY + "\n" + CITING, author="Ann Quay, Reuters")
    assert [a.chain[0].name for a in found] == ["Reuters"] * 5
    assert [len(a.chain) for a in found] == [2, 3, 2, 2, 3]


def test_an_overlooked_quotation_says_that_it_was_found_by_its_marks() -> None:
    text = """
        “      Snow   fell/fall  here    .      ”
        PUNCT  NOUN   VERB+Fin   ADV     PUNCT  PUNCT
        3      3      0          3       3      3
        punct  nsubj  root       advmod  punct  punct
    """
    _, [attribution] = attributions(text)
    assert (attribution.made_by, attribution.kind, attribution.chain) == ("quotation", Kind.DIRECT, ())


def test_touching_pieces_of_a_content_become_one() -> None:
    text = """
        [Lorne]  {said/say}  <rain  fell/fall>  <and   snow   fell/fall>  .
        PROPN    VERB+Fin    NOUN   VERB+Fin    CCONJ  NOUN   VERB+Fin    PUNCT
        2        0           4      2           7      7      4           2
        nsubj    root        nsubj  ccomp       cc     nsubj  conj        punct
    """
    annotated, [attribution] = attributions(text)
    assert text_of(attribution.content, annotated.text) == "rain fell and snow fell"
    assert len(attribution.content) == 1


@pytest.mark.parametrize("part", [SpanRole.CONTENT, SpanRole.CUE, SpanRole.SOURCE])
def test_confidence_is_a_probability_that_falls_with_each_part_the_tagger_is_less_sure_of(part: SpanRole) -> None:
    """It is calibrated, not the weakest part's own: see `test_confidence`."""
    text = parsed(STORY, PERSON="Ada Lorne")
    first = {span.first for span in text.tagged if span.last < 5 and span.role is part}
    found = []
    for probability in (0.0, 0.25, 0.5, CONFIDENCE, 1.0):
        spans = tuple(replace(s, confidence=probability if s.first in first else CONFIDENCE) for s in text.tagged)
        found.append(attribute(replace(text, tagged=spans), bundled_catalogue())[0].confidence)
    assert found == sorted(found)
    assert found[1] < found[2] < found[3]
    assert all(LEAST <= confidence <= MOST for confidence in found)


def test_an_empty_text_says_nothing() -> None:
    assert attribute(AnnotatedText("", ()), bundled_catalogue()) == ()


# any parse, however odd

WORDS = (
    "the a an in Kim Jong Un Ada Lorne KCNA TASS Russia 's said told not neither Neither nor and , . ? “ ” ‘ ’ \" ( ) "
    "who that he she it they I we according to citing quoted as by on with Telegram agency ministry spokesman "
    "interview statement media officials whether asked news No Russian state RSB"
).split()
LEMMAS = {"said": "say", "told": "tell", "quoted": "quote", "officials": "official", "asked": "ask", "citing": "cite"}
UPOS = "NOUN PROPN VERB PUNCT ADJ PRON DET ADP CCONJ AUX SCONJ PART X".split()
RELATIONS = (
    "nsubj obj iobj obl nmod case conj cc flat appos compound punct det acl acl:relcl advcl ccomp fixed parataxis "
    "nsubj:pass aux:pass amod dep"
).split()
FEATURES = ["", "VerbForm=Fin", "Number=Plur"]


@st.composite
def stretches(draw: st.DrawFn, count: int) -> list[tuple[int, int]]:
    """Ranges of tokens, ends included, in order and apart."""
    edges = sorted(draw(st.sets(st.integers(0, count), max_size=12)))
    return [(first, after - 1) for first, after in pairwise(edges) if draw(st.booleans())]


@st.composite
def any_text(draw: st.DrawFn) -> AnnotatedText:
    """Words in any order with any tree, entities and tags."""
    tokens: list[Token] = []
    text, paragraph = "", 0
    for sentence, length in enumerate(draw(st.lists(st.integers(1, 8), max_size=5))):
        if sentence and draw(st.booleans()):
            text, paragraph = text + "\n\n", paragraph + 1
        base = len(tokens)
        order = draw(st.permutations(range(base, base + length)))
        heads = {order[0]: -1} | {order[i]: order[draw(st.integers(0, i - 1))] for i in range(1, length)}
        for index in range(base, base + length):
            word = draw(st.sampled_from(WORDS))
            text += draw(st.sampled_from([" ", " ", " ", ""])) + word
            tokens.append(
                Token(
                    word, len(text) - len(word), len(text), LEMMAS.get(word, word), draw(st.sampled_from(UPOS)),
                    draw(st.sampled_from(FEATURES)), heads[index],
                    "root" if heads[index] < 0 else draw(st.sampled_from(RELATIONS)), sentence, paragraph,
                )
            )  # fmt: skip
    entities = [
        Entity(draw(st.sampled_from(["PERSON", "ORG", "LOC", "NORP"])), *where)
        for where in draw(stretches(len(tokens)))
    ]
    tagged = [
        TaggedSpan(draw(st.sampled_from(SpanRole)), *where, draw(st.floats(0, 1)))
        for where in draw(stretches(len(tokens)))
    ]
    return AnnotatedText(text, tuple(tokens), tuple(entities), tuple(tagged))


@settings(max_examples=300, deadline=None)
@given(any_text(), st.sampled_from([None, "Reuters", "Ann Quay"]))
def test_whatever_is_tagged_the_attributions_are_sound(text: AnnotatedText, author: str | None) -> None:
    found = attribute(text, bundled_catalogue(), Article(text.text, "test", author=author))
    for index, attribution in enumerate(found):
        assert attribution.content
        for spans in (attribution.content, attribution.cue, attribution.source):
            assert all(one.end <= other.start for one, other in pairwise(spans))
            assert all(span.end <= len(text.text) for span in spans)
        assert all(hop.span is None or hop.span.end <= len(text.text) for hop in attribution.chain)
        assert all(hop.name.strip() and hop.made_by for hop in attribution.chain)
        assert HopRole.SPEAKER not in [hop.role for hop in attribution.chain[:-1]]
        assert 0.0 <= attribution.confidence <= 1.0
        if attribution.parent is not None:
            assert 0 <= attribution.parent < index
            assert found[attribution.parent].parent is None
    own = [attribution.content[0] for attribution in found if attribution.parent is None]
    assert own == sorted(own)


@settings(max_examples=50, deadline=None)
@given(any_text())
def test_the_same_text_gives_the_same_attributions(text: AnnotatedText) -> None:
    assert attribute(text, bundled_catalogue()) == attribute(text, bundled_catalogue())


# with the bundled models


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kremlin spokesman Otto Brandt said the talks had failed.", ["Otto Brandt"]),
        ("Ada Lorne told TASS that the ferry would sail.", ["TASS → Ada Lorne"]),
        ("Ada Lorne wrote in a post on Telegram that the ferry would sail.", ["Telegram → Ada Lorne"]),
        ("The ferry will sail, according to Ada Lorne.", ["Ada Lorne"]),
        ("Two sailors were lost, the coast guard said. It said a search had begun.", ["coast guard", "coast guard"]),
        ("“The ferry is safe,” Ada Lorne said, “and it will sail on Monday.”", ["Ada Lorne"]),
        (
            "The Coast Herald said the ferry had sunk, citing Ada Lorne.",
            ["Coast Herald", "Coast Herald → Ada Lorne"],
        ),
        ("It rained on Monday and the harbour was empty.", []),
    ],
)
def test_a_sentence_gives_its_chains(annotator: "Annotator", text: str, expected: list[str]) -> None:
    [annotated] = annotator.annotate([text])
    assert [" → ".join(names(a)) for a in attribute(annotated, bundled_catalogue())] == expected


@pytest.mark.models
def test_an_article_is_read_from_end_to_end(annotator: "Annotator") -> None:
    text = (
        "OSLO (AP) — The ferry stayed in port on Monday.\n\n"
        "The captain, Otto Brandt, did not say when it would sail.\n\n"
        "Ada Lorne, a spokeswoman for the port, said the ferry was “quite safe” on Monday. "
        "The spokeswoman said crews were tired.\n\n"
        "An official who asked not to be named said the pump was broken."
    )
    [annotated] = annotator.annotate([text])
    found = attribute(annotated, bundled_catalogue(), Article(text, "test", outlet="Coast Herald"))
    speakers = [attribution.speaker for attribution in found]
    assert [attribution.polarity for attribution in found] == [Polarity.NEGATED, *[Polarity.ASSERTED] * 3]
    assert [attribution.kind for attribution in found] == [Kind.INDIRECT, Kind.MIXED, Kind.INDIRECT, Kind.INDIRECT]
    assert [speaker.name for speaker in speakers if speaker][1:3] == ["Ada Lorne", "Ada Lorne"]
    assert speakers[-1] is not None
    assert speakers[-1].source_class is SourceClass.UNNAMED
    assert {attribution.chain[0].name for attribution in found} == {"AP"}
