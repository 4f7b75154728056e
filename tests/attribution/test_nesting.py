"""Attributions within another's content, and on another's word: what the flat labels of the tagger cannot tell."""

import pytest

from quotetrack.attribution import attribute
from quotetrack.attribution.nesting import can_speak, cited, inner_drafts, lies_in
from quotetrack.domain import text_of
from quotetrack.sources.catalogue import bundled_catalogue

from .build import but, parsed
from .drafts import Told, draft, resolver_of, told

NAMES = {"PERSON": "Ada Lorne; Lorne; Otto Brandt", "ORG": "River Safety Board; UNICEF", "LOC": "Norland"}


def inner(table: str, content: str, cue: str = "said") -> list[Told]:
    """What is said inside the content of the draft with this cue."""
    text = parsed(table, **NAMES)
    return told(text, inner_drafts(text, draft(text, content, cue), resolver_of(text)))


# by its words: a that-clause, wherever the parser hangs it

ESTIMATES = """
    Lorne said/say UNICEF estimates/estimate that  old  boats/boat sank/sink ,     and   that  help  came/come .
    PROPN VERB+Fin PROPN  VERB+Fin           SCONJ ADJ  NOUN+Plur  VERB+Fin  PUNCT CCONJ SCONJ NOUN  VERB+Fin  PUNCT
    2     0        8      8                  8     7    8          2         2     13    13    13    8         2
    nsubj root     nsubj  dep                mark  amod nsubj      ccomp     punct cc    mark  nsubj conj      punct
"""
WHOLE = "UNICEF estimates that old boats sank , and that help came"


def test_a_that_clause_inside_a_content_is_said_by_the_one_before_its_verb() -> None:
    assert inner(ESTIMATES, "UNICEF estimates that old boats sank") == [("old boats sank", "estimates", "UNICEF")]


@pytest.mark.parametrize("joint", ["and", "but"])
def test_the_inner_clause_ends_where_the_outer_one_goes_on(joint: str) -> None:
    table = but(ESTIMATES, "and", joint)
    assert inner(table, WHOLE.replace("and", joint)) == [("old boats sank", "estimates", "UNICEF")]


def test_another_that_does_not_end_it() -> None:
    found = inner(but(ESTIMATES, "and", "so"), WHOLE.replace("and", "so"))
    assert found == [("old boats sank, so that help came", "estimates", "UNICEF")]


def test_the_inner_clause_does_not_reach_into_the_next_sentence() -> None:
    two = f"{ESTIMATES}\nNobody moved/move .\nPRON VERB+Fin PUNCT\n2 0 2\nnsubj root punct"
    assert inner(two, f"{WHOLE} . Nobody moved") == [("old boats sank", "estimates", "UNICEF")]


def test_a_verb_has_its_helpers_and_a_source_its_article() -> None:
    table = """
        Lorne  said/say  the  old   ministry  had/have  already  warned/warn  that   boats/boat  sank/sink  .
        PROPN  VERB+Fin  DET  ADJ   NOUN      AUX+Fin   ADV      VERB         SCONJ  NOUN+Plur   VERB+Fin   PUNCT
        2      0         5    5     8         8         8        2            11     11          8          2
        nsubj  root      det  amod  nsubj     aux       advmod   ccomp        mark   nsubj       ccomp      punct
    """
    assert inner(table, "the old ministry had already warned that boats sank") == [
        ("boats sank", "had already warned", "the old ministry")
    ]


def test_an_abbreviation_in_brackets_belongs_to_the_source() -> None:
    table = """
        Lorne said/say the River    Safety   Board (     RSB   )     estimates/estimate that  boats/boat sank/sink .
        PROPN VERB+Fin DET PROPN    PROPN    PROPN PUNCT PROPN PUNCT VERB+Fin           SCONJ NOUN+Plur  VERB+Fin  PUNCT
        2     0        6   6        6        10    8     6     8     2                  13    13         10        2
        nsubj root     det compound compound nsubj punct appos punct ccomp              mark  nsubj      ccomp     punct
    """
    assert inner(table, "the River Safety Board ( RSB ) estimates that boats sank") == [
        ("boats sank", "estimates", "the River Safety Board (RSB)")
    ]


@pytest.mark.parametrize(
    ("verb", "expected"),
    [("reports/report", [("old boats sank", "reports", "It")]), ("knows/know", [])],
)
def test_a_pronoun_says_but_who_only_knows_does_not_say(verb: str, expected: list[Told]) -> None:
    table = but(but(ESTIMATES, "UNICEF", "It/it", pos="PRON"), "estimates", verb)
    assert inner(table, f"It {verb.partition('/')[0]} that old boats sank") == expected


