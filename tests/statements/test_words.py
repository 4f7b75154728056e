"""Words as comparing needs them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.domain import Kind, Polarity
from quotetrack.statements.said import Said
from quotetrack.statements.words import counts, days, denying, opposites, rarity, stem, telling, words


def test_forms_of_a_word_are_one_stem() -> None:
    assert {stem("refitting"), stem("refitted")} == {stem("refit")}
    assert telling(words("The wagons are refitted.")) == telling(words("refitting a wagon"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("38,000 tonnes", [38000.0]),
        ("1.2 million shells", [1_200_000.0]),
        ("nine drones, later nineteen", [9.0, 19.0]),
        ("a four-metre section", [4.0]),
        ("one of them", []),
        ("at 5:43 a.m.", []),
    ],
)
def test_numbers_are_read_from_digits_and_words(text: str, found: list[float]) -> None:
    assert [word.number for word in words(text) if word.number is not None] == found


def test_negations_stand_alone_and_possessives_go() -> None:
    assert [word.text for word in words("It isn’t Oman’s ship, and can't be")] == [
        "it", "not", "oman", "ship", "and", "not", "be",
    ]  # fmt: skip


def test_what_is_common_tells_little() -> None:
    assert rarity("the") < rarity(stem("government")) < rarity(stem("missile")) < rarity("rajin") == 1.0
    assert rarity("7") < rarity("412")


def test_days_and_months_are_known_and_may_is_a_verb_too() -> None:
    assert days(words("On Monday in May it may sail in July")) == {"monday", "may", "july"}
    assert days(words("it may sail")) == frozenset()


def test_opposites_go_both_ways() -> None:
    assert (stem("above"), stem("below")) in opposites()
    assert (stem("below"), stem("above")) in opposites()
    assert {stem("denied"), stem("dismissed")} <= denying()


def test_how_often_a_stem_stands_in_a_text() -> None:
    assert counts("Wagon after wagon; the WAGONS")[stem("wagon")] == 3


@given(st.text(max_size=60))
def test_any_text_has_words(text: str) -> None:
    said = Said(text, before=text, after=text, cue=text)
    assert all(word.text and word.stem for word in said.words)
    assert said.stems >= set(said.numbers) or True
    assert isinstance(said.is_denied, bool)
    assert all(near <= said.stems for near in said.negated) or "not" in text.casefold()


def test_a_number_is_known_by_what_stands_near_it() -> None:
    said = Said("some 600 freight wagons were refitted near Rajin")
    assert stem("wagons") in said.numbers[600]
    assert "rajin" not in said.numbers[600]


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        (Said("it had struck the silos", cue="denied"), True),
        (Said("coal", polarity=Polarity.NEGATED), True),
        (Said("the figures are baseless", cue="denied"), False),
        (Said("the ship sailed", cue="said"), False),
    ],
)
def test_what_a_cue_a_silence_or_a_word_denies(said: Said, denied: bool) -> None:
    assert said.is_denied is denied


def test_a_contrast_is_no_denial() -> None:
    assert Said("19 drones, not 17, had been shot down").negated == ()
    assert Said("a missile, and not a drone, set fire to it").negated == ()
    assert Said("the drones had not been shot down").negated != ()


def test_quoted_words_are_those_in_marks_or_all_of_a_direct_quote() -> None:
    assert Said("the line is “a bridge that floats”").quoted == {stem(w) for w in ("a", "bridge", "that", "floats")}
    assert Said("We sail", kind=Kind.DIRECT).quoted == {"we", "sail"}
    assert Said("they sail").quoted == frozenset()
