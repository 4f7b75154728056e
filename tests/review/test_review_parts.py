"""What the review app is made of, without a terminal."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from quotetrack.domain import Kind, Polarity
from quotetrack.harmless import harmless, one_line, quoted
from quotetrack.review.queue import Progress, Queue
from quotetrack.review.widgets.chain import chain_text
from quotetrack.review.widgets.wrap import wrap
from quotetrack.store.decisions import Decided
from quotetrack.store.history import Pace
from quotetrack.store.queries import Filter, QuoteRow

CONTROLS = [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202e", "\u2028", "\ud800"]
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from([*CONTROLS, " ", "\n", "中"])))


def row(id_: int, status: str = "pending") -> QuoteRow:
    return QuoteRow(
        id_, 1, "", None, None, None, Kind.DIRECT, Polarity.ASSERTED, status, 0.5, 1, None, "", "", "", ()
    )  # fmt: skip


@given(TEXTS)
def test_harmless_text_has_its_offsets_and_no_controls(text: str) -> None:
    safe = harmless(text)
    assert len(safe) == len(text)
    assert not set(safe) & (set(CONTROLS) - {"\n", "\t"})
    assert not set(one_line(text)) & set(CONTROLS)


def test_line_ends_of_every_kind() -> None:
    assert harmless("a\r\nb\rc\x85d\u2029e\x1b[0m\x9b") == "a \nb\nc\nd\ne␛[0m\ufffd"


def test_quotation_marks_are_not_doubled() -> None:
    assert quoted("“Yes,” he") == "“Yes,” he"
    assert quoted("a\nb" * 90, 5) == "“a ba…”"


@given(TEXTS, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_only_spaces(text: str, width: int) -> None:
    text = harmless(text).replace("\t", " ")
    lines = wrap(text, width)
    assert all(cell_len(text[start:end]) <= width or end - start == 1 for start, end in lines)
    assert [start for start, _ in lines] == sorted(start for start, _ in lines)
    shown = "".join(text[start:end] for start, end in lines)
    assert shown.replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_lines_break_at_spaces() -> None:
    text = "one two  three\n\nfourfourfour"
    assert [text[start:end] for start, end in wrap(text, 8)] == ["one two ", "three", "", "fourfour", "four"]


def test_going_on_passes_over_what_is_decided_or_being_saved() -> None:
    queue = Queue(Filter(status="pending"), "uncertain")
    queue.add_page([row(1), row(2, "accepted"), row(3), row(4)], first=True, complete=True)
    queue.saving.add(3)
    assert queue.following(0) == 3
    assert queue.following(3) == 0
    queue.skipped.add(1)
    assert queue.following(3) is None
    queue.wanted = Filter()
    assert queue.following(0) == 1


def test_nothing_above_is_gone_back_to_while_pages_are_to_come() -> None:
    queue = Queue(Filter(status="pending"), "uncertain")
    queue.add_page([row(i) for i in range(9)], first=True, complete=False)
    assert not queue.complete
    assert queue.following(8) is None
    assert queue.add_page([row(8), row(9)], first=False, complete=True) == [9]
    assert queue.complete


def test_a_page_read_before_a_decision_does_not_take_it_back() -> None:
    queue = Queue(Filter(status="pending"), "uncertain")
    queue.record(Decided(9, 1, "accepted", 2))
    queue.add_page([row(1)], first=True, complete=True)
    assert (queue.rows[1].status, queue.rows[1].version) == ("accepted", 2)
    queue.put(replace(row(1, "rejected"), version=3))
    assert queue.rows[1].status == "rejected"


def test_figures() -> None:
    progress = Progress(left=3)
    progress.move("pending", "accepted")
    progress.today = Pace(3, 2)
    assert progress.figures == ("1 done", "2 left", "3 today", "1.5/min")


def test_a_chain_without_a_speaker() -> None:
    assert chain_text(replace(row(1), outlet="Eastern Desk")).plain == "Eastern Desk → nobody named"
