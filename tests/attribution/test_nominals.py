"""Whom a noun phrase means: a name, several together, somebody who refers back, or somebody without a name."""

import pytest

from quotetrack.domain import SourceClass

from .build import but, parsed
from .voices import (
    COLLECTIVE,
    DOCUMENT,
    GROUP,
    INSTITUTION,
    JOINT,
    LORNE,
    MEDIA,
    OFFICIAL,
    PERSON,
    UNNAMED,
    nominal,
    saying,
    speaker,
    voices,
)

# by name


def test_a_name_names_the_speaker_and_a_last_name_the_same_one() -> None:
    last = """
        [Lorne]  {added/add}  <snow  fell/fall>  .
        PROPN    VERB+Fin     NOUN   VERB+Fin    PUNCT
        2        0            4      2           2
        nsubj    root         nsubj  ccomp       punct
    """
    text = parsed(LORNE + last, PERSON="Ada Lorne; Lorne")
    assert voices(text) == [("Ada Lorne", PERSON, "name")] * 2


def test_an_apposition_after_a_comma_is_no_part_of_the_name() -> None:
    text = parsed(
        """
        [Ada   Lorne  ,      a    spokeswoman  for   the  port  ,]     {said/say}  <rain  fell/fall>  .
        PROPN  PROPN  PUNCT  DET  NOUN         ADP   DET  NOUN  PUNCT  VERB+Fin    NOUN   VERB+Fin    PUNCT
        10     1      5      5    1            8     8    5     1      0           12     10          10
        nsubj  flat   punct  det  appos        case  det  nmod  punct  root        nsubj  ccomp       punct
        """,
        PERSON="Ada Lorne",
    )
    assert speaker(text) == ("Ada Lorne", OFFICIAL)


def test_a_name_in_apposition_to_a_description_names_the_speaker() -> None:
    text = parsed(
        """
        [Its       spokesman  ,      Col.   Otto   Brandt  ,]     {said/say}  <rain  fell/fall>  .
        PRON       NOUN       PUNCT  PROPN  PROPN  PROPN   PUNCT  VERB+Fin    NOUN   VERB+Fin    PUNCT
        2          8          2      2      4      4       2      0           10     8           8
        nmod:poss  nsubj      punct  appos  flat   flat    punct  root        nsubj  ccomp       punct
        """,
        PERSON="Otto Brandt",
    )
    assert speaker(text)[0] == "Otto Brandt"


def test_a_role_before_the_name_makes_an_official() -> None:
    text = parsed(
        """
        [Foreign  Minister  Otto   Brandt]  {said/say}  <rain  fell/fall>  .
        ADJ       PROPN     PROPN  PROPN    VERB+Fin    NOUN   VERB+Fin    PUNCT
        2         5         2      3        0           7      5           5
        amod      nsubj     flat   flat     root        nsubj  ccomp       punct
        """,
        PERSON="Otto Brandt",
    )
    assert voices(text) == [("Otto Brandt", OFFICIAL, "name")]


@pytest.mark.parametrize(
    "source",
    [
        """
        [TASS     news      agency]
        PROPN     NOUN      NOUN
        3         3         {said}
        compound  compound  nsubj
        """,
        """
        [The  news      agency  TASS]
        DET   NOUN      NOUN    PROPN
        3     3         {said}  3
        det   compound  nsubj   appos
        """,
        """
        [The  Russian  state     agency  TASS]
        DET   ADJ      NOUN      NOUN    PROPN
        5     5        4         5       {said}
        det   amod     compound  nmod    nsubj
        """,
    ],
)
def test_an_agency_and_what_it_is_called_are_one(source: str) -> None:
    assert voices(parsed(saying(source), ORG="TASS")) == [("TASS", MEDIA, "catalogue")]


