"""Second opinions given in the queue: nothing of the first is seen, nothing of it is changed."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Label, Static

from quotetrack.cli import main
from quotetrack.domain import Article, Attribution, Kind, Polarity, SourceClass, Span, SpanRole, Step, text_of
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.claims import release
from quotetrack.store.decisions import Action, decide, pair_of, pairs
from quotetrack.store.engine import Engine
from quotetrack.store.filters import is_drawn_for_second
from quotetrack.store.history import history
from quotetrack.store.queries import Filter, QuoteRow, get_quote, list_quotes
from quotetrack.store.save import save_article
from quotetrack.store.schema import open_database
from tests.review.driving import article, current, figures, opened, press, said, screen_of, shown
from tests.review.pressing import at_rest, keyed
from tests.store.build import at, channel, speaker

TEXT = (
    "According to KCNA, Ada Lorne said that the “north bridge” would open in May, and Ben Arkwright added that "
    "it would not. The ministry declined to comment."
)
SECOND = Filter(second_for="ben")


def span(part: str) -> Span:
    return at(TEXT, part)


def found() -> list[Attribution]:
    """What the machine found: three quotes, the second nested in the first."""
    via, ada = channel("KCNA", span=span("KCNA")), speaker("Ada Lorne", SourceClass.PERSON, span("Ada Lorne"))
    ben = speaker("Ben Arkwright", SourceClass.PERSON, span("Ben Arkwright"))
    ministry = speaker("the ministry", SourceClass.INSTITUTION, span("The ministry"))
    why = (Step("speaker", "cue_subject", (span("Ada Lorne"),)), Step("kind", "marks"))
    return [
        Attribution((span("that the “north bridge” would open in May, and Ben Arkwright added that it would not"),),
                    (span("said"),), (span("Ada Lorne"),), Kind.MIXED, chain=(via, ada), confidence=0.1, steps=why),
        Attribution((span("that it would not"),), (span("added"),), (span("Ben Arkwright"),), Kind.INDIRECT,
                    chain=(ben,), parent=0, confidence=0.2),
        Attribution((span("to comment"),), (span("declined"),), (span("The ministry"),), Kind.REPORTED,
                    Polarity.NEGATED, (ministry,), confidence=0.3),
    ]  # fmt: skip


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    """Three quotes of one article and one of another, all decided by ana: accepted as they are."""
    path = Path(shutil.copy(empty_database, tmp_path / "news.db"))
    engine = open_database(str(path))
    known = Article(TEXT, "bridge", title="Bridge", outlet="Eastern Desk")
    save_article(engine, known, found(), None)
    other = [replace(found()[2], confidence=0.4)]
    save_article(engine, replace(known, text=f"{TEXT} Again.", name="again", title="Again"), other, None)
    for id_ in range(1, 5):
        decide(engine, id_, Action.ACCEPT, reviewer="ana")
    engine.dispose()
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(str(database))
    yield engine
    engine.dispose()


def stored(engine: Engine) -> list[QuoteRow]:
    return list_quotes(engine, Filter(), order="article")


def opinion(engine: Engine, id_: int) -> decisions.State:
    [pair] = pair_of(engine, id_)
    return pair.second


def change_everything(engine: Engine) -> None:
    """Ana changes her mind about all that can be decided on."""
    decisions.set_kind(engine, 1, Kind.REPORTED, reviewer="ana", note="surely")
    decisions.set_polarity(engine, 1, Polarity.QUESTION, reviewer="ana")
    decisions.set_chain(engine, 1, ["Ben Arkwright", "the ministry"], reviewer="ana")
    spans = {SpanRole.CONTENT: (span("open"), span("May")), SpanRole.CUE: (), SpanRole.SOURCE: (span("KCNA"),)}
    decisions.set_spans(engine, 1, spans, reviewer="ana")
    decisions.nest(engine, 2, None, reviewer="ana")
    decide(engine, 2, Action.REJECT, reviewer="ana", note="not his words")
    decisions.duplicate(engine, 3, 1, reviewer="ana")
    decisions.set_speaker(engine, 4, "KCNA", reviewer="ana")
    decisions.add_note(engine, 4, "ask the desk", reviewer="ana")
    decisions.add(engine, 1, {SpanRole.CONTENT: (span("north bridge"),)}, reviewer="ana")


STEPS = [
    # looking
    "", "y", "down", "y", "down", "home", "s a d a", "escape", "c", "a m i n", "escape escape", "k", "escape", "p",
    "escape", "e", "3", "escape", "d", "escape", "down d", "escape", "H", "2", "1", "escape", "f", "escape", "o", "o",
    "o", "o", "x", "escape", "slash b r i d enter", "escape", "slash o p e n enter", "escape",
    # deciding
    "home k i", "p n", "k", "escape", "s k c n a enter", "c x enter", "c", "escape", "e left left enter",
    "e 2 minus 1 enter", "e", "escape", "w h m enter", "home down d 0", "d", "escape", "x 1", "u", "u", "U", "H 3",
    "down", "down", "enter", "home down down d d", "r", "u", "u",
]  # fmt: skip
"""Keys that ben presses; what is on the screen after each of these steps is compared."""


async def looked(path: Path) -> list[str]:
    """What ben's screen shows after each step, but for the clock and the numbers of decisions."""
    engine = open_database(str(path))
    seen = []
    async with opened(engine, reviewer="ben", wanted=SECOND, size=(120, 40)) as pilot:
        for step in STEPS:
            await press(pilot, *step.split())
            if pilot.app.screen is not screen_of(pilot):
                await at_rest(pilot)
            seen.append(re.sub(r"\d\d:\d\d(:\d\d)?|\d+\.\d/min|decision \d+", "", shown(pilot.app)))
    engine.dispose()
    return seen


