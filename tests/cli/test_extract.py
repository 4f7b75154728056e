"""What `extract` prints keeps to the format that its help documents."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from tests.cli.conftest import Run
from tests.cli.ingesting import PROSE, SEEDS, line


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


Offset = Annotated[int, Field(ge=0)]
Pair = Annotated[list[Offset], Field(min_length=2, max_length=2)]
Class = Literal[
    "person", "official", "institution", "media", "collective", "unnamed", "unnamed_group", "document", "agentless"
]


class Speaker(Strict):
    name: Annotated[str, Field(min_length=1)]
    source_class: Annotated[Class, Field(alias="class")]


class Link(Speaker):
    role: Literal["channel", "speaker"]
    span: Pair | None
    speaks_for: str | None


class Found(Strict):
    content: Annotated[list[Pair], Field(min_length=1)]
    cue: list[Pair]
    source: list[Pair]
    kind: Literal["direct", "mixed", "indirect", "reported"]
    polarity: Literal["asserted", "negated", "question"]
    speaker: Speaker | None
    chain: list[Link]
    parent: Offset | None
    confidence: Annotated[float, Field(ge=0, le=1)]


class Line(Strict):
    format: Literal[1]
    id: Annotated[str, Field(min_length=1)]
    default_channels: list[Link]
    attributions: list[Found]


def lines(printed: str, read: Callable[[str], str | None]) -> dict[str, Line]:
    """The printed lines by id, each checked against the format that `--help` documents."""
    found = {}
    for text in printed.splitlines():
        record = Line.model_validate_json(text)
        assert record.id not in found
        found[record.id] = record
        article = read(record.id)
        for index, attribution in enumerate(record.attributions):
            assert attribution.parent is None or attribution.parent < len(record.attributions)
            assert attribution.parent != index
            roles = [hop.role for hop in attribution.chain]
            assert roles in (["channel"] * len(roles), ["channel"] * (len(roles) - 1) + ["speaker"])
            last = attribution.chain[-1] if "speaker" in roles else None
            assert (attribution.speaker and attribution.speaker.name) == (last and last.name)
            for spans in (attribution.content, attribution.cue, attribution.source):
                edges = [edge for span in spans for edge in span]
                assert edges == sorted(edges)
            every = attribution.content + attribution.cue + attribution.source
            for start, end in every + [hop.span for hop in attribution.chain if hop.span]:
                assert start < end
                if article is not None:
                    assert end <= len(article)
                    assert article[start:end] == article[start:end].strip()
    return found


@pytest.mark.models
@pytest.mark.usefixtures("loaded")
def test_extract_prints_what_its_help_says(run: Run, home: Path) -> None:
    def read(name: str) -> str | None:
        paths = [path for suffix in (".txt", ".md") if (path := SEEDS / f"{name}{suffix}").exists()]
        return paths[0].read_bytes().decode() if paths else None

    result = run("extract", SEEDS)
    assert (result.code, result.err) == (0, "")
    found = lines(result.out, read)
    assert set(found) == {path.stem for path in SEEDS.iterdir() if ".meta." not in path.name}
    assert all(len(record.attributions) > 5 for record in found.values())
    assert list(home.iterdir()) == []  # No database, and nothing else.


VARIANTS = {
    "plain": "{}\n\n{}\n",
    "crlf.in.name": "{}\r\n\r\n{}\r\n",
    "far-planes": "🚢🚢 𝔸𝔹 — e\u0301.\n\n{}\n\n{}\n",
    "marked": "\ufeff{}\n\n{}\n",
}
SECOND = "“We don’t know why,” Admiral Karl Brandt added. Two ships were lost, he said."


@pytest.mark.models
@pytest.mark.usefixtures("loaded")
def test_offsets_slice_the_decoded_file_whatever_its_line_ends_and_planes(run: Run, home: Path) -> None:
    for name, form in VARIANTS.items():
        (home / f"{name}.txt").write_bytes(form.format(PROSE, SECOND).encode())
    files = [home / f"{name}.txt" for name in VARIANTS]
    result = run("extract", *files)
    assert (result.code, result.err) == (0, "")
    found = lines(result.out, lambda name: (home / f"{name}.txt").read_bytes().decode("utf-8-sig"))
    assert list(found) == list(VARIANTS)
    slices = {}
    for name, record in found.items():
        text = (home / f"{name}.txt").read_bytes().decode("utf-8-sig")
        slices[name] = [
            ([text[a:b] for a, b in one.content], [text[a:b] for a, b in one.cue], one.speaker and one.speaker.name)
            for one in record.attributions
        ]
        assert (["“The bridge will open in May,”"], ["told"], "Anna Smith") in slices[name] or (
            ["The bridge will open in May"], ["told"], "Anna Smith"
        ) in slices[name]  # fmt: skip
        assert any(who == "Karl Brandt" and "know why" in content[0] for content, _, who in slices[name])
    assert slices["crlf.in.name"] == slices["plain"] == slices["marked"]


@pytest.mark.usefixtures("fake")
def test_extract_names_articles_by_file_line_or_given_id(run: Run, home: Path) -> None:
    (home / "lines.jsonl").write_bytes(line(id="given") + line(text=PROSE + " Yes."))
    (home / "no-suffix").write_text(PROSE)
    (home / "two.dots.txt").write_text(PROSE)
    result = run("extract", home / "lines.jsonl", home / "no-suffix", home / "two.dots.txt")
    assert (result.code, result.err) == (0, "")
    assert [Line.model_validate_json(text).id for text in result.out.splitlines()] == [
        "given", "lines:2", "no-suffix", "two.dots"
    ]  # fmt: skip
