"""The screen of pairs, driven by its keys; what they did is read from the store."""

import re
from datetime import date
from typing import Any

import pytest
from textual.widgets import Static

from quotetrack.domain import Relation, Verdict
from quotetrack.errors import InvalidError
from quotetrack.review.app import all_bindings
from quotetrack.review.keymap import checked_keymap
from quotetrack.review.screens.queue import QueueScreen
from quotetrack.review.screens.statements import SidePane, StatementsScreen, outcome_of
from quotetrack.review.widgets.article import ArticleView
from quotetrack.review.widgets.status import StatusLine
from quotetrack.store.decisions import Action, decide, relate, undo
from quotetrack.store.engine import Engine
from quotetrack.store.history import history
from quotetrack.store.statements.outcomes import statement_id_of
from quotetrack.store.statements.pairs import PairRow, count_pairs, get_pair, list_pairs
from quotetrack.store.statements.suggest import suggest
from quotetrack.store.statements.views import Wanted, list_statements, show_statement
from tests.review.driving import said
from tests.review.pressing import app_on, at_rest, keyed, on_screen
from tests.store.build import speaker
from tests.store.telling import CHOIR, FLATLY, LORRIES, tell, told


@pytest.fixture
def engine(store: Engine) -> Engine:
    """Four pairs and more, one of them with a flat sentence; a name that would draw on the terminal."""
    told(store)
    tell(store, CHOIR, speaker("[b]Quill[/b]\x1b[2J"), day=5, also=FLATLY, outlet="Flat Sheet")
    suggest(store)
    return store


def screen_of(pilot: Any) -> StatementsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, StatementsScreen)
    return screen


def current(pilot: Any) -> PairRow:
    row = screen_of(pilot).table.current()
    assert row is not None
    return row  # type: ignore[no-any-return]


@pytest.mark.parametrize("size", [(80, 24), (120, 35)])
async def test_both_articles_are_shown_with_their_quotes_marked(engine: Engine, size: tuple[int, int]) -> None:
    async with app_on(engine, "T", size=size) as pilot:
        screen = screen_of(pilot)
        assert list(screen.table.shown) == [row.id for row in list_pairs(engine)]
        left, right = screen.query(SidePane)
        wide = size[0] >= 100
        assert (left.region.y == right.region.y) is wide
        assert (left.region.x == right.region.x) is not wide
        text = on_screen(pilot.app)
        assert f"0 decided · {len(screen.table.shown)} to go" in text
        assert "Pairs that wait · all · likeliest first · 1/" in text
        for part in (
            "Eastern Desk · 2025-03-03 · Ada Lorne",
            "Ранок · 2025-03-04",
            "⟦the",
            "Same words?",
        ):
            assert part in text
        assert max(map(len, text.splitlines())) <= size[0]
        assert all(pane.query_one(ArticleView).size.height >= 3 for pane in (left, right))


@pytest.mark.parametrize(
    ("key", "relation"),
    [("t", Relation.TENSION), ("w", Relation.UPDATE), ("x", Relation.UNRELATED), ("y", Relation.SAME_WORDS)],
)
async def test_each_key_decides_and_goes_on(engine: Engine, key: str, relation: Relation) -> None:
    async with app_on(engine, "T") as pilot:
        first = current(pilot)
        assert first.suggested == Relation.SAME_WORDS
        second = list(screen_of(pilot).table.shown.values())[1]
        await keyed(pilot, key)
        assert (get_pair(engine, first.id).relation, get_pair(engine, first.id).decided_by) == (relation, "ana")
        assert current(pilot).id == second.id
        assert first.id not in screen_of(pilot).table.shown
        assert "1 decided" in screen_of(pilot).query_one(StatusLine).figures
        assert f"Pair {first.id}: {relation.replace('_', ' ')}." in said(pilot)


async def test_undo_shows_the_pair_again_and_redo_decides_it_again(engine: Engine) -> None:
    async with app_on(engine, "T", "x") as pilot:
        [decided] = list_pairs(engine, waiting=False)
        await keyed(pilot, "u")
        assert get_pair(engine, decided.id).relation is None
        assert current(pilot).id == decided.id
        await keyed(pilot, "U")
        assert get_pair(engine, decided.id).relation == Relation.UNRELATED
        await keyed(pilot, "u", "u")
        assert "You have nothing to undo." in said(pilot)


async def test_what_is_not_about_a_pair_is_not_undone_here(engine: Engine) -> None:
    decide(engine, 1, Action.ACCEPT, reviewer="ana")
    async with app_on(engine, "T", "u") as pilot:
        assert "not about a pair" in said(pilot)
        assert [row.action for row in history(engine)] == ["accept"]
        await keyed(pilot, "escape", "S", "u")
    relate(engine, list_pairs(engine)[0].id, Relation.TENSION, reviewer="ana")
    async with app_on(engine, "S", "u") as pilot:
        assert "undo that in the statements" in said(pilot)


async def test_somebody_else_was_there_before(engine: Engine) -> None:
    async with app_on(engine, "T") as pilot:
        seen = current(pilot)
        relate(engine, seen.id, Relation.TENSION, reviewer="ben")
        await keyed(pilot, "y")
        assert "Not decided." in said(pilot)
        assert "changed by ben (relate: relation None → tension)" in said(pilot)
        assert get_pair(engine, seen.id).decided_by == "ben"
        assert seen.id not in screen_of(pilot).table.shown


