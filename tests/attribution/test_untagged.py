"""What the tagger left out: nouns of speech, free relatives, silences, clauses of speech at the end, bare cues."""

import pytest

from quotetrack.attribution.untagged import bare_cues, free_relatives, noun_cues, silences, trailing_clauses

from .build import but, parsed
from .drafts import Told, draft, resolver_of, told

NAMES = {"PERSON": "Ada Lorne; Lorne; Otto Brandt", "LOC": "Norland"}


def found(rule: str, table: str, *drafts: tuple[str, str, str]) -> list[Told]:
    """What one rule finds beside the drafts there are."""
    text = parsed(table, **NAMES)
    there = [draft(text, *parts) for parts in drafts]
    if rule == "bare_cue":
        return told(text, bare_cues(text, there))
    search = {
        "noun_cue": noun_cues, "free_relative": free_relatives, "silence": silences, "trailing": trailing_clauses,
    }[rule]  # fmt: skip
    return told(text, search(text, there, resolver_of(text)))


# nouns of speech

CLAIM = """
    Lorne      's    claim  that   heavy  rain   fell/fall  came/come  late    .
    PROPN      PART  NOUN   SCONJ  ADJ    NOUN   VERB+Fin   VERB+Fin   ADV     PUNCT
    3          1     8      7      6      7      3          0          8       8
    nmod:poss  case  nsubj  mark   amod   nsubj  acl        root       advmod  punct
"""
SPECULATION = """
    The  move   raised/raise  new   speculation  Lorne  would    resign  soon    .
    DET  NOUN   VERB+Fin      ADJ   NOUN         PROPN  AUX+Fin  VERB    ADV     PUNCT
    2    3      0             5     3            8      8        5       8       3
    det  nsubj  root          amod  obj          nsubj  aux      acl     advmod  punct
"""


def test_a_noun_of_speech_has_an_owner_and_a_clause() -> None:
    assert found("noun_cue", CLAIM) == [("heavy rain fell", "claim", "Lorne's")]


def test_what_kind_of_assessment_it_is_tells_whose() -> None:
    table = """
        Naval  intelligence  assessments/assessment  that   old   boats/boat  sank/sink  came/come  .
        ADJ    NOUN          NOUN+Plur               SCONJ  ADJ   NOUN+Plur   VERB+Fin   VERB+Fin   PUNCT
        2      3             8                       7      6     7           3          0          8
        amod   compound      nsubj                   mark   amod  nsubj       acl        root       punct
    """
    assert found("noun_cue", table) == [("old boats sank", "assessments", "Naval intelligence")]


def test_nobody_may_own_it() -> None:
    table = but(but(CLAIM, "Lorne", "The", pos="DET", deprel="det"), "'s", "old", pos="ADJ", deprel="amod", head=3)
    assert found("noun_cue", table) == [("heavy rain fell", "claim", "")]


def test_speculation_needs_no_that_and_takes_its_verb_along() -> None:
    assert found("noun_cue", SPECULATION) == [("Lorne would resign soon", "raised new speculation", "")]


def test_a_verb_that_does_not_raise_it_is_left_out() -> None:
    assert found("noun_cue", but(SPECULATION, "raised", "ended/end")) == [
        ("Lorne would resign soon", "speculation", "")
    ]


@pytest.mark.parametrize("word", ["as", "while", "although"])
def test_a_clause_that_frames_the_sentence_is_nobodys_word(word: str) -> None:
    table = """
        Lorne      's    claim  that   heavy  rain   fell/fall  while  boats/boat  left/leave  came/come  .
        PROPN      PART  NOUN   SCONJ  ADJ    NOUN   VERB+Fin   SCONJ  NOUN+Plur   VERB+Fin    VERB+Fin   PUNCT
        3          1     11     7      6      7      3          10     10          7           0          11
        nmod:poss  case  nsubj  mark   amod   nsubj  acl        mark   nsubj       advcl       root       punct
    """
    [(content, _, _)] = found("noun_cue", but(table, "while", word))
    assert content == "heavy rain fell"


