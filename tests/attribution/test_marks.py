"""Quotation marks: what stands in them, and how little harm a bad one does."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.attribution.marks import Quotation, quotations, share_quoted
from quotetrack.domain import Span

MARKED = st.text(st.sampled_from("ab sS 9.,?!\n\r“”„«»‹›\"‘’'`()—"), max_size=60)


def quoted(text: str) -> list[str]:
    return [quotation.span.of(text) for quotation in quotations(text)]


def span_of(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We sail at dawn," she said.', ['"We sail at dawn,"']),
        ("“We sail at dawn,” she said.", ["“We sail at dawn,”"]),
        ("‘We sail at dawn,’ she said.", ["‘We sail at dawn,’"]),
        ("«We sail at dawn», she said.", ["«We sail at dawn»"]),
        ("‹We sail at dawn›, she said.", ["‹We sail at dawn›"]),
        ("„Wir fahren“, sagte sie. „We sail,” she said.", ["„Wir fahren“", "„We sail,”"]),
        ("``We sail at dawn,'' she said.", ["``We sail at dawn,''"]),
        ("“We sail,” she said, “at dawn.”", ["“We sail,”", "“at dawn.”"]),
        ('She said:"Sail", and ("now") we sail.', ['"Sail"', '"now"']),
        ("Nothing is quoted here.", []),
        ("", []),
    ],
)
def test_every_kind_of_mark_encloses_a_quotation(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected
    assert all(quotation.closed for quotation in quotations(text))


@pytest.mark.parametrize(
    "text",
    [
        "‘It’s Ada’s boat, and we’d sail it,’",
        "‘The sailors’ boat sank off the rocks,’",
        "‘We met James’ brother at the quay,’",
        "‘Tell ’em to wait,’",
        "‘It was built in the ’90s,’",
        "‘It belongs to the sailors,’",
    ],
)
def test_an_apostrophe_does_not_end_what_single_marks_opened(text: str) -> None:
    assert quoted(f"{text} she said.") == [text]


@pytest.mark.parametrize(
    "text", ["The sailors’ boats and the captain’s hat were lost.", "Back in the ‘90s nobody asked.", "Rock ’em."]
)
def test_an_apostrophe_opens_nothing(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize("text", ["“He told me ‘go now’ and left,”", "‘He told me “go now” and left,’"])
def test_only_the_outermost_marks_count(text: str) -> None:
    assert quoted(f"{text} she said.") == [text]


def test_a_quote_of_several_paragraphs_opens_in_each_and_closes_in_the_last() -> None:
    text = "“The pump broke.\n\n“We bailed all night.\n\n“Then we saw land,” she said.\n\nNobody was hurt."
    assert quotations(text) == (
        Quotation(span_of(text, "“The pump broke."), closed=False),
        Quotation(span_of(text, "“We bailed all night."), closed=False),
        Quotation(span_of(text, "“Then we saw land,”")),
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("mark", ["“", '"', "«", "‘"])
def test_a_mark_that_nothing_closes_stays_on_its_line(mark: str, newline: str) -> None:
    text = f"She said {mark}the pump broke.{newline}It was late.{newline}“We sail,” he said."
    found = quoted(text)
    assert found[-1] == "“We sail,”"
    assert [part for part in found if "late" in part] == []


def test_a_stray_closing_mark_is_passed_over() -> None:
    assert quoted("The pump broke.” Then “we left,” she said.") == ["“we left,”"]


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»")])
def test_a_doubled_closing_mark_changes_nothing(opening: str, closing: str) -> None:
    text = f"{opening}We left,{closing}{closing} she said. {opening}We ran.{closing}"
    assert quoted(text) == [f"{opening}We left,{closing}", f"{opening}We ran.{closing}"]


def test_a_quote_that_lost_its_closing_mark_ends_before_the_next_one_opens() -> None:
    text = "“We left, she said. “And then we ran,” he said."
    assert quotations(text) == (
        Quotation(span_of(text, "“We left,"), closed=False),
        Quotation(span_of(text, "“And then we ran,”")),
    )


def test_inches_are_no_quotation() -> None:
    assert quoted('The 6" pipe burst, and "we ran," she said.') == ['"we ran,"']


def test_a_stray_single_mark_does_not_swallow_the_quotation_after_it() -> None:
    assert quoted("‘Twas late. “We sail at dawn,” she said.") == ["“We sail at dawn,”"]


def test_a_straight_quote_that_lost_its_closing_mark_leaves_the_narrator_out() -> None:
    assert not any("he said" in part for part in quoted('"We left, he said. "And then we ran," she said.'))


@given(MARKED | st.text(max_size=40))
def test_quotations_of_any_text_are_ordered_apart_and_within_a_line(text: str) -> None:
    found = [quotation.span for quotation in quotations(text)]
    assert all(span.end <= len(text) for span in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert not any(set("\r\n") & set(span.of(text)) for span in found)


@given(MARKED, st.tuples(st.integers(0, 60), st.integers(1, 60)))
def test_the_share_quoted_is_a_share(text: str, bounds: tuple[int, int]) -> None:
    start, length = bounds
    spans = (Span(start, min(len(text), start + length)),) if start < len(text) else ()
    assert 0.0 <= share_quoted(spans, quotations(text), text) <= 1.0


def test_the_share_quoted_counts_letters_and_digits_only() -> None:
    text = "She saw “ab – 12” cd."
    marked = quotations(text)
    assert share_quoted((span_of(text, "“ab – 12”"),), marked, text) == 1.0
    assert share_quoted((span_of(text, "“ab – 12” cd."),), marked, text) == pytest.approx(4 / 6)
    assert share_quoted((span_of(text, "“ab"), span_of(text, "cd.")), marked, text) == 0.5
    assert share_quoted((span_of(text, "She"),), marked, text) == 0.0
    assert share_quoted((span_of(text, "–"),), marked, text) == 0.0
    assert share_quoted((), marked, text) == 0.0
