"""Copying between SQLite and PostgreSQL: every row arrives as it was, or none does."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from quotetrack.domain import Kind, Relation, Span, SpanRole, Verdict
from quotetrack.errors import DatabaseError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.claims import claim
from quotetrack.store.copy import TABLES, copy_database, count_rows
from quotetrack.store.decisions import Action, NewSource
from quotetrack.store.engine import Engine, reading, writing
from quotetrack.store.models import Assessment, Outcome, Statement, StatementLink, StatementPair
from quotetrack.store.queries import Filter, count_quotes
from quotetrack.store.save import finish_run, start_run
from quotetrack.store.sources import find_source, show_source
from tests.postgresql import Server
from tests.store.build import SAID, Databases, channel, dump, everything, fill, hear, opened, quote, raw, save, speaker

KINDS = ("sqlite", "postgresql")


@pytest.fixture
def engines(postgresql: Server, tmp_path: Path) -> Iterator[dict[str, Engine]]:
    """An empty database of each kind."""
    with ExitStack() as stack:
        makers = {"sqlite": Databases(None), "postgresql": Databases(postgresql)}
        urls = {kind: stack.enter_context(maker.new(tmp_path)) for kind, maker in makers.items()}
        yield {kind: stack.enter_context(opened(url)) for kind, url in urls.items()}


def fill_all(engine: Engine) -> None:
    """At least a row in every table, and a value in every column that may be empty."""
    fill(engine)
    run = start_run(engine, version="1", models={"größe": "ä🚢"}, settings={})
    finish_run(engine, run, {"words": 10, "nothing": None})
    save(engine, replace(quote(speaker("Inner")), parent=1), quote(speaker("Outer")), id="nested", author="A. B.")
    inner, outer = everything(engine)[-2:]
    decisions.set_spans(engine, inner.id, {SpanRole.CUE: (Span(0, 4), Span(9, 12))}, reviewer="hana")
    decisions.set_kind(engine, outer.id, Kind.MIXED, reviewer="hana")
    decisions.decide(engine, outer.id, Action.REJECT, reviewer="ben", second=True)
    decisions.duplicate(engine, inner.id, 1, reviewer="hana")
    decisions.undo(engine, reviewer="hana")
    decisions.set_speaker(engine, outer.id, "İstanbul Bürosu", new=NewSource(controller="KCNA"), reviewer="ben")
    decisions.merge(engine, "foreign experts", "an official", reviewer="ben")
    claim(engine, 2, reviewer="eve")
    with writing(engine) as session:
        decisions.propose_match(
            session, find_source(session, "KCNA").id, find_source(session, "TASS").id, 0.1 + 0.2, ""
        )
        statement = Statement(label="ships collided\r\nnear “harbours”")
        session.add(statement)
        session.flush()
        session.add_all(
            [
                StatementLink(statement_id=statement.id, attribution_id=1, relation="makes", confidence=1 / 3),
                StatementPair(first_id=1, second_id=2, suggested=Relation.TENSION, score=0.5, reasons=[{"rule": "x"}]),
                Outcome(
                    statement_id=statement.id, verdict=Verdict.HELD_UP, day=date(2025, 3, 9), note="", reviewer="eve"
                ),
                Assessment(
                    source_id=1, grade="B", rationale="", reviewer="eve",
                    at=datetime(2025, 3, 1, 9, 30, 15, 123456, tzinfo=UTC),
                ),
            ]
        )  # fmt: skip


def rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as session:
        return {t.name: [tuple(row) for row in session.execute(select(t).order_by(*t.primary_key))] for t in TABLES}


@pytest.mark.parametrize(("start", "end"), [KINDS, KINDS[::-1]], ids=lambda kind: str(kind))
def test_every_row_is_copied_and_the_copy_goes_on_as_the_original_would(
    start: str, end: str, engines: dict[str, Engine]
) -> None:
    source, target = engines[start], engines[end]
    fill_all(source)
    assert all(count_rows(source).values())
    told: list[int] = []
    assert copy_database(source, target, told.append) == count_rows(source)
    assert sum(told) == 2 * sum(count_rows(source).values())
    assert rows(target) == rows(source)
    assert check(target) == []
    assert count_quotes(target, Filter(text="collided")) == count_quotes(source, Filter(text="collided")) > 0
    for engine in (source, target):
        assert decisions.undo(engine, reviewer="ben") is not None
        assert decisions.redo(engine, reviewer="ben") is not None
        hear(engine, channel("KCNA"), speaker("New Name"), id="new")
        assert check(engine) == []
    newest = [{name: max(row[0] for row in found) for name, found in rows(e).items()} for e in (source, target)]
    if start == "sqlite":  # It gives the number of a row that was rolled back again; a server does not.
        assert newest[0] == newest[1]
    assert show_source(target, "New Name").spoken == 1


def test_there_and_back_is_the_same_file(engines: dict[str, Engine], tmp_path: Path) -> None:
    fill_all(engines["sqlite"])
    copy_database(engines["sqlite"], engines["postgresql"])
    (tmp_path / "back").mkdir()
    with Databases(None).new(tmp_path / "back") as again, opened(again) as back:
        copy_database(engines["postgresql"], back)
        assert rows(back) == rows(engines["sqlite"])
        ours = tuple(f'INSERT INTO "{table.name}"' for table in TABLES)
        lines = [
            [line for line in dump(str(engine.url.database)) if line.startswith(ours)]
            for engine in (engines["sqlite"], back)
        ]
        assert lines[0] == lines[1]
        assert len(lines[0]) == sum(count_rows(back).values())


@pytest.mark.parametrize(("start", "end"), [KINDS, KINDS[::-1]], ids=lambda kind: str(kind))
def test_what_is_not_empty_is_refused_and_not_touched(start: str, end: str, engines: dict[str, Engine]) -> None:
    for engine in engines.values():
        hear(engine, speaker("Anna Smith"), id="1")
    before = rows(engines[end])
    with pytest.raises(DatabaseError, match=r"is not empty: it has rows in source, .*\. Copy into a new database"):
        copy_database(engines[start], engines[end])
    assert rows(engines[end]) == before


@pytest.mark.parametrize(("start", "end"), [KINDS, KINDS[::-1]], ids=lambda kind: str(kind))
def test_what_is_stored_meanwhile_is_left_out_whole(start: str, end: str, engines: dict[str, Engine]) -> None:
    source, target = engines[start], engines[end]
    hear(source, channel("KCNA"), speaker("Anna Smith"), id="1")
    before = rows(source)

    def meanwhile(_rows: int) -> None:
        hear(source, speaker(f"Voice {len(everything(source))}"), id=f"meanwhile {len(everything(source))}")

    copy_database(source, target, meanwhile)
    assert rows(target) == before
    assert count_quotes(source, Filter()) > 2


def test_what_a_server_cannot_hold_is_named_and_nothing_is_stored(engines: dict[str, Engine]) -> None:
    source, target = engines["sqlite"], engines["postgresql"]
    hear(source, speaker("Anna Smith"), id="1")
    with raw(str(source.url.database)) as connection:
        connection.execute("update article set text = replace(text, 'bridge', char(0))")
    with pytest.raises(DatabaseError, match=r"The text of article 1 holds a NUL character"):
        copy_database(source, target)
    assert not any(count_rows(target).values())
    with raw(str(source.url.database)) as connection:
        connection.execute("update article set text = ?", (SAID,))
    copy_database(source, target)
    assert rows(target) == rows(source)


def test_a_row_that_did_not_arrive_as_it_was_is_found(engines: dict[str, Engine]) -> None:
    source, target = engines["postgresql"], engines["sqlite"]
    hear(source, speaker("Anna Smith"), id="1")
    with raw(str(target.url.database)) as connection:
        connection.execute(
            "create trigger other after insert on hop begin update hop set made_by = 'x' where id = new.id; end"
        )
    with pytest.raises(DatabaseError, match="The copy of hop 1 is not what it was copied from"):
        copy_database(source, target)
    assert not any(count_rows(target).values())
