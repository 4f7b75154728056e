"""Which attributions are wanted: filters, orders and pages, such that each order reads one index from where it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Engine, Select, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import HopRole, Status
from quotetrack.errors import NotFoundError
from quotetrack.store.acts import Action, changes_state, in_force
from quotetrack.store.base import now
from quotetrack.store.claims import holds
from quotetrack.store.models import ArticleVersion, AttributionRow, Claim, Decision, HopRow, Outlet
from quotetrack.store.search import matches
from quotetrack.store.sources import find_source


@dataclass(frozen=True, slots=True)
class Filter:
    """Which attributions are wanted; an empty field does not narrow."""

    source: str = ""
    """Name of the speaker or of a channel."""
    speaker: str = ""
    channel: str = ""
    outlet: str = ""
    kind: str = ""
    polarity: str = ""
    status: str = ""
    """A `Status`; empty for all but what was withdrawn."""
    text: str = ""
    """Words that the content must hold."""
    since: datetime | None = None
    until: datetime | None = None
    """Published before this moment."""
    article_id: int | None = None
    run_id: int | None = None
    reviewer: str = ""
    """Who has decided on it."""
    confidence_from: float | None = None
    confidence_to: float | None = None
    """This much or less."""
    free_for: str = ""
    """A reviewer, to whom nothing is shown that another has claimed."""
    second_for: str = ""
    """A reviewer, to whom only that is shown which awaits his second opinion."""
    share: int = 100
    """With `second_for`: how many of a hundred attributions a second person is to judge."""


ORDERS = ("recent", "impact", "uncertain", "article")

_KEYS: dict[str, list[tuple[Any, bool]]] = {
    "recent": [(AttributionRow.dated, True), (AttributionRow.article_id, True), (AttributionRow.id, False)],
    "uncertain": [(AttributionRow.confidence, False), (AttributionRow.id, False)],
    "article": [(AttributionRow.article_id, False), (AttributionRow.id, False)],
    "impact": [(AttributionRow.rank, False), (AttributionRow.id, False)],
}
"""Each with whether it falls."""

OFTEN = 5_000
DRAWS = 2**32
GOLDEN = 2654435761
"""Knuth's multiplier: numbers that follow one another are drawn far apart, so that any run of them gets its share."""


