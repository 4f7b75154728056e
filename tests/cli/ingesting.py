"""Articles to ingest, a stand-in for the models, and what was stored."""

import json
import sys
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


TALKING = """
import sys, time
import quotetrack.annotation.pipeline as pipeline
import quotetrack.attribution as attribution
from quotetrack import flow
from tests.cli.ingesting import Fake
from tests.store.build import channel, quote, speaker

class Slow(Fake):
    def annotate(self, texts):
        time.sleep({pause})
        return super().annotate(texts)

def attribute(annotated, *_):
    text = annotated.text
    name = "Voice " + text.split("number ")[1].strip(". \\n")
    return (quote(channel("KCNA"), speaker(name), text=text), quote(speaker("Anna Smith"), text=text))

pipeline.Annotator, attribution.attribute, flow.BATCH_ARTICLES = Slow, attribute, {batch}
from quotetrack.cli import main
main(sys.argv[1:])
"""
"""A quotetrack whose models find two attributions in each article that `write` writes."""


def talking(*words: object, pause: float = 0.0, batch: int = 5) -> list[str]:
    """The command line of a quotetrack of its own with such models."""
    return [sys.executable, "-c", TALKING.format(pause=pause, batch=batch), *map(str, words), "--workers", "0"]
