"""Analysing stored articles again with other models: what a person decided stays, the rest is replaced.

Old and new attributions are matched by how far their contents overlap. An attribution that keeps its place keeps its
id, so that what points at it (pairs of statements, a reviewer who has it open) goes on pointing at it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, func, or_, select
from sqlalchemy.orm import Session

from quotetrack.domain import Article, Attribution, Hop, Spans, Status
from quotetrack.errors import NotFoundError
from quotetrack.sources.catalogue import fold
from quotetrack.store.decisions.record import hold_rows
from quotetrack.store.decisions.state import State, insert_state, states_of, write_state
from quotetrack.store.engine import reading, writing
from quotetrack.store.models import ArticleVersion, AttributionRow, Decision, Outlet, Run, StatementPair
from quotetrack.store.queries import HopView
from quotetrack.store.ranks import heard_counts
from quotetrack.store.save import machine_values, sources_in

SAME_PLACE = 0.5
"""Contents that overlap by this share of their union are one attribution, as in the evaluation."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of an article's attributions."""

    kept: int = 0
    """Decided on by a reviewer, or needed by one that is: they are as they were."""
    same: int = 0
    changed: int = 0
    added: int = 0
    dropped: int = 0

    def __add__(self, other: "Replaced") -> "Replaced":
        return Replaced(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stored articles to analyse again; what is not given does not narrow. Older versions never are."""

    since: datetime | None = None
    until: datetime | None = None
    outlet: str = ""
    but_made_by: tuple[str, dict[str, Any]] | None = None
    """Leave out what this version of quotetrack with these models has analysed."""


def count_articles(engine: Engine, wanted: Wanted) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(_chosen(session, wanted).subquery())) or 0


def stored_articles(engine: Engine, wanted: Wanted) -> Iterator[tuple[int, Article]]:
    """The articles chosen with their ids, in the order of these; read one by one: no list of them is held."""
    last = 0
    while True:
        with reading(engine) as session:
            query = _chosen(session, wanted).where(ArticleVersion.id > last).order_by(ArticleVersion.id).limit(1)
            id_ = session.scalar(query)
            if id_ is None:
                return
            row = session.get_one(ArticleVersion, id_)
            found = Article(
                row.text, row.name, row.location, url=row.url, title=row.title, author=row.author,
                outlet=row.outlet.name if row.outlet else None, published=row.published,
                given_id=row.key if row.key.startswith("id:") else None,
            )  # fmt: skip
        last = id_
        yield id_, found


def _chosen(session: Session, wanted: Wanted) -> Any:
    query = select(ArticleVersion.id).where(ArticleVersion.is_current)
    dated = func.coalesce(ArticleVersion.published, ArticleVersion.fetched)
    if wanted.since is not None:
        query = query.where(dated >= wanted.since)
    if wanted.until is not None:
        query = query.where(dated < wanted.until)
    if wanted.outlet:
        query = query.join(Outlet).where(Outlet.lowered == wanted.outlet.lower())
    if wanted.but_made_by is not None:
        runs = session.execute(select(Run.id, Run.quotetrack, Run.models)).all()
        alike = [id_ for id_, version, models in runs if (version, models) == wanted.but_made_by]
        query = query.where(or_(ArticleVersion.run_id.is_(None), ArticleVersion.run_id.not_in(alike)))
    return query


def replace_attributions(
    engine: Engine, article_id: int, article: Article, attributions: Sequence[Attribution], run_id: int | None, *,
    dry_run: bool = False,
) -> Replaced:  # fmt: skip
    """Put what a run found in place of what is stored of an article, all or nothing; decided ones stay as they are.

    One that is kept also keeps the place: what the run found there is left out. An undecided one that changes gets a
    new version, so that a decision made on the old one is refused. Those no longer found are deleted with the pairs
    suggested for them. Raises NotFoundError if the article is gone.
    """
    with writing(engine) as session:
        stored = session.get(ArticleVersion, article_id, with_for_update=True)
        if stored is None:
            raise NotFoundError(f"There is no article {article_id} any more.")
        hold_rows(session, AttributionRow.article_id == article_id)
        rows = {
            row.id: row
            for row in session.scalars(select(AttributionRow).where(AttributionRow.article_id == article_id))
        }
        old = states_of(session, rows)
        kept = _kept(session, old)
        source_ids = sources_in(session, attributions)
        heard = heard_counts(session, source_ids.values())
        place = _places(old, kept, attributions)
        made: dict[int, AttributionRow] = {}
        counts = {"same": 0, "changed": 0, "added": 0, "dropped": 0}
        for number, attribution in enumerate(attributions):
            at = place.get(number)
            if at in kept:
                continue
            values = machine_values(attribution, article.text, run_id, source_ids, heard, len(attributions))
            if at is None:
                row = AttributionRow(article_id=article_id, dated=stored.dated, **values)
                session.add(row)
                counts["added"] += 1
            else:
                row = rows[at]
                for name, value in values.items():
                    setattr(row, name, value)
            made[number] = row
        session.flush()
        ids = {number: made[number].id if number in made else place[number] for number in range(len(attributions))}
        for number, row in made.items():
            state = _state(attributions[number], source_ids, ids)
            if number not in place:
                insert_state(session, row.id, state)
                row.parent_id = state.parent_id
            elif state == old[row.id]:
                counts["same"] += 1
            else:
                write_state(session, row, old[row.id], state, article.text)
                row.version += 1
                counts["changed"] += 1
        gone = set(rows) - kept - set(place.values())
        if gone:
            session.flush()
            session.execute(delete(AttributionRow).where(AttributionRow.id.in_(gone)))
        counts["dropped"] = len(gone)
        stored.run_id = run_id
        stored.default_channels = [hop.as_dict() for hop in article.default_channels]
        if counts["added"] or counts["changed"]:
            stored.compared = None
        if dry_run:
            session.rollback()
    return Replaced(kept=len(kept), **counts)


def _kept(session: Session, old: dict[int, State]) -> set[int]:
    """Those with any decision, on themselves or on a pair they are in, and those that these point at."""
    decided = set(session.scalars(select(Decision.attribution_id).where(Decision.attribution_id.in_(old))))
    for side in (StatementPair.first_id, StatementPair.second_id):
        decided |= set(session.scalars(select(side).where(side.in_(old), StatementPair.relation.is_not(None))))
    kept: set[int] = set()
    waiting = [id_ for id_ in decided if id_ is not None]
    while waiting:
        id_ = waiting.pop()
        if id_ in old and id_ not in kept:
            kept.add(id_)
            waiting += [above for above in (old[id_].parent_id, old[id_].duplicate_of) if above is not None]
    return kept


def _places(old: dict[int, State], kept: set[int], new: Sequence[Attribution]) -> dict[int, int]:
    """Which stored attribution each new one is, by index: one to one, the closest contents first."""
    ranked = []
    for number, attribution in enumerate(new):
        for id_, state in old.items():
            overlap = _overlap(attribution.content, state.content)
            if overlap >= SAME_PLACE:
                alike = (attribution.cue == state.cue) + (attribution.source == state.source)
                ranked.append((-overlap, -alike, id_ not in kept, id_, number))
    taken: set[int] = set()
    found: dict[int, int] = {}
    for *_, id_, number in sorted(ranked):
        if id_ not in taken and number not in found:
            taken.add(id_)
            found[number] = id_
    return found


def _overlap(one: Spans, other: Spans) -> float:
    """Characters in both over characters in either."""
    if not one or not other or one[-1].end <= other[0].start or other[-1].end <= one[0].start:
        return 0.0
    both = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    either = sum(span.end - span.start for span in (*one, *other)) - both
    return both / either


def _state(attribution: Attribution, source_ids: dict[str, int], ids: dict[int, int]) -> State:
    """What a run found as the store has it; `ids` are those of the run's attributions, by index."""
    return State(
        status=Status.PENDING,
        kind=attribution.kind,
        polarity=attribution.polarity,
        parent_id=None if attribution.parent is None else ids[attribution.parent],
        duplicate_of=None,
        content=attribution.content,
        cue=attribution.cue,
        source=attribution.source,
        hops=tuple(_hop(hop, source_ids[fold(hop.name)]) for hop in attribution.chain),
    )


def _hop(hop: Hop, source_id: int) -> HopView:
    return HopView(hop.role, hop.name, hop.source_class, hop.span, hop.made_by, source_id=source_id)
