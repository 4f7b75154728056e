"""The parts of an outline that several reports have."""

from collections.abc import Iterator, Sequence

from quotetrack.domain import SourceClass, Verdict
from quotetrack.reports import forms, words
from quotetrack.reports.outline import Block, Cell, Column, Course, Pairs, Paragraph, Point, Row, Rows, Section, Table
from quotetrack.reports.texts import concentration_text, day, middle_text, number_row, rate_row

TOP = 12
"""Rows shown of a list; what is left out is counted."""


def figure_sections(figures: forms.Figures, level: int) -> Iterator[Section]:
    """All figures over a set of attributions."""
    yield Section("What there is", [Paragraph(_what_there_is(figures)), *_how_it_is_said(figures)], level)
    yield Section("Who and through whom", _who(figures), level)
    yield Section("What others say", _others(figures), level)
    yield Section("What became of it", _became(figures), level)
    yield Section("How far these figures carry", [Rows("Review", _review(figures))], level)
    if figures.trend.periods:
        yield Section("In time", [_course(figures.trend)], level)


def _what_there_is(figures: forms.Figures) -> str:
    dates = sorted({day(at) for at in (figures.first_published, figures.last_published) if at})
    n, articles, outlets = figures.attributions.n, figures.articles, figures.outlets
    known = f"of {_many(outlets, 'outlet')}" if outlets else "of no known outlet"
    said = f"{_many(n, 'attribution')} in {_many(articles, 'article')} {known}"
    return said + (f", published {' to '.join(dates)}" if dates else "") + "."


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _how_it_is_said(figures: forms.Figures) -> list[Block]:
    every = Row("attributions", str(figures.attributions.n), evidence=figures.attributions.evidence)
    kinds = [rate_row(kind, rate) for kind, rate in figures.kinds.items() if rate.k]
    polarities = [rate_row(polarity, rate) for polarity, rate in figures.polarities.items() if rate.k]
    return [Rows("How the words are given", [every, *kinds]), Rows("Whether it was said", polarities)]


def _who(figures: forms.Figures) -> list[Block]:
    rates = {
        "no_speaker": figures.no_speaker,
        "unnamed": figures.unnamed,
        "unnamed_voices": figures.unnamed_voices,
        "via": figures.through_a_channel,
    }
    rows = [rate_row(what, rate) for what, rate in rates.items() if rate is not None]
    origins = [
        Row("speakers an article", middle_text(figures.voices_an_article)),
        rate_row("single_origin", figures.single_origin),
        number_row("unknown_origin", figures.origin_unknown),
    ]
    for label, found in (
        ("concentration over named speakers (HHI)", figures.over_speakers),
        ("concentration over known origins (HHI)", figures.over_origins),
    ):
        if found is not None:
            origins.append(Row(label, concentration_text(found)))
    if figures.lag is not None:
        origins += [
            Row("hours from the channel to the outlet", middle_text(figures.lag.confirmed)),
            Row("the same, suggested by machine", middle_text(figures.lag.suggested_by_machine)),
        ]
    blocks: list[Block] = [Rows("Speakers and channels", rows)] if rows else []
    blocks.append(Rows("Origins", origins))
    classes = figures.classes or []
    if len(classes) > 1:
        named = [forms.Counted(name=words.CLASSES[SourceClass(each.name)], n=each.n) for each in classes]
        blocks.append(list_table("How the speaker is called", "as", named))
    if figures.speakers:
        blocks.append(_speakers(figures.speakers))
    if figures.channels:
        blocks.append(list_table("Channels", "through", figures.channels))
    if figures.by_outlet:
        blocks.append(list_table("Outlets", "outlet", figures.by_outlet))
    return blocks


def list_table(caption: str, what: str, counted: Sequence[forms.Counted]) -> Table:
    """The first of a list, and how many are left out."""
    rows = [[Cell(each.name), Cell(str(each.n), each.evidence)] for each in counted[:TOP]]
    return Table(caption, [Column(what), Column("attributions", number=True)], rows, _more(counted))


def _speakers(speakers: Sequence[forms.Speaker]) -> Table:
    rows = [
        [Cell(each.name), Cell(str(each.n), each.evidence), Cell("only here" if each.only_through_it else "")]
        for each in speakers[:TOP]
    ]
    columns = [Column("speaker"), Column("attributions", number=True), Column("heard")]
    if not any(each.only_through_it for each in speakers):
        return list_table("Speakers", "speaker", speakers)
    only = sum(each.only_through_it for each in speakers)
    note = f"only here: this record hears them in no other way; that is so of {only} of {len(speakers)}. "
    return Table("Speakers", columns, rows, note + _more(speakers))


