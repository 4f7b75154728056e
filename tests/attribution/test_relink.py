"""Linking anew: who is quoted, which quote goes on and which stands alone, and what is no cue of its own."""

import pytest

from quotetrack.attribution.assemble import Draft
from quotetrack.attribution.marks import quotations
from quotetrack.attribution.refine import RELINKING
from quotetrack.domain import AnnotatedText

from .build import but, parsed
from .drafts import Told, draft, told

AS_SAYING = """
    TASS   quoted/quote  Ada    Lorne  as     saying/say  rain   fell/fall  .
    PROPN  VERB+Fin      PROPN  PROPN  SCONJ  VERB        NOUN   VERB+Fin   PUNCT
    2      0             2      3      6      2           8      6          2
    nsubj  root          obj    flat   mark   advcl       nsubj  ccomp      punct
"""
QUOTED_LAST = """
    “      Rain   fell/fall  ,      ”      TASS   quoted/quote  the  captain  as     saying/say  .
    PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  PROPN  VERB+Fin      DET  NOUN     SCONJ  VERB        PUNCT
    7      3      7          7      7      7      0             9    7        11     7           7
    punct  nsubj  ccomp      punct  punct  nsubj  root          det  obj      mark   advcl       punct
"""
SAID_ACCORDING = """
    <“    Rain  fell/fall ,     ”>    [the captain] {said/say} ,     {according/accord to}   [the agency] .
    PUNCT NOUN  VERB+Fin  PUNCT PUNCT DET  NOUN     VERB+Fin   PUNCT VERB              ADP   DET  NOUN    PUNCT
    8     3     8         8     8     7    8        0          8     13                10    13   8       8
    punct nsubj ccomp     punct punct det  nsubj    root       punct case              fixed det  obl     punct
"""


def relinked(rule: str, text: AnnotatedText, *drafts: Draft) -> list[Told]:
    """What one step makes of the drafts."""
    return told(text, RELINKING[rule](text, list(drafts), quotations(text.text)))


# who is quoted


@pytest.mark.parametrize("verb", ["quoted/quote", "cited/cite"])
def test_a_name_between_quoted_and_as_saying_is_the_source(verb: str) -> None:
    text = parsed(but(AS_SAYING, "quoted", verb))
    word = verb.partition("/")[0]
    [(content, cue, source)] = relinked(
        "quoted_as", text, draft(text, "Ada Lorne", word, "TASS"), draft(text, "rain fell", "as saying")
    )
    assert (content, cue, source) == ("rain fell", word, "Ada Lorne")  # "as saying" is the relay


@pytest.mark.parametrize(
    ("name", "verb", "saying"),
    [
        ("Ada Lorne", "described/describe", "as saying"),  # no verb of quoting
        ("Ada", "quoted/quote", "as saying"),  # something stands between
        ("Ada Lorne", "quoted/quote", "saying"),  # no "as"
    ],
)
def test_other_drafts_side_by_side_stay_two(name: str, verb: str, saying: str) -> None:
    text = parsed(but(AS_SAYING, "quoted", verb))
    word = verb.partition("/")[0]
    drafts = draft(text, name, word, "TASS"), draft(text, "rain fell", saying)
    assert relinked("quoted_as", text, *drafts) == [(name, word, "TASS"), ("rain fell", saying, "")]


@pytest.mark.parametrize("form", ["saying/say", "telling/tell", "writing/write"])
@pytest.mark.parametrize("source", ["TASS", ""])
def test_who_is_quoted_is_the_source_and_not_who_quotes(form: str, source: str) -> None:
    text = parsed(but(QUOTED_LAST, "saying", form))
    found = relinked("quoted_person", text, draft(text, "“ Rain fell , ”", "quoted", source))
    assert found == [("“Rain fell,”", "quoted", "the captain")]


@pytest.mark.parametrize(
    "table",
    [
        but(QUOTED_LAST, "quoted", "thanked/thank"),
        but(QUOTED_LAST, "saying", "leaving/leave"),
        but(QUOTED_LAST, "TASS", "was/be"),  # "was quoted the captain as saying": the passive has its own subject
    ],
)
def test_who_is_not_quoted_is_no_source(table: str) -> None:
    text = parsed(table)
    cue = next(token.text for token in text.tokens if token.text in ("quoted", "thanked"))
    before = draft(text, "“ Rain fell , ”", cue, "“")
    assert relinked("quoted_person", text, before) == [("“Rain fell,”", cue, "“")]


def test_nobody_between_quoted_and_as_saying_changes_nothing() -> None:
    text = parsed(
        """
        [Lorne]  {quoted/quote  as     saying/say}  <rain  fell/fall>  .
        PROPN    VERB+Fin       SCONJ  VERB         NOUN   VERB+Fin    PUNCT
        2        0              4      2            6      4           2
        nsubj    root           mark   advcl        nsubj  ccomp       punct
        """
    )
    before = draft(text, "rain fell", "quoted as saying", "Lorne")
    assert relinked("quoted_person", text, before) == [("rain fell", "quoted as saying", "Lorne")]


