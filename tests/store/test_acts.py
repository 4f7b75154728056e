"""What may be decided about one attribution: each act does what it says, breaks no rule, and can be taken back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from quotetrack.domain import HopRole, Kind, Polarity, SourceClass, SourceKind, Span, SpanRole
from quotetrack.errors import ConflictError, InvalidError, NotFoundError, QuotetrackError
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, ChainFix, NewSource, State, pieces, redo, undo
from quotetrack.store.engine import Engine
from quotetrack.store.history import history
from quotetrack.store.queries import Filter, count_by_status, get_quote, list_quotes
from quotetrack.store.sources import show_source
from tests.store.build import at, channel, dump, everything, quote, raw, save, speaker

TEXT = "KCNA said Kim Jong Un told aides that “the ships sail” and, he added, “at dawn”. Yonhap denied that."
CONTENT = at(TEXT, "“the ships sail”")


@pytest.fixture
def three(engine: Engine) -> Iterator[Engine]:
    """Attributions 1 and 2 of one article, with the same speaker; 3 of another."""
    first = quote(channel("KCNA"), speaker("Kim Jong Un"), text=TEXT, content="“the ships sail”", confidence=0.9)
    second = quote(speaker("Kim Jong Un"), text=TEXT, content="“at dawn”", confidence=0.4)
    save(engine, first, replace(second, parent=0), text=TEXT, id="1")
    save(engine, quote(speaker("Anna Smith")), id="2")
    yield engine
    assert check(engine) == []


def names(engine: Engine, id_: int = 1) -> list[str]:
    return [f"{hop.role[0]}:{hop.name}" for hop in get_quote(engine, id_).hops]


BY: Any = {"reviewer": "hana"}
ACTS: dict[str, tuple[Callable[[Engine], object], Callable[[Engine], bool]]] = {
    "accept": (lambda e: decisions.decide(e, 1, Action.ACCEPT, **BY), lambda e: get_quote(e, 1).status == "accepted"),
    "reject": (lambda e: decisions.decide(e, 1, Action.REJECT, **BY), lambda e: get_quote(e, 1).status == "rejected"),
    "kind": (lambda e: decisions.set_kind(e, 1, Kind.MIXED, **BY), lambda e: get_quote(e, 1).kind == "mixed"),
    "polarity": (
        lambda e: decisions.set_polarity(e, 1, Polarity.NEGATED, **BY), lambda e: get_quote(e, 1).polarity == "negated"
    ),
    "speaker": (
        lambda e: decisions.set_speaker(e, 1, "Anna Smith", **BY), lambda e: names(e) == ["c:KCNA", "s:Anna Smith"]
    ),
    "chain": (
        lambda e: decisions.set_chain(e, 1, ["Anna Smith", "KCNA"], **BY),
        lambda e: names(e) == ["c:Anna Smith", "s:KCNA"],
    ),
    "nobody": (
        lambda e: decisions.set_chain(e, 1, ["KCNA"], has_speaker=False, **BY), lambda e: names(e) == ["c:KCNA"]
    ),
    "spans": (
        lambda e: decisions.set_spans(e, 1, {SpanRole.CONTENT: (CONTENT, at(TEXT, "“at dawn”"))}, **BY),
        lambda e: get_quote(e, 1).content == "“the ships sail” … “at dawn”" and [
            row.id for row in list_quotes(e, Filter(text="dawn"), order="article")] == [1, 2],
    ),
    "nest": (lambda e: decisions.nest(e, 2, None, **BY), lambda e: get_quote(e, 2).parent_id is None),
    "duplicate": (
        lambda e: decisions.duplicate(e, 2, 1, **BY),
        lambda e: (get_quote(e, 2).status, get_quote(e, 2).duplicate_of) == ("rejected", 1),
    ),
    "add": (
        lambda e: decisions.add(
            e, 1, {SpanRole.CONTENT: (at(TEXT, "that."),)}, chain=ChainFix(("Yonhap",), new=NewSource()), **BY
        ),
        lambda e: get_quote(e, 4).status == "accepted" and names(e, 4) == ["s:Yonhap"],
    ),
}  # fmt: skip


def states(engine: Engine) -> list[tuple[Any, ...]]:
    return [
        (r.id, r.status, r.kind, r.polarity, r.parent_id, r.duplicate_of, r.content, r.spans, r.hops)
        for r in everything(engine)
    ]


@pytest.mark.parametrize(("do", "holds"), ACTS.values(), ids=ACTS)
def test_each_act_does_what_it_says_is_undone_and_done_again(
    do: Callable[[Engine], object], holds: Callable[[Engine], bool], three: Engine
) -> None:
    before = states(three)
    do(three)
    after = states(three)
    assert holds(three)
    assert check(three) == []
    assert undo(three, reviewer="hana") is not None
    assert states(three) == before
    assert check(three) == []
    assert redo(three, reviewer="hana") is not None
    assert states(three) == after
    assert redo(three, reviewer="hana") is None


EDITS = [name for name in ACTS if name not in ("accept", "reject", "add", "duplicate", "nest")]


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_accepts(name: str, three: Engine) -> None:
    ACTS[name][0](three)
    assert get_quote(three, 1).status == "accepted"


def test_an_edit_leaves_the_status_if_told(three: Engine) -> None:
    decisions.decide(three, 1, Action.REJECT, **BY)
    decisions.set_kind(three, 1, Kind.MIXED, accept=False, **BY)
    assert (get_quote(three, 1).status, get_quote(three, 1).kind) == ("rejected", "mixed")


REFUSED: dict[str, tuple[Callable[[Engine], object], type[QuotetrackError], str]] = {
    "beyond": (lambda e: spans(e, Span(0, len(TEXT) + 1)), InvalidError, f"has {len(TEXT)} characters"),
    "empty": (lambda e: spans(e), InvalidError, "may not be empty"),
    "overlap": (lambda e: spans(e, Span(0, 5), Span(4, 9)), InvalidError, "overlap"),
    "order": (lambda e: spans(e, Span(5, 9), Span(0, 4)), InvalidError, "not in order"),
    "nested in itself": (lambda e: decisions.nest(e, 1, 1, **BY), InvalidError, "nested in itself"),
    "circle": (lambda e: decisions.nest(e, 1, 2, **BY), InvalidError, "nested in itself by way of 2"),
    "another article": (lambda e: decisions.nest(e, 1, 3, **BY), InvalidError, "another article"),
    "no parent": (lambda e: decisions.nest(e, 1, 99, **BY), NotFoundError, "99"),
    "duplicate of itself": (lambda e: decisions.duplicate(e, 1, 1, **BY), InvalidError, "itself"),
    "duplicate of none": (lambda e: decisions.duplicate(e, 1, 99, **BY), NotFoundError, "99"),
    "nobody": (lambda e: decisions.set_speaker(e, 1, "Nobody", **BY), NotFoundError, "Nobody"),
    "no chain": (lambda e: decisions.set_chain(e, 1, [], **BY), InvalidError, "needs a name"),
    "no attribution": (lambda e: decisions.set_kind(e, 99, Kind.DIRECT, **BY), NotFoundError, "99"),
    "no article": (lambda e: decisions.add(e, 99, {SpanRole.CONTENT: (CONTENT,)}, **BY), NotFoundError, "99"),
    "add nothing": (lambda e: decisions.add(e, 1, {}, **BY), InvalidError, "may not be empty"),
    "add beyond": (lambda e: decisions.add(e, 1, {SpanRole.CONTENT: (Span(9, 999),)}, **BY), InvalidError, "999"),
    "add elsewhere": (
        lambda e: decisions.add(e, 1, {SpanRole.CONTENT: (CONTENT,)}, parent_id=3, **BY), InvalidError, "another"
    ),
    "empty note": (lambda e: decisions.add_note(e, 1, " ", **BY), InvalidError, "empty"),
    "stale": (lambda e: decisions.set_kind(e, 1, Kind.DIRECT, version=7, **BY), ConflictError, "look at it again"),
}  # fmt: skip


def spans(engine: Engine, *content: Span) -> object:
    return decisions.set_spans(engine, 1, {SpanRole.CONTENT: content}, **BY)


@pytest.mark.parametrize(("do", "error", "says"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_rule_is_refused_and_changes_nothing(
    do: Callable[[Engine], object], error: type[QuotetrackError], says: str, three: Engine, database: str
) -> None:
    before = dump(database)
    with pytest.raises(error, match=says) as refused:
        do(three)
    assert str(refused.value).endswith((".", "` lists them with their ids.", "` names them."))
    assert dump(database) == before


def test_a_duplicate_of_a_duplicate_names_the_one_to_keep(three: Engine) -> None:
    decisions.duplicate(three, 2, 1, **BY)
    with pytest.raises(ConflictError, match=r"duplicate of 1"):
        decisions.duplicate(three, 3, 2, **BY)
    decisions.decide(three, 2, Action.ACCEPT, **BY)
    assert get_quote(three, 2).duplicate_of is None


def test_a_stale_decision_says_who_changed_what_and_gives_both_states(three: Engine) -> None:
    seen = get_quote(three, 1).version
    decisions.set_kind(three, 1, Kind.MIXED, reviewer="ben", version=seen)
    decisions.set_speaker(three, 1, "Anna Smith", reviewer="ben")
    decisions.add_note(three, 1, "a note is no change", reviewer="eve")
    with pytest.raises(
        ConflictError, match=r"ben \(set_speaker: chain KCNA > Kim Jong Un → KCNA > Anna Smith\)"
    ) as late:
        decisions.set_polarity(three, 1, Polarity.NEGATED, version=seen, **BY)
    assert late.value.by == "ben"
    assert isinstance(late.value.seen, State)
    assert (late.value.seen.kind, late.value.seen.status) == ("indirect", "pending")
    assert (late.value.now.kind, late.value.now.speaker.name) == ("mixed", "Anna Smith")


def test_a_speaker_may_be_made_in_the_same_act(three: Engine) -> None:
    new = NewSource(SourceKind.OFFICE, controller="KCNA", country="kp")
    done = decisions.set_speaker(three, 1, "The Harbour Office", new=new, **BY)
    row = show_source(three, "harbour office")
    assert (row.kind, row.controller, row.country, row.spoken) == ("office", "KCNA", "KP", 1)
    speaks = get_quote(three, 1).speaker
    assert speaks is not None
    assert (speaks.source_class, speaks.span, done.also) == (SourceClass.INSTITUTION, None, ())
    assert undo(three, reviewer="hana") is not None
    assert undo(three, reviewer="hana") is None  # The source stays: its number is in the log.
    assert (names(three), show_source(three, "The Harbour Office").spoken) == (["c:KCNA", "s:Kim Jong Un"], 0)
    assert redo(three, reviewer="hana") is not None
    assert show_source(three, "The Harbour Office").spoken == 1


def test_a_hop_that_stays_keeps_its_place_and_a_new_one_is_found_in_the_text(engine: Engine) -> None:
    here = at(TEXT, "KCNA")
    save(engine, quote(channel("KCNA", span=here), speaker("Anna Smith"), text=TEXT, content="“at dawn”"), text=TEXT)
    decisions.set_chain(engine, 1, ["Kim Jong Un", "KCNA"], new=NewSource(), **BY)
    kim, kcna = get_quote(engine, 1).hops
    assert (kcna.span, kcna.role, kcna.source_class, kcna.made_by) == (
        here,
        HopRole.SPEAKER,
        SourceClass.MEDIA,
        "according_to",
    )
    assert (kim.span, kim.made_by) == (at(TEXT, "Kim Jong Un"), "reviewer")


def test_a_note_changes_nothing_and_stops_no_undo(three: Engine) -> None:
    decisions.decide(three, 1, Action.ACCEPT, **BY)
    version = get_quote(three, 1).version
    decisions.add_note(three, 1, "ask the desk", reviewer="ben")
    assert (get_quote(three, 1).status, get_quote(three, 1).version) == ("accepted", version)
    assert (done := undo(three, reviewer="hana")) is not None
    assert done.status == "pending"


def test_a_note_is_taken_back_as_a_note(three: Engine) -> None:
    decisions.add_note(three, 1, "ask the desk", reviewer="hana")
    decisions.set_kind(three, 1, Kind.MIXED, reviewer="ben")
    version = get_quote(three, 1).version
    for act, notes in ((undo, [False, True]), (redo, [False, True, True])):
        assert act(three, reviewer="hana") is not None
        assert (get_quote(three, 1).kind, get_quote(three, 1).version) == ("mixed", version)
        assert [row.is_undone for row in history(three, reviewer="hana")] == notes
    assert undo(three, reviewer="ben") is not None
    assert get_quote(three, 1).kind == "indirect"


def test_what_was_added_and_taken_back_counts_nowhere(three: Engine) -> None:
    before = count_by_status(three)
    decisions.add(three, 1, {SpanRole.CONTENT: (CONTENT,)}, **BY)
    assert count_by_status(three) == before | {"accepted": 1}
    undo(three, reviewer="hana")
    assert count_by_status(three) == before
    assert [row.id for row in everything(three)] == [1, 2, 3]
    assert get_quote(three, 4).status == "withdrawn"


@pytest.mark.parametrize(
    ("sql", "back"),
    [
        ("attribution set kind = 'direct'", "attribution set kind = 'indirect'"),
        ("attribution set polarity = 'negated'", "attribution set polarity = 'asserted'"),
        ("attribution set parent_id = 3", "attribution set parent_id = null"),
        ("attribution set duplicate_of_id = 2", "attribution set duplicate_of_id = null"),
        ('attribution_span set "end" = "end" - 1', 'attribution_span set "end" = "end" + 1'),
        ("hop set source_class = 'official'", "hop set source_class = 'person'"),
        ("hop set source_id = 3", "hop set source_id = 2"),
    ],
)
def test_what_was_changed_past_the_log_is_a_fault(sql: str, back: str, three: Engine, database: str) -> None:
    decisions.decide(three, 1, Action.ACCEPT, **BY)
    where = " where id = 1" if "attribution set" in sql else " where attribution_id = 1"
    where += " and position = 1" if "hop" in sql else ""
    with raw(database) as connection:
        connection.execute(f"update {sql}{where}")
    [fault] = check(three)
    assert fault.startswith("attribution 1 is not what its decisions make it: ")
    with raw(database) as connection:
        connection.execute(f"update {back}{where}")


def test_pieces_are_moved_split_merged_added_and_removed() -> None:
    one, two = Span(0, 10), Span(20, 30)
    both = (one, two)
    assert pieces.move_edge(both, 0, "end", 15) == (Span(0, 15), two)
    assert pieces.move_edge(both, 0, "end", 99) == (Span(0, 20), two)
    assert pieces.move_edge(both, 0, "end", -5) == (Span(0, 1), two)
    assert pieces.move_edge(both, 1, "start", 3) == (one, Span(10, 30))
    assert pieces.move_edge(both, 1, "start", 99) == (one, Span(29, 30))
    assert pieces.move_edge(both, 0, "start", -3) == both
    assert pieces.move_edge(both, 1, "end", 99) == (one, Span(20, 99))
    assert pieces.split(both, 1, 25) == (one, Span(20, 25), Span(25, 30))
    assert pieces.merge(pieces.split(both, 1, 25), 1) == both
    assert pieces.merge(both, 0) == (Span(0, 30),)
    assert pieces.add(both, Span(12, 15)) == (one, Span(12, 15), two)
    assert pieces.add(both, Span(5, 25)) == (Span(0, 30),)
    assert pieces.add(both, Span(10, 20)) == (one, Span(10, 20), two)
    assert pieces.remove(both, 0) == (two,)
    with pytest.raises(InvalidError):
        pieces.split(both, 0, 10)
    with pytest.raises(InvalidError):
        pieces.merge(both, 1)
