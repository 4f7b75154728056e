"""Saving: what was found is read back as it was, once, and older versions are kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack.domain import Article, Attribution, Hop, HopRole, Kind, Polarity, SourceClass, Span, SpanRole
from quotetrack.errors import DatabaseError
from quotetrack.sources.catalogue import fold
from quotetrack.store.check import check
from quotetrack.store.engine import Engine
from quotetrack.store.queries import Filter, get_article, get_quote, list_quotes
from quotetrack.store.save import Saved, finish_run, is_stored, save_article, start_run
from quotetrack.store.sources import list_sources
from tests.store.build import SAID, Databases, channel, dump, everything, hear, opened, quote, raw, save, speaker


def test_the_same_again_changes_nothing(engine: Engine, database: str) -> None:
    assert save(engine, quote(speaker("Anna Smith")), id="a") == Saved.NEW
    before = dump(database)
    assert save(engine, quote(speaker("Somebody Else")), id="a") == Saved.UNCHANGED
    assert dump(database) == before


def test_another_text_is_a_new_version_and_the_old_one_is_kept(engine: Engine, database: str) -> None:
    url = "https://example.org/bridge"
    texts = [SAID, SAID + " It did.", SAID + " It did not."]
    fates = [save(engine, quote(speaker("Anna Smith"), text=text), text=text, url=url) for text in texts]
    assert fates == [Saved.NEW, Saved.NEW_VERSION, Saved.NEW_VERSION]
    with raw(database) as connection:
        rows = connection.execute("select version, is_current, text from article order by id").fetchall()
    assert rows == [(1, 0, texts[0]), (2, 0, texts[1]), (3, 1, texts[2])]
    [row] = everything(engine)
    assert row.content == texts[2]
    assert get_quote(engine, 1).content == SAID
    assert save(engine, text=texts[0], url=url) == Saved.UNCHANGED
    assert check(engine) == []


def test_identity_is_the_url_then_the_id_within_its_outlet_then_the_text(engine: Engine) -> None:
    assert save(engine, id="7", outlet="Eastern Desk") == Saved.NEW
    assert save(engine, id="7", outlet="Western Desk") == Saved.NEW
    assert save(engine, id="7", outlet="Western Desk", text=SAID + " Then.") == Saved.NEW_VERSION
    assert save(engine, id="7", outlet="Western Desk", text=SAID + " Then.", url="https://example.org/7") == Saved.NEW
    assert save(engine) == Saved.NEW
    assert save(engine, text=SAID + " Then.") == Saved.NEW
    assert save(engine, name="under another name") == Saved.UNCHANGED


def test_whether_a_text_is_stored(engine: Engine) -> None:
    article = Article(SAID, "a", given_id="a")
    assert not is_stored(engine, article)
    save_article(engine, article, [], None)
    assert is_stored(engine, article)
    assert not is_stored(engine, replace(article, text=SAID + "!"))
    assert not is_stored(engine, replace(article, given_id="b"))


def test_what_is_known_about_an_article_is_kept_and_its_date_is_the_same_moment(engine: Engine) -> None:
    published = datetime(2025, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    known = {"url": "https://example.org/1", "title": "Bridge", "outlet": "Desk", "author": "A. B.", "location": "a:1"}
    save(engine, quote(speaker("Anna Smith")), published=published, **known)
    [row] = everything(engine)
    stored = get_article(engine, row.article_id)
    assert {name: getattr(stored, name) for name in known} == known
    assert stored.published == published
    assert stored.published.utcoffset() == timedelta(0)


def test_a_date_without_a_zone_is_refused_and_nothing_of_the_article_stays(engine: Engine, database: str) -> None:
    before = dump(database)
    with pytest.raises(Exception, match="time zone"):
        save(engine, quote(speaker("Anna Smith")), published=datetime(2025, 3, 1))
    assert dump(database) == before


def test_nesting_survives_whatever_the_order(engine: Engine) -> None:
    inner, outer = replace(quote(speaker("Inner")), parent=1), quote(speaker("Outer"))
    save(engine, inner, outer, replace(quote(speaker("Innermost")), parent=0))
    first, second, third = everything(engine)
    assert (first.parent_id, second.parent_id, third.parent_id) == (second.id, None, first.id)


def test_an_article_that_breaks_a_rule_is_left_out_whole(engine: Engine, database: str) -> None:
    before = dump(database)
    with pytest.raises(DatabaseError, match="confidence_is_share"):
        save(engine, quote(speaker("Anna Smith")), quote(speaker("New Name"), confidence=1.5))
    assert dump(database) == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim Jong Un", "KIM JONG UN"),
        ("The Foreign Ministry", "foreign ministry"),
        ("North’s army", "North's army"),
        ("North‘s army", "North's army"),
        ("Straße  7", "STRASSE\n7"),
        ("МИД России", "мид россии"),
    ],
)
def test_two_articles_naming_the_same_source_share_it(one: str, other: str, engine: Engine) -> None:
    hear(engine, channel("TASS"), speaker(one), id="1")
    hear(engine, channel("tass"), speaker(other), id="2")
    assert {(row.name, row.spoken, row.carried) for row in list_sources(engine)} == {(one, 2, 0), ("TASS", 0, 2)}


def test_names_that_differ_in_more_than_their_dress_are_two_sources(engine: Engine) -> None:
    hear(engine, speaker("Theresa May"), id="1")
    hear(engine, speaker("resa May"), id="2")
    hear(engine, speaker("Theresa Maý"), id="3")
    assert len(list_sources(engine)) == 3


@pytest.mark.parametrize("outlet", ["Eastern Desk", "Ранок", "Ägäische Zeitung", "İstanbul Postası"])
def test_articles_of_one_outlet_share_it_however_it_is_written(outlet: str, engine: Engine) -> None:
    save(engine, quote(speaker("A")), id="1", outlet=outlet)
    save(engine, quote(speaker("B")), id="2", outlet=outlet)
    save(engine, quote(speaker("C")), id="3", outlet=outlet.lower())
    assert {row.outlet for row in everything(engine)} == {outlet}
    assert len(everything(engine, Filter(outlet=outlet.upper() if outlet[0] != "İ" else outlet))) == 3


def test_a_run_is_open_until_it_is_finished(engine: Engine, database: str) -> None:
    run = start_run(engine, version="1", models={"stanza": "1.15"}, settings={"workers": 1})
    save_article(engine, Article(SAID, "a"), [quote(speaker("Anna Smith"))], run)
    with raw(database) as connection:
        assert connection.execute("select finished, summary from run").fetchall() == [(None, None)]
        assert connection.execute("select run_id from attribution").fetchall() == [(run,)]
    finish_run(engine, run, {"words": 10})
    with raw(database) as connection:
        [(finished, summary)] = connection.execute("select finished, summary from run").fetchall()
    assert finished is not None
    assert summary == '{"words": 10}'


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(LETTERS | st.sampled_from("🚢𝔸é\u0301\r\n“”"), min_size=1, max_size=60)
NAMES = st.text(LETTERS, min_size=1, max_size=12).filter(lambda name: bool(fold(name)))


@st.composite
def pieces(draw: st.DrawFn, length: int, *, least: int = 0) -> tuple[Span, ...]:
    """Spans in order within a text, none overlapping."""
    edges = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    spans = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return spans if len(spans) >= least else (Span(0, length),)


@st.composite
def found(draw: st.DrawFn) -> tuple[str, list[Attribution]]:
    text = draw(TEXTS)
    attributions = []
    for index in range(draw(st.integers(1, 3))):
        hops = [
            Hop(HopRole.CHANNEL, draw(NAMES), draw(st.sampled_from(SourceClass)), draw(st.none() | one_span(text)), "x")
            for _ in range(draw(st.integers(0, 2)))
        ]
        if draw(st.booleans()):
            hops.append(Hop(HopRole.SPEAKER, draw(NAMES), draw(st.sampled_from(SourceClass)), None, "pronoun"))
        attributions.append(
            Attribution(
                draw(pieces(len(text), least=1)),
                draw(pieces(len(text))),
                draw(pieces(len(text))),
                draw(st.sampled_from(Kind)),
                draw(st.sampled_from(Polarity)),
                tuple(hops),
                draw(st.none() | st.integers(0, index - 1)) if index else None,
                draw(st.floats(0, 1)),
            )
        )
    return text, attributions


def one_span(text: str) -> st.SearchStrategy[Span]:
    return st.integers(0, len(text) - 1).flatmap(
        lambda start: st.integers(start + 1, len(text)).map(lambda end: Span(start, end))
    )


@pytest.fixture(scope="module")
def shared(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with databases.new(tmp_path_factory.mktemp("random")) as database:
        yield database


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=found())
def test_whatever_is_saved_is_read_back(case: tuple[str, list[Attribution]], shared: str) -> None:
    text, attributions = case
    with opened(shared) as engine:
        before = {row.article_id for row in everything(engine)}
        with raw(shared) as connection:
            number = connection.execute("select count(*) from article").fetchone()[0]
        assert save(engine, *attributions, text=text, id=str(number)) == Saved.NEW
        [article_id] = {row.article_id for row in everything(engine)} - before
        rows = list_quotes(engine, Filter(article_id=article_id), order="article")
        assert get_article(engine, article_id).text == text
    ids = [row.id for row in rows]
    for row, given_one in zip(rows, attributions, strict=True):
        assert row.spans == {
            SpanRole.CONTENT: given_one.content, SpanRole.CUE: given_one.cue, SpanRole.SOURCE: given_one.source
        }  # fmt: skip
        assert row.content == " … ".join(text[s.start : s.end] for s in given_one.content)
        assert (row.kind, row.polarity, row.confidence) == (given_one.kind, given_one.polarity, given_one.confidence)
        assert row.parent_id == (None if given_one.parent is None else ids[given_one.parent])
        assert [(h.role, fold(h.name), h.source_class, h.span, h.made_by) for h in row.hops] == [
            (h.role, fold(h.name), h.source_class, h.span, h.made_by) for h in given_one.chain
        ]
