"""What the commands on a filled database print, store, and say by their exit codes."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from quotetrack.annotation.models import BUNDLED_DIRECTORY
from quotetrack.errors import ExitCode
from quotetrack.sources.catalogue import bundled_catalogue
from quotetrack.store.check import check
from quotetrack.store.decisions import Action, decide
from quotetrack.store.engine import Engine, writing
from tests.cli.conftest import Run
from tests.store.build import CLASSES, Told, channel, dump, hear, opened, raw, speaker


def rows(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed, newline="")))


# quotes


def test_quotes_as_json_are_all_that_is_known(run: Run, record: list[Told]) -> None:
    result = run("quotes", "--json", "--limit", 1000, "--order", "article")
    assert (result.code, result.err) == (0, "")
    assert [(q["id"], q["content"], q["outlet"], q["status"], q["kind"]) for q in result.json] == [
        (t.id, t.text, t.outlet, t.status, t.kind) for t in record
    ]
    for quoted, t in zip(result.json, record, strict=True):
        assert quoted["published"] == (t.published.isoformat() if t.published else None)
        assert quoted["speaker"] == ({"name": t.speaker, "class": CLASSES[t.speaker]} if t.speaker else None)
        assert [hop["name"] for hop in quoted["chain"]] == list(t.names)
        assert set(quoted["spans"]) == {"content", "cue", "source"}


def test_quotes_as_csv_say_the_same(run: Run, record: list[Told]) -> None:
    result = run("quotes", "--csv", "--limit", 1000, "--order", "article")
    assert (result.code, result.err) == (0, "")
    assert [(q["id"], q["content"], q["speaker"], q["channels"], q["polarity"]) for q in rows(result.out)] == [
        (str(t.id), t.text, t.speaker or "", " > ".join(t.channels), t.polarity) for t in record
    ]


def test_quotes_as_a_table_count_on_standard_error(run: Run, record: list[Told]) -> None:
    result = run("quotes", "--limit", 3)
    assert result.err == f"3 of {len(record)} attributions. --limit shows more.\n"
    assert "→" in result.out
    assert run("quotes", "--text", "nosuchword").err == "0 of 0 attributions.\n"
    whole = run("quotes", "--limit", 1000).out
    assert "nobody named" in whole
    assert all(t.text.split()[0] in whole for t in record)


@pytest.mark.parametrize(
    ("options", "fits"),
    [
        (["--channel", "kcna"], lambda t: "KCNA" in t.channels),
        (["--speaker", "Anna Smith"], lambda t: t.speaker == "Anna Smith"),
        (["--source", "TASS"], lambda t: "TASS" in t.names),
        (["--outlet", "ранок"], lambda t: t.outlet == "Ранок"),
        (["--kind", "direct", "--polarity", "asserted"], lambda t: (t.kind, t.polarity) == ("direct", "asserted")),
        (["--status", "accepted"], lambda t: t.status == "accepted"),
        (["--since", "2025-03-10"], lambda t: t.published and t.published.day >= 10),
        (["--until", "2025-03-10"], lambda t: t.published and t.published.day < 10),
        (["--text", '"ships" rocket'], lambda t: "ships" in t.text and "rockets" in t.text),
    ],
)  # fmt: skip
def test_quotes_are_narrowed_by_each_option(options: list[str], fits, run: Run, record: list[Told]) -> None:  # type: ignore[no-untyped-def]
    found = run("quotes", *options, "--json", "--limit", 1000, "--order", "article").json
    due = [t.id for t in record if fits(t)]
    assert due
    assert [q["id"] for q in found] == due


def test_the_least_certain_come_first_if_asked(run: Run, record: list[Told]) -> None:
    found = [q["confidence"] for q in run("quotes", "--json", "--order", "uncertain", "--limit", 1000).json]
    assert found == sorted(found)
    assert found[0] < found[-1]


# sources


def test_sources_list_those_heard_unless_all_are_asked_for(run: Run, record: list[Told]) -> None:
    found = run("sources", "list", "--json", "--limit", 5000).json
    assert {s["name"] for s in found} == {name for t in record for name in t.names} | {"Kim Jong Un", "TASS"}
    everyone = run("sources", "list", "--json", "--all", "--limit", 5000).json
    assert len(everyone) > len(bundled_catalogue())
    assert {s["kind"] for s in run("sources", "list", "--kind", "news_agency", "--json").json} == {"news_agency"}
    table = run("sources", "list")
    assert table.err == ""
    assert all(name in table.out for t in record for name in t.names)
    assert "No source fits" in run("sources", "list", "--search", "Xyzzy").err


def test_sources_as_csv(run: Run, record: list[Told]) -> None:
    listed = {row["name"]: row for row in rows(run("sources", "list", "--csv").out)}
    shown = run("sources", "show", "KCNA", "--json").json
    assert listed["KCNA"]["aliases"].split("; ") == shown["aliases"]
    assert (listed["KCNA"]["spoken"], listed["KCNA"]["carried"]) == (str(shown["spoken"]), str(shown["carried"]))
    assert set(listed["KCNA"]) == set(shown)


def test_a_source_is_shown_as_text(run: Run, record: list[Told]) -> None:
    found = run("sources", "show", "kcna")
    fields = {line[:14].strip(): line[15:] for line in found.out.splitlines()}
    assert (fields["name"], fields["kind"], fields["controlled by"]) == ("KCNA", "news_agency", "North Korea")
    assert "Korean Central News Agency" in fields["aliases"]


def test_sources_are_changed_by_commands(run: Run, database: Path, engine: Engine) -> None:
    hear(engine, channel("Pyongyang Wire"), speaker("Anna Smith"), id="1")
    told = [
        run("sources", "rename", "Pyongyang Wire", "The Wire"),
        run("sources", "add-alias", "The Wire", "PW"),
        run("sources", "set-kind", "PW", "news_agency"),
        run("sources", "set-controller", "PW", "North Korea"),
    ]
    assert [(r.code, r.out, len(r.err.splitlines())) for r in told] == [(0, "", 1)] * 4
    shown = run("sources", "show", "pyongyang wire", "--json").json
    assert (shown["name"], shown["kind"], shown["controller"], shown["aliases"], shown["origin"]) == (
        "The Wire", "news_agency", "North Korea", ["PW", "Pyongyang Wire"], "user"
    )  # fmt: skip
    assert run("sources", "set-controller", "PW", "--none").code == 0
    assert run("sources", "show", "PW", "--json").json["controller"] is None
    assert run("sources", "merge", "The Wire", "KCNA").code == 0
    assert run("sources", "show", "PW", "--json").json["name"] == "KCNA"
    assert run("sources", "set-kind", "KCNA", "outlet").code == 0
    kept = run("sources", "sync")
    assert "1 changes were left out" in kept.err
    assert run("sources", "show", "KCNA", "--json").json["kind"] == "outlet"
    assert check(engine) == []


def test_sync_makes_a_database_with_the_catalogue(run: Run, home: Path) -> None:
    assert run("sources", "sync").code == 0
    with opened(home / "news.sqlite") as engine:
        assert check(engine) == []
    assert run("db", "stats", "--json").json["sources"] == len(bundled_catalogue())


# db


def test_db_current_and_check_of_a_sound_database(run: Run, record: list[Told]) -> None:
    current = run("db", "current")
    assert (current.code, current.err) == (0, "")
    assert current.out.endswith("(head)\n")
    checked = run("db", "check")
    assert (checked.code, checked.out, checked.err) == (0, "", "The database is sound.\n")


def test_db_check_lists_faults_and_fails(run: Run, engine: Engine, database: Path) -> None:
    hear(engine, speaker("Anna Smith"), id="1")
    with writing(engine) as session:
        session.execute(text("delete from attribution_span"))
    checked = run("db", "check")
    assert (checked.code, checked.out, checked.err) == (
        ExitCode.DATABASE, "attribution 1 has no content\n", "1 faults.\n"
    )  # fmt: skip


def test_db_stats(run: Run, record: list[Told]) -> None:
    found = run("db", "stats", "--json").json
    assert found["attributions"] == len(record) + 2  # Two articles have an older version, of one attribution each.
    printed = run("db", "stats").out
    for name, value in found.items():
        if isinstance(value, int):
            assert f"{name.replace('_', ' ')} " in printed
            assert f" {value:,}\n" in printed


def test_db_backup_names_the_copy_on_standard_output(run: Run, record: list[Told], home: Path) -> None:
    made = run("db", "backup")
    copy = Path(made.out.strip())
    assert (made.code, made.err) == (0, "")
    assert dump(copy) == dump(home / "news.sqlite")
    named = run("db", "backup", home / "copy.sqlite")
    assert named.out == f"{home / 'copy.sqlite'}\n"
    again = run("db", "backup", home / "copy.sqlite")
    assert (again.code, again.out) == (ExitCode.DATABASE, "")


def test_db_upgrade(run: Run, database: Path, home: Path) -> None:
    already = run("db", "upgrade")
    assert (already.code, already.out) == (0, "")
    assert "Already at" in already.err
    (home / "empty.sqlite").touch()
    assert run("db", "current", "--database", home / "empty.sqlite").code == ExitCode.DATABASE
    assert run("db", "upgrade", "--database", home / "empty.sqlite").code == 0
    assert run("db", "current", "--database", home / "empty.sqlite").code == 0
    with raw(database) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    for command in ("current", "upgrade", "check"):
        result = run("db", command)
        assert result.code == ExitCode.DATABASE
        assert "9999" in result.out + result.err
    assert [path.name for path in home.glob("*.backup-*")] == []


# doctor and models


def test_doctor_finds_a_good_set_up_right(run: Run, record: list[Told]) -> None:
    result = run("doctor", "--json")
    assert (result.code, result.err) == (0, "")
    assert all(finding["right"] for finding in result.json)
    assert {finding["what"] for finding in result.json} == {
        "quotetrack", "libraries", "settings", "models", "catalogue", "database"
    }  # fmt: skip
    printed = run("doctor").out
    assert all(line.startswith("ok ") for line in printed.splitlines())
    assert str(BUNDLED_DIRECTORY) in printed


def test_doctor_says_what_is_wrong(run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    hear(engine, speaker("Anna Smith"), id="1")
    with writing(engine) as session:
        session.execute(text("delete from attribution_span"))
    result = run("doctor")
    assert result.code == ExitCode.ERROR
    assert [line for line in result.out.splitlines() if line.startswith("BAD")] == [
        "BAD  database     1 faults; `quotetrack db check` lists them"
    ]
    monkeypatch.setenv("QUOTETRACK_MODELS", "/nowhere")
    monkeypatch.setenv("QUOTETRACK_DATABASE_URL", __file__)
    wrong = {finding["what"] for finding in run("doctor", "--json").json if not finding["right"]}
    assert wrong == {"models", "database"}


def test_doctor_is_content_without_a_database(run: Run, home: Path) -> None:
    result = run("doctor")
    assert result.code == 0
    assert "does not exist yet" in result.out
    assert not (home / "news.sqlite").exists()


def test_models_list(run: Run) -> None:
    found = run("models", "list", "--json").json
    bundled, official = found["sets"]
    assert (bundled["name"], bundled["installed"], bundled["in_use"]) == ("bundled", True, True)
    assert bundled["directory"] == str(BUNDLED_DIRECTORY)
    assert "attribution/quotetrack" in bundled["files"]
    assert (official["name"], official["installed"], official["in_use"]) == ("official", False, False)
    printed = run("models", "list")
    assert "bundled: installed, in use" in printed.out
    assert "models download" in printed.err


def test_decisions_show_in_lists(run: Run, engine: Engine) -> None:
    number = hear(engine, speaker("Anna Smith"), id="1")
    decide(engine, number, Action.REJECT, reviewer="hana")
    assert [q["id"] for q in run("quotes", "--status", "rejected", "--json").json] == [number]
    assert json.loads(run("report", "source", "Anna Smith", "--json").out)["as_speaker"] is None
