"""How well statements are related: against pairs of gold attributions that a person has labelled.

    {"a": "A1", "b": "B7", "relation": "same_words" | "same_claim" | "update" | "tension" | "unrelated"}

`a` and `b` are ids of attributions in the gold file beside it. Weights are always tried on events that they were not
fitted on: an event is a set of articles that related pairs connect.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from quotetrack.domain import Article, Attribution, Hop, HopRole, Kind, Polarity, Relation, SourceClass, SpanRole
from quotetrack.evaluation.figures import PRF
from quotetrack.evaluation.gold import GoldAttribution, GoldError, GoldSet
from quotetrack.evaluation.lines import read_lines
from quotetrack.evaluation.match import pair as match
from quotetrack.evaluation.records import read_records
from quotetrack.evaluation.spans import mark, quoted
from quotetrack.reading import Metadata, read_inputs
from quotetrack.statements.relate import SAME, Weights, relate
from quotetrack.statements.said import Said
from quotetrack.store.engine import Engine

GOLD = "gold.jsonl"
HALF = 0.5
"""Contents that overlap by half of their union or more are one attribution."""
JUDGED = (Relation.SAME_WORDS, Relation.SAME_CLAIM, Relation.UPDATE, Relation.TENSION)

Key = tuple[str, str]
"""A pair of gold ids in order."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    a: Annotated[str, Field(min_length=1)]
    b: Annotated[str, Field(min_length=1)]
    relation: Relation


@dataclass(frozen=True, slots=True)
class Labelled:
    """Pairs that a person has labelled, with the gold they are of."""

    pairs: dict[Key, Relation]
    gold: GoldSet
    articles: dict[str, Article]
    """Each gold article as `ingest` reads it, with its outlet and date, by name."""
    events: dict[str, int]
    """The event of each article, by name."""

    def event(self, key: Key) -> int:
        return self.events[self.article_of[key[0]]]

    @property
    def article_of(self) -> dict[str, str]:
        return {one.id: article.name for article in self.gold.articles for one in article.attributions}


def read_labelled(path: Path, texts: Path | None = None) -> Labelled:
    """The pairs with `gold.jsonl` beside them. Raises GoldError, naming file and line."""
    gold = read_lines(path.with_name(GOLD), texts)
    of = {one.id: article.name for article in gold.articles for one in article.attributions}
    pairs: dict[Key, Relation] = {}
    for where, line in read_records(path, _Line):
        for id_ in (line.a, line.b):
            if id_ not in of:
                raise GoldError(f"{where}: {GOLD} has no attribution {id_!r}.")
        if line.a == line.b or of[line.a] == of[line.b]:
            raise GoldError(f"{where}: {line.a} and {line.b} are of one article. Name two of different articles.")
        key = key_of(line.a, line.b)
        if key in pairs:
            raise GoldError(f"{where}: the pair of {line.a} and {line.b} is given before.")
        pairs[key] = line.relation
    if not pairs:
        raise GoldError(f"{path} holds no pairs: write one record a line.")
    read = read_inputs([article.location for article in gold.articles], defaults=Metadata())
    articles = {one.name: one for one in read if isinstance(one, Article)}
    for one in gold.articles:
        if one.name not in articles or articles[one.name].text != one.text:
            raise GoldError(f"{one.location} reads otherwise than it was marked: its pairs cannot be tried.")
    return Labelled(pairs, gold, articles, _events(pairs, of))


def key_of(a: str, b: str) -> Key:
    return (a, b) if a < b else (b, a)


def _events(pairs: Mapping[Key, Relation], of: Mapping[str, str]) -> dict[str, int]:
    event = {name: number for number, name in enumerate(dict.fromkeys(of.values()))}
    for (a, b), relation in pairs.items():
        one, other = event[of[a]], event[of[b]]
        if relation is not Relation.UNRELATED and one != other:
            event = {name: one if number == other else number for name, number in event.items()}
    return event


def gold_said(labelled: Labelled) -> dict[str, Said]:
    """What each gold attribution says, as the store gives it to be compared."""
    from quotetrack.store.engine import reading
    from quotetrack.store.origins import origins
    from quotetrack.store.statements.read import Reader

    with gold_database(labelled) as (engine, ids), reading(engine) as session:
        said = Reader(origins(session)).attributions(session, ids.values())
        return {id_: said[row] for id_, row in ids.items()}


@contextmanager
def gold_database(labelled: Labelled) -> Iterator[tuple[Engine, dict[str, int]]]:
    """A database of just the gold attributions, and the row of each by its gold id."""
    from quotetrack.store.queries import Filter, list_quotes
    from quotetrack.store.save import save_article

    with _scratch() as engine:
        ids: dict[str, int] = {}
        for article in labelled.gold.articles:
            rows = [_attribution(one) for one in article.attributions]
            save_article(engine, labelled.articles[article.name], rows, None)
            made = list_quotes(engine, Filter(), order="article", limit=1_000_000)[len(ids) :]
            ids.update((one.id, row.id) for one, row in zip(article.attributions, made, strict=True))
        yield engine, ids


@contextmanager
def ingested(labelled: Labelled, models: str) -> Iterator[Engine]:
    """A database of what the models find in the gold's articles."""
    from quotetrack.flow import How, ingest

    with _scratch() as engine:
        ingest(engine, labelled.articles.values(), How(models, workers=0))
        yield engine