@pytest.mark.parametrize(
    "table",
    [
        but(CLAIM, "claim", "boat"),  # no noun of speech
        but(CLAIM, "claim", pos="VERB"),  # no noun
        but(CLAIM, "that", "which"),  # no clause that says what
        but(CLAIM, "that", deprel="obj"),  # a pronoun
        but(SPECULATION, "speculation", "report"),  # needs a "that"
        but(SPECULATION, "Lorne", deprel="obl"),  # nobody does anything
        but(SPECULATION, "resign", "deny"),  # the verb governs the noun, whatever the parser says
    ],
)
def test_other_nouns_are_no_cues(table: str) -> None:
    assert found("noun_cue", table) == []


def test_two_words_are_too_few_for_a_clause() -> None:
    table = """
        The  claim  that   rain   fell/fall  came/come  late    .
        DET  NOUN   SCONJ  NOUN   VERB+Fin   VERB+Fin   ADV     PUNCT
        2    6      5      5      2          0          6       6
        det  nsubj  mark   nsubj  acl        root       advmod  punct
    """
    assert found("noun_cue", table) == []


@pytest.mark.parametrize("parts", [("heavy rain", "", ""), ("late", "claim", ""), ("late", "came", "claim")])
def test_a_noun_or_a_clause_that_is_taken_makes_nothing_new(parts: tuple[str, str, str]) -> None:
    assert found("noun_cue", CLAIM, parts) == []


# what the source is said to call it

FREE = """
    Boats/boat  left/leave  in    what  Lorne  described/describe  as    a    just  fight  now     .
    NOUN+Plur   VERB+Fin    ADP   PRON  PROPN  VERB+Fin            ADP   DET  ADJ   NOUN   ADV     PUNCT
    2           0           4     2     6      4                   10    10   10    6      2       2
    nsubj       root        case  obl   nsubj  acl:relcl           case  det  amod  obl    advmod  punct
"""


def test_what_somebody_describes_it_as_is_their_word() -> None:
    assert found("free_relative", FREE) == [("a just fight", "described as", "Lorne")]


@pytest.mark.parametrize("verb", ["called/call", "termed/term", "labelled/label", "dubbed/dub"])
def test_what_somebody_calls_it_is_their_word(verb: str) -> None:
    table = but(but(FREE, "described", verb), "as", "quite", pos="ADV")
    assert found("free_relative", table) == [("quite a just fight", verb.partition("/")[0], "Lorne")]


def test_a_name_for_it_ends_where_its_marks_close() -> None:
    table = but(but(but(FREE, "a", "“"), "fight", deprel="dep", head=2), "now", "”")
    assert found("free_relative", table) == [("“just fight”", "described as", "Lorne")]


def test_a_name_for_it_ends_where_the_content_around_it_ends() -> None:
    assert found("free_relative", FREE, ("what Lorne described as a just", "", "")) == [
        ("a just", "described as", "Lorne")
    ]


@pytest.mark.parametrize(
    ("words", "pos", "head", "relation", "expected"),
    [
        ("Ada Lorne", "PROPN", 2, "flat", "Ada Lorne"),
        ("Lorne later", "ADV", 4, "advmod", "Lorne"),
        ("Lorne has/have", "AUX", 4, "aux", "Lorne"),
    ],
)
def test_whose_word_it_is_need_not_be_the_one_before_the_verb(
    words: str, pos: str, head: int, relation: str, expected: str
) -> None:
    table = f"""
        what  {words}          called/call  a    just  fight
        PRON  PROPN  {pos}       VERB+Fin     DET  ADJ   NOUN
        0     4      {head}      1            7    7     4
        root  nsubj  {relation}  acl:relcl    det  amod  obj
    """
    assert [source for _, _, source in found("free_relative", table)] == [expected]


