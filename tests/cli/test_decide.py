"""`quotetrack decide`, and deciding on sources: what is stored, said, and told by the exit code."""

from collections.abc import Iterator

import pytest

from quotetrack.errors import ExitCode
from quotetrack.store.check import check
from quotetrack.store.decisions import propose_match
from quotetrack.store.engine import Engine, writing
from quotetrack.store.queries import get_quote
from quotetrack.store.sources import find_source, list_sources, show_source
from tests.cli.conftest import Run
from tests.store.build import at, channel, quote, save, speaker

TEXT = "KCNA said Kim Jong Un told aides that “the ships sail” and, he added, “at dawn”. Yonhap denied that."


@pytest.fixture
def two(engine: Engine) -> Iterator[Engine]:
    save(
        engine,
        quote(channel("KCNA"), speaker("Kim Jong Un"), text=TEXT, content="“the ships sail”"),
        quote(speaker("Kim Jong Un"), text=TEXT, content="“at dawn”"),
        text=TEXT,
        id="1",
    )
    yield engine
    assert check(engine) == []


def test_both_orders_of_words_are_understood(run: Run, two: Engine) -> None:
    assert run("decide", 1, "accept", "--reviewer", "hana").err == "Attribution 1 is accepted (accept).\n"
    assert run("decide", "reject", 1, "--reason", "not a quote", "--reviewer", "ben").code == 0
    [reject, accept] = run("decide", 1, "history", "--json").json
    assert (reject["reviewer"], reject["action"], reject["note"]) == ("ben", "reject", "not a quote")
    assert (accept["reviewer"], accept["action"], accept["note"]) == ("hana", "accept", None)


WORDS = {
    "set-kind mixed": lambda e: get_quote(e, 1).kind == "mixed",
    "set-polarity negated": lambda e: get_quote(e, 1).polarity == "negated",
    "set-speaker KCNA": lambda e: [h.name for h in get_quote(e, 1).hops] == ["KCNA", "KCNA"],
    "set-speaker|Nam Il|--new|--kind|person|--controller|North Korea": (
        lambda e: (
            (made := next((s for s in list_sources(e, search="Nam Il")), None)) is not None
            and (made.kind, made.controller, made.spoken) == ("person", "North Korea", 1)
        )
    ),
    "set-chain|Yonhap > Kim Jong Un": lambda e: [h.name for h in get_quote(e, 1).hops] == ["Yonhap", "Kim Jong Un"],
    "set-chain|Yonhap >": lambda e: get_quote(e, 1).speaker is None,
    "set-spans --content 0-4,5-9 --cue 5-9": lambda e: get_quote(e, 1).content == "KCNA … said",
    "set-spans --source none --keep-status": lambda e: get_quote(e, 1).status == "pending",
    "nest --under 2": lambda e: get_quote(e, 1).parent_id == 2,
    "duplicate --of 2": lambda e: get_quote(e, 1).duplicate_of == 2,
    "note|ask the desk": lambda e: get_quote(e, 1).version == 1,
    "accept": lambda e: get_quote(e, 1).status == "accepted",
    "reject": lambda e: get_quote(e, 1).status == "rejected",
}


@pytest.mark.parametrize("words", WORDS)
def test_each_command_decides_and_is_undone(words: str, run: Run, two: Engine) -> None:
    name, *rest = words.split("|") if "|" in words else words.split()
    result = run("decide", 1, name, *rest, "--json")
    assert (result.code, result.err) == (0, "")
    assert (result.json["attribution_id"], result.json["action"]) == (1, name.replace("-", "_"))
    assert WORDS[words](two)
    assert run("decide", "undo").code == 0
    assert WORDS[words](two) == (name == "note" or "--keep-status" in words)  # Those hold from the start.
    assert run("decide", "redo", "--json").json["attribution_id"] == 1
    assert WORDS[words](two)
    assert run("decide", "redo").err == "You have nothing to redo.\n"


def test_adding_what_was_missed(run: Run, two: Engine) -> None:
    span = at(TEXT, "“at dawn”")
    where = ["--content", f"{span.start}-{span.end}", "--speaker", "Yonhap", "--under", 1, "--as", "direct"]
    done = run("decide", "add", get_quote(two, 1).article_id, *where, "--json").json
    row = get_quote(two, done["attribution_id"])
    assert (row.status, row.content, row.parent_id, row.kind) == ("accepted", "“at dawn”", 1, "direct")
    assert [hop.name for hop in row.hops] == ["Yonhap"]
    assert "withdrawn" in run("decide", "undo").err


