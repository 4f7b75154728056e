"""A large database, written past quotetrack: what `save_article` would store, at the speed of SQLite."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from quotetrack.sources.catalogue import fold
from quotetrack.store.ranks import rank
from tests.store.build import new_database, raw

PER_ARTICLE = 20
SENTENCE = "Source {source} said on day {day} that the {what} number {number} had been moved to the harbour."
WHAT = ("convoy", "rocket", "shipment of aid", "battalion", "memorandum", "delegation", "reactor", "tanker")
MOMENT = "2025-{month:02}-{day:02} 09:00:00.000000"
ROWS = 50_000
"""How many rows are made at a time."""


def large_database(path: Path, attributions: int = 100_000, *, sources: int = 20_000, decided: int = 10_000) -> Path:
    """A database of so many pending attributions and sources, the first of them decided on, with matches waiting.

    A few sources are heard very often and most hardly ever, as in the press. Always the same for the same numbers.
    """
    new_database(path)
    with raw(path) as connection:
        for pragma in ("synchronous = off", "foreign_keys = off"):
            connection.execute(f"pragma {pragma}")
        _insert(connection, "outlet (id, name, lowered)", ((i, f"Outlet {i}", f"outlet {i}") for i in range(1, 51)))
        _sources(connection, sources)
        _articles(connection, attributions, sources)
        _attributions(connection, attributions, sources)
        connection.execute(
            "insert into source_match (source_id, candidate_id, score, reason, state) "
            "select id, id + 1, 1.0 * (id % 97) / 97, 'the same surname', 'pending' from source where id % 40 = 1"
        )
        _decisions(connection, decided)
    with raw(path) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("analyze")
    return path


def _insert(connection: Connection, into: str, rows: Iterator[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * (into.count(",") + 1))
    connection.executemany(f"insert into {into} values ({marks})", rows)


def _name(number: int) -> str:
    return f"Speaker Number {number}"


def _sources(connection: Connection, count: int) -> None:
    kinds = ("person", "office", "news_agency", "government", "unknown")
    _insert(
        connection,
        "source (id, name, kind, country, edited, created)",
        (
            (i, _name(i), kinds[i % 5], "KP" if i % 5 == 3 else None, "[]", MOMENT.format(month=1, day=1))
            for i in range(1, count + 1)
        ),
    )
    names = ((i, name) for i in range(1, count + 1) for name in (_name(i), *([f"Alias {i}"] if i % 3 == 0 else [])))
    _insert(
        connection,
        "source_alias (source_id, name, folded, origin)",
        ((i, name, fold(name), "article") for i, name in names),
    )


def _said(number: int, sources: int) -> tuple[int, str]:
    """The speaker of an attribution, and the sentence it stands in."""
    source = _often(number, sources)
    what = WHAT[number % len(WHAT)]
    return source, SENTENCE.format(source=_name(source), day=number % 28 + 1, what=what, number=number)


def _often(number: int, sources: int) -> int:
    """A source for an attribution: half of all go to a hundredth of the sources."""
    return number * 7919 % (max(sources // 100, 1) if number % 2 else sources) + 1


def _articles(connection: Connection, attributions: int, sources: int) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for article in range(1, -(-attributions // PER_ARTICLE) + 1):
            first = (article - 1) * PER_ARTICLE + 1
            text = "\n".join(_said(n, sources)[1] for n in range(first, min(first + PER_ARTICLE, attributions + 1)))
            moment = MOMENT.format(month=article % 12 + 1, day=article % 28 + 1)
            name = f"a{article}"
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            yield (
                article, f"id:{name}", 1, True, sha256, article % 50 + 1, name, name, f"Article {article}",
                moment, moment, text,
            )  # fmt: skip

    columns = "id, key, version, is_current, sha256, outlet_id, name, location, title, published, fetched, text"
    _insert(connection, f"article ({columns})", rows())


def _attributions(connection: Connection, count: int, sources: int) -> None:
    chance = random.Random(100_000)
    for first in range(1, count + 1, ROWS):
        quotes: list[tuple[Any, ...]] = []
        spans: list[tuple[Any, ...]] = []
        hops: list[tuple[Any, ...]] = []
        for number in range(first, min(first + ROWS, count + 1)):
            article = (number - 1) // PER_ARTICLE + 1
            before = number - (number - 1) % PER_ARTICLE
            start = sum(len(_said(n, sources)[1]) + 1 for n in range(before, number))
            source, sentence = _said(number, sources)
            said = start + sentence.index(" said ") + 1
            content = (start + sentence.index("that the"), start + len(sentence) - 1)
            sure = round(chance.random(), 4)
            moment = MOMENT.format(month=article % 12 + 1, day=article % 28 + 1)
            quotes.append(
                (number, article, "indirect", "asserted", sure, "tagger", sentence[content[0] - start : -1], moment,
                 rank(sure, 10, PER_ARTICLE), "pending", 1)
            )  # fmt: skip
            name = (start + len("Source "), said - 1)
            spans += [(number, "content", *content), (number, "cue", said, said + 4), (number, "source", *name)]
            if number % 3 == 0:
                via = _often(number + 1, sources)
                hops.append((number, 0, "channel", via, "media", _name(via), None, None, "according_to"))
            hops.append(
                (number, int(number % 3 == 0), "speaker", source, "person", _name(source), *name, "cue_subject")
            )
        _insert(
            connection,
            "attribution (id, article_id, kind, polarity, confidence, made_by, content_text, dated, rank, status, "
            "version)",
            iter(quotes),
        )
        _insert(connection, 'attribution_span (attribution_id, role, start, "end")', iter(spans))
        columns = 'attribution_id, position, role, source_id, source_class, name, start, "end", made_by'
        _insert(connection, f"hop ({columns})", iter(hops))


def _decisions(connection: Connection, count: int) -> None:
    """Accept the first attributions, as two reviewers in turn."""
    connection.execute("update attribution set status = 'accepted', version = 2 where id <= ?", (count,))
    _insert(
        connection,
        "decision (attribution_id, article_id, reviewer, at, action, before, after, is_second, version)",
        (
            (n, (n - 1) // PER_ARTICLE + 1, ("ana", "ben")[n % 2], MOMENT.format(month=6, day=n % 28 + 1), "accept",
             '{"status": "pending"}', '{"status": "accepted"}', False, 2)
            for n in range(1, count + 1)
        ),
    )  # fmt: skip
