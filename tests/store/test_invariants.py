"""Each rule finds the one row that breaks it, says which it is, and says nothing else."""

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest

from quotetrack.domain import Relation
from quotetrack.errors import DatabaseError, QuotetrackError
from quotetrack.store import invariants
from quotetrack.store.check import LOOKS, check, findings
from quotetrack.store.decisions import Action, NewSource, decide, merge, new_source, set_controller, undo
from quotetrack.store.engine import Engine, writing
from quotetrack.store.models import StatementPair
from quotetrack.store.queries import Filter, count_quotes
from quotetrack.store.sources import known_sources, show_source
from tests.store.build import SAID, at, channel, opened, plant, quote, raw, save, speaker

TEXT = "its text is not the one that was stored"
CONTENT = "what is kept of its content is not what stands there"
NOWHERE = "which is nowhere in the text"
STEP = "search: the index of words is out of step with the contents, so that some will not be found"
GAP = "the positions of its hops have a gap"
BROKEN = {
    "update attribution set kind = 'hearsay' where id = 1": "attribution 1: its kind is 'hearsay', which is none",
    "update attribution set polarity = 'no' where id = 1": "attribution 1: its polarity is 'no', which is none",
    "update attribution_span set role = 'x' where role = 'cue'": "attribution_span 2: its role is 'x', which is none",
    "update hop set role = 'editor' where id = 1": "hop 1: its role is 'editor', which is none",
    "update hop set source_class = 'ghost' where id = 1": "hop 1: its source_class is 'ghost', which is none",
    "update source set kind = 'ghost' where id = 1": "source 1: its kind is 'ghost', which is none",
    "update article set text = text || ' And more.' where id = 1": f"article 1: {TEXT}",
    "update article set sha256 = 'x' where id = 1": f"article 1: {TEXT}",
    'update attribution_span set "end" = 51 where id = 1':
        "attribution 1: its content ends at 51, in a text of 50 characters",
    'update attribution_span set "end" = 49 where id = 1': f"attribution 1: {CONTENT}",
    "update attribution_span set start = 1 where id = 1": f"attribution 1: {CONTENT}",
    "update attribution set content_text = 'rockets' where id = 1": f"attribution 1: {CONTENT}",
    'update hop set start = 40, "end" = 51 where id = 1': f"attribution 1: hop 0 is placed at 40-51, {NOWHERE}",
    'update hop set start = 4, "end" = 4 where id = 2': f"attribution 1: hop 1 is placed at 4-4, {NOWHERE}",
    "update hop set start = 4 where id = 2": f"attribution 1: hop 1 is placed at 4-None, {NOWHERE}",
    "delete from attribution_span where attribution_id = 1 and role = 'content'": "attribution 1 has no content",
    "insert into attribution_span (attribution_id, role, start, \"end\") values (1, 'source', 5, 9), "
    "(1, 'source', 8, 12)": "attribution 1: pieces of its source overlap",
    "insert into attribution_span (attribution_id, role, start, \"end\") values (1, 'source', 5, 9), "
    "(1, 'source', 6, 7)": "attribution 1: pieces of its source overlap",
    "update hop set position = 5 where id = 2": f"attribution 1: {GAP}",
    "update hop set position = position + 10 where attribution_id = 1": f"attribution 1: {GAP}",
    "delete from hop where id = 1": f"attribution 1: {GAP}",
    "update hop set role = 'speaker' where id = 1": "attribution 1: its speaker is not the last hop",
    "update attribution set parent_id = 1 where id = 1": "attribution 1 is nested in itself",
    "update attribution set parent_id = 5 - id where id in (1, 4)":
        "attribution 1 is nested in itself by way of 4",
    "update attribution set parent_id = 5 where id = 1": "attribution 1 is nested in 5, which is in another article",
    "update attribution set duplicate_of_id = 1 where id = 1": "attribution 1 is a duplicate of itself",
    "update attribution set duplicate_of_id = 5 - id where id in (1, 4)":
        "attribution 1 is a duplicate of itself by way of 4",
    "update article set is_current = false where id = 1":
        "article 'id:Eastern Desk/1' does not have exactly one current version",
    "update article set is_current = true where id = 2": "article 'id:/2' does not have exactly one current version",
    "update article set is_current = (id = 2) where id in (2, 3)":
        "article 'id:/2': version 1 is the current one, and 2 is newer",
    "update attribution set dated = '2001-01-01 00:00:00.000000' where id = 1":
        "attribution 1 is not dated as its article is",
    "update source set merged_into_id = 1 where id = 2": "source 2 is merged into another and still has names or hops",
    "update source set merged_into_id = 7 - id where id in (3, 4)": "source 3 is merged into itself by way of 4",
    "update source set controller_id = 3 - id where id in (1, 2)": "source 1 controls itself by way of 2",
    "delete from source_alias where source_id = 2": "source 2 has no name",
    "update source set name = 'A. Smith' where id = 2": "source 2: 'A. Smith' is none of its names",
    "update source_alias set name = 'AS' where folded = 'harbour office'":
        "source 1: its name 'AS' is filed under 'harbour office'",
    "update outlet set lowered = 'x'": "outlet 1: its name 'Eastern Desk' is filed under 'x'",
    "update decision set undoes_id = id where action = 'undo'":
        "decision {undo} takes back {undo}, which is no earlier one on the same",
    "update decision set undoes_id = (select id from decision where attribution_id = 2) where action = 'undo'":
        "decision {undo} takes back {first}, which is no earlier one on the same",
    "update attribution set status = 'accepted' where id = 1":
        "attribution 1 is accepted, but its decisions make it pending",
    "update attribution set status = 'rejected' where id = 2":
        "attribution 2 is rejected, but its decisions make it accepted",
    "update attribution set kind = 'mixed' where id = 2":
        "attribution 2 is not what its decisions make it: kind indirect → mixed",
    "delete from decision where attribution_id = 2": "attribution 2 is accepted, but its decisions make it pending",
    "update statement_pair set relation = 'tension' where id = 1":
        "pair 1 is tension, but its decisions make it undecided",
    "update statement_pair set suggested = 'so' where id = 1": "statement_pair 1: its suggested is 'so', which is none",
    'update statement_pair set "end" = 57 where id = 2': "pair 2: its sentence ends at 57, in a text of 56 characters",
}  # fmt: skip


