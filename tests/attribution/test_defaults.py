"""What an article says of all its information: its default channels, which lengthen no chain."""

import pytest

from quotetrack.attribution import attribute, default_channels
from quotetrack.domain import HopRole, SourceClass, text_of
from quotetrack.sources.catalogue import bundled_catalogue

from .build import but, parsed

DETAILS = """
    Details/detail  of    the  visit  come      mostly  from  Russian  state     media  .
    NOUN+Plur       ADP   DET  NOUN   VERB+Fin  ADV     ADP   ADJ      NOUN      NOUN   PUNCT
    5               4     4    1      0         5       10    10       10        5      5
    nsubj           case  det  nmod   root      advmod  case  amod     compound  obl    punct
"""
NAMED = """
    News   is/be     based/base  on    TASS   and    Interfax  .
    NOUN   AUX+Fin   VERB        ADP   PROPN  CCONJ  PROPN     PUNCT
    3      3         0           5     3      7      5         3
    nsubj  aux:pass  root        case  obl    cc     conj      punct
"""


def channels(table: str) -> list[tuple[str, str]]:
    """Name and words of each default channel."""
    text = parsed(table)
    found = default_channels(text, bundled_catalogue())
    assert all(
        (h.role, h.source_class, h.made_by) == (HopRole.CHANNEL, SourceClass.MEDIA, "default_channel") for h in found
    )
    return [(hop.name, text_of((hop.span,), text.text) if hop.span else "") for hop in found]


def test_media_that_are_only_described_are_named_as_they_stand() -> None:
    assert channels(DETAILS) == [("Russian state media", "Russian state media")]


def test_a_leading_article_is_no_part_of_the_name() -> None:
    assert channels(but(DETAILS, "Russian", "the", pos="DET", deprel="det")) == [("state media", "the state media")]


def test_known_media_have_their_names_and_share_their_words() -> None:
    assert channels(NAMED) == [("TASS", "TASS and Interfax"), ("Interfax", "TASS and Interfax")]


@pytest.mark.parametrize("verb", ["stem", "originate", "derive", "are/be"])
@pytest.mark.parametrize("subject", ["Information", "Footage", "Word", "Reports/report", "Knowledge"])
def test_information_comes_in_many_words(subject: str, verb: str) -> None:
    assert channels(but(but(DETAILS, "Details", subject), "come", verb)) == [
        ("Russian state media", "Russian state media")
    ]


@pytest.mark.parametrize(
    "table",
    [
        but(DETAILS, "Details", "Boats/boat"),  # no information
        but(DETAILS, "Details", deprel="obj"),
        but(DETAILS, "come", "differ"),  # it comes from nowhere
        but(DETAILS, "from", "to"),
        but(DETAILS, "from", deprel="advmod"),
        but(DETAILS, "media", "harbours"),  # no media
        but(but(NAMED, "TASS", "Norland"), "Interfax", "Sweden"),
    ],
)
def test_other_sentences_name_no_default_channel(table: str) -> None:
    assert channels(table) == []


def test_every_such_sentence_counts_and_others_do_not_matter() -> None:
    narration = """
        Nobody  moved/move  .
        PRON    VERB+Fin    PUNCT
        2       0           2
        nsubj   root        punct
    """
    assert [name for name, _ in channels(f"{narration}\n{NAMED}\n{narration}\n¶{DETAILS}")] == [
        "TASS",
        "Interfax",
        "Russian state media",
    ]
    assert channels(narration) == []


def test_they_lengthen_no_chain() -> None:
    said = """
        [Lorne]  {said/say}  <rain  fell/fall>  .
        PROPN    VERB+Fin    NOUN   VERB+Fin    PUNCT
        2        0           4      2           2
        nsubj    root        nsubj  ccomp       punct
    """
    text = parsed(f"{DETAILS}\n{said}", PERSON="Lorne")
    [found] = attribute(text, bundled_catalogue())
    assert [hop.name for hop in found.chain] == ["Lorne"]
