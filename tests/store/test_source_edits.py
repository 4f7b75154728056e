"""What is decided about sources: logged, taken back exactly, and asked about once."""

from collections.abc import Callable
from typing import Any

import pytest

from quotetrack.domain import SourceKind
from quotetrack.errors import ConflictError, InvalidError, NotFoundError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import (
    Action,
    NewSource,
    list_matches,
    merge,
    propose_match,
    redo,
    resolve_match,
    undo,
    unmerge,
)
from quotetrack.store.engine import Engine, writing
from quotetrack.store.history import history
from quotetrack.store.sources import find_source, list_sources, show_source
from tests.store.build import channel, dump, everything, hear, raw, save, speaker

BY: Any = {"reviewer": "hana"}


@pytest.fixture
def heard(engine: Engine) -> Engine:
    """Five sources: Anna Smith, A. Smith, Kim, KCNA and TASS."""
    hear(engine, channel("KCNA"), speaker("Anna Smith"), id="1")
    hear(engine, channel("TASS"), speaker("A. Smith"), id="2")
    hear(engine, speaker("Kim"), id="3")
    save(engine, id="4", outlet="A. Smith")
    decisions.add_alias(engine, "A. Smith", "Smith the Younger", **BY)
    decisions.set_controller(engine, "TASS", "A. Smith", **BY)
    return engine


def look(database: str) -> list[Any]:
    """The sources with all that belongs to them."""
    with raw(database) as connection:
        return [
            connection.execute(sql).fetchall()
            for sql in (
                "select id, name, kind, country, controller_id, merged_into_id from source order by id",
                "select folded, source_id from source_alias order by folded",
                "select id, source_id from outlet order by id",
                "select id, source_id from hop order by id",
                "select id, state, decided_by from source_match order by id",
            )
        ]


def same_as_named(engine: Engine) -> list[str]:
    return [hop.name for row in everything(engine) for hop in row.hops]


EDITS: dict[str, Callable[[Engine], object]] = {
    "alias": lambda e: decisions.add_alias(e, "Kim", "Kim the Elder", **BY),
    "name": lambda e: decisions.rename(e, "Kim", "Kim Jong Un", **BY),
    "kind": lambda e: decisions.set_source_kind(e, "Kim", SourceKind.OFFICE, **BY),
    "controller": lambda e: decisions.set_controller(e, "Kim", "KCNA", **BY),
    "country": lambda e: decisions.set_country(e, "Kim", "kp", **BY),
    "merge": lambda e: merge(e, "A. Smith", "Anna Smith", **BY),
}


@pytest.mark.parametrize("do", EDITS.values(), ids=EDITS)
def test_each_edit_is_logged_undone_and_done_again(
    do: Callable[[Engine], object], heard: Engine, database: str
) -> None:
    before = look(database)
    do(heard)
    after = look(database)
    assert after != before
    [entry] = history(heard, limit=1)
    assert (entry.reviewer, entry.attribution_id) == ("hana", None)
    assert undo(heard, reviewer="hana") is not None
    assert look(database) == before
    assert redo(heard, reviewer="hana") is not None
    assert look(database) == after
    assert check(heard) == []


def test_un_merging_is_exact(heard: Engine, database: str) -> None:
    before = look(database)
    merge(heard, "A. Smith", "Anna Smith", **BY)
    assert show_source(heard, "TASS").controller == "Anna Smith"
    assert unmerge(heard, "A. Smith", **BY) == ("A. Smith", "Anna Smith", 2)
    assert look(database) == before
    assert check(heard) == []
    undo(heard, reviewer="hana")
    assert show_source(heard, "A. Smith").name == "Anna Smith"
    undo(heard, reviewer="hana")
    assert look(database) == before


def test_what_was_said_under_the_name_meanwhile_goes_back_too_and_nothing_else_does(heard: Engine) -> None:
    merge(heard, "A. Smith", "Anna Smith", **BY)
    hear(heard, speaker("a. smith"), id="5")
    hear(heard, speaker("Anna Smith"), id="6")
    decisions.add_alias(heard, "Anna Smith", "Dr Smith", **BY)
    decisions.set_source_kind(heard, "Anna Smith", SourceKind.OFFICE, **BY)
    decisions.set_controller(heard, "TASS", "KCNA", **BY)
    assert unmerge(heard, "Smith the Younger", reviewer="ben")[0] == "A. Smith"
    assert same_as_named(heard) == ["KCNA", "Anna Smith", "TASS", "A. Smith", "Kim", "A. Smith", "Anna Smith"]
    anna = show_source(heard, "Anna Smith")
    assert (anna.aliases, anna.kind, anna.spoken) == (("Dr Smith",), "office", 2)
    assert show_source(heard, "TASS").controller == "KCNA"
    assert check(heard) == []


@pytest.mark.parametrize("order", [("A. Smith", "Anna Smith"), ("Anna Smith", "A. Smith")])
def test_un_merging_along_a_chain(order: tuple[str, str], heard: Engine, database: str) -> None:
    before = look(database)
    merge(heard, "A. Smith", "Anna Smith", **BY)
    merge(heard, "Anna Smith", "Kim", **BY)
    assert same_as_named(heard) == ["KCNA", "Kim", "TASS", "Kim", "Kim"]
    unmerge(heard, order[0], **BY)
    left = "Kim" if order[0] == "A. Smith" else "Anna Smith"
    assert same_as_named(heard)[1] == left
    assert check(heard) == []
    unmerge(heard, order[1], **BY)
    assert look(database) == before
    assert check(heard) == []


