"""Comparing articles: what is suggested, once, whatever stops it, and at what cost."""

import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from quotetrack.domain import Relation, Verdict
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, decide, relate
from quotetrack.store.engine import Engine, reading, writing
from quotetrack.store.models import AttributionRow, Statement, StatementLink, StatementPair
from quotetrack.store.statements.candidates import MOST_COMPARED
from quotetrack.store.statements.outcomes import record_outcome
from quotetrack.store.statements.pairs import list_pairs
from quotetrack.store.statements.suggest import MOST_PAIRS, WINDOW, forget, suggest
from tests.store.build import opened, speaker
from tests.store.large import large_database
from tests.store.telling import (
    AGAIN,
    CHOIR,
    COST,
    DENIED,
    FLATLY,
    LORRIES,
    MORE,
    tell,
    told,
    waiting_articles,
)


def found(engine: Engine) -> dict[tuple[int, int | None], str]:
    with reading(engine) as session:
        return {(p.first_id, p.second_id): p.suggested for p in session.scalars(select(StatementPair))}


def members(engine: Engine) -> dict[int, set[int]]:
    with reading(engine) as session:
        groups: dict[int, set[int]] = {id_: set() for id_ in session.scalars(select(Statement.id))}
        for link in session.scalars(select(StatementLink)):
            groups[link.statement_id].add(link.attribution_id)
        return groups


def test_what_is_suggested_of_several_articles(engine: Engine) -> None:
    done, (one, again, denied, cost, more, choir) = told(engine)
    pairs = found(engine)
    assert pairs[one, again] in ("same_words", "same_claim")
    assert pairs[one, denied] == pairs[again, denied] == "tension"
    assert pairs[cost, more] == "update"
    assert not any(choir in pair for pair in pairs)
    assert list(members(engine).values()) == [{one, again}]
    assert done.articles == done.attributions == 6
    assert sum(done.pairs.values()) == len(pairs)
    assert done.statements == 1
    assert not done.capped
    assert not waiting_articles(engine)
    assert check(engine) == []


def test_comparing_again_changes_nothing(engine: Engine) -> None:
    told(engine)
    before = found(engine), members(engine)
    assert suggest(engine).articles == 0
    forget(engine)
    assert suggest(engine).articles == 6
    assert (found(engine), members(engine)) == before


def test_stopped_and_gone_on_with_it_is_the_same(engine: Engine) -> None:
    for number, content in enumerate((LORRIES, AGAIN, DENIED, COST, MORE, CHOIR)):
        tell(engine, content, day=number)
    asked = iter([False, False, True])
    first = suggest(engine, stop=lambda: next(asked))
    assert (first.articles, first.interrupted, waiting_articles(engine)) == (2, True, 4)
    assert suggest(engine).articles == 4
    whole = found(engine), set(map(frozenset, members(engine).values()))
    forget(engine)
    suggest(engine)
    assert (found(engine), set(map(frozenset, members(engine).values()))) == whole


def test_articles_far_apart_are_not_compared(engine: Engine) -> None:
    tell(engine, LORRIES)
    near, far = tell(engine, AGAIN, day=WINDOW - 1), tell(engine, LORRIES, day=WINDOW + 1)
    suggest(engine)
    assert set(found(engine)) == {(1, near), (near, far)}
    forget(engine)
    suggest(engine, window=WINDOW + 1)
    assert set(found(engine)) == {(1, near), (near, far), (1, far)}


def test_only_articles_since_a_day(engine: Engine) -> None:
    for number in range(4):
        tell(engine, LORRIES, day=number)
    with reading(engine) as session:
        dated = session.scalars(select(AttributionRow.dated).order_by(AttributionRow.id)).all()
    assert suggest(engine, since=dated[2]).articles == 2
    assert suggest(engine).articles == 2


def test_what_a_reviewer_decided_stays(engine: Engine) -> None:
    _, (one, again, *_) = told(engine)
    [pair] = [row for row in list_pairs(engine) if row.first.id == one and row.second and row.second.id == again]
    relate(engine, pair.id, Relation.UNRELATED, reviewer="hana")
    forget(engine)
    suggest(engine)
    with reading(engine) as session:
        kept = session.get_one(StatementPair, pair.id)
        assert (kept.relation, kept.decided_by) == ("unrelated", "hana")
    assert members(engine) == {}
    decisions.undo(engine, reviewer="hana")
    forget(engine)
    suggest(engine)
    assert pair.id in {row.id for row in list_pairs(engine)}
    assert list(members(engine).values()) == [{one, again}]
    assert check(engine) == []