def test_an_agency_named_in_two_words_is_found_behind_what_it_is_called() -> None:
    source = """
        [The  news      agency  RIA       Novosti]
        DET   NOUN      NOUN    PROPN     PROPN
        3     3         {said}  5         {said}
        det   compound  nsubj   compound  nsubj
    """
    assert voices(parsed(saying(source), ORG="RIA Novosti")) == [("RIA Novosti", MEDIA, "catalogue")]


@pytest.mark.parametrize(("capital", "state"), [("Moscow", "Russia"), ("Pyongyang", "North Korea")])
def test_a_capital_that_speaks_is_the_government(capital: str, state: str) -> None:
    assert speaker(parsed(saying(f"[{capital}]\nPROPN\n{{said}}\nnsubj"), LOC=capital)) == (state, INSTITUTION)


@pytest.mark.parametrize("mark", ["'s", "’s"])
def test_an_ambassador_is_not_the_country(mark: str) -> None:
    source = f"""
        [Russia    {mark}   ambassador]
        PROPN      PART  NOUN
        3          1     {{said}}
        nmod:poss  case  nsubj
    """
    assert speaker(parsed(saying(source), LOC="Russia")) == (f"Russia{mark} ambassador", UNNAMED)


def test_a_spokesman_without_a_name_is_not_the_body_he_speaks_for() -> None:
    source = """
        [A   Kremlin   spokesman]
        DET  PROPN     NOUN
        3    3         {said}
        det  compound  nsubj
    """
    assert speaker(parsed(saying(source))) == ("Kremlin spokesman", UNNAMED)


def test_a_spokesman_with_a_name_is_himself() -> None:
    source = """
        [Kremlin  spokesman  Otto   Brandt]
        PROPN     NOUN       PROPN  PROPN
        2         {said}     2      3
        compound  nsubj      flat   flat
    """
    assert speaker(parsed(saying(source), PERSON="Otto Brandt")) == ("Otto Brandt", OFFICIAL)


def test_an_aide_to_somebody_is_not_that_person() -> None:
    source = """
        [An/a  aide    to    Otto   Brandt]
        DET    NOUN    ADP   PROPN  PROPN
        2      {said}  4     2      4
        det    nsubj   case  nmod   flat
    """
    assert speaker(parsed(saying(source), PERSON="Otto Brandt")) == ("aide to Otto Brandt", UNNAMED)


# several


def test_two_speak_with_one_voice() -> None:
    text = parsed(saying(JOINT), PERSON="Ada Lorne; Otto Brandt")
    assert voices(text) == [("Ada Lorne and Otto Brandt", COLLECTIVE, "joint")]


def test_three_are_listed_as_they_are_named() -> None:
    source = """
        [Ada    Lorne  ,      TASS   and    two     sailors/sailor]
        PROPN   PROPN  PUNCT  PROPN  CCONJ  NUM     NOUN+Plur
        {said}  1      4      1      7      7       1
        nsubj   flat   punct  conj   cc     nummod  conj
    """
    assert speaker(parsed(saying(source), PERSON="Ada Lorne")) == ("Ada Lorne, TASS and two sailors", COLLECTIVE)


def test_neither_of_two_is_both_of_them() -> None:
    source = """
        [Neither      Ada     Lorne  nor    Otto   Brandt]
        CCONJ         PROPN   PROPN  CCONJ  PROPN  PROPN
        2             {said}  2      5      2      5
        cc:preconj    nsubj   flat   cc     conj   flat
    """
    text = parsed(saying(source), PERSON="Ada Lorne; Otto Brandt")
    assert speaker(text) == ("Ada Lorne and Otto Brandt", COLLECTIVE)


def test_neither_of_two_is_both_of_them_as_the_bundled_parser_sees_it() -> None:
    source = """
        [Neither  Ada     Lorne  nor    Otto   Brandt]
        PRON      PROPN   PROPN  CCONJ  PROPN  PROPN
        {said}    {said}  2      5      2      5
        nsubj     nsubj   flat   cc     conj   flat
    """
    text = parsed(saying(source), PERSON="Ada Lorne; Otto Brandt")
    assert speaker(text) == ("Ada Lorne and Otto Brandt", COLLECTIVE)


