"""Several reviewers on one database, a long session, every size, and terminals without colours."""

import random
from pathlib import Path
from typing import Any

import pytest

from quotetrack.domain import Kind
from quotetrack.errors import DatabaseError
from quotetrack.review.dialogs.confirm import ConfirmDialog
from quotetrack.review.dialogs.conflict import ConflictDialog
from quotetrack.review.dialogs.pick import LineDialog
from quotetrack.review.screens import claiming
from quotetrack.review.screens.drawing import DrawingScreen
from quotetrack.review.widgets.article import ArticleView
from quotetrack.review.widgets.keyline import KeyLine
from quotetrack.review.widgets.status import StatusLine
from quotetrack.store.claims import claim, claims
from quotetrack.store.decisions import Action, decide, set_kind
from quotetrack.store.history import history
from quotetrack.store.queries import Filter, count_by_status, get_quote, list_quotes
from quotetrack.store.save import save_article
from tests.review.driving import article, current, figures, opened, press, said, screen_of, shown
from tests.review.terminal import review

pytestmark = pytest.mark.filterwarnings("ignore:The Result.tuples")


async def test_two_apps_on_one_database_lose_no_update(engine: Any) -> None:
    async with opened(engine) as ana, opened(engine, reviewer="ben") as ben:
        await press(ben, "k", "r")
        await press(ana, "k", "d")
        assert isinstance(ana.app.screen, ConflictDialog)
        text = shown(ana.app)
        assert all(words in text for words in ("your kind direct", "ben did", "kind mixed → reported", "now, by ben"))
        assert get_quote(engine, 1).kind == Kind.REPORTED
        await press(ana, "k")  # keep theirs
        assert get_quote(engine, 1).kind == Kind.REPORTED
        assert current(ana).kind == Kind.REPORTED
        await press(ana, "k", "d")  # seen now, so this is no conflict
        assert get_quote(engine, 1).kind == Kind.DIRECT
        assert [row.reviewer for row in history(engine)] == ["ana", "ben"]


async def test_mine_on_theirs_keeps_what_is_not_in_question(engine: Any) -> None:
    async with opened(engine) as pilot:
        set_kind(engine, 1, Kind.REPORTED, reviewer="ben", accept=False)
        await press(pilot, "x", "2")
        await press(pilot, "exclamation_mark")
        now = get_quote(engine, 1)
        assert (now.status, now.kind) == ("rejected", Kind.REPORTED)


async def test_a_conflict_does_not_break_into_what_is_being_typed(engine: Any) -> None:
    async with opened(engine) as pilot:
        decide(engine, 1, Action.REJECT, reviewer="ben")
        await press(pilot, "w")
        screen_of(pilot).decide(current(pilot), Action.ACCEPT)
        await press(pilot, *"k!d")
        assert isinstance(pilot.app.screen, LineDialog)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ConflictDialog)


async def test_deciding_again_goes_back_to_the_item(engine: Any) -> None:
    async with opened(engine) as pilot:
        decide(engine, 1, Action.REJECT, reviewer="ben")
        await press(pilot, "a")
        await press(pilot, "d")
        assert (current(pilot).id, current(pilot).status) == (1, "rejected")


async def test_an_undo_that_another_overtook_can_be_passed_over(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "a", "a")
        set_kind(engine, 2, Kind.DIRECT, reviewer="ben")
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, ConfirmDialog)
        assert "changed since by ben" in " ".join(shown(pilot.app).split())
        await press(pilot, "enter")
        assert [get_quote(engine, i).status for i in (1, 2)] == ["pending", "accepted"]


async def test_what_another_has_is_marked_and_passed_over(engine: Any) -> None:
    claim(engine, 2, reviewer="ben")
    async with opened(engine) as pilot:
        screen_of(pilot).claim_current()
        await press(pilot)
        await press(pilot, "a")
        assert current(pilot).id == 3
        assert " @ " in shown(pilot.app)
        await press(pilot, "up")
        assert "ben is reviewing this one now." in shown(pilot.app)


