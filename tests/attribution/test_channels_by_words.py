"""Channels by the words of the sentence, wherever the parser hangs them; and what is no channel at all."""

import pytest

from quotetrack.attribution import attribute
from quotetrack.domain import Attribution, SourceClass, text_of
from quotetrack.sources.catalogue import bundled_catalogue

from .build import but, parsed

NAMES = {"PERSON": "Ada Lorne", "ORG": "Coast TV; Harbour Daily"}


def chain(table: str) -> str:
    """The chain of the text's one attribution, with the rule of each channel."""
    [found] = attributions(table)
    *channels, speaker = found.chain
    return " → ".join([*(f"{hop.name} ({hop.made_by})" for hop in channels), speaker.name])


def attributions(table: str) -> tuple[Attribution, ...]:
    return attribute(parsed(table, **NAMES), bundled_catalogue())


# told

STATION = """
    [Ada   Lorne]  {told/tell}  the  station  ,      Coast     TV     ,      <rain  fell/fall>  .
    PROPN  PROPN   VERB+Fin     DET  NOUN     PUNCT  PROPN     PROPN  PUNCT  NOUN   VERB+Fin    PUNCT
    3      1       0            5    11       3      8         5      3      11     3           3
    nsubj  flat    root         det  nsubj    punct  compound  appos  punct  nsubj  ccomp       punct
"""


def test_the_outlet_that_is_told_is_found_whatever_the_parser_hangs_it_on() -> None:
    assert chain(STATION) == "Coast TV (told) → Ada Lorne"


def test_an_outlet_that_is_only_described_is_told_too() -> None:
    table = """
        [Ada   Lorne]  {told/tell}  a    local  newspaper  <rain  fell/fall>  .
        PROPN  PROPN   VERB+Fin     DET  ADJ    NOUN       NOUN   VERB+Fin    PUNCT
        3      1       0            6    6      8          8      3           3
        nsubj  flat    root         det  amod   dep        nsubj  ccomp       punct
    """
    assert chain(table) == "local newspaper (told) → Ada Lorne"


@pytest.mark.parametrize("table", [
    but(but(STATION, "station", "sailors/sailor"), "Coast", "crew", pos="NOUN").replace("TV", "men"),
    but(STATION, "told", "{warned/warn}"),
])  # fmt: skip
def test_who_else_hears_it_is_no_channel(table: str) -> None:
    assert chain(table) == "Ada Lorne"


def test_who_is_told_something_in_the_content_is_no_channel() -> None:
    table = """
        [Ada   Lorne]  {said/say}  <boats/boat  told/tell  TASS>  .
        PROPN  PROPN   VERB+Fin    NOUN+Plur    VERB+Fin   PROPN  PUNCT
        3      1       0           5            3          5      3
        nsubj  flat    root        nsubj        ccomp      obj    punct
    """
    assert chain(table) == "Ada Lorne"


# carried and posted

CARRIED = """
    [Ada   Lorne]  {said/say}  <rain  fell/fall>  in    words/word  carried/carry  by    TASS   .
    PROPN  PROPN   VERB+Fin    NOUN   VERB+Fin    ADP   NOUN+Plur   VERB           ADP   PROPN  PUNCT
    3      1       0           5      3           7     5           7              10    5      3
    nsubj  flat    root        nsubj  ccomp       case  obl         amod           case  dep    punct
"""


@pytest.mark.parametrize("verb", ["carried/carry", "published/publish", "broadcast", "aired/air", "quoted/quote"])
def test_who_carries_it_is_a_channel_wherever_it_hangs(verb: str) -> None:
    assert chain(but(CARRIED, "carried", verb)) == "TASS (carried) → Ada Lorne"


@pytest.mark.parametrize("pos", ["VERB", "ADJ"])
def test_where_it_is_posted_is_a_channel_wherever_it_hangs(pos: str) -> None:
    table = but(but(but(CARRIED, "carried", "posted/post", pos=pos), "by", "on"), "TASS", "YouTube")
    assert chain(table) == "YouTube (carried) → Ada Lorne"


@pytest.mark.parametrize(
    "table",
    [
        but(CARRIED, "carried", "written/write"),
        but(CARRIED, "carried", pos="NOUN"),
        but(CARRIED, "by", "for"),
        but(CARRIED, "TASS", "Norland"),
        but(CARRIED, "TASS", "Monday"),
    ],
)
def test_what_else_stands_there_is_no_channel(table: str) -> None:
    assert chain(table) == "Ada Lorne"


def test_what_is_carried_within_the_content_has_its_own_channel() -> None:
    table = """
        [Ada   Lorne]  {said/say}  <words/word  carried/carry  by    TASS   came/come>  .
        PROPN  PROPN   VERB+Fin    NOUN+Plur    VERB           ADP   PROPN  VERB+Fin    PUNCT
        3      1       0           8            4              7     5      3           3
        nsubj  flat    root        nsubj        acl            case  obl    ccomp       punct
    """
    assert chain(table) == "Ada Lorne"


def test_the_source_itself_is_not_its_channel() -> None:
    table = """
        <Rain  fell/fall>  ,      {said/say}  words/word  carried/carry  by    [TASS]  .
        NOUN   VERB+Fin    PUNCT  VERB+Fin    NOUN+Plur   VERB           ADP   PROPN   PUNCT
        2      4           4      0           4           5              8     6       4
        nsubj  ccomp       punct  root        nsubj       acl            case  obl     punct
    """
    assert chain(table) == "TASS"


# interviews and other talks

