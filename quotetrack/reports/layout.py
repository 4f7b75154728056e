"""From a report to its outline: what stands where, and in which words."""

from collections.abc import Callable, Sequence
from typing import Any

from quotetrack.reports import documents, forms, words
from quotetrack.reports.harmless import harmless_form
from quotetrack.reports.outline import Cell, Column, Outline, Paragraph, Row, Rows, Section, Table
from quotetrack.reports.parts import figure_sections, grades_table
from quotetrack.reports.texts import day, rate_row, short

CONTROLLED = 8
"""How many of those whom a source controls are named."""
SourceLike = documents.SourceReport | documents.ChannelReport


def outline(report: documents.AnyReport) -> Outline:
    """The outline of any report, with every text in it harmless to show."""
    safe = harmless_form(report)
    title, sections = _OF[safe.report](safe)
    return Outline(
        title=title,
        subtitle=_scope(safe.scope),
        made=f"quotetrack {safe.quotetrack}, {safe.as_of:%Y-%m-%d %H:%M} UTC",
        sections=sections,
        caveats=safe.caveats,
        evidence=safe.evidence or {},
        quotes={quote.id: quote for quote in safe.quotes or ()},
    )


def _scope(scope: forms.Scope) -> str:
    said = {
        "from": scope.since and day(scope.since),
        "before": scope.until and day(scope.until),
        "in": scope.outlet,
        "only": ", ".join(each for each in (scope.kind, scope.polarity, scope.status) if each) or None,
        "of confidence from": scope.confidence_from,
        "of run": scope.run,
        "decided on by": scope.decided_by,
        "with the words": scope.text,
    }
    return ", ".join(f"{how} {what}" for how, what in said.items() if what is not None)


def _sources(report: documents.SourcesReport) -> tuple[str, list[Section]]:
    columns = [
        Column("source"), Column("kind", narrow=False), Column("controlled by"), Column("spoke", number=True),
        Column("direct", number=True), Column("via", number=True), Column("articles", number=True),
        Column("outlets", number=True), Column("carried", number=True), Column("reviewed", number=True, narrow=False),
    ]  # fmt: skip
    rows = [
        [
            Cell(row.name), Cell(_words(row.kind)), Cell(row.controller or ""), Cell(str(row.spoken), row.evidence),
            Cell(short(row.direct)), Cell(short(row.through_a_channel)), Cell(str(row.articles)),
            Cell(str(row.outlets)), Cell(_count(row.carried)), Cell(short(row.reviewed)),
        ]
        for row in report.rows
    ]  # fmt: skip
    note = (
        "spoke: attributions with it as speaker; direct: of those, in quotation marks; via: through a stated channel; "
        "carried: attributions that came through it. Unnamed voices are not listed: quotetrack report unnamed."
    )
    return "Sources", _overview(report.figures, _lines("Each source", columns, rows, report.more, note))


def _channels(report: documents.ChannelsReport) -> tuple[str, list[Section]]:
    columns = [
        Column("channel"), Column("kind", narrow=False), Column("controlled by"), Column("carried", number=True),
        Column("not named", number=True), Column("speakers", number=True), Column("only here", number=True),
        Column("HHI", number=True, narrow=False), Column("articles", number=True), Column("outlets", number=True),
    ]  # fmt: skip
    rows = [
        [
            Cell(row.name), Cell(_words(row.kind)), Cell(row.controller or ""), Cell(str(row.carried), row.evidence),
            Cell(short(row.unnamed)), Cell(str(row.speakers)), Cell(_count(row.only_through_it)),
            Cell(_index(row.over_speakers)), Cell(str(row.articles)), Cell(str(row.outlets)),
        ]
        for row in report.rows
    ]  # fmt: skip
    note = (
        "carried: attributions that came through it; not named: of those with a speaker; speakers: different ones with "
        "a name; only here: of these, heard in no other way; HHI: concentration over them, 0 to 1."
    )
    return "Channels", _overview(report.figures, _lines("Each channel", columns, rows, report.more, note))


