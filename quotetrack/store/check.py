"""Whether what is stored holds together, and how much of it there is."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import Engine, and_, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import HopRole, SpanRole, Status
from quotetrack.store.decisions.state import State, brought_up_to_date, differences, read_state, states_of
from quotetrack.store.engine import batched, check_integrity, reading, shown, sqlite_path
from quotetrack.store.models import (
    ArticleVersion,
    AttributionRow,
    AttributionSpan,
    Decision,
    HopRow,
    Outlet,
    Run,
    Source,
    SourceAlias,
    Statement,
    StatementPair,
)

SHOWN = 20
"""Faults of one kind listed singly; a damaged database has thousands alike."""


def check(engine: Engine) -> list[str]:
    """Every fault found, one line each; empty when the database is sound."""
    faults = check_integrity(engine)
    with reading(engine) as session:
        for rule in (
            _spans_outside, _without_content, _overlapping, _speaker_not_last, _gaps_in_chains, _nested_in_itself,
            _current_versions, _merged, _undecided, _not_as_decided, _pairs_not_as_decided,
        ):  # fmt: skip
            found = list(rule(session))
            faults += found[:SHOWN]
            if len(found) > SHOWN:
                faults.append(f"… and {len(found) - SHOWN} more of this kind")
    return faults


def _spans_outside(session: Session) -> Iterator[str]:
    length = func.length(ArticleVersion.text)
    query = (
        select(AttributionSpan.attribution_id, AttributionSpan.role, AttributionSpan.end, length)
        .join(AttributionRow, AttributionRow.id == AttributionSpan.attribution_id)
        .join(ArticleVersion)
        .where(AttributionSpan.end > length)
    )
    for attribution_id, role, end, size in session.execute(query):
        yield f"attribution {attribution_id}: its {role} ends at {end}, in a text of {size} characters"


def _without_content(session: Session) -> Iterator[str]:
    has = exists().where(AttributionSpan.attribution_id == AttributionRow.id, AttributionSpan.role == SpanRole.CONTENT)
    for attribution_id in session.scalars(select(AttributionRow.id).where(~has)):
        yield f"attribution {attribution_id} has no content"


def _overlapping(session: Session) -> Iterator[str]:
    other = aliased(AttributionSpan)
    query = (
        select(AttributionSpan.attribution_id, AttributionSpan.role)
        .join(other, and_(other.attribution_id == AttributionSpan.attribution_id, other.role == AttributionSpan.role))
        .where(other.start > AttributionSpan.start, other.start < AttributionSpan.end)
        .distinct()
    )
    for attribution_id, role in session.execute(query):
        yield f"attribution {attribution_id}: pieces of its {role} overlap"


def _nested_in_itself(session: Session) -> Iterator[str]:
    above = dict(
        session.execute(
            select(AttributionRow.id, AttributionRow.parent_id).where(AttributionRow.parent_id.is_not(None))
        ).all()
    )
    for attribution_id in above:
        step, steps = above.get(attribution_id), 0
        while step is not None and step != attribution_id and steps < len(above):
            step, steps = above.get(step), steps + 1
        if step == attribution_id:
            yield f"attribution {attribution_id} is nested in itself"


def _undecided(session: Session) -> Iterator[str]:
    """What nobody has decided on is pending."""
    decided = exists().where(Decision.attribution_id == AttributionRow.id, ~Decision.is_second)
    query = select(AttributionRow.id, AttributionRow.status).where(AttributionRow.status != Status.PENDING, ~decided)
    for attribution_id, status in session.execute(query):
        yield f"attribution {attribution_id} is {status}, but its decisions make it pending"


def _not_as_decided(session: Session) -> Iterator[str]:
    """What was decided on is as its log makes it, and the log goes from each state to the next."""
    ids = session.scalars(
        select(Decision.attribution_id)
        .where(Decision.attribution_id.is_not(None), ~Decision.is_second)
        .distinct()
        .order_by(Decision.attribution_id)
    ).all()
    broken = set(
        session.scalars(
            select(AttributionSpan.attribution_id).where(
                or_(AttributionSpan.start < 0, AttributionSpan.start >= AttributionSpan.end)
            )
        )
    )  # the database's own check has named these, and they are no states
    for part in batched(i for i in ids if i is not None and i not in broken):
        now = states_of(session, part)
        log: dict[int, list[Decision]] = {}
        for decision in session.scalars(
            select(Decision).where(Decision.attribution_id.in_(part), ~Decision.is_second).order_by(Decision.id)
        ):
            if decision.attribution_id is not None:
                log.setdefault(decision.attribution_id, []).append(decision)
        due: dict[int, State] = {}
        for attribution_id, decisions in log.items():
            due[attribution_id] = read_state(decisions[-1].after, now[attribution_id])
            for one, other in pairwise(decisions):
                shared = one.after.keys() & other.before.keys()
                if any(one.after[key] != other.before[key] for key in shared - {"hops", "parent_id", "duplicate_of"}):
                    yield f"attribution {attribution_id}: decision {other.id} does not begin where {one.id} ends"
        due = brought_up_to_date(session, due)
        for attribution_id in part:
            status = now[attribution_id].status
            if status != due[attribution_id].status:
                made = due[attribution_id].status
                yield f"attribution {attribution_id} is {status}, but its decisions make it {made}"
            elif now[attribution_id] != due[attribution_id]:
                what = "; ".join(differences(due[attribution_id].as_dict(), now[attribution_id].as_dict()))
                yield f"attribution {attribution_id} is not what its decisions make it: {what}"
        session.expunge_all()


def _pairs_not_as_decided(session: Session) -> Iterator[str]:
    """How a pair was decided is what its newest decision says."""
    other = aliased(Decision)
    newest = (
        select(func.max(other.id)).where(other.pair_id == StatementPair.id).correlate(StatementPair).scalar_subquery()
    )
    query = (
        select(StatementPair.id, StatementPair.relation, Decision.after)
        .outerjoin(Decision, Decision.id == newest)
        .where(or_(StatementPair.relation.is_not(None), Decision.id.is_not(None)))
        .order_by(StatementPair.id)
    )
    for pair_id, relation, after in session.execute(query):
        due = after["relation"] if after else None
        if relation != due:
            yield f"pair {pair_id} is {relation or 'undecided'}, but its decisions make it {due or 'undecided'}"


def _speaker_not_last(session: Session) -> Iterator[str]:
    later = aliased(HopRow)
    query = select(HopRow.attribution_id).where(
        HopRow.role == HopRole.SPEAKER,
        exists().where(later.attribution_id == HopRow.attribution_id, later.position > HopRow.position),
    )
    for attribution_id in session.scalars(query):
        yield f"attribution {attribution_id}: its speaker is not the last hop"


def _gaps_in_chains(session: Session) -> Iterator[str]:
    query = (
        select(HopRow.attribution_id)
        .group_by(HopRow.attribution_id)
        .having(or_(func.min(HopRow.position) != 0, func.max(HopRow.position) != func.count() - 1))
    )
    for attribution_id in session.scalars(query):
        yield f"attribution {attribution_id}: the positions of its hops have a gap"


def _current_versions(session: Session) -> Iterator[str]:
    query = (
        select(ArticleVersion.key)
        .group_by(ArticleVersion.key)
        .having(func.count().filter(ArticleVersion.is_current) != 1)
    )
    for key in session.scalars(query):
        yield f"article {key!r} does not have exactly one current version"


def _merged(session: Session) -> Iterator[str]:
    query = select(Source.id).where(
        Source.merged_into_id.is_not(None),
        or_(exists().where(HopRow.source_id == Source.id), exists().where(SourceAlias.source_id == Source.id)),
    )
    for source_id in session.scalars(query):
        yield f"source {source_id} is merged into another and still has names or hops"
    nameless = and_(Source.merged_into_id.is_(None), ~exists().where(SourceAlias.source_id == Source.id))
    for source_id in session.scalars(select(Source.id).where(nameless)):
        yield f"source {source_id} has no name"


def statistics(engine: Engine) -> dict[str, int | str]:
    """Rows of each table, and the size of the database in bytes."""
    tables = {
        "articles": ArticleVersion, "attributions": AttributionRow, "hops": HopRow, "sources": Source,
        "source_names": SourceAlias, "outlets": Outlet, "decisions": Decision, "runs": Run,
        "statements": Statement, "pairs": StatementPair,
    }  # fmt: skip
    with reading(engine) as session:
        found: dict[str, int | str] = {
            name: session.scalar(select(func.count()).select_from(model)) or 0 for name, model in tables.items()
        }
        if engine.dialect.name == "postgresql":
            found["bytes"] = session.scalar(text("select pg_database_size(current_database())")) or 0
    path = sqlite_path(engine.url.render_as_string(hide_password=False))
    if path is not None and path.exists():
        found["bytes"] = path.stat().st_size
    return {"database": shown(engine)} | found
