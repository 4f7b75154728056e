"""Gold: what a person says is in an article. Every format is read into these values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from quotetrack.domain import Kind, Polarity, SourceClass, Span, Spans
from quotetrack.errors import QuotetrackError

Names = tuple[str, ...]
"""The names that count as right for one source, the canonical one first."""
Chain = tuple[Names, ...]
"""The channels between the outlet and the speaker, outermost first; outlet and speaker are left out."""


class GoldError(QuotetrackError):
    """The gold, or the predictions to be scored against it, cannot be used. The message names file and line."""


class Form(StrEnum):
    """Where gold comes from."""

    POLNEAR = "polnear"
    """A PolNeAR compartment: spans only, and no nesting."""
    JSONL = "jsonl"
    """JSON Lines: spans, kinds, speakers and channels, and spans that must not be found."""
    REVIEWED = "reviewed"
    """A database: what reviewers accepted and rejected."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it. Without `names` nobody may be named; `aliases` are then tolerated all the same."""

    names: Names = ()
    source_class: SourceClass | None = None
    tolerated: Names = ()

    @property
    def named(self) -> bool:
        """Whether somebody is to be named."""
        return bool(self.names)


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """One "X said Y" as a person marked it. What the format cannot say is None."""

    id: str
    readings: tuple[Spans, ...]
    """Ways to delimit the content that all count as right, the preferred one first; never empty."""
    cue: Spans = ()
    source: Spans = ()
    kind: Kind | None = None
    polarity: Polarity | None = None
    speaker: Speaker | None = None
    chains: tuple[Chain, ...] | None = None
    """Chains of channels that all count as right, the preferred one first."""
    stated: bool = False
    """Whether the article itself states a channel."""
    parent: str | None = None
    """Id of the attribution that it is nested in."""
    borderline: bool = False
    """Neither finding it nor missing it counts."""

    @property
    def content(self) -> Spans:
        """The preferred reading."""
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Distractor:
    """Content that must not come out as an attribution."""

    id: str
    content: Spans


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One article with everything a person marked in it. Offsets are code points into `text`."""

    name: str
    """The name under which `quotetrack extract` knows it: the file's, without its last suffix."""
    text: str
    attributions: tuple[GoldAttribution, ...]
    distractors: tuple[Distractor, ...] = ()
    location: str = ""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """All gold of one evaluation; no two articles have the same name."""

    form: Form
    articles: tuple[GoldArticle, ...]
    location: str
    """What the user named: a path, or the database."""

    def first(self, limit: int | None) -> "GoldSet":
        """The same with the first `limit` articles only, or with all."""
        return self if limit is None else replace(self, articles=self.articles[:limit])


def fitting(pairs: Sequence[tuple[int, int]], text: str, where: str) -> Spans:
    """Offsets as spans in order. Raises GoldError, beginning with `where`, if one is empty or outside the text."""
    for start, end in pairs:
        if not 0 <= start < end <= len(text):
            raise GoldError(
                f"{where}: {start}-{end} is no span of the text, which has {len(text)} characters. "
                "Check that it is the very text that was marked."
            )
    return tuple(sorted(Span(start, end) for start, end in pairs))


def read_text(path: Path) -> str:
    """An article's text as `quotetrack extract` reads it, line ends untouched. Raises GoldError."""
    from quotetrack.reading import Fault
    from quotetrack.reading.text import decode

    try:
        return decode(path.read_bytes())
    except Fault as fault:
        raise GoldError(f"{path}: {fault.message}.") from fault
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror or error}.") from error
