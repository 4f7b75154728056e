"""Reading statements: lists of them, and one with all that is known of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import Relation, Verdict
from quotetrack.errors import NotFoundError
from quotetrack.store.engine import batched, reading
from quotetrack.store.models import (
    ArticleVersion,
    Assessment,
    AttributionRow,
    HopRow,
    Outcome,
    Outlet,
    Statement,
    StatementLink,
    StatementPair,
)
from quotetrack.store.origins import origins
from quotetrack.store.queries import QuoteRow, quotes_by_id
from quotetrack.store.sources import find_source
from quotetrack.store.statements.outcomes import GradeRow, OutcomeRow, grades_of_statement, outcomes
from quotetrack.store.statements.pairs import PairRow, pairs_with
from quotetrack.store.statements.read import NAMELESS
from quotetrack.store.statements.regroup import stands


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are wanted; an empty field does not narrow."""

    text: str = ""
    """Words in one of its attributions' contents or in its label."""
    source: str = ""
    outlet: str = ""
    since: datetime | None = None
    """Made since this moment, by one of its attributions."""
    least: int = 0
    """So many attributions and more."""
    relation: str = ""
    """With a pair of this relation, suggested or decided."""
    verdict: str = ""
    """A `Verdict`, or `none`: what its newest outcome says."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as lists show it."""

    id: int
    label: str
    attributions: int
    outlets: int
    origins: int
    """Voices that are independent of each other, as far as is known: see `Corroboration`."""
    first: datetime | None
    last: datetime | None
    relations: dict[str, int]
    """Pairs of its attributions by relation: what was decided, else what is suggested."""
    verdict: str | None
    grade: str | None

    def as_dict(self) -> dict[str, Any]:
        names = ("id", "label", "attributions", "outlets", "origins", "relations", "verdict", "grade")
        moments = {
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }
        return {name: getattr(self, name) for name in names} | moments


@dataclass(frozen=True, slots=True)
class Corroboration:
    """How many voices make a statement. Repetition is no proof: it says who, not whether it is so."""

    independent: int
    """Groups of attributions that share neither a speaker, nor a channel, nor who stands behind one."""
    same_origin: int
    """Attributions beyond the first of their group."""
    unknown: int
    """Attributions of which nobody is named who could be told apart."""

    def as_dict(self) -> dict[str, int]:
        return {"independent": self.independent, "same_origin": self.same_origin, "unknown": self.unknown}