async def test_what_another_decided_meanwhile_is_passed_over(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RESTS", "LOOKS"):  # Nobody claims anything, and looks when it is said.
        monkeypatch.setattr(claiming, name, 60)
    async with opened(engine) as ana, opened(engine, reviewer="ben") as ben:
        await press(ben, "down", "a", "k", "r", "x", "1")
        assert [get_quote(engine, id_).status for id_ in (2, 3, 4)] == ["accepted", "rejected", "pending"]
        screen_of(ana).look_around()
        await press(ana)
        assert figures(ana).startswith("2 done · 3 left · 0 today")
        await press(ana, "a")
        assert current(ana).id == 4
        assert screen_of(ana).queue.rows[3].status == "rejected"
        screen_of(ben).look_around()
        await press(ben)
        await press(ben, "a", "a")
        assert current(ben).id == 5  # Not back to the first, on which ana has decided.
        assert "That was the last one" in said(ben)


async def test_what_changes_under_the_cursor_is_said_when_it_is_decided_on(engine: Any) -> None:
    async with opened(engine) as pilot:
        decide(engine, 1, Action.REJECT, reviewer="ben")
        screen_of(pilot).look_around()
        await press(pilot)
        assert current(pilot).status == "pending"
        await press(pilot, "a")
        assert isinstance(pilot.app.screen, ConflictDialog)


async def test_looking_around_in_vain_is_not_said(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_engine: Any) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(claiming, "claims", fail)
    async with opened(engine) as pilot:
        screen_of(pilot).look_around()
        await press(pilot, "a")
        assert (said(pilot), current(pilot).id) == ("", 2)


@pytest.mark.slow
def test_two_processes_on_one_database(engine: Any) -> None:
    """As two people have it, each in a terminal of his own."""
    database = Path(engine.url.database)
    with review(database, "--reviewer", "ben") as ben:
        ben.wait_for("a rehearsal")
        ben.quiet(1)  # The cursor rests: the first quote is claimed.
        with review(database) as ana:
            ana.wait_for("ben is reviewing this one now.")
            ben.press("k")
            ben.press("r")
            ben.wait_for("✓ saved")
            ana.press("k")
            ana.press("d")
            ana.wait_for("what you saw")
            ana.press("!")
            ana.wait_for("✓ saved")
            ana.quiet()
            ana.press("q")
            ana.leave()
        ben.press("q")
        ben.leave()
    assert [(row.reviewer, row.differences) for row in history(engine)] == [
        ("ana", ["kind reported → direct"]),
        ("ben", ["status pending → accepted", "kind mixed → reported"]),
    ]
    assert not claims(engine)


async def test_claims_follow_the_cursor_and_end_with_the_app(engine: Any) -> None:
    async with opened(engine) as pilot:
        screen_of(pilot).claim_current()
        await press(pilot, "down")
        assert [one.attribution_id for one in claims(engine)] == [1]
        screen_of(pilot).claim_current()
        await press(pilot)
        assert [(one.attribution_id, one.reviewer) for one in claims(engine)] == [(2, "ana")]
        await pilot.press("q")
        await pilot.pause(0.3)
    assert not claims(engine)


@pytest.mark.slow
async def test_a_session_of_fifty_decisions(engine: Any) -> None:
    """Whatever is pressed in whatever order, the log has it all, and the screen shows what is stored."""
    for number in range(6, 50):
        save_article(engine, *article(number, number / 100), None)
    acts = {
        ("a",): 22, ("x", "1"): 6, ("k", "i"): 4, ("p", "n"): 2, ("e", "left", "enter"): 3, ("u",): 4, ("U",): 1,
        ("s", *"KCNA", "enter"): 2, ("c", "x", "z", "enter"): 2, ("w", "o", "enter"): 2,
        ("n", "space", "space", "enter", "enter", "enter", "enter"): 2,
    }  # fmt: skip
    keys = [keys for keys, times in acts.items() for _ in range(times)]
    assert len(keys) == 50
    random.Random(7).shuffle(keys)
    async with opened(engine) as pilot:
        for act in keys:
            await press(pilot, *act)
            assert pilot.app.screen is screen_of(pilot)
        screen = screen_of(pilot)
        stored = {row.id: row for row in list_quotes(engine, Filter(), limit=1000)}
        for id_, row in screen.queue.rows.items():
            assert (row.status, row.kind, row.hops) == (stored[id_].status, stored[id_].kind, stored[id_].hops)
        counts = count_by_status(engine)
        assert (screen.progress.left, screen.progress.done) == (
            counts.get("pending", 0), counts.get("accepted", 0) + counts.get("rejected", 0),
        )  # fmt: skip
    # `a` on what an edit has accepted only goes on, and an undo or redo may find nothing
    assert len(history(engine, limit=200)) == screen.saved >= 35
    assert "Error" not in said(pilot)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_drawing_and_dialogs_fit_and_overlap_nothing_that_is_needed(engine: Any, size: tuple[int, int]) -> None:
    async with opened(engine, size=size) as pilot:
        queue = screen_of(pilot)
        await press(pilot, "e")
        screen = pilot.app.screen
        assert isinstance(screen, DrawingScreen)
        box = screen.query_one("Vertical").region
        assert queue.region.contains_region(box)
        assert not box.overlaps(queue.query_one(StatusLine).region)
        assert not box.overlaps(screen.query_one(KeyLine).region)
        parts = [screen.query_one(kind).region for kind in (ArticleView, "Legend", ".says", ".how")]
        assert all(box.contains_region(part) and part.area for part in parts)
        assert not any(a.overlaps(b) for i, a in enumerate(parts) for b in parts[i + 1 :])
        assert parts[0].height >= 6
        if size[0] > 100:
            assert not box.overlaps(queue.table.region)
        await press(pilot, "escape")
        for key in "scf?":
            await press(pilot, "question_mark" if key == "?" else key)
            box = pilot.app.screen.query("Vertical, VerticalScroll").first().region
            assert queue.region.contains_region(box), key
            await press(pilot, "escape")


async def test_without_colours_each_span_is_told_by_its_signs(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(engine) as pilot:
        text = shown(pilot.app)
        assert "<KCNA>, {the Foreign Ministry} /said/ ⟦that the drills" in text
        assert "“a rehearsal”⟧" in " ".join(text.split())
        await press(pilot, "e", "o")
        assert "▸⟦that" in shown(pilot.app)


async def test_both_themes_have_a_style_for_every_mark(engine: Any) -> None:
    async with opened(engine) as pilot:
        view = screen_of(pilot).query_one(ArticleView)
        seen = []
        for _ in range(2):
            styles = [view.get_component_rich_style(f"article--{name}") for name in ("content", "cue", "source", "hop")]
            seen.append([style.color for style in styles])
            assert len({str(color) for color in seen[-1]}) == 4
            await press(pilot, "t")
        assert seen[0] != seen[1]
