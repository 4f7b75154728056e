"""Gold in our own format: JSON Lines, one attribution or distractor a line, the texts in files beside them.

    {"id": "A1", "file": "NAME.txt", "record": "attribution", "content": [PIECE, ...], "cue": [...], "source": [...],
     "kind": "mixed", "polarity": "asserted", "speaker": "Kim Jong Un" | null, "speaker_aliases": ["Kim"],
     "speaker_class": "person", "channels": ["KCNA"], "parent": "A0" | null}
    {"id": "D1", "file": "NAME.txt", "record": "distractor", "content": [PIECE, ...]}

A PIECE is {"start": 10, "end": 16, "text": "warned"}: half-open code points, and the text that must stand there.
Optional: "borderline": true (neither finding nor missing it counts), "chain_inferred": true (the article does not
state the channels, so none is right too), and "alt": {"content": [[PIECE, ...], ...], "chain": [["KCNA"], ...]},
other ways that count as right. Other fields are for people.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from quotetrack.domain import Kind, Polarity, SourceClass, Spans
from quotetrack.evaluation.gold import (
    Chain,
    Distractor,
    Form,
    GoldArticle,
    GoldAttribution,
    GoldError,
    GoldSet,
    Speaker,
    fitting,
    read_text,
)
from quotetrack.evaluation.records import read_records

Name = Annotated[str, Field(min_length=1, max_length=1000)]


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str


class _Alternatives(BaseModel):
    model_config = ConfigDict(extra="forbid")

    content: list[Annotated[list[_Piece], Field(min_length=1)]] = []
    chain: list[list[Name]] = []


class _Line(BaseModel):
    """One line. Fields that only people read, such as `note`, are let through."""

    id: Name
    file: Annotated[str, Field(pattern=r"^[^/\\\x00]+$")]
    """A plain file name: gold from elsewhere must not lead out of the folder of texts."""
    record: Literal["attribution", "distractor"]
    content: Annotated[list[_Piece], Field(min_length=1)]
    cue: list[_Piece] = []
    source: list[_Piece] = []
    kind: Kind | None = None
    polarity: Polarity | None = None
    speaker: Name | None = None
    speaker_aliases: list[Name] = []
    speaker_class: SourceClass | None = None
    channels: list[Name] = []
    parent: Name | None = None
    borderline: bool = False
    chain_inferred: bool = False
    alt: _Alternatives = _Alternatives()


def read_lines(path: Path, texts: Path | None = None) -> GoldSet:
    """The gold of a JSON Lines file, in the order in which its articles first come.

    Texts are looked for in `texts`, else beside the file, else in a folder `articles` there or one level up.
    Raises GoldError, naming file and line, for a line that is no such record, an id used twice, a parent that does
    not exist, a text that is not found, and offsets at which another text stands.
    """
    articles: dict[str, str] = {}
    attributions: dict[str, list[GoldAttribution]] = {}
    distractors: dict[str, list[Distractor]] = {}
    places: dict[str, Path] = {}
    seen: dict[tuple[str, str], str] = {}
    parents: list[tuple[str, str, str]] = []
    for where, line in read_records(path, _Line):
        if line.file not in articles:
            places[line.file] = _find_text(line.file, path, texts, where)
            articles[line.file] = read_text(places[line.file])
        text = articles[line.file]
        if (line.file, line.id) in seen:
            other = seen[line.file, line.id]
            raise GoldError(f"{where}: the id {line.id!r} is used before, at {other}. Give each record its own.")
        seen[line.file, line.id] = where
        content = _spans(line.content, text, where)
        if line.record == "distractor":
            distractors.setdefault(line.file, []).append(Distractor(line.id, content))
            continue
        attributions.setdefault(line.file, []).append(_attribution(line, text, where))
        if line.parent is not None:
            parents.append((where, line.file, line.parent))
    for where, file, parent in parents:
        if parent not in {attribution.id for attribution in attributions[file]}:
            raise GoldError(f"{where}: its parent {parent!r} is no attribution of {file}. Name one of its ids.")
    if not articles:
        raise GoldError(f"{path} holds no gold: write one record a line.")
    return GoldSet(
        Form.JSONL,
        tuple(
            GoldArticle(
                Path(file).stem,
                text,
                tuple(attributions.get(file, ())),
                tuple(distractors.get(file, ())),
                str(places[file]),
            )
            for file, text in articles.items()
        ),
        str(path),
    )


def _find_text(file: str, path: Path, texts: Path | None, where: str) -> Path:
    folders = [texts] if texts is not None else [path.parent, path.parent / "articles", path.parent.parent / "articles"]
    for folder in folders:
        if (folder / file).is_file():
            return folder / file
    looked = " or ".join(str(folder) for folder in folders)
    raise GoldError(f"{where}: there is no text {file} in {looked}. Say where the texts are with --texts DIR.")


def _spans(pieces: list[_Piece], text: str, where: str) -> Spans:
    spans = fitting([(piece.start, piece.end) for piece in pieces], text, where)
    for piece in pieces:
        stands = text[piece.start : piece.end]
        if stands != piece.text:
            raise GoldError(
                f"{where}: at {piece.start}-{piece.end} stands {stands[:60]!r}, not {piece.text[:60]!r}. "
                "Check that it is the very text that was marked."
            )
    return spans


def _attribution(line: _Line, text: str, where: str) -> GoldAttribution:
    alternatives = [_spans(pieces, text, where) for pieces in line.alt.content]
    preferred = _chain(line.channels)
    chains = [preferred, *map(_chain, line.alt.chain), *([()] if line.chain_inferred else [])]
    named = (line.speaker, *line.speaker_aliases) if line.speaker is not None else ()
    tolerated = () if line.speaker is not None else tuple(line.speaker_aliases)
    return GoldAttribution(
        line.id,
        (_spans(line.content, text, where), *alternatives),
        _spans(line.cue, text, where),
        _spans(line.source, text, where),
        line.kind,
        line.polarity,
        Speaker(named, line.speaker_class, tolerated),
        tuple(chains),
        stated=bool(preferred) and not line.chain_inferred,
        parent=line.parent,
        borderline=line.borderline,
    )


def _chain(names: list[str]) -> Chain:
    return tuple((name,) for name in names)
