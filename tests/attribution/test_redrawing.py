"""Redrawing the spans of one draft: what it governs, what the reporter adds, whom one accuses, what is kept back."""

import pytest

from quotetrack.attribution.marks import quotations
from quotetrack.attribution.refine import REDRAWING, refined

from .build import but, parsed
from .drafts import Told, draft, told


def redrawn(rule: str, table: str, *parts: str) -> Told:
    """What one step makes of the draft with these parts."""
    text = parsed(table)
    before = draft(text, *parts)
    REDRAWING[rule](text, before, quotations(text.text))
    [after] = told(text, [before])
    return after


# what stands before the clause of speech

REJECTING = """
    The  boat   sank/sink  ,      the  army   said/say  ,      rejecting/reject  the  claim  .
    DET  NOUN   VERB+Fin   PUNCT  DET  NOUN   VERB+Fin  PUNCT  VERB              DET  NOUN   PUNCT
    2    3      7          7      6    7      0         7      7                 11   9      7
    det  nsubj  ccomp      punct  det  nsubj  root      punct  advcl             det  obj    punct
"""


def test_what_stands_before_the_clause_of_speech_was_said_and_not_its_gerund() -> None:
    found = redrawn("said_before", REJECTING, "rejecting the claim", "said", "the army")
    assert found == ("The boat sank", "said", "the army")


@pytest.mark.parametrize("dash", ["—", "-", "–"])
def test_the_dateline_is_no_part_of_what_was_said(dash: str) -> None:
    dateline = """
        OSLO  (     TASS  )     DASH  The boat  sank/sink ,     the army  said/say ,     rejecting/reject it   .
        PROPN PUNCT PROPN PUNCT PUNCT DET NOUN  VERB+Fin  PUNCT DET NOUN  VERB+Fin PUNCT VERB             PRON PUNCT
        8     12    1     12    8     7   8     12        12    11  12    0        12    12               14   12
        dep   punct appos punct punct det nsubj ccomp     punct det nsubj root     punct advcl            obj  punct
    """.replace("DASH", dash)
    found = redrawn("said_before", dateline, "rejecting it", "said", "the army")
    assert found == ("The boat sank", "said", "the army")


@pytest.mark.parametrize(
    "table",
    [
        but(REJECTING, "said", "left/leave"),  # no verb of saying
        but(REJECTING, "rejecting", "rejected/reject"),  # no gerund
        but(REJECTING, "The", "{The}"),  # the tagger knows something about it
        but(REJECTING, "boat", deprel="dep"),  # no clause
        but(REJECTING, ",", "and"),  # no comma before it
    ],
)
def test_otherwise_what_follows_stays_the_content(table: str) -> None:
    text = parsed(table)
    content, cue = ("rejected" if "rejected" in text.text else "rejecting"), "left" if "left" in text.text else "said"
    parts = f"{content} the claim", cue, "the army"
    assert redrawn("said_before", table, *parts) == parts


# what the verb governs

VOWED = """
    Lorne  vowed/vow  full  support  for   the  port  .
    PROPN  VERB+Fin   ADJ   NOUN     ADP   DET  NOUN  PUNCT
    2      0          4     2        7     7    4     2
    nsubj  root       amod  obj      case  det  nmod  punct
"""


def test_what_the_verb_governs_is_content() -> None:
    found = redrawn("object_returned", VOWED, "the port", "vowed full support for", "Lorne")
    assert found == ("full support for the port", "vowed", "Lorne")


@pytest.mark.parametrize(
    ("table", "cue"),
    [
        (but(VOWED, "vowed", "warned/warn"), "warned full support for"),  # whom one addresses
        (but(VOWED, "vowed", "moved/move"), "moved full support for"),  # no verb of speech
        (but(VOWED, "support", "warning"), "vowed full warning for"),  # a noun of speech is the cue's own
        (but(VOWED, "support", deprel="obl"), "vowed full support for"),  # no object
        (VOWED, "vowed"),
    ],
)
def test_what_is_no_object_of_a_verb_of_speech_stays_in_the_cue(table: str, cue: str) -> None:
    assert redrawn("object_returned", table, "port", cue, "Lorne") == ("port", cue, "Lorne")


def test_an_object_far_from_the_content_stays_in_the_cue() -> None:
    assert redrawn("object_returned", VOWED, ".", "vowed full", "Lorne") == (".", "vowed full", "Lorne")


# the reporter's words

