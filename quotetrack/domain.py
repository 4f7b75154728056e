"""READ FIRST: the values that flow through quotetrack.

An `Article` is read, its text becomes an `AnnotatedText`, and that yields `Attribution`s. All are immutable.
Offsets everywhere are half-open ranges of code points into `Article.text`, which is never rewritten.
What has an identity and a life cycle (sources, decisions, runs) lives in `quotetrack.store.models`.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any


class Kind(StrEnum):
    """How the words are given."""

    DIRECT = "direct"
    """All of the content stands in quotation marks."""
    MIXED = "mixed"
    """Part of the content stands in quotation marks."""
    INDIRECT = "indirect"
    """A paraphrase: "said that …", "…, according to …"."""
    REPORTED = "reported"
    """A speech act without a that-clause: "warned against …", "vowed support"."""


class Polarity(StrEnum):
    """Whether the source is said to have said it."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    """"did not mention", "would not be drawn on", "declined to say"."""
    QUESTION = "question"
    """"Asked whether …"."""


class Status(StrEnum):
    """What the review has made of an attribution."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """A reviewer had added it and took that back: it counts nowhere."""


class HopRole(StrEnum):
    """What a source does in a chain."""

    CHANNEL = "channel"
    SPEAKER = "speaker"


class SourceClass(StrEnum):
    """What kind of voice a hop is, judged from how this article mentions it."""

    PERSON = "person"
    OFFICIAL = "official"
    """A named person who speaks for an institution."""
    INSTITUTION = "institution"
    MEDIA = "media"
    COLLECTIVE = "collective"
    """Several named sources, or one named body of people, with one voice."""
    UNNAMED = "unnamed"
    """One person whose name is withheld: "an official who asked not to be named"."""
    UNNAMED_GROUP = "unnamed_group"
    """Several whose names are withheld: "foreign experts"."""
    DOCUMENT = "document"
    AGENTLESS = "agentless"
    """Nobody may be named: "is believed to"."""


class SourceKind(StrEnum):
    """What a known source is, whatever any article calls it."""

    PERSON = "person"
    GOVERNMENT = "government"
    OFFICE = "office"
    PARTY = "party"
    INTERNATIONAL = "international"
    NEWS_AGENCY = "news_agency"
    OUTLET = "outlet"
    PLATFORM = "platform"
    COMPANY = "company"
    ORGANIZATION = "organization"
    GROUP = "group"
    """Several voices named together: "Russian state media", "Putin and Kim"."""
    UNNAMED = "unnamed"
    DOCUMENT = "document"
    UNKNOWN = "unknown"
    """Named in an article, and nothing more is known."""


MEDIA_KINDS = frozenset({SourceKind.NEWS_AGENCY, SourceKind.OUTLET, SourceKind.PLATFORM})


class SpanRole(StrEnum):
    """The three spans of an attribution, in the terms of PARC and PolNeAR."""

    CONTENT = "content"
    CUE = "cue"
    SOURCE = "source"


class Relation(StrEnum):
    """How what one attribution says relates to what another says, or to a sentence of another article."""

    SAME_WORDS = "same_words"
    SAME_CLAIM = "same_claim"
    UPDATE = "update"
    """The later one brings the earlier up to date: both may hold, each at its time."""
    TENSION = "tension"
    """Both cannot hold as they stand. Which of them does is not for this record to say."""
    UNATTRIBUTED = "unattributed"
    """The other article states it flatly: the attribution was lost on the way."""
    UNRELATED = "unrelated"


class Verdict(StrEnum):
    """What became of a statement."""

    HELD_UP = "held_up"
    FAILED = "failed"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points into an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"{self.start}-{self.end} is not a span: it must start at 0 or later and not be empty")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        return text[self.start : self.end]


Spans = tuple[Span, ...]
"""A possibly discontinuous stretch of text: pieces in order, none overlapping."""


def text_of(spans: Spans, text: str) -> str:
    """The pieces as they stand in `text`, joined by an ellipsis."""
    return " … ".join(span.of(text) for span in spans)


@dataclass(frozen=True, slots=True)
class Hop:
    """One link of an attribution's chain. `span` is where the article names it, if it does there."""

    role: HopRole
    name: str
    source_class: SourceClass
    span: Span | None = None
    made_by: str = ""
    """The rule that put it here, such as `pronoun` or `according_to`."""
    speaks_for: str = ""
    """The body that an official speaks for, where a title in the article names it."""

    def as_dict(self) -> dict[str, Any]:
        """Its form in JSON, here and in every command."""
        return {
            "role": self.role,
            "name": self.name,
            "class": self.source_class,
            "span": [self.span.start, self.span.end] if self.span else None,
            "speaks_for": self.speaks_for or None,
        }


