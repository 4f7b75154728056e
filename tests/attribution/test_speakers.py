"""Who speaks behind a pronoun, and in a quote that names nobody."""

from dataclasses import replace

import pytest

from quotetrack.attribution import attribute
from quotetrack.domain import SourceClass, text_of
from quotetrack.sources.catalogue import bundled_catalogue

from .build import but, parsed, where
from .voices import (
    COLLECTIVE,
    GROUP,
    INSTITUTION,
    JOINT,
    LORNE,
    MEDIA,
    PERSON,
    UNNAMED,
    nominal,
    pronoun,
    saying,
    speaker,
    voices,
)

# pronouns


@pytest.mark.parametrize(("word", "expected"), [("She", "Ada Lorne"), ("He", "Otto Brandt")])
def test_he_and_she_are_told_apart_by_what_the_article_calls_them(word: str, expected: str) -> None:
    before = """
        Spokeswoman  Ada    Lorne  met/meet  Mr.    Otto   Brandt  .
        PROPN        PROPN  PROPN  VERB+Fin  PROPN  PROPN  PROPN   PUNCT
        4            1      1      0         4      5      5       4
        nsubj        flat   flat   root      obj    flat   flat    punct
    """
    text = parsed(before + pronoun(word), PERSON="Ada Lorne; Otto Brandt")
    assert voices(text)[0][0] == expected
    assert voices(text)[0][2] == "pronoun"


def test_he_is_who_spoke_last() -> None:
    text = parsed(LORNE + pronoun("She"), PERSON="Ada Lorne")
    assert voices(text) == [("Ada Lorne", PERSON, "name"), ("Ada Lorne", PERSON, "pronoun")]


def test_he_may_be_somebody_without_a_name() -> None:
    text = parsed(nominal("An/a", "official") + pronoun("He"))
    assert voices(text) == [("official", UNNAMED, "descriptor"), ("official", UNNAMED, "pronoun")]


def test_a_pronoun_with_nobody_before_it_has_no_speaker() -> None:
    [attribution] = attribute(parsed(pronoun("She")), bundled_catalogue())
    assert attribution.chain == ()
    assert text_of(attribution.source, "She said rain fell.") == "She"


MARIA = """
    Otto   Brandt  met/meet  Maria  Lorne  .
    PROPN  PROPN   VERB+Fin  PROPN  PROPN  PUNCT
    3      1       0         3      4      3
    nsubj  flat    root      obj    flat   punct
"""


@pytest.mark.parametrize(("word", "expected"), [("She", "Maria Lorne"), ("He", "Otto Brandt")])
def test_given_names_tell_he_from_she(word: str, expected: str) -> None:
    text = parsed(MARIA + pronoun(word), PERSON="Otto Brandt; Maria Lorne")
    assert voices(text) == [(expected, PERSON, "pronoun")]


def test_names_that_do_not_tell_leave_it_to_the_subject() -> None:
    text = parsed(but(MARIA, "Otto", "Hyon") + pronoun("She"), PERSON="Hyon Brandt; Tove Lorne")
    assert voices(text) == [("Hyon Brandt", PERSON, "pronoun")]


def test_he_is_somebody_without_a_name_who_was_just_heard_and_not_a_name_before() -> None:
    text = parsed(f"{MARIA}\n{nominal('An/a', 'official')}\n{pronoun('He')}", PERSON="Otto Brandt; Maria Lorne")
    assert voices(text) == [("official", UNNAMED, "descriptor"), ("official", UNNAMED, "pronoun")]


def test_he_is_the_subject_of_the_sentence_after_somebody_without_a_name() -> None:
    text = parsed(f"{nominal('An/a', 'official')}\n{MARIA}\n{pronoun('He')}", PERSON="Otto Brandt; Maria Lorne")
    assert voices(text) == [("official", UNNAMED, "descriptor"), ("Otto Brandt", PERSON, "pronoun")]


def test_they_may_be_one_person_without_a_name() -> None:
    text = parsed(nominal("A", "teacher") + pronoun("They"))
    assert voices(text) == [("teacher", UNNAMED, "descriptor"), ("teacher", UNNAMED, "pronoun")]


def test_they_are_no_person_with_a_name() -> None:
    text = parsed(LORNE + pronoun("They"), PERSON="Ada Lorne")
    assert voices(text) == [("Ada Lorne", PERSON, "name"), ("", SourceClass.AGENTLESS, "")]


def test_whom_a_coreference_model_means_comes_before_the_rules() -> None:
    text = parsed(MARIA + pronoun("He"), PERSON="Otto Brandt; Maria Lorne")
    he = where(text, "He")
    there = replace(text, coref=((where(text, "Maria Lorne"), he),))
    both = replace(text, coref=((where(text, "Maria Lorne"), where(text, "Otto Brandt"), he),))
    assert voices(there) == [("Maria Lorne", PERSON, "coref")]
    assert voices(both) == [("Otto Brandt", PERSON, "pronoun")]  # a chain of two names is wrong about one


