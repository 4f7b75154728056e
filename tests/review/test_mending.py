"""Each key that mends an attribution, its outcome read back from the database."""

from typing import Any

from textual import events
from textual.widgets import Input, OptionList

from quotetrack.domain import HopRole, Kind, Polarity, Span, SpanRole
from quotetrack.review.dialogs.chain import ChainDialog
from quotetrack.review.dialogs.confirm import ConfirmDialog
from quotetrack.review.dialogs.filters import FilterDialog
from quotetrack.review.screens.marking import MarkingScreen
from quotetrack.review.screens.spans import SpansScreen
from quotetrack.store.decisions import Action, decide
from quotetrack.store.history import history
from quotetrack.store.queries import Filter, get_quote, list_quotes
from quotetrack.store.save import save_article
from quotetrack.store.sources import list_sources, show_source
from tests.review.driving import TEXT, article, current, figures, opened, press, said, screen_of, shown
from tests.store.build import quote, save, speaker

TEXT_1 = TEXT.format(n=1)


def words(engine: Any, role: SpanRole, id_: int = 1) -> list[str]:
    return [span.of(TEXT_1) for span in get_quote(engine, id_).spans[role]]


async def test_kind_and_polarity_by_one_key_each(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "k", "i", "p", "n")
        now = get_quote(engine, 1)
        assert (now.kind, now.polarity, now.status) == (Kind.INDIRECT, Polarity.NEGATED, "accepted")
        assert current(pilot).id == 1
        assert "✓ saved" in shown(pilot.app)
        await press(pilot, "a")  # it is accepted already: only go on
        assert current(pilot).id == 2
        await press(pilot, "u", "u")
        assert (get_quote(engine, 1).kind, get_quote(engine, 1).status) == (Kind.MIXED, "pending")
        await press(pilot, "U", "U", "U")
        now = get_quote(engine, 1)
        assert (now.kind, now.polarity, now.status) == (Kind.INDIRECT, Polarity.NEGATED, "accepted")
        assert "nothing to redo" in said(pilot)


async def test_redo_over_a_restart(engine: Any) -> None:
    decide(engine, 3, Action.ACCEPT, reviewer="ana")
    async with opened(engine) as pilot:
        await press(pilot, "u")
        assert get_quote(engine, 3).status == "pending"
    async with opened(engine) as pilot:
        await press(pilot, "U")
        assert get_quote(engine, 3).status == "accepted"


async def test_edges_by_word_character_sentence_and_line(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "e", "left", "left", "comma", "enter")
        assert words(engine, SpanRole.CONTENT) == ["that the drills number 1 were “"]
        assert get_quote(engine, 1).status == "accepted"
        await press(pilot, "e", "greater_than_sign", "greater_than_sign", "o", "less_than_sign", "enter")
        assert words(engine, SpanRole.CONTENT) == [TEXT_1.partition(" \x1b")[0]]
        await press(pilot, "e", "2", "o", "right", "shift+left", "enter")  # the edges of one word cannot pass
        assert words(engine, SpanRole.CUE) == [" said"]


async def test_pieces_are_added_split_joined_and_removed(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "e")
        assert isinstance(pilot.app.screen, SpansScreen)
        assert "content 1/1: end edge" in shown(pilot.app)
        assert "⟧◂" in shown(pilot.app)
        await press(pilot, "slash")
        assert "split before" in shown(pilot.app)
        await press(pilot, "slash")
        await press(pilot, "enter")
        first, second = words(engine, SpanRole.CONTENT)
        assert f"{first} {second}" == "that the drills number 1 were “a rehearsal”"
        await press(pilot, "e", "j", "enter")
        assert len(words(engine, SpanRole.CONTENT)) == 1
        await press(pilot, "e", "3", "o", "plus", *["left"] * 6, "plus", "enter")
        assert words(engine, SpanRole.SOURCE) == ["According", "the Foreign Ministry"]
        await press(pilot, "e", "tab", "minus", "1", "minus")
        assert "The content needs a piece" in shown(pilot.app)
        await press(pilot, "enter")
        assert words(engine, SpanRole.CUE) == []


