"""What makes a gold attribution hard, read off the gold itself and its text."""

import re
from collections.abc import Callable

from quotetrack.domain import Polarity, SourceClass, Spans
from quotetrack.evaluation.gold import GoldAttribution
from quotetrack.evaluation.spans import canonical

SHORT_WORDS = 4
"""Content of fewer words is short."""

PRONOUNS = frozenset(
    "i you he she it we they me him her us them this that these those who one another others himself herself itself "
    "themselves".split()
)

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_SENTENCE_END = re.compile(r"(?P<word>\S*[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(\b[A-Za-z]\.|\b(Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Jr|Sr|Inc|Co|Corp|No|vs|etc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|"
    r"Sept|Sep|Oct|Nov|Dec)\.)$"
)

Test = Callable[[GoldAttribution, str], bool]


def phenomena_of(gold: GoldAttribution, text: str) -> tuple[str, ...]:
    """The names of the phenomena in one gold attribution of an article's text, in the order of `PHENOMENA`."""
    return tuple(name for name, holds in PHENOMENA.items() if holds(gold, text))


def crosses_sentence(spans: Spans, text: str) -> bool:
    """Whether some piece goes over the end of a sentence.

    That is a stop, white space and a capital or digit; a stop after one letter or a common abbreviation is none.
    """
    return any(
        not _ABBREVIATION.search(found["word"])
        for span in canonical(spans, text)
        for found in _SENTENCE_END.finditer(span.of(text))
    )


def crosses_paragraph(spans: Spans, text: str) -> bool:
    """Whether the spans begin and end in different paragraphs: a blank line lies between."""
    pieces = canonical(spans, text)
    return bool(pieces) and _PARAGRAPH.search(text, pieces[0].start, pieces[-1].end) is not None


def _first(spans: Spans) -> int:
    return min(span.start for span in spans)


def _of_class(*classes: SourceClass) -> Test:
    return lambda gold, _: gold.speaker is not None and gold.speaker.source_class in classes


def _is_agentless(gold: GoldAttribution, _text: str) -> bool:
    return gold.speaker is not None and not gold.speaker.named


def _is_split(gold: GoldAttribution, text: str) -> bool:
    return len(canonical(gold.content, text)) > 1


def _has_pronoun(gold: GoldAttribution, text: str) -> bool:
    words = [word for span in gold.source for word in re.findall(r"\w+", span.of(text).casefold())]
    return len(words) == 1 and words[0] in PRONOUNS


def _is_inverted(gold: GoldAttribution, _text: str) -> bool:
    return bool(gold.cue and gold.source) and _first(gold.cue) < _first(gold.source)


def _is_short(gold: GoldAttribution, text: str) -> bool:
    return sum(len(span.of(text).split()) for span in gold.content) < SHORT_WORDS


PHENOMENA: dict[str, Test] = {
    "nested": lambda gold, _: gold.parent is not None,
    "negated": lambda gold, _: gold.polarity is Polarity.NEGATED,
    "question": lambda gold, _: gold.polarity is Polarity.QUESTION,
    "split content": _is_split,
    "content over sentences": lambda gold, text: crosses_sentence(gold.content, text),
    "content over paragraphs": lambda gold, text: crosses_paragraph(gold.content, text),
    "short content": _is_short,
    "no cue (floating)": lambda gold, _: not gold.cue,
    "no source in the text": lambda gold, _: not gold.source,
    "pronoun as source": _has_pronoun,
    "cue before source": _is_inverted,
    "source a paragraph away": lambda gold, text: (
        bool(gold.source)
        and not crosses_paragraph(gold.content, text)
        and crosses_paragraph((*gold.content, *gold.source), text)
    ),
    "unnamed source": _of_class(SourceClass.UNNAMED, SourceClass.UNNAMED_GROUP),
    "several with one voice": _of_class(SourceClass.COLLECTIVE),
    "agentless": _is_agentless,
    "stated channel": lambda gold, _: gold.stated,
    "several channels": lambda gold, _: bool(gold.chains) and len((gold.chains or ((),))[0]) > 1,
}
"""Each phenomenon's name and the test for it. What the gold's format cannot say holds for none."""
