"""How the words are given, and whether they are said to have been said."""

import pytest

from quotetrack.attribution.assemble import assemble
from quotetrack.attribution.kinds import has_finite_verb, is_asked, kind_of, polarity_of
from quotetrack.attribution.marks import quotations
from quotetrack.domain import Kind, Polarity

from .build import but, parsed
from .drafts import draft


def kind(table: str, written: str | None = None) -> Kind:
    text = parsed(table, text=written)
    [draft] = assemble(text)
    content = tuple(text.span(span.first, span.last) for span in draft.content)
    return kind_of(text, draft, content, quotations(text.text))


def polarity(table: str) -> Polarity:
    text = parsed(table)
    [draft] = assemble(text)
    return polarity_of(text, draft)


# kinds


def test_what_stands_in_marks_is_direct() -> None:
    assert (
        kind(
            """
        <“     Rain   fell/fall  ,      ”>     [Lorne]  {said/say}  .
        PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  PROPN    VERB+Fin    PUNCT
        3      3      7          3      3      7        0           7
        punct  nsubj  ccomp      punct  punct  nsubj    root        punct
        """
        )
        is Kind.DIRECT
    )


def test_marks_are_looked_for_in_the_text_as_it_is_written() -> None:
    table = """
        <"     Rain   fell/fall  ,      ">     [Lorne]  {said/say}  .
        PUNCT  NOUN   VERB+Fin   PUNCT  PUNCT  PROPN    VERB+Fin    PUNCT
        3      3      7          3      3      7        0           7
        punct  nsubj  ccomp      punct  punct  nsubj    root        punct
    """
    assert kind(table, '"Rain fell," Lorne said.') is Kind.DIRECT
    assert kind(table, '" Rain fell, " Lorne said.') is Kind.INDIRECT


@pytest.mark.parametrize(("quoted", "expected"), [(1, Kind.MIXED), (7, Kind.MIXED), (8, Kind.DIRECT), (9, Kind.DIRECT)])
def test_a_direct_quote_may_be_cut_a_little_off(quoted: int, expected: Kind) -> None:
    """Of ten letters so many stand in marks."""
    assert (
        kind(
            f"""
        [Lorne]  {{said/say}}  <“      {"a" * quoted}  ”      {"b" * (10 - quoted)}>  .
        PROPN    VERB+Fin      PUNCT  NOUN            PUNCT  NOUN                    PUNCT
        2        0             4      2               4      4                       2
        nsubj    root          punct  obj             punct  appos                   punct
        """
        )
        is expected
    )


def test_a_quote_led_into_by_other_words_is_mixed() -> None:
    assert (
        kind(
            """
        [Lorne]  {vowed/vow}  <to   “      rebuildeverything  ”>     .
        PROPN    VERB+Fin     PART  PUNCT  VERB               PUNCT  PUNCT
        2        0            5     5      2                  5      2
        nsubj    root         mark  punct  xcomp              punct  punct
        """
        )
        is Kind.MIXED
    )


def test_a_clause_without_marks_is_indirect() -> None:
    assert (
        kind(
            """
        [Lorne]  {warned/warn}  <that  rain   would    fall>  .
        PROPN    VERB+Fin       SCONJ  NOUN   AUX+Fin  VERB   PUNCT
        2        0              6      6      6        2      2
        nsubj    root           mark   nsubj  aux      ccomp  punct
        """
        )
        is Kind.INDIRECT
    )


@pytest.mark.parametrize("cue", ["{warned/warn  against}", "{vowed/vow      more}"])
def test_a_speech_act_about_a_thing_is_reported(cue: str) -> None:
    assert (
        kind(
            f"""
        [Lorne]  {cue}  <new  storms/storm>  .
        PROPN    VERB+Fin  ADP  ADJ   NOUN+Plur  PUNCT
        2        0         5    5     2          2
        nsubj    root      case amod  obl        punct
        """
        )
        is Kind.REPORTED
    )


def test_a_speech_act_with_a_relative_clause_is_reported_all_the_same() -> None:
    assert (
        kind(
            """
        [Lorne]  {blamed/blame}  <those  who    had/have  sailed/sail>  .
        PROPN    VERB+Fin        PRON    PRON   AUX+Fin   VERB          PUNCT
        2        0               2       6      6         3             2
        nsubj    root            obj     nsubj  aux       acl:relcl     punct
        """
        )
        is Kind.REPORTED
    )


