"""Refining: what is dropped, what goes on, what is said twice, and what an explanation is told of it."""

from dataclasses import replace

import pytest

from quotetrack.attribution.marks import quotations
from quotetrack.attribution.refine import DOUBTFUL, RELINKING, refined
from quotetrack.domain import AnnotatedText, Step, text_of

from .build import but, parsed
from .drafts import Told, draft, told


def relinked(rule: str, table: str, *parts: tuple[str, str, str], sure: float = 0.9) -> list[Told]:
    text = parsed(table)
    return told(text, RELINKING[rule](text, [draft(text, *d, sure=sure) for d in parts], quotations(text.text)))


def steps(text: AnnotatedText, step: Step) -> tuple[str, str, str]:
    """A step with its evidence in words."""
    return step.part, step.rule, text_of(step.spans, text.text)


# what is dropped

MOVED = """
    Lorne  moved/move  the  boat  away    .
    PROPN  VERB+Fin    DET  NOUN  ADV     PUNCT
    2      0           4    2     2       2
    nsubj  root        det  obj   advmod  punct
"""


@pytest.mark.parametrize(
    ("table", "cue", "sure", "kept"),
    [
        (MOVED, "moved", DOUBTFUL - 0.01, False),
        (MOVED, "moved", DOUBTFUL, True),  # the tagger is sure
        (MOVED, "", 0.1, True),  # without a cue there is nothing to doubt
        (but(MOVED, "moved", "praised/praise"), "praised", 0.1, True),  # a verb of speech
        (but(MOVED, "Lorne", "Warning/warning"), "Warning moved", 0.1, True),  # a noun of speech
        (but(MOVED, "moved", pos="NOUN"), "moved", 0.1, True),  # no verb at all
        (but(but(MOVED, "the", "“"), "away", "”"), "moved", 0.1, True),  # in marks
        (but(MOVED, "Lorne", "—"), "— moved", 0.1, False),
        (but(MOVED, "Lorne", ",", pos="PUNCT"), ", moved", 0.1, True),  # a point leads to it
    ],
)
def test_a_doubtful_cue_needs_a_word_for_speech(table: str, cue: str, sure: float, kept: bool) -> None:
    content = "“ boat ”" if "“" in table else "the boat"
    assert bool(relinked("only_speech", table, (content, cue, ""), sure=sure)) is kept


def test_one_unsure_part_is_enough_for_doubt() -> None:
    text = parsed(MOVED)
    before = draft(text, "the boat", "moved", "Lorne")
    before.source = [replace(before.source[0], confidence=0.3)]
    assert RELINKING["only_speech"](text, [before], ()) == []


def test_what_somebody_is_likely_to_have_said_is_the_reporters_guess() -> None:
    guess = """
        They   are/be   likely  to    have  discussed/discuss  boats/boat  .
        PRON   AUX+Fin  ADJ     PART  AUX   VERB               NOUN+Plur   PUNCT
        3      3        0       6     6     3                  6           3
        nsubj  cop      root    mark  aux   xcomp              obj         punct
    """
    assert relinked("only_speech", guess, ("boats", "are likely to have discussed", "They")) == []
    assert len(relinked("only_speech", guess, ("boats", "to have discussed", "They"))) == 1


# phrases

RETURN = """
    Lorne  must     say   in    return  for    helping/help  them  .
    PROPN  AUX+Fin  VERB  ADP   NOUN    SCONJ  VERB          PRON  PUNCT
    3      3        0     5     3       7      3             7     3
    nsubj  aux      root  case  obl     mark   advcl         obj   punct
"""


def test_a_phrase_before_what_is_said_belongs_to_it() -> None:
    found = relinked("phrase_returned", RETURN, ("helping them", "must say in return for", "Lorne"))
    assert found == [("in return for helping them", "must say", "Lorne")]


@pytest.mark.parametrize(
    ("table", "content", "cue"),
    [
        (but(RETURN, "say", "move"), "helping them", "must move in return for"),  # no speech
        (RETURN, "them", "must say in return for"),  # what the phrase governs is not all there
        (but(RETURN, "for", head=5), "helping them", "must say in return for"),  # it does not lead to the content
        (but(RETURN, "in", pos="ADV"), "helping them", "must say in return for"),  # no phrase
        (RETURN, "return for helping them", "must say in"),  # one word may belong to the verb
    ],
)
def test_what_is_no_phrase_of_the_content_stays_in_the_cue(table: str, content: str, cue: str) -> None:
    assert relinked("phrase_returned", table, (content, cue, "Lorne")) == [(content, cue, "Lorne")]


# adjuncts

ONCE = """
    Lorne  said/say  that   once   they   find      one  ,      she    must     sail   and    added/add  more  .
    PROPN  VERB+Fin  SCONJ  SCONJ  PRON   VERB+Fin  NUM  PUNCT  PRON   AUX+Fin  VERB   CCONJ  VERB+Fin   ADJ   PUNCT
    2      0         11     6      6      11        6    2      11     11       2      13     2          13    2
    nsubj  root      mark   mark   nsubj  advcl     obj  punct  nsubj  aux      ccomp  cc     conj       obj   punct
"""


@pytest.mark.parametrize("opening", ["", "that "])
def test_what_follows_an_adjunct_was_said_as_well(opening: str) -> None:
    found = relinked("rest_of_sentence", ONCE, (f"{opening}once they find one", "said", "Lorne"))
    assert found == [(f"{opening}once they find one, she must sail and added more", "said", "Lorne")]