@pytest.mark.parametrize(
    ("table", "content"),
    [
        (but(ESTIMATES, "estimates", "moved/move"), "UNICEF moved that old boats sank"),  # no speech
        (but(ESTIMATES, "estimates", pos="ADJ"), "UNICEF estimates that old boats sank"),
        (but(ESTIMATES, "UNICEF", "Rain", pos="NOUN"), "Rain estimates that old boats sank"),  # cannot speak
        (but(ESTIMATES, "UNICEF", "There", pos="ADV"), "There estimates that old boats sank"),
        (but(ESTIMATES, "that", "if"), "UNICEF estimates if old boats sank"),
        (ESTIMATES, "estimates that old boats sank"),  # whoever estimates it stands outside
        (ESTIMATES, "UNICEF estimates that old"),  # one word is no clause
    ],
)
def test_other_words_before_a_that_say_nothing(table: str, content: str) -> None:
    assert inner(table, content) == []


@pytest.mark.parametrize(("words", "expected"), [(6, [("boats sank", "reports", "Lorne")]), (7, [])])
def test_the_that_may_stand_a_few_words_away(words: int, expected: list[Told]) -> None:
    filling = [f"w{number}" for number in range(words)]
    table = "\n".join(
        (
            " ".join(["Lorne reports/report", *filling, "that boats/boat sank/sink ."]),
            " ".join(["PROPN VERB+Fin", *["NOUN"] * words, "SCONJ NOUN+Plur VERB+Fin PUNCT"]),
            " ".join(["2 0", *["2"] * words, f"{words + 5} {words + 5} 2 2"]),
            " ".join(["nsubj root", *["dep"] * words, "mark nsubj dep punct"]),
        )
    )
    assert inner(table, " ".join(["Lorne reports", *filling, "that boats sank"]), ".") == expected


# nouns of speech

CLAIM = """
    Lorne  denied/deny  the  bank       's    theory  that   boats/boat  sank/sink  .
    PROPN  VERB+Fin     DET  NOUN       PART  NOUN    SCONJ  NOUN+Plur   VERB+Fin   PUNCT
    2      0            4    6          4     2       9      9           6          2
    nsubj  root         det  nmod:poss  case  obj     mark   nsubj       acl        punct
"""


def test_a_noun_of_speech_with_an_owner_and_a_that_clause_says_something() -> None:
    assert inner(CLAIM, "the bank 's theory that boats sank", "denied") == [("boats sank", "theory", "the bank")]


@pytest.mark.parametrize("noun", ["claim", "report", "estimate"])
def test_so_does_a_noun_that_is_a_verb_too(noun: str) -> None:
    assert inner(but(CLAIM, "theory", noun), f"the bank 's {noun} that boats sank", "denied") == [
        ("boats sank", noun, "the bank")
    ]


@pytest.mark.parametrize(
    "table",
    [
        but(CLAIM, "theory", "boat"),
        but(CLAIM, "theory", pos="PROPN"),
        but(CLAIM, "that", deprel="nmod"),
        but(CLAIM, "bank", deprel="nmod"),
        but(CLAIM, "that", "as"),
    ],
)
def test_other_nouns_say_nothing(table: str) -> None:
    words = [token.text for token in parsed(table).tokens]
    assert inner(table, " ".join(words[2:-1]), "denied") == []


def test_whose_noun_it_is_must_stand_inside() -> None:
    assert inner(CLAIM, "theory that boats sank", "denied") == []


# verbs with their complements

SEE = """
    Brandt  said/say  they   hope      to    see    Lorne  pledging/pledge  more  support  .
    PROPN   VERB+Fin  PRON   VERB+Fin  PART  VERB   PROPN  VERB             ADJ   NOUN     PUNCT
    2       0         4      2         6     4      6      6                10    8        2
    nsubj   root      nsubj  ccomp     mark  xcomp  obj    xcomp            amod  obj      punct
"""


def test_who_is_seen_pledging_it_pledges_it() -> None:
    assert inner(SEE, "they hope to see Lorne pledging more support") == [("more support", "pledging", "Lorne")]


@pytest.mark.parametrize(
    "table",
    [
        but(SEE, "Lorne", "rain", pos="NOUN"),
        but(SEE, "pledging", "pledge"),
        but(SEE, "pledging", "moving/move"),
        but(SEE, "support", deprel="dep"),
    ],
)
def test_others_pledge_nothing(table: str) -> None:
    words = [token.text for token in parsed(table).tokens]
    assert inner(table, " ".join(words[2:-1])) == []


TOLD = """
    Brandt  said/say  Lorne  told/tell  sailors/sailor  boats/boat  had/have  sank/sink  .
    PROPN   VERB+Fin  PROPN  VERB+Fin   NOUN+Plur       NOUN+Plur   AUX+Fin   VERB       PUNCT
    2       0         4      2          4               8           8         4          2
    nsubj   root      nsubj  ccomp      obj             nsubj       aux       ccomp      punct
"""


@pytest.mark.parametrize("verb", ["told/tell", "warned/warn"])
def test_whom_one_tells_is_not_what_one_tells(verb: str) -> None:
    word = verb.partition("/")[0]
    found = inner(but(TOLD, "told", verb), f"Lorne {word} sailors boats had sank")
    assert found == [("boats had sank", word, "Lorne")]