async def test_an_edit_that_is_cancelled_changes_nothing(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "e", "left", "u", "left", "plus", "escape", "escape")
        assert pilot.app.screen is screen_of(pilot)
        assert not history(engine)
        await press(pilot, "e", "left", "right", "enter")
        assert not history(engine)


async def test_the_queue_s_keys_are_off_while_spans_are_drawn(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "e", "a", "x", "i", "k", "q", "escape")
        assert not history(engine)
        assert current(pilot).id == 1


async def test_drawing_waits_for_an_article_that_is_not_read_yet(engine: Any) -> None:
    async with opened(engine) as pilot:
        screen_of(pilot)._articles.clear()
        await press(pilot, "e", "a")  # nothing else is done meanwhile
        assert isinstance(pilot.app.screen, SpansScreen)
        assert not history(engine)


async def test_a_speaker_found_by_a_part_of_the_name(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "s", *"kcn", "enter")
        chain = [(hop.role, hop.name) for hop in get_quote(engine, 1).hops]
        assert chain == [(HopRole.CHANNEL, "KCNA"), (HopRole.SPEAKER, "KCNA")]


async def test_a_speaker_who_is_a_new_source_within_ten_keys(engine: Any) -> None:
    async with opened(engine) as pilot:
        keys = ["s", "enter", "o", *"kcna", "enter"]
        assert len(keys) - len("kcna") <= 10
        await press(pilot, "s", *"Naval Staff".replace(" ", "_"), "enter", "o", *"kcna", "enter")
        now = get_quote(engine, 1)
        assert now.speaker
        assert now.speaker.name == "Naval_Staff"
        made = show_source(engine, "Naval_Staff")
        assert (made.kind, made.controller) == ("office", "KCNA")
        await press(pilot, "u")
        assert get_quote(engine, 1).speaker.name.startswith("[b]Ministry")  # type: ignore[union-attr]


async def test_hops_are_added_moved_replaced_and_removed(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "c", "a", *"TASS", "enter", "a", "less_than_sign", "escape")
        assert isinstance(pilot.app.screen, ChainDialog)
        await press(pilot, "escape")
        await press(pilot, "c", "a", *"TASS", "enter", "a", "enter")  # a new agency, by its letter
        assert "KCNA → TASS → [b]Ministry" in shown(pilot.app)
        await press(pilot, "less_than_sign", "enter")
        assert [hop.name for hop in get_quote(engine, 1).hops][:2] == ["TASS", "KCNA"]
        assert show_source(engine, "TASS").kind == "news_agency"
        await press(pilot, "c", "x", "z", "enter")  # the highlighted one is the speaker: nobody is named
        now = get_quote(engine, 1)
        assert ([hop.name for hop in now.hops], now.speaker) == (["TASS", "KCNA"], None)
        assert "nobody named" in shown(pilot.app)


async def test_one_fix_for_all_that_name_the_same(engine: Any) -> None:
    text = "Lee said yes. Lee said no. Kim said so."
    said_by = [quote(speaker(name), text=text, content=what) for name, what in zip(
        ("Lee", "Lee", "Kim"), ("yes", "no", "so"), strict=True)]  # fmt: skip
    save(engine, *said_by, text=text)
    async with opened(engine, order="recent") as pilot:
        ids = [row.id for row in list_quotes(engine, Filter(speaker="Lee"), order="article")]
        screen_of(pilot).table.move_cursor(row=screen_of(pilot).queue.ids.index(ids[0]))
        await press(pilot, "s", "ctrl+t", *"kim", "enter")
        assert isinstance(pilot.app.screen, ConfirmDialog)
        assert "Mend 2 quotes?" in shown(pilot.app)
        await press(pilot, "enter")
        assert [get_quote(engine, i).speaker.name for i in ids] == ["Kim", "Kim"]  # type: ignore[union-attr]
        assert [get_quote(engine, i).status for i in ids] == ["accepted", "pending"]
        await press(pilot, "u")
        assert [get_quote(engine, i).speaker.name for i in ids] == ["Lee", "Lee"]  # type: ignore[union-attr]


