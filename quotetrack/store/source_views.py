"""Looking at sources before they are changed: finding one by a part of its name, and what a merge would move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from quotetrack.errors import ConflictError
from quotetrack.sources.catalogue import fold
from quotetrack.sources.similar import last_word, sound
from quotetrack.store.acts import STAYS, Action, in_force, placed
from quotetrack.store.engine import batched, reading
from quotetrack.store.models import Decision, HopRow, Outlet, Source, SourceAlias
from quotetrack.store.ranks import heard_counts
from quotetrack.store.sources import find_source

CANDIDATES = 500
"""How many names are looked at before the best are chosen."""
SOUNDS = 5000
"""How many that begin with the same sounds."""
LIKE, LIKE_PART = 70, 80
"""How alike, of 100, a name must be to what was typed, or a part of it to something longer."""
LONG = 5
"""From so many characters on, a part of a name may be meant."""
ALIKE = 5
"""How well a name fits that is nearly what was typed, in terms of `_fit`."""


@dataclass(frozen=True, slots=True)
class Found:
    """A source that what was typed may mean."""

    id: int
    name: str
    kind: str
    country: str | None
    heard: int
    """Hops that name it."""
    alias: str = ""
    """The name that fits, if it is not the canonical one."""


def find_names(engine: Engine, typed: str, *, limit: int = 50) -> list[Found]:
    """Sources with a name like what was typed, the best first.

    A name fits if it holds every word, or else its letters in their order: "fmin" finds "Foreign Ministry". Where
    none holds every word, those are found too that are spelled nearly so, among those that begin with the same sounds
    or whose last word does. Nothing typed gives the most heard.
    """
    folded = fold(typed)
    with reading(engine) as session:
        if not folded:
            return _most_heard(session, limit)
        every_word = [SourceAlias.folded.contains(word, autoescape=True) for word in folded.split()]
        letters = "%" + "%".join(_escaped(letter) for letter in folded if letter != " ") + "%"
        query = (
            select(SourceAlias.folded, SourceAlias.name, Source.id, Source.name, Source.kind, Source.country)
            .join(Source, Source.id == SourceAlias.source_id)
            .order_by(func.length(SourceAlias.folded), SourceAlias.id)
            .limit(CANDIDATES)
        )
        rows = list(session.execute(query.where(*every_word)))
        is_held = bool(rows)
        if len(rows) < limit:
            rows += session.execute(query.where(SourceAlias.folded.like(letters, escape="\\")))
        fits = {named: float(_fit(named, folded)) for named, *_ in rows}
        if not is_held and len(folded) > 2:
            begins = or_(_begins(SourceAlias.sound, sound(typed)[:2]), _begins(SourceAlias.last, last_word(typed)[:2]))
            near = {row[0]: row for row in session.execute(query.where(begins).limit(SOUNDS)) if row[0] not in fits}
            alike = _alike(folded, list(near), limit)
            rows += [near[named] for named in alike]
            fits |= {named: ALIKE + (100 - score) / 100 for named, score in alike.items()}
        heard = heard_counts(session, (id_ for _, _, id_, *_ in rows))
    best: dict[int, tuple[tuple[float, int, int, str], Found]] = {}
    for named, alias, id_, name, kind, country in rows:
        key = (fits[named], -heard.get(id_, 0), len(named), named)
        found = Found(id_, name, str(kind), country, heard.get(id_, 0), alias if alias != name else "")
        if id_ not in best or key < best[id_][0]:
            best[id_] = (key, found)
    return [found for _, found in sorted(best.values(), key=lambda one: one[0])[:limit]]


def _most_heard(session: Session, limit: int) -> list[Found]:
    counts = select(HopRow.source_id, func.count().label("heard")).group_by(HopRow.source_id).subquery()
    query = (
        select(Source.id, Source.name, Source.kind, Source.country, counts.c.heard)
        .join(counts, counts.c.source_id == Source.id)
        .order_by(counts.c.heard.desc(), Source.name)
        .limit(limit)
    )
    return [Found(id_, name, str(kind), country, heard) for id_, name, kind, country, heard in session.execute(query)]


def _fit(named: str, folded: str) -> int:
    """How well a folded name fits: 0 is best."""
    if named == folded:
        return 0
    if named.startswith(folded):
        return 1
    if f" {folded}" in named:
        return 2
    return 3 if all(word in named for word in folded.split()) else 4


def _begins(column: InstrumentedAttribute[str], start: str) -> ColumnElement[bool]:
    """Whether a text begins so; asked such that its index is read, which it would not be for a pattern."""
    return and_(column >= start, column < start + chr(0x10FFFF))


def _alike(folded: str, names: Sequence[str], limit: int) -> dict[str, float]:
    """Names that are nearly what was typed, or hold nearly that, with how alike they are."""
    from rapidfuzz import fuzz, process  # the review starts without it

    scored = process.extract(folded, names, scorer=fuzz.ratio, limit=limit, score_cutoff=LIKE)
    if len(folded) >= LONG:
        scored += process.extract(folded, names, scorer=fuzz.partial_ratio, limit=limit, score_cutoff=LIKE_PART)
    return {name: score for name, score, _ in sorted(scored, key=lambda one: one[1])}


def _escaped(letter: str) -> str:
    return "\\" + letter if letter in "%_\\" else letter


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What merging one source into another would move."""

    source_id: int
    source: str
    into_id: int
    into: str
    names: tuple[str, ...]
    """All of its names."""
    hops: int
    attributions: int
    outlets: tuple[str, ...]
    controlled: tuple[str, ...]
    """Sources that it controls."""