def test_the_rest_of_the_sentence_ends_before_the_cue_of_another() -> None:
    drafts = ("once they find one", "said", "Lorne"), ("more", "added", "Lorne")
    assert relinked("rest_of_sentence", ONCE, *drafts) == [
        ("once they find one, she must sail", "said", "Lorne"),
        ("more", "added", "Lorne"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        but(ONCE, "find", deprel="ccomp"),  # it is the clause itself
        but(ONCE, "said", "moved/move"),  # no verb of speech
        but(ONCE, "once", "there", pos="ADV"),  # no adjunct
        but(ONCE, "once", "to"),  # an aim
        but(ONCE, ",", "then"),  # no comma
        but(ONCE, "she", deprel="obl"),  # no clause follows
    ],
)
def test_what_is_no_adjunct_is_all_that_was_said(table: str) -> None:
    words = parsed(table).text.split()
    parts = f"{words[3]} they find one", words[1], "Lorne"
    assert relinked("rest_of_sentence", table, parts) == [parts]


# two things said at once

THATS = """
    Lorne  said/say  that   boats/boat  sank/sink  and    that   rain   fell/fall  but    that   help   came/come  .
    PROPN  VERB+Fin  SCONJ  NOUN+Plur   VERB+Fin   CCONJ  SCONJ  NOUN   VERB+Fin   CCONJ  SCONJ  NOUN   VERB+Fin   PUNCT
    2      0         5      5           2          9      9      9      5          13     13     13     5          2
    nsubj  root      mark   nsubj       ccomp      cc     mark   nsubj  conj       cc     mark   nsubj  conj       punct
"""
ALL = "that boats sank and that rain fell but that help came"


def clauses(table: str, *parts: str) -> list[str]:
    text = parsed(table)
    return [content for content, _, _ in told(text, refined(text, [draft(text, *parts)], ()))]


def test_each_that_clause_is_a_thing_said() -> None:
    text = parsed(THATS)
    found = refined(text, [draft(text, ALL, "said", "Lorne")], ())
    assert told(text, found) == [
        ("that boats sank", "said", "Lorne"),
        ("rain fell", "said", "Lorne"),
        ("help came", "said", "Lorne"),
    ]
    whole = ("content", "each_clause", ALL)
    rest = ("content", "each_clause", "rain fell but that help came")
    assert [[steps(text, step) for step in d.steps] for d in found] == [[whole], [whole, rest], [whole, rest]]


def test_a_comma_between_the_clauses_belongs_to_neither() -> None:
    text = """
        Lorne  said/say  that   boats/boat  sank/sink  ,      and    that   rain   fell/fall  .
        PROPN  VERB+Fin  SCONJ  NOUN+Plur   VERB+Fin   PUNCT  CCONJ  SCONJ  NOUN   VERB+Fin   PUNCT
        2      0         5      5           2          2      10     10     10     5          2
        nsubj  root      mark   nsubj       ccomp      punct  cc     mark   nsubj  conj       punct
    """
    assert clauses(text, "that boats sank , and that rain fell", "said") == ["that boats sank", "rain fell"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (but(THATS, "rain", deprel="obl"), ["that boats sank and that rain fell", "help came"]),  # no clause of its own
        (but(THATS, "and", "so"), ["that boats sank so that rain fell", "help came"]),
        (but(but(THATS, "and", "so"), "but", "now"), ["that boats sank so that rain fell now that help came"]),
    ],
)
def test_what_is_no_clause_of_its_own_stays_with_the_one_before(table: str, expected: list[str]) -> None:
    words = " ".join(token.text for token in parsed(table).tokens[2:-1])
    assert clauses(table, words, "said", "Lorne") == expected


@pytest.mark.parametrize(
    ("content", "cue"),
    [
        (ALL, ""),
        ("that boats sank | and that rain fell but that help came", "said"),  # in pieces already
        ("rain fell but that help came", "came"),
        (ALL, "."),  # before its cue
    ],
)
def test_only_one_piece_after_its_cue_is_taken_apart(content: str, cue: str) -> None:
    text = parsed(THATS)
    parts = content, cue
    assert clauses(THATS, *parts) == [told(text, [draft(text, *parts)])[0][0]]


# what the explanation is told

VOWED = """
    Lorne  vowed/vow  full  support  for   the  port  .
    PROPN  VERB+Fin   ADJ   NOUN     ADP   DET  NOUN  PUNCT
    2      0          4     2        7     7    4     2
    nsubj  root       amod  obj      case  det  nmod  punct
"""


def test_each_change_is_noted_with_what_was_there_before() -> None:
    text = parsed(VOWED)
    [found] = refined(text, [draft(text, "the port", "vowed full support for", "Lorne")], ())
    assert [steps(text, step) for step in found.steps] == [
        ("content", "object_returned", "the port"),
        ("cue", "object_returned", "vowed full support for"),
    ]


def test_a_new_source_is_noted_with_the_old_one() -> None:
    text = parsed(
        """
        “      Rain   fell/fall  ,      ”      TASS   quoted/quote  Lorne  as     saying/say  .
        PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  PROPN  VERB+Fin      PROPN  SCONJ  VERB        PUNCT
        7      3      7          7      7      7      0             7      10     7           7
        punct  nsubj  ccomp      punct  punct  nsubj  root          obj    mark   advcl       punct
        """
    )
    [found] = refined(text, [draft(text, "“ Rain fell , ”", "quoted", "TASS")], quotations(text.text))
    assert [steps(text, step) for step in found.steps] == [("source", "quoted_person", "TASS")]


def test_what_nothing_changes_has_nothing_to_tell() -> None:
    text = parsed(MOVED)
    [found] = refined(text, [draft(text, "the boat away", "moved", "Lorne")], ())
    assert found.steps == []