def _outlets(report: documents.OutletsReport) -> tuple[str, list[Section]]:
    columns = [
        Column("outlet"), Column("quotes", number=True), Column("articles", number=True),
        Column("direct", number=True), Column("via", number=True), Column("not named", number=True),
        Column("speakers", number=True), Column("one origin", number=True), Column("HHI", number=True, narrow=False),
        Column("reviewed", number=True, narrow=False),
    ]  # fmt: skip
    rows = [
        [
            Cell(row.name), Cell(str(row.attributions), row.evidence), Cell(str(row.articles)),
            Cell(short(row.direct)), Cell(short(row.through_a_channel)), Cell(short(row.unnamed_voices)),
            Cell("·" if row.voices_an_article.median is None else f"{row.voices_an_article.median:g}"),
            Cell(short(row.single_origin)), Cell(_index(row.over_origins)), Cell(short(row.reviewed)),
        ]
        for row in report.rows
    ]  # fmt: skip
    note = (
        "quotes: attributions; direct: in quotation marks; via: through a stated channel; not named: of the voices of "
        "its articles; speakers: the median an article; one origin: articles whose attributions all go back to one; "
        "HHI: concentration over origins, 0 to 1."
    )
    return "Outlets", _overview(report.figures, _lines("Each outlet", columns, rows, report.more, note))


def _source(report: SourceLike) -> tuple[str, list[Section]]:
    source = report.source
    parts = [_words(source.kind), *([source.country] if source.country else [])]
    about = [Paragraph(", ".join(parts))]
    if source.controllers:
        about.append(Paragraph("controlled by " + " ← ".join(source.controllers)))
    if source.aliases:
        about.append(Paragraph("also: " + ", ".join(source.aliases), soft=True))
    if source.controls:
        named = [f"{one.name} ({one.spoken})" for one in source.controls[:CONTROLLED]]
        more = len(source.controls) - len(named)
        about.append(
            Paragraph(
                "controls, counted apart from it: " + ", ".join([*named, *([f"and {more} more"] if more else [])]),
                soft=True,
            )
        )
    sections = [Section("Who it is", about)]
    if report.grades:
        sections.append(Section("How reviewers grade it", [grades_table(report.grades)]))
    for heading, figures in (
        ("As speaker", report.as_speaker if isinstance(report, documents.SourceReport) else None),
        ("As channel", report.as_channel),
    ):
        if figures is not None:
            sections += [Section(heading, []), *figure_sections(figures, 3)]
    if len(sections) == 1:
        nothing = (
            "came through it"
            if isinstance(report, documents.ChannelReport)
            else "is attributed to it or came through it"
        )
        sections.append(Section("Nothing", [Paragraph(f"Nothing in scope {nothing}.")]))
    return (f"{source.name} as a channel" if isinstance(report, documents.ChannelReport) else source.name), sections


def _outlet(report: documents.OutletReport) -> tuple[str, list[Section]]:
    if report.figures is None:
        return report.outlet, [Section("Nothing", [Paragraph("Nothing in scope is from this outlet.")])]
    return report.outlet, list(figure_sections(report.figures, 2))


def _unnamed(report: documents.UnnamedReport) -> tuple[str, list[Section]]:
    shown = len(report.rows)
    counted = [Row(f"information or opinion: {what}", f"{n} of {shown} listed") for what, n in report.gives.items()]
    rows = [
        rate_row("unnamed_voices", report.voices),
        rate_row("unnamed", report.attributions),
        *counted,
        Row("the only speaker of its article", f"{report.only_voice} of {shown} listed"),
        Row("says what nobody else in the record says", f"{report.only_source} of {shown} listed"),
    ]
    columns = [
        Column("voice"), Column("through"), Column("outlet"), Column("published", narrow=False, whole=True),
        Column("gives"), Column("judged by", narrow=False), Column("alone"), Column("quotes"),
    ]  # fmt: skip
    lines = [
        [
            Cell(row.descriptor + (" (group)" if row.group else "")), Cell(", ".join(row.channels) or "·"),
            Cell(row.outlet or words.NO_OUTLET), Cell(day(row.published) if row.published else "·"), Cell(row.gives),
            Cell(", ".join(row.because) or "·"),
            Cell("only speaker" if row.only_voice else words.ONLY_SOURCE[row.only_source]),
            Cell(_ids(row.attributions), row.evidence),
        ]
        for row in report.rows
    ]  # fmt: skip
    return "Unnamed sources", [
        Section("In all", [Rows("Voices that are not named", rows)]),
        _lines("Each voice, once an article", columns, lines, report.more, words.OF_UNNAMED),
    ]