def stored(engine: Engine) -> Engine:
    """Attributions 1 to 4 of article 1, 5 and 6 of the two versions of another; sources 3 and 4 are part of 1."""
    first = replace(quote(channel("KCNA"), speaker("Anna Smith")), cue=(at(SAID, "said"),))
    others = quote(channel("KCNA")), quote(speaker("Anna Smith")), quote(speaker("Anna Smith"))
    save(engine, first, *others, id="1", outlet="Eastern Desk")
    for text in (SAID, SAID + " Soon."):
        save(engine, quote(speaker("Anna Smith"), text=text), id="2", text=text)
    for name in ("Harbour Office", "Port Authority"):
        new_source(engine, name, NewSource(), reviewer="hana")
        merge(engine, name, "KCNA", reviewer="hana")
    decide(engine, 2, Action.ACCEPT, reviewer="hana")
    decide(engine, 3, Action.REJECT, reviewer="hana")
    undo(engine, reviewer="hana")
    with writing(engine) as session:
        like = {"first_id": 1, "suggested": Relation.SAME_CLAIM, "score": 0.5}
        session.add(StatementPair(second_id=6, **like))
        session.flush()
        session.add(StatementPair(article_id=3, start=0, end=50, **like))
    return engine


@pytest.fixture
def sound(engine: Engine) -> Engine:
    assert check(stored(engine)) == []
    return engine


@pytest.mark.parametrize(("sql", "fault"), BROKEN.items(), ids=range(len(BROKEN)))
def test_the_row_that_is_broken_is_the_one_that_is_named(sql: str, fault: str, sound: Engine, database: str) -> None:
    plant(database, sql)
    with raw(database) as connection:
        ids = dict(connection.execute("select action, id from decision where action in ('accept', 'undo')").fetchall())
    assert check(sound) == [fault.format_map({"first": ids.get("accept"), "undo": ids["undo"]})]


ORPHANS = {
    "insert into attribution_span (attribution_id, role, start, \"end\") values (99, 'cue', 1, 2)":
        ("attribution_span", "attribution"),
    "insert into hop (attribution_id, position, role, source_id, source_class, name, made_by) "
    "values (99, 0, 'speaker', 1, 'person', 'A', 'x')": ("hop", "attribution"),
    "update hop set source_id = 99 where id = 1": ("hop", "source"),
    "insert into statement_link (statement_id, attribution_id, relation) values (99, 1, 'makes')":
        ("statement_link", "statement"),
    "insert into statement (id, label, created) values (1, 'x', '2025-01-01'); "
    "insert into statement_link (statement_id, attribution_id, relation) values (1, 99, 'makes')":
        ("statement_link", "attribution"),
    "update decision set attribution_id = 99 where attribution_id = 2; update attribution set status = 'pending'":
        ("decision", "attribution"),
    "update decision set article_id = 99 where attribution_id = 2": ("decision", "article"),
    "update decision set source_id = 99 where action = 'new_source' and source_id = 3": ("decision", "source"),
    "update article set outlet_id = 99 where id = 1": ("article", "outlet"),
    "update attribution set run_id = 99 where id = 1": ("attribution", "run"),
    "update attribution set parent_id = 99 where id = 1": ("attribution", "attribution"),
    "update source set controller_id = 99 where id = 1": ("source", "source"),
    "update source_alias set source_id = 99 where folded = 'harbour office'": ("source_alias", "source"),
    "update outlet set source_id = 99": ("outlet", "source"),
    "insert into claim (attribution_id, reviewer, until) values (99, 'ben', '2025-01-01')": ("claim", "attribution"),
    "insert into source_match (source_id, candidate_id, score, reason, state) values (1, 99, 0.5, 'x', 'pending')":
        ("source_match", "source"),
}  # fmt: skip
NO_ROWS = {
    "update attribution set confidence = 7 where id = 1": "integrity: CHECK constraint failed in attribution",
    "update source set controller_id = id where id = 1": "integrity: CHECK constraint failed in source",
    "update decision set before = '{' where attribution_id = 2": "decision {first}: its before is no JSON",
    "update attribution set steps = 'x' where id = 1": "attribution 1: its steps is no JSON",
    "drop trigger attribution_fts_delete":
        "search: the trigger attribution_fts_delete is missing, so that new words will not be found",
    "insert into attribution_fts (attribution_fts, rowid, content_text) "
    "select 'delete', id, content_text from attribution where id = 1": STEP,
    "insert into attribution_fts (rowid, content_text) values (99, 'rockets')": STEP,
    "update attribution_fts_data set block = x'00' where id > 10": STEP,
}  # fmt: skip


