"""How what is said relates to what others say: tensions, updates, attributions lost or changed on the way.

A pair has the relation that a reviewer decided, else the one that the machine suggests: the two are counted apart.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from quotetrack.domain import HopRole, Relation
from quotetrack.store.figures.record import Told
from quotetrack.store.models import ArticleVersion, AttributionRow, HopRow, Outlet, StatementPair
from quotetrack.store.statements.read import COUNTED

SAME = (Relation.SAME_WORDS, Relation.SAME_CLAIM)


@dataclass(frozen=True, slots=True)
class PairCounts:
    """How many pairs of each relation there are."""

    same_words: int = 0
    same_claim: int = 0
    update: int = 0
    tension: int = 0
    unattributed: int = 0
    other_speaker: int = 0
    """Of those that are the same: with another speaker, or with one on one side only."""
    other_chain: int = 0
    """Of those that are the same, with the same speaker: with other channels."""

    @property
    def same(self) -> int:
        return self.same_words + self.same_claim


@dataclass(frozen=True, slots=True)
class Flat:
    """A sentence that states something without attribution."""

    article_id: int
    title: str
    outlet: str | None
    published: datetime | None
    url: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair."""

    id: int
    relation: Relation
    decided_by: str | None
    """Who decided the relation; None if the machine suggests it."""
    at: datetime | None
    score: float
    first_id: int
    second_id: int | None
    flat: Flat | None
    """The other side, where that is no attribution."""


_relation: Any = func.coalesce(StatementPair.relation, StatementPair.suggested)
_decided: ColumnElement[int] = case((StatementPair.relation.is_not(None), 1), else_=0)


def pair_counts(told: Told) -> tuple[PairCounts, PairCounts]:
    """Pairs with a side in `told`, of other sides that stand: those that reviewers decided, those merely suggested."""
    one, other = aliased(AttributionRow), aliased(AttributionRow)
    differs, detour = _speakers_differ(one, other), _chains_differ(one, other)
    same = _relation.in_(SAME)
    query = (
        _standing(
            select(
                _decided,
                _relation,
                func.count(),
                func.sum(case((and_(same, differs), 1), else_=0)),
                func.sum(case((and_(same, ~differs, detour), 1), else_=0)),
            ),
            told,
            one,
            other,
        )
        .where(_relation != Relation.UNRELATED)
        .group_by(_decided, _relation)
    )
    found: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for decided, relation, n, speakers, chains in told.session.execute(query):
        counts = found[bool(decided)]
        counts[str(relation)] = n
        counts["other_speaker"] = counts.get("other_speaker", 0) + int(speakers)
        counts["other_chain"] = counts.get("other_chain", 0) + int(chains)
    return PairCounts(**found[True]), PairCounts(**found[False])


def list_pairs(told: Told, group: str, *, limit: int) -> list[PairRow]:
    """The pairs that a figure of `PairCounts` counts, those decided first, then by how sure the machine is."""
    one, other = aliased(AttributionRow), aliased(AttributionRow)
    differs = _speakers_differ(one, other)
    conditions = {
        "other_speaker": and_(_relation.in_(SAME), differs),
        "other_chain": and_(_relation.in_(SAME), ~differs, _chains_differ(one, other)),
    }
    query = (
        _standing(select(StatementPair, ArticleVersion, Outlet.name), told, one, other)
        .outerjoin(Outlet, Outlet.id == ArticleVersion.outlet_id)
        .where(conditions.get(group, _relation == group))
        .order_by(_decided.desc(), StatementPair.score.desc(), StatementPair.id)
        .limit(limit)
    )
    return [_pair(*row) for row in told.session.execute(query)]


def _pair(row: StatementPair, article: ArticleVersion | None, outlet: str | None) -> PairRow:
    flat = None
    if row.second_id is None and article is not None:
        sentence = article.text[row.start : row.end]
        flat = Flat(article.id, article.title or article.name, outlet, article.published, article.url, sentence)
    return PairRow(
        row.id, Relation(row.relation or row.suggested), row.decided_by, row.at, row.score, row.first_id,
        row.second_id, flat,
    )  # fmt: skip


def _standing(query: Select[*tuple[Any, ...]], told: Told, one: Any, other: Any) -> Select[*tuple[Any, ...]]:
    """The pairs with a side in `told` of which neither side was rejected or is of a superseded article.

    `ArticleVersion` is the article of the sentence, where the other side is one.
    """
    theirs, its = aliased(ArticleVersion), aliased(ArticleVersion)
    mine = select(told.c.id)
    return (
        query.select_from(StatementPair)
        .join(one, one.id == StatementPair.first_id)
        .join(theirs, and_(theirs.id == one.article_id, theirs.is_current.is_(True)))
        .outerjoin(other, other.id == StatementPair.second_id)
        .outerjoin(its, its.id == other.article_id)
        .outerjoin(ArticleVersion, ArticleVersion.id == StatementPair.article_id)
        .where(
            or_(StatementPair.first_id.in_(mine), StatementPair.second_id.in_(mine)),
            one.status.in_(COUNTED),
            or_(
                and_(other.status.in_(COUNTED), its.is_current.is_(True)),
                and_(StatementPair.second_id.is_(None), ArticleVersion.is_current.is_(True)),
            ),
        )
    )


def _speaker(attribution: Any) -> Any:
    says = aliased(HopRow)
    found = select(says.source_id).where(says.attribution_id == attribution.id, says.role == HopRole.SPEAKER)
    return func.coalesce(found.correlate(attribution).scalar_subquery(), 0)


def _speakers_differ(one: Any, other: Any) -> ColumnElement[bool]:
    return _speaker(one) != _speaker(other)  # type: ignore[no-any-return]


def _chains_differ(one: Any, other: Any) -> ColumnElement[bool]:
    return or_(_has_more(one, other), _has_more(other, one))


def _has_more(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether a chain has a hop that another has not in the same place."""
    hop, same = aliased(HopRow), aliased(HopRow)
    twin = (
        select(same.id)
        .where(
            same.attribution_id == other.id, same.position == hop.position, same.source_id == hop.source_id,
            same.role == hop.role,
        )
        .correlate(hop, other)
    )  # fmt: skip
    return select(hop.id).where(hop.attribution_id == one.id, ~twin.exists()).correlate(one, other).exists()