@dataclass(frozen=True)
class Article:
    """One version of a text as it was read, with what is known about where it came from."""

    text: str
    name: str
    """What a person calls it: a file's name without its last suffix, or the id it was given."""
    location: str = ""
    """Where it was read: a path, `path:line`, a URL, or `<stdin>`; for messages only."""
    given_id: str | None = None
    """The id its JSON line gave."""
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: datetime | None = None
    """Always with a time zone."""
    default_channels: tuple[Hop, ...] = ()
    """What the article itself names as the channel of its information as a whole; found when it is analysed."""

    @cached_property
    def sha256(self) -> str:
        """Hash of the text alone."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def key(self) -> str:
        """Its identity: another text with the same key is another version of the same article.

        The canonical URL if there is one, else the id it was given (within its outlet), else the text itself:
        two unnamed files are the same article only when they say the same.
        """
        if self.url:
            return self.url
        if self.given_id:
            return f"id:{self.outlet or ''}/{self.given_id}"
        return f"sha256:{self.sha256}"


@dataclass(frozen=True, slots=True)
class Rejected:
    """An input that could not become an article."""

    location: str
    reason: str
    """A short code, such as `empty` or `binary`; the same for the same fault."""
    message: str
    """What is wrong and what to do about it, in one line."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word with its annotations. `head` is an index into the same text's tokens, or -1 for a root."""

    text: str
    start: int
    end: int
    lemma: str
    upos: str
    feats: str
    head: int
    deprel: str
    sentence: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity: tokens `first` to `last`, both included. `type` is PERSON, ORG, LOC, NORP, FAC, …"""

    type: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """What the attribution tagger marked: tokens `first` to `last`, both included.

    `confidence` is the lowest marginal probability of its tokens' labels under the tagger's CRF.
    """

    role: SpanRole
    first: int
    last: int
    confidence: float


@dataclass(frozen=True)
class AnnotatedText:
    """A text with everything the Stanza pipeline found in it, free of Stanza's classes."""

    text: str
    tokens: tuple[Token, ...]
    entities: tuple[Entity, ...] = ()
    tagged: tuple[TaggedSpan, ...] = ()
    coref: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Coreference chains, where the user has Stanza's model: mentions as token ranges, ends included."""

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each token, the tokens that depend on it, in order."""
        found: list[list[int]] = [[] for _ in self.tokens]
        for index, token in enumerate(self.tokens):
            if token.head >= 0:
                found[token.head].append(index)
        return tuple(map(tuple, found))

    def span(self, first: int, last: int) -> Span:
        """The span of tokens `first` to `last`, both included."""
        return Span(self.tokens[first].start, self.tokens[last].end)

    @cached_property
    def double_marks(self) -> tuple[int, ...]:
        """Where the usual double quotation marks stand in the text, in order."""
        return tuple(match.start() for match in re.finditer('[“”"]', self.text))

    @cached_property
    def role_at(self) -> dict[int, SpanRole]:
        """The role that the tagger gave to each token it marked."""
        return {index: span.role for span in self.tagged for index in range(span.first, span.last + 1)}

    @cached_property
    def sentence_ranges(self) -> tuple[range, ...]:
        """For each sentence, the range of its tokens."""
        ranges: list[range] = []
        for index, token in enumerate(self.tokens):
            if token.sentence == len(ranges):
                ranges.append(range(index, index + 1))
            else:
                ranges[-1] = range(ranges[-1].start, index + 1)
        return tuple(ranges)


@dataclass(frozen=True, slots=True)
class Step:
    """One reason why an attribution is as it is: an entry of its explanation."""

    part: str
    """What it is about: `content`, `cue`, `source`, `speaker`, `channel`, `kind`, `polarity` or `confidence`; or
    `pair`, of how two attributions relate.

    `repair` tells of a quotation mark that is lost or stray: the hypothesis on which the spans rest.
    """
    rule: str
    """What decided, such as `tagger` or `pronoun`; `quotetrack.explain` has a sentence for each."""
    spans: Spans = ()
    """The evidence in the text: for a redrawn span what it was before, for a pronoun what it stands for."""
    value: str = ""
    """What came of it, where that is no span: a name, a figure."""

    def as_dict(self) -> dict[str, Any]:
        """Its form in JSON, and in the store."""
        spans = [[span.start, span.end] for span in self.spans]
        return {"part": self.part, "rule": self.rule, "spans": spans, "value": self.value}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Step":
        """The step that `as_dict` wrote."""
        return cls(stored["part"], stored["rule"], tuple(Span(*pair) for pair in stored["spans"]), stored["value"])


@dataclass(frozen=True, slots=True)
class Attribution:
    """One "X said Y" in one article."""

    content: Spans
    cue: Spans = ()
    source: Spans = ()
    kind: Kind = Kind.INDIRECT
    polarity: Polarity = Polarity.ASSERTED
    chain: tuple[Hop, ...] = ()
    """From the outermost channel after the outlet to the speaker, who is last; without a speaker when agentless."""
    parent: int | None = None
    """Index, among the article's attributions, of the one whose content this one is nested in."""
    confidence: float = 0.0
    made_by: str = "tagger"
    steps: tuple[Step, ...] = ()
    """Why it is so, in the order in which it was decided."""

    @property
    def speaker(self) -> Hop | None:
        """The last hop, if it is a speaker."""
        return self.chain[-1] if self.chain and self.chain[-1].role is HopRole.SPEAKER else None

    @property
    def channels(self) -> tuple[Hop, ...]:
        return tuple(hop for hop in self.chain if hop.role is HopRole.CHANNEL)


@dataclass(frozen=True)
class KnownSource:
    """A source known before any article is read: an entry of the catalogue, or of a user's database."""

    key: str
    name: str
    kind: SourceKind
    country: str | None = None
    controller: str | None = None
    """Key of the source that controls it."""
    aliases: Sequence[str] = field(default=())
    metonyms: Sequence[str] = field(default=())
