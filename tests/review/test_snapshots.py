"""What each screen shows, letter by letter, at the usual sizes, and that both themes can be read.

`QUOTETRACK_UPDATE_SNAPSHOTS=1 pytest tests/review/test_snapshots.py` writes them anew; look at what changed.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.color import Color
from textual.pilot import Pilot

from quotetrack.domain import Article, Attribution, Kind, SourceClass, Span
from quotetrack.sources.catalogue import fold
from quotetrack.store.decisions import Action, decide, propose_match
from quotetrack.store.engine import Engine, writing
from quotetrack.store.queries import Filter, list_quotes
from quotetrack.store.save import save_article
from quotetrack.store.statements.suggest import suggest
from tests.review.pressing import app_on, on_screen
from tests.store.build import at, channel, new_database, opened, speaker

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATES = bool(os.environ.get("QUOTETRACK_UPDATE_SNAPSHOTS"))
SIZES = ((80, 24), (120, 35))
SCREENS = {
    "queue": (), "explanation": ("y",), "help": ("?",), "reject": ("x",), "kind": ("k",), "polarity": ("p",),
    "speaker": ("s",), "chain": ("c",), "spans": ("e",), "new": ("n",), "related": ("d",), "note": ("w",),
    "filter": ("f",), "find": ("/", "quay"), "accept all": ("A",), "sources": ("S",), "matches": ("S", "w"),
    "statements": ("T",), "history": ("H",),
}  # fmt: skip
TEXTS = (
    "Ada Lorne told KCNA that the quay was shut for good. “We have lost the harbour,” she said. Ben Ash denied it.",
    "“We have lost the harbour,” Ada Lorne told state television. A captain said the quay would open in May.",
)
LEAST_CONTRAST = 3.0
"""Of letters against what is behind them; what is dim on purpose included."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Two articles on one event, a source that may be another, and a decision."""
    with opened(new_database(tmp_path / "harbour.sqlite")) as engine:
        for number, text in enumerate(TEXTS):
            article = Article(
                text, f"a{number}", given_id=f"a{number}", outlet=("Eastern Desk", "Harbour Post")[number],
                title=("Quay shut", "Captain hopes for May")[number],
                published=datetime(2025, 3, 1 + number, tzinfo=UTC),
            )  # fmt: skip
            save_article(engine, article, list(_quotes(text)), None)
        rows = {row.speaker.name: row for row in list_quotes(engine, Filter(), order="article") if row.speaker}
        with writing(engine) as session:
            first, second = (rows[name].hops[-1].source_id for name in ("Ada Lorne", "a captain"))
            propose_match(session, first, second, 0.5, "the same surname")
        decide(engine, rows["Ben Ash"].id, Action.ACCEPT, reviewer="ben")
        suggest(engine)
        yield engine


def _quotes(text: str) -> Iterator[Attribution]:
    if "KCNA" in text:
        shut = at(text, "that the quay was shut for good")
        yield Attribution(
            (shut,), (at(text, "told"),), (at(text, "Ada Lorne"),), confidence=0.42,
            chain=(channel("KCNA", span=at(text, "KCNA")), speaker("Ada Lorne", span=at(text, "Ada Lorne"))),
        )  # fmt: skip
        yield Attribution((Span(shut.end + 63, shut.end + 65),), chain=(speaker("Ben Ash"),), confidence=0.9)
    else:
        hope = at(text, "the quay would open in May")
        yield Attribution((hope,), chain=(speaker("a captain", SourceClass.UNNAMED),), confidence=0.6)
    lost = at(text, "“We have lost the harbour,”")
    yield Attribution((lost,), kind=Kind.DIRECT, chain=(speaker("Ada Lorne"),), confidence=0.77)


def seen(pilot: Pilot[None]) -> str:
    """The screen without what the clock changes and without blanks at the ends of lines."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "(when)", on_screen(pilot.app))
    text = re.sub(r"\d+\.\d/min", "(pace)", text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("screen", SCREENS)
async def test_each_screen_is_as_it_was(engine: Any, screen: str, size: tuple[int, int]) -> None:
    path = SNAPSHOTS / f"{fold(screen).replace(' ', '-')}-{size[0]}x{size[1]}.txt"
    async with app_on(engine, *SCREENS[screen], size=size) as pilot:
        found = seen(pilot)
    if UPDATES:
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")


async def test_the_queue_on_a_large_terminal_is_as_it_was(engine: Any) -> None:
    path = SNAPSHOTS / "queue-200x60.txt"
    async with app_on(engine, size=(200, 60)) as pilot:
        found = seen(pilot)
    if UPDATES:
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")


@pytest.mark.parametrize("screen", ["queue", "help", "chain", "spans", "sources", "statements", "history"])
async def test_both_themes_say_the_same_and_can_be_read(engine: Any, screen: str) -> None:
    async with app_on(engine, "t", *SCREENS[screen]) as pilot:
        light, bright = seen(pilot), _contrast(pilot)
        behind_light = _background(pilot)
    async with app_on(engine, *SCREENS[screen]) as pilot:
        dark, dim = seen(pilot), _contrast(pilot)
        behind_dark = _background(pilot)
    assert light == dark
    assert behind_light.brightness > 0.7 > 0.3 > behind_dark.brightness
    assert min(bright, dim) >= LEAST_CONTRAST


def _background(pilot: Pilot[None]) -> Color:
    return pilot.app.screen.background_colors[1]


def _contrast(pilot: Pilot[None]) -> float:
    """The least contrast of anything that is written, by WCAG's formula."""
    least = 21.0
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or not re.search(r"\w", segment.text) or style.color is None or style.bgcolor is None:
                continue
            front, back = (_luminance(Color.from_rich_color(color)) for color in (style.color, style.bgcolor))
            least = min(least, (max(front, back) + 0.05) / (min(front, back) + 0.05))
    return least


def _luminance(color: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
