"""What the models read: the text itself, where a mark of Markdown was a blank, and nothing moved."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.annotation.view import view

MARKDOWN = st.text(st.sampled_from("ab \n\r#>*-+_[]()!\"'x:/\x00\x85“”é漢😀"), max_size=60)


@given(MARKDOWN | st.text(max_size=60))
def test_nothing_moves_and_nothing_but_blanks_is_put_in(text: str) -> None:
    seen = view(text)
    assert len(seen) == len(text)
    assert all(new in (old, " ") for old, new in zip(text, seen, strict=True))
    assert [i for i, c in enumerate(seen) if c in "\r\n"] == [i for i, c in enumerate(text) if c in "\r\n"]


@given(st.text(st.characters(categories=["L", "N"]) | st.sampled_from(" .,;:?!“”‘’'\n"), max_size=60))
def test_prose_is_seen_as_it_is(text: str) -> None:
    assert view(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[KCNA](https://example.org/a) said so.", "KCNA said so."),
        ('[KCNA](a.html "the agency") said so.', "KCNA said so."),
        ("See ![the pier](pier.png) now.", "See the pier now."),
        ("*KCNA* **said** ***so*** twice.", "KCNA said so twice."),
        ("*“We sail,”* he said.", "“We sail,” he said."),
        ("**“We [all](a.html) sail,”** he said.", "“We all sail,” he said."),
        ("## The pier\nIt sank.", "The pier It sank."),
        ("> We sail.\n> At dawn.", "We sail. At dawn."),
        ("- One\n* Two\n+ Three", "One Two Three"),
        ("It\x00 sank \x1bhere.", "It sank here."),
    ],
)
def test_the_words_stay_and_the_marks_are_blank(text: str, words: str) -> None:
    assert view(text).split() == words.split()


@pytest.mark.parametrize("fence", ["---", "+++"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_is_blank_but_for_its_line_ends(fence: str, newline: str) -> None:
    head = newline.join((fence, "title: The pier", fence))
    seen = view(head + newline + "It sank.")
    assert seen.split() == ["It", "sank."]
    assert seen.count(newline) == 3


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 is 24.",
        "a*b*c",
        "A 5* inn and a 4* inn.",
        "*Prices are in euros.",
        "F*** off, s*** happens.",
        "*One line\nand another*",
        "“We [the crew] sail (soon),” he said [sic].",
        "See [1] and (2).",
        "#pier is trending.",
        "-5 degrees, then +3.",
        "The pier sank.\n---\nNobody was hurt.\n---\n",
        "snake_case_word and __init__",
    ],
)
def test_marks_that_are_no_markup_stay(text: str) -> None:
    assert view(text) == text


@pytest.mark.parametrize("run", ["QUJD+/=", "-", '"', "a.", "[a](b"])
def test_data_is_blank_and_what_may_be_an_address_stays(run: str) -> None:
    run *= 500
    assert view(f"See {run[:500]} he said.").split() == ["See", "he", "said."]
    assert view(f"See {run[:499]} he said.").split() == ["See", run[:499], "he", "said."]


def test_brackets_that_never_close_take_no_time() -> None:
    started = time.process_time()
    for text in ("[a](b" * 40_000, "[a](b é" * 30_000, '[a](b "' * 30_000, "[" * 200_000, "*a " * 60_000):
        view(text)
    assert time.process_time() - started < 10  # half a second here; some minutes when each is searched to its end
