"""Texts that nobody would print, through the real models and the rules: no crash, nothing astray, time in proportion.

The limits are several times what was measured on one busy core; without the measures that keep them (sentences
and paragraphs cut for the models, one search for a tree in square time, data blanked out) each is far exceeded.
"""

import subprocess
import sys
import time
from itertools import pairwise

import pytest

from quotetrack.annotation.pipeline import Annotator
from quotetrack.attribution import attribute
from quotetrack.domain import AnnotatedText, Attribution
from quotetrack.sources.catalogue import bundled_catalogue

pytestmark = pytest.mark.models

NEWS = (
    "“The bridge will open in May,” Mayor Anna Smith told reporters on Tuesday. The ministry said that the talks had "
    'failed, according to two officials who asked not to be named. He added that "nobody knows" why. KCNA reported '
    "that Kim Jong Un visited the plant, citing a statement. She said it was late. "
)
NO_STOP = "the ministry said that talks had failed and Ada Lorne told reporters in Seoul according to officials who "
HOSTILE = {
    "marks": "“”\"‘’«»",
    "marks apart": "\" “ ",
    "nested": "“a ‘b “c ",
    "no stop": NO_STOP,
    "cues": "he said, she added, ",
    "quotes": "“It rained,” he said. ",
    "sources": "Ada Lorne of KCNA, ",
    "names": "Ada, ",
    "lines": "He said so.\n",
    "brackets": "[a](b ",
    "stars": "*a ",
    "numbers": "1 2 34,5 ",
    "right to left": "قال الوزير «نعم» שלום \u202e",
    "han": "他说是的",
    "emoji": "👩‍👩‍👧‍👦🇰🇵 ",
    "control": "a\x00 \x1b[2J\x85\u2028",
    "surrogates": "said \ud800\udfff ",
    "data": "QUJD+/=",
    "rule": "-=_*",
    "blanks": " \t",
    "stops": ". ",
}  # fmt: skip


def filled(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def checked(annotator: Annotator, text: str) -> tuple[AnnotatedText, tuple[Attribution, ...], float]:
    """The annotation and the attributions of a text, sound, and the CPU seconds they took."""
    started = time.process_time()
    [annotated] = annotator.annotate([text])
    found = attribute(annotated, bundled_catalogue())
    taken = time.process_time() - started
    assert annotated.text == text
    tokens = annotated.tokens
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))
    assert all(token.head < 0 or tokens[token.head].sentence == token.sentence for token in tokens)
    for index, attribution in enumerate(found):
        for spans in (attribution.content, attribution.cue, attribution.source):
            assert all(0 <= span.start < span.end <= len(text) for span in spans)
            assert all(one.end <= other.start for one, other in pairwise(spans))
        assert attribution.content
        assert attribution.parent is None or 0 <= attribution.parent < index
        assert 0 <= attribution.confidence <= 1
    return annotated, found, taken


@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_text_does_no_harm(annotator: Annotator, shape: str) -> None:
    checked(annotator, filled(HOSTILE[shape], 2_000))


@pytest.mark.parametrize("character", ["a", "-", '"', "QUJD+/=", "[a](b", "a."])
def test_two_hundred_thousand_characters_without_a_space(annotator: Annotator, character: str) -> None:
    """Stanza's search for addresses alone would take minutes."""
    text = f"He said so. {filled(character, 200_000)} She left."
    annotated, _, taken = checked(annotator, text)
    assert [token.text for token in annotated.tokens] == ["He", "said", "so", ".", "She", "left", "."]
    assert taken < 5


def test_time_grows_with_the_length(annotator: Annotator) -> None:
    short, long = (checked(annotator, filled(NEWS, length))[2] for length in (4_000, 16_000))
    assert long / short < 8, "a square would be 16"


@pytest.mark.slow
def test_a_paragraph_of_two_hundred_thousand_characters(annotator: Annotator) -> None:
    _, found, taken = checked(annotator, filled(NEWS, 200_000))
    assert len(found) > 2_000
    assert taken < 240  # some 50 s here


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "length"), [("marks", 100_000), ("nested", 100_000), ("no stop", 200_000), ("cues", 100_000)]
)
def test_hostile_text_without_end(annotator: Annotator, shape: str, length: int) -> None:
    assert checked(annotator, filled(HOSTILE[shape], length))[2] < 240  # 20 to 60 s here


@pytest.mark.slow
def test_memory_stays_below_two_and_a_half_gigabytes() -> None:
    """In a process of its own: what others took at their peak counts for as long as a process lives."""
    script = (
        "import resource; from quotetrack.annotation.pipeline import Annotator;"
        f"Annotator(threads=1).annotate([{NO_STOP!r} * {200_000 // len(NO_STOP)}]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 2.5 * 10**9