@pytest.mark.parametrize(
    ("table", "drafts"),
    [
        (but(FREE, "what", "which"), []),
        (but(FREE, "described", "left/leave"), []),
        (but(FREE, "described", pos="NOUN"), []),
        (but(FREE, "as", "of"), []),  # to describe something is not to name it
        (but(FREE, "Lorne", ",", pos="PUNCT"), []),
        (FREE, [("now", "described as", "")]),
    ],
)
def test_other_relatives_name_nothing(table: str, drafts: list[Told]) -> None:
    assert found("free_relative", table, *drafts) == []


# what is not said

SILENCE = """
    It     did/do   not     mention  the  old   port  .
    PRON   AUX+Fin  PART    VERB     DET  ADJ   NOUN  PUNCT
    4      4        4       0        7    7     4     4
    nsubj  aux      advmod  root     det  amod  obj   punct
"""
NEITHER = """
    Neither  side   named/name  the  old   port  .
    DET      NOUN   VERB+Fin    DET  ADJ   NOUN  PUNCT
    2        3      0           6    6     3     3
    det      nsubj  root        det  amod  obj   punct
"""


def test_what_is_not_mentioned_is_a_content() -> None:
    assert found("silence", SILENCE) == [("the old port", "did not mention", "It")]


@pytest.mark.parametrize("negation", ["n't/not", "n’t/not", "never"])
@pytest.mark.parametrize("verb", ["say", "explain", "disclose", "comment"])
def test_silence_has_several_verbs_and_negations(verb: str, negation: str) -> None:
    table = but(but(SILENCE, "not", negation), "mention", verb)
    [(content, cue, _)] = found("silence", table)
    assert (content, cue.split()[-1]) == ("the old port", verb)


def test_neither_of_two_sides_names_it() -> None:
    assert found("silence", NEITHER) == [("the old port", "named", "Neither side")]


@pytest.mark.parametrize(
    "table",
    [
        but(SILENCE, "not", "also"),
        but(SILENCE, "mention", "sell"),
        but(SILENCE, "mention", pos="NOUN"),
        but(SILENCE, "It", "I"),  # who speaks is not told about
        but(SILENCE, "It", "Rain", pos="NOUN"),  # cannot speak
        but(SILENCE, "It", deprel="obl"),
        but(SILENCE, "port", deprel="obl"),
        but(NEITHER, "Neither", "Either"),
    ],
)
def test_other_sentences_keep_nothing_back(table: str) -> None:
    assert found("silence", table) == []


@pytest.mark.parametrize("parts", [("old", "", ""), (".", "mention", ""), (".", "", "It")])
def test_a_silence_that_is_told_already_is_not_told_again(parts: tuple[str, str, str]) -> None:
    assert found("silence", SILENCE, parts) == []


# the clause of speech comes last

TRAILING = """
    Brandt  invited/invite  them  to    stay   ,      it     said/say   .
    PROPN   VERB+Fin        PRON  PART  VERB   PUNCT  PRON   VERB+Fin   PUNCT
    2       0               2     5     2      2      8      2          2
    nsubj   root            obj   mark  xcomp  punct  nsubj  parataxis  punct
"""
INVERTED = """
    Brandt  invited/invite  them  to    stay   ,      said/say   Ada    Lorne  .
    PROPN   VERB+Fin        PRON  PART  VERB   PUNCT  VERB+Fin   PROPN  PROPN  PUNCT
    2       0               2     5     2      2      2          7      8      2
    nsubj   root            obj   mark  xcomp  punct  parataxis  obj    flat   punct
"""
BEFORE = "Brandt invited them to stay"


def test_all_before_a_clause_of_speech_was_said() -> None:
    assert found("trailing", TRAILING) == [(BEFORE, "said", "it")]


def test_the_clause_of_speech_may_govern_what_was_said() -> None:
    governing = but(but(TRAILING, "said", deprel="root", head=0), "invited", deprel="ccomp", head=8)
    assert found("trailing", governing) == [(BEFORE, "said", "it")]


