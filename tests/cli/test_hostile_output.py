"""Nothing in an article harms a terminal or a spreadsheet, whatever command shows it."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotetrack.cli.common import safe_cell
from quotetrack.errors import ExitCode
from quotetrack.harmless import harmless
from quotetrack.store.decisions import Action, decide, propose_match, rename
from quotetrack.store.engine import Engine, writing
from tests.cli.conftest import Run
from tests.store.build import START, channel, everything, quote, raw, save, speaker

EVIL = "Anna\x1b[2J\x9b31m\x07\x7f\u202eSmith"
"""Clears the screen, turns red in one byte, rings, deletes, and reads backwards."""
SAYS = f"It \x1b]0;owned\x07is \x1b]52;c;eA==\x07\x1b]8;;https://x.example\x1b\\“{EVIL}”\x1b]8;;\x1b\\."
"""Names the window, fills the clipboard, and links to where nobody wants to go."""
CONTROLS = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F))} - {"\n"}


@pytest.fixture
def evil(engine: Engine) -> Engine:
    save(
        engine,
        quote(channel(EVIL), speaker(EVIL + "2"), text=SAYS),
        text=SAYS,
        outlet=EVIL,
        title=EVIL,
        published=START,
    )
    return engine


@pytest.mark.parametrize(
    "words",
    [
        "quotes", "sources list", "sources list --search Anna", "sources show #{id}", "report sources",
        "report source #{id} --evidence", "report channels", "report outlets", "report channel #{id}",
        "report source #{id} --format md --evidence", "report source #{id} --format html", "sources show Anna",
        "sources set-kind #{id} person", "sources rename #{id} Plain",
        "sources add-alias #{id} Plain", "sources set-controller #{id} --none", "sources add-alias KCNA #{name}",
        "sources merge #{id} KCNA",
    ],
)  # fmt: skip
def test_escape_sequences_do_not_reach_the_terminal(words: str, run: Run, evil: Engine) -> None:
    number = everything(evil)[0].hops[0].source_id
    given = [word.replace("{id}", str(number)).replace("#{name}", EVIL) for word in words.split()]
    result = run(*given)
    assert "Smith" in result.out + result.err
    assert not set(result.out + result.err) & CONTROLS


@pytest.mark.parametrize(
    "words",
    ["quotes --json", "explain 1 --json", "sources list --json", "report sources --json", "decide history --json"],
)
def test_json_escapes_and_keeps_everything(words: str, run: Run, evil: Engine) -> None:
    rename(evil, EVIL, EVIL + "3", reviewer=EVIL)
    result = run(*words.split())
    assert "Anna\\u001b[2J\\u009b31m\\u0007\\u007f\\u202eSmith" in result.out
    assert not set(result.out) & CONTROLS
    assert EVIL in "".join(texts_in(result.json))


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value


CSV = ("quotes --csv", "sources list --csv", "report sources --csv", "sources matches --csv")


@pytest.mark.parametrize("words", CSV)
def test_csv_is_harmless_on_a_terminal_and_to_the_letter_in_a_pipe(
    words: str, run: Run, evil: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(evil) as session:
        first, second = (hop.source_id for hop in everything(evil)[0].hops)
        propose_match(session, first, second, 0.5, EVIL)
    piped = run(*words.split()).out
    assert EVIL in piped
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = run(*words.split()).out
    assert not set(shown) & CONTROLS
    assert shown == harmless(piped)


def test_a_usage_error_repeats_a_file_name_harmlessly(run: Run) -> None:
    for words in (["ingest", f"--{EVIL}"], ["decide", "accept", EVIL], ["evaluate", "x", "--texts", EVIL], [EVIL]):
        result = run(*words)
        assert result.code == ExitCode.USAGE
        assert "Smith" in result.err
        assert not set(result.err) & CONTROLS


def test_faults_of_a_database_are_told_harmlessly(run: Run, evil: Engine, database: Path) -> None:
    decide(evil, 1, Action.ACCEPT, reviewer="hana")
    with raw(database) as connection:
        connection.execute("delete from hop where position = 0")
    told = run("db", "check").out
    assert "Smith" in told
    assert not set(told) & CONTROLS


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(formula: str, run: Run, engine: Engine) -> None:
    said = f"{formula} said somebody at noon"
    save(
        engine, quote(channel(formula + "c"), speaker(formula + "s"), text=said), text=said, outlet=formula,
        title=formula, url=formula,
    )  # fmt: skip
    tables = [
        run("quotes", "--csv").out,
        run("sources", "list", "--csv").out,
        run("report", "sources", "--csv").out,
        run("report", "source", f"#{everything(engine)[0].hops[0].source_id}", "--csv").out,
        run("report", "channels", "--csv").out,
        run("report", "outlets", "--csv").out,
    ]
    for table in tables:
        cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
        assert any(cell.startswith("'" + formula[0]) for cell in cells)
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")]


@pytest.mark.parametrize("value", [-1, 0.5, None, "", "plain", "a=1", "'=1"])
def test_harmless_cells_stay_as_they_are(value: object) -> None:
    assert safe_cell(value) == value
