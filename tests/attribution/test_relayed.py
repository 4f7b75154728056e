"""One thing said and passed on, and things said by a voice that is not named again."""

from quotetrack.attribution import attribute
from quotetrack.domain import AnnotatedText, Attribution, Polarity, text_of
from quotetrack.sources.catalogue import bundled_catalogue

from .build import but, parsed

NAMES = {"PERSON": "Ada Lorne; Otto Brandt"}
WARNED = """
    <They  warned/warn  that   rain   would    fall>  ,      {according/accord  to}    [the  port      office]  .
    PRON   VERB+Fin     SCONJ  NOUN   AUX+Fin  VERB   PUNCT  VERB               ADP    DET   NOUN      NOUN     PUNCT
    2      0            6      6      6        2      2      12                 8      12    12        2        2
    nsubj  root         mark   nsubj  aux      ccomp  punct  case               fixed  det   compound  obl      punct
"""
SAILORS = """
    Old   sailors/sailor  left/leave  .
    ADJ   NOUN+Plur       VERB+Fin    PUNCT
    2     3               0           3
    amod  nsubj           root        punct
"""


def attributions(table: str) -> tuple[AnnotatedText, tuple[Attribution, ...]]:
    text = parsed(table, **NAMES)
    return text, attribute(text, bundled_catalogue())


def told(table: str) -> list[tuple[str, str, str]]:
    """Content, cue and chain of every attribution."""
    text, found = attributions(table)
    return [
        (text_of(a.content, text.text), text_of(a.cue, text.text), " → ".join(hop.name for hop in a.chain))
        for a in found
    ]


# passed on


def test_what_they_warned_of_according_to_an_office_is_one_attribution_through_it() -> None:
    assert told(SAILORS + WARNED) == [("rain would fall", "warned … according to", "port office → Old sailors")]
    _, [found] = attributions(SAILORS + WARNED)
    assert (found.parent, found.made_by) == (None, "nested")
    assert [(hop.role.value, hop.made_by) for hop in found.chain] == [("channel", "nested"), ("speaker", "pronoun")]


def test_a_cue_other_than_according_to_leaves_both() -> None:
    table = but(but(WARNED, "according", "{said/say", pos="VERB"), "to", "by}")
    assert [chain for _, _, chain in told(SAILORS + table)] == ["port office", "port office → Old sailors"]
    _, (outer, inner) = attributions(SAILORS + table)
    assert (outer.parent, inner.parent) == (None, 0)


def test_an_act_that_is_only_a_part_of_the_content_leaves_both() -> None:
    table = """
        <Rain fell/fall and they warned/warn that snow would come> , {according/accord to} [the office] .
        NOUN VERB+Fin CCONJ PRON VERB+Fin SCONJ NOUN AUX+Fin VERB PUNCT VERB ADP DET NOUN PUNCT
        2 0 5 5 2 9 9 9 5 2 14 11 14 2 2
        nsubj root cc nsubj conj mark nsubj aux ccomp punct case fixed det obl punct
    """
    assert told(SAILORS + table) == [
        ("Rain fell and they warned that snow would come", "according to", "office"),
        ("snow would come", "warned … according to", "office → Old sailors"),
    ]


def test_the_content_of_what_is_passed_on_may_end_a_little_before_the_whole() -> None:
    longer = """
        <They  warned/warn  rain   would    fall   TAIL>  ,      {according/accord  to}    [the  office]  .
        PRON   VERB+Fin     NOUN   AUX+Fin  VERB   X      PUNCT  VERB               ADP    DET   NOUN     PUNCT
        2      0            5      5        2      1      2      11                 8      11    2        2
        nsubj  root         nsubj  aux      ccomp  dep    punct  case               fixed  det   obl      punct
    """
    [one] = told(SAILORS + but(longer, "TAIL", "tail_of_ten>"))
    assert one[2] == "office → Old sailors"
    assert len(told(SAILORS + but(longer, "TAIL", "tail_of_more>"))) == 2


def test_the_outer_voice_is_not_its_own_channel() -> None:
    table = """
        [Ada   Lorne]  {said/say}  <she   warned/warn  that   rain   would    fall>  .
        PROPN  PROPN   VERB+Fin    PRON   VERB+Fin     SCONJ  NOUN   AUX+Fin  VERB   PUNCT
        3      1       0           5      3            9      9      9        5      3
        nsubj  flat    root        nsubj  ccomp        mark   nsubj  aux      ccomp  punct
    """
    assert told(table) == [("she warned that rain would fall", "said", "Ada Lorne")]


# the same voice goes on

SAID = """
    [Ada   Lorne]  {said/say}  <rain  fell/fall>  .
    PROPN  PROPN   VERB+Fin    NOUN   VERB+Fin    PUNCT
    3      1       0           5      3           3
    nsubj  flat    root        nsubj  ccomp       punct
"""
QUOTE = """
    <“     Snow   fell/fall  there   .      ”>
    PUNCT  NOUN   VERB+Fin   ADV     PUNCT  PUNCT
    3      3      0          3       3      3
    punct  nsubj  root       advmod  punct  punct
"""
BRANDT = """
    [Otto  Brandt]  {said/say}  <hail  fell/fall>  .
    PROPN  PROPN    VERB+Fin    NOUN   VERB+Fin    PUNCT
    3      1        0           5      3           3
    nsubj  flat     root        nsubj  ccomp       punct
"""


def test_a_quote_after_the_sentence_of_the_cue_is_said_by_the_same_voice() -> None:
    _, found = attributions(f"{SAID}\n¶{QUOTE}")
    assert [(hop.name, hop.made_by) for a in found for hop in a.chain] == [
        ("Ada Lorne", "name"),
        ("Ada Lorne", "floating"),
    ]
    assert [a.chain[0].span is None for a in found] == [False, True]


def test_the_explanation_of_a_floating_quote_shows_who_was_heard_last() -> None:
    text, found = attributions(f"{SAID}\n{BRANDT}\n¶{QUOTE}")
    assert [a.chain[0].name for a in found] == ["Ada Lorne", "Otto Brandt", "Otto Brandt"]
    [step] = [step for step in found[-1].steps if step.part == "speaker"]
    assert (step.rule, step.value, text_of(step.spans, text.text)) == ("floating", "Otto Brandt", "Otto Brandt")


def test_a_quote_left_open_is_one_attribution_over_its_paragraphs() -> None:
    opened = """
        <“     Hail   fell/fall  here    .>
        PUNCT  NOUN   VERB+Fin   ADV     PUNCT
        3      3      0          3       3
        punct  nsubj  root       advmod  punct
    """
    assert told(f"{SAID}\n¶{opened}\n¶{QUOTE}") == [
        ("rain fell", "said", "Ada Lorne"),
        ("“Hail fell here.\n\n“Snow fell there.”", "", "Ada Lorne"),
    ]


def test_whoever_asked_is_not_named() -> None:
    table = """
        {Asked/ask}  <whether  rain   fell/fall>  ,      [Ada   Lorne]  declined/decline  .
        VERB         SCONJ     NOUN   VERB+Fin    PUNCT  PROPN  PROPN   VERB+Fin          PUNCT
        8            4         4      1           8      8      6       0                 8
        advcl        mark      nsubj  ccomp       punct  nsubj  flat    root              punct
    """
    _, [found] = attributions(table)
    assert found.chain == ()
    assert found.polarity is Polarity.QUESTION
