"""The catalogue of known sources: reading it, checking it, and finding a name in it."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quotetrack.domain import KnownSource, SourceKind
from quotetrack.errors import CatalogueError
from quotetrack.resources import resource_directory


class _Entry(BaseModel):
    """One `[[source]]` of the TOML file."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str = Field(min_length=1)
    kind: SourceKind
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    controller: str | None = None
    aliases: list[str] = []
    metonyms: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: list[_Entry] = Field(min_length=1)


def fold(name: str) -> str:
    """The form in which names are compared: no case, leading "the", final stop, curly apostrophe or double space."""
    plain = re.sub(r"\s+", " ", name.replace("’", "'").replace("‘", "'")).strip().casefold()
    return plain.removeprefix("the ").removesuffix(".").rstrip() or plain


class Catalogue:
    """Known sources by name. Immutable once built."""

    def __init__(self, sources: Iterable[KnownSource]) -> None:
        """Index `sources`; raises CatalogueError when two share a name, or a controller is missing or circular."""
        self.sources = tuple(sources)
        self._by_key = {source.key: source for source in self.sources}
        self._by_name: dict[str, tuple[KnownSource, str]] = {}
        self.longest = 1
        if len(self._by_key) < len(self.sources):
            raise CatalogueError("The catalogue gives one key to two sources.")
        for source in self.sources:
            for name in (source.name, *source.aliases, *source.metonyms):
                taken = self._by_name.setdefault(fold(name), (source, name))[0]
                if taken is not source:
                    raise CatalogueError(f"The catalogue gives the name {name!r} to {taken.key} and to {source.key}.")
                self.longest = max(self.longest, len(_pieces(name)))
        self._beginnings = {name[:end] for name in self._by_name for end in range(1, len(name) + 1)}
        """Of all names: most words with a capital begin none, and need no search."""
        for source in self.sources:
            self._check_controllers(source)

    def _check_controllers(self, source: KnownSource) -> None:
        seen, above = {source.key}, source.controller
        while above is not None:
            if above not in self._by_key:
                raise CatalogueError(f"{source.key} is controlled by {above!r}, which is not in the catalogue.")
            if above in seen:
                raise CatalogueError(f"{source.key} controls itself by way of {above}.")
            seen.add(above)
            above = self._by_key[above].controller

    def __iter__(self) -> Iterator[KnownSource]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)

    def get(self, key: str) -> KnownSource | None:
        return self._by_key.get(key)

    def find(self, name: str) -> KnownSource | None:
        """The source that `name` names, whatever its case; a name of one or two letters must match its case."""
        source, written = self._by_name.get(fold(name), (None, ""))
        if source is None or (len(written) <= 2 and written != name.strip()):
            return None
        return source

    def matches(self, words: Sequence[str]) -> Iterator[tuple[int, int, KnownSource]]:
        """The longest known names in a list of tokens, left to right: (first, last, source), ends included.

        A name counts only where it is written with a capital or a digit first, and one without small letters only
        as it is written, so that neither "telegram" nor "who" is taken for a name.
        """
        folded = [word.replace("’", "'").casefold() for word in words]
        position = 0
        while position < len(words):
            width, found = self._match_at(words, folded, position)
            if found is not None:
                yield position, position + width - 1, found
            position += max(1, width)

    def _match_at(self, words: Sequence[str], folded: Sequence[str], start: int) -> tuple[int, KnownSource | None]:
        if not (words[start][:1].isupper() or words[start][:1].isdigit()):
            return 0, None
        most = 0
        for width in range(1, min(self.longest, len(words) - start) + 1):
            joins = _joins(folded[start : start + width])
            if not any(joined.removesuffix(".") in self._beginnings for joined in joins):
                break
            most = width
        for width in range(most, 0, -1):
            for joined in _joins(folded[start : start + width]):
                source, written = self._by_name.get(joined.removesuffix("."), (None, ""))
                if words[start + width - 1] == "." and not written.endswith("."):
                    continue  # the stop of the sentence
                if source and (
                    not written.isupper() or written.rstrip(".") == _written(words[start : start + width]).rstrip(".")
                ):
                    return width, source
        return 0, None


def _joins(words: Sequence[str]) -> tuple[str, ...]:
    """How tokens may have been written: "Russia 's", "KOMSOMOLSK - on - Amur" lost their spacing in tokenizing."""
    spaced = " ".join(words)
    if len(words) == 1:
        return (spaced,)
    tight = re.sub(r" ('s|'(?=\s|$)|,)", r"\1", spaced)
    return (tight, re.sub(r"\s*([-/&.])\s*", r"\1", tight), re.sub(r"\s*&\s*", " & ", tight))


def _written(words: Sequence[str]) -> str:
    return " ".join(words)


def _pieces(name: str) -> list[str]:
    """About the tokens a tokenizer makes of a name."""
    return re.findall(r"\w+|[^\w\s]", name)


def is_media_group(name: str) -> bool:
    """Whether a description says that it means media: "Russian state media", "local newspapers", "state TV"."""
    return bool(MEDIA_WORDS.search(name))


MEDIA_WORDS = re.compile(
    r"\b(media|press(?! (conference|briefing|release|secretary|statement|office))|newspapers?|broadcasters?|television|"
    r"TV|radio|news (agency|agencies|outlets?|service|site)|outlets?|wire services?|daily|tabloid)\b",
    re.IGNORECASE,
)


def load_catalogue(path: Path) -> Catalogue:
    """Read and check a catalogue file. Raises CatalogueError with the first fault and where it is."""
    try:
        parsed = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CatalogueError(f"The catalogue {path} cannot be read: {error}.") from error
    try:
        entries = _File.model_validate(parsed).source
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise CatalogueError(f"The catalogue {path} is wrong at {where}: {fault['msg']}.") from error
    return Catalogue(
        KnownSource(e.key, e.name, e.kind, e.country, e.controller, tuple(e.aliases), tuple(e.metonyms))
        for e in entries
    )


@cache
def bundled_catalogue() -> Catalogue:
    """The catalogue that comes with quotetrack."""
    return load_catalogue(resource_directory("seeds") / "sources.toml")
