"""The figures over a set of attributions, as a report has them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from quotetrack.domain import HopRole, Kind, Polarity, Verdict
from quotetrack.reports import forms, words
from quotetrack.reports.gather import Gathered
from quotetrack.share import MIN_N, Share, jeffreys, quartiles
from quotetrack.store.figures import lines, pairs, statements, tally
from quotetrack.store.figures.evidence import Shown, behind, behind_judged, behind_statements, shown
from quotetrack.store.figures.record import Record, Told

EACH_OF_A_LIST = 12
"""Of how many rows of a list the evidence is given."""
PAIRS = 10
"""How many pairs of a group are shown."""
HOUR = timedelta(hours=1)
LONGEST = 3653
"""Days over which periods without anything are listed too."""

PeriodName = Literal["week", "month"]


@dataclass(frozen=True, slots=True)
class About:
    """A set of attributions that figures are about."""

    record: Record
    told: Told
    beside: Told
    """All that is told in the same articles."""
    gathered: Gathered
    prefix: str
    """Of the keys of its evidence."""
    heading: str
    """What it is called in the evidence."""
    narrower: dict[str, Any]
    """How the filter of the report is narrowed to it."""
    period: PeriodName
    role: HopRole | None = None
    """What one source does in it; None if it is about no one source."""
    source_id: int = 0
    speakers: lines.Speakers | None = None
    """Its speakers, if they are laid out already."""
    lists: bool = True
    """Whether its sources are listed: not where the report has a line for each anyway."""

    def label(self, what: str) -> str:
        """What a figure is called in the evidence."""
        called = words.FIGURES.get(what, what)
        return f"{self.heading}: {called}" if self.heading else called

    def note(self, what: str, n: int, key: int | None = None, *, called: str = "", of: str = "") -> str | None:
        """Note what is behind a figure, as `evidence.behind` finds it; `of` tells apart what has one name."""
        name = what if not of else f"{what}-{of}"
        return self.gathered.note(f"{self.prefix}{name}", self.label(called or what), n, behind(self.told, what, key))

    def note_beside(self, what: str, n: int) -> str | None:
        """The same of all that is told in the same articles."""
        return self.gathered.note(f"{self.prefix}{what}", self.label(what), n, behind(self.beside, what))

    def note_judged(self, what: str, n: int, judged: tally.Judged, name: str) -> str | None:
        """The same of what reviewers judged."""
        return self.gathered.note(f"{self.prefix}{what}", self.label(what), n, behind_judged(judged, name))


def rate(k: int, n: int, evidence: str | None = None) -> forms.Rate:
    return forms.Rate(**Share(k, n).as_dict(), evidence=evidence)


def middle(values: Sequence[float], unit: str) -> forms.Middle:
    judged = len(values) >= MIN_N
    low, median, high = quartiles(values) if judged else (None, None, None)
    return forms.Middle(n=len(values), low=low, median=median, high=high, unit=unit, judged=judged)


def concentration(found: lines.Concentration) -> forms.Concentration:
    judged = found.n >= MIN_N
    index = found.squares / found.n**2 if judged else None
    return forms.Concentration(
        n=found.n, different=found.different, index=index, equal_to=1 / index if index else None, judged=judged
    )


def figures(about: About) -> forms.Figures:
    """All figures that make sense of the set."""
    told, role, whole = about.told, about.role, tally.tally(about.told)
    n, counts = whole.attributions, whole.counts
    speaks = role is HopRole.SPEAKER
    origins = tally.of_origins(about.beside)
    speakers = None if speaks else about.speakers or lines.speakers_of(about.record, told)
    judged = tally.judged(about.record, f"judged_{about.prefix.strip('.') or 'all'}", **about.narrower)

    def of(what: str, whole: int) -> forms.Rate:
        return rate(counts[what], whole, about.note(what, counts[what]))

    right = judged.accepted - judged.by_hand
    found = right + judged.rejected
    return forms.Figures(
        attributions=forms.Counted(name=about.heading or "attributions", n=n, evidence=about.note("all", n)),
        articles=whole.articles,
        outlets=whole.outlets,
        first_published=whole.first,
        last_published=whole.last,
        kinds={kind.value: of(kind, n) for kind in Kind},
        polarities={polarity.value: of(polarity, n) for polarity in Polarity},
        no_speaker=None if speaks else of("no_speaker", n),
        unnamed=None if speaks else of("unnamed", counts["spoken"]),
        unnamed_voices=None if speaks else rate(
            whole.unnamed_voices, whole.voices, about.note("unnamed", counts["unnamed"])
        ),
        through_a_channel=None if role is HopRole.CHANNEL else of("via", n),
        classes=[
            forms.Counted(name=name, n=number) for name, number in tally.by_class(told).items()
        ] if about.lists else None,
        by_outlet=[
            forms.Counted(
                id=row.id, name=row.name or words.NO_OUTLET, n=row.n,
                evidence=_of_list(about, "outlet", row, position),
            )
            for position, row in enumerate(tally.by_outlet(told))
        ],
        channels=_channels(about) if about.lists else None,
        speakers=_speakers(about) if about.lists and not speaks else None,
        voices_an_article=middle(origins.voices, words.VOICES),
        single_origin=rate(
            origins.single,
            origins.single + origins.several,
            about.note_beside("single_origin", origins.single),
        ),
        origin_unknown=forms.Number(n=origins.unknown, evidence=about.note_beside("unknown_origin", origins.unknown)),
        over_speakers=concentration(lines.over_speakers(speakers)) if speakers else None,
        over_origins=concentration(lines.over_origins(speakers)) if speakers else None,
        lag=_lags(about) if role is HopRole.CHANNEL else None,
        corroboration=_corroboration(about),
        compared=_compared(about),
        outcomes=_outcomes(about),
        grades=[assessment(row) for row in statements.assessments_of_statements(told)],
        reviewed=of("reviewed", n),
        precision=rate(right, found, about.note_judged("precision", right, judged, "found")),
        unchanged=rate(judged.unchanged, found, about.note_judged("unchanged", judged.unchanged, judged, "unchanged")),
        rejected=forms.Number(
            n=judged.rejected, evidence=about.note_judged("rejected", judged.rejected, judged, "rejected")
        ),
        trend=trend(tally.by_day(told), about.period),
    )  # fmt: skip


def _of_list(about: About, what: str, row: tally.Named, position: int) -> str | None:
    if position >= EACH_OF_A_LIST:
        return None
    return about.note(what, row.n, row.id, called=f"{what} {row.name or 'not known'}", of=str(row.id or 0))


def _channels(about: About) -> list[forms.Counted]:
    """Through whom it came; beside a channel, which others stand in the chain."""
    other_than = about.source_id if about.role is HopRole.CHANNEL else None
    return [
        forms.Counted(id=row.id, name=row.name, n=row.n, evidence=_of_list(about, "channel", row, position))
        for position, row in enumerate(tally.by_source(about.told, HopRole.CHANNEL, other_than=other_than))
    ]


def _speakers(about: About) -> list[forms.Speaker]:
    only = tally.only_through(about.told, about.record, about.source_id) if about.role else set()
    return [
        forms.Speaker(
            id=row.id, name=row.name, n=row.n, evidence=_of_list(about, "speaker", row, position),
            only_through_it=row.id in only,
        )
        for position, row in enumerate(tally.by_source(about.told, HopRole.SPEAKER))
    ]  # fmt: skip


def _lags(about: About) -> forms.Lags:
    found = statements.lags(about.record, about.told, about.source_id)
    return forms.Lags(
        confirmed=middle([lag / HOUR for lag in found.confirmed], "hours"),
        suggested_by_machine=middle([lag / HOUR for lag in found.suggested], "hours"),
    )


def _corroboration(about: About) -> forms.Corroboration:
    found = statements.corroboration(about.record, about.told)

    def note(what: str, ids: Sequence[int]) -> str | None:
        return about.gathered.note(
            f"{about.prefix}{what}", about.label(what), len(ids), behind_statements(about.record, ids)
        )

    def form(suffix: str, basis: statements.Corroborated) -> forms.Corroborated:
        independent, same, unknown = basis.independent, basis.same_origin, basis.unknown
        n = len(independent) + len(same) + len(unknown)
        return forms.Corroborated(
            independent=rate(len(independent), n, note(f"independent{suffix}", independent)),
            same_origin=forms.Number(n=len(same), evidence=note(f"same_origin{suffix}", same)),
            unknown=forms.Number(n=len(unknown), evidence=note(f"not_told{suffix}", unknown)),
        )

    return forms.Corroboration(
        confirmed=form("", found.confirmed),
        suggested_by_machine=form("_suggested", found.suggested),
        alone=forms.Number(n=len(found.alone), evidence=note("alone", found.alone)),
    )


def _compared(about: About) -> forms.Compared:
    decided, suggested = pairs.pair_counts(about.told)
    totals = {name: getattr(decided, name) + getattr(suggested, name) for name in words.GROUPS}
    rows = {name: pairs.list_pairs(about.told, name, limit=PAIRS) for name, total in totals.items() if total}
    sides = {id_ for found in rows.values() for row in found for id_ in (row.first_id, row.second_id) if id_}
    quotes = shown(about.record.session, sides)

    def key(name: str) -> str | None:
        return f"{about.prefix}pairs-{name}" if totals[name] else None

    def counts(of: pairs.PairCounts) -> forms.Pairs:
        return forms.Pairs(
            same=of.same,
            tension=forms.Number(n=of.tension, evidence=key("tension")),
            update=forms.Number(n=of.update, evidence=key("update")),
            attribution_lost=rate(of.unattributed, of.same + of.unattributed, key("unattributed")),
            other_speaker=rate(of.other_speaker, of.same, key("other_speaker")),
            other_chain=rate(of.other_chain, of.same, key("other_chain")),
        )

    return forms.Compared(
        decided=counts(decided),
        suggested_by_machine=counts(suggested),
        groups=[
            forms.PairGroup(
                group=name, key=f"{about.prefix}pairs-{name}", total=totals[name],
                shown=[_pair(row, quotes) for row in found],
            )
            for name, found in rows.items()
        ],
    )  # fmt: skip


def _pair(row: pairs.PairRow, quotes: Mapping[int, Shown]) -> forms.Pair:
    """A pair with its earlier side first; what has no date comes last."""

    def attributed(id_: int) -> forms.Side:
        of = quotes[id_].quote
        return forms.Side(
            attribution=id_, article=of.article_id, title=of.title, outlet=of.outlet, published=of.published,
            url=of.url, chain=[hop.name for hop in of.hops], words=of.content,
        )  # fmt: skip

    sides = [attributed(id_) for id_ in (row.first_id, row.second_id) if id_ is not None]
    if row.flat is not None:
        flat = row.flat
        sides.append(
            forms.Side(
                attribution=None, article=flat.article_id, title=flat.title, outlet=flat.outlet,
                published=flat.published, url=flat.url, chain=[], words=flat.sentence,
            )
        )  # fmt: skip
    first, second = sorted(sides, key=lambda side: (side.published is None, side.published or 0, side.article))
    return forms.Pair(id=row.id, relation=row.relation, decided_by=row.decided_by, sides=(first, second))


def _outcomes(about: About) -> forms.Outcomes:
    rows = statements.outcomes(about.told)
    sure = [row for row in rows if row.confirmed]
    held, failed = (sum(row.verdict == verdict for row in sure) for verdict in (Verdict.HELD_UP, Verdict.FAILED))
    low, high = jeffreys(held, held + failed) if held + failed >= MIN_N else (None, None)

    def note(row: statements.OutcomeRow) -> str | None:
        label = about.label(f"statement {row.statement_id}, {words.VERDICTS[Verdict(row.verdict)]}")
        found = behind_statements(about.record, [row.statement_id])
        return about.gathered.note(f"{about.prefix}statement-{row.statement_id}", label, 1, found)

    plain = rate(held, held + failed)
    return forms.Outcomes(
        held_up=plain.model_copy(update={"low": low, "high": high, "method": "jeffreys"}),
        failed=failed,
        unresolved=sum(row.verdict == Verdict.UNRESOLVED for row in sure),
        suggested_by_machine=len(rows) - len(sure),
        recorded=[
            forms.Outcome(
                statement=row.statement_id, label=row.label, verdict=row.verdict, day=row.day, note=row.note,
                link=row.link, reviewer=row.reviewer, confirmed=row.confirmed, evidence=note(row),
            )
            for row in rows
        ],
    )  # fmt: skip


def assessment(row: statements.AssessmentRow) -> forms.Assessment:
    return forms.Assessment(
        statement=row.statement_id,
        subject=row.subject,
        grade=row.grade,
        meaning=words.MEANINGS[row.grade],
        rationale=row.rationale,
        reviewer=row.reviewer,
        at=row.at,
        newest=row.newest,
    )


def trend(days: Iterable[tally.Day], period: PeriodName) -> forms.Trend:
    """Days put together to weeks or months; those in between without anything are there too."""
    undated = 0
    sums: dict[date, list[int]] = {}
    for day in days:
        counts = [day.attributions, day.articles, day.direct, day.spoken, day.unnamed, day.via]
        if day.day is None:
            undated = day.attributions
            continue
        start = _start(day.day, period)
        sums[start] = [a + b for a, b in zip(sums.get(start, [0] * 6), counts, strict=True)]
    return forms.Trend(
        period=period,
        periods=[_period(start, *sums.get(start, [0] * 6)) for start in _every(sums, period)],
        undated=undated,
    )


def _period(start: date, n: int, articles: int, direct: int, spoken: int, unnamed: int, via: int) -> forms.Period:
    return forms.Period(
        start=start, attributions=n, articles=articles, direct=rate(direct, n), unnamed=rate(unnamed, spoken),
        through_a_channel=rate(via, n),
    )  # fmt: skip


def _start(day: date, period: PeriodName) -> date:
    return day.replace(day=1) if period == "month" else day - timedelta(days=day.weekday())


def _every(starts: Iterable[date], period: PeriodName) -> Iterable[date]:
    known = sorted(starts)
    if not known:
        return
    if (known[-1] - known[0]).days > LONGEST:  # a slip in a date must not make a list of centuries
        yield from known
        return
    at = known[0]
    while at <= known[-1]:
        yield at
        at = _start(at + timedelta(days=31), period) if period == "month" else at + timedelta(days=7)
