"""One form for each report, before anybody draws it: what its JSON has, and by which schema."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from quotetrack.reports.forms import Assessment, Concentration, Evidence, Figures, Form, Middle, Quote, Rate, Scope

FORMAT = 1
"""Of the JSON; it rises when a field goes or changes its meaning."""


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


class Controlled(Form):
    """A speaker whom a source controls itself; counted apart from it."""

    id: int
    name: str
    spoken: int


class Identity(Form):
    id: int
    name: str
    kind: str
    country: str | None
    controllers: list[str]
    origin: str
    aliases: list[str]
    controls: list[Controlled]


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
