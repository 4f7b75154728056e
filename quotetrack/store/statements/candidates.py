"""Which attributions of other articles may be related to those of one: found by their rarest words.

Only articles within so many days are looked at, and of each attribution's candidates only the likeliest, so that
comparing an article costs as much in a large database as in a small one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from math import fsum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quotetrack.statements.said import Said
from quotetrack.statements.words import STOP, folded, rarity, words
from quotetrack.store.engine import batched
from quotetrack.store.models import ArticleVersion, AttributionRow
from quotetrack.store.search import having
from quotetrack.store.statements.read import COUNTED

RAREST = 6
"""By so many of its words, the rarest, candidates for an attribution are found."""
FEW = 3
"""With fewer telling words than this, the words around it help to find candidates."""
MOST_OF_A_WORD = 60
"""So many attributions are found by one word: the newest."""
MOST_FOUND = 30
"""Of what was found for an attribution, those that share the rarest words are read."""
SPARE = 15
"""So many more, because some are of the wrong days."""
KNOWN = 200_000
MOST_COMPARED = 12
"""Of these, those that share most are compared in full."""
LEAST_SHARED, LEAST_SHARE, LEAST_AROUND = 1.0, 0.45, 0.6
"""What two must share to be compared in full: words that tell so much, such a share of one content's words, or such a
share of it within the other's surroundings."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words as they stand in the text, with what each tells."""

    words: Mapping[str, float]

    @classmethod
    def of(cls, said: Said) -> "Query":
        found = {w.text: rarity(w.stem) for w in said.words if w.text not in STOP}
        if len(found) < FEW:
            found = {w.text: rarity(w.stem) / 2 for w in words(said.before) if w.text not in STOP} | found
        text = folded(said.content + said.before).casefold()
        rarest = sorted((word for word in found if word in text), key=lambda word: (-found[word], word))
        return cls({word: found[word] for word in rarest[:RAREST]})


@dataclass(slots=True)
class Found:
    """The candidates for one query, by attribution id, the likeliest first."""

    ids: list[int]
    capped: bool
    """Whether there were more than are looked at."""


class Window:
    """The attributions that an article is compared with: those of articles within `days` that were compared before."""

    def __init__(self, days: int) -> None:
        self.days = days
        self._lowest: dict[datetime, int] = {}
        self._newest: int | None = None
        """The newest article that was compared, by id."""
        self._known: dict[int, tuple[datetime, str]] = {}
        """Attributions that may be candidates: their dates and the keys of their articles."""

    def find(
        self, session: Session, article: ArticleVersion, queries: Iterable[Query], own: Collection[int]
    ) -> list[Found]:
        """What is found for each query; `own` are the article's attributions."""
        queries = list(queries)
        low, high = self._low(session, article.dated), self._high(session, article, own)
        words = dict.fromkeys(word for query in queries for word in query.words)
        by_word = having(session, words, low, high, MOST_OF_A_WORD)
        ranked = [_ranked(query, by_word) for query in queries]
        valid = self._valid(session, article, {id_ for ids in ranked for id_ in ids})
        found = []
        for query, ids in zip(queries, ranked, strict=True):
            kept = [id_ for id_ in ids if id_ in valid]
            full = any(len(by_word.get(word, ())) >= MOST_OF_A_WORD for word in query.words)
            found.append(Found(kept[:MOST_FOUND], len(kept) > MOST_FOUND or (full and len(kept) >= MOST_COMPARED)))
        return found

    def _low(self, session: Session, dated: datetime) -> int:
        """No attribution within the window has a smaller id."""
        start = (dated - timedelta(days=self.days)).replace(hour=0, minute=0, second=0, microsecond=0)
        if start not in self._lowest:
            query = select(func.min(AttributionRow.id)).where(AttributionRow.dated >= start)
            self._lowest[start] = session.scalar(query) or 0
        return self._lowest[start]

    def _high(self, session: Session, article: ArticleVersion, own: Collection[int]) -> int:
        """No attribution of an article that was compared before has a larger id."""
        if self._newest is None:
            newest = select(func.max(ArticleVersion.id)).where(ArticleVersion.compared.is_not(None))
            self._newest = session.scalar(newest) or 0
        if self._newest > article.id or not own:
            return session.scalar(select(func.max(AttributionRow.id))) or 0
        self._newest = article.id
        return min(own) - 1

    def _valid(self, session: Session, article: ArticleVersion, ids: set[int]) -> set[int]:
        if len(self._known) > KNOWN:
            self._known.clear()
        query = (
            select(AttributionRow.id, AttributionRow.dated, ArticleVersion.key)
            .join(ArticleVersion, ArticleVersion.id == AttributionRow.article_id)
            .where(
                AttributionRow.status.in_(COUNTED), ArticleVersion.is_current, ArticleVersion.compared.is_not(None)
            )
        )  # fmt: skip
        for part in batched(sorted(ids - self._known.keys())):
            for id_, dated, key in session.execute(query.where(AttributionRow.id.in_(part))):
                self._known[id_] = (dated, key)
        window, dated, key = timedelta(days=self.days), article.dated, article.key
        return {
            id_
            for id_ in ids & self._known.keys()
            if abs(self._known[id_][0] - dated) <= window and self._known[id_][1] != key
        }


def _ranked(query: Query, by_word: Mapping[str, list[int]]) -> list[int]:
    """The attributions that have some of its words, those that share the rarest first, the newest of equals."""
    score: dict[int, float] = {}
    for word, tells in query.words.items():
        for id_ in by_word.get(word, ()):
            score[id_] = score.get(id_, 0.0) + tells
    best = nlargest(MOST_FOUND + SPARE, ((tells, id_) for id_, tells in score.items()))
    return [id_ for _, id_ in best]


def likeliest(said: Said, others: Mapping[int, Said]) -> tuple[list[int], bool]:
    """Which of the candidates, by id, to compare in full, and whether there were more worth it."""
    ranked = []
    for id_, other in others.items():
        shared = fsum(map(rarity, said.stems & other.stems))
        enough = shared >= LEAST_SHARED or (shared and shared >= LEAST_SHARE * min(said.weight, other.weight))
        if enough or _within(said, other) >= LEAST_AROUND or _within(other, said) >= LEAST_AROUND:
            ranked.append((-shared, -id_, id_))
    ranked.sort()
    return [id_ for *_, id_ in ranked[:MOST_COMPARED]], len(ranked) > MOST_COMPARED


def _within(said: Said, other: Said) -> float:
    """What share of one content's words the other's surroundings have."""
    shared = said.stems & (other.stems | other.around)
    return fsum(map(rarity, shared)) / said.weight if shared else 0.0
