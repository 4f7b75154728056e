"""Gold from a PolNeAR compartment: `text/NAME.txt` and brat's stand-off `attributions/NAME_ANNOTATOR.ann`."""

import re
from pathlib import Path

from quotetrack.domain import SpanRole, Spans
from quotetrack.evaluation.gold import Form, GoldArticle, GoldAttribution, GoldError, GoldSet, fitting, read_text

_SPAN = re.compile(r"(?P<id>T\d+)\t\S+ (?P<offsets>\d+ \d+(;\d+ \d+)*)\t")
_EVENT = re.compile(r"(?P<id>E\d+)\t(?P<arguments>.*)")
_ARGUMENT = re.compile(r"(?P<role>content|cue|source)\d*:(?P<span>T\d+)", re.IGNORECASE)


def is_polnear(path: Path) -> bool:
    """Whether a path is a folder laid out as a PolNeAR compartment is."""
    return (path / "text").is_dir() and (path / "attributions").is_dir()


def read_polnear(folder: Path) -> GoldSet:
    """The articles of a compartment by name. Of several annotators the first in sorted order is taken.

    Raises GoldError if there are none, a text is missing, or an offset does not fit its text.
    """
    chosen: dict[str, Path] = {}
    for path in sorted((folder / "attributions").glob("*.ann"), key=lambda path: path.name):
        chosen.setdefault(_article_of(path, folder), path)
    if not chosen:
        raise GoldError(f"{folder} has no attributions/*.ann. Name a folder that holds text/ and attributions/.")
    return GoldSet(Form.POLNEAR, tuple(_read(name, path, folder) for name, path in chosen.items()), str(folder))


def _article_of(path: Path, folder: Path) -> str:
    """The article that a file of annotations is about: its name ends in the annotator's."""
    if (folder / "text" / f"{path.stem}.txt").exists():
        return path.stem
    return path.stem.rpartition("_")[0]


def _read(name: str, path: Path, folder: Path) -> GoldArticle:
    source = folder / "text" / f"{name}.txt"
    text = read_text(source)
    return GoldArticle(name, text, read_ann(read_text(path), text, str(path)), location=str(source))


def read_ann(ann: str, text: str, where: str) -> tuple[GoldAttribution, ...]:
    """The attributions of a brat file that have a content; `where` names it in errors.

    Lines of no known form are passed over: the corpus has some that a broken text has torn. Raises GoldError if an
    offset does not fit `text`.
    """
    spans: dict[str, Spans] = {}
    events: list[tuple[str, str]] = []
    for number, line in enumerate(re.split(r"\r\n?|\n", ann), 1):
        if found := _SPAN.match(line):
            pairs = [(int(a), int(b)) for a, b in re.findall(r"(\d+) (\d+)", found["offsets"])]
            spans[found["id"]] = fitting([(a, b) for a, b in pairs if a != b], text, f"{where}:{number}")
        elif found := _EVENT.match(line):
            events.append((found["id"], found["arguments"]))
    attributions = []
    for name, arguments in events:
        roles: dict[SpanRole, list[Spans]] = {role: [] for role in SpanRole}
        for argument in arguments.split():  # "Source:T3", "Content2:T5"; but not "Attribution-no-source:T1"
            if (found := _ARGUMENT.fullmatch(argument)) and found["span"] in spans:
                roles[SpanRole(found["role"].lower())].append(spans[found["span"]])
        content, cue, source = (tuple(sorted(s for piece in roles[role] for s in piece)) for role in SpanRole)
        if content:
            attributions.append(GoldAttribution(name, (content,), cue, source))
    return tuple(attributions)