def drawn_for_second(share: int) -> ColumnElement[bool]:
    """Whether an attribution falls into the share, in percent, that two people judge: always the same by its id."""

    def big(number: int) -> ColumnElement[int]:
        return literal(number, BigInteger)

    drawn = (cast(AttributionRow.id, BigInteger) * big(GOLDEN)) % big(DRAWS)
    return drawn < big(share * DRAWS // 100)


def is_drawn_for_second(attribution_id: int, share: int) -> bool:
    """The same of one id."""
    return (attribution_id * GOLDEN) % DRAWS < share * DRAWS // 100


def ordered(
    session: Session, query: Select[AttributionRow], order: str, after: int | None, limit: int
) -> Select[AttributionRow]:
    """A page in an order, after an attribution by its id. Raises NotFoundError if that is gone."""
    keys = _KEYS[order]
    if after is not None:
        found = session.execute(select(*(key for key, _ in keys)).where(AttributionRow.id == after)).one_or_none()
        if found is None:
            raise NotFoundError(f"There is no attribution {after} any more.")
        query = query.where(_beyond(keys, list(found)))
    return query.order_by(*(key.desc() if falls else key.asc() for key, falls in keys)).limit(limit)


def _beyond(keys: list[tuple[Any, bool]], values: list[Any]) -> ColumnElement[bool]:
    """Rows that come after these key values, for keys that rise or fall."""
    clauses = []
    for position, ((key, falls), value) in enumerate(zip(keys, values, strict=True)):
        equal = [k == v for (k, _), v in zip(keys[:position], values[:position], strict=True)]
        clauses.append(and_(*equal, key < value if falls else key > value))
    (first, falls), value = keys[0], values[0]
    # the bound on the first key says nothing new, but an index can start there
    return and_(first <= value if falls else first >= value, or_(*clauses))


def narrowed(engine: Engine, session: Session, wanted: Filter, order: str = "") -> Select[AttributionRow]:
    """The attributions of current article versions that fit. Raises NotFoundError for a source that is not stored.

    In an order, its index is to lead: what is asked of the article is asked row by row, never joined, and what other
    indexes could answer is asked such that they cannot.
    """
    of_row, of_article = asked(engine, session, wanted, order)
    return select(AttributionRow).where(
        *of_row, exists().where(ArticleVersion.id == AttributionRow.article_id, *of_article)
    )


def asked(
    engine: Engine, session: Session, wanted: Filter, order: str = ""
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """What is asked of an attribution, and what of its article. Raises NotFoundError as `narrowed` does."""
    of_row: list[ColumnElement[bool]] = []
    of_article: list[ColumnElement[bool]] = [ArticleVersion.is_current.is_(True)]
    for name, role in ((wanted.source, None), (wanted.speaker, HopRole.SPEAKER), (wanted.channel, HopRole.CHANNEL)):
        if name:
            of_row.append(_heard(session, find_source(session, name).id, role, paged=bool(order)))
    if wanted.outlet:
        named = select(Outlet.id).where(Outlet.lowered == wanted.outlet.lower())
        of_article.append(ArticleVersion.outlet_id.in_(session.scalars(named).all()))
    for column, value in (
        (AttributionRow.kind, wanted.kind),
        (AttributionRow.polarity, wanted.polarity),
        (AttributionRow.article_id, wanted.article_id),
        (AttributionRow.run_id, wanted.run_id),
    ):
        if value:
            of_row.append(column == value)
    if wanted.status:
        of_row.append(AttributionRow.status == wanted.status)
    else:
        of_row.append(AttributionRow.status != Status.WITHDRAWN)
    if wanted.text:
        of_row.append(matches(engine, wanted.text))
    confidence = AttributionRow.confidence if order in ("", "uncertain") else AttributionRow.confidence + 0
    if wanted.confidence_from is not None:
        of_row.append(confidence >= wanted.confidence_from)
    if wanted.confidence_to is not None:
        of_row.append(confidence <= wanted.confidence_to)
    if wanted.since:
        if order in ("", "recent"):
            of_row.append(AttributionRow.dated >= wanted.since)
        of_article.append(ArticleVersion.published >= wanted.since)
    if wanted.until:
        of_article.append(ArticleVersion.published < wanted.until)
    return [*of_row, *_of_reviewers(wanted)], of_article


def _heard(session: Session, source_id: int, role: HopRole | None, *, paged: bool) -> ColumnElement[bool]:
    """Attributions whose chain has a source.

    One that is heard often is met soon on any way: for a page no list of all is made.
    """
    hop = aliased(HopRow)
    of_role = [hop.role == role] if role else []
    of_source = [hop.source_id == source_id, *of_role]
    some = select(hop.id).where(*of_source).limit(OFTEN).subquery()
    if not paged or (session.scalar(select(func.count()).select_from(some)) or 0) < OFTEN:
        return AttributionRow.id.in_(select(hop.attribution_id).where(*of_source))
    # `+ 0` keeps the index of sources out of it: that of attributions has but a few hops of each
    return exists().where(hop.attribution_id == AttributionRow.id, hop.source_id + 0 == source_id, *of_role)


def _of_reviewers(wanted: Filter) -> list[ColumnElement[bool]]:
    """What is asked of the log and of claims."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.reviewer:
        his = select(Decision.attribution_id).where(Decision.reviewer == wanted.reviewer)
        conditions.append(AttributionRow.id.in_(his.where(Decision.attribution_id.is_not(None))))
    if wanted.free_for:
        conditions.append(
            ~exists().where(Claim.attribution_id == AttributionRow.id, Claim.reviewer != wanted.free_for, holds(now()))
        )
    if wanted.second_for:
        conditions += [*for_second(wanted.second_for, wanted.share), ~judged_twice]
    return conditions


_decided = exists().where(Decision.attribution_id == AttributionRow.id)
judged_twice: ColumnElement[bool] = _decided.where(
    Decision.is_second, Decision.action.not_in((Action.UNDO, Action.NOTE)), in_force
)
"""A condition on AttributionRow: a second opinion on it stands."""


def for_second(reviewer: str, share: int) -> list[ColumnElement[bool]]:
    """The share of what the machine had found and others have decided, which falls to a second reviewer."""
    return [
        drawn_for_second(share),
        AttributionRow.status.in_((Status.ACCEPTED, Status.REJECTED)),
        ~_decided.where(Decision.reviewer == reviewer, changes_state, in_force),
        ~_decided.where(Decision.action == Action.ADD),
    ]
