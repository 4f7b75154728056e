"""Suggesting how what new articles say relates to what was said before: one transaction an article."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from quotetrack.domain import Relation
from quotetrack.statements.relate import Related, Weights, relate, relate_flat
from quotetrack.statements.said import Said
from quotetrack.statements.weights import WEIGHTS
from quotetrack.store.base import now
from quotetrack.store.engine import batched, reading, writing
from quotetrack.store.models import ArticleVersion, AttributionRow, Decision, StatementPair
from quotetrack.store.origins import origins
from quotetrack.store.statements.candidates import Query, Window, likeliest
from quotetrack.store.statements.read import COUNTED, Flat, Reader
from quotetrack.store.statements.regroup import regroup

WINDOW = 14
"""Days: articles further apart are not compared."""
MOST_PAIRS = 8
"""Of one attribution so many pairs are suggested, the likeliest: nobody goes through more."""
MOST_ARTICLES = 8
"""The flat sentences of so many articles are looked through: those that have most in common with this one."""


@dataclass(slots=True)
class Compared:
    """What `suggest` did, in numbers."""

    articles: int = 0
    attributions: int = 0
    pairs: Counter[str] = field(default_factory=Counter)
    """Suggested, by relation."""
    statements: int = 0
    """New ones."""
    capped: int = 0
    """Attributions with more candidates than are compared: the likeliest were."""
    seconds: float = 0.0
    interrupted: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "articles": self.articles,
            "attributions": self.attributions,
            "pairs": {relation.value: self.pairs[relation] for relation in Relation if relation in self.pairs},
            "statements": self.statements,
            "capped": self.capped,
            "seconds": round(self.seconds, 2),
            "interrupted": self.interrupted,
        }


@dataclass(frozen=True, slots=True)
class _Suggestion:
    """A pair in the order of the table: two attributions, or one and a flat sentence."""

    first_id: int
    second_id: int | None
    article_id: int | None
    flat: Flat | None
    related: Related

    @property
    def key(self) -> tuple[int, int | None, int | None, int | None]:
        return self.first_id, self.second_id, self.article_id, self.flat.span.start if self.flat else None


def waiting(engine: Engine, *, since: datetime | None = None) -> list[int]:
    """The articles, by id, that were not compared yet, and were published since a moment."""
    query = select(ArticleVersion.id).where(ArticleVersion.compared.is_(None), ArticleVersion.is_current)
    if since is not None:
        query = query.where(func.coalesce(ArticleVersion.published, ArticleVersion.fetched) >= since)
    with reading(engine) as session:
        return list(session.scalars(query.order_by(ArticleVersion.id)))


def forget(engine: Engine, *, since: datetime | None = None) -> None:
    """Have articles compared again: what is suggested of them will be replaced, what was decided stays."""
    query = update(ArticleVersion).values(compared=None)
    if since is not None:
        query = query.where(func.coalesce(ArticleVersion.published, ArticleVersion.fetched) >= since)
    with writing(engine) as session:
        session.execute(query)


def suggest(
    engine: Engine, *, since: datetime | None = None, window: int = WINDOW, weights: Weights = WEIGHTS,
    on_article: Callable[[], None] = lambda: None, stop: Callable[[], bool] = lambda: False,
) -> Compared:  # fmt: skip
    """Compare the articles that were not compared yet with those before them, and group what says the same.

    Stopped at any time, it goes on where it was. Once `stop` answers True no further article is begun.
    """
    done = Compared()
    started = time.monotonic()
    ids = waiting(engine, since=since)
    if ids:
        with reading(engine) as session:
            reader = Reader(origins(session))
        within = Window(window)
        for article_id in ids:
            if stop():
                done.interrupted = True
                break
            with writing(engine) as session:
                article = session.get(ArticleVersion, article_id, with_for_update=True)
                if article is not None and article.compared is None and article.is_current:
                    _compare(session, article, reader, within, weights, done)
            on_article()
    done.seconds = time.monotonic() - started
    return done


def _compare(
    session: Session, article: ArticleVersion, reader: Reader, window: Window, weights: Weights, done: Compared
) -> None:
    of_article = select(AttributionRow.id).where(AttributionRow.article_id == article.id)
    own = list(session.scalars(of_article.where(AttributionRow.status.in_(COUNTED)).order_by(AttributionRow.id)))
    touched = _drop_suggested(session, article)
    kept = _kept(session, article)
    suggested: Counter[str] = Counter()
    for one in _suggestions(session, article, own, reader, window, weights, done):
        if one.key in kept:
            continue
        kept.add(one.key)
        related = one.related
        session.add(
            StatementPair(
                first_id=one.first_id, second_id=one.second_id, article_id=one.article_id,
                start=one.flat.span.start if one.flat else None, end=one.flat.span.end if one.flat else None,
                suggested=related.relation, score=related.score, reasons=[step.as_dict() for step in related.reasons],
            )
        )  # fmt: skip
        suggested[related.relation] += 1
        touched |= {id_ for id_ in (one.first_id, one.second_id) if id_ is not None}
    article.compared = now()
    if touched:
        done.statements += regroup(session, touched).made
    done.articles += 1
    done.attributions += len(own)
    done.pairs.update(suggested)


def _pairs_of(article_id: int) -> Any:
    """A condition on StatementPair: it is of this article."""
    own = select(AttributionRow.id).where(AttributionRow.article_id == article_id)
    return or_(
        StatementPair.first_id.in_(own), StatementPair.second_id.in_(own), StatementPair.article_id == article_id
    )


_first, _second, _other = aliased(AttributionRow), aliased(AttributionRow), aliased(ArticleVersion)


def _drop_suggested(session: Session, article: ArticleVersion) -> set[int]:
    """Take away what nobody ever decided on, and will be suggested anew. Returns the attributions it was about.

    What is suggested together with an article that is yet to be compared stays until then.
    """
    others = case(
        (_first.article_id != article.id, _first.article_id),
        else_=func.coalesce(_second.article_id, StatementPair.article_id),
    )
    query = (
        select(StatementPair.id, StatementPair.first_id, StatementPair.second_id)
        .join(_first, _first.id == StatementPair.first_id)
        .outerjoin(_second, _second.id == StatementPair.second_id)
        .join(_other, _other.id == others)
        .where(
            _pairs_of(article.id), StatementPair.relation.is_(None), _other.compared.is_not(None),
            ~exists().where(Decision.pair_id == StatementPair.id),
        )
    )  # fmt: skip
    rows = session.execute(query).all()
    for some in batched(row.id for row in rows):
        session.execute(delete(StatementPair).where(StatementPair.id.in_(some)))
    return {id_ for row in rows for id_ in (row.first_id, row.second_id) if id_ is not None}


def _kept(session: Session, article: ArticleVersion) -> set[tuple[int, int | None, int | None, int | None]]:
    query = select(StatementPair.first_id, StatementPair.second_id, StatementPair.article_id, StatementPair.start)
    return {
        (first, second, flat, start)
        for first, second, flat, start in session.execute(query.where(_pairs_of(article.id)))
    }


def _suggestions(
    session: Session,
    article: ArticleVersion,
    own: list[int],
    reader: Reader,
    window: Window,
    weights: Weights,
    done: Compared,
) -> Iterator[_Suggestion]:
    said = reader.attributions(session, own)
    flats = reader.flats(session, article.id)
    queries = [Query.of(one) for one in (*said.values(), *(flat.said for flat in flats))]
    found = window.find(session, article, queries, own)
    others = reader.attributions(session, (id_ for one in found for id_ in one.ids))
    met: Counter[int] = Counter()
    for (id_, one), candidates in zip(said.items(), found[: len(said)], strict=True):
        ids, more = likeliest(one, {other: others[other] for other in candidates.ids if other in others})
        related = [(other, r) for other in ids if (r := relate(one, others[other], weights)) is not None]
        related.sort(key=lambda pair: (-pair[1].score, pair[0]))
        done.capped += more or candidates.capped or len(related) > MOST_PAIRS
        for other, r in related[:MOST_PAIRS]:
            met[other] += 1
            yield _Suggestion(min(id_, other), max(id_, other), None, None, r)
    for flat, candidates in zip(flats, found[len(said) :], strict=True):
        yield from _lost(
            flat, article.id, {other: others[other] for other in candidates.ids if other in others}, weights
        )
    for other_article in _articles_of(session, met):
        for flat in reader.flats(session, other_article):
            yield from _lost(flat, other_article, said, weights)


def _lost(flat: Flat, article_id: int, attributed: Mapping[int, Said], weights: Weights) -> Iterator[_Suggestion]:
    """What was attributed before, and is stated flatly here: the likeliest one alone."""
    assert flat.said.dated is not None
    before = {id_: one for id_, one in attributed.items() if one.dated is not None and one.dated <= flat.said.dated}
    ids, _ = likeliest(flat.said, before)
    related = [(r.score, -id_, r) for id_ in ids if (r := relate_flat(before[id_], flat.said, weights)) is not None]
    if related:
        _, negative, best = max(related, key=lambda one: one[:2])
        yield _Suggestion(-negative, None, article_id, flat, best)


def _articles_of(session: Session, met: Counter[int]) -> list[int]:
    """The articles of attributions that were found related, those with most of them first."""
    if not met:
        return []
    query = select(AttributionRow.id, AttributionRow.article_id).where(AttributionRow.id.in_(met))
    articles: Counter[int] = Counter()
    for id_, article_id in session.execute(query):
        articles[article_id] += met[id_]
    return [article_id for article_id, _ in articles.most_common(MOST_ARTICLES)]
