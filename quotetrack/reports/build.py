"""Building each report: from the database to its form."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quotetrack import __version__
from quotetrack.domain import HopRole
from quotetrack.reports import documents, forms, words
from quotetrack.reports.figures import About, PeriodName, assessment, concentration, figures, middle, rate
from quotetrack.reports.gather import Gathered
from quotetrack.reports.opinion import gives
from quotetrack.store.engine import Engine
from quotetrack.store.figures import lines, statements, tally, unnamed
from quotetrack.store.figures.evidence import behind, behind_these
from quotetrack.store.figures.identity import Identity, identify
from quotetrack.store.figures.record import Record, record
from quotetrack.store.figures.runs import run_facts
from quotetrack.store.filters import Filter
from quotetrack.store.queries import quotes_by_id

if TYPE_CHECKING:
    from quotetrack.store.decisions import Pair


@dataclass(frozen=True, slots=True)
class Request:
    """What a report is asked for."""

    as_of: datetime
    wanted: Filter = Filter()  # noqa: RUF009
    period: PeriodName = "month"
    evidence: int = 0
    """Of how many attributions behind each figure the words are given."""
    limit: int = 40
    """How many lines an overview has."""

    def common(self, record: Record, gathered: Gathered) -> dict[str, Any]:
        """What every report has; called last, when all evidence is noted."""
        evidence = gathered.evidence()
        return self.header() | {"evidence": evidence, "quotes": gathered.quotes(record, evidence)}

    def header(self, caveats: Sequence[str] = words.CAVEATS) -> dict[str, Any]:
        wanted = self.wanted
        scope = forms.Scope(
            since=wanted.since,
            until=wanted.until,
            outlet=wanted.outlet or None,
            kind=wanted.kind or None,
            polarity=wanted.polarity or None,
            status=wanted.status or None,
            confidence_from=wanted.confidence_from,
            run=wanted.run_id,
            decided_by=wanted.reviewer or None,
            text=wanted.text or None,
        )
        return {"quotetrack": __version__, "as_of": self.as_of, "scope": scope, "caveats": list(caveats)}


def sources_report(engine: Engine, request: Request) -> documents.SourcesReport:
    """All named speakers, a line each."""
    with record(engine, request.wanted) as seen:
        about = _whole(seen, request)
        assert about.speakers is not None
        found = lines.source_lines(seen, about.speakers, limit=request.limit)
        rows = [
            documents.SourceRow(
                id=row.id, name=row.name, kind=row.kind, controller=row.controller, spoken=row.spoken,
                direct=rate(row.direct, row.spoken), through_a_channel=rate(row.via, row.spoken),
                reviewed=rate(row.reviewed, row.spoken), articles=row.articles, outlets=row.outlets,
                carried=row.carried, evidence=_of_row(about, "speaker", row.id, row.name, row.spoken),
            )
            for row in found
        ]  # fmt: skip
        counted, more = figures(about), lines.over_speakers(about.speakers).different - len(rows)
        return documents.SourcesReport(figures=counted, rows=rows, more=more, **request.common(seen, about.gathered))


def channels_report(engine: Engine, request: Request) -> documents.ChannelsReport:
    """All channels, a line each."""
    with record(engine, request.wanted) as seen:
        about = _whole(seen, request)
        assert about.speakers is not None
        found, different = lines.channel_lines(seen, about.speakers, limit=request.limit)
        rows = [
            documents.ChannelRow(
                id=row.id, name=row.name, kind=row.kind, controller=row.controller, carried=row.carried,
                unnamed=rate(row.unnamed, row.spoken), reviewed=rate(row.reviewed, row.carried),
                articles=row.articles, outlets=row.outlets, speakers=row.speakers.different,
                only_through_it=row.only_through, over_speakers=concentration(row.speakers),
                evidence=_of_row(about, "channel", row.id, row.name, row.carried),
            )
            for row in found
        ]  # fmt: skip
        counted, more = figures(about), different - len(rows)
        return documents.ChannelsReport(figures=counted, rows=rows, more=more, **request.common(seen, about.gathered))


def outlets_report(engine: Engine, request: Request) -> documents.OutletsReport:
    """All outlets, a line each."""
    with record(engine, request.wanted) as seen:
        about = _whole(seen, request)
        found = lines.outlet_lines(seen, about.told, limit=request.limit)
        rows = [
            documents.OutletRow(
                id=row.id, name=row.name or words.NO_OUTLET, attributions=row.attributions, articles=row.articles,
                direct=rate(row.direct, row.attributions), through_a_channel=rate(row.via, row.attributions),
                unnamed_voices=rate(row.unnamed_voices, row.voices), reviewed=rate(row.reviewed, row.attributions),
                voices_an_article=middle(row.of_origins.voices, words.VOICES),
                single_origin=rate(row.of_origins.single, row.of_origins.single + row.of_origins.several),
                over_origins=concentration(row.origins),
                evidence=_of_row(about, "outlet", row.id, row.name or words.NO_OUTLET, row.attributions),
            )
            for row in found
        ]  # fmt: skip
        counted = figures(about)
        more = len(counted.by_outlet) - len(rows)
        return documents.OutletsReport(figures=counted, rows=rows, more=more, **request.common(seen, about.gathered))


def source_report(engine: Engine, name: str, request: Request) -> documents.SourceReport:
    """One source, as a speaker and as a channel. Raises NotFoundError."""
    with record(engine, request.wanted) as seen:
        source, gathered = identify(seen, name), Gathered(request.evidence)
        sides = {role: _in_role(seen, source, role, gathered, request) for role in HopRole}
        return documents.SourceReport(
            source=_identity(source),
            grades=[assessment(row) for row in statements.assessments_of_source(seen, source.id)],
            as_speaker=sides[HopRole.SPEAKER],
            as_channel=sides[HopRole.CHANNEL],
            **request.common(seen, gathered),
        )


def channel_report(engine: Engine, name: str, request: Request) -> documents.ChannelReport:
    """One source as a channel. Raises NotFoundError."""
    with record(engine, request.wanted) as seen:
        source, gathered = identify(seen, name), Gathered(request.evidence)
        return documents.ChannelReport(
            source=_identity(source),
            grades=[assessment(row) for row in statements.assessments_of_source(seen, source.id)],
            as_channel=_in_role(seen, source, HopRole.CHANNEL, gathered, request),
            **request.common(seen, gathered),
        )


def outlet_report(engine: Engine, name: str, request: Request) -> documents.OutletReport:
    """One outlet. Raises NotFoundError."""
    with record(engine, request.wanted) as seen:
        outlet, gathered = lines.outlet_called(seen, name), Gathered(request.evidence)
        told = seen.told("told", outlet=outlet)
        about = About(seen, told, told, gathered, "", "", {"outlet": outlet}, request.period)
        return documents.OutletReport(outlet=outlet, figures=_or_none(figures(about)), **request.common(seen, gathered))


def unnamed_report(engine: Engine, request: Request) -> documents.UnnamedReport:
    """Every unnamed voice, once an article."""
    with record(engine, request.wanted) as seen:
        told, gathered = seen.told("told"), Gathered(request.evidence)
        whole = tally.tally(told)
        voices = unnamed.unnamed_voices(seen, told, limit=request.limit)
        quotes = quotes_by_id(seen.session, [id_ for voice in voices for id_ in voice.attributions])
        rows = []
        for voice in voices:
            judged = [gives(quotes[id_].content, quotes[id_].cue) for id_ in voice.attributions]
            label = f"{voice.descriptor} ({voice.title})"
            rows.append(
                documents.Unnamed(
                    article=voice.article_id, title=voice.title, outlet=voice.outlet, published=voice.published,
                    url=voice.url, descriptor=voice.descriptor, group=voice.is_group, channels=list(voice.channels),
                    attributions=list(voice.attributions), gives=_together({answer for answer, _ in judged}),
                    because=list(dict.fromkeys(word for _, found in judged for word in found)),
                    only_voice=voice.voices == 1, only_source=_only_source(voice),
                    evidence=gathered.note(
                        f"voice-{voice.article_id}-{voice.source_id}", label, len(voice.attributions),
                        behind_these(seen, voice.attributions),
                    ),
                )
            )  # fmt: skip
        n = whole.counts["unnamed"]
        return documents.UnnamedReport(
            voices=rate(whole.unnamed_voices, whole.voices),
            attributions=rate(
                n,
                whole.counts["spoken"],
                gathered.note("unnamed", words.FIGURES["unnamed"], n, behind(told, "unnamed")),
            ),
            gives=dict(Counter(row.gives for row in rows).most_common()),
            only_voice=sum(row.only_voice for row in rows),
            only_source=sum(row.only_source == "yes" for row in rows),
            rows=rows,
            more=whole.unnamed_voices - len(rows),
            **request.common(seen, gathered),
        )


def run_report(engine: Engine, run_id: int | None, request: Request) -> documents.RunReport:
    """What an ingest did; without an id the last one. Raises NotFoundError."""
    facts = run_facts(engine, run_id)
    summary = facts.summary or {}
    return documents.RunReport(
        id=facts.id,
        started=facts.started,
        finished=facts.finished,
        models=facts.models,
        settings=facts.settings,
        made_with=facts.quotetrack,
        statuses=facts.statuses,
        superseded=facts.superseded,
        **{name: summary.get(name) for name in ("seconds", "words", "words_per_second", "interrupted", "attributions")},
        **{name: summary.get(name) or {} for name in ("articles", "cpu_seconds")},
        skipped=summary.get("skipped") or [],
        **request.header(words.OF_RUNS),
    )


def agreement_report(pairs: "Sequence[Pair]", request: Request) -> documents.AgreementReport:
    """How far two reviewers agree."""
    from quotetrack.reports.agreement import CAVEATS, agreement

    return documents.AgreementReport(**agreement(pairs) | request.header(CAVEATS))


def _whole(seen: Record, request: Request) -> About:
    told = seen.told("told")
    return About(
        seen, told, told, Gathered(request.evidence), "", "", {}, request.period,
        speakers=lines.speakers_of(seen, told), lists=False,
    )  # fmt: skip


def _in_role(
    seen: Record, source: Identity, role: HopRole, gathered: Gathered, request: Request
) -> forms.Figures | None:
    """The figures of a source in one role; None if it never has it."""
    narrower = {role.value: f"#{source.id}"}
    told = seen.told(role.value, **narrower)
    beside = seen.beside(told, f"{role.value}_beside")
    heading = f"as {role.value}"
    about = About(seen, told, beside, gathered, f"{role.value}.", heading, narrower, request.period, role, source.id)
    return _or_none(figures(about))


def _or_none(found: forms.Figures) -> forms.Figures | None:
    return found if found.attributions.n else None


def _identity(source: Identity) -> documents.Identity:
    return documents.Identity(
        id=source.id, name=source.name, kind=source.kind, country=source.country,
        controllers=list(source.controllers), origin=(source.name, *source.controllers)[-1],
        aliases=list(source.aliases),
        controls=[documents.Controlled(id=one.id, name=one.name, spoken=one.spoken) for one in source.controls],
    )  # fmt: skip


def _of_row(about: About, what: str, key: int | None, name: str, n: int) -> str | None:
    return about.note(what, n, key, called=f"{what} {name}", of=str(key or 0))


def _together(answers: set[str]) -> Any:
    judged = answers - {"cannot be judged"}
    if len(judged) > 1:
        return "both"
    return judged.pop() if judged else "cannot be judged"


def _only_source(voice: unnamed.UnnamedVoice) -> Any:
    if voice.statements:
        return "yes" if voice.alone == voice.statements else "in part" if voice.alone else "no"
    return "yes" if voice.compared else "not compared"
