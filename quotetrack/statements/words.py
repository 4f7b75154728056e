"""The words of a content as comparing needs them: stems, how rare each is, numbers, days, negations, opposites.

Stems are Snowball's for English (M. F. Porter, "Snowball: a language for stemming algorithms", 2001).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("english")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[%€$£]")
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‑": "-", "–": " ", "—": " "})
_QUOTED = re.compile('“([^”]*)(?:”|$)|"([^"]*)(?:"|$)|(?<!\\w)‘([^’]*(?:’\\w[^’]*)*)(?:’|$)')

STOP = frozenset(
    "a an the this that these those it its he him his she her hers they them their theirs i me my we us our ours you "
    "your yours himself herself itself themselves who whom whose which what there here and or but nor if then than as "
    "of to in on at by for from with into onto about after before over under between among against during until "
    "through out up down off again also only just even very too so such both each all any some more most other same "
    "be am is are was were been being have has had having do does did doing will would shall should can could may "
    "might must 'd 'll 've 're 's 'm say says said saying how when where why whether because while no not never "
    "nothing nobody none neither without cannot yet still now".split()
)
NEGATIONS = frozenset("not no never nothing nobody none neither nor without cannot nowhere hardly lacks lacked".split())
_DENYING = (
    "deny denied denies dismiss reject refute rebut dispute contradict contest rubbish debunk disavow false untrue "
    "baseless fiction fabricated invented unfounded groundless".split()
)
_CONTRAST = re.compile(r"(?:[,;:]|\b(?:and|but|or))\s+(not)\b(?!\s+(?:be|been|have|has|had|to)\b)", re.I)
"""In "98, not 95" and "a missile, and not a drone" the one is said and only the other denied."""
_OPPOSITES = (
    "above/below accept/reject accept/refuse agree/disagree alive/dead allow/ban allow/forbid allow/prevent "
    "arrive/leave attack/defend attend/miss begin/end begin/finish buy/sell calm/panic cancel/confirm close/open "
    "closed/open confirm/deny continue/stop continue/suspend cooperate/refuse danger/safe dead/survive "
    "decrease/increase decline/rise deny/admit deny/acknowledge destroy/save destroy/miss detain/free detain/release "
    "early/late east/west enter/leave exclude/include expand/shrink fail/succeed fail/work failure/success fall/rise "
    "false/true fast/slow few/many find/lose first/last gain/lose guilty/innocent halt/resume hard/soft hit/miss "
    "inside/outside join/leave keep/drop know/unaware land/sink legal/illegal less/more lift/impose lock/open "
    "lose/win lower/raise lower/upper major/minor normal/abnormal north/south oppose/support pass/fail peace/war "
    "permit/forbid prisoner/guest reach/miss receive/miss release/seize remain/leave remain/resign resume/suspend "
    "retreat/advance right/wrong rise/drop safe/unsafe send/withhold start/end start/stop strong/weak "
    "sufficient/insufficient sure/unsure threat/safe together/alone up/down victory/defeat yes/no".split()
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = (
    "january february march april may june july august september october november december spring summer autumn "
    "winter".split()
)
_NUMBERS = {
    word: value
    for value, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split(),
        2,  # "one" is rarely a number
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
     "hundred": 100, "thousand": 1000, "dozen": 12}  # fmt: skip
SMALL = 0.4
"""What a number of one digit tells: hardly any text is without one."""
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9}


@dataclass(frozen=True, slots=True)
class Word:
    """One token, folded, with its stem."""

    text: str
    stem: str
    capital: bool = False
    number: float | None = None


@lru_cache(200_000)
def stem(word: str) -> str:
    """The stem of a folded word."""
    return str(_STEMMER.stemWord(word.removesuffix("'s")))


@cache
def _ranks() -> dict[str, int]:
    """The commonest stems of English news, the commonest first."""
    lines = (files("quotetrack.statements") / "common.txt").read_text("utf-8").split()
    return {line: rank for rank, line in enumerate(lines, 1)}


@lru_cache(200_000)
def rarity(stem: str) -> float:
    """How much a stem tells, 0 to 1: by Zipf's law the logarithm of its rank stands for that of its frequency."""
    if stem.replace(".", "").isdigit():
        return SMALL if len(stem) == 1 else 1.0
    ranks = _ranks()
    rank = ranks.get(stem, len(ranks))
    return log(1 + rank) / log(1 + len(ranks))


@cache
def denying() -> frozenset[str]:
    """Stems of cues, and of what something is called, that make a content the opposite of what it says."""
    return frozenset(map(stem, _DENYING))


@cache
def opposites() -> frozenset[tuple[str, str]]:
    """Pairs of stems that mean opposites, each both ways round."""
    pairs = [tuple(stem(word) for word in pair.split("/")) for pair in _OPPOSITES]
    return frozenset((a, b) for a, b in pairs) | frozenset((b, a) for a, b in pairs)


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_MARKS)


def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in order. Marks are left out, hyphens part words, and "n't" is a word "not"."""
    text = folded(text)
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        raw = match[0]
        low = raw.casefold()
        capital = raw[0].isupper()
        if low.endswith("n't"):
            base = low.removesuffix("n't")
            if base not in STOP | {"", "ca", "wo", "sha"}:
                found.append(Word(base, stem(base)))
            found.append(Word("not", "not"))
        elif "'" in low and low.rpartition("'")[2] in ("s", "d", "ll", "ve", "re", "m"):
            base = low.rpartition("'")[0]
            found.append(Word(base, stem(base), capital))
        else:
            found.append(Word(low, stem(low), capital, _value(low)))
    return tuple(_scaled(found))


def telling(found: Iterable[Word]) -> frozenset[str]:
    """The stems that mean something by themselves."""
    return frozenset(word.stem for word in found if word.text not in STOP)


def counts(text: str) -> Counter[str]:
    """How often each stem stands in a text."""
    return Counter(map(stem, _TOKEN.findall(folded(text).casefold())))


def _value(low: str) -> float | None:
    if low[0].isdigit():
        if ":" in low:
            return None  # a time of day
        plain = low.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", low) else low
        try:
            return float(plain)
        except ValueError:
            return None
    return _NUMBERS.get(low)


def _scaled(found: list[Word]) -> Iterator[Word]:
    """Numbers with the "thousand" or "million" after them as one word."""
    skip = False
    for index, word in enumerate(found):
        if skip:
            skip = False
            continue
        following = found[index + 1].text if index + 1 < len(found) else ""
        if word.number is not None and following in _SCALES:
            value = word.number * _SCALES[following]
            yield Word(f"{value:g}", f"{value:g}", number=value)
            skip = True
        elif word.number is not None:
            yield Word(word.text, f"{word.number:g}", number=word.number)
        else:
            yield word


def without_contrasts(text: str) -> str:
    """The text with each "not" gone that only sets one thing against another."""
    return _CONTRAST.sub(lambda match: match[0][: -len(match[1])], folded(text))


def quoted_parts(text: str) -> list[str]:
    """What stands in quotation marks."""
    return [next(part for part in match.groups() if part is not None) for match in _QUOTED.finditer(text)]


def days(found: tuple[Word, ...]) -> frozenset[str]:
    """Weekdays, months and seasons that are named."""
    return frozenset(w.text for w in found if w.text in _DAYS or (w.text in _MONTHS and (w.capital or w.text != "may")))
