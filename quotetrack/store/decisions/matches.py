"""Sources that may be one, waiting for a person's word. What was found different is never asked again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store.acts import Action
from quotetrack.store.base import now
from quotetrack.store.decisions.record import Decided
from quotetrack.store.decisions.source_edits import merge_in
from quotetrack.store.decisions.source_log import log_sources, snapshot
from quotetrack.store.engine import reading, writing
from quotetrack.store.models import Source, SourceMatch
from quotetrack.store.names import survivor_id
from quotetrack.store.ranks import heard_counts

PENDING, SAME, DIFFERENT = STATES = ("pending", "same", "different")


@dataclass(frozen=True, slots=True)
class MatchRow:
    """Two sources that may be one."""

    id: int
    source_id: int
    source: str
    source_kind: str
    source_heard: int
    """Hops that name it."""
    candidate_id: int
    candidate: str
    candidate_kind: str
    candidate_heard: int
    score: float
    reason: str
    state: str
    decided_by: str | None
    at: datetime | None


def propose_match(session: Session, source_id: int, candidate_id: int, score: float, reason: str) -> int | None:
    """Ask whether two sources are one; whichever way round, a pair is asked about once. The caller commits.

    Returns the match's id, whatever its state, or None if they are one already.
    """
    source_id, candidate_id = survivor_id(session, source_id), survivor_id(session, candidate_id)
    if source_id == candidate_id:
        return None
    known = session.scalar(
        select(SourceMatch.id).where(
            or_(
                and_(SourceMatch.source_id == source_id, SourceMatch.candidate_id == candidate_id),
                and_(SourceMatch.source_id == candidate_id, SourceMatch.candidate_id == source_id),
            )
        )
    )
    if known is not None:
        return known
    match = SourceMatch(source_id=source_id, candidate_id=candidate_id, score=score, reason=reason, state=PENDING)
    session.add(match)
    session.flush()
    return match.id


def list_matches(
    engine: Engine, *, state: str = PENDING, limit: int = 100, after: MatchRow | None = None
) -> list[MatchRow]:
    """A page of matches, the likeliest first. One whose source was merged elsewhere meanwhile is left out."""
    source, candidate = aliased(Source), aliased(Source)
    query = (
        select(SourceMatch, source, candidate)
        .join(source, source.id == SourceMatch.source_id)
        .join(candidate, candidate.id == SourceMatch.candidate_id)
    )
    if state:
        query = query.where(SourceMatch.state == state)
    if state == PENDING:
        query = query.where(source.merged_into_id.is_(None), candidate.merged_into_id.is_(None))
    if after is not None:
        query = query.where(
            SourceMatch.score <= after.score,
            or_(SourceMatch.score < after.score, SourceMatch.id < after.id),
        )
    with reading(engine) as session:
        rows = session.execute(query.order_by(SourceMatch.score.desc(), SourceMatch.id.desc()).limit(limit)).all()
        heard = heard_counts(session, (i for m, _, _ in rows for i in (m.source_id, m.candidate_id)))
        return [
            MatchRow(
                m.id, s.id, s.name, str(s.kind), heard.get(s.id, 0), c.id, c.name, str(c.kind), heard.get(c.id, 0),
                m.score, m.reason, m.state, m.decided_by, m.at,
            )
            for m, s, c in rows
        ]  # fmt: skip


def resolve_match(engine: Engine, match_id: int, *, same: bool, reviewer: str, note: str | None = None) -> Decided:
    """Say whether two sources are one; if so, the first is merged into the second.

    Raises ConflictError if that was decided before.
    """
    with writing(engine) as session:
        match = session.get(SourceMatch, match_id, with_for_update=True)
        if match is None:
            raise NotFoundError(f"There is no match {match_id}. `quotetrack sources matches` lists those that wait.")
        if match.state != PENDING:
            raise ConflictError(
                f"Match {match_id} was decided by {match.decided_by} ({match.state}). `quotetrack decide undo` and "
                "`quotetrack sources unmerge` take such things back.",
                by=match.decided_by or "",
            )
        source, candidate = session.get_one(Source, match.source_id), session.get_one(Source, match.candidate_id)
        if same:
            if source.merged_into_id is not None or candidate.merged_into_id is not None:
                raise ConflictError(
                    f"One source of match {match_id} has been merged into another. Look at the list again."
                )
            return merge_in(session, source, candidate, Action.MATCH_SAME, reviewer=reviewer, note=note)[1]
        before = snapshot(session, [source.id, candidate.id])
        match.state, match.decided_by, match.at = DIFFERENT, reviewer, now()
        return log_sources(session, Action.MATCH_DIFFERENT, source.id, before, reviewer=reviewer, note=note)