@dataclass(frozen=True, slots=True)
class Member:
    """An attribution that makes a statement."""

    quote: QuoteRow
    relation: str
    """`suggested` or `confirmed`."""
    confidence: float | None
    group: int | None
    """Which voice it is, from 1 on; None if that is unknown."""
    changed: bool
    """Whether its chain differs from that of the one before: the attribution changed on the way."""

    def as_dict(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("relation", "confidence", "group", "changed")}
        return own | {"attribution": self.quote.as_dict()}


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement with all that is known of it."""

    row: StatementRow
    members: tuple[Member, ...]
    """The earliest first."""
    pairs: tuple[PairRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    """The newest first, as are the grades."""
    grades: tuple[GradeRow, ...]
    corroboration: Corroboration

    def as_dict(self) -> dict[str, Any]:
        lists = {
            name: [one.as_dict() for one in getattr(self, name)] for name in ("members", "pairs", "outcomes", "grades")
        }
        return self.row.as_dict() | {"corroboration": self.corroboration.as_dict()} | lists


def list_statements(engine: Engine, wanted: Wanted, *, limit: int = 100, offset: int = 0) -> list[StatementRow]:
    """A page of statements, those with most attributions first. Raises NotFoundError for a source not stored."""
    with reading(engine) as session:
        ids = session.scalars(_chosen(session, wanted).limit(limit).offset(offset)).all()
        return _rows(session, ids)


def show_statement(engine: Engine, statement_id: int) -> StatementView:
    """One statement. Raises NotFoundError."""
    with reading(engine) as session:
        if session.get(Statement, statement_id) is None:
            raise NotFoundError(f"There is no statement {statement_id}. `quotetrack statements list` shows them.")
        [row] = _rows(session, [statement_id])
        links = {
            link.attribution_id: link
            for link in session.scalars(
                select(StatementLink).where(
                    StatementLink.statement_id == statement_id, stands(StatementLink.attribution_id)
                )
            )
        }
        quotes: dict[int, QuoteRow] = {}
        for some in batched(sorted(links)):
            quotes |= quotes_by_id(session, some)
        dated = dict(
            session.execute(
                select(AttributionRow.id, AttributionRow.dated).where(
                    AttributionRow.id.in_(select(StatementLink.attribution_id).where(
                        StatementLink.statement_id == statement_id
                    ))
                )
            ).all()
        )  # fmt: skip
        ordered = sorted(quotes.values(), key=lambda quote: (dated[quote.id], quote.id))
        voice_of, corroboration = voices(
            {q.id: {h.source_id for h in q.hops if h.source_class not in NAMELESS} for q in ordered}, origins(session)
        )
        members, before = [], None
        for quote in ordered:
            chain = tuple(hop.source_id for hop in quote.hops)
            changed = before is not None and chain != before
            link = links[quote.id]
            members.append(Member(quote, link.relation, link.confidence, voice_of.get(quote.id), changed))
            before = chain
        return StatementView(
            row, tuple(members), tuple(pairs_with(session, links)), tuple(outcomes(session, statement_id)),
            tuple(grades_of_statement(session, statement_id)), corroboration,
        )  # fmt: skip


def _chosen(session: Session, wanted: Wanted) -> Select[Any]:
    counted = (
        select(StatementLink.statement_id, func.count().label("n"))
        .where(stands(StatementLink.attribution_id))
        .group_by(StatementLink.statement_id)
        .subquery()
    )
    number = func.coalesce(counted.c.n, 0)
    query = select(Statement.id).outerjoin(counted, counted.c.statement_id == Statement.id)
    query = query.order_by(number.desc(), Statement.id.desc()).where(number >= wanted.least)
    made = select(StatementLink.attribution_id).where(StatementLink.statement_id == Statement.id).correlate(Statement)
    row = exists().where(StatementLink.statement_id == Statement.id, StatementLink.attribution_id == AttributionRow.id)
    if wanted.text:
        like: list[ColumnElement[bool]] = [
            or_(
                Statement.label.icontains(word, autoescape=True),
                row.where(AttributionRow.content_text.icontains(word, autoescape=True)),
            )
            for word in wanted.text.split()
        ]
        query = query.where(*like)
    if wanted.source:
        source = find_source(session, wanted.source)
        query = query.where(exists().where(HopRow.source_id == source.id, HopRow.attribution_id.in_(made)))
    if wanted.since is not None:
        query = query.where(row.where(AttributionRow.dated >= wanted.since))
    if wanted.outlet:
        of_outlet = (ArticleVersion.id == AttributionRow.article_id, Outlet.id == ArticleVersion.outlet_id)
        query = query.where(row.where(*of_outlet, Outlet.lowered == wanted.outlet.lower()))
    if wanted.relation:
        of_it = func.coalesce(StatementPair.relation, StatementPair.suggested) == wanted.relation
        query = query.where(
            exists().where(of_it, or_(StatementPair.first_id.in_(made), StatementPair.second_id.in_(made)))
        )
    if wanted.verdict:
        one = aliased(Outcome)
        newest = select(func.max(one.id)).where(one.statement_id == Statement.id).correlate(Statement).scalar_subquery()
        has = exists().where(Outcome.id == newest)
        query = query.where(~has if wanted.verdict == "none" else has.where(Outcome.verdict == wanted.verdict))
    return query


def _rows(session: Session, ids: Sequence[int]) -> list[StatementRow]:
    known = {s.id: s for some in batched(ids) for s in session.scalars(select(Statement).where(Statement.id.in_(some)))}
    behind = origins(session)
    rows = []
    for some in batched(ids):
        linked = StatementLink.statement_id.in_(some) & stands(StatementLink.attribution_id)
        figures = {
            row[0]: row
            for row in session.execute(
                select(
                    StatementLink.statement_id, func.count(distinct(StatementLink.attribution_id)),
                    func.count(distinct(ArticleVersion.outlet_id)), func.min(AttributionRow.dated),
                    func.max(AttributionRow.dated),
                )
                .join(AttributionRow, AttributionRow.id == StatementLink.attribution_id)
                .join(ArticleVersion, ArticleVersion.id == AttributionRow.article_id)
                .where(linked)
                .group_by(StatementLink.statement_id)
            )
        }  # fmt: skip
        heard: dict[int, dict[int, set[int]]] = {}
        hops = (
            select(StatementLink.statement_id, StatementLink.attribution_id, HopRow.source_id, HopRow.source_class)
            .outerjoin(HopRow, HopRow.attribution_id == StatementLink.attribution_id)
            .where(linked)
        )
        for statement_id, attribution_id, source_id, class_ in session.execute(hops):
            sources = heard.setdefault(statement_id, {}).setdefault(attribution_id, set())
            if source_id is not None and class_ not in NAMELESS:
                sources.add(source_id)
        relations = _relations(session, some)
        verdicts = _newest(session, Outcome, some)
        grades = _newest(session, Assessment, some)
        for id_ in some:
            _, n, outlets, first, last = figures.get(id_, (id_, 0, 0, None, None))
            rows.append(
                StatementRow(
                    id_, known[id_].label, n, outlets, voices(heard.get(id_, {}), behind)[1].independent, first, last,
                    dict(relations.get(id_, {})), verdicts.get(id_), grades.get(id_),
                )
            )  # fmt: skip
    return rows


def _relations(session: Session, ids: Sequence[int]) -> dict[int, Counter[str]]:
    found: dict[int, dict[int, str]] = {}
    relation = func.coalesce(StatementPair.relation, StatementPair.suggested)
    for side in (StatementPair.first_id, StatementPair.second_id):
        query = (
            select(StatementLink.statement_id, StatementPair.id, relation)
            .join(StatementPair, side == StatementLink.attribution_id)
            .where(StatementLink.statement_id.in_(ids), relation != Relation.UNRELATED)
        )
        for statement_id, pair_id, said in session.execute(query):
            found.setdefault(statement_id, {})[pair_id] = said
    return {id_: Counter(pairs.values()) for id_, pairs in found.items()}


def _newest(session: Session, table: type[Outcome] | type[Assessment], ids: Sequence[int]) -> dict[int, str]:
    """What the newest outcome or digit of each statement says."""
    newest = select(func.max(table.id)).where(table.statement_id.in_(ids)).group_by(table.statement_id)
    said: Any = Outcome.verdict if table is Outcome else Assessment.grade
    query = select(table.statement_id, said).where(table.id.in_(newest))
    return {id_: Verdict(value).value if table is Outcome else value for id_, value in session.execute(query)}


def voices(sources: Mapping[int, Iterable[int]], behind: Mapping[int, int]) -> tuple[dict[int, int], Corroboration]:
    """The number of each attribution's voice, in order; `sources` are those that each attribution's chain names."""
    group_of: dict[int, int] = {}
    voice: dict[int, set[int]] = {}
    for id_, named in sources.items():
        mine = {behind.get(source, source) for source in named}
        if not mine:
            continue
        met = {group_of[origin] for origin in mine if origin in group_of}
        target = min(met, default=id_)
        for other in met - {target}:
            voice[target] |= voice.pop(other)
            group_of.update({origin: target for origin, group in group_of.items() if group == other})
        group_of.update(dict.fromkeys(mine, target))
        voice.setdefault(target, set()).add(id_)
    numbers = {id_: number for number, members in enumerate(voice.values(), 1) for id_ in members}
    return numbers, Corroboration(len(voice), len(numbers) - len(voice), len(sources) - len(numbers))