NATIONS = """
    [U.S.   and    Canadian  officials/official]
    PROPN   CCONJ  ADJ       NOUN+Plur
    {said}  4      4         1
    nsubj   cc     amod      conj
"""


def test_officials_of_two_nations_are_one_group() -> None:
    assert voices(parsed(saying(NATIONS))) == [("U.S. and Canadian officials", GROUP, "descriptor")]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (but(NATIONS, "officials", "official]", pos="NOUN"), "U.S. and Canadian official"),  # he is Canadian
        (but(NATIONS, "U.S.", "[sailors", pos="NOUN"), "sailors and Canadian officials"),
    ],
)
def test_others_joined_to_officials_are_others(table: str, expected: str) -> None:
    name, source_class, made_by = voices(parsed(saying(table)))[0]
    assert (name.replace("United States", "U.S."), source_class, made_by) == (expected, COLLECTIVE, "joint")


@pytest.mark.parametrize("helper", ["have", "had/have"])
def test_a_verb_that_the_tagger_drew_into_the_source_is_no_part_of_it(helper: str) -> None:
    source = f"""
        [Two    priests/priest  {helper}  recently]
        NUM     NOUN+Plur       AUX       ADV
        2       {{said}}          {{said}}    {{said}}
        nummod  nsubj           aux       advmod
    """
    assert voices(parsed(saying(source))) == [("Two priests", GROUP, "descriptor")]


# nominals that refer back


@pytest.mark.parametrize("noun", ["agency", "wire"])
def test_the_agency_is_the_agency_named_before(noun: str) -> None:
    before = """
        Xinhua  praised/praise  TASS   and    Norland  .
        PROPN   VERB+Fin        PROPN  CCONJ  PROPN    PUNCT
        2       0               2      5      3        2
        nsubj   root            obj    cc     conj     punct
    """
    assert voices(parsed(before + nominal("The", noun), LOC="Norland")) == [("TASS", MEDIA, "nominal")]


def test_the_ministry_is_the_ministry_named_before() -> None:
    before = """
        The  Harbour   Ministry  thanked/thank  the  Coast     Guard  .
        DET  PROPN     PROPN     VERB+Fin       DET  PROPN     PROPN  PUNCT
        3    3         4         0              7    7         4      4
        det  compound  nsubj     root           det  compound  obj    punct
    """
    text = parsed(before + nominal("The", "ministry"), ORG="Harbour Ministry; Coast Guard")
    assert voices(text) == [("Harbour Ministry", INSTITUTION, "nominal")]


def test_the_spokeswoman_is_she_who_was_called_so() -> None:
    before = """
        Spokeswoman  Ada    Lorne  met/meet  captain  Otto   Brandt  .
        NOUN         PROPN  PROPN  VERB+Fin  NOUN     PROPN  PROPN   PUNCT
        4            1      1      0         4        5      5       4
        nsubj        flat   flat   root      obj      flat   flat    punct
    """
    for noun, name in (("spokeswoman", "Ada Lorne"), ("captain", "Otto Brandt")):
        text = parsed(before + nominal("The", noun), PERSON="Ada Lorne; Otto Brandt")
        assert [voice[::2] for voice in voices(text)] == [(name, "nominal")]


def test_a_spokeswoman_is_somebody_new() -> None:
    before = """
        Spokeswoman  Ada    Lorne  left/leave  .
        NOUN         PROPN  PROPN  VERB+Fin    PUNCT
        4            1      1      0           4
        nsubj        flat   flat   root        punct
    """
    assert speaker(parsed(before + nominal("A", "spokeswoman"), PERSON="Ada Lorne")) == ("spokeswoman", UNNAMED)


def test_a_body_that_nothing_before_names_keeps_its_description() -> None:
    assert speaker(parsed(nominal("The", "ministry"))) == ("ministry", INSTITUTION)


