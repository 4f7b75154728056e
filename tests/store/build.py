"""Databases filled by hand, without models. `fill` also gives what it stored as plain values, to check answers."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from sqlite3 import Connection, connect
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import text

from quotetrack.domain import Article, Attribution, Hop, HopRole, Kind, Polarity, SourceClass, Span
from quotetrack.errors import DatabaseError, ExitCode
from quotetrack.sources.catalogue import bundled_catalogue
from quotetrack.store.decisions import Action, decide
from quotetrack.store.engine import Engine, sqlite_path, writing
from quotetrack.store.models import ArticleVersion
from quotetrack.store.queries import Filter, QuoteRow, list_quotes
from quotetrack.store.save import Saved, save_article
from quotetrack.store.schema import open_database
from quotetrack.store.sources import sync_catalogue

if TYPE_CHECKING:
    from tests.postgresql import Server

SAID = "Anna Smith said that the bridge would open in May."


@cache
def _template(catalogue: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "template.sqlite")
        engine = open_database(str(path), create=True)
        if catalogue:
            sync_catalogue(engine, bundled_catalogue())
        engine.dispose()
        return path.read_bytes()


def new_database(path: Path, *, catalogue: bool = False) -> Path:
    """A database at head, with or without the catalogue: a copy of one that was made once."""
    path.write_bytes(_template(catalogue))
    return path


@dataclass(frozen=True)
class Databases:
    """Where a test's databases are: in files of SQLite's, or on a server."""

    server: "Server | None"

    @contextmanager
    def new(self, folder: Path, *, catalogue: bool = False) -> Iterator[str]:
        """The path or URL of a database at head, for as long as it is needed."""
        if self.server is None:
            yield str(new_database(folder / "news.sqlite", catalogue=catalogue))
            return
        url = self.server.new(catalogue=catalogue)
        try:
            yield url
        finally:
            self.server.drop(url)

    @contextmanager
    def empty(self, folder: Path) -> Iterator[str]:
        """The path or URL of a database without tables."""
        if self.server is None:
            yield str(folder / "empty.sqlite")
            return
        url = self.server.empty()
        try:
            yield url
        finally:
            self.server.drop(url)


@contextmanager
def opened(database: str | Path) -> Iterator[Engine]:
    engine = open_database(str(database))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def raw(database: str | Path) -> Iterator[Connection]:
    """A connection past quotetrack, for planting faults and for looking at rows; commits at the end.

    A server's is psycopg's own, which executes as SQLite's does.
    """
    if path := sqlite_path(str(database)):
        with closing(connect(path)) as connection, connection:
            yield connection
    else:
        import psycopg
        from psycopg.types.json import set_json_loads

        with psycopg.connect(str(database)) as served:
            set_json_loads(_as_text, served)
            yield cast("Connection", served)


def _as_text(stored: bytes | str) -> str:
    """JSON as SQLite has it."""
    return stored if isinstance(stored, str) else bytes(stored).decode()


def plant(database: str, sql: str) -> None:
    """Change rows as nobody may: past constraints, and on a server past triggers."""
    with raw(database) as connection:
        if sqlite_path(database):
            connection.executescript(f"pragma foreign_keys = off; pragma ignore_check_constraints = on; {sql}")
        else:
            connection.execute(f"set session_replication_role = replica; {sql}")


def dump(database: str | Path) -> list[str]:
    """All rows of all tables; of a file also how they were made."""
    with raw(database) as connection:
        if sqlite_path(str(database)):
            return sorted(connection.iterdump())  # a copy lists triggers before indexes
        rows = {name: connection.execute(f'select * from "{name}"').fetchall() for name in TABLES}
    return sorted(f"{name} {row}" for name, found in rows.items() for row in found)


TABLES = ("alembic_version", *ArticleVersion.metadata.tables)


@contextmanager
def executing(engine: Engine) -> Iterator[Callable[[str], object]]:
    """SQL in one transaction, as quotetrack makes them."""
    with writing(engine) as session:
        yield lambda sql: session.execute(text(sql))


def refused(database: str | Path, *, create: bool = False) -> str:
    """Why a database cannot be opened."""
    with pytest.raises(DatabaseError) as raised:
        open_database(str(database), create=create)
    assert raised.value.exit_code == ExitCode.DATABASE
    assert "\n" not in str(raised.value)
    return str(raised.value)


def in_threads(*jobs: Callable[[], object]) -> None:
    """Run jobs at the same moment, and raise what any of them raised."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        barrier.wait()
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if errors:
        raise errors[0]