def test_what_is_rejected_says_nothing(engine: Engine) -> None:
    one = tell(engine, LORRIES)
    decide(engine, one, Action.REJECT, reviewer="hana")
    other = tell(engine, AGAIN, day=1)
    assert not suggest(engine).pairs
    third = tell(engine, AGAIN, day=2)
    suggest(engine)
    assert set(found(engine)) == {(other, third)}
    decide(engine, other, Action.REJECT, reviewer="hana")
    assert list_pairs(engine) == []


def test_an_article_is_not_compared_with_its_own_versions(engine: Engine) -> None:
    tell(engine, LORRIES, id="a")
    new = tell(engine, AGAIN, id="a")
    other = tell(engine, LORRIES, day=1, id="b")
    suggest(engine)
    assert set(found(engine)) == {(new, other)}


def test_a_new_version_takes_the_place_of_the_old_in_its_statement(engine: Engine) -> None:
    tell(engine, LORRIES, id="a")
    other = tell(engine, AGAIN, day=1, id="b")
    suggest(engine)
    [statement] = members(engine)
    new = tell(engine, "in October " + LORRIES, id="a")
    suggest(engine)
    assert members(engine) == {statement: {other, new}}


def test_the_attribution_that_was_lost_on_the_way(engine: Engine) -> None:
    one = tell(engine, LORRIES)
    tell(engine, CHOIR, day=1, also=FLATLY, outlet="Ранок")
    suggest(engine)
    [row] = list_pairs(engine)
    assert (row.suggested, row.first.id, row.second) == (Relation.UNATTRIBUTED, one, None)
    assert row.flat is not None
    assert (row.flat.text, row.flat.outlet) == (FLATLY, "Ранок")
    assert members(engine) == {}


def test_what_was_flat_first_has_lost_nothing(engine: Engine) -> None:
    tell(engine, CHOIR, also=FLATLY)
    tell(engine, LORRIES, day=1)
    assert not suggest(engine).pairs


def test_an_older_article_that_comes_later_is_compared_with_what_is_flat_in_newer_ones(engine: Engine) -> None:
    tell(engine, LORRIES, day=1, outlet="Late", also=FLATLY.replace("bridge", "bridge at last"))
    suggest(engine)
    late = tell(engine, AGAIN, day=0)
    suggest(engine)
    assert (late, None) in found(engine)


def test_a_sentence_that_everybody_repeats_costs_no_more_each_time(engine: Engine) -> None:
    times = 3 * MOST_COMPARED
    for number in range(times):
        tell(
            engine,
            LORRIES,
            speaker(f"Speaker {chr(65 + number % 26)}{number // 26}ne"),
            day=number // 8,
            id=str(number),
        )
    done = suggest(engine)
    assert sum(done.pairs.values()) <= times * MOST_PAIRS
    assert done.capped > times / 2
    assert [len(group) for group in members(engine).values()] == [times]


def test_statements_with_outcomes_outlive_their_pairs(engine: Engine) -> None:
    told(engine)
    [(statement, before)] = members(engine).items()
    record_outcome(engine, statement, Verdict.FAILED, day=date(2025, 11, 1), note="shut", reviewer="hana")
    with writing(engine) as session:
        session.execute(delete(StatementPair))
    forget(engine)
    suggest(engine)
    assert members(engine) == {statement: before}


@pytest.mark.slow
def test_a_large_database_is_compared_at_a_steady_pace(tmp_path: Path) -> None:
    """The later half of the articles takes no longer than the first, by far: nothing grows with the database."""
    path = large_database(tmp_path / "large.sqlite", 12_000, sources=2_000, decided=0)
    with opened(path) as engine:
        seconds = []
        for _ in range(2):
            started, left = time.process_time(), iter([False] * 300 + [True])
            done = suggest(engine, stop=lambda left=left: next(left))  # type: ignore[misc]
            seconds.append((time.process_time() - started) / done.articles)
    assert seconds[1] < 2 * seconds[0]