def _run(report: documents.RunReport) -> tuple[str, list[Section]]:
    def said(value: Any, unit: str = "") -> str:
        return "not known" if value is None else f"{value}{unit}"

    ended = "it has not ended, or was killed" if report.finished is None else f"{report.finished:%Y-%m-%d %H:%M} UTC"
    rows = [
        Row("began", f"{report.started:%Y-%m-%d %H:%M} UTC"),
        Row("ended", ended + (", interrupted" if report.interrupted else "")),
        Row("quotetrack", report.made_with),
        Row("attributions found", said(report.attributions)),
        Row("words read", said(report.words)),
        Row("seconds", said(report.seconds)),
        Row("words a second", said(report.words_per_second)),
    ]
    cpu = [Row(name, f"{spent:.2f}") for name, spent in report.cpu_seconds.items()]
    sections = [
        Section(
            "What it did",
            [
                Rows("The run", rows),
                Rows("Articles", [Row(_words(fate), str(n)) for fate, n in report.articles.items()]),
                *([Rows("CPU seconds", cpu)] if cpu else []),
            ],
        ),
        Section(
            "With what",
            [
                Rows("Models", [Row(name, str(value)) for name, value in report.models.items()]),
                Rows("Settings", [Row(name, str(value)) for name, value in report.settings.items()]),
            ],
        ),
    ]
    statuses = [Row(status, str(n)) for status, n in report.statuses.items()]
    statuses.append(Row("of superseded versions of articles", str(report.superseded)))
    sections.append(Section("What became of its attributions", [Rows("By review", statuses)]))
    if report.skipped:
        columns = [Column("input"), Column("reason"), Column("what is wrong")]
        lines = [[Cell(each.location), Cell(each.reason), Cell(each.message)] for each in report.skipped]
        sections.append(Section("What it skipped", [Table("Inputs that are no articles", columns, lines)]))
    return f"Run {report.id}", sections


def _agreement(report: documents.AgreementReport) -> tuple[str, list[Section]]:
    def figure(value: float | None) -> str:
        return "–" if value is None else f"{value:.2f}"

    columns = [Column(""), *(Column(name, number=True) for name in ("κ", "same answer", "F1 of characters", "n"))]
    lines = [
        [Cell(name), Cell(figure(row.kappa)), Cell(figure(row.observed)), Cell(""), Cell(str(row.n))]
        for name, row in report.kappa.items()
    ] + [
        [Cell(name), Cell(""), Cell(""), Cell(figure(row.f1)), Cell(str(row.n))] for name, row in report.overlap.items()
    ]
    said = f"{report.items} attributions judged by two ({report.both_accepted} accepted by both): " + (
        ", ".join(report.reviewers) or "nobody yet"
    )
    return "Agreement", [Section("Two reviewers", [Paragraph(said), Table("Agreement", columns, lines)])]


def _overview(figures: forms.Figures, lines: Section) -> list[Section]:
    """The lines are what most readers look for: they come right after what there is."""
    first, *rest = figure_sections(figures, 2)
    return [first, lines, *rest]


def _lines(heading: str, columns: Sequence[Column], rows: list[list[Cell]], more: int, note: str) -> Section:
    if not rows:
        return Section(heading, [Paragraph("There is none in scope.")])
    left_out = f"{more} more are left out; --limit shows them. " if more else ""
    return Section(heading, [Table(heading, columns, rows, left_out + note)])


def _words(name: str) -> str:
    return name.replace("_", " ")


def _ids(attributions: Sequence[int]) -> str:
    """The first of them, as other commands take them."""
    more = f" and {len(attributions) - 3} more" if len(attributions) > 3 else ""
    return ", ".join(f"#{id_}" for id_ in attributions[:3]) + more


def _count(number: int) -> str:
    return str(number) if number else "·"


def _index(found: forms.Concentration) -> str:
    return "·" if found.index is None else f"{found.index:.2f}"


_OF: dict[str, Callable[[Any], tuple[str, list[Section]]]] = {
    "sources": _sources,
    "channels": _channels,
    "outlets": _outlets,
    "source": _source,
    "channel": _source,
    "outlet": _outlet,
    "unnamed": _unnamed,
    "run": _run,
    "agreement": _agreement,
}