def at(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def speaker(name: str, source_class: SourceClass = SourceClass.PERSON, span: Span | None = None) -> Hop:
    return Hop(HopRole.SPEAKER, name, source_class, span, "cue_subject")


def channel(name: str, source_class: SourceClass = SourceClass.MEDIA, span: Span | None = None) -> Hop:
    return Hop(HopRole.CHANNEL, name, source_class, span, "according_to")


def quote(*chain: Hop, text: str = SAID, content: str = "", confidence: float = 0.5) -> Attribution:
    """An attribution of `content`, or of all of `text`."""
    return Attribution((at(text, content or text),), chain=chain, confidence=confidence)


def save(engine: Engine, *quotes: Attribution, text: str = SAID, **known: object) -> Saved:
    """Store an article; without an `id` or a `url` it is one of its own by its text."""
    given_id = str(known.pop("id")) if "id" in known else None
    article = Article(text, "article", given_id=given_id)
    return save_article(engine, replace(article, **known), quotes, None)  # type: ignore[arg-type]


def hear(engine: Engine, *chain: Hop, id: str) -> int:
    """Store an article with one attribution; the attribution's id."""
    save(engine, quote(*chain), id=id)
    return max(row.id for row in everything(engine))


def everything(engine: Engine, wanted: Filter | None = None) -> list[QuoteRow]:
    return list_quotes(engine, wanted or Filter(), order="article", limit=10_000)


NAMES = ("KCNA", "Yonhap", "TASS", "Kim Jong Un", "Anna Smith", "Foreign Ministry", "foreign experts", "an official")
CLASSES = {
    "KCNA": SourceClass.MEDIA, "Yonhap": SourceClass.MEDIA, "TASS": SourceClass.MEDIA,
    "Kim Jong Un": SourceClass.PERSON, "Anna Smith": SourceClass.OFFICIAL,
    "Foreign Ministry": SourceClass.INSTITUTION, "foreign experts": SourceClass.UNNAMED_GROUP,
    "an official": SourceClass.UNNAMED,
}  # fmt: skip
OUTLETS = ("Eastern Desk", "Ранок", "Ägäische Zeitung", None)
WORDS = "ships collided near harbours while ministers were denying reports about rockets and humanitarian aid".split()
START = datetime(2025, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """One attribution of a current article version, in plain values."""

    id: int
    article: int
    outlet: str | None
    published: datetime | None
    kind: Kind
    polarity: Polarity
    status: str
    confidence: float
    channels: tuple[str, ...]
    speaker: str | None
    text: str

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.channels, *((self.speaker,) if self.speaker else ()))


def _plan() -> list[tuple[Article, list[Attribution]]]:
    """Sixteen articles; each attribution is a sentence of its own, so that its content is its words."""
    chance = random.Random(20250301)
    planned = []
    for number in range(16):
        sentences = [" ".join(chance.sample(WORDS, 5)) + f" number {number}{i}." for i in range(chance.randint(1, 6))]
        text = "\n".join(sentences)
        quotes = []
        for sentence in sentences:
            names = chance.sample(NAMES, 3)
            via = tuple(channel(name, CLASSES[name]) for name in names[: chance.choice((0, 0, 1, 1, 2))])
            says = (speaker(names[2], CLASSES[names[2]]),) if chance.random() < 0.85 else ()
            quotes.append(
                replace(
                    quote(*via, *says, text=text, content=sentence, confidence=chance.choice((0.25, 0.5, 0.75, 0.9))),
                    kind=chance.choice(list(Kind)),
                    polarity=chance.choice(list(Polarity)),
                )
            )
        published = None if number % 5 == 4 else START + timedelta(days=chance.randrange(30))
        article = Article(
            text, f"a{number}", given_id=f"a{number}", outlet=OUTLETS[number % len(OUTLETS)], published=published
        )
        planned.append((article, quotes))
    return planned


def fill(engine: Engine) -> list[Told]:
    """Store the plan, preceded by older versions of two articles, and decide on some of it."""
    chance = random.Random(7)
    told: list[Told] = []
    for number, (article, quotes) in enumerate(_plan()):
        if number in (3, 8):
            old = replace(article, text=SAID)
            save_article(engine, old, [quote(channel("TASS"), speaker("Kim Jong Un"))], None)
        save_article(engine, article, quotes, None)
        rows = [row for row in everything(engine) if row.id not in {t.id for t in told}]
        for row, given in zip(rows, quotes, strict=True):
            status = chance.choice(("pending", "pending", "accepted", "rejected"))
            if status != "pending":
                action = Action.ACCEPT if status == "accepted" else Action.REJECT
                decide(engine, row.id, action, reviewer="hana")
            via, says = tuple(hop.name for hop in given.channels), given.speaker.name if given.speaker else None
            where = (row.id, row.article_id, article.outlet, article.published)
            how = (given.kind, given.polarity, status, given.confidence)
            told.append(Told(*where, *how, via, says, given.content[0].of(article.text)))
    return told
