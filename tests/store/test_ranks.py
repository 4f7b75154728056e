"""The queue by impact: what is least certain and most heard comes first, and is kept so."""

from math import log

import pytest

from quotetrack.store.decisions import Action, decide
from quotetrack.store.engine import Engine
from quotetrack.store.queries import Filter, list_quotes
from quotetrack.store.ranks import rank, refresh_ranks
from tests.store.build import channel, quote, raw, save, speaker


def stored(database: str) -> dict[int, float]:
    with raw(database) as connection:
        return dict(connection.execute("select id, rank from attribution"))


def test_uncertainty_and_impact_both_raise_it() -> None:
    assert rank(0.5, 0, 1) == -0.5
    assert rank(0.2, 3, 1) < rank(0.5, 3, 1) < rank(0.9, 3, 1) < rank(1.0, 3, 1) == 0
    assert rank(0.5, 100, 1) < rank(0.5, 3, 1)
    assert rank(0.5, 3, 20) < rank(0.5, 3, 2)


def test_it_is_stored_with_each_attribution_and_worked_out_anew_when_asked(engine: Engine, database: str) -> None:
    save(engine, quote(channel("KCNA"), speaker("Anna Smith"), confidence=0.5), id="1")
    save(engine, quote(speaker("Kim"), confidence=0.5), quote(confidence=0.5), id="2")
    save(engine, quote(channel("KCNA"), speaker("Kim"), confidence=0.5), id="3")
    assert stored(database) == pytest.approx(
        {1: -0.5, 2: -0.5 * (1 + log(2)), 3: -0.5 * (1 + log(2)), 4: -0.5 * (1 + log(2))}
    )
    assert refresh_ranks(engine) == 3
    due = {1: -0.5 * (1 + log(3)), 2: -0.5 * (1 + log(3) + log(2)), 3: -0.5 * (1 + log(2)), 4: -0.5 * (1 + log(3))}
    assert stored(database) == pytest.approx(due)
    assert refresh_ranks(engine) == 0
    assert [row.id for row in list_quotes(engine, Filter(), order="impact")] == [2, 1, 4, 3]
    assert {row.version for row in list_quotes(engine, Filter())} == {1}


def test_what_is_decided_is_left_as_it_was(engine: Engine, database: str) -> None:
    for number in range(3):
        save(engine, quote(speaker("Kim"), confidence=0.5), id=str(number))
    decide(engine, 1, Action.ACCEPT, reviewer="hana")
    before = stored(database)[1]
    assert refresh_ranks(engine) == 2
    assert stored(database)[1] == before
