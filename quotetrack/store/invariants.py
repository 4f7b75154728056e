"""What must hold among the rows, beyond what the database itself enforces: a rule a function, a fault a line.

Rules look at rows alone, past the domain's values, which would refuse to be what a damaged row says.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import JSON, and_, exists, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from quotetrack.domain import HopRole, Kind, Polarity, Relation, SourceClass, SourceKind, SpanRole, Status
from quotetrack.sources.catalogue import fold
from quotetrack.store.base import Base
from quotetrack.store.decisions.state import State, brought_up_to_date, differences, read_state, states_of
from quotetrack.store.engine import batched
from quotetrack.store.models import (
    ArticleVersion,
    AttributionRow,
    AttributionSpan,
    Decision,
    HopRow,
    Outlet,
    Source,
    SourceAlias,
    StatementPair,
)

AT_ONCE = 50
"""Articles in memory at a time."""
VALUES: Mapping[InstrumentedAttribute[Any], type[StrEnum]] = {
    AttributionRow.kind: Kind, AttributionRow.polarity: Polarity, AttributionRow.status: Status,
    AttributionSpan.role: SpanRole, HopRow.role: HopRole, HopRow.source_class: SourceClass, Source.kind: SourceKind,
    StatementPair.suggested: Relation, StatementPair.relation: Relation,
}  # fmt: skip


def values(session: Session) -> Iterator[str]:
    """Every choice is one that is known, and what is stored as JSON is that."""
    for column, known in VALUES.items():
        table = column.class_.__tablename__
        query = select(column.class_.id, column).where(column.not_in([one.value for one in known]))
        for id_, value in session.execute(query):
            yield f"{table} {id_}: its {column.key} is {value!r}, which is none"
    if session.get_bind().dialect.name != "sqlite":
        return  # a server takes no other
    for every in Base.metadata.sorted_tables:
        for stored in every.c:
            if isinstance(stored.type, JSON):
                name = f'"{stored.name}"'
                wrong = text(f'select id from "{every}" where {name} is not null and not json_valid({name})')
                for (id_,) in session.execute(wrong):
                    yield f"{every} {id_}: its {stored.name} is no JSON"


def texts(session: Session) -> Iterator[str]:
    """A text is the one that was stored, what points into it finds something, and contents are what stands there."""
    articles = select(ArticleVersion.id, ArticleVersion.sha256, ArticleVersion.text).order_by(ArticleVersion.id)
    for part in session.execute(articles.execution_options(yield_per=AT_ONCE)).partitions(AT_ONCE):
        written = {id_: article for id_, _, article in part}
        for id_, sha256, article in part:
            if hashlib.sha256(article.encode("utf-8", "surrogatepass")).hexdigest() != sha256:
                yield f"article {id_}: its text is not the one that was stored"
        inside = AttributionRow.article_id.in_(written)
        pieces: dict[int, list[tuple[int, int]]] = defaultdict(list)
        outside = set()
        spans = (
            select(
                AttributionSpan.attribution_id, AttributionRow.article_id,
                AttributionSpan.role, AttributionSpan.start, AttributionSpan.end,
            ).join(AttributionRow).where(inside).order_by(AttributionSpan.attribution_id, AttributionSpan.start)
        )  # fmt: skip
        for id_, article_id, role, start, end in session.execute(spans):
            if role == SpanRole.CONTENT:
                pieces[id_].append((start, end))
            if end > len(written[article_id]):
                outside.add(id_)
                size = len(written[article_id])
                yield f"attribution {id_}: its {role} ends at {end}, in a text of {size} characters"
        hops = select(HopRow.attribution_id, AttributionRow.article_id, HopRow.position, HopRow.start, HopRow.end).join(
            AttributionRow, AttributionRow.id == HopRow.attribution_id
        )
        for id_, article_id, position, first, last in session.execute(
            hops.where(inside, or_(HopRow.start.is_not(None), HopRow.end.is_not(None)))
        ):
            if first is None or last is None or not 0 <= first < last <= len(written[article_id]):
                yield f"attribution {id_}: hop {position} is placed at {first}-{last}, which is nowhere in the text"
        contents = select(AttributionRow.id, AttributionRow.article_id, AttributionRow.content_text).where(inside)
        for id_, article_id, content in session.execute(contents):
            if id_ in outside or not pieces[id_]:
                continue
            if content != " … ".join(written[article_id][start:end] for start, end in pieces[id_]):
                yield f"attribution {id_}: what is kept of its content is not what stands there"


def spans(session: Session) -> Iterator[str]:
    """There is a content; no piece is empty, and no two of one role overlap."""
    has = exists().where(AttributionSpan.attribution_id == AttributionRow.id, AttributionSpan.role == SpanRole.CONTENT)
    for id_ in session.scalars(select(AttributionRow.id).where(~has)):
        yield f"attribution {id_} has no content"
    each = (AttributionSpan.attribution_id, AttributionSpan.role, AttributionSpan.start, AttributionSpan.end)
    empty = or_(AttributionSpan.start < 0, AttributionSpan.start >= AttributionSpan.end)
    for id_, role, start, end in session.execute(select(*each).where(empty)):
        yield f"attribution {id_}: its {role} has a piece {start}-{end}"
    other = aliased(AttributionSpan)
    query = (
        select(AttributionSpan.attribution_id, AttributionSpan.role)
        .join(other, and_(other.attribution_id == AttributionSpan.attribution_id, other.role == AttributionSpan.role))
        .where(other.start > AttributionSpan.start, other.start < AttributionSpan.end)
        .distinct()
    )
    for id_, role in session.execute(query):
        yield f"attribution {id_}: pieces of its {role} overlap"


def chains(session: Session) -> Iterator[str]:
    """The speaker is the last hop, and hops are numbered without a gap."""
    later = aliased(HopRow)
    query = select(HopRow.attribution_id).where(
        HopRow.role == HopRole.SPEAKER,
        exists().where(later.attribution_id == HopRow.attribution_id, later.position > HopRow.position),
    )
    for id_ in session.scalars(query.distinct()):
        yield f"attribution {id_}: its speaker is not the last hop"
    gaps = (
        select(HopRow.attribution_id)
        .group_by(HopRow.attribution_id)
        .having(or_(func.min(HopRow.position) != 0, func.max(HopRow.position) != func.count() - 1))
    )
    for id_ in session.scalars(gaps):
        yield f"attribution {id_}: the positions of its hops have a gap"


def links(session: Session) -> Iterator[str]:
    """No attribution is nested in itself or a duplicate of itself, and what it is nested in is in its article."""
    for circle in _circles(session, AttributionRow.id, AttributionRow.parent_id):
        yield f"attribution {circle[0]} is nested in itself{_by_way_of(circle)}"
    for circle in _circles(session, AttributionRow.id, AttributionRow.duplicate_of_id):
        yield f"attribution {circle[0]} is a duplicate of itself{_by_way_of(circle)}"
    parent = aliased(AttributionRow)
    strays = (
        select(AttributionRow.id, parent.id)
        .join(parent, parent.id == AttributionRow.parent_id)
        .where(parent.article_id != AttributionRow.article_id)
    )
    for id_, parent_id in session.execute(strays):
        yield f"attribution {id_} is nested in {parent_id}, which is in another article"


def _circles(session: Session, key: Any, above: Any) -> Iterator[tuple[int, ...]]:
    return around(dict(session.execute(select(key, above).where(above.is_not(None))).all()))


def around(above: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Each circle in which ids point at one another, from its smallest on, in time in proportion to their number."""
    seen: set[int] = set()
    for first in above:
        path: dict[int, int] = {}
        at: int | None = first
        while at is not None and at not in seen:
            seen.add(at)
            path[at] = len(path)
            at = above.get(at)
        if at in path:
            circle = list(path)[path[at] :]
            least = circle.index(min(circle))
            yield (*circle[least:], *circle[:least])