@contextmanager
def _scratch() -> Iterator[Engine]:
    from quotetrack.sources.catalogue import bundled_catalogue
    from quotetrack.store.schema import open_database
    from quotetrack.store.sources import sync_catalogue

    with TemporaryDirectory() as folder:
        engine = open_database(str(Path(folder, "scratch.sqlite")), create=True)
        sync_catalogue(engine, bundled_catalogue())
        yield engine
        engine.dispose()


def _attribution(gold: GoldAttribution) -> Attribution:
    hops = [Hop(HopRole.CHANNEL, names[0], SourceClass.MEDIA) for names in (gold.chains or ((),))[0]]
    if gold.speaker and gold.speaker.names:
        class_ = gold.speaker.source_class or SourceClass.PERSON
        hops.append(Hop(HopRole.SPEAKER, gold.speaker.names[0], class_))
    return Attribution(
        gold.content, gold.cue, gold.source, gold.kind or Kind.INDIRECT, gold.polarity or Polarity.ASSERTED, tuple(hops)
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How well pairs are related: counts by relation, `same` for both kinds of it, and `related` for any."""

    rates: dict[str, PRF]
    unjudged: int = 0
    """Suggested pairs that no person has labelled: they count neither way."""

    def as_dict(self) -> dict[str, Any]:
        return {
            name: {
                "precision": rate.precision.as_dict(), "recall": rate.recall.as_dict(), "f1": rate.f1,
            }
            for name, rate in self.rates.items()
        } | {"unjudged": self.unjudged}  # fmt: skip


def classified(labelled: Labelled, said: Mapping[str, Said], weights: Mapping[int, Weights]) -> Figures:
    """What is suggested of each labelled pair, given the gold attributions; `weights` are those for each event."""
    found = {
        key: related.relation
        for key in labelled.pairs
        if (related := relate(said[key[0]], said[key[1]], weights[labelled.event(key)])) is not None
    }
    return Figures(_rates(labelled.pairs, found))


def end_to_end(
    labelled: Labelled, engine: Engine, weights: Mapping[int, Weights], on_event: Callable[[], None] = lambda: None
) -> Figures:
    """What is suggested of the articles of a database that `ingest` filled.

    What was found is a gold attribution where their contents overlap by half. A labelled pair of which a side was
    not found counts as missed.
    """
    from quotetrack.store.statements.pairs import list_pairs
    from quotetrack.store.statements.suggest import forget, suggest

    gold_ids = _found(labelled, engine)
    article_of = labelled.article_of
    found: dict[Key, Relation] = {}
    unjudged = 0
    for event, fitted in weights.items():
        forget(engine)
        suggest(engine, weights=fitted)
        for row in list_pairs(engine, limit=1_000_000):
            ids = [gold_ids.get(quote.id) for quote in (row.first, row.second) if quote is not None]
            if len(ids) < 2 or None in ids:
                unjudged += row.second is not None and event == min(weights)
                continue
            key = key_of(*(id_ for id_ in ids if id_ is not None))
            if labelled.events[article_of[key[0]]] == event:
                if key in labelled.pairs:
                    found[key] = row.suggested
                else:
                    unjudged += 1
        on_event()
    return Figures(_rates(labelled.pairs, found), unjudged)


def _found(labelled: Labelled, engine: Engine) -> dict[int, str]:
    """The gold attribution that each stored one is, by ids."""
    from quotetrack.store.queries import Filter, QuoteRow, article_names, list_quotes

    rows: dict[str, list[QuoteRow]] = {}
    names = article_names(engine)
    for row in list_quotes(engine, Filter(), order="article", limit=1_000_000):
        rows.setdefault(names[row.article_id], []).append(row)
    found: dict[int, str] = {}
    for article in labelled.gold.articles:
        mine = rows.get(article.name, [])
        inside = quoted(article.text)
        gold = [
            [mark(reading, one.cue, one.source, text=article.text, inside=inside) for reading in one.readings]
            for one in article.attributions
        ]
        stored = [mark(*(row.spans[role] for role in SpanRole), text=article.text, inside=inside) for row in mine]
        for one in match(gold, stored, least=HALF, cue_weight=HALF):
            found[mine[one.found].id] = article.attributions[one.gold].id
    return found


def _rates(gold: Mapping[Key, Relation], found: Mapping[Key, Relation]) -> dict[str, PRF]:
    def rate(of: Iterable[Relation]) -> PRF:
        chosen = set(of)
        right = sum(key in found and found[key] in chosen for key, relation in gold.items() if relation in chosen)
        return PRF(
            right,
            sum(relation in chosen for relation in found.values()),
            sum(relation in chosen for relation in gold.values()),
        )

    return {relation.value: rate([relation]) for relation in JUDGED} | {"same": rate(SAME), "related": rate(JUDGED)}


def draw(console: Any, figures: Mapping[str, Figures]) -> None:
    """One table for each way of trying, by its title."""
    from rich.table import Table

    for title, one in figures.items():
        table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold", padding=(0, 2))
        for heading in ("relation", "precision", "recall", "F1"):
            table.add_column(heading)
        for name, rate in one.rates.items():
            f1 = "–" if rate.f1 is None else f"{rate.f1:.2f}"
            table.add_row(name.replace("_", " "), str(rate.precision), str(rate.recall), f1)
        console.print(table)
        if one.unjudged:
            console.print(f"{one.unjudged} suggested pairs are not labelled; they count neither way.")
        console.print()
