"""Names that may be one source's: spellings of one name in another script, and surnames alone.

`sound` folds what differs between the ways of writing Russian, Ukrainian, Arabic and Korean names in Latin letters
(BGN/PCGN, scholarly, and the press's own). Equal sounds of whole names mean one name; more is left to a person.
"""

import re
from functools import lru_cache

from quotetrack.sources.catalogue import fold

SPELLINGS = (
    (r"[’'`´]", ""),
    (r"[áàâäãå]", "a"), (r"[éèêëė]", "e"), (r"[íìîïı]", "i"), (r"[óòôöõø]", "o"), (r"[úùûü]", "u"), (r"[çč]", "c"),
    (r"[šş]", "sh"), (r"[žź]", "zh"), (r"ł", "l"), (r"ñ", "n"), (r"ğ", "g"),
    (r"shch|sch", "sh"), (r"tch", "ch"), (r"dzh|dj", "j"), (r"kh", "h"), (r"ck|q", "k"), (r"ph", "f"), (r"w", "v"),
    (r"tz|cz", "ts"), (r"ou|oo", "u"), (r"x", "ks"), (r"^ye", "e"),
    (r"(ei|ey|ej|ai|ay|aj)(?=\b)", "ei"), (r"iy|ij|yy|yi|ii", "i"), (r"y", "i"), (r"ff\b|v\b", "v"),
    (r"([^\W\d_])\1+", r"\1"),
)  # fmt: skip
"""What is read alike, and how it is written here; in this order."""


ARTICLES = frozenset("al el ad ar as az an".split())
"""The Arabic article, which some write and some leave out."""


@lru_cache(maxsize=50_000)
def sound(name: str) -> str:
    """The form in which two spellings of one name are equal.

    >>> sound("Sergei Lavrov") == sound("Sergey Lavrov"), sound("Kim Yo Jong") == sound("Kim Jong Un")
    (True, False)
    """
    words = []
    for written_so in re.split(r"[\s-]+", re.sub(r"^the\s+|\.$", "", name.strip(), flags=re.IGNORECASE)):
        word = fold(written_so)
        if written_so.isupper() and len(written_so) > 1:
            words.append(word)  # initials are not read as a word
            continue
        for pattern, written in SPELLINGS:
            word = re.sub(pattern, written, word)
        words.append(word)
    spoken = [word for word in words if word and word not in ARTICLES] or words
    return " ".join(spoken)


def last_word(name: str) -> str:
    """The last word of a name, as `sound` writes it: a surname, in Western order."""
    return sound(name).rpartition(" ")[2]