@pytest.mark.slow
async def test_the_second_sees_the_same_whatever_the_first_decided(database: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    plain = Path(shutil.copy(database, tmp_path / "plain"))
    engine = open_database(str(database))
    change_everything(engine)
    engine.dispose()
    plainly, changed = await looked(plain), await looked(database)
    assert len(set(plainly)) > 40  # The keys do something.
    for step, one, other in zip(STEPS, plainly, changed, strict=True):
        assert one == other, step
        assert not re.search(r"\bana\b|surely|not his words|ask the desk", one), step


async def test_every_decision_is_a_second_opinion_and_changes_nothing(engine: Engine) -> None:
    before = stored(engine)
    async with opened(engine, reviewer="ben", wanted=SECOND) as pilot:
        await press(pilot, "k", "i")
        assert (opinion(engine, 1).kind, opinion(engine, 1).status) == ("indirect", "accepted")
        await press(pilot, "p", "q")
        assert (opinion(engine, 1).kind, opinion(engine, 1).polarity) == ("indirect", "question")
        await press(pilot, "s", *"kcna", "enter")
        assert [hop.name for hop in opinion(engine, 1).hops] == ["KCNA", "KCNA"]
        await press(pilot, "c", "x", "enter")
        assert [(hop.role, hop.name) for hop in opinion(engine, 1).hops] == [("speaker", "KCNA")]
        await press(pilot, "e", "left", "left", "enter")
        assert text_of(opinion(engine, 1).content, TEXT).endswith("added that it")
        await press(pilot, "e", "slash", "slash", "enter")
        assert len(opinion(engine, 1).content) == 2
        await press(pilot, "e", "j", "enter")
        assert len(opinion(engine, 1).content) == 1
        await press(pilot, "e", "3", "plus", *["left"] * 3, "plus", "enter")
        assert len(opinion(engine, 1).source) == 2
        await press(pilot, "w", *"hm", "enter", "a", "d", "0")
        assert (opinion(engine, 2).parent_id, current(pilot).parent_id) == (None, None)
        await press(pilot, "d", "n")
        assert (opinion(engine, 2).parent_id, opinion(engine, 2).kind) == (1, "indirect")
        await press(pilot, "a", "d", "d")
        assert (opinion(engine, 3).status, opinion(engine, 3).duplicate_of) == ("rejected", 2)
        assert current(pilot).id == 4
        await press(pilot, "x", "3")
        assert opinion(engine, 4).status == "rejected"
        assert "That was the last one. r reads the queue again." in said(pilot)
    assert stored(engine) == before
    assert {row.is_second for row in history(engine, reviewer="ben")} == {True}
    assert not [row for row in history(engine, reviewer="ana") if row.is_undone]
    assert check(engine) == []


async def test_undo_and_redo_over_a_restart(engine: Engine) -> None:
    save_article(engine, *article(1, 0.5), None)
    async with opened(engine, reviewer="ben", wanted=SECOND) as pilot:
        await press(pilot, "k", "i", "x", "1", "a")
        assert [opinion(engine, id_).status for id_ in (1, 2)] == ["rejected", "accepted"]
    decide(engine, 5, Action.ACCEPT, reviewer="ben")  # Of the other review: not taken back in this one.
    async with opened(engine, reviewer="ben", wanted=SECOND) as pilot:
        assert [current(pilot).id, *screen_of(pilot).queue.ids] == [3, 3, 4]
        await press(pilot, "u", "u")
        now = current(pilot)
        assert (now.id, now.status, now.kind) == (1, "accepted", "indirect")
        assert "is accepted again" in said(pilot)
        await press(pilot, "p", "n")  # He goes on from where he was.
        assert (opinion(engine, 1).kind, opinion(engine, 1).polarity) == ("indirect", "negated")
        await press(pilot, "u", "u")
        assert (current(pilot).status, current(pilot).kind) == ("pending", "mixed")
        assert pairs(engine) == []
        await press(pilot, "u")
        assert "You have nothing to undo." in said(pilot)
    async with opened(engine, reviewer="ben", wanted=SECOND) as pilot:
        await press(pilot, "U", "U")
        assert (opinion(engine, 1).polarity, current(pilot).polarity) == ("negated", "negated")
    async with opened(engine, reviewer="ben", wanted=Filter()) as pilot:
        await press(pilot, "u", "u")
        assert "You have nothing to undo." in said(pilot)
    assert get_quote(engine, 5).status == "pending"
    assert opinion(engine, 1).polarity == "negated"


async def test_what_would_tell_of_others_is_refused(engine: Engine) -> None:
    change_everything(engine)
    async with opened(engine, reviewer="ben", wanted=SECOND) as pilot:
        for keys in ("n", "A", "F", "S", "H4", "r"):
            await keyed(pilot, keys)
        assert [line for line in said(pilot).splitlines() if line.endswith("not available in a second review.")] == [
            "Adding a quote that was missed is not available in a second review.",
            "Accepting all of an article is not available in a second review.",
            "Choosing by status is not available in a second review.",
            "The list of sources, which tells what others decided, is not available in a second review.",
            "What others decided is not available in a second review.",
            "What others decided is not available in a second review.",
        ]
        assert "You have decided nothing here (Decisions by ben on quote 1)" in " ".join(shown(pilot.app).split())
        await keyed(pilot, "escape", "s", "ctrl+t")
        assert "All of the article that name the same: not in a second review" in shown(pilot.app)
        await keyed(pilot, "kcna", "enter")
        assert [pair.attribution_id for pair in pairs(engine)] == [1]
        await keyed(pilot, "f")
        labels = [str(label.content) for label in pilot.app.screen.query(Label)]
        assert labels == ["source", "channel", "outlet", "kind", "sure", "since", "until", "run", "text"]
        await keyed(pilot, "ctrl+r", "enter")
        assert screen_of(pilot).queue.wanted == SECOND


async def test_the_mode_and_the_progress_of_the_share_are_always_in_sight(engine: Engine) -> None:
    for number in range(1, 31):
        save_article(engine, *article(number, 0.5), None)
        decide(engine, 4 + number, Action.REJECT if number % 3 else Action.ACCEPT, reviewer="ana")
    share = [id_ for id_ in range(1, 35) if is_drawn_for_second(id_, 20)]
    assert len(share) == 7
    decide(engine, share[-1], Action.ACCEPT, reviewer="eve", second=True)
    async with opened(engine, reviewer="ben", wanted=replace(SECOND, share=20), order="article") as pilot:
        assert screen_of(pilot).queue.ids == share[:-1]
        assert figures(pilot) == "1 done · 6 left · 0 today · 0.0/min"
        first, title = shown(pilot.app).splitlines()[:2]
        assert first.startswith(" second review · news.db · ben")
        assert "second review, 20 % · by article · 1/6" in title
        await press(pilot, "a", "a", "x", "1")
        await press(pilot, "u")
        assert figures(pilot).startswith("3 done · 4 left · 2 today")
        assert current(pilot).id == share[2]
        await press(pilot, "H")
        assert shown(pilot.app).splitlines()[0].startswith(" second review · news.db · ben")
        await press(pilot, "escape", "r")
        assert screen_of(pilot).queue.ids == share[2:-1]
        await press(pilot, *"aaaa")
        assert figures(pilot).startswith("7 done · 0 left · 6 today")
        await press(pilot, "r")
        assert "No quote awaits a second opinion any more: all 7 have one." in " ".join(shown(pilot.app).split())
    async with opened(engine, reviewer="ana", wanted=Filter(second_for="ana", share=20), size=(120, 40)) as pilot:
        why = str(screen_of(pilot).query_one("#empty", Static).content)
        assert "others have decided on none of the 20 % that two people judge" in why
        assert "second review, 20 % of decided · news.db · ana" in shown(pilot.app)


async def test_what_the_first_took_back_meanwhile_is_said(engine: Engine) -> None:
    async with opened(engine, reviewer="ben", wanted=SECOND) as pilot:
        for _ in range(4):
            decisions.undo(engine, reviewer="ana")
        await press(pilot, "a")
        assert "Not saved: accept of “that the “north bridge”" in said(pilot)
        assert "Nobody has decided on attribution 1 yet" in said(pilot)
        assert screen_of(pilot).queue.rows[1].status == "pending"
    assert pairs(engine) == []


JUDGED = {  # What ana presses for each of twenty quotes, and what ben presses.
    1: ("a", "a"), 2: ("a", "a"), 3: ("a", "a"), 4: ("a", "x 1"),
    5: ("k d, a", "k d, a"), 6: ("k d, a", "k d, a"), 7: ("k d, a", "k i, a"), 8: ("k d, a", "a"),
    9: ("x 1", "x 2"), 10: ("x 1", "a"),
    11: ("s k c n a enter, a", "s k c n a enter, a"), 12: ("s k c n a enter, a", "a"),
    13: ("p n, a", "p n, a"), 14: ("p n, a", "p q, a"),
    15: ("a", "e left left enter, a"), 16: ("a", "s k c n a enter, a"),
    17: ("a", "a"), 18: ("a", "a"), 19: ("a", "a"), 20: ("a", "a"),
}  # fmt: skip


@pytest.mark.slow
async def test_the_report_compares_what_two_people_decided_in_the_queue(
    empty_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(shutil.copy(empty_database, tmp_path / "news.db"))
    engine = open_database(path)
    for number in JUDGED:
        save_article(engine, *article(number, number / 100), None)
    for who, wanted in enumerate((Filter(status="pending"), SECOND)):
        async with opened(engine, reviewer=("ana", "ben")[who], wanted=wanted) as pilot:
            for number, keys in JUDGED.items():
                assert current(pilot).id == number
                for act in keys[who].split(", "):
                    await press(pilot, *act.split())
            assert figures(pilot).startswith("20 done · 0 left · 20 today")
        release(engine, reviewer="ana")  # As leaving does.
    engine.dispose()
    with pytest.raises(SystemExit):
        main(["report", "agreement", "--json", "--database", path])
    report = json.loads(capsys.readouterr().out)
    assert (report["items"], report["both_accepted"], report["reviewers"]) == (20, 17, ["ana", "ben"])
    # Of 20, both accepted 17 and rejected 1: expected (18·18 + 2·2) / 400.
    # Of those 17: speakers 14 + 1 alike, kinds 13 + 2, polarities 15 + 1; expected
    # (15·15 + 2·2) / 289, (13·14 + 4·2) / 289, (15·15 + 2·1) / 289.
    assert {name: (row["n"], row["kappa"]) for name, row in report["kappa"].items()} == {
        "verdict": (20, pytest.approx((0.9 - 0.82) / (1 - 0.82))),
        "speaker": (17, pytest.approx((255 - 229) / (289 - 229))),
        "kind": (17, pytest.approx((255 - 190) / (289 - 190))),
        "polarity": (17, pytest.approx((272 - 227) / (289 - 227))),
    }
    # Contents are alike but for the words that ben left out of the fifteenth.
    accepted = set(JUDGED) - {4, 9, 10}
    marked = sum(len(f"that the drills number {number} were “a rehearsal”") for number in accepted)
    less = len(" rehearsal”")
    assert {name: row["f1"] for name, row in report["overlap"].items()} == {
        "content": pytest.approx(2 * (marked - less) / (2 * marked - less)), "cue": 1, "source": 1,
    }  # fmt: skip