def test_an_as_saying_behind_the_content_is_another_matter() -> None:
    text = parsed(AS_SAYING)
    before = draft(text, "Ada Lorne", "quoted", "TASS")
    assert relinked("quoted_person", text, before) == [("Ada Lorne", "quoted", "TASS")]


def test_who_said_it_is_the_source_and_whom_it_is_according_to_passes_it_on() -> None:
    text = parsed(SAID_ACCORDING)
    before = draft(text, "“ Rain fell , ”", "according to", "the agency")
    assert relinked("said_before_according", text, before) == [("“Rain fell,”", "said", "the captain")]


def test_a_said_that_has_a_content_already_is_left_to_it() -> None:
    text = parsed(SAID_ACCORDING)
    drafts = draft(text, "Rain fell", "said", "the captain"), draft(text, "“", "according to", "the agency")
    drafts[0].cue = text.tagged[2]
    assert text.span(drafts[0].cue.first, drafts[0].cue.last).of(text.text) == "said"
    found = relinked("said_before_according", text, *drafts)
    assert found == [("Rain fell", "said", "the captain"), ("“", "according to", "the agency")]


@pytest.mark.parametrize(
    "table",
    [
        but(SAID_ACCORDING, "said", "{left/leave}"),  # no verb of saying
        but(SAID_ACCORDING, "said", "said/say"),  # no cue
        but(but(SAID_ACCORDING, "the", "the"), "captain", "captain"),  # nobody said it
    ],
)
def test_without_one_who_said_it_it_stays_according_to_another(table: str) -> None:
    text = parsed(table)
    before = draft(text, "“ Rain fell , ”", "according to", "the agency")
    assert relinked("said_before_according", text, before) == [("“Rain fell,”", "according to", "the agency")]


# quotes that go on, and quotes of their own

OPEN = """
    “      Rain   fell/fall  here    .
    PUNCT  NOUN   VERB+Fin   ADV     PUNCT
    3      3      0          3       3
    punct  nsubj  root       advmod  punct
"""
CLOSED = """
    “      Snow   fell/fall  there   .      ”
    PUNCT  NOUN   VERB+Fin   ADV     PUNCT  PUNCT
    3      3      0          3       3      3
    punct  nsubj  root       advmod  punct  punct
"""
NARRATION = """
    Nobody  moved/move  .
    PRON    VERB+Fin    PUNCT
    2       0           2
    nsubj   root        punct
"""


def two_quotes(*blocks: str) -> list[Told]:
    text = parsed("\n\n¶".join(blocks))
    first = next(words for words in ("“ Rain fell here . ”", "“ Rain fell here .") if words in spaced(text))
    return relinked("quote_goes_on", text, draft(text, first), draft(text, "“ Snow fell there . ”"))


def spaced(text: AnnotatedText) -> str:
    return " ".join(token.text for token in text.tokens)


def test_a_quote_left_open_goes_on_in_the_next_paragraph() -> None:
    assert two_quotes(OPEN, CLOSED) == [("“Rain fell here. | “Snow fell there.”", "", "")]


def test_a_quote_that_is_closed_does_not_go_on() -> None:
    closed = but(but(CLOSED, "Snow", "Rain"), "there", "here")
    assert two_quotes(closed, CLOSED) == [("“Rain fell here.”", "", ""), ("“Snow fell there.”", "", "")]


def test_a_quote_left_open_does_not_go_on_past_another_paragraph() -> None:
    assert two_quotes(OPEN, NARRATION, CLOSED) == [("“Rain fell here.", "", ""), ("“Snow fell there.”", "", "")]


def test_what_else_a_draft_holds_it_keeps_when_its_quote_goes_to_another() -> None:
    text = parsed(f"{OPEN}\n\n¶{CLOSED}\n\n{NARRATION}")
    drafts = draft(text, "“ Rain fell here ."), draft(text, "“ Snow fell there . ” | Nobody moved")
    found = relinked("quote_goes_on", text, *drafts)
    assert found == [("“Rain fell here. | “Snow fell there.”", "", ""), ("Nobody moved", "", "")]


SAID = """
    [Lorne]  {said/say}  <rain  fell/fall>  .
    PROPN    VERB+Fin    NOUN   VERB+Fin    PUNCT
    2        0           4      2           2
    nsubj    root        nsubj  ccomp       punct
"""
QUOTED_SAID = """
    <“     Rain   fell/fall  ,      ”>     [Lorne]  {said/say}  .
    PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  PROPN    VERB+Fin    PUNCT
    7      3      7          7      7      7        0           7
    punct  nsubj  ccomp      punct  punct  nsubj    root        punct
"""