def test_merging_again_after_un_merging(heard: Engine) -> None:
    for _ in range(3):
        merge(heard, "A. Smith", "Anna Smith", **BY)
        unmerge(heard, "A. Smith", **BY)
    merge(heard, "A. Smith", "Kim", **BY)
    assert unmerge(heard, "A. Smith", **BY)[1] == "Kim"
    assert check(heard) == []


def test_what_was_never_merged_cannot_be_un_merged(heard: Engine) -> None:
    with pytest.raises(ConflictError, match=r"No merge of 'Kim'"):
        unmerge(heard, "Kim", **BY)
    with pytest.raises(NotFoundError):
        unmerge(heard, "Nobody", **BY)


def test_an_undo_of_what_another_changed_is_refused(heard: Engine, database: str) -> None:
    merge(heard, "A. Smith", "Anna Smith", **BY)
    merge(heard, "Anna Smith", "Kim", reviewer="ben")
    before = dump(database)
    with pytest.raises(ConflictError, match=r"changed by ben \(merge_sources\)") as refused:
        undo(heard, reviewer="hana")
    assert refused.value.by == "ben"
    assert dump(database) == before


def test_decisions_before_a_merge_are_undone_after_it(heard: Engine) -> None:
    """A hop goes where its name is now."""
    decisions.set_speaker(heard, 2, "Kim", **BY)
    merge(heard, "A. Smith", "Anna Smith", reviewer="ben")
    assert check(heard) == []
    undo(heard, reviewer="hana")
    assert same_as_named(heard)[3] == "Anna Smith"
    unmerge(heard, "A. Smith", reviewer="ben")
    assert same_as_named(heard)[3] == "A. Smith"
    assert check(heard) == []


@pytest.mark.parametrize("country", ["K", "KPR", "4P", "北朝"])
def test_a_country_is_two_letters(country: str, heard: Engine) -> None:
    with pytest.raises(InvalidError, match="code of two letters"):
        decisions.set_country(heard, "Kim", country, **BY)


def test_a_new_source_has_its_name_and_is_the_users(heard: Engine) -> None:
    number = decisions.new_source(heard, "Harbour Office", NewSource(SourceKind.OFFICE, "KCNA", "kp"), **BY)
    row = show_source(heard, f"#{number}")
    assert (row.name, row.kind, row.controller, row.country, row.origin) == (
        "Harbour Office",
        "office",
        "KCNA",
        "KP",
        "user",
    )
    with pytest.raises(ConflictError, match="is a name of Kim"):
        decisions.new_source(heard, "KIM", NewSource(), **BY)
    assert len([s for s in list_sources(heard) if s.name == "KIM"]) == 0


# Matches.


def propose(engine: Engine, one: str, other: str, score: float = 0.8) -> int | None:
    with writing(engine) as session:
        first, second = (find_source(session, name).id for name in (one, other))
        return propose_match(session, first, second, score, "same surname")


def test_a_pair_is_asked_about_once_whichever_way_round(heard: Engine) -> None:
    first = propose(heard, "A. Smith", "Anna Smith")
    assert first is not None
    assert propose(heard, "A. Smith", "Anna Smith", 0.9) == propose(heard, "Anna Smith", "A. Smith") == first
    [row] = list_matches(heard)
    assert (row.source, row.candidate, row.score, row.reason) == ("A. Smith", "Anna Smith", 0.8, "same surname")
    assert (row.source_heard, row.candidate_heard, row.state) == (1, 1, "pending")
    resolve_match(heard, first, same=False, **BY)
    assert list_matches(heard) == []
    assert propose(heard, "Anna Smith", "A. Smith") == first
    assert [m.decided_by for m in list_matches(heard, state="different")] == ["hana"]
    assert list_matches(heard) == []


@pytest.mark.parametrize("same", [True, False])
def test_a_word_on_a_match_is_undone_and_done_again(same: bool, heard: Engine, database: str) -> None:
    number = propose(heard, "A. Smith", "Anna Smith")
    assert number is not None
    before = look(database)
    done = resolve_match(heard, number, same=same, **BY)
    assert done.action == (Action.MATCH_SAME if same else Action.MATCH_DIFFERENT)
    after = look(database)
    assert same_as_named(heard)[3] == ("Anna Smith" if same else "A. Smith")
    with pytest.raises(ConflictError, match="decided by hana"):
        resolve_match(heard, number, same=not same, reviewer="ben")
    undo(heard, reviewer="hana")
    assert look(database) == before
    redo(heard, reviewer="hana")
    assert look(database) == after
    assert check(heard) == []


def test_merging_by_hand_answers_the_match_and_un_merging_asks_again(heard: Engine) -> None:
    propose(heard, "A. Smith", "Anna Smith")
    propose(heard, "A. Smith", "Kim", 0.3)
    merge(heard, "Anna Smith", "A. Smith", **BY)
    assert [m.score for m in list_matches(heard)] == [0.3]
    assert propose(heard, "A. Smith", "Anna Smith") is None
    unmerge(heard, "Anna Smith", **BY)
    assert [m.score for m in list_matches(heard)] == [0.8, 0.3]
    with pytest.raises(NotFoundError, match="99"):
        resolve_match(heard, 99, same=True, **BY)


def test_matches_come_page_by_page_the_likeliest_first(heard: Engine) -> None:
    names = ("Anna Smith", "A. Smith", "Kim", "KCNA", "TASS")
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            propose(heard, one, other, 0.5 if "K" in other else 0.7)
    whole = list_matches(heard)
    assert [m.score for m in whole] == sorted((m.score for m in whole), reverse=True)
    assert len(whole) == 10
    seen, after = [], None
    while page := list_matches(heard, limit=3, after=after):
        seen += page
        after = page[-1]
    assert seen == whole
