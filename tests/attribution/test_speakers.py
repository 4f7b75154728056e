"""Who speaks: each way in which an article may mention its source, and what it is to be called."""

import pytest

from quotetrack.attribution import attribute
from quotetrack.domain import AnnotatedText, SourceClass, text_of
from quotetrack.sources.catalogue import bundled_catalogue

from .build import parsed

PERSON, OFFICIAL, INSTITUTION, MEDIA = (
    SourceClass.PERSON, SourceClass.OFFICIAL, SourceClass.INSTITUTION, SourceClass.MEDIA,
)  # fmt: skip
COLLECTIVE, UNNAMED, GROUP, DOCUMENT = (
    SourceClass.COLLECTIVE, SourceClass.UNNAMED, SourceClass.UNNAMED_GROUP, SourceClass.DOCUMENT,
)  # fmt: skip

LORNE = """
    [Ada   Lorne]  {said/say}  <rain  fell/fall>  .
    PROPN  PROPN   VERB+Fin    NOUN   VERB+Fin    PUNCT
    3      1       0           5      3           3
    nsubj  flat    root        nsubj  ccomp       punct
"""


def pronoun(word: str) -> str:
    return f"""
    [{word}]  {{said/say}}  <rain  fell/fall>  .
    PRON   VERB+Fin    NOUN   VERB+Fin    PUNCT
    2      0           4      2           2
    nsubj  root        nsubj  ccomp       punct
    """


def nominal(determiner: str, noun: str) -> str:
    return f"""
    [{determiner}  {noun}]  {{said/say}}  <rain  fell/fall>  .
    DET    NOUN    VERB+Fin    NOUN   VERB+Fin    PUNCT
    2      3       0           5      3           3
    det    nsubj   root        nsubj  ccomp       punct
    """


def saying(source: str) -> str:
    """A sentence in which `source`, a block whose nominal subject hangs on {said}, says something."""
    lines = [line for line in source.splitlines() if line.strip()]
    verb = len(lines[0].split()) + 1
    rest = (
        "{said/say} <rain fell/fall> .", "VERB+Fin NOUN VERB+Fin PUNCT",
        f"0 {verb + 2} {verb} {verb}", "root nsubj ccomp punct",
    )  # fmt: skip
    return "\n".join(f"{line.replace('{said}', str(verb))} {end}" for line, end in zip(lines, rest, strict=True))


def voices(text: AnnotatedText) -> list[tuple[str, SourceClass, str]]:
    """Name, class and rule of every speaker, in order."""
    found = [attribution.speaker for attribution in attribute(text, bundled_catalogue())]
    return [(hop.name, hop.source_class, hop.made_by) if hop else ("", SourceClass.AGENTLESS, "") for hop in found]


def speaker(text: AnnotatedText) -> tuple[str, SourceClass]:
    """The last speaker."""
    return voices(text)[-1][:2]


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


JOINT = """
    [Ada   Lorne  and    Otto   Brandt]
    PROPN  PROPN  CCONJ  PROPN  PROPN
    {said} 1      4      1      4
    nsubj  flat   cc     conj   flat
"""


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