def apart(table: str, content: str) -> tuple[list[Told], list[int | None]]:
    """The drafts, and for each the place of the one whose voice goes on in it."""
    text = parsed(table)
    drafts = RELINKING["quote_alone"](text, [draft(text, content, "said", "Lorne")], quotations(text.text))
    return told(text, drafts), [drafts.index(d.continues) if d.continues else None for d in drafts]


@pytest.mark.parametrize("gap", ["\n", "\n¶"])
def test_a_whole_quote_after_the_sentence_of_the_cue_stands_alone(gap: str) -> None:
    assert apart(SAID + gap + CLOSED, "rain fell | “ Snow fell there . ”") == (
        [("rain fell", "said", "Lorne"), ("“Snow fell there.”", "", "")],
        [None, 0],
    )


def test_two_quotes_of_one_paragraph_about_their_cue_are_one() -> None:
    whole = [("“Rain fell,” | “Snow fell there.”", "said", "Lorne")]
    assert apart(QUOTED_SAID + CLOSED, "“ Rain fell , ” | “ Snow fell there . ”") == (whole, [None])


def test_a_quote_of_the_next_paragraph_stands_alone_whatever_came_before() -> None:
    assert apart(f"{QUOTED_SAID}\n¶{CLOSED}", "“ Rain fell , ” | “ Snow fell there . ”") == (
        [("“Rain fell,”", "said", "Lorne"), ("“Snow fell there.”", "", "")],
        [None, 0],
    )


def test_a_quote_left_open_is_one_with_what_goes_on_with_it() -> None:
    table = f"{SAID}\n{OPEN}\n¶{CLOSED}"
    assert apart(table, "rain fell | “ Rain fell here . | “ Snow fell there . ”") == (
        [("rain fell", "said", "Lorne"), ("“Rain fell here. | “Snow fell there.”", "", "")],
        [None, 0],
    )


def test_words_without_marks_after_the_cue_stay_with_it() -> None:
    whole = [("rain fell | Nobody moved", "said", "Lorne")]
    assert apart(SAID + NARRATION, "rain fell | Nobody moved") == (whole, [None])


def test_what_has_no_cue_is_not_taken_apart() -> None:
    text = parsed(f"{SAID}\n{CLOSED}")
    loose = draft(text, "rain fell | “ Snow fell there . ”")
    assert relinked("quote_alone", text, loose) == [("rain fell | “Snow fell there.”", "", "")]


# a phrase in two

VOWED = """
    Lorne  vowed/vow  full  and    unconditional  support  for   her   .
    PROPN  VERB+Fin   ADJ   CCONJ  ADJ            NOUN     ADP   PRON  PUNCT
    2      0          6     5      3              2        8     6     2
    nsubj  root       amod  cc     conj           obj      case  nmod  punct
"""


@pytest.mark.parametrize(
    ("cue", "content"), [("unconditional support for", "her"), ("support", "for her"), ("support for", "her")]
)
def test_a_verbless_cue_that_hangs_on_the_verb_of_another_is_none(cue: str, content: str) -> None:
    text = parsed(VOWED)
    first = draft(text, "full" if "unconditional" in cue else "full and unconditional", "vowed", "Lorne")
    found = relinked("broken_phrase", text, first, draft(text, content, cue))
    assert found == [("full and unconditional support for her", "vowed", "Lorne")]


@pytest.mark.parametrize(
    ("verb", "relation"),
    [("said/say", "ccomp"), ("moved/move", "obj")],  # it hangs there as a clause; that is no verb of speech
)
def test_a_cue_that_is_no_object_of_a_verb_of_speech_stays(verb: str, relation: str) -> None:
    text = parsed(but(but(VOWED, "vowed", verb), "support", deprel=relation))
    word = verb.partition("/")[0]
    drafts = draft(text, "full", word, "Lorne"), draft(text, "her", "unconditional support for")
    assert relinked("broken_phrase", text, *drafts) == [
        ("full", word, "Lorne"),
        ("her", "unconditional support for", ""),
    ]


def test_a_cue_with_a_verb_of_its_own_stays() -> None:
    text = parsed(
        """
        Lorne  vowed/vow  support  and    demanded/demand  rain  .
        PROPN  VERB+Fin   NOUN     CCONJ  VERB+Fin         NOUN  PUNCT
        2      0          2        5      2                5     2
        nsubj  root       obj      cc     conj             obj   punct
        """
    )
    drafts = draft(text, "support", "vowed", "Lorne"), draft(text, "rain", "demanded")
    assert relinked("broken_phrase", text, *drafts) == [("support", "vowed", "Lorne"), ("rain", "demanded", "")]