@pytest.mark.parametrize("verb", ["said/say", "told/tell", "stated/state", "wrote/write"])
def test_what_is_said_is_indirect_even_without_a_verb(verb: str) -> None:
    assert (
        kind(
            f"""
        [Lorne]  {{{verb}}}  <nothing>  .
        PROPN    VERB+Fin  PRON       PUNCT
        2        0         2          2
        nsubj    root      obj        punct
        """
        )
        is Kind.INDIRECT
    )


def test_according_to_gives_what_was_said() -> None:
    assert (
        kind(
            """
        <Heavy  rain>  ,      {according/accord  to}    [Lorne]  .
        ADJ     NOUN   PUNCT  VERB               ADP    PROPN    PUNCT
        2       0      6      6                  4      2        2
        amod    root   punct  case               fixed  obl      punct
        """
        )
        is Kind.INDIRECT
    )


def test_a_passive_cue_gives_what_was_said() -> None:
    assert (
        kind(
            """
        <Heavy  rain>       {is/be    expected/expect}  .
        ADJ     NOUN        AUX+Fin   VERB              PUNCT
        2       4           4         0                 4
        amod    nsubj:pass  aux:pass  root              punct
        """
        )
        is Kind.INDIRECT
    )


def test_a_speech_act_about_a_thing_with_a_finite_relative_clause_is_reported() -> None:
    assert (
        kind(
            """
        [Lorne]  {praised/praise}  <the  crew  that   sailed/sail>  .
        PROPN    VERB+Fin          DET   NOUN  PRON   VERB+Fin      PUNCT
        2        0                 4     2     6      4             2
        nsubj    root              det   obj   nsubj  acl:relcl     punct
        """
        )
        is Kind.REPORTED
    )


def test_a_finite_verb_must_be_the_main_word() -> None:
    text = parsed(
        """
        <Rain  fell/fall>  ,      <the  heavy  rain>  ,      <to   fall>  .
        NOUN   VERB+Fin    PUNCT  DET   ADJ    NOUN   PUNCT  PART  VERB   PUNCT
        2      0           6      6     6      2      9      9     2      2
        nsubj  root        punct  det   amod   appos  punct  mark  advcl  punct
        """
    )
    assert [has_finite_verb(text, span) for span in text.tagged] == [True, False, False]


# polarity


def saying(words: str, pos: str, deprels: str) -> str:
    """ "Lorne … whether rain fell.", where the last of `words` governs the others and the rest."""
    count = len(words.split())
    heads = " ".join([str(count + 1)] * (count - 1) + ["0"])
    top = str(count + 1)
    return "\n".join(
        (
            f"[Lorne] {words} <whether rain fell/fall> .",
            f"PROPN {pos} SCONJ NOUN VERB+Fin PUNCT",
            f"{top} {heads} {count + 4} {count + 4} {top} {top}",
            f"nsubj {deprels} mark nsubj ccomp punct",
        )
    )


@pytest.mark.parametrize(
    "table",
    [
        saying("{did/do not say}", "AUX+Fin PART VERB", "aux advmod root"),
        saying("{did/do n't/not say}", "AUX+Fin PART VERB", "aux advmod root"),
        saying("{did/do n’t/not say}", "AUX+Fin PART VERB", "aux advmod root"),
        saying("{never said/say}", "ADV VERB+Fin", "advmod root"),
        saying("never {said/say}", "ADV VERB+Fin", "advmod root"),
        saying("did/do not {say}", "AUX+Fin PART VERB", "aux advmod root"),
        saying("neither {said/say}", "CCONJ VERB+Fin", "cc:preconj root"),
        saying("{declined/decline}", "VERB+Fin", "root"),
        saying("{refused/refuse}", "VERB+Fin", "root"),
        saying("{avoided/avoid}", "VERB+Fin", "root"),
    ],
)
def test_what_was_not_said_is_negated(table: str) -> None:
    assert polarity(table) is Polarity.NEGATED


@pytest.mark.parametrize("nobody", ["Neither", "Nobody", "None"])
def test_what_nobody_said_is_negated(nobody: str) -> None:
    table = saying("{said/say}", "VERB+Fin", "root").replace("Lorne", nobody)
    assert polarity(table) is Polarity.NEGATED


def test_what_no_official_said_is_negated() -> None:
    assert (
        polarity(
            """
        [No  official]  {said/say}  <rain  fell/fall>  .
        DET  NOUN       VERB+Fin    NOUN   VERB+Fin    PUNCT
        2    3          0           5      3           3
        det  nsubj      root        nsubj  ccomp       punct
        """
        )
        is Polarity.NEGATED
    )