@pytest.mark.parametrize("relation", ["obj", "nsubj"])
def test_who_said_it_may_come_after_the_verb(relation: str) -> None:
    assert found("trailing", but(INVERTED, "Ada", deprel=relation)) == [(BEFORE, "said", "Ada Lorne")]


def test_who_said_it_comes_right_after_a_verb_that_follows_the_comma() -> None:
    table = """
        Brandt  left/leave  the  port  ,      then    said/say   Ada    Lorne  .
        PROPN   VERB+Fin    DET  NOUN  PUNCT  ADV     VERB+Fin   PROPN  PROPN  PUNCT
        2       0           4    2     2      7       2          7      8      2
        nsubj   root        det  obj   punct  advmod  parataxis  obj    flat   punct
    """
    assert found("trailing", table) == []


def test_the_last_words_may_be_joined_to_it() -> None:
    assert found("trailing", but(TRAILING, "said", deprel="conj")) == [(BEFORE, "said", "it")]


@pytest.mark.parametrize(
    "table",
    [
        but(TRAILING, "said", "left/leave"),
        but(TRAILING, "said", pos="NOUN"),
        but(TRAILING, "it", "we"),  # that is inside somebody's words
        but(TRAILING, ",", "and"),
        but(TRAILING, "said", deprel="advcl"),  # not at the top
        but(TRAILING, "it", deprel="obl"),  # nobody
        but(INVERTED, "Ada", "nobody"),  # no name
        but(INVERTED, ",", "and"),
    ],
)
def test_other_last_words_are_no_clause_of_speech(table: str) -> None:
    assert found("trailing", table) == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((BEFORE, "said", "it"), []),  # it has its content
        ((BEFORE, "invited", "Brandt"), [(BEFORE, "said", "it")]),  # which will be nested in it
        (("it said", "invited", "Brandt"), []),  # it stands within another's words
    ],
)
def test_a_clause_of_speech_that_serves_already_is_left(parts: tuple[str, str, str], expected: list[Told]) -> None:
    assert found("trailing", TRAILING, parts) == expected


def test_a_clause_of_speech_whose_content_is_elsewhere_has_its_own_sentence_too() -> None:
    quote = """
        Rain   fell/fall  .
        NOUN   VERB+Fin   PUNCT
        2      0          2
        nsubj  root       punct
    """
    assert found("trailing", TRAILING + quote, ("Rain fell", "said", "it")) == [(BEFORE, "said", "it")]


# cues without a content

BARE = """
    [Lorne]  {did/do  not     say}  when    boats/boat  would    sail   .
    PROPN    AUX+Fin  PART    VERB  ADV     NOUN+Plur   AUX+Fin  VERB   PUNCT
    4        4        4       0     8       8           8        4      4
    nsubj    aux      advmod  root  advmod  nsubj       aux      ccomp  punct
"""


@pytest.mark.parametrize("relation", ["ccomp", "advcl"])
def test_the_clause_of_a_bare_cue_is_its_content(relation: str) -> None:
    table = but(BARE, "sail", deprel=relation)
    assert found("bare_cue", table) == [("when boats would sail", "did not say", "Lorne")]


def test_a_bare_cue_may_have_no_source() -> None:
    table = but(BARE, "Lorne", "Rain", deprel="obl")
    assert found("bare_cue", table) == [("when boats would sail", "did not say", "")]


@pytest.mark.parametrize(
    "table",
    [
        but(BARE, "when", "<when>"),  # the tagger knows something about it
        but(but(BARE, "sail", deprel="advcl"), "when", "because", pos="SCONJ"),  # why it was not said
        but(BARE, "sail", deprel="conj"),
    ],
)
def test_a_cue_without_a_clause_of_its_own_stays_bare(table: str) -> None:
    assert found("bare_cue", table) == []


def test_a_cue_that_has_a_content_is_not_bare() -> None:
    assert found("bare_cue", BARE, ("boats", "did not say", "Lorne")) == []
