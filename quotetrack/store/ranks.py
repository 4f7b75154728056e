"""The order in which review is most worthwhile: uncertainty × impact, worked out beforehand so that an index has it.

Counts grow with every article, yet by their logarithm hardly: what is stored once stays near enough until
`refresh_ranks` goes over all of it.
"""

from collections.abc import Iterable
from math import log

from sqlalchemy import Engine, bindparam, func, select, update
from sqlalchemy.orm import Session

from quotetrack.domain import Status
from quotetrack.store.engine import batched, reading, writing
from quotetrack.store.models import AttributionRow, HopRow

CHUNK = 5_000
"""Rows of one transaction: others may write in between."""
SAME = 1e-9
table = AttributionRow.metadata.tables[AttributionRow.__tablename__]
"""Past the ORM: what is worth reviewing first is no new version of an attribution."""


def rank(confidence: float, heard: int, siblings: int) -> float:
    """Minus uncertainty × impact; the lowest is reviewed first.

    `heard` is how many hops in the database name the most heard source of its chain, `siblings` how many
    attributions its article has. Both count by their logarithm: a thousandth mention adds less than a second one.
    """
    return -(1 - confidence) * (1 + log(1 + heard) + log(max(siblings, 1)))


def heard_counts(session: Session, source_ids: Iterable[int]) -> dict[int, int]:
    """How many hops name each source."""
    counts: dict[int, int] = {}
    for part in batched(set(source_ids)):
        query = select(HopRow.source_id, func.count()).where(HopRow.source_id.in_(part)).group_by(HopRow.source_id)
        counts |= dict(session.execute(query).all())
    return counts


def refresh_ranks(engine: Engine) -> int:
    """Work out anew the rank of everything pending, in many short transactions. Returns how many changed."""
    with reading(engine) as session:
        heard = dict(session.execute(select(HopRow.source_id, func.count()).group_by(HopRow.source_id)).all())
        siblings = dict(
            session.execute(select(AttributionRow.article_id, func.count()).group_by(AttributionRow.article_id)).all()
        )
    write = update(table).where(table.c.id == bindparam("key")).values(rank=bindparam("new"))
    changed, last = 0, 0
    while True:
        with writing(engine) as session:
            rows = session.execute(
                select(AttributionRow.id, AttributionRow.article_id, AttributionRow.confidence, AttributionRow.rank)
                .where(AttributionRow.id > last, AttributionRow.status == Status.PENDING)
                .order_by(AttributionRow.id)
                .limit(CHUNK)
            ).all()
            if not rows:
                return changed
            most: dict[int, int] = {}
            span = HopRow.attribution_id.between(rows[0].id, rows[-1].id)
            for attribution_id, source_id in session.execute(
                select(HopRow.attribution_id, HopRow.source_id).where(span)
            ):
                most[attribution_id] = max(most.get(attribution_id, 0), heard.get(source_id, 0))
            due = [
                {"key": row.id, "new": new}
                for row in rows
                if abs((new := rank(row.confidence, most.get(row.id, 0), siblings[row.article_id])) - row.rank) > SAME
            ]
            if due:
                session.connection().execute(write, due)
            changed += len(due)
            last = rows[-1].id