def _more(counted: Sequence[object]) -> str:
    return f"and {len(counted) - TOP} more" if len(counted) > TOP else ""


def _others(figures: forms.Figures) -> list[Block]:
    said, compared = figures.corroboration, figures.compared
    rows: list[Row] = []
    for basis, suffix in ((said.confirmed, ""), (said.suggested_by_machine, "_suggested")):
        if basis.independent.n:
            rows += [
                rate_row(f"independent{suffix}", basis.independent),
                number_row(f"same_origin{suffix}", basis.same_origin),
                number_row(f"not_told{suffix}", basis.unknown),
            ]
    if rows or said.alone.n:
        rows.append(number_row("alone", said.alone))
    blocks: list[Block] = [Rows("Statements, by who else makes them", rows)] if rows else []
    for of, caption in ((compared.decided, "Decided by reviewers"), (compared.suggested_by_machine, words.UNDECIDED)):
        counted = [
            Row("said again elsewhere", str(of.same)),
            rate_row("unattributed", of.attribution_lost),
            rate_row("other_speaker", of.other_speaker),
            rate_row("other_chain", of.other_chain),
            number_row("update", of.update),
            number_row("tension", of.tension),
        ]
        if of.attribution_lost.n or of.update.n or of.tension.n:
            blocks.append(Rows(caption, counted))
    for group in compared.groups:
        shown = len(group.shown)
        first = f", the first {shown}" if group.total > shown else ""
        blocks.append(Pairs(f"{words.GROUPS[group.group].capitalize()}: {group.total}{first}", group.key, group.shown))
    return blocks or [Paragraph(words.NOTHING_COMPARED)]


def _became(figures: forms.Figures) -> list[Block]:
    found = figures.outcomes
    if not found.recorded and not figures.grades:
        return [Paragraph(words.NO_OUTCOME)]
    blocks: list[Block] = []
    if found.recorded:
        rows = [
            rate_row("held_up", found.held_up),
            Row("failed", str(found.failed)),
            Row("unresolved", str(found.unresolved)),
        ]
        if found.suggested_by_machine:
            rows.append(Row(f"not counted: made by it as {words.SUGGESTED}", str(found.suggested_by_machine)))
        blocks.append(Rows("As reviewers recorded it", rows))
        columns = [
            Column("statement"), Column("outcome"), Column("on", whole=True), Column("note"),
            Column("by", narrow=False),
        ]  # fmt: skip
        lines = [
            [
                Cell(each.label, each.evidence), Cell(words.VERDICTS[Verdict(each.verdict)]), Cell(str(each.day)),
                Cell(each.note), Cell(each.reviewer),
            ]
            for each in found.recorded
        ]  # fmt: skip
        blocks.append(Table("Outcomes", columns, lines))
    if figures.grades:
        blocks.append(grades_table(figures.grades))
    return blocks


def grades_table(grades: Sequence[forms.Assessment]) -> Table:
    """Admiralty grades with their history: never computed."""
    of_statements = any(each.statement is not None for each in grades)
    columns = [
        *([Column("statement")] if of_statements else []), Column("grade"), Column("why"), Column("by"),
        Column("on", whole=True),
    ]  # fmt: skip
    rows = [
        [
            *([Cell(each.subject)] if of_statements else []),
            Cell(f"{each.grade}: {each.meaning}" + ("" if each.newest else " (replaced)")),
            Cell(each.rationale), Cell(each.reviewer), Cell(day(each.at)),
        ]
        for each in grades
    ]  # fmt: skip
    return Table("Admiralty grades, given by reviewers, never computed", columns, rows)


def _review(figures: forms.Figures) -> list[Row]:
    return [
        rate_row("reviewed", figures.reviewed),
        rate_row("precision", figures.precision),
        rate_row("unchanged", figures.unchanged),
        number_row("rejected", figures.rejected),
    ]


def _course(trend: forms.Trend) -> Course:
    names = ("direct", "not named", "via")
    points = [
        Point(
            f"{each.start:%Y-%m}" if trend.period == "month" else each.start.isoformat(),
            each.attributions,
            (each.direct, each.unnamed, each.through_a_channel),
        )
        for each in trend.periods
    ]
    undated = f"; {trend.undated} without a date" if trend.undated else ""
    return Course(f"Attributions by {trend.period}{undated}", names, points)
