"""Finding sources by a part of a name, and what a merge would move."""

import pytest
from sqlalchemy import select

from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store import decisions
from quotetrack.store.decisions import Action, decide, undo
from quotetrack.store.engine import Engine, writing
from quotetrack.store.models import Outlet
from quotetrack.store.source_views import (
    find_names,
    merged_into,
    next_undone,
    preview_merge,
    reviewers,
    source_names,
)
from quotetrack.store.sources import show_source
from tests.store.build import channel, hear, speaker


@pytest.fixture
def heard(engine: Engine) -> Engine:
    names = ("Foreign Ministry", "Ministry of Foreign Affairs", "Ministry", "100% Media", "Kim", "Kim", "Kimberley")
    for number, name in enumerate(names):
        hear(engine, channel("KCNA"), speaker(name), id=str(number))
    decisions.add_alias(engine, "KCNA", "Korean Central News Agency", reviewer="ana")
    return engine


def found(engine: Engine, typed: str) -> list[str]:
    return [one.name for one in find_names(engine, typed)]


def test_the_best_fit_comes_first(heard: Engine) -> None:
    assert found(heard, "kim") == ["Kim", "Kimberley"]
    assert found(heard, "ministry")[:2] == ["Ministry", "Ministry of Foreign Affairs"]
    assert found(heard, "ministry foreign") == ["Foreign Ministry", "Ministry of Foreign Affairs"]
    assert found(heard, "fmin") == ["Foreign Ministry"]
    assert found(heard, "0%") == ["100% Media"]
    assert found(heard, "_") == []
    [agency] = find_names(heard, "Central news")
    assert (agency.name, agency.alias, agency.heard) == ("KCNA", "Korean Central News Agency", 7)


def test_what_is_spelled_nearly_so_is_found(heard: Engine) -> None:
    for name in ("Sergei Lavrov", "Kim Jong Un", "Kim Yo Jong"):
        hear(heard, speaker(name), id=name)
    assert found(heard, "sergey lavrow") == ["Sergei Lavrov"]
    assert found(heard, "lavorv") == ["Sergei Lavrov"]
    assert found(heard, "kim jong on")[0] == "Kim Jong Un"
    assert found(heard, "kim yo") == ["Kim Yo Jong"]
    assert found(heard, "zaharova") == []


def test_nothing_typed_gives_the_most_heard(heard: Engine) -> None:
    assert found(heard, " ")[:2] == ["KCNA", "Kim"]
    assert len(find_names(heard, "", limit=3)) == 3


def test_what_is_merged_is_found_under_the_other_name(heard: Engine) -> None:
    decisions.merge(heard, "Kimberley", "Kim", reviewer="ana")
    assert found(heard, "kimberley") == ["Kim"]
    [merged] = merged_into(heard, show_source(heard, "Kim").id)
    assert merged.name == "Kimberley"
    assert merged_into(heard, merged.id) == []


def test_a_preview_says_what_the_merge_then_does(heard: Engine) -> None:
    decisions.set_controller(heard, "Ministry", "KCNA", reviewer="ana")
    decisions.set_controller(heard, "Kim", "KCNA", reviewer="ana")
    with writing(heard) as session:
        session.add(Outlet(name="KCNA Watch", source_id=show_source(heard, "KCNA").id))
    due = preview_merge(heard, "Korean Central News Agency", "Kim")
    assert (due.source, due.into, due.hops, due.attributions) == ("KCNA", "Kim", 7, 7)
    assert due.names == ("KCNA", "Korean Central News Agency")
    assert (due.outlets, due.controlled) == (("KCNA Watch",), ("Ministry",))
    *_, moved = decisions.merge(heard, "KCNA", "Kim", reviewer="ana")
    kim = show_source(heard, "Kim")
    assert (moved, kim.aliases, show_source(heard, "Ministry").controller) == (7, due.names, "Kim")
    with writing(heard) as session:
        assert session.scalar(select(Outlet.source_id)) == kim.id
    with pytest.raises(ConflictError, match="the same source already"):
        preview_merge(heard, "KCNA", "Kim")
    with pytest.raises(NotFoundError):
        preview_merge(heard, "KCNA", "Nobody")


def test_what_undo_would_take_back_is_told(heard: Engine) -> None:
    assert next_undone(heard, "ben") is None
    decide(heard, 1, Action.ACCEPT, reviewer="ben")
    decisions.new_source(heard, "Yonhap", decisions.NewSource(), reviewer="ben")
    assert next_undone(heard, "ben") == ("accept", 1, None)
    decisions.set_country(heard, "Kim", "KP", reviewer="ben")
    assert next_undone(heard, "ben") == ("set_country", None, None)
    undo(heard, reviewer="ben")
    assert next_undone(heard, "ben") == ("accept", 1, None)
    undo(heard, reviewer="ben")
    assert next_undone(heard, "ben") is None
    assert reviewers(heard) == ["ana", "ben"]


def test_names_by_number(heard: Engine) -> None:
    id_ = show_source(heard, "Kim").id
    assert source_names(heard, [id_, id_, 999]) == {id_: "Kim"}
