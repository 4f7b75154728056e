"""What cannot be read or analysed costs only itself: it is named with its reason, and the good articles are kept."""

import gzip
import json
import os
import time
from pathlib import Path

import pytest

from quotetrack.domain import AnnotatedText
from quotetrack.errors import ExitCode
from quotetrack.reading import MAX_BYTES
from tests.cli.conftest import Run
from tests.cli.ingesting import PROSE, line, texts, write

BAD: dict[str, tuple[bytes | None, str, str]] = {
    "missing.txt": (None, "missing", ""),
    "empty.txt": (b"", "empty", ""),
    "blank.txt": (b" \n\t\n", "empty", ""),
    "binary.txt": (b"\x00\x01\x02" * 50, "binary", ""),
    "pdf.txt": (b"%PDF-1.7 The mayor said so on Tuesday, twice.", "binary", ""),
    "latin.txt": ("Le maire a confirmé la nouvelle hier soir.".encode("latin-1"), "encoding", ""),
    "few.txt": (b"Sold out again.", "not_article", ""),
    "big.txt": (b"word " * (MAX_BYTES // 5 + 1), "too_large", ""),
    "future.md": (b"---\ndate: 2999-01-01\n---\n" + PROSE.encode(), "future_date", ""),
    "side.txt": (PROSE.encode(), "metadata", ""),
    "lines.jsonl": (line(id=1) + b'{"text": "The mayor said\n' + line(id=3, text=PROSE + " Yes."), "json", ":2"),
    "menu.html": (b"<html><body><ul><li>Home</li><li>Login</li></ul></body></html>", "not_article", ""),
}


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(("name", "content", "reason", "where"), [(name, *case) for name, case in BAD.items()], ids=BAD)
def test_each_bad_input_is_named_with_its_reason_and_the_good_ones_are_stored(
    name: str, content: bytes | None, reason: str, where: str, run: Run, home: Path
) -> None:
    if content is not None:
        (home / name).write_bytes(content)
    (home / "side.meta.toml").write_text("outlet = ")
    (home / "good.txt").write_text(PROSE + " It is good.")
    (home / "also.txt").write_text(PROSE + " So is this.")
    result = run("ingest", home / "good.txt", home / name, home / "also.txt")
    assert (result.code, result.out) == (ExitCode.SKIPPED, "")
    skipped = [told for told in result.err.splitlines() if told.startswith("skipped ")]
    assert len(skipped) == 1
    assert skipped[0].startswith(f"skipped {home / name}{where}: ")
    assert skipped[0].endswith(f" [{reason}]")
    assert {PROSE + " It is good.", PROSE + " So is this."} <= texts(home / "news.sqlite")
    extracted = run("extract", home / "good.txt", home / name, home / "also.txt")
    assert extracted.code == ExitCode.SKIPPED
    assert skipped[0] in extracted.err
    ids = [json.loads(found)["id"] for found in extracted.out.splitlines()]
    assert (ids[0], ids[-1]) == ("good", "also")
    assert len(ids) == (4 if where else 2)


@pytest.mark.usefixtures("fake")
def test_of_a_hundred_files_the_thirty_bad_ones_cost_no_good_one(run: Run, home: Path) -> None:
    folder = write(home / "mixed", 100)
    faults = [b"", b"\x00\x01" * 99, b"Sold out again.", "Le maire a confirmé".encode("latin-1") * 9]
    bad = [f"a{number:03}.txt" for number in range(0, 90, 3)]
    for index, name in enumerate(bad):
        (folder / name).write_bytes(faults[index % len(faults)])
    good = {path.read_text() for path in folder.iterdir() if path.name not in bad}
    result = run("ingest", folder, "--json")
    assert result.code == ExitCode.SKIPPED
    assert result.json["articles"] == {"new": 70, "new_version": 0, "unchanged": 0, "skipped": 30}
    assert sorted(Path(skipped["location"]).name for skipped in result.json["skipped"]) == bad
    assert texts(home / "news.sqlite") == good
    assert run("db", "check").code == 0


PAGE = f"<html><body>{f'<p>{PROSE}</p>' * 5}</body></html>"
HOSTILE = {
    b"attributes.html": ("<html><p " + " ".join(f"a{n}" for n in range(100_000)) + f">{PAGE}").encode(),
    b"nested.html": b"<div>" * 100_000 + PAGE.encode(),
    b"elements.xhtml": b"<html>" + b"<b>x</b>" * 1_000_000,
    b"packed.html": gzip.compress(gzip.compress(PAGE.encode())),
    b"packed.jsonl": gzip.compress(line(id=1)),
    b"packed.txt": gzip.compress(PROSE.encode()),
    b"deep.jsonl": b'{"text": ' + b"[" * 100_000,
    b"nul.md": PROSE.encode() + b"\0",
    b"bomb.txt": PROSE.encode(),
    b"esc\x1b]52;c;eA==\x07\x1b[2J.txt": b"",
    b"new\nline.txt": b"",
    b"c1\xc2\x9b31m.txt": b"",
    b"\xe2\x80\xaebidi.txt": b"",
    b"not text \xff\xfe.txt": b"",
    b"--database.txt": b"",
}  # fmt: skip


@pytest.mark.usefixtures("fake")
def test_hostile_inputs_cost_only_themselves(run: Run, home: Path) -> None:
    folder = write(home / "hostile", 7)
    for name, content in HOSTILE.items():
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(content)
    (folder / "bomb.meta.toml").write_text("a" + ".a" * 30_000 + " = 1")
    with (folder / "long line.txt").open("wb") as file:
        file.truncate(100_000_000)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")  # Left out: nobody can have meant it.
    started = time.process_time()
    result = run("ingest", folder)
    assert time.process_time() - started < 20
    skipped = [told for told in result.err.splitlines() if told.startswith("skipped ")]
    assert (result.code, len(skipped)) == (ExitCode.SKIPPED, len(HOSTILE) + 3)
    assert result.err.splitlines()[-1].startswith(f"Articles: 7 new, {len(skipped)} skipped.")
    assert not set(result.err) & {chr(code) for code in (*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x202E)}
    assert run("ingest", folder, "--json").json["articles"]["unchanged"] == 7
    assert run("db", "check").code == 0


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_text_the_models_break_on_is_skipped_and_its_batch_is_not_lost(place: int, run: Run, home: Path) -> None:
    folder = write(home / "articles", 5)
    odd = folder / f"a{place:03}.txt"
    odd.write_text(PROSE + " BOOM.")
    result = run("ingest", folder)
    assert result.code == ExitCode.SKIPPED
    assert result.err.splitlines()[0] == (
        f"skipped {odd}: the models fail on it (RuntimeError: the sentence is too odd) [annotation]"
    )
    assert len(texts(home / "news.sqlite")) == 4
    extracted = run("extract", folder)
    assert extracted.code == ExitCode.SKIPPED
    assert [json.loads(found)["id"] for found in extracted.out.splitlines()] == [
        f"a{number:03}" for number in range(5) if number != place
    ]


@pytest.mark.usefixtures("fake")
def test_a_text_that_attribution_breaks_on_is_skipped_too(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attribute(annotated: AnnotatedText, *_: object) -> tuple[()]:
        if "number 2." in annotated.text:
            raise IndexError("list index out of range")
        return ()

    monkeypatch.setattr("quotetrack.attribution.attribute", attribute)
    result = run("ingest", write(home / "articles", 5))
    assert result.code == ExitCode.SKIPPED
    assert "a002.txt: the models fail on it (IndexError: list index out of range) [annotation]" in result.err
    assert len(texts(home / "news.sqlite")) == 4