GLOSSED = """
    Lorne  said/say  the  boat   was/be   ready  ,      GLOSS  the  storm  .
    PROPN  VERB+Fin  DET  NOUN   AUX+Fin  ADJ    PUNCT  X      DET  NOUN   PUNCT
    2      0         4    6      6        2      2      1      10   6      2
    nsubj  root      det  nsubj  cop      ccomp  punct  dep    det  obl    punct
"""


def glossed(gloss: str) -> str:
    """The sentence with this gloss, whose last word governs nothing."""
    words = gloss.split()
    lines = [line.split() for line in GLOSSED.splitlines() if line.strip()]
    filling = words, ["X"] * len(words), ["1"] * len(words), ["dep"] * len(words)
    at = lines[0].index("GLOSS")
    return "\n".join(" ".join([*line[:at], *fill, *line[at + 1 :]]) for line, fill in zip(lines, filling, strict=True))


@pytest.mark.parametrize(
    "gloss",
    [
        "in an apparent reference to",
        "in an allusion to",
        "in what seemed a swipe at",
        "in a jab at",
        "referring to",
        "alluding to",
        "a reference to",
        "an apparent allusion to",
        "in what Brandt described as",
        "in what O'Hara later called",
        "in what the port’s owner termed",
    ],
)
def test_the_reporters_words_about_it_are_no_part_of_it(gloss: str) -> None:
    found = redrawn("without_gloss", glossed(gloss), f"the boat was ready , {gloss} the storm", "said", "Lorne")
    assert found == ("the boat was ready", "said", "Lorne")


@pytest.mark.parametrize("gloss", ["in reference to", "like", "in what Brandt saw of", "in response to"])
def test_other_words_after_a_comma_are(gloss: str) -> None:
    found = redrawn("without_gloss", glossed(gloss), f"the boat was ready , {gloss} the storm", "said", "Lorne")
    assert found == (f"the boat was ready, {gloss} the storm", "said", "Lorne")


def test_what_the_source_alludes_to_in_marks_is_its_own() -> None:
    marked = but(but(glossed("referring to"), "the", "“"), "storm", "”")
    content = "“ boat was ready , referring to the ”"
    assert redrawn("without_gloss", marked, content, "said", "Lorne")[0] == "“boat was ready, referring to the”"


RELATIVE = """
    Lorne  said/say  the  towns/town  had/have  signed/sign  the  pact  ,      which  nobody  had/have  read       .
    PROPN  VERB+Fin  DET  NOUN+Plur   AUX+Fin   VERB         DET  NOUN  PUNCT  PRON   PRON    AUX+Fin   VERB       PUNCT
    2      0         4    6           6         2            8    6     2      13     13      13        8          2
    nsubj  root      det  nsubj       aux       ccomp        det  obj   punct  obj    nsubj   aux       acl:relcl  punct
"""
PACT = "the towns had signed the pact"


@pytest.mark.parametrize("stop", ["", " ."])
@pytest.mark.parametrize("word", ["which", "who"])
def test_background_set_off_by_a_comma_at_the_end_is_no_part_of_it(word: str, stop: str) -> None:
    table = but(RELATIVE, "which", word)
    found = redrawn("without_relative", table, f"{PACT} , {word} nobody had read{stop}", "said", "Lorne")
    assert found == (PACT, "said", "Lorne")


@pytest.mark.parametrize(
    ("table", "content"),
    [
        (but(RELATIVE, "which", "where"), f"{PACT} , where nobody had read"),
        (but(RELATIVE, ",", "of"), f"{PACT} of which nobody had read"),
        (RELATIVE, f"{PACT} , which nobody"),  # the sentence goes on
        (but(RELATIVE, "nobody", ","), f"{PACT} , which , had read"),  # set off inside once more
        (but(but(RELATIVE, "nobody", "“"), ".", "”"), f"{PACT} , which “ had read ”"),
    ],
)
def test_what_else_comes_last_is(table: str, content: str) -> None:
    before = told(text := parsed(table), [draft(text, content, "said", "Lorne")])
    assert redrawn("without_relative", table, content, "said", "Lorne") == before[0]


def test_a_relative_clause_before_the_cue_is_part_of_it() -> None:
    parts = f"{PACT} , which nobody had read", ".", "Lorne"
    assert redrawn("without_relative", RELATIVE, *parts)[0].endswith("which nobody had read")


# whom one accuses, and what one keeps back


