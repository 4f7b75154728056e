"""The page and the table: they say what the report says, and nothing in a text can harm a reader."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from quotetrack.domain import Attribution, Hop, HopRole, SourceClass, Span
from quotetrack.evaluation.gold import Form, GoldArticle, GoldAttribution, GoldSet, Speaker
from quotetrack.evaluation.lines import read_lines
from quotetrack.evaluation.mistakes import mistakes
from quotetrack.evaluation.page import render, show
from quotetrack.evaluation.predictions import read_predictions
from quotetrack.evaluation.report import build, check_minima
from quotetrack.evaluation.score import Evaluation, evaluate
from quotetrack.evaluation.terminal import draw
from quotetrack.sources.catalogue import bundled_catalogue
from tests.evaluation.build import BRIDGE, BRIDGE_FOUND, gold_file, predictions

HOSTILE = "<script>alert(1)</script> & \"'--><img src=x onerror=y>{{ 7*7 }}</mark>\x1b[31m\u202e"
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, balanced, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def evaluation_of(tmp_path: Path) -> Evaluation:
    gold = read_lines(gold_file(tmp_path))
    found = read_predictions(predictions(tmp_path / "found", BRIDGE_FOUND), gold, ()).found
    return evaluate(gold, found, bundled_catalogue())


def page_of(evaluation: Evaluation) -> str:
    wrong = mistakes(evaluation)
    return render(build(evaluation, wrong), wrong)


def drawn(evaluation: Evaluation, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    draw(console, build(evaluation, mistakes(evaluation)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_page_shows_figures_marks_and_what_was_wanted(tmp_path: Path) -> None:
    page = Page(page_of(evaluation_of(tmp_path)))
    assert page.open == []
    text = " ".join(page.text.split())
    for words in ("wrong speaker", "wrong chain", "missed", "must not be found", "Anna Smith (official)",
                  "Tom Weller (person)", "Reuters", "speaker and chain right", "Harbour Gazette"):  # fmt: skip
        assert words in text
    marks = [attributes["class"] for tag, attributes in page.tags if tag == "mark"]
    assert set(marks) == {"content", "cue", "source"}
    assert text.count("✗") == 2


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(tmp_path: Path) -> None:
    page = page_of(evaluation_of(tmp_path))
    tags = Page(page).tags
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    names = {name for _, attributes in tags for name in attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"src", "href", "srcset", "action"})
    assert not re.search(r"url\(|@import|https?://", page)
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page


def test_the_diagram_can_be_read_aloud(tmp_path: Path) -> None:
    page = page_of(evaluation_of(tmp_path))
    [svg] = [attributes for tag, attributes in Page(page).tags if tag == "svg"]
    assert svg["role"] == "img"
    for name in str(svg["aria-labelledby"]).split():
        assert f'id="{name}"' in page
    assert "confidence 90.0 %, right 1 of 1" in Page(page).text
    assert [t for t, _ in Page(page).tags].count("circle") == 5


def test_hostile_text_stays_text() -> None:
    text = f"Anna {HOSTILE} said so. " * 3
    gold = GoldAttribution(
        HOSTILE, ((Span(0, 60),),), (), (Span(0, 4),), speaker=Speaker((HOSTILE,)), chains=(((HOSTILE,),),)
    )
    found = Attribution((Span(0, 60),), chain=(Hop(HopRole.SPEAKER, HOSTILE + "2", SourceClass.PERSON),))
    evaluation = evaluate(
        GoldSet(Form.JSONL, (GoldArticle(HOSTILE, text, (gold,)),), HOSTILE), {HOSTILE: (found,)}, bundled_catalogue()
    )
    page = page_of(evaluation)
    parsed = Page(page)
    assert parsed.open == []
    assert not {tag for tag, _ in parsed.tags} & {"script", "img"}
    assert "<script>alert(1)</script>" in parsed.text
    assert "{{ 7*7 }}" in parsed.text
    for sign in ("\x1b", "\u202e"):
        assert sign not in page
        assert sign not in drawn(evaluation, 80)


def test_gold_and_found_alike_are_shown_once(tmp_path: Path) -> None:
    shown = {mistake.gold.id if mistake.gold else "": show(mistake) for mistake in mistakes(evaluation_of(tmp_path))}
    assert [p.heading for p in shown["A4"].passages] == ["Gold and found"]
    assert [p.heading for p in shown["A5"].passages] == ["Gold"]
    assert [p.heading for p in shown[""].passages] == ["Found"]
    assert [row for row in shown["A4"].rows if row[3]] == [("chain", "no channel", "Reuters", True)]


@pytest.mark.parametrize("width", [80, 160])
def test_the_table_fits_its_width_and_says_the_figures(width: int, tmp_path: Path) -> None:
    text = drawn(evaluation_of(tmp_path), width)
    assert max(map(len, text.splitlines())) <= width
    for words in (
        "attribution, IoU ≥ 0.5",
        "4 of 5",
        "80.0",
        "3 of 4, too few to judge",
        "1 borderline",
        "44.0 points",
    ):
        assert words in text
    assert not [line for line in text.splitlines() if line.rstrip().endswith("…")]


def test_minima_name_what_falls_short(tmp_path: Path) -> None:
    evaluation = evaluation_of(tmp_path)
    check_minima(evaluation, {"attribution": 0.8, "speaker": 0.75, "precision": 0.8, "recall": 0.8})
    with pytest.raises(Exception, match=r"falls short: attribution 0\.800 < 0\.81; speaker 0\.750 < 0\.9\.$"):
        check_minima(evaluation, {"attribution": 0.81, "speaker": 0.9, "chain": 0.7})


def test_the_report_gives_n_and_no_interval_for_characters(tmp_path: Path) -> None:
    report = build(evaluation_of(tmp_path), ())
    assert report["rates"]["content_overlap"]["precision"]["n"] == len("".join(BRIDGE_CHARS))
    assert report["rates"]["content_overlap"]["precision"]["low"] is None
    assert report["rates"]["attribution"]["precision"] == {
        "k": 4, "n": 5, "share": None, "low": None, "high": None, "judged": False,
    }  # fmt: skip


BRIDGE_CHARS = [
    "".join(BRIDGE[start:end].split())
    for each in BRIDGE_FOUND["bridge"]
    for start, end in each["content"]
    if BRIDGE[start:end] not in ("that", "of\nnew costs for the port")  # borderline, and within another
]
