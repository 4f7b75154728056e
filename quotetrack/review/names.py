"""Finding a source by what is typed of its names: as it begins, as it holds the words, or nearly so."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from quotetrack.sources.catalogue import fold
from quotetrack.store.decisions import NewSource
from quotetrack.store.sources import NamedSource

NEAR = 70
"""How alike, of 100, a name must be to what is typed."""
NEAR_PART, LONG = 85, 5
"""How alike a part of it must be, if at least so many characters are typed."""


@dataclass(frozen=True, slots=True)
class Link:
    """A hop as it is being edited: a stored source, or one that is to be made."""

    name: str
    id: int | None = None
    new: NewSource | None = None

    @property
    def given(self) -> str:
        """How the store is told of it."""
        return self.name if self.id is None else f"#{self.id}"


def search(names: Sequence[NamedSource], typed: str, limit: int = 8) -> list[NamedSource]:
    """The sources that may be meant, the likeliest first; each once, by the name that fits best."""
    query = fold(typed)
    if not query:
        return []
    best: dict[int, tuple[float, NamedSource]] = {}
    near: list[NamedSource] = []
    for named in names:
        score = _score(query, named.folded)
        if score is None:
            near.append(named)
        elif named.id not in best or score < best[named.id][0]:
            best[named.id] = (score, named)
    if len(best) < limit and len(query) > 2:
        for score, named in _alike(near, query, limit):
            best.setdefault(named.id, (1000 - score, named))
    found = sorted(best.values(), key=lambda one: (one[0], len(one[1].folded), one[1].name))
    return [named for _, named in found[:limit]]


def _alike(names: Sequence[NamedSource], query: str, limit: int) -> list[tuple[float, NamedSource]]:
    """Names that are nearly what is typed; of a longer query, also those that hold nearly that."""
    folded = [named.folded for named in names]
    found = process.extract(query, folded, scorer=fuzz.ratio, limit=limit, score_cutoff=NEAR)
    if len(query) >= LONG:
        found += process.extract(query, folded, scorer=fuzz.partial_ratio, limit=limit, score_cutoff=NEAR_PART)
    return [(score, names[index]) for _, score, index in sorted(found, key=lambda one: -one[1])]


def _score(query: str, folded: str) -> float | None:
    """The smaller the better; None if the words typed are not in the name."""
    if folded == query:
        return 0
    if folded.startswith(query):
        return 1
    if f" {query}" in folded:
        return 2
    words = folded.split()
    if all(any(word.startswith(part) for word in words) for part in query.split()):
        return 3
    return 4 if query in folded else None


def is_known(names: Sequence[NamedSource], typed: str) -> bool:
    query = fold(typed)
    return any(named.folded == query for named in names)
