"""Attributions and flat sentences as comparing needs them, read in a fixed number of queries."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.domain import HopRole, Kind, Polarity, SourceClass, Span, SpanRole, Status, text_of
from quotetrack.statements.said import Said
from quotetrack.statements.words import counts
from quotetrack.store.engine import batched
from quotetrack.store.models import ArticleVersion, AttributionRow, AttributionSpan, HopRow

NAMELESS = frozenset({SourceClass.UNNAMED, SourceClass.UNNAMED_GROUP, SourceClass.DOCUMENT, SourceClass.AGENTLESS})
COUNTED = (Status.PENDING, Status.ACCEPTED)
"""What a reviewer rejected or took back says nothing."""
AROUND = 400
"""How many characters on either side of a content may belong to its sentence and the one before."""
ATTRIBUTIONS_KEPT, ARTICLES_KEPT = 20_000, 2_000
LEAST_WORDS = 6
"""A flat sentence of fewer words is a heading, a byline, or says too little."""
_ABBREVIATED = "".join(
    rf"(?<!\b{word}\.)" for word in "Mr Mrs Ms Dr Prof Sen Rep Gov Gen Lt Col Maj Sgt Capt Adm St vs".split()
)
_ENDS = re.compile(rf"(?:[.!?]{_ABBREVIATED}(?<!\b[A-Z]\.)[”\"’')]*\s+(?=[^a-z\d])|\n+)")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Flat:
    """A sentence that an article states itself."""

    span: Span
    said: Said


@dataclass(frozen=True, slots=True)
class Text:
    """One article version."""

    text: str
    dated: datetime
    topic: Mapping[str, int]


class Reader:
    """Reads what is to be compared, and keeps what was read last: near articles meet the same others."""

    def __init__(self, origins: Mapping[int, int]) -> None:
        self._origins = origins
        self._attributions: OrderedDict[int, Said] = OrderedDict()
        self._articles: OrderedDict[int, Text] = OrderedDict()

    def attributions(self, session: Session, ids: Iterable[int]) -> dict[int, Said]:
        """Attributions by their ids; those that are gone are left out."""
        wanted = list(dict.fromkeys(ids))
        for part in batched(id_ for id_ in wanted if id_ not in self._attributions):
            self._attributions.update(self._load(session, part))
        return _kept(self._attributions, wanted, ATTRIBUTIONS_KEPT)

    def articles(self, session: Session, ids: Iterable[int]) -> dict[int, Text]:
        wanted = list(dict.fromkeys(ids))
        query = select(ArticleVersion.id, ArticleVersion.text, ArticleVersion.published, ArticleVersion.fetched)
        for part in batched(id_ for id_ in wanted if id_ not in self._articles):
            for id_, text, published, fetched in session.execute(query.where(ArticleVersion.id.in_(part))):
                self._articles[id_] = Text(text, published or fetched, counts(text))
        return _kept(self._articles, wanted, ARTICLES_KEPT)

    def flats(self, session: Session, article_id: int) -> list[Flat]:
        """The sentences of an article that stand outside of every attribution."""
        article = self.articles(session, [article_id])[article_id]
        query = (
            select(AttributionSpan.start, AttributionSpan.end)
            .join(AttributionRow, AttributionRow.id == AttributionSpan.attribution_id)
            .where(AttributionRow.article_id == article_id, AttributionRow.status.in_(COUNTED))
        )
        taken = [Span(start, end) for start, end in session.execute(query)]
        return [
            Flat(span, self._flat(article, span))
            for span in sentences(article.text)
            if len(span.of(article.text).split()) >= LEAST_WORDS and not any(span.overlaps(other) for other in taken)
        ]

    def _flat(self, article: Text, span: Span) -> Said:
        before, after = around(article.text, span.start, span.end)
        return Said(span.of(article.text), before, after, dated=article.dated, topic=article.topic)

    def _load(self, session: Session, ids: list[int]) -> dict[int, Said]:
        rows = session.execute(
            select(AttributionRow.id, AttributionRow.article_id, AttributionRow.kind, AttributionRow.polarity).where(
                AttributionRow.id.in_(ids)
            )
        ).all()
        spans: dict[tuple[int, str], list[Span]] = {}
        pieces = select(
            AttributionSpan.attribution_id, AttributionSpan.role, AttributionSpan.start, AttributionSpan.end
        ).where(AttributionSpan.attribution_id.in_(ids), AttributionSpan.role != SpanRole.SOURCE)
        for id_, role, start, end in session.execute(pieces.order_by(AttributionSpan.start)):
            spans.setdefault((id_, role), []).append(Span(start, end))
        speakers: dict[int, int] = {}
        named: dict[int, set[int]] = {}
        chain = select(HopRow.attribution_id, HopRow.role, HopRow.source_id).where(
            HopRow.attribution_id.in_(ids), HopRow.source_class.not_in(NAMELESS)
        )
        for id_, part, source_id in session.execute(chain):
            named.setdefault(id_, set()).add(source_id)
            if part == HopRole.SPEAKER:
                speakers[id_] = source_id
        articles = self.articles(session, (row.article_id for row in rows))
        found = {}
        for id_, article_id, kind, polarity in rows:
            content = spans.get((id_, SpanRole.CONTENT))
            if not content:
                continue
            article = articles[article_id]
            before, after = around(article.text, content[0].start, content[-1].end)
            found[id_] = Said(
                text_of(tuple(content), article.text),
                before,
                after,
                cue=text_of(tuple(spans.get((id_, SpanRole.CUE), ())), article.text),
                kind=Kind(kind),
                polarity=Polarity(polarity),
                speaker=speakers.get(id_),
                origin=self._origins.get(speakers[id_]) if id_ in speakers else None,
                sources=frozenset(named.get(id_, ())),
                dated=article.dated,
                topic=article.topic,
            )
        return found


def _kept(kept: OrderedDict[int, Value], wanted: Iterable[int], most: int) -> dict[int, Value]:
    """Those that are wanted; of the others no more than `most`, the last used."""
    found = {id_: kept[id_] for id_ in wanted if id_ in kept}
    for id_ in found:
        kept.move_to_end(id_)
    while len(kept) > most:
        kept.popitem(last=False)
    return found


def sentences(text: str) -> Iterator[Span]:
    """Where the sentences of a text stand, as far as marks and line ends tell."""
    start = 0
    for match in _ENDS.finditer(text):
        if text[start : match.start() + 1].strip():
            yield _trimmed(text, start, match.end())
        start = match.end()
    if text[start:].strip():
        yield _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before a stretch of text, in its sentence and the one before, and after it in its sentence."""
    before = text[max(start - AROUND, 0) : start]
    ends = [match.end() for match in _ENDS.finditer(before)]
    after = text[end : end + AROUND]
    stop = _ENDS.search(after)
    return before[ends[-2] if len(ends) > 1 else 0 :], after[: stop.start()] if stop else after