def test_it_is_the_body_that_spoke_last() -> None:
    text = parsed(saying("[TASS]\nPROPN\n{said}\nnsubj") + "\n\n" + LORNE + pronoun("It"), PERSON="Ada Lorne")
    assert voices(text)[-1] == ("TASS", MEDIA, "pronoun")


def test_it_is_the_body_in_the_sentence_before() -> None:
    before = """
        TASS   closed/close  .
        PROPN  VERB+Fin      PUNCT
        2      0             2
        nsubj  root          punct
    """
    assert voices(parsed(before + pronoun("It"))) == [("TASS", MEDIA, "pronoun")]


def test_it_is_the_described_body_in_the_sentence_before() -> None:
    before = """
        The  port      authority  closed/close  .
        DET  NOUN      NOUN       VERB+Fin      PUNCT
        3    3         4          0             4
        det  compound  nsubj      root          punct
    """
    assert speaker(parsed(before + pronoun("It"))) == ("port authority", INSTITUTION)


def test_they_are_those_who_spoke_last() -> None:
    text = parsed(saying(JOINT) + "\n\n" + pronoun("They"), PERSON="Ada Lorne; Otto Brandt")
    assert voices(text)[-1] == ("Ada Lorne and Otto Brandt", COLLECTIVE, "pronoun")


def test_they_are_the_people_of_the_sentence_before() -> None:
    before = """
        Three   sailors/sailor  left/leave  .
        NUM     NOUN+Plur       VERB+Fin    PUNCT
        2       3               0           3
        nummod  nsubj           root        punct
    """
    assert voices(parsed(before + pronoun("They"))) == [("Three sailors", GROUP, "pronoun")]


def test_i_is_who_speaks_already() -> None:
    text = parsed(LORNE + pronoun("I/I"), PERSON="Ada Lorne")
    assert voices(text)[-1] == ("Ada Lorne", PERSON, "pronoun")


def test_who_is_the_one_the_clause_hangs_on() -> None:
    text = parsed(
        """
        Otto   Brandt  ,      [who]  {said/say}  <rain  fell/fall>  ,      left/leave  .
        PROPN  PROPN   PUNCT  PRON   VERB+Fin    NOUN   VERB+Fin    PUNCT  VERB+Fin    PUNCT
        9      1       5      5      1           7      5           5      0           9
        nsubj  flat    punct  nsubj  acl:relcl   nsubj  ccomp       punct  root        punct
        """,
        PERSON="Otto Brandt",
    )
    [(name, source_class, made_by)] = voices(text)
    assert (name, source_class, made_by) == ("Otto Brandt", PERSON, "relative")


def test_who_is_the_whole_name_before_it_when_the_parser_misses_the_clause() -> None:
    text = parsed(
        """
        He     thanked/thank  Otto   Brandt  ,      [who]  {said/say}  <rain  fell/fall>  .
        PRON   VERB+Fin       PROPN  PROPN   PUNCT  PRON   VERB+Fin    NOUN   VERB+Fin    PUNCT
        2      0              2      3       7      7      2           9      7           2
        nsubj  root           obj    flat    punct  nsubj  ccomp       nsubj  ccomp       punct
        """,
        PERSON="Otto Brandt",
    )
    assert speaker(text) == ("Otto Brandt", PERSON)


# nobody


FLOATING = """
    <“     Snow   fell/fall  .      ”>
    PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT
    3      3      0          3      3
    punct  nsubj  root       punct  punct
"""
NARRATION = """
    Nobody  moved/move  .
    PRON    VERB+Fin    PUNCT
    2       0           2
    nsubj   root        punct
"""


def test_a_quote_that_names_nobody_floats_on_the_voice_before_it() -> None:
    text = parsed(LORNE + NARRATION * 2 + "\n¶" + FLOATING, PERSON="Ada Lorne")
    assert voices(text) == [("Ada Lorne", PERSON, "name"), ("Ada Lorne", PERSON, "floating")]


def test_a_quote_with_a_cue_and_no_source_floats_too() -> None:
    added = """
        <“     Snow   fell/fall  ,      ”>     {came/come}  the  answer  .
        PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  VERB+Fin     DET  NOUN    PUNCT
        3      3      6          3      3      0            8    6       6
        punct  nsubj  ccomp      punct  punct  root         det  nsubj   punct
    """
    text = parsed(LORNE + NARRATION + added, PERSON="Ada Lorne")
    assert voices(text)[-1] == ("Ada Lorne", PERSON, "floating")


def test_a_quote_far_from_any_voice_belongs_to_nobody() -> None:
    text = parsed(LORNE + ("\n¶" + NARRATION) * 4 + "\n¶" + FLOATING, PERSON="Ada Lorne")
    attributions = attribute(text, bundled_catalogue())
    assert [text_of(a.content, text.text) for a in attributions] == ["rain fell", "“Snow fell.”"]
    assert attributions[-1].chain == ()


def test_a_quote_at_the_very_beginning_belongs_to_nobody() -> None:
    [attribution] = attribute(parsed(FLOATING), bundled_catalogue())
    assert attribution.chain == ()
