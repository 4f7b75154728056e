"""Several at once on one database: who waits, who is told of a conflict, and that nothing is lost or made twice."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from quotetrack.errors import ConflictError, DatabaseError
from quotetrack.sources.catalogue import bundled_catalogue
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, ChainFix, Decided, NewSource
from quotetrack.store.engine import Engine, reading, writing
from quotetrack.store.models import AttributionRow, Outlet
from quotetrack.store.queries import Filter, count_quotes, get_quote
from quotetrack.store.save import Saved
from quotetrack.store.schema import open_database
from quotetrack.store.sources import list_sources, show_source, sync_catalogue
from tests.store.build import (
    SAID,
    Databases,
    channel,
    everything,
    executing,
    hear,
    in_threads,
    opened,
    quote,
    save,
    speaker,
)


def at_once(database: str, job: Callable[[Engine, Any], object], *given: Any) -> list[Any]:
    """What the job returned for each thing given, or the conflict it met: all at once, on engines of their own."""
    results: dict[int, Any] = {}
    ready = threading.Barrier(len(given))

    def run(number: int) -> None:
        with opened(database) as engine:
            ready.wait()
            try:
                results[number] = job(engine, given[number])
            except ConflictError as conflict:
                results[number] = conflict

    in_threads(*(partial(run, number) for number in range(len(given))))
    return [results[number] for number in range(len(given))]


def sound(engine: Engine) -> bool:
    assert check(engine) == []
    return True


def test_two_writers_at_once_both_succeed(database: str) -> None:
    def write(engine: Engine, letter: str) -> None:
        for number in range(25):
            save(engine, quote(channel("KCNA"), speaker(f"{letter}{number}")), id=f"{letter}{number}")

    at_once(database, write, "a", "b")
    with opened(database) as engine:
        assert count_quotes(engine, Filter()) == 50
        assert count_quotes(engine, Filter(source="KCNA")) == 50
        assert sound(engine)


def test_two_may_make_the_same_database_at_once(databases: Databases, tmp_path: Path) -> None:
    with databases.empty(tmp_path) as database:

        def make() -> None:
            engine = open_database(database, create=True)
            sync_catalogue(engine, bundled_catalogue())
            engine.dispose()

        in_threads(make, make)
        with opened(database) as engine:
            assert sound(engine)


def test_one_reads_while_another_writes(engine: Engine, database: str) -> None:
    hear(engine, speaker("A"), id="1")
    with opened(database) as other, executing(other) as execute:
        execute("update attribution set status = 'accepted'")
        assert get_quote(engine, 1).status == "pending"
    assert get_quote(engine, 1).status == "accepted"


def test_all_that_one_session_reads_is_of_one_moment(engine: Engine, database: str) -> None:
    hear(engine, speaker("A"), id="1")
    with reading(engine) as session, opened(database) as other:
        number = select(func.count()).select_from(AttributionRow)
        assert session.scalar(number) == 1
        hear(other, speaker("B"), id="2")
        assert session.scalar(number) == 1
    assert count_quotes(engine, Filter()) == 2


def test_a_lock_that_does_not_end_is_explained(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotetrack.store.engine.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("quotetrack.store.postgresql.LOCK_SECONDS", 0.1)
    with opened(database) as other, writing(other) as session, opened(database) as engine:
        session.connection()
        with pytest.raises(DatabaseError, match="Another process has been writing"):
            save(engine, id="1")


def test_an_article_that_two_store_at_once_is_stored_once(database: str) -> None:
    given = quote(channel("KCNA"), speaker("Anna Smith"))
    for number in range(10):
        fates = at_once(database, lambda engine, id_: save(engine, given, id=id_), str(number), str(number))
        assert sorted(fates) == [Saved.NEW, Saved.UNCHANGED]
    with opened(database) as engine:
        assert count_quotes(engine, Filter()) == 10
        assert [(row.name, row.spoken, row.carried) for row in list_sources(engine)] == [
            ("Anna Smith", 10, 0), ("KCNA", 0, 10)
        ]  # fmt: skip
        assert sound(engine)


def test_two_versions_of_an_article_stored_at_once_are_two_and_one_is_current(database: str) -> None:
    texts = [f"{SAID} Number {number}." for number in range(4)]
    fates = at_once(
        database, lambda engine, text: save(engine, quote(speaker("A"), text=text), text=text, id="1"), *texts
    )
    assert sorted(fates) == [Saved.NEW, *[Saved.NEW_VERSION] * 3]
    with opened(database) as engine:
        assert len(everything(engine)) == 1
        assert sound(engine)


def test_an_outlet_that_two_name_first_is_one(database: str) -> None:
    names = [name for i in range(3) for name in (f"Ägäische Zeitung {i}", f"ÄGÄISCHE ZEITUNG {i}")]
    at_once(database, lambda engine, name: save(engine, id=name, outlet=name), *names)
    with opened(database) as engine, reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Outlet)) == 3


@pytest.fixture
def four(engine: Engine) -> Engine:
    """Four attributions of one article, by A, B, C and D."""
    save(engine, *(quote(channel("KCNA"), speaker(name)) for name in "ABCD"), id="1")
    return engine


def test_a_new_name_that_two_give_at_once_is_one_source(four: Engine, database: str) -> None:
    def say(engine: Engine, id_: int) -> Decided:
        return decisions.set_speaker(engine, id_, "Harbour Office", new=NewSource(), reviewer=str(id_))

    done = at_once(database, say, 1, 2, 3, 4)
    assert [one.status for one in done] == ["accepted"] * 4
    assert show_source(four, "Harbour Office").spoken == 4
    assert len([row for row in list_sources(four) if row.name == "Harbour Office"]) == 1
    made = at_once(
        database,
        lambda engine, name: decisions.new_source(engine, name, NewSource(), reviewer="ana"),
        *["Port Authority"] * 3,
    )
    assert len([one for one in made if isinstance(one, ConflictError)]) == 2
    assert sound(four)


def test_a_name_is_given_to_one_of_two_sources(four: Engine, database: str) -> None:
    done = at_once(database, lambda engine, name: decisions.add_alias(engine, name, "Bureau", reviewer=name), *"ABCD")
    assert len([one for one in done if isinstance(one, ConflictError)]) == 3
    assert sound(four)


def test_sources_that_are_merged_both_ways_at_once_are_one(four: Engine, database: str) -> None:
    done = at_once(database, lambda engine, way: decisions.merge(engine, *way, reviewer=way), "AB", "BA", "CD", "DC")
    refused = [one for one in done if isinstance(one, ConflictError)]
    assert len(refused) == 2
    assert all("the same source already" in str(one) for one in refused)
    assert len(list_sources(four)) == 3  # With KCNA.
    assert sound(four)


def test_whoever_decides_second_on_the_same_version_is_told(four: Engine, database: str) -> None:
    version = get_quote(four, 1).version

    def accept(engine: Engine, reviewer: str) -> Decided:
        return decisions.decide(engine, 1, Action.ACCEPT, reviewer=reviewer, version=version)

    done = at_once(database, accept, "ana", "ben", "eve")
    assert len([one for one in done if isinstance(one, ConflictError)]) == 2
    assert sound(four)


def test_acts_on_the_same_rows_in_any_order_never_stop_one_another(four: Engine, database: str) -> None:
    """Batches, merges and undoing, each over rows that the others touch as well."""

    def batches(engine: Engine) -> None:
        for number in range(6):
            fix = ChainFix((f"Voice {number % 2}",), only_speaker=True, new=NewSource())
            decisions.fix_all(engine, 1 + number % 4, fix, reviewer="ana")
            decisions.accept_all(engine, 1, 0.1, reviewer="ana")

    def mend(engine: Engine) -> None:
        for number in range(12):
            decisions.set_chain(engine, 4 - number % 4, ["KCNA", "D"], reviewer="ben")
            decisions.undo(engine, reviewer="ben", past=True)

    def sources(engine: Engine) -> None:
        for _ in range(6):
            decisions.merge(engine, "C", "D", reviewer="eve")
            decisions.unmerge(engine, "C", reviewer="eve")

    def ingest(engine: Engine) -> None:
        for number in range(12):
            save(engine, quote(channel("KCNA"), speaker("C")), quote(speaker(f"N{number}")), id=f"new {number}")

    assert at_once(database, lambda engine, act: act(engine), batches, mend, sources, ingest) == [None] * 4
    assert show_source(four, "C").name == "C"
    assert count_quotes(four, Filter()) == 28
    assert sound(four)