def preview_merge(engine: Engine, name: str, into: str) -> MergePreview:
    """What `decisions.merge` would do, without doing it; raises what that would raise."""
    with reading(engine) as session:
        source, target = find_source(session, name), find_source(session, into)
        if source.id == target.id:
            raise ConflictError(f"{name!r} and {into!r} are the same source already.")
        hops, attributions = session.execute(
            select(func.count(), func.count(HopRow.attribution_id.distinct())).where(HopRow.source_id == source.id)
        ).one()
        controlled = select(Source.name).where(Source.controller_id == source.id, Source.id != target.id)
        return MergePreview(
            source.id, source.name, target.id, target.name,
            names=tuple(
                session.scalars(
                    select(SourceAlias.name).where(SourceAlias.source_id == source.id).order_by(SourceAlias.name)
                )
            ),
            hops=hops, attributions=attributions,
            outlets=tuple(session.scalars(select(Outlet.name).where(Outlet.source_id == source.id))),
            controlled=tuple(session.scalars(controlled.order_by(Source.name))),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """A source that was merged into another."""

    id: int
    name: str


def merged_into(engine: Engine, source_id: int) -> list[Merged]:
    """The sources that were merged into this one itself, the newest first."""
    with reading(engine) as session:
        rows = session.execute(
            select(Source.id, Source.name).where(Source.merged_into_id == source_id).order_by(Source.id.desc())
        )
        return [Merged(*row) for row in rows]


class NextUndone(NamedTuple):
    """What `undo` would take back."""

    action: str
    attribution_id: int | None = None
    """None if it is about sources or a pair."""
    pair_id: int | None = None


def next_undone(engine: Engine, reviewer: str) -> NextUndone | None:
    """What `undo` would take back, second opinions left out. None if nothing."""
    query = (
        select(Decision.action, Decision.attribution_id, Decision.pair_id)
        .where(
            Decision.reviewer == reviewer,
            in_force,
            ~Decision.is_second,
            Decision.action.not_in((Action.UNDO, *STAYS)),
            placed,
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )
    with reading(engine) as session:
        row = session.execute(query).one_or_none()
        return NextUndone(*row) if row else None


def next_redone(engine: Engine, reviewer: str) -> NextUndone | None:
    """What `redo` would do again. None if nothing."""
    newest = (
        select(func.coalesce(func.max(Decision.id), 0))
        .where(Decision.reviewer == reviewer, Decision.undoes_id.is_(None))
        .scalar_subquery()
    )
    query = (
        select(Decision.action, Decision.attribution_id, Decision.pair_id)
        .where(
            Decision.reviewer == reviewer, in_force, placed, Decision.action == Action.UNDO, Decision.id > newest
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )  # fmt: skip
    with reading(engine) as session:
        row = session.execute(query).one_or_none()
        return NextUndone(*row) if row else None


def reviewers(engine: Engine) -> list[str]:
    """Everybody who has decided anything, by name."""
    with reading(engine) as session:
        return list(session.scalars(select(Decision.reviewer).distinct().order_by(Decision.reviewer)))


def source_names(engine: Engine, ids: Iterable[int]) -> dict[int, str]:
    """What these sources are called now."""
    names: dict[int, str] = {}
    with reading(engine) as session:
        for part in batched(set(ids)):
            names |= dict(session.execute(select(Source.id, Source.name).where(Source.id.in_(part))).all())
    return names
