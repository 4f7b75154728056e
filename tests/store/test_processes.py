"""Processes that ingest the same articles while others decide: nothing is lost, and nothing is there twice."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quotetrack.store.check import check
from quotetrack.store.engine import Engine, reading
from quotetrack.store.history import history
from quotetrack.store.models import ArticleVersion, Outlet, Source, SourceAlias
from quotetrack.store.queries import get_quote
from tests.store.build import everything

ROOT = Path(__file__).parents[2]
ARTICLES, SHARED, QUOTES = 20, 10, 4
"""Each of two processes stores so many articles, of which so many are the other's too, with so many attributions."""
ACTS = 30

SAVING = """
import json, sys
from tests.store.build import channel, opened, quote, save, speaker

database, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with opened(database) as engine:
    for number in range(first, last):
        text = f"Voice {number % 7} and Voice {number} spoke, as agencies told. " * 3
        quotes = [quote(channel(f"Agency {(number + i) % 3}"), speaker(f"Voice {number if i % 2 else number % 7}"),
                        text=text) for i in range(4)]
        fate = save(engine, *quotes, text=text, id=str(number), outlet=f"Outlet {number % 5}")
        print(json.dumps([number, fate]), flush=True)
"""

DECIDING = """
import json, random, sys
from quotetrack.domain import Kind
from quotetrack.errors import ConflictError
from quotetrack.store import decisions
from quotetrack.store.decisions import Action, ChainFix, NewSource, undo
from quotetrack.store.queries import Filter, list_quotes
from tests.store.build import opened

database, reviewer, acts = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(reviewer)
with opened(database) as engine:
    for number in range(acts):
        row = chance.choice(list_quotes(engine, Filter(), order=chance.choice(["recent", "article"]), limit=8))
        by = {"reviewer": reviewer, "version": row.version}
        try:
            done = chance.choice([
                lambda: decisions.decide(engine, row.id, chance.choice([Action.ACCEPT, Action.REJECT]), **by),
                lambda: decisions.set_kind(engine, row.id, chance.choice(list(Kind)), **by),
                lambda: decisions.set_speaker(engine, row.id, f"New {chance.randint(0, 9)}", new=NewSource(), **by),
                lambda: decisions.fix_all(engine, row.id, ChainFix(("New 1",), True, True, NewSource()), **by),
                lambda: decisions.accept_all(engine, row.article_id, 0.1, reviewer=reviewer),
                lambda: undo(engine, reviewer=reviewer, past=True),
            ])()
        except ConflictError as error:
            print(json.dumps({"conflict": str(error)}), flush=True)
            continue
        for one in (done, *done.also) if done else ():
            print(json.dumps([one.decision_id, one.attribution_id, one.version]), flush=True)
"""

COMMANDS = """
import contextlib, io, json, random, sys
from quotetrack.cli import main
from quotetrack.store.queries import Filter, list_quotes
from tests.store.build import opened

database, reviewer, acts = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(reviewer)
with opened(database) as engine:
    for number in range(acts):
        row = chance.choice(list_quotes(engine, Filter(), order=chance.choice(["recent", "article"]), limit=8))
        words = chance.choice([["accept", row.id], ["reject", row.id], ["set-kind", row.id, "mixed"],
                               ["set-speaker", row.id, f"New {chance.randint(0, 9)}", "--new", "--kind", "person"]])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
            main(["decide", *map(str, words), "--reviewer", reviewer, "--database", database, "--json"])
        assert out.getvalue(), err.getvalue()
        done = json.loads(out.getvalue())
        print(json.dumps([done["decision_id"], done["attribution_id"], done["version"]]), flush=True)
"""


def started(code: str, *words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_ingesting_and_deciding_at_once_loses_nothing(engine: Engine, database: str) -> None:
    first = started(SAVING, database, 0, 1)
    assert first.communicate(timeout=60)[0]  # There is something to decide on.
    last = 1 + ARTICLES
    savers = [
        started(SAVING, database, start, end) for start, end in ((1, last), (last - SHARED, last - SHARED + ARTICLES))
    ]
    deciders = [started(DECIDING, database, who, ACTS) for who in ("ana", "ben")]
    deciders.append(started(COMMANDS, database, "eve", ACTS))
    said: list[list[Any]] = []
    for process in (*savers, *deciders):
        out, err = process.communicate(timeout=300)
        assert (process.returncode, err) == (0, "")
        said.append([json.loads(line) for line in out.splitlines()])
    assert check(engine) == []
    check_articles([fate for lines in said[:2] for fate in lines], engine)
    check_decisions([tuple(line) for lines in said[2:] for line in lines if isinstance(line, list)], engine)


def check_articles(fates: list[tuple[int, str]], engine: Engine) -> None:
    """Each article is stored by one of those that had it, once and whole."""
    numbers = range(1, 1 + 2 * ARTICLES - SHARED)
    for number in numbers:
        told = sorted(fate for one, fate in fates if one == number)
        assert told in (["new"], ["new", "unchanged"])
    assert len([fate for _, fate in fates if fate == "unchanged"]) == SHARED
    rows = everything(engine)
    of_articles = [[row for row in rows if row.article_id == i] for i in sorted({row.article_id for row in rows})]
    assert [len(found) for found in of_articles] == [QUOTES] * (len(numbers) + 1)
    with reading(engine) as session:
        assert session.query(ArticleVersion).count() == len(numbers) + 1
        assert sorted(name for (name,) in session.query(Outlet.name)) == [f"Outlet {i}" for i in range(5)]
        names = [name for (name,) in session.query(Source.name)]
        assert len(names) == len(set(names)) == session.query(SourceAlias).count()
    assert {f"Voice {i}" for i in (0, *numbers)} | {f"Agency {i}" for i in range(3)} <= set(names)


def check_decisions(said: list[tuple[int, int | None, int]], engine: Engine) -> None:
    """What was said to be decided is in the log, and no decision was made on what its reviewer had not seen."""
    log = [row for row in history(engine, limit=100_000) if row.attribution_id is not None]
    due = [one for one in said if one[1] is not None]
    assert sorted(one[0] for one in due) == sorted(row.id for row in log)
    assert {row.reviewer for row in log} == {"ana", "ben", "eve"}
    assert len(log) > ACTS
    for id_ in {one[1] for one in due}:
        versions = sorted(one[2] for one in due if one[1] == id_)
        assert versions == list(range(2, len(versions) + 2))
        assert id_ is not None
        assert get_quote(engine, id_).version == len(versions) + 1