async def test_skipping_leaves_it_undecided(engine: Engine) -> None:
    async with app_on(engine, "T") as pilot:
        ids = list(screen_of(pilot).table.shown)
        await keyed(pilot, "i")
        assert current(pilot).id == ids[1]
        assert re.search("–  +same words", on_screen(pilot.app))
        await keyed(pilot, *"i" * (len(ids) - 1))
        assert "That was the last one." in said(pilot)
        assert not count_pairs(engine).decided


async def test_filtering_by_relation(engine: Engine) -> None:
    async with app_on(engine, "T") as pilot:
        for relation in ("same words", "same claim", "update", "tension", "unattributed"):
            await keyed(pilot, "f")
            rows = screen_of(pilot).table.shown.values()
            assert {row.suggested.replace("_", " ") for row in rows} <= {relation}
            text = on_screen(pilot.app)
            assert f"Pairs that wait · {relation} ·" in text
            assert bool(rows) != (f"No pair waits that may be {relation}" in text)
        await keyed(pilot, "f")
        assert "· all ·" in on_screen(pilot.app)


async def test_a_sentence_that_is_stated_flatly(engine: Engine) -> None:
    async with app_on(engine, "T", "f", "f", "f", "f", "f", size=(120, 35)) as pilot:
        row = current(pilot)
        text = on_screen(pilot.app)
        assert "Flat Sheet · 2025-03-08 · states it itself" in text
        assert "⟦The Varnholt bridge will be reopened" in text
        assert "[b]Quill[/b]␛[2J" in text
        await keyed(pilot, "t")
        assert "Nobody speaks on the other side" in said(pilot)
        await keyed(pilot, "y")
        assert get_pair(engine, row.id).relation == Relation.UNATTRIBUTED


async def test_recording_what_became_of_it(engine: Engine) -> None:
    async with app_on(engine, "T", "g") as pilot:
        assert "What became of it?" in on_screen(pilot.app)
        await keyed(pilot, "f", " still shut https://example.org/a", "enter")
        [outcome] = show_statement(engine, statement_id_of(engine, 1)).outcomes
        assert (outcome.verdict, outcome.note, outcome.link, outcome.reviewer, outcome.day) == (
            Verdict.FAILED, "still shut", "https://example.org/a", "ana", date.today(),
        )  # fmt: skip
        assert "failed" in said(pilot)
        while current(pilot).suggested != Relation.UPDATE:
            await keyed(pilot, "j")
        await keyed(pilot, "g")
        assert "Of which of the two?" in on_screen(pilot.app)
        await keyed(pilot, "2", "h", " paid", "enter")
        assert sum(bool(row.verdict) for row in list_statements(engine, Wanted())) == 2
        await keyed(pilot, "g", "escape")
        assert isinstance(pilot.app.screen, StatementsScreen)


def test_a_line_for_an_outcome() -> None:
    assert outcome_of("2025-07-02 it sailed https://example.org/x") == (
        date(2025, 7, 2), "it sailed", "https://example.org/x",
    )  # fmt: skip
    assert outcome_of("it sailed") == (date.today(), "it sailed", None)
    for wrong in ("2025-07-02", "2025-13-02 it sailed", "https://example.org/x"):
        with pytest.raises(InvalidError):
            outcome_of(wrong)


async def test_nothing_to_compare(store: Engine) -> None:
    async with app_on(store, "T") as pilot:
        assert "No pair waits for a decision." in on_screen(pilot.app)
        await keyed(pilot, *"ytwxig", "J", "u", "U")
        assert screen_of(pilot).query_one("#verdict", Static).content == ""
        await keyed(pilot, "escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_keys_that_come_in_one_burst(engine: Engine) -> None:
    async with app_on(engine, "T") as pilot:
        ids = list(screen_of(pilot).table.shown)
        for key in "xtw":
            await pilot.press(key)
        await at_rest(pilot)
        assert [get_pair(engine, id_).relation for id_ in ids[:3]] == ["unrelated", "tension", "update"]
        assert undo(engine, reviewer="ana") is not None


async def test_its_keys_are_in_the_help_and_can_be_others(engine: Engine) -> None:
    keymap = checked_keymap({"statements.tension": ["z"]}, all_bindings())
    async with app_on(engine, "T", "z", keymap=keymap, size=(120, 45)) as pilot:
        assert list(count_pairs(engine).decided) == ["tension"]
        await keyed(pilot, "?")
        text = on_screen(pilot.app)
        assert "z       Both cannot hold as they stand" in text
        assert "w       The later one brings the earlier up to date" in text


async def test_many_pairs_of_one_sentence(store: Engine) -> None:
    for number in range(12):
        tell(store, LORRIES, speaker("Ada Lorne"), day=number % 3, id=str(number))
    suggest(store)
    async with app_on(store, "T", *"y" * 10) as pilot:
        assert count_pairs(store).decided == {"same_words": 10}
        assert len(list_statements(store, Wanted())) == 1
        assert screen_of(pilot).query_one(StatusLine).figures[0] == "10 decided"
