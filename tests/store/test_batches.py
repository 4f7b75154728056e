"""Acts on several attributions: what is shown is what is done, and one undo takes all of it back."""

from dataclasses import replace

import pytest

from quotetrack.domain import Kind
from quotetrack.errors import ConflictError, NotFoundError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import (
    Action,
    ChainFix,
    NewSource,
    accept_all,
    decide,
    fix_all,
    preview_accept,
    preview_fix,
    redo,
    undo,
)
from quotetrack.store.engine import Engine
from quotetrack.store.queries import get_quote
from quotetrack.store.sources import list_sources
from tests.store.build import SAID, channel, dump, everything, quote, save, speaker


@pytest.fixture
def five(engine: Engine) -> Engine:
    """1, 2, 4 and 5 by one speaker, 2 through a channel, 4 rejected; 6 by the same in another article."""
    by_her = quote(speaker("Anna Smith"), confidence=0.9)
    save(
        engine, by_her, quote(channel("KCNA"), speaker("anna smith"), confidence=0.8),
        quote(speaker("Kim"), confidence=0.7), by_her, replace(by_her, confidence=0.2), id="1",
    )  # fmt: skip
    save(engine, by_her, id="2", text=SAID + " Then.")
    decide(engine, 4, Action.REJECT, reviewer="ben")
    return engine


def speakers(engine: Engine) -> list[str]:
    return [row.speaker.name if row.speaker else "" for row in everything(engine)]


def statuses(engine: Engine) -> list[str]:
    return [row.status[0] for row in everything(engine)]


def test_a_preview_writes_nothing_and_is_what_is_done(five: Engine, database: str) -> None:
    before = dump(database)
    fix = ChainFix(("Kim Yo Jong",), only_speaker=True, new=NewSource())
    plan = preview_fix(five, 1, fix)
    accepting = preview_accept(five, 1, 0.5)
    assert dump(database) == before
    assert [p.attribution_id for p in plan] == [1, 2, 5]
    assert [p.differences for p in plan] == [
        ["status pending → accepted", "chain Anna Smith → Kim Yo Jong"],
        ["chain KCNA > anna smith → KCNA > Kim Yo Jong"],
        ["chain Anna Smith → Kim Yo Jong"],
    ]
    assert [(p.attribution_id, p.differences) for p in accepting] == [
        (id_, ["status pending → accepted"]) for id_ in (1, 2, 3)
    ]
    done = fix_all(five, 1, fix, reviewer="hana", seen=plan)
    assert [one.attribution_id for one in (done, *done.also)] == [1, 2, 5]
    for planned in plan:
        row = get_quote(five, planned.attribution_id)
        assert row.status == planned.after.status
        assert [hop.name for hop in row.hops] == [hop.name for hop in planned.after.hops]
    assert len([s for s in list_sources(five) if s.name == "Kim Yo Jong"]) == 1
    assert check(five) == []


@pytest.mark.parametrize("accept_others", [False, True])
def test_one_fix_for_all_of_the_same_name_and_one_undo(accept_others: bool, five: Engine) -> None:
    fix = ChainFix(("Kim",), only_speaker=True)
    fix_all(five, 5, fix, reviewer="hana", accept_others=accept_others)
    assert speakers(five) == ["Kim", "Kim", "Kim", "Anna Smith", "Kim", "Anna Smith"]
    assert "".join(statuses(five)) == ("aaprap" if accept_others else "ppprap")
    assert (undone := undo(five, reviewer="hana")) is not None
    assert len(undone.also) == 2
    assert speakers(five) == ["Anna Smith", "Anna Smith", "Kim", "Anna Smith", "Anna Smith", "Anna Smith"]
    assert "".join(statuses(five)) == "ppprpp"
    assert undo(five, reviewer="hana") is None
    assert (again := redo(five, reviewer="hana")) is not None
    assert len(again.also) == 2
    assert speakers(five)[:5] == ["Kim", "Kim", "Kim", "Anna Smith", "Kim"]
    assert check(five) == []


def test_a_chain_is_mended_only_where_the_whole_chain_is_the_same(five: Engine) -> None:
    fix_all(five, 1, ChainFix(("KCNA", "Kim")), reviewer="hana")
    chains = [" ".join(hop.name for hop in row.hops) for row in everything(five)]
    assert chains == ["KCNA Kim", "KCNA Anna Smith", "Kim", "Anna Smith", "KCNA Kim", "Anna Smith"]


def test_accepting_all_above_a_confidence_and_one_undo(five: Engine) -> None:
    decisions.set_kind(five, 3, Kind.MIXED, reviewer="hana", accept=False)
    done = accept_all(five, 1, 0.5, reviewer="hana")
    assert done is not None
    assert "".join(statuses(five)) == "aaarpp"
    undo(five, reviewer="hana")
    assert "".join(statuses(five)) == "ppprpp"
    assert get_quote(five, 3).kind == "mixed"
    undo(five, reviewer="hana")
    assert get_quote(five, 3).kind == "indirect"
    assert accept_all(five, 1, 0.95, reviewer="hana") is None
    with pytest.raises(NotFoundError):
        accept_all(five, 99, 0.5, reviewer="hana")
    assert check(five) == []


def test_a_batch_that_is_no_longer_as_shown_is_refused(five: Engine, database: str) -> None:
    fix = ChainFix(("Kim",), only_speaker=True)
    fixing, accepting = preview_fix(five, 1, fix), preview_accept(five, 1, 0.5)
    decide(five, 2, Action.ACCEPT, reviewer="ben")
    before = dump(database)
    with pytest.raises(ConflictError, match="since the preview"):
        fix_all(five, 1, fix, reviewer="hana", seen=fixing)
    with pytest.raises(ConflictError, match="since the preview"):
        accept_all(five, 1, 0.5, reviewer="hana", seen=accepting)
    assert dump(database) == before


def test_a_batch_of_which_another_changed_a_part_is_not_undone_in_part(five: Engine, database: str) -> None:
    decide(five, 6, Action.ACCEPT, reviewer="hana")
    accept_all(five, 1, 0.5, reviewer="hana")
    decide(five, 2, Action.REJECT, reviewer="ben")
    before = dump(database)
    with pytest.raises(ConflictError, match=r"attribution 2 stays: it was changed since by ben \(reject\)"):
        undo(five, reviewer="hana")
    assert dump(database) == before
    assert (done := undo(five, reviewer="hana", past=True)) is not None
    assert (done.attribution_id, "".join(statuses(five))) == (6, "ararpp")
    assert undo(five, reviewer="ben") is not None
    assert (done := undo(five, reviewer="hana")) is not None
    assert len(done.also) == 2
    assert check(five) == []