# no names


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[An/a unnamed official]\nDET ADJ NOUN\n3 3 {said}\ndet amod nsubj", ("unnamed official", UNNAMED)),
        ("[Foreign experts/expert]\nADJ NOUN+Plur\n2 {said}\namod nsubj", ("Foreign experts", GROUP)),
        ("[Others/other]\nNOUN+Plur\n{said}\nnsubj", ("Others", GROUP)),
        ("[Some]\nDET\n{said}\nnsubj", ("Some", GROUP)),
        ("[A draft report]\nDET NOUN NOUN\n3 3 {said}\ndet compound nsubj", ("draft report", DOCUMENT)),
        ("[Russian state media]\nADJ NOUN NOUN\n3 3 {said}\namod compound nsubj", ("Russian state media", MEDIA)),
        ("[Local newspapers/newspaper]\nADJ NOUN+Plur\n2 {said}\namod nsubj", ("Local newspapers", MEDIA)),
    ],
)
def test_a_voice_without_a_name_keeps_its_description(source: str, expected: tuple[str, SourceClass]) -> None:
    assert speaker(parsed(saying(source))) == expected


def test_an_official_who_asked_not_to_be_named_stays_unnamed() -> None:
    source = """
        [An/a  official  who    asked/ask  not     to    be        named/name]
        DET    NOUN      PRON   VERB+Fin   PART    PART  AUX       VERB
        2      {said}    4      2          8       8     8         4
        det    nsubj     nsubj  acl:relcl  advmod  mark  aux:pass  xcomp
    """
    assert speaker(parsed(saying(source))) == ("official who asked not to be named", UNNAMED)


def test_a_statement_of_an_institution_is_the_institution_speaking() -> None:
    source = """
        [A   White  House     statement]
        DET  ADJ    PROPN     NOUN
        4    4      4         {said}
        det  amod   compound  nsubj
    """
    assert voices(parsed(saying(source))) == [("White House", INSTITUTION, "statement")]


def test_a_report_of_an_institution_is_a_document() -> None:
    source = """
        [A   White  House     report]
        DET  ADJ    PROPN     NOUN
        4    4      4         {said}
        det  amod   compound  nsubj
    """
    assert speaker(parsed(saying(source))) == ("White House report", DOCUMENT)


# titles

TITLE = """
    Minister  of    State  for   Legal  Affairs  and    Head   of    the  Committee  Ada       Lorne  left/leave  .
    PROPN     ADP   PROPN  ADP   PROPN  PROPN    CCONJ  PROPN  ADP   DET  PROPN      PROPN     PROPN  VERB+Fin    PUNCT
    14        3     1      6     6      1        8      1      11    11   8          1         12     0           14
    nsubj     case  nmod   case  amod   nmod     cc     conj   case  det  nmod       flat      flat   root        punct
"""


@pytest.mark.parametrize("noun", ["minister", "head"])
def test_a_long_title_teaches_all_its_roles(noun: str) -> None:
    text = parsed(TITLE + nominal("The", noun), PERSON="Ada Lorne")
    assert voices(text) == [("Ada Lorne", OFFICIAL, "nominal")]


def test_a_title_does_not_reach_over_a_verb() -> None:
    text = parsed(but(TITLE, "Affairs", "met/meet", pos="VERB") + nominal("The", "minister"), PERSON="Ada Lorne")
    assert voices(text) == [("minister", UNNAMED, "descriptor")]


def test_a_title_does_not_reach_over_another_person() -> None:
    both = """
        President  Otto   Brandt  and    Minister  Ada    Lorne  met/meet  .
        PROPN      PROPN  PROPN   CCONJ  PROPN     PROPN  PROPN  VERB+Fin  PUNCT
        8          1      1       5      1         5      5      0         8
        nsubj      flat   flat    cc     conj      flat   flat   root      punct
    """
    text = parsed(both + nominal("The", "president"), PERSON="Otto Brandt; Ada Lorne")
    assert voices(text) == [("Otto Brandt", PERSON, "nominal")]