@pytest.mark.parametrize(
    ("table", "content", "deed"),
    [
        (
            """
            Lorne  accused/accuse  the  rebels/rebel  of    shelling/shell  the  port  .
            PROPN  VERB+Fin        DET  NOUN+Plur     ADP   VERB            DET  NOUN  PUNCT
            2      0               4    2             6     2               8    6     2
            nsubj  root            det  obj           mark  advcl           det  obj   punct
            """,
            "the rebels of shelling the port",
            "shelling the port",
        ),
        (
            """
            Lorne  accused/accuse  them  of    shelling/shell  a    port  of    Norland  .
            PROPN  VERB+Fin        PRON  ADP   VERB            DET  NOUN  ADP   PROPN    PUNCT
            2      0               2     5     2               7    5     9     7        2
            nsubj  root            obj   mark  advcl           det  obj   case  nmod     punct
            """,
            "them of shelling a port of Norland",
            "shelling a port of Norland",
        ),
        (
            """
            Lorne  accused/accuse  the  mayor  of    the  port  of    fraud  .
            PROPN  VERB+Fin        DET  NOUN   ADP   DET  NOUN  ADP   NOUN   PUNCT
            2      0               4    2      7     7    4     9     2      2
            nsubj  root            det  obj    case  det  nmod  case  obl    punct
            """,
            "the mayor of the port of fraud",
            "fraud",
        ),
        (
            """
            Lorne  accused/accuse  the  mayor  of    fraud  .
            PROPN  VERB+Fin        DET  NOUN   ADP   NOUN   PUNCT
            2      0               4    2      6     4      2
            nsubj  root            det  obj    case  nmod   punct
            """,
            "the mayor of fraud",
            "fraud",
        ),
        (
            """
            Lorne  accused/accuse  the  mayor  again   .
            PROPN  VERB+Fin        DET  NOUN   ADV     PUNCT
            2      0               4    2      2       2
            nsubj  root            det  obj    advmod  punct
            """,
            "the mayor again",
            "the mayor again",
        ),
    ],
)
def test_whom_one_accuses_is_no_part_of_it(table: str, content: str, deed: str) -> None:
    assert redrawn("without_accused", table, content, "accused", "Lorne") == (deed, "accused", "Lorne")


def test_others_may_be_warned_of_something() -> None:
    table = """
        Lorne  warned/warn  the  port  of    shelling/shell  boats/boat  .
        PROPN  VERB+Fin     DET  NOUN  ADP   VERB            NOUN+Plur   PUNCT
        2      0            4    2     6     2               6           2
        nsubj  root         det  obj   mark  advcl           obj         punct
    """
    parts = "the port of shelling boats", "warned", "Lorne"
    assert redrawn("without_accused", table, *parts) == parts


DECLINED = """
    Lorne  declined/decline  to    VERB   on    the  figures/figure  .
    PROPN  VERB+Fin          PART  VERB   ADP   DET  NOUN+Plur       PUNCT
    2      0                 4     2      7     7    4               2
    nsubj  root              mark  xcomp  case  det  obl             punct
"""


@pytest.mark.parametrize("verb", ["comment", "speculate", "elaborate"])
@pytest.mark.parametrize("refusal", ["declined/decline", "refused/refuse", "avoided/avoid"])
def test_what_is_kept_back_is_the_content(refusal: str, verb: str) -> None:
    table = but(but(DECLINED, "VERB", verb), "declined", refusal)
    word = refusal.partition("/")[0]
    found = redrawn("refused", table, f"to {verb} on the figures", word, "Lorne")
    assert found == ("the figures", f"{word} to {verb} on", "Lorne")


def test_when_it_will_be_is_kept_back_as_a_question() -> None:
    table = but(but(DECLINED, "VERB", "say"), "on", "when", pos="ADV")
    found = redrawn("refused", table, "to say when the figures", "declined", "Lorne")
    assert found == ("when the figures", "declined to say", "Lorne")


@pytest.mark.parametrize("content", ["to comment", "to comment on"])
def test_a_mere_refusal_has_no_content_and_is_left_out(content: str) -> None:
    text = parsed(but(DECLINED, "VERB", "comment"))
    assert refined(text, [draft(text, content, "declined", "Lorne")], ()) == []


@pytest.mark.parametrize(
    ("table", "content", "cue"),
    [
        (but(DECLINED, "VERB", "sell"), "to sell on the figures", "declined"),  # a deed
        (but(DECLINED, "VERB", "comment"), "the figures", "declined to comment on"),  # as it should be
        (but(but(DECLINED, "VERB", "comment"), "declined", "began/begin"), "to comment", "began"),
    ],
)
def test_what_is_not_kept_back_stays_as_it_is(table: str, content: str, cue: str) -> None:
    assert redrawn("refused", table, content, cue, "Lorne") == (content, cue, "Lorne")
