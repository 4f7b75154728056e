"""How two contents relate. The cases are of no sample article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.domain import Kind, Relation
from quotetrack.explain import SAID, reasons
from quotetrack.statements.features import Meeting, features
from quotetrack.statements.relate import SAME, probabilities, relate, relate_flat
from quotetrack.statements.said import Said
from quotetrack.statements.weights import WEIGHTS
from quotetrack.statements.words import counts

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
LORNE, QUILL, BUREAU = 1, 2, 3


def said(content: str, *, by: int | None = LORNE, day: int = 0, around: str = "", **more: object) -> Said:
    text = around or content
    sources = frozenset({by} if by else ())
    made = Said(
        content, before=around, speaker=by, origin=by, sources=sources, dated=MONDAY + timedelta(days=day),
        topic=counts(text),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


BRIDGE = said("the Varnholt bridge would be reopened to lorries in October after the cables had been replaced")
PAIRS = {
    Relation.SAME_WORDS: (
        said("“The cables of the Varnholt bridge are as rusty as a herring tin”", kind=Kind.DIRECT),
        said("the cables of the Varnholt bridge were “as rusty as a herring tin”", day=1),
    ),
    Relation.SAME_CLAIM: (
        BRIDGE,
        said("lorries may use the Varnholt bridge again from October, once its cables have been replaced", day=1),
    ),
    Relation.UPDATE: (
        said("the repair of the Varnholt bridge would cost 38 million crowns"),
        said("the repair of the Varnholt bridge would cost 52 million crowns", day=3),
    ),
    Relation.TENSION: (
        said("the repair of the Varnholt bridge would cost 38 million crowns"),
        said("the repair of the Varnholt bridge would cost 90 million crowns", by=QUILL),
    ),
}


@pytest.mark.parametrize("relation", PAIRS)
def test_what_is_suggested(relation: Relation) -> None:
    one, other = PAIRS[relation]
    found = relate(one, other)
    assert found is not None
    assert found.relation == relation
    assert 0.4 < found.score <= 1
    assert relate(other, one) == found or found.relation in (Relation.UPDATE, Relation.TENSION)


def test_what_one_denies_of_the_other_is_tension_however_alike() -> None:
    denied = said("the Varnholt bridge would not be reopened to lorries in October", by=QUILL)
    found = relate(BRIDGE, denied)
    assert found is not None
    assert found.relation == Relation.TENSION
    by_cue = replace(said("the Varnholt bridge would be reopened to lorries in October", by=QUILL), cue="denied")
    found = relate(BRIDGE, by_cue)
    assert found is not None
    assert found.relation == Relation.TENSION


def test_two_denials_agree() -> None:
    one = said("no lorry had crossed the Varnholt bridge", by=LORNE)
    other = said("no lorry has crossed the Varnholt bridge since", by=QUILL)
    found = relate(one, other)
    assert found is not None
    assert found.relation in SAME


def test_other_things_are_unrelated_though_one_person_says_both() -> None:
    assert relate(BRIDGE, said("the town hall’s choir would sing on Sunday")) is None


def test_what_the_whole_article_is_about_tells_less() -> None:
    one, other = said("the wagons are painted green"), said("the wagons had arrived late", by=QUILL)
    topic = counts("the wagons. " * 30)
    before = Meeting(one, other).news(one.stems & other.stems)
    after = Meeting(replace(one, topic=topic), replace(other, topic=topic)).news(one.stems & other.stems)
    assert 0 < after < before / 3


def test_the_words_around_help_where_a_content_says_little() -> None:
    about = said("the cutter had ignored four warnings by radio", by=LORNE)
    bare = said("there were none", by=QUILL)
    placed = said(
        "there were none", by=QUILL, around="Lorne said that the cutter ignored four radio warnings. Quill said "
    )

    def related(pair: Meeting) -> float:
        return 1 - probabilities(features(pair))[Relation.UNRELATED]

    assert related(Meeting(about, placed)) > 2 * related(Meeting(about, bare))


def test_a_flat_sentence_that_states_it() -> None:
    flat = said("Lorries may use the Varnholt bridge again from October, once its cables have been replaced.", by=None)
    found = relate_flat(BRIDGE, flat)
    assert found is not None
    assert found.relation == Relation.UNATTRIBUTED
    other = said("Lorries may use the Varnholt bridge again from 2031, once its 40 cables are new.", by=None)
    assert relate_flat(said("lorries may use the Varnholt bridge again from 2027"), other) is None
    assert relate_flat(BRIDGE, said("The choir sang in the rain on Sunday evening.", by=None)) is None


def test_why_it_is_suggested_is_told_in_sentences() -> None:
    found = relate(*PAIRS[Relation.UPDATE])
    assert found is not None
    told = [reason.said for reason in reasons(found.reasons, "")]
    assert "They differ in a number: 38,000,000 and 52,000,000 (crowns)." in told
    assert "The speaker is the same." in told
    assert "Days between them: 3." in told
    assert any("varnholt" in line for line in told)
    assert all(f"{step.part} {step.rule}" in SAID for step in found.reasons)


def test_who_stands_behind_both_is_told() -> None:
    one, other = BRIDGE, replace(BRIDGE, speaker=QUILL, origin=LORNE)
    found = relate(one, other)
    assert found is not None
    assert "The same stands behind both speakers." in [reason.said for reason in reasons(found.reasons, "")]


contents = st.sampled_from([pair[side].content for pair in PAIRS.values() for side in (0, 1)]) | st.text(max_size=40)


@given(contents, contents, st.integers(-3, 3), st.sampled_from([LORNE, QUILL, None]))
def test_whichever_comes_first_it_is_the_same(a: str, b: str, day: int, by: int | None) -> None:
    one, other = said(a), said(b, day=day, by=by)
    forth, back = features(Meeting(one, other)), features(Meeting(other, one))
    assert forth == pytest.approx(back)
    assert forth.keys() == WEIGHTS[Relation.TENSION].keys()
    likely = probabilities(forth)
    assert sum(likely.values()) == pytest.approx(1)
    found = relate(one, other)
    assert found is None or (found.relation in likely and 0 < found.score <= 1)
