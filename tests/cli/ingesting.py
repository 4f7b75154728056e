"""Articles to ingest, a stand-in for the models, and what was stored."""

import json
from collections.abc import Sequence
from pathlib import Path

from quotetrack.domain import AnnotatedText
from tests.store.build import dump, raw

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds" / "articles"
PROSE = (
    "“The bridge will open in May,” Mayor Anna Smith told reporters on Tuesday. She said that the city had the money."
)


class Fake:
    """Stands in for the models: finds no words in any text, and breaks on some."""

    def __init__(self, *_: object, **__: object) -> None:
        self.seconds: dict[str, float] = {}

    def annotate(self, texts: Sequence[str]) -> list[AnnotatedText]:
        if any("BOOM" in text for text in texts):
            raise RuntimeError("the sentence\nis too odd")
        return [AnnotatedText(text, ()) for text in texts]


def write(folder: Path, count: int, text: str = PROSE) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"a{number:03}.txt").write_text(f"{text} It is report number {number}.\n", "utf-8")
    return folder


def texts(database: Path) -> set[str]:
    with raw(database) as connection:
        return {text for (text,) in connection.execute("select text from article")}


def without_times(database: Path) -> list[str]:
    """All rows, but for when they were made and the run that made them."""
    with raw(database) as connection:
        connection.execute("update article set fetched = 0")
        connection.execute("update attribution set dated = 0, run_id = null")
        connection.execute("update source set created = 0")
        connection.execute("delete from run")
    # the migrations write a table's constraints in an order of chance
    return [line for line in dump(database) if not line.startswith("CREATE TABLE")]


def line(**record: object) -> bytes:
    return json.dumps({"text": PROSE, **record}).encode() + b"\n"
