"""`check` finds every kind of fault it claims to find, and `statistics` counts what is there."""

from pathlib import Path

import pytest

from quotetrack.store.check import SHOWN, check, statistics
from quotetrack.store.decisions import Action, decide, merge
from quotetrack.store.engine import Engine, sqlite_path
from quotetrack.store.save import start_run
from tests.store.build import SAID, Told, channel, opened, plant, quote, save, speaker

FAULTS = {
    "update attribution_span set \"end\" = 51": "attribution 1: its content ends at 51, in a text of 50 characters",
    "delete from attribution_span where attribution_id = 1": "attribution 1 has no content",
    "update attribution_span set role = 'cue' where attribution_id = 1": "attribution 1 has no content",
    "update hop set position = 5 where role = 'speaker'": "attribution 1: the positions of its hops have a gap",
    "update hop set position = position + 10": "attribution 1: the positions of its hops have a gap",
    "update hop set role = 'speaker'": "attribution 1: its speaker is not the last hop",
    "update article set is_current = false": "article 'id:/1' does not have exactly one current version",
    "insert into article (key, version, is_current, sha256, name, location, fetched, text) "
    "select key, 2, true, 'x', name, location, fetched, text from article": "exactly one current version",
    "update source set merged_into_id = 1 where id = 2": "source 2 is merged into another and still has names or hops",
    "delete from hop; update source set merged_into_id = 1 where id = 2": "source 2 is merged into another",
    "delete from source_alias where source_id = 1": "source 1 has no name",
    "update attribution set status = 'accepted'": "attribution 1 is accepted, but its decisions make it pending",
    "update attribution set status = 'rejected' where id = 2": "attribution 2 is rejected, but its decisions",
    "delete from decision": "attribution 2 is accepted, but its decisions make it pending",
}  # fmt: skip
OF_FILES = {
    "delete from article": "foreign key: attribution row 1 points at no article",
    "update hop set source_id = 99": "foreign key: hop row 1 points at no source",
    "update attribution set parent_id = 99": "foreign key: attribution row 1 points at no attribution",
    "update attribution set confidence = 7": "integrity: CHECK constraint failed in attribution",
    "update attribution_span set start = 60": "integrity: CHECK constraint failed in attribution_span",
    "update source set controller_id = id": "integrity: CHECK constraint failed in source",
}  # fmt: skip


@pytest.fixture
def filled(engine: Engine) -> Engine:
    save(engine, quote(channel("KCNA"), speaker("Anna Smith")), quote(channel("KCNA")), id="1")
    decide(engine, 2, Action.ACCEPT, reviewer="hana")
    return engine


@pytest.mark.parametrize(("sql", "fault"), FAULTS.items(), ids=range(len(FAULTS)))
def test_a_planted_fault_is_found(sql: str, fault: str, filled: Engine, database: str) -> None:
    assert check(filled) == []
    plant(database, sql)
    assert any(line.startswith(fault) or fault in line for line in check(filled)), check(filled)


@pytest.mark.parametrize(("sql", "fault"), OF_FILES.items(), ids=range(len(OF_FILES)))
def test_what_only_a_file_can_suffer_is_found(sql: str, fault: str, file: Path) -> None:
    """A server lets nobody break these rules."""
    with opened(file) as engine:
        save(engine, quote(channel("KCNA"), speaker("Anna Smith")), quote(channel("KCNA")), id="1")
        plant(str(file), sql)
        assert any(line.startswith(fault) for line in check(engine)), check(engine)


def test_each_fault_is_one_line_and_many_alike_are_counted(engine: Engine, database: str) -> None:
    save(engine, *(quote(speaker("Anna Smith")) for _ in range(SHOWN + 5)), id="1")
    plant(database, "delete from attribution_span")
    faults = check(engine)
    assert len(faults) == SHOWN + 1
    assert faults[-1] == "… and 5 more of this kind"
    assert all("\n" not in fault for fault in faults)


def test_a_database_with_everything_in_it_is_sound(record: tuple[Engine, list[Told]]) -> None:
    assert check(record[0]) == []


def test_a_merge_leaves_the_database_sound(filled: Engine) -> None:
    merge(filled, "Anna Smith", "KCNA", reviewer="hana")
    assert check(filled) == []


def test_statistics_count_rows_and_bytes(filled: Engine, database: str) -> None:
    start_run(filled, version="1", models={}, settings={})
    save(filled, id="2", outlet="Eastern Desk")
    save(filled, id="2", outlet="Eastern Desk", text=SAID + " New.")
    found = statistics(filled)
    assert {name: found[name] for name in found if name not in ("database", "bytes")} == {
        "articles": 3, "attributions": 2, "hops": 3, "sources": 2, "source_names": 2, "outlets": 1,
        "decisions": 1, "runs": 1, "statements": 0, "pairs": 0,
    }  # fmt: skip
    path = sqlite_path(database)
    assert found["bytes"] == path.stat().st_size if path else int(found["bytes"]) > 1_000_000
    assert database in str(found["database"])
