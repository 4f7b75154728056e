"""What a second reviewer is shown: attributions as the machine had found them, or as he himself has judged them so far.

Nothing here tells him what others decided, neither by what is shown nor by what is found.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from unicodedata import combining, normalize

from sqlalchemy import Engine, exists, func, select
from sqlalchemy.orm import Session

from quotetrack.domain import HopRole, SpanRole, Spans, text_of
from quotetrack.store.decisions.second import Opinion, opinions
from quotetrack.store.engine import batched, reading
from quotetrack.store.filters import Filter, for_second, judged_twice
from quotetrack.store.models import ArticleVersion, AttributionRow, Source
from quotetrack.store.queries import QuoteRow, list_quotes
from quotetrack.store.search import terms
from quotetrack.store.sources import find_source


def as_second(engine: Engine, rows: Sequence[QuoteRow], reviewer: str) -> list[QuoteRow]:
    """Rows as a second reviewer may see them; those of what a reviewer had added are left out.

    Their version is his newest second opinion, or 0.
    """
    with reading(engine) as session:
        seen = opinions(session, [row.id for row in rows], reviewer)
        found = [row for row in rows if row.id in seen and not seen[row.id].was_added]
        states = [seen[row.id].state for row in found]
        names = _names(session, {hop.source_id for state in states for hop in state.hops})
        redrawn = {row.article_id for row in found if row.spans != _spans(seen[row.id])}
        texts = _texts(session, redrawn)
    return [_shown(row, seen[row.id], names, texts.get(row.article_id)) for row in found]


def _shown(row: QuoteRow, opinion: Opinion, names: dict[int, str], text: str | None) -> QuoteRow:
    state, spans = opinion.state, _spans(opinion)
    if text is not None:
        content, cue, source = (text_of(spans[role], text) for role in SpanRole)
        row = replace(row, content=content, cue=cue, source=source)
    return replace(
        row, spans=spans, status=state.status, kind=state.kind, polarity=state.polarity,
        parent_id=state.parent_id, duplicate_of=state.duplicate_of, version=opinion.decision_id,
        hops=tuple(replace(hop, name=names[hop.source_id]) for hop in state.hops),
    )  # fmt: skip


def _spans(opinion: Opinion) -> dict[SpanRole, Spans]:
    return {role: opinion.state.spans(role) for role in SpanRole}


def _names(session: Session, source_ids: set[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for part in batched(source_ids):
        names |= dict(session.execute(select(Source.id, Source.name).where(Source.id.in_(part))).all())
    return names


def _texts(session: Session, article_ids: set[int]) -> dict[int, str]:
    texts: dict[int, str] = {}
    for part in batched(article_ids):
        query = select(ArticleVersion.id, ArticleVersion.text).where(ArticleVersion.id.in_(part))
        texts |= dict(session.execute(query).all())
    return texts


def list_second(
    engine: Engine, wanted: Filter, *, order: str = "recent", limit: int = 50, after: QuoteRow | None = None
) -> list[QuoteRow]:
    """A page of what awaits the second opinion of `wanted.second_for`; orders and errors are those of `list_quotes`.

    The filter is on what he is shown, so that it does not tell what others decided either. Of words to be found, their
    beginnings do.
    """
    fits = _fitting(engine, wanted)
    asked = replace(wanted, source="", speaker="", channel="", kind="", polarity="", status="", reviewer="", text="")
    found: list[QuoteRow] = []
    while len(found) < limit:
        page = list_quotes(engine, asked, order=order, limit=limit, after=after)
        found += filter(fits, as_second(engine, page, wanted.second_for))
        if len(page) < limit:
            break
        after = page[-1]
    return found[:limit]


def _fitting(engine: Engine, wanted: Filter) -> Callable[[QuoteRow], bool]:
    """What a filter asks of all that reviewers may change."""
    due = [_words(term) for term in terms(wanted.text)]
    with reading(engine) as session:
        heard = [
            (find_source(session, name).id, roles)
            for name, roles in (
                (wanted.source, tuple(HopRole)), (wanted.speaker, (HopRole.SPEAKER,)),
                (wanted.channel, (HopRole.CHANNEL,)),
            )
            if name
        ]  # fmt: skip

    def fits(row: QuoteRow) -> bool:
        return (
            (not wanted.kind or row.kind == wanted.kind)
            and (not wanted.polarity or row.polarity == wanted.polarity)
            and all(any(h.source_id == id_ and h.role in roles for h in row.hops) for id_, roles in heard)
            and (not wanted.text or (bool(due) and _has_words(row.content, due)))
        )

    return fits


def _has_words(content: str, terms: Sequence[Sequence[str]]) -> bool:
    words = _words(content)

    def places(term: Sequence[str]) -> Iterator[bool]:
        for start in range(len(words) - len(term) + 1):
            yield all(word.startswith(part) for word, part in zip(words[start:], term, strict=False))

    return all(any(places(term)) for term in terms)


def _words(text: str) -> list[str]:
    plain = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    return re.findall(r"[^\W_]+", plain.casefold())


def count_second(engine: Engine, reviewer: str, share: int) -> tuple[int, int]:
    """How many attributions of a second reviewer's share await a second opinion, and how many have one."""
    article = exists().where(ArticleVersion.id == AttributionRow.article_id, ArticleVersion.is_current)
    judged = judged_twice.label("judged")
    query = select(judged, func.count()).where(*for_second(reviewer, share), article).group_by(judged)
    with reading(engine) as session:
        counts: dict[bool, int] = dict(session.execute(query).all())
    return counts.get(False, 0), counts.get(True, 0)