def _by_way_of(circle: tuple[int, ...]) -> str:
    more = " …" if len(circle) > 4 else ""
    return f" by way of {', '.join(map(str, circle[1:4]))}{more}" if len(circle) > 1 else ""


def versions(session: Session) -> Iterator[str]:
    """Of the versions of an article the newest is the current one; attributions are dated as their article is."""
    current = ArticleVersion.is_current.is_(True)
    query = (
        select(
            ArticleVersion.key, func.count().filter(current), func.max(ArticleVersion.version).filter(current),
            func.max(ArticleVersion.version),
        ).group_by(ArticleVersion.key).having(
            or_(
                func.count().filter(current) != 1,
                func.max(ArticleVersion.version).filter(current) != func.max(ArticleVersion.version),
            )
        )
    )  # fmt: skip
    for key, count, shown, newest in session.execute(query):
        if count != 1:
            yield f"article {key!r} does not have exactly one current version"
        else:
            yield f"article {key!r}: version {shown} is the current one, and {newest} is newer"
    dates = select(AttributionRow.id).join(ArticleVersion, ArticleVersion.id == AttributionRow.article_id)
    published = func.coalesce(ArticleVersion.published, ArticleVersion.fetched)
    for id_ in session.scalars(dates.where(AttributionRow.dated != published)):
        yield f"attribution {id_} is not dated as its article is"