@pytest.mark.parametrize(
    "table",
    [
        but(TOLD, "had", deprel="aux:pass", head=4),  # "was told": who told is not said
        but(TOLD, "told", deprel="acl:relcl"),
        but(but(TOLD, "sailors", deprel="dep"), "sank", deprel="dep"),
        but(TOLD, "Lorne", "Rain", pos="NOUN"),
        but(TOLD, "Lorne", "I", pos="PRON"),
    ],
)
def test_who_tells_nothing_is_no_source(table: str) -> None:
    words = [token.text for token in parsed(table).tokens]
    assert inner(table, " ".join(words[2:-1])) == []


def test_what_the_tagger_took_for_a_cue_is_its_own_affair() -> None:
    assert inner(but(TOLD, "told", "{told/tell}"), "Lorne told sailors boats had sank") == []


def test_a_quotation_that_opens_inside_closes_inside() -> None:
    table = """
        Brandt  said/say  Lorne  added/add  “      boats/boat  sank/sink  ”      .
        PROPN   VERB+Fin  PROPN  VERB+Fin   PUNCT  NOUN+Plur   VERB       PUNCT  PUNCT
        2       0         4      2          7      7           4          2      2
        nsubj   root      nsubj  ccomp      punct  nsubj       ccomp      punct  punct
    """
    assert inner(table, "Lorne added “ boats sank ”") == [("“boats sank”", "added", "Lorne")]


# on another's word

QUOTING = """
    TASS   said/say  rain   fell/fall  ,      quoting/quote  two     officials/official  .
    PROPN  VERB+Fin  NOUN   VERB+Fin   PUNCT  VERB           NUM     NOUN+Plur           PUNCT
    2      0         4      2          2      2              8       6                   2
    nsubj  root      nsubj  ccomp      punct  advcl          nummod  obj                 punct
"""


def on_the_word(table: str, cue: str = "said") -> list[Told]:
    text = parsed(table)
    return told(text, cited(text, draft(text, "rain fell", cue, "TASS"), resolver_of(text)))


@pytest.mark.parametrize("verb", ["quoting/quote", "citing/cite"])
def test_what_is_said_quoting_another_is_the_same_on_their_word(verb: str) -> None:
    found = on_the_word(but(QUOTING, "quoting", verb))
    assert found == [("rain fell", verb.partition("/")[0], "two officials")]


@pytest.mark.parametrize(
    ("table", "cue"),
    [
        (QUOTING, ""),
        (but(QUOTING, "quoting", "thanking/thank"), "said"),
        (but(QUOTING, "quoting", "{quoting/quote}"), "said"),  # the tagger has seen it
        (but(QUOTING, "officials", deprel="obl"), "said"),  # nobody is quoted
    ],
)
def test_otherwise_it_stands_on_nobodys_word(table: str, cue: str) -> None:
    assert on_the_word(table, cue) == []


def test_who_is_quoted_speaks_through_who_quotes() -> None:
    tagged = but(but(but(but(QUOTING, "TASS", "[TASS]"), "said", "{said/say}"), "rain", "<rain"), "fell", "fell/fall>")
    text = parsed(tagged)
    outer, nested = attribute(text, bundled_catalogue())
    assert [[hop.name for hop in a.chain] for a in (outer, nested)] == [["TASS"], ["TASS", "two officials"]]
    assert (outer.parent, nested.parent, nested.made_by) == (None, 0, "citing")
    assert text_of(nested.cue, text.text) == "quoting"
    assert (nested.content, nested.kind) == (outer.content, outer.kind)


# voices


@pytest.mark.parametrize(
    ("word", "pos", "expected"),
    [
        ("she", "PRON", True),
        ("we", "PRON", False),
        ("I", "PRON", False),
        ("TASS", "PROPN", True),
        ("official", "NOUN", True),
        ("sailor", "NOUN", True),
        ("newspaper", "NOUN", True),
        ("ministry", "NOUN", True),
        ("letter", "NOUN", True),
        ("rain", "NOUN", False),
        ("Zzyzx", "PROPN", False),
    ],
)
def test_names_people_bodies_and_documents_can_speak(word: str, pos: str, expected: bool) -> None:
    text = parsed(f"{word} fell/fall\n{pos} VERB+Fin\n2 0\nnsubj root")
    assert can_speak(text, 0, resolver_of(text)) is expected


def test_a_draft_lies_in_another_when_its_cue_and_its_source_do() -> None:
    text = parsed(TOLD)
    outer = draft(text, "Lorne told sailors boats had sank", "said", "Brandt")
    there = draft(text, "boats had sank", "told", "Lorne")
    assert lies_in(there, outer)
    assert lies_in(draft(text, ".", "told"), outer)
    for other in (draft(text, "boats had sank", "told", "Brandt"), draft(text, "boats had sank"), outer):
        assert not lies_in(other, outer)
