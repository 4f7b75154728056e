"""Annotated texts by hand, without a model.

    parsed('''
        [The  ministry]  {said/say}  <the  talks/talk  failed/fail>  .
        DET   NOUN       VERB+Fin    DET   NOUN+Plur   VERB+Fin      PUNCT
        2     3          0           5     6           3             3
        det   nsubj      root        det   nsubj       ccomp         punct
    ''')

One block a sentence: words, parts of speech, heads (from 1, 0 for the root), relations. In the words, [source],
{cue} and <content> are what the tagger marked, and a lemma that is not the word in small letters follows a slash.
A line "¶" begins a new paragraph. Entities are given by their words: `PERSON="Ada Lorne; Lorne"`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from quotetrack.domain import AnnotatedText, Entity, SpanRole, TaggedSpan, Token

FEATS = {"": "", "Fin": "VerbForm=Fin", "Plur": "Number=Plur"}
ROLES = {"[": SpanRole.SOURCE, "{": SpanRole.CUE, "<": SpanRole.CONTENT}
LEANS_LEFT = frozenset(", . ; : ? ! ) ” ’ » ’s 's n't n’t".split())
LEANS_RIGHT = frozenset("“ « ‘ (".split())
CONFIDENCE = 0.9


def parsed(table: str, *, text: str | None = None, **entities: str) -> AnnotatedText:
    """The text that `table` describes, spaced as English is, or as `text` has it."""
    tokens: list[Token] = []
    tagged: list[TaggedSpan] = []
    built, paragraph = "", 0
    for sentence, lines in enumerate(_blocks(table)):
        if lines[0] == ["¶"]:
            built, paragraph, lines = built + "\n\n", paragraph + 1, lines[1:]
        base = len(tokens)
        for index, (marked, pos, head, deprel) in enumerate(zip(*lines, strict=True), base):
            word, _, lemma = marked.strip("[{<>}]").partition("/")
            upos, _, feats = pos.partition("+")
            built += _gap(built, word) + word
            end = len(built) if text is None else text.index(word, tokens[-1].end if tokens else 0) + len(word)
            tokens.append(
                Token(
                    text=word, start=end - len(word), end=end, upos=upos,
                    lemma=lemma or (word if upos == "PROPN" else word.lower()),
                    feats=FEATS[feats], head=base + int(head) - 1 if int(head) else -1, deprel=deprel,
                    sentence=sentence, paragraph=paragraph,
                )
            )  # fmt: skip
            if marked[0] in ROLES:
                tagged.append(TaggedSpan(ROLES[marked[0]], index, index, CONFIDENCE))
            if marked[-1] in "]}>":
                tagged[-1] = replace(tagged[-1], last=index)
    found = _entities([token.text for token in tokens], entities)
    return AnnotatedText(built if text is None else text, tuple(tokens), found, tuple(tagged))


def but(table: str, word: str, new: str | None = None, *, pos: str = "", deprel: str = "", head: int = 0) -> str:
    """The table with the first `word` changed, or what the parser makes of it; it must be there."""
    blocks = _blocks(table)
    for *_, words, tags, heads, relations in blocks:
        for index, marked in enumerate(words):
            if marked.strip("[{<>}]").partition("/")[0] == word:
                words[index] = new or marked
                tags[index] = pos or tags[index]
                heads[index] = str(head or heads[index])
                relations[index] = deprel or relations[index]
                return "\n" + "\n\n".join("\n".join(map(" ".join, block)) for block in blocks) + "\n"
    raise ValueError(f"{word!r} stands nowhere in the table")


def where(annotated: AnnotatedText, words: str, nth: int = 0) -> tuple[int, int]:
    """First and last token of the `nth` place where `words`, divided by spaces, stand."""
    first = _places([token.text for token in annotated.tokens], words.split())[nth]
    return first, first + len(words.split()) - 1


def _blocks(table: str) -> list[list[list[str]]]:
    lines = [line.split() for line in table.splitlines()]
    return [list(group) for filled, group in groupby(lines, bool) if filled]


def _gap(built: str, word: str) -> str:
    """What English puts between what is `built` and the next word."""
    return "" if not built or built[-1].isspace() or built[-1] in LEANS_RIGHT or word in LEANS_LEFT else " "


def _places(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    return [i for i in range(len(words)) if list(words[i : i + len(wanted)]) == list(wanted)]


def _entities(words: Sequence[str], named: dict[str, str]) -> tuple[Entity, ...]:
    """Every place of every name, longer names first, in order."""
    names = [(kind, name.split()) for kind, listed in named.items() for name in re.split(r"\s*;\s*", listed)]
    taken: set[int] = set()
    found = []
    for kind, name in sorted(names, key=lambda pair: -len(pair[1])):
        for first in _places(words, name):
            here = set(range(first, first + len(name)))
            if not here & taken:
                found.append(Entity(kind, first, first + len(name) - 1))
                taken |= here
    return tuple(sorted(found, key=lambda entity: entity.first))
