"""Editing and marking spans, reading filters, placing signs: all without a terminal."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.domain import Kind, Span, SpanRole
from quotetrack.errors import InvalidError
from quotetrack.harmless import harmless
from quotetrack.review import editing, marking
from quotetrack.review.dialogs.filters import FIELDS, read, shown
from quotetrack.review.editing import begin
from quotetrack.review.marking import Marking
from quotetrack.review.widgets.article import Mark, signs_of
from quotetrack.review.widgets.layout import Layout
from quotetrack.store.queries import Filter

TEXT = "Ana said: “Well, yes.” Then she left.\n\nBen didn’t agree"
CHANGES = [
    *(lambda e, u=u, f=f: editing.moved(e, u, f) for u in ("character", "word", "sentence") for f in (True, False)),
    editing.switched, editing.added, editing.split, editing.joined, editing.removed, editing.settled,
    *(lambda e, r=r: editing.choose(e, r) for r in SpanRole),
    *(lambda e, n=n: editing.next_piece(e, n) for n in (1, -1)),
    *(lambda e, to=to: editing.moved_to(e, to) for to in (0, 7, 30)),
]  # fmt: skip


@given(st.lists(st.sampled_from(CHANGES), max_size=40), st.sampled_from([TEXT, "a", "— — “”", "x y z\n\n\nü"]))
def test_every_state_of_an_edit_could_be_saved(changes: list[object], text: str) -> None:
    edit = begin(text, {SpanRole.CONTENT: (Span(0, 1),)})
    for change in changes:
        try:
            edit = change(edit)  # type: ignore[operator]
        except InvalidError:
            continue
        assert edit.spans[SpanRole.CONTENT]
        for spans in edit.spans.values():
            assert all(span.end <= len(text) for span in spans)
            assert all(a.end <= b.start for a, b in pairwise(spans))
        assert edit.placing or edit.piece < len(edit.pieces)
        assert 0 <= edit.at <= len(text)
        assert editing.said(edit)


def test_words_and_sentences() -> None:
    stops = editing.stops(TEXT)
    assert [TEXT[a:b] for a, b in zip(stops.starts, stops.ends, strict=True)][:8] == [
        "Ana", "said", ":", "“", "Well", ",", "yes", ".",
    ]  # fmt: skip
    assert "didn’t" in [TEXT[a:b] for a, b in zip(stops.starts, stops.ends, strict=True)]
    assert [TEXT[a:b] for a, b in zip(stops.sentence_starts, stops.sentence_ends, strict=True)] == [
        "Ana said: “Well, yes.”", "Then she left.", "Ben didn’t agree",
    ]  # fmt: skip


def test_an_edge_stops_at_its_neighbour() -> None:
    edit = begin("one two three four", {SpanRole.CONTENT: (Span(0, 3), Span(8, 13))})
    edit = editing.moved(editing.moved(edit, "word", True), "word", True)
    assert edit.spans[SpanRole.CONTENT][0] == Span(0, 8)


@given(
    st.lists(st.sampled_from(["character", "word", "sentence", "mark", "enter", "back"]), max_size=30), st.booleans()
)
def test_whatever_is_marked_is_in_the_text(keys: list[str], forward: bool) -> None:
    now = Marking(TEXT)
    for key in keys:
        if now.role is None:
            break
        try:
            if key == "mark":
                now = marking.marked(now)
            elif key == "enter":
                now = marking.entered(now)
            elif key == "back":
                now = marking.backed(now) or now
            else:
                now = marking.moved(now, key, forward)  # type: ignore[arg-type]
        except InvalidError:
            continue
    for spans in now.drawn.values():
        assert all(0 <= span.start < span.end <= len(TEXT) for span in spans)


def test_finding_words_and_guessing_the_kind() -> None:
    now = marking.marked(marking.found(Marking(TEXT), "well"))
    assert now.span == Span(TEXT.index("Well"), TEXT.index("Well") + 4)
    assert marking.found(Marking(TEXT), "nowhere") == Marking(TEXT)
    quotation = (Span(TEXT.index("“"), TEXT.index("”") + 1),)
    assert marking.guessed_kind(quotation, TEXT) == Kind.DIRECT
    assert marking.guessed_kind((Span(0, TEXT.index("”") + 1),), TEXT) == Kind.MIXED
    assert marking.guessed_kind((Span(0, 3),), TEXT) == Kind.INDIRECT


def test_the_form_reads_what_it_shows() -> None:
    wanted = Filter(
        status="accepted", source="KCNA", kind="direct", confidence_from=0.5, confidence_to=0.8, run_id=3,
        since=datetime(2025, 3, 1, tzinfo=UTC), reviewer="ana", text="aid",
    )  # fmt: skip
    assert read(shown(wanted), Filter()) == wanted
    assert read(shown(Filter()), wanted) == Filter()
    assert read({"status": "p", "sure": "90-"}, Filter()) == Filter(status="pending", confidence_from=0.9)
    assert read({"sure": "50"}, Filter()).confidence_to == 0.5


@pytest.mark.parametrize(
    ("field", "value"), [("status", "zz"), ("kind", "x"), ("sure", "a-b"), ("since", "soon"), ("run", "one")]
)
def test_the_form_says_what_is_wrong(field: str, value: str) -> None:
    assert field in FIELDS
    with pytest.raises(InvalidError, match=value):
        read({field: value}, Filter())


@given(st.text(st.sampled_from("ab “”\n中é"), min_size=1, max_size=60), st.data())
def test_every_offset_keeps_its_place_among_the_signs(text: str, data: st.DataObject) -> None:
    text = harmless(text)
    ends = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(ends, ends).filter(lambda p: p[0] < p[1]), max_size=6))
    marks = [
        Mark(Span(*pair), name) for pair, name in zip(pairs, ["content", "cue", "source", "hop"] * 2, strict=False)
    ]
    cursor = data.draw(st.none() | ends)
    layout = Layout(text, signs_of(marks, cursor), 12)
    for offset in range(len(text)):
        assert layout.shown[layout.start(offset)] == text[offset]
        assert layout.offset(layout.start(offset)) == offset
        assert layout.end(offset + 1) == layout.start(offset) + 1
        assert 0 <= layout.line_of(offset) < len(layout.lines)
    for mark in marks:
        assert layout.start(mark.span.start) < layout.end(mark.span.end)
