"""Lists of attributions: what each filter lets through, in which order, and page by page."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from quotetrack.errors import NotFoundError
from quotetrack.store.engine import Engine, writing
from quotetrack.store.queries import (
    ORDERS,
    Filter,
    QuoteRow,
    count_by_status,
    count_quotes,
    get_article,
    get_quote,
    list_quotes,
)
from tests.store.build import START, Databases, Told, channel, everything, opened, quote, save, speaker

Record = tuple[Engine, list[Told]]
MIDDLE = START + timedelta(days=12)

FILTERS: list[tuple[Filter, Callable[[Told], bool]]] = [
    (Filter(), lambda t: True),
    (Filter(source="KCNA"), lambda t: "KCNA" in t.names),
    (Filter(speaker="kcna"), lambda t: t.speaker == "KCNA"),
    (Filter(channel="the KCNA"), lambda t: "KCNA" in t.channels),
    (Filter(channel="Yonhap", speaker="Anna Smith"), lambda t: "Yonhap" in t.channels and t.speaker == "Anna Smith"),
    (Filter(outlet="eastern desk"), lambda t: t.outlet == "Eastern Desk"),
    (Filter(outlet="РАНОК"), lambda t: t.outlet == "Ранок"),
    (Filter(outlet="ägäische zeitung"), lambda t: t.outlet == "Ägäische Zeitung"),
    (Filter(kind="direct"), lambda t: t.kind == "direct"),
    (Filter(polarity="negated"), lambda t: t.polarity == "negated"),
    (Filter(status="rejected"), lambda t: t.status == "rejected"),
    (Filter(status="pending", kind="mixed"), lambda t: t.status == "pending" and t.kind == "mixed"),
    (Filter(text="ships"), lambda t: "ships" in t.text),
    (Filter(since=MIDDLE), lambda t: t.published is not None and t.published >= MIDDLE),
    (Filter(until=MIDDLE), lambda t: t.published is not None and t.published < MIDDLE),
    (Filter(since=MIDDLE, until=MIDDLE), lambda t: False),
    (Filter(article_id=1), lambda t: t.article == 1),
]


@pytest.mark.parametrize(("wanted", "fits"), FILTERS, ids=[str(i) for i in range(len(FILTERS))])
def test_each_filter_lets_through_what_it_says(wanted: Filter, fits: Callable[[Told], bool], record: Record) -> None:
    engine, told = record
    due = [t.id for t in told if fits(t)]
    assert [row.id for row in everything(engine, wanted)] == due
    assert count_quotes(engine, wanted) == len(due)


def test_the_data_leave_no_filter_without_work(record: Record) -> None:
    _, told = record
    idle = [i for i, (_, fits) in enumerate(FILTERS[1:], 1) if sum(map(fits, told)) in (0, len(told))]
    assert idle == [FILTERS.index(next(f for f in FILTERS if f[0].since and f[0].until))]


def test_a_bound_counts_the_first_moment_and_not_the_last(engine: Engine) -> None:
    save(engine, quote(speaker("A")), published=START)
    assert len(everything(engine, Filter(since=START))) == 1
    assert everything(engine, Filter(until=START)) == []
    assert len(everything(engine, Filter(until=START + timedelta(seconds=1)))) == 1


def test_an_unknown_name_is_an_error_not_an_empty_list(record: Record) -> None:
    for wanted in (Filter(source="Nobody"), Filter(speaker="Nobody"), Filter(channel="Nobody")):
        with pytest.raises(NotFoundError, match="Nobody"):
            list_quotes(record[0], wanted)
        with pytest.raises(NotFoundError, match="Nobody"):
            count_quotes(record[0], wanted)


def in_order(engine: Engine, told: list[Told], order: str) -> list[int]:
    """The ids as `order` has them, by Python's sort alone."""
    fetched = {}  # Without a date, an article counts as published when it was fetched: after all of the dated ones.
    for t in told:
        fetched[t.id] = (t.published or START + timedelta(days=9999), t.article)
    if order == "recent":
        by_id = sorted(told, key=lambda t: t.id)
        return [t.id for t in sorted(by_id, key=lambda t: fetched[t.id], reverse=True)]
    if order == "impact":
        with writing(engine) as session:
            ranks: dict[int, float] = dict(session.execute(text("select id, rank from attribution")).all())
        return [t.id for t in sorted(told, key=lambda t: (ranks[t.id], t.id))]
    if order == "uncertain":
        return [t.id for t in sorted(told, key=lambda t: (t.confidence, t.id))]
    return [t.id for t in sorted(told, key=lambda t: (t.article, t.id))]


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("order", ORDERS)
def test_pages_visit_each_row_once_and_in_order(order: str, size: int, record: Record) -> None:
    engine, told = record
    seen: list[int] = []
    after: QuoteRow | None = None
    while page := list_quotes(engine, Filter(), order=order, limit=size, after=after):
        assert len(page) <= size
        seen += [row.id for row in page]
        after = page[-1]
        assert len(seen) <= len(told)
    assert seen == in_order(engine, told, order)


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_goes_on_after_a_row_that_no_longer_fits(order: str, record: Record) -> None:
    engine, told = record
    ids = in_order(engine, told, order)
    middle = get_quote(engine, ids[len(ids) // 2])
    other = "accepted" if middle.status == "pending" else "pending"
    rest = list_quotes(engine, Filter(status=other), order=order, limit=1000, after=middle)
    status = {t.id: t.status for t in told}
    assert [row.id for row in rest] == [i for i in ids[len(ids) // 2 + 1 :] if status[i] == other]


def test_a_page_after_a_row_that_is_gone_is_an_error(engine: Engine) -> None:
    save(engine, quote(speaker("A")))
    [row] = everything(engine)
    with pytest.raises(NotFoundError):
        list_quotes(engine, Filter(), after=replace(row, id=99))


def test_one_attribution_and_one_article_by_id(record: Record) -> None:
    engine, told = record
    row = get_quote(engine, told[0].id)
    assert (row.content, row.article_id) == (told[0].text, told[0].article)
    assert told[0].text in get_article(engine, row.article_id).text
    for missing in (get_quote, get_article):
        with pytest.raises(NotFoundError, match="999"):
            missing(engine, 999)


def test_status_counts_are_of_current_versions(record: Record) -> None:
    engine, told = record
    assert count_by_status(engine) == {s: [t.status for t in told].count(s) for s in {t.status for t in told}}


def test_the_speaker_is_the_last_hop_and_may_be_missing(engine: Engine) -> None:
    save(engine, quote(channel("KCNA"), speaker("A")), quote(channel("KCNA")))
    with_speaker, without = everything(engine)
    assert with_speaker.speaker is not None
    assert (with_speaker.speaker.name, [h.name for h in with_speaker.channels]) == ("A", ["KCNA"])
    assert (without.speaker, [h.name for h in without.channels]) == (None, ["KCNA"])
    assert without.as_dict()["speaker"] is None


CONTENTS = (
    "the ships collided near the harbour",
    "humanitarian aid reached the town",
    "aid that is humanitarian never came",
    "l’été à Besançon was hot",
    "“We deny it,” AND OR NOT NEAR",
)
SEARCHES = {
    "ship": [0], "SHIPS": [0], "colliding harbours": [0], "ships aid": [], "humanitarian aid": [1, 2],
    '"humanitarian aid"': [1], '"aid humanitarian"': [], "aid reach": [1], "ete besancon": [3], "denies": [4],
    "NOT ships": [], "NOT": [4], "AND OR": [4], "ships OR aid": [], "NEAR(deny, 2)": [], "ship*": [0],
    "content_text:ships": [], '"ships': [0], 'ships"': [0], '""': [], '"': [], "(": [], "-": [], "^ships": [0],
    "ships -": [0], "'; drop table x": [], "*": [],
    "ships + collided": [0], "{ships}": [0], "_": [], "ships _": [0], "\\": [], "%": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def searchable(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with databases.new(tmp_path_factory.mktemp("search")) as database, opened(database) as engine:
        for number, content in enumerate(CONTENTS):
            save(engine, quote(speaker("A"), text=content), text=content, id=str(number))
        yield engine


@pytest.mark.parametrize(("words", "due"), SEARCHES.items())
def test_words_are_found_by_their_stems_and_nothing_in_them_is_an_operator(
    words: str, due: list[int], searchable: Engine
) -> None:
    assert [row.id - 1 for row in everything(searchable, Filter(text=words))] == due


@settings(max_examples=150, deadline=None)
@given(words=st.text(st.sampled_from("ship's \"()*^-+:{},_%\\NEAROT😀é\n"), max_size=25))
def test_no_search_text_is_an_error(words: str, searchable: Engine) -> None:
    assert count_quotes(searchable, Filter(text=words)) <= len(CONTENTS)


def test_the_index_follows_what_is_deleted(engine: Engine) -> None:
    save(engine, quote(speaker("A"), text="ships collided"), text="ships collided")
    assert len(everything(engine, Filter(text="ship"))) == 1
    with writing(engine) as session:
        session.execute(text("update attribution set content_text = 'trains collided'"))
    assert everything(engine, Filter(text="ship")) == []
    assert len(everything(engine, Filter(text="train"))) == 1
    with writing(engine) as session:
        session.execute(text("delete from article"))
    assert everything(engine, Filter(text="train")) == []
