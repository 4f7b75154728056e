"""Articles are analysed again, with other models, while a review of them is open."""

from dataclasses import replace
from typing import Any

from quotetrack.domain import Attribution, Kind
from quotetrack.review.dialogs.conflict import ConflictDialog
from quotetrack.store.check import check
from quotetrack.store.queries import get_quote
from quotetrack.store.reextract import Replaced, Wanted, replace_attributions, stored_articles
from quotetrack.store.save import start_run
from tests.review.driving import article, current, opened, press, said, screen_of, shown


def again(engine: Any, number: int, *found: Attribution) -> Replaced:
    """What other models make of the article of that number."""
    stored = {told.key: (id_, told) for id_, told in stored_articles(engine, Wanted())}
    id_, told = stored[article(number, 0)[0].key]
    run = start_run(engine, version="9", models={"tagger": "newer"}, settings={})
    done = replace_attributions(engine, id_, told, found, run)
    assert check(engine) == []
    return done


async def test_what_was_decided_stays_and_can_be_undone(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "k", "i", "down", "x", "1")
        assert again(engine, 1, *article(1, 0.9)[1]) == again(engine, 2) == Replaced(kept=1)
        assert [(get_quote(engine, id_).status, get_quote(engine, id_).kind) for id_ in (1, 2)] == [
            ("accepted", Kind.INDIRECT), ("rejected", Kind.MIXED),
        ]  # fmt: skip
        await press(pilot, "u", "u")
        assert [get_quote(engine, id_).status for id_ in (1, 2)] == ["pending", "pending"]
        assert get_quote(engine, 1).kind == Kind.MIXED


async def test_a_decision_on_what_was_found_otherwise_meanwhile_is_asked_about(engine: Any) -> None:
    async with opened(engine) as pilot:
        [one] = article(1, 0.9)[1]
        assert again(engine, 1, replace(one, kind=Kind.DIRECT)) == Replaced(changed=1)
        await press(pilot, "a")
        assert isinstance(pilot.app.screen, ConflictDialog)
        await press(pilot)
        text = " ".join(shown(pilot.app).replace("│", "").split())
        assert "Attribution 1 was analysed again by other models" in text
        assert "kind mixed → direct" in text
        await press(pilot, "exclamation_mark")
        now = get_quote(engine, 1)
        assert (now.status, now.kind) == ("accepted", Kind.DIRECT)


async def test_a_decision_on_what_is_found_no_more_is_told(engine: Any) -> None:
    async with opened(engine) as pilot:
        assert again(engine, 1) == Replaced(dropped=1)
        await press(pilot, "a")
        assert "There is no attribution 1." in said(pilot)
        await press(pilot, "a")
        assert get_quote(engine, 2).status == "accepted"
        assert current(pilot).id == 3
        assert not screen_of(pilot).queue.saving
