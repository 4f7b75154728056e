"""A part of an article with its marks."""

from hypothesis import given
from hypothesis import strategies as st

from quotetrack.domain import Span, SpanRole
from quotetrack.passage import CONTEXT, passage


def test_a_passage_has_about_200_characters_on_each_side_and_whole_words() -> None:
    text = "word " * 200 + "MIDDLE " + "word " * 200
    start = text.index("MIDDLE")
    found = passage(text, {SpanRole.CUE: (Span(start, start + 6),)}, [Span(start, start + 6)])
    before, marked, after = "".join(p.text for p in found).partition("MIDDLE")
    assert marked
    assert CONTEXT - 10 < len(before) <= CONTEXT + 2
    assert CONTEXT - 10 < len(after) <= CONTEXT + 2
    assert set(before.split()) == set(after.split()) == {"…", "word"}
    assert [p.role for p in found if p.role] == [SpanRole.CUE]


def test_a_long_stretch_between_marks_is_cut() -> None:
    text = "FIRST " + "word " * 1000 + "LAST"
    ends = (Span(0, 5), Span(len(text) - 4, len(text)))
    pieces = passage(text, {SpanRole.CONTENT: ends}, ends)
    assert [p.text for p in pieces if p.role] == ["FIRST", "LAST"]
    assert "[…]" in "".join(p.text for p in pieces)
    assert sum(len(p.text) for p in pieces) < 3 * CONTEXT


@given(st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20), st.sampled_from(list(SpanRole))), min_size=1))
def test_no_character_of_a_passage_is_lost_or_marked_wrongly(drawn: list[tuple[int, int, SpanRole]]) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(60))
    roles: dict[SpanRole, tuple[Span, ...]] = {}
    for start, length, role in drawn:
        roles[role] = (*roles.get(role, ()), Span(start, min(60, start + length)))
    pieces = passage(text, roles, [span for spans in roles.values() for span in spans])
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        for position in range(at, at + len(piece.text)):
            held = {role for role, spans in roles.items() if any(s.start <= position < s.end for s in spans)}
            assert piece.role in held if held else piece.role is None
        at += len(piece.text)
