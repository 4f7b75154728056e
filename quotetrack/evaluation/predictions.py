"""What was found: read from the output of `quotetrack extract`."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from quotetrack.domain import Attribution, Hop, HopRole, Kind, Polarity, SourceClass, Span, Spans
from quotetrack.evaluation.gold import GoldError, GoldSet, fitting
from quotetrack.evaluation.records import read_records

FORMATS = (1,)
"""The formats of `quotetrack extract` that can be read."""

Found = dict[str, tuple[Attribution, ...]]
"""What was found, by article name."""

Pair = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class _Hop(BaseModel):
    role: HopRole
    name: str
    class_: SourceClass = Field(alias="class")
    span: Pair | None = None


class _Attribution(BaseModel):
    content: Annotated[list[Pair], Field(min_length=1)]
    cue: list[Pair] = []
    source: list[Pair] = []
    kind: Kind
    polarity: Polarity
    chain: list[_Hop]
    parent: int | None = None
    confidence: float = Field(ge=0, le=1)


class _Line(BaseModel):
    format: int = FORMATS[-1]
    id: str
    attributions: list[_Attribution]


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a file of predictions says about the articles of a gold set."""

    found: Found
    unknown: int
    """Articles in the file that are not in the gold."""
    absent: tuple[str, ...]
    """Articles of the gold that are not in the file: nothing was found in them."""


def read_predictions(path: Path, gold: GoldSet, known: Collection[str]) -> Predictions:
    """The predictions for the articles of `gold`; `known` are the names that may be left out without being unknown.

    Raises GoldError, naming file and line, for a line that is not `quotetrack extract`'s, an article given twice,
    offsets outside the text, and if no article of the gold is in the file.
    """
    texts = {article.name: article.text for article in gold.articles}
    found: Found = {}
    seen: set[str] = set()
    unknown = 0
    for where, line in read_records(path, _Line):
        if line.format not in FORMATS:
            raise GoldError(f"{where}: format {line.format} is not known. Run `quotetrack extract` of this version.")
        if line.id in seen:
            raise GoldError(f"{where}: the article {line.id!r} comes twice. Keep one of them.")
        seen.add(line.id)
        if line.id in texts:
            found[line.id] = tuple(_attribution(each, texts[line.id], where) for each in line.attributions)
        elif line.id not in known:
            unknown += 1
    if not found:
        raise GoldError(f"{path} holds no article of {gold.location}. Its ids must be the names of the gold's texts.")
    return Predictions(found, unknown, tuple(name for name in texts if name not in found))


def _attribution(read: _Attribution, text: str, where: str) -> Attribution:
    def spans(pairs: list[Pair]) -> Spans:
        return fitting(pairs, text, where)

    return Attribution(
        content=spans(read.content),
        cue=spans(read.cue),
        source=spans(read.source),
        kind=read.kind,
        polarity=read.polarity,
        chain=tuple(Hop(hop.role, hop.name, hop.class_, Span(*hop.span) if hop.span else None) for hop in read.chain),
        parent=read.parent,
        confidence=read.confidence,
        made_by="predictions",
    )