async def test_sources_are_made_with_the_decision_that_names_them(engine: Any) -> None:
    chain = ("c", "a", *"TASS", "enter", "a", "enter", "a", *"Wire", "enter", "o", *"kcna", "enter", "ctrl+t", "enter")
    async with opened(engine) as pilot:
        await press(pilot, *chain)
        assert isinstance(pilot.app.screen, ConfirmDialog)
        await press(pilot, "escape")
        assert [row.name for row in list_sources(engine, limit=9)] == ["KCNA", "[b]Ministry[/b]\x1b[2J"]
        assert not history(engine)
        await press(pilot, *chain, "enter")
        assert [hop.name for hop in get_quote(engine, 1).hops][:3] == ["KCNA", "TASS", "Wire"]
        assert (show_source(engine, "Wire").kind, show_source(engine, "Wire").controller) == ("office", "KCNA")
        await press(pilot, "u")
        assert len(list_sources(engine, limit=9)) == 4  # what a name was needed for once may be needed again
        assert [hop.name for hop in get_quote(engine, 1).hops][:1] == ["KCNA"]


async def test_the_chain_of_a_missed_quote_is_set_at_once(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "n", "slash", *"rehearsal", "enter", "space", "space", "enter", "enter", *"kcna", "enter")
        await press(pilot, "enter", "c", "a", *"kcna", "enter", "enter")
        now = get_quote(engine, 6)
        assert [(hop.role, hop.name) for hop in now.hops] == [
            (HopRole.CHANNEL, "KCNA"), (HopRole.SPEAKER, "KCNA"),
        ]  # fmt: skip
        assert current(pilot).id == 6


async def test_a_missed_quote_is_added_nested_within_ten_keys(engine: Any) -> None:
    async with opened(engine) as pilot:
        keys = ["n", "slash", "enter", "space", "right", "space", "enter", "enter", "enter", "enter"]
        assert len(keys) <= 10
        await press(pilot, "n")
        assert isinstance(pilot.app.screen, MarkingScreen)
        await press(pilot, "slash", *"rehearsal", "enter", "space", "left", "space", "enter", "enter")
        await press(pilot, "enter", "enter")
        new = current(pilot)
        assert new.id == 6
        assert words(engine, SpanRole.CONTENT, 6) == ["a rehearsal"]
        assert (new.kind, new.status, new.parent_id, new.hops) == (Kind.DIRECT, "accepted", 1, ())
        await press(pilot, "u")
        assert get_quote(engine, 6).status == "withdrawn"
        assert 6 not in screen_of(pilot).queue.ids
        await press(pilot, "U")
        assert get_quote(engine, 6).status == "accepted"


async def test_a_missed_quote_with_cue_source_speaker_and_kind(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "n", "n", "slash", *"Red", "enter", "space", "space")
        await press(pilot, "slash", *"said", "enter", "space", "space")
        await press(pilot, "slash", *"KCNA", "enter", "space", "space")
        await press(pilot, *"KCNA", "enter", "r")
        now = get_quote(engine, 6)
        assert [words(engine, role, 6) for role in SpanRole] == [["31mRed"], ["said"], ["KCNA"]]
        assert now.speaker
        assert (now.speaker.name, now.kind, now.parent_id) == ("KCNA", Kind.REPORTED, 1)


async def test_duplicate_nested_and_in_none(engine: Any) -> None:
    told, [one] = article(9, 0.05)
    save_article(engine, told, [one, one.__class__(content=(Span(0, 9),), confidence=0.06)], None)
    async with opened(engine) as pilot:
        assert current(pilot).id == 6
        await press(pilot, "d", "n")
        assert get_quote(engine, 6).parent_id == 7
        await press(pilot, "d", "0")
        assert get_quote(engine, 6).parent_id is None
        await press(pilot, "d", "enter")
        now = get_quote(engine, 6)
        assert (now.duplicate_of, now.status) == (7, "rejected")
        assert current(pilot).id == 7


async def test_a_note_leaves_the_quote_as_it_is(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "w", *"ask", "space", *"Jo", "enter")
        [log] = history(engine)
        assert (log.action, log.note, get_quote(engine, 1).status) == ("note", "ask Jo", "pending")