@pytest.mark.parametrize(("sql", "where"), ORPHANS.items(), ids=range(len(ORPHANS)))
def test_orphans_are_found(sql: str, where: tuple[str, str], file: Path) -> None:
    """On a server nobody can make them."""
    with opened(file) as engine:
        stored(engine)
        plant(str(file), sql)
        [fault] = check(engine)
        assert fault.startswith(f"foreign key: {where[0]} row ")
        assert fault.endswith(f" points at no {where[1]}")


@pytest.mark.parametrize(("sql", "fault"), NO_ROWS.items(), ids=range(len(NO_ROWS)))
def test_what_only_a_file_can_suffer_is_found(sql: str, fault: str, file: Path) -> None:
    with opened(file) as engine:
        stored(engine)
        plant(str(file), sql)
        with raw(file) as connection:
            [(first,)] = connection.execute("select id from decision where action = 'accept'").fetchall()
        assert fault.format(first=first) in check(engine)


def test_words_that_are_out_of_step_are_not_found(file: Path) -> None:
    """So the rule on the index of words is about something."""
    with opened(file) as engine:
        stored(engine)
        plant(str(file), "drop trigger attribution_fts_update; update attribution set content_text = 'rockets'")
        assert count_quotes(engine, Filter(text="rockets")) == 0
        assert STEP in check(engine)


def test_what_cannot_be_read_is_a_fault_and_the_other_rules_are_kept(file: Path) -> None:
    with opened(file) as engine:
        stored(engine)
        plant(str(file), "update decision set before = '{', after = '{'; update hop set position = 7 where id = 1")
        found = dict(findings(engine))
        assert tuple(found) == LOOKS
        assert len(found["values"]) > 5
        assert found["chains"] == [f"attribution 1: {GAP}", "attribution 1: its speaker is not the last hop"][::-1]
        [unread] = found["decided"]
        assert unread.startswith("what the rule on decided is about cannot be read: The database ")
        assert "JSONDecodeError" in unread
        assert "\n" not in unread


@pytest.mark.parametrize("column", ["merged_into_id", "controller_id"])
def test_sources_in_a_circle_stop_nothing_for_ever(column: str, sound: Engine, database: str) -> None:
    plant(database, f"update source set {column} = 7 - id where id in (3, 4)")
    for act in (
        lambda: show_source(sound, "#3"),
        lambda: set_controller(sound, "Anna Smith", "#3", reviewer="hana"),
        lambda: merge(sound, "#3", "Anna Smith", reviewer="hana"),
        lambda: undo(sound, reviewer="hana"),
    ):
        with contextlib.suppress(QuotetrackError):
            act()


def test_a_catalogue_in_which_sources_control_one_another_is_no_traceback(sound: Engine, database: str) -> None:
    plant(database, "update source set controller_id = 3 - id, edited = '[\"controller\"]' where id in (1, 2)")
    with pytest.raises(DatabaseError, match=r"controls itself by way of .* `quotetrack db check` lists what is broken"):
        known_sources(sound)


def test_circles_are_found_once_each_whatever_leads_into_them() -> None:
    """Three circles, one of them of a single row, and a long tail that leads into one."""
    above = {1: 2, 2: 3, 3: 1, 9: 9, 5: 4, 4: 5, 6: 5} | {n: n - 1 for n in range(1_001, 200_000)} | {1_000: 6}
    assert sorted(invariants.around(above)) == [(1, 2, 3), (4, 5), (9,)]