def test_everywhere_is_shown_first_and_undone_at_once(run: Run, two: Engine) -> None:
    words = ["decide", 2, "set-speaker", "Yonhap", "--everywhere"]
    shown = run(*words, "--preview").err.splitlines()
    assert [line.partition(":")[0] for line in shown] == ["2", "1"]
    assert get_quote(two, 2).version == 1
    assert len(run(*words).err.splitlines()) == 2
    assert run("decide", "undo").err.count("is pending") == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["99", "accept"], ExitCode.NOT_FOUND, "99"),
        (["1", "set-speaker", "Nobody"], ExitCode.NOT_FOUND, "Nobody"),
        (["1", "accept", "--version", "7"], ExitCode.ERROR, "look at it again"),
        (["1", "nest", "--under", "1"], ExitCode.ERROR, "nested in itself"),
        (["1", "nest", "--under", "x"], ExitCode.USAGE, "neither an id"),
        (["1", "set-spans"], ExitCode.USAGE, "--content"),
        (["1", "set-spans", "--content", "0-999"], ExitCode.ERROR, "the text has"),
        (["1", "set-spans", "--content", "9-4"], ExitCode.USAGE, "not a span"),
        (["1", "set-spans", "--content", "x"], ExitCode.USAGE, "not like 10-20"),
        (["1", "set-chain", "> A"], ExitCode.USAGE, "empty name"),
        (["1", "set-speaker", "A", "--controller", "B"], ExitCode.USAGE, "--new"),
        (["1", "set-kind", "loud"], ExitCode.USAGE, "loud"),
        (["1", "accept", "--second"], ExitCode.ERROR, "Nobody has decided"),
        (["1", "adjudicate", "--take", "ben"], ExitCode.ERROR, "not by ben"),
        (["add", "1", "--content", "0-4", "--speaker", "A", "--chain", "B"], ExitCode.USAGE, "not both"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(words: list[str], code: ExitCode, says: str, run: Run, two: Engine) -> None:
    result = run("decide", *words)
    assert (result.code, result.out) == (code, "")
    assert says in result.err


def test_a_conflict_names_who_changed_what(run: Run, two: Engine) -> None:
    run("decide", 1, "set-kind", "mixed", "--reviewer", "hana")
    late = run("decide", 1, "accept", "--version", 1, "--reviewer", "ben")
    assert late.code == ExitCode.ERROR
    assert "changed by hana (set_kind: kind indirect → mixed) and is now accepted" in late.err
    run("decide", 1, "reject", "--reviewer", "ben")
    assert "changed since by ben (reject)" in run("decide", "undo", "--reviewer", "hana").err
    assert run("decide", "undo", "--past", "--reviewer", "hana").err == "You have nothing to undo.\n"


def test_a_second_opinion_and_settling_between_two(run: Run, two: Engine) -> None:
    run("decide", 1, "accept", "--reviewer", "hana")
    run("decide", 1, "reject", "--second", "--reviewer", "ben")
    assert get_quote(two, 1).status == "accepted"
    run("decide", 1, "note", "hard to say", "--second", "--reviewer", "ben")
    assert run("report", "agreement", "--json").json["items"] == 1
    run("decide", 1, "adjudicate", "--take", "ben", "--reviewer", "eve")
    assert get_quote(two, 1).status == "rejected"
    table = run("decide", "history", "--by", "ben").out
    assert table.count("(second)") == 2
    assert "status pending → rejected" in table


def test_un_merging_by_name(run: Run, two: Engine) -> None:
    run("sources", "merge", "Kim Jong Un", "KCNA")
    assert get_quote(two, 2).hops[0].name == "KCNA"
    assert run("sources", "unmerge", "Kim Jong Un").err == "Kim Jong Un is no longer part of KCNA; 1 names went back.\n"
    assert get_quote(two, 2).hops[0].name == "Kim Jong Un"
    assert run("sources", "unmerge", "Kim Jong Un").code == ExitCode.ERROR


def test_matches_are_listed_and_resolved(run: Run, two: Engine) -> None:
    with writing(two) as session:
        kim, kcna, yonhap = (find_source(session, name).id for name in ("Kim Jong Un", "KCNA", "Yonhap"))
        one = propose_match(session, kim, kcna, 0.9, "test")
        other = propose_match(session, kim, yonhap, 0.4, "test")
    assert [m["id"] for m in run("sources", "matches", "--json").json] == [one, other]
    assert "Kim Jong Un" in run("sources", "matches").out
    result = run("sources", "matches", "--resolve", other, "different", "--resolve", one, "same", "--reviewer", "eve")
    assert (result.code, result.err) == (0, f"Match {other}: different.\nMatch {one}: same.\n")
    assert run("sources", "matches", "--json").json == []
    assert [m["decided_by"] for m in run("sources", "matches", "--state", "same", "--json").json] == ["eve"]
    assert show_source(two, "Kim Jong Un").name == "KCNA"
    assert run("sources", "matches", "--resolve", one, "different").code == ExitCode.ERROR


def test_a_country_is_set(run: Run, two: Engine) -> None:
    assert run("sources", "set-country", "Kim Jong Un", "kp").err == "Kim Jong Un is now of KP.\n"
    assert show_source(two, "Kim Jong Un").country == "KP"
    assert run("sources", "set-country", "Kim Jong Un", "--none").code == 0
    assert show_source(two, "Kim Jong Un").country is None
    assert run("sources", "set-country", "Kim Jong Un").code == ExitCode.USAGE
