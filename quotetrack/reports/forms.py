"""What reports are made of: figures, pairs, outcomes, grades, evidence. These forms are their JSON."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(Form):
    """`k` of `n` as a share, with an interval at 95 %; below the least n nothing is judged."""

    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    judged: bool
    method: Literal["wilson", "jeffreys"] = "wilson"
    evidence: str | None = None
    """The key under which `evidence` of the report has the attributions that `k` counts."""


class Number(Form):
    """A count that is no share of anything."""

    n: int
    evidence: str | None = None


class Counted(Form):
    """A source, an outlet or a class, and how many attributions it has."""

    id: int | None = None
    name: str
    n: int
    evidence: str | None = None


class Speaker(Counted):
    """A speaker whom a channel carries."""

    only_through_it: bool
    """Whether this record hears that speaker in no other way; never so of an unnamed one."""


class Middle(Form):
    """Median and quartiles of `n` values."""

    n: int
    low: float | None
    median: float | None
    high: float | None
    unit: str
    judged: bool


class Concentration(Form):
    """The Herfindahl–Hirschman index of `n` attributions over so many `different` sources, 0 to 1."""

    n: int
    different: int
    index: float | None
    equal_to: float | None
    """So many sources with equal shares would have that index: one over it."""
    judged: bool


class Period(Form):
    start: date
    """Its first day, in UTC."""
    attributions: int
    articles: int
    direct: Rate
    unnamed: Rate
    through_a_channel: Rate


class Trend(Form):
    period: Literal["week", "month"]
    """A week begins on Monday."""
    periods: list[Period]
    undated: int
    """Attributions of articles without a date."""


class Corroborated(Form):
    independent: Rate
    """Of all statements that two attributions or more make."""
    same_origin: Number
    unknown: Number


class Corroboration(Form):
    confirmed: Corroborated
    suggested_by_machine: Corroborated
    alone: Number
    """Statements that one attribution makes, and no other."""


class Pairs(Form):
    """What others said, compared with this. Pairs of attributions, or of one and a sentence without any."""

    same: int
    tension: Number
    update: Number
    attribution_lost: Rate
    """Of all that is said again elsewhere: stated flatly there."""
    other_speaker: Rate
    """Of `same`: ascribed to somebody else, or to nobody."""
    other_chain: Rate
    """Of `same`: by the same speaker through other channels."""


class Side(Form):
    attribution: int | None
    """None for a sentence without attribution."""
    article: int
    title: str
    outlet: str | None
    published: datetime | None
    url: str | None
    chain: list[str]
    words: str


class Pair(Form):
    id: int
    relation: str
    decided_by: str | None
    """None: suggested by machine."""
    sides: tuple[Side, Side]
    """Earlier and later, as far as they are dated."""


class PairGroup(Form):
    """The pairs that one figure counts, those decided first."""

    group: Literal["tension", "update", "unattributed", "other_speaker", "other_chain"]
    key: str
    """What `evidence` of the figure says."""
    total: int
    shown: list[Pair]


class Compared(Form):
    decided: Pairs
    suggested_by_machine: Pairs
    groups: list[PairGroup]


class Outcome(Form):
    statement: int
    label: str
    verdict: str
    day: date
    note: str
    link: str | None
    reviewer: str
    confirmed: bool
    evidence: str | None = None


class Outcomes(Form):
    """What became of statements, as reviewers recorded it."""

    held_up: Rate
    """Of those that held up or failed; statements that a reviewer confirmed to be made."""
    failed: int
    unresolved: int
    suggested_by_machine: int
    """Statements with an outcome of which only the machine says that they are made: counted nowhere else."""
    recorded: list[Outcome]


class Assessment(Form):
    """A grade by the Admiralty code, as a reviewer gave it. Never computed."""

    statement: int | None
    subject: str
    grade: str
    meaning: str
    rationale: str
    reviewer: str
    at: datetime
    newest: bool


class Lags(Form):
    confirmed: Middle
    suggested_by_machine: Middle


class Figures(Form):
    """What is counted over a set of attributions; a figure that makes no sense of that set is None."""

    attributions: Counted
    articles: int
    outlets: int
    first_published: datetime | None
    last_published: datetime | None
    kinds: dict[str, Rate]
    polarities: dict[str, Rate]
    no_speaker: Rate | None = None
    unnamed: Rate | None = None
    """Of attributions with a speaker."""
    unnamed_voices: Rate | None = None
    """Of the different speakers of each article: a group or a voice counts once an article."""
    through_a_channel: Rate | None = None
    classes: list[Counted] | None = None
    by_outlet: list[Counted]
    channels: list[Counted] | None = None
    speakers: list[Speaker] | None = None
    voices_an_article: Middle
    single_origin: Rate
    """Of the articles in which it can be told."""
    origin_unknown: Number
    """Articles of which it cannot be told whether they have a single origin."""
    over_speakers: Concentration | None = None
    over_origins: Concentration | None = None
    lag: Lags | None = None
    corroboration: Corroboration
    compared: Compared
    outcomes: Outcomes
    grades: list[Assessment]
    reviewed: Rate
    precision: Rate
    unchanged: Rate
    rejected: Number
    trend: Trend


class Scope(Form):
    """What was asked for; None does not narrow."""

    since: datetime | None = None
    until: datetime | None = None
    outlet: str | None = None
    kind: str | None = None
    polarity: str | None = None
    status: str | None = None
    confidence_from: float | None = None
    run: int | None = None
    decided_by: str | None = None
    text: str | None = None


class Hop(Form):
    role: str
    name: str
    source_class: str


class Piece(Form):
    text: str
    role: str | None = None


class Quote(Form):
    """One attribution, as evidence."""

    id: int
    article: int
    title: str
    outlet: str | None
    published: datetime | None
    url: str | None
    kind: str
    polarity: str
    status: str
    confidence: float
    chain: list[Hop]
    content: str
    cue: str
    passage: list[Piece] = Field(default=[], exclude=True)
    """The content and the cue where they stand, harmless to show."""


class Evidence(Form):
    """The attributions behind a figure."""

    figure: str
    total: int
    attributions: list[int]
    """The first of them, by id."""