INTERVIEW = """
    In    an/a  interview  with  TASS   ,      [Ada   Lorne]  {said/say}  <rain  fell/fall>  .
    ADP   DET   NOUN       ADP   PROPN  PUNCT  PROPN  PROPN   VERB+Fin    NOUN   VERB+Fin    PUNCT
    3     3     9          5     3      9      9      7       0           11     9           9
    case  det   obl        case  nmod   punct  nsubj  flat    root        nsubj  ccomp       punct
"""


@pytest.mark.parametrize("preposition", ["with", "to", "on"])
@pytest.mark.parametrize("talk", ["interview", "remarks/remark", "conversation", "briefing"])
def test_an_interview_before_the_cue_is_a_channel(talk: str, preposition: str) -> None:
    assert chain(but(but(INTERVIEW, "interview", talk), "with", preposition)) == "TASS (interview) → Ada Lorne"


def test_an_interview_with_a_medium_without_a_name_is_one_too() -> None:
    table = """
        In    an/a  interview  with  state     radio  ,      [Ada   Lorne]  {said/say}  <rain  fell/fall>  .
        ADP   DET   NOUN       ADP   NOUN      NOUN   PUNCT  PROPN  PROPN   VERB+Fin    NOUN   VERB+Fin    PUNCT
        3     3     10         6     6         3      10     10     8       0           12     10          10
        case  det   obl        case  compound  nmod   punct  nsubj  flat    root        nsubj  ccomp       punct
    """
    [found] = attributions(table)
    assert [(hop.name, hop.source_class) for hop in found.chain] == [
        ("state radio", SourceClass.MEDIA),
        ("Ada Lorne", SourceClass.PERSON),
    ]


@pytest.mark.parametrize(
    "table",
    [
        but(INTERVIEW, "interview", "agreement"),
        but(INTERVIEW, "with", "about"),
        but(INTERVIEW, "TASS", "Otto"),
    ],
)
def test_other_talks_are_no_channel(table: str) -> None:
    assert chain(table) == "Ada Lorne"


def test_an_interview_in_the_content_is_no_channel() -> None:
    table = """
        [Ada   Lorne]  {said/say}  <an/a  interview  with  TASS   failed/fail>  .
        PROPN  PROPN   VERB+Fin    DET    NOUN       ADP   PROPN  VERB+Fin      PUNCT
        3      1       0           5      8          7     5      3             3
        nsubj  flat    root        det    nsubj      case  nmod   ccomp         punct
    """
    assert chain(table) == "Ada Lorne"


@pytest.mark.parametrize("event", ["conference", "briefing", "release", "statement"])
def test_a_press_conference_is_no_channel(event: str) -> None:
    table = f"""
        [Ada   Lorne]  {{told/tell}}  a    press     {event}  <rain  fell/fall>  .
        PROPN  PROPN   VERB+Fin       DET  NOUN      NOUN     NOUN   VERB+Fin    PUNCT
        3      1       0              6    6         3        8      3           3
        nsubj  flat    root           det  compound  obj      nsubj  ccomp       punct
    """
    assert chain(table) == "Ada Lorne"
    assert chain(but(table, event, "corps")) == "press corps (told) → Ada Lorne"


# places

RADIO = """
    [Ada   Lorne]  {said/say  on    another  radio     show}  <rain  fell/fall>  .
    PROPN  PROPN   VERB+Fin   ADP   DET      NOUN      NOUN   NOUN   VERB+Fin    PUNCT
    3      1       0          7     7        7         1      9      3           3
    nsubj  flat    root       case  det      compound  dep    nsubj  ccomp       punct
"""


def test_where_the_cue_says_it_was_said_is_a_channel() -> None:
    assert chain(RADIO) == "another radio show (placed) → Ada Lorne"


def test_where_no_medium_is_there_is_no_channel() -> None:
    assert chain(but(RADIO, "radio", "puppet")) == "Ada Lorne"


# voices side by side

QUOTED = """
    The  local  newspaper  Harbour   Daily  {quoted/quote}  [Ada   Lorne]  {as    saying/say}  <rain  fell/fall>  .
    DET  ADJ    NOUN       PROPN     PROPN  VERB+Fin        PROPN  PROPN   SCONJ  VERB         NOUN   VERB+Fin    PUNCT
    3    3      6          5         6      0               6      7       10     6            12     10          6
    det  amod   nsubj      compound  nsubj  root            obj    flat    mark   advcl        nsubj  ccomp       punct
"""


def test_an_outlet_and_what_it_is_called_are_one_channel() -> None:
    assert chain(QUOTED) == "Harbour Daily (relayed) → Ada Lorne"


def test_two_outlets_that_do_not_touch_are_two_channels() -> None:
    table = """
        TASS {quoted/quote} [Ada Lorne] {as saying/say} <rain fell/fall> in words/word published/publish by Interfax .
        PROPN VERB+Fin PROPN PROPN SCONJ VERB NOUN VERB+Fin ADP NOUN+Plur VERB ADP PROPN PUNCT
        2 0 2 3 6 2 8 6 10 2 10 13 11 2
        nsubj root obj flat mark advcl nsubj ccomp case obl acl case obl punct
    """
    assert chain(table) == "TASS (relayed) → Interfax (carried) → Ada Lorne"


def test_a_channel_found_twice_is_one() -> None:
    table = but(but(STATION, "station", deprel="obj", head=3), "TV", deprel="appos", head=5)
    text = parsed(table, **NAMES)
    [found] = attribute(text, bundled_catalogue())
    assert [hop.name for hop in found.channels] == ["Coast TV"]
    assert text_of(tuple(hop.span for hop in found.channels if hop.span), text.text).endswith("Coast TV")
