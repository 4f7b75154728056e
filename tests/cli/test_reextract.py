"""`quotetrack reextract`: from the command line, with the bundled models."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.store.build import raw

ARTICLE = (
    "The harbour will close in May, Ada Lorne told reporters on Monday.\n\n"
    "“We have no choice,” Lorne said. Ben Ash, the mayor, said that the town would fight the decision.\n"
)


@pytest.mark.models
def test_decided_ones_stay_and_the_others_are_found_again(run: Run, home: Path) -> None:
    (home / "harbour.txt").write_text(ARTICLE)
    run("ingest", home / "harbour.txt")
    assert "Nothing to do" in run("reextract").err
    found = run("quotes", "--json").json
    assert len(found) == 3
    decided, changed, lost = (row["id"] for row in found)
    assert run("decide", decided, "set-kind", "reported").code == 0
    with raw(home / "news.sqlite") as connection:  # as if other models had found less, and otherwise
        connection.execute("pragma foreign_keys = on")
        connection.execute("update attribution set polarity = 'question' where id = ?", [changed])
        connection.execute("delete from attribution where id = ?", [lost])
        connection.execute("update run set quotetrack = '0.0.1'")

    replaced = {"kept": 1, "same": 0, "changed": 1, "added": 1, "dropped": 0}
    before = run("quotes", "--json").json
    tried = run("reextract", "--dry-run", "--json").json
    assert (tried["articles"], tried["replaced"]) == ({"changed": 1, "unchanged": 0, "skipped": 0}, replaced)
    assert run("quotes", "--json").json == before

    done = run("reextract")
    assert "1 kept as decided, 0 the same, 1 changed, 1 added, 0 dropped" in done.err
    after = {row["content"]: row for row in run("quotes", "--json").json}
    first = {row["content"]: row for row in found}
    assert after.keys() == first.keys()
    for content, row in after.items():
        kept = row["id"] == decided
        assert row["kind"] == ("reported" if kept else first[content]["kind"])
        assert row["polarity"] == first[content]["polarity"]
    assert "Nothing to do" in run("reextract").err
    assert run("reextract", "--all", "--json").json["replaced"]["same"] == 2
    assert run("db", "check").code == 0


def test_a_database_is_needed(run: Run) -> None:
    done = run("reextract")
    assert done.code == 4
    assert "quotetrack ingest" in done.err
