"""What a report says, before anybody draws it. These forms are its JSON, and their schema is the JSON schema."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

FORMAT = 1
"""Of the JSON; it rises when a field goes or changes its meaning."""


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
    same_origin: int
    unknown: int


class Corroboration(Form):
    confirmed: Corroborated
    suggested_by_machine: Corroborated
    alone: int
    """Statements that one attribution makes, and no other."""


class Pairs(Form):
    """What others said, compared with this. Pairs of attributions, or of one and a sentence without any."""

    same: int
    tension: int
    update: int
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


class Compared(Form):
    decided: Pairs
    suggested_by_machine: Pairs
    shown: list[Pair]
    """Tensions, updates and lost attributions, the first of all."""
    more: int


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
    origin_unknown: int
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
    trend: Trend


class SourceRow(Form):
    id: int
    name: str
    kind: str
    controller: str | None
    spoken: int
    direct: Rate
    through_a_channel: Rate
    reviewed: Rate
    articles: int
    outlets: int
    carried: int
    evidence: str | None = None


class ChannelRow(Form):
    id: int
    name: str
    kind: str
    controller: str | None
    carried: int
    unnamed: Rate
    reviewed: Rate
    articles: int
    outlets: int
    speakers: int
    """Different ones with a name."""
    only_through_it: int
    over_speakers: Concentration
    evidence: str | None = None


class OutletRow(Form):
    id: int | None
    name: str
    attributions: int
    articles: int
    direct: Rate
    through_a_channel: Rate
    unnamed_voices: Rate
    reviewed: Rate
    voices_an_article: Middle
    single_origin: Rate
    over_origins: Concentration
    evidence: str | None = None


class Identity(Form):
    id: int
    name: str
    kind: str
    country: str | None
    controllers: list[str]
    origin: str
    aliases: list[str]


class Unnamed(Form):
    """One unnamed voice of one article."""

    article: int
    title: str
    outlet: str | None
    published: datetime | None
    url: str | None
    descriptor: str
    group: bool
    channels: list[str]
    attributions: list[int]
    gives: Literal["information", "opinion", "both", "cannot be judged"]
    because: list[str]
    """The words by which that is judged."""
    only_voice: bool
    """Whether the article has no other speaker."""
    only_source: Literal["yes", "no", "in part", "not compared"]
    """Whether nobody else in the record makes the statements it makes."""
    evidence: str | None = None


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


class Report(Form):
    format: int = FORMAT
    quotetrack: str
    as_of: datetime
    """When it was made: the one thing that differs between two reports on the same record."""
    scope: Scope
    caveats: list[str]
    evidence: dict[str, Evidence] | None = None
    quotes: list[Quote] | None = None


class SourcesReport(Report):
    report: Literal["sources"] = "sources"
    figures: Figures
    rows: list[SourceRow]
    more: int


class ChannelsReport(Report):
    report: Literal["channels"] = "channels"
    figures: Figures
    rows: list[ChannelRow]
    more: int


class OutletsReport(Report):
    report: Literal["outlets"] = "outlets"
    figures: Figures
    rows: list[OutletRow]
    more: int


class SourceReport(Report):
    report: Literal["source"] = "source"
    source: Identity
    grades: list[Assessment]
    as_speaker: Figures | None
    as_channel: Figures | None


class ChannelReport(Report):
    report: Literal["channel"] = "channel"
    source: Identity
    grades: list[Assessment]
    as_channel: Figures | None


class OutletReport(Report):
    report: Literal["outlet"] = "outlet"
    outlet: str
    figures: Figures | None


class UnnamedReport(Report):
    report: Literal["unnamed"] = "unnamed"
    voices: Rate
    attributions: Rate
    gives: dict[str, int]
    """How many of `rows` give information, opinion, both, or what cannot be judged."""
    only_voice: int
    only_source: int
    rows: list[Unnamed]
    more: int


class Skipped(Form):
    location: str
    reason: str
    message: str


class RunReport(Report):
    report: Literal["run"] = "run"
    id: int
    started: datetime
    finished: datetime | None
    seconds: float | None
    words: int | None
    words_per_second: int | None
    interrupted: bool | None
    models: dict[str, object]
    settings: dict[str, object]
    made_with: str
    """The version of quotetrack."""
    articles: dict[str, int]
    attributions: int | None
    cpu_seconds: dict[str, float]
    statuses: dict[str, int]
    superseded: int
    skipped: list[Skipped]


class Kappa(Form):
    kappa: float | None
    observed: float | None
    expected: float | None
    n: int


class Overlap(Form):
    f1: float | None
    n: int


class AgreementReport(Report):
    report: Literal["agreement"] = "agreement"
    items: int
    both_accepted: int
    reviewers: list[str]
    kappa: dict[str, Kappa]
    overlap: dict[str, Overlap]


AnyReport = (
    SourcesReport | ChannelsReport | OutletsReport | SourceReport | ChannelReport | OutletReport | UnnamedReport
    | RunReport | AgreementReport
)  # fmt: skip


def json_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of all reports; `report` tells which one it is."""
    told_apart: TypeAdapter[AnyReport] = TypeAdapter(Annotated[AnyReport, Field(discriminator="report")])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Reports of quotetrack",
        **told_apart.json_schema(mode="serialization"),
    }
