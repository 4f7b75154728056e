"""Whether two names mean the same source."""

import re
from collections.abc import Callable, Iterable

from quotetrack.sources.catalogue import Catalogue, fold

SameName = Callable[[str, Iterable[str]], bool]
"""Whether a name is one of several."""

_EMPTY = frozenset(
    "the a an of and mr mrs ms dr sir president minister chairman secretary senator sen rep gov spokesman spokeswoman "
    "spokesperson said gen col lt maj capt sgt adm rear vice".split()
)
"""Words that name nobody by themselves."""


def same_by(catalogue: Catalogue) -> SameName:
    """A comparison of names.

    Two names are the same when the catalogue knows both as one source, and not when it knows them as two. Else they
    are the same when they read the same, or when one has all the words of the other: "Kim" and "Kim Jong Un",
    "spokesman Dmitry Peskov" and "Peskov". Words such as "the" and "minister" do not count for that.
    """

    def same(name: str, others: Iterable[str]) -> bool:
        return any(_same(name, other, catalogue) for other in others)

    return same


def _same(one: str, other: str, catalogue: Catalogue) -> bool:
    one, other = _bare(one), _bare(other)
    if not one or not other:
        return False
    if fold(one) == fold(other):
        return True
    known, likewise = catalogue.find(one), catalogue.find(other)
    if known is not None and likewise is not None:
        return known is likewise
    words, others = _words(one), _words(other)
    return bool(words and others) and (words <= others or others <= words)


def _bare(name: str) -> str:
    """The name without a possessive ending."""
    return re.sub(r"['’]s?(?=\s*$)", "", name.strip())


def _words(name: str) -> frozenset[str]:
    """Its words in small letters, those that name nobody left out."""
    found = (word.strip(".-") for word in re.findall(r"[\w.-]+", re.sub(r"['’]s\b", "", name.casefold())))
    return frozenset(word for word in found if word and word not in _EMPTY)