@pytest.mark.parametrize(
    "table", [saying("{said/say}", "VERB+Fin", "root"), saying("{denied/deny}", "VERB+Fin", "root")]
)
def test_what_was_said_is_asserted_and_so_is_a_denial(table: str) -> None:
    assert polarity(table) is Polarity.ASSERTED


def test_a_negation_inside_the_content_does_not_negate_the_saying() -> None:
    assert (
        polarity(
            """
        [Lorne]  {said/say}  <rain  never   fell/fall>  .
        PROPN    VERB+Fin    NOUN   ADV     VERB+Fin    PUNCT
        2        0           5      5       2           2
        nsubj    root        nsubj  advmod  ccomp       punct
        """
        )
        is Polarity.ASSERTED
    )


@pytest.mark.parametrize("verb", ["asked/ask", "wondered/wonder", "inquired/inquire"])
@pytest.mark.parametrize("word", ["whether", "if", "why", "how", "when", "where", "what", "who"])
def test_asking_whether_is_a_question(verb: str, word: str) -> None:
    table = saying(f"{{{verb}}}", "VERB+Fin", "root").replace("whether", word)
    assert polarity(table) is Polarity.QUESTION


def test_a_question_mark_makes_what_was_asked_a_question() -> None:
    assert (
        polarity(
            """
        <“     Did/do   rain   fall   ?      ”>     [Lorne]  {asked/ask}  .
        PUNCT  AUX+Fin  NOUN   VERB   PUNCT  PUNCT  PROPN    VERB+Fin     PUNCT
        4      4        4      8      4      4      8        0            8
        punct  aux      nsubj  ccomp  punct  punct  nsubj    root         punct
        """
        )
        is Polarity.QUESTION
    )


def test_asking_for_something_is_no_question() -> None:
    assert (
        polarity(
            """
        [Lorne]  {asked/ask  for}  <more  rain>  .
        PROPN    VERB+Fin    ADP   ADJ    NOUN   PUNCT
        2        0           5     5      2      2
        nsubj    root        case  amod   obl    punct
        """
        )
        is Polarity.ASSERTED
    )


def test_a_content_without_a_cue_is_asserted() -> None:
    text = parsed("<“ Never ! ”>\nPUNCT ADV PUNCT PUNCT\n2 0 2 2\npunct root punct punct")
    assert polarity_of(text, *assemble(text)) is Polarity.ASSERTED


# who is asked

ASKED = """
    Lorne  left/leave  ,      when    asked/ask  whether  rain   fell/fall  .
    PROPN  VERB+Fin    PUNCT  ADV     VERB       SCONJ    NOUN   VERB+Fin   PUNCT
    2      0           2      5       2          8        8      5          2
    nsubj  root        punct  advmod  advcl      mark     nsubj  ccomp      punct
"""


def asked(table: str, cue: str = "asked") -> bool:
    text = parsed(table)
    return is_asked(text, draft(text, "rain fell", cue))


@pytest.mark.parametrize("before", ["when", "while", "When", ","])
def test_a_participle_without_a_subject_is_asked_of_somebody(before: str) -> None:
    assert asked(but(ASKED, "when", before))


def test_what_opens_the_sentence_is_asked_of_somebody() -> None:
    assert asked("Asked/ask rain fell/fall .\nVERB NOUN VERB+Fin PUNCT\n0 3 1 1\nroot nsubj ccomp punct", "Asked")


@pytest.mark.parametrize(
    ("table", "cue"),
    [
        (but(ASKED, "when", "Brandt", pos="PROPN", deprel="nsubj"), "asked"),  # somebody asks
        (but(ASKED, "when", "then"), "asked"),
        (but(ASKED, "Lorne", head=5), "asked"),  # the subject stands farther off
        (but(ASKED, "asked", "told/tell"), "told"),
        (but(ASKED, "asked", "asks/ask"), "asks"),
        (ASKED, ""),
    ],
)
def test_others_are_not_asked(table: str, cue: str) -> None:
    assert not asked(table, cue)


def test_what_was_asked_is_a_question_even_where_the_cue_takes_the_question_word() -> None:
    table = saying("{asked/ask}", "VERB+Fin", "root")
    assert polarity(table) is Polarity.QUESTION
    assert polarity(but(but(table, "asked", "{asked/ask"), "whether", "whether}").replace("rain", "<rain")) is (
        Polarity.QUESTION
    )