def sources(session: Session) -> Iterator[str]:
    """Sources have their names, those merged have none left, and none is merged into or controlled by itself."""
    for circle in _circles(session, Source.id, Source.merged_into_id):
        yield f"source {circle[0]} is merged into itself{_by_way_of(circle)}"
    for circle in _circles(session, Source.id, Source.controller_id):
        yield f"source {circle[0]} controls itself{_by_way_of(circle)}"
    merged = select(Source.id).where(
        Source.merged_into_id.is_not(None),
        or_(exists().where(HopRow.source_id == Source.id), exists().where(SourceAlias.source_id == Source.id)),
    )
    for id_ in session.scalars(merged):
        yield f"source {id_} is merged into another and still has names or hops"
    names: dict[int, set[str]] = defaultdict(set)
    for source_id, name, folded in session.execute(select(SourceAlias.source_id, SourceAlias.name, SourceAlias.folded)):
        names[source_id].add(folded)
        if folded != fold(name):
            yield f"source {source_id}: its name {name!r} is filed under {folded!r}"
    for id_, name in session.execute(select(Source.id, Source.name).where(Source.merged_into_id.is_(None))):
        if id_ not in names:
            yield f"source {id_} has no name"
        elif fold(name) not in names[id_]:
            yield f"source {id_}: {name!r} is none of its names"
    for id_, name, lowered in session.execute(select(Outlet.id, Outlet.name, Outlet.lowered)):
        if lowered != name.lower():
            yield f"outlet {id_}: its name {name!r} is filed under {lowered!r}"


def undone(session: Session) -> Iterator[str]:
    """A decision takes back an earlier one on the same attribution, source or pair."""
    earlier = aliased(Decision)
    query = select(Decision.id, earlier.id).join(earlier, earlier.id == Decision.undoes_id)
    other = or_(
        earlier.id >= Decision.id,
        earlier.attribution_id != Decision.attribution_id,
        earlier.source_id != Decision.source_id,
        earlier.pair_id != Decision.pair_id,
    )
    for id_, earlier_id in session.execute(query.where(other)):
        yield f"decision {id_} takes back {earlier_id}, which is no earlier one on the same"


def undecided(session: Session) -> Iterator[str]:
    """What nobody has decided on is pending."""
    decided = exists().where(Decision.attribution_id == AttributionRow.id, ~Decision.is_second)
    query = select(AttributionRow.id, AttributionRow.status).where(AttributionRow.status != Status.PENDING, ~decided)
    for id_, status in session.execute(query):
        yield f"attribution {id_} is {status}, but its decisions make it pending"


def decided(session: Session) -> Iterator[str]:
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
    )  # another rule has named these, and they are no states
    for part in batched(i for i in ids if i is not None and i not in broken):
        now = states_of(session, part)
        log: dict[int, list[Decision]] = {}
        for decision in session.scalars(
            select(Decision).where(Decision.attribution_id.in_(part), ~Decision.is_second).order_by(Decision.id)
        ):
            if decision.attribution_id in now:
                log.setdefault(decision.attribution_id, []).append(decision)
        due: dict[int, State] = {}
        for attribution_id, decisions in log.items():
            due[attribution_id] = read_state(decisions[-1].after, now[attribution_id])
            for one, other in pairwise(decisions):
                shared = one.after.keys() & other.before.keys()
                if any(one.after[key] != other.before[key] for key in shared - {"hops", "parent_id", "duplicate_of"}):
                    yield f"attribution {attribution_id}: decision {other.id} does not begin where {one.id} ends"
        due = brought_up_to_date(session, due)
        for attribution_id in due:
            status = now[attribution_id].status
            if status != due[attribution_id].status:
                made = due[attribution_id].status
                yield f"attribution {attribution_id} is {status}, but its decisions make it {made}"
            elif now[attribution_id] != due[attribution_id]:
                what = "; ".join(differences(due[attribution_id].as_dict(), now[attribution_id].as_dict()))
                yield f"attribution {attribution_id} is not what its decisions make it: {what}"
        session.expunge_all()


def pairs(session: Session) -> Iterator[str]:
    """How a pair was decided is what its newest decision says, and a sentence of one is within its text."""
    beyond = (
        select(StatementPair.id, StatementPair.end, func.length(ArticleVersion.text))
        .join(ArticleVersion, ArticleVersion.id == StatementPair.article_id)
        .where(StatementPair.end > func.length(ArticleVersion.text))
    )
    for pair_id, end, size in session.execute(beyond):
        yield f"pair {pair_id}: its sentence ends at {end}, in a text of {size} characters"
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


RULES: dict[str, Callable[[Session], Iterator[str]]] = {
    "values": values, "texts": texts, "spans": spans, "chains": chains, "links": links, "versions": versions,
    "sources": sources, "undone": undone, "undecided": undecided, "decided": decided, "pairs": pairs,
}  # fmt: skip