async def test_all_above_a_confidence_in_one_act(engine: Any) -> None:
    told, [one] = article(9, 0.95)
    others = [one.__class__(content=(Span(i, i + 3),), confidence=0.05 + i / 10) for i in range(9)]
    save_article(engine, told, [one, *others], None)
    async with opened(engine) as pilot:
        await press(pilot, "A", *"101", "enter")  # what is typed takes the place of what is proposed
        assert said(pilot) == "“101” is not a percentage from 0 to 100."
        await press(pilot, "A", *"100%", "enter")
        assert said(pilot) == "Nothing pending in this article is above 100%."
        await press(pilot, "A", *"nan", "enter")
        assert "is not a percentage" in said(pilot)
        await press(pilot, "A", *"99.5", "enter")
        assert said(pilot).startswith("Nothing pending in this article is above")
        await press(pilot, "A", "enter")
        assert "Accept 2 quotes?" in shown(pilot.app)
        await press(pilot, "enter")
        assert len(list_quotes(engine, Filter(status="accepted"))) == 2
        assert figures(pilot).startswith("2 done")
        assert not screen_of(pilot).queue.saving
        await press(pilot, "u")
        assert not list_quotes(engine, Filter(status="accepted"))


async def test_the_filter_form(engine: Any) -> None:
    decide(engine, 2, Action.ACCEPT, reviewer="ben")
    async with opened(engine) as pilot:
        await press(pilot, "f")
        assert isinstance(pilot.app.screen, FilterDialog)
        field = pilot.app.screen.query_one("#filter-status", Input)
        field.value = "zz"
        await press(pilot, "enter")
        assert "'zz' is no status" in shown(pilot.app)
        field.value = "acc"
        await press(pilot, *["down"] * 5, *"-50", "enter")
        assert screen_of(pilot).queue.wanted == Filter(status="accepted", confidence_to=0.5)
        assert screen_of(pilot).queue.ids == [2]
        await press(pilot, "f", "ctrl+r", "enter")
        assert screen_of(pilot).queue.wanted == Filter(status="pending")


async def test_why_is_shown_on_demand(engine: Any) -> None:
    async with opened(engine) as pilot:
        await press(pilot, "y")
        assert "No explanation is stored for this one." in shown(pilot.app)
        await press(pilot, "y")
        assert "found by according to" in shown(pilot.app)


async def test_esc_leaves_every_dialog_and_changes_nothing(engine: Any) -> None:
    async with opened(engine) as pilot:
        for key in "kpscdwAfxen":
            await press(pilot, key)
            assert pilot.app.screen is not screen_of(pilot), key
            await press(pilot, "escape")
            assert pilot.app.screen is screen_of(pilot), key
        assert not history(engine)


async def test_names_typed_in_one_burst_are_not_taken_for_keys(engine: Any) -> None:
    async with opened(engine) as pilot:
        for key in ("s", "k", "c", "n", "a"):
            pilot.app.post_message(events.Key(key, key))
        await pilot.pause(0.3)
        assert isinstance(pilot.app.screen, ChainDialog)
        assert pilot.app.screen.search.input.value == "kcna"


async def test_a_key_waits_for_the_dialog_that_the_one_before_it_opens(engine: Any) -> None:
    async with opened(engine) as pilot:
        for key in "cskpdwAfxen":
            for one in (key, "escape"):
                pilot.app.post_message(events.Key(one, one if len(one) == 1 else None))
        for one in ("k", "r", "w", "o", "h", "enter"):
            pilot.app.post_message(events.Key(one, one if len(one) == 1 else None))
        await pilot.pause(0.3)
        await press(pilot)
        assert pilot.app.screen is screen_of(pilot)
        assert [(row.action, row.note) for row in history(engine)] == [("note", "oh"), ("set_kind", None)]


async def test_the_palette_has_the_same_commands(engine: Any) -> None:
    async with opened(engine, size=(100, 40)) as pilot:
        names = [command.title for command in pilot.app.get_system_commands(screen_of(pilot))]
        assert "Accept  (a)" in names
        assert "Polarity  (p)" in names
        await press(pilot, "ctrl+p")
        await pilot.pause(0.2)
        assert not history(engine)
        await press(pilot, *"polar")
        await pilot.pause(0.5)
        await press(pilot, "enter")
        await pilot.pause(0.2)
        assert pilot.app.screen.query(OptionList)
        await press(pilot, "q")
        assert get_quote(engine, 1).polarity == Polarity.QUESTION
