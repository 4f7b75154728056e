"""
Annotated texts by hand, without a model.

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
from itertools import groupby
from textwrap import dedent

from quotetrack.domain import AnnotatedText, Entity, SpanRole, TaggedSpan, Token

FEATS = {"Fin": "VerbForm=Fin", "Ger": "VerbForm=Ger", "Part": "VerbForm=Part", "Plur": "Number=Plur"}
ROLES = {"[": SpanRole.SOURCE, "{": SpanRole.CUE, "<": SpanRole.CONTENT}
LEANS_LEFT = frozenset(", . ; : ? ! ) ” ’ » ’s 's n't n’t".split())
LEANS_RIGHT = frozenset("“ « ‘ (".split())
CONFIDENCE = 0.9


def parsed(table: str, *, text: str | None = None, **entities: str) -> AnnotatedText:
    """The text that `table` describes, spaced as English is, or as `text` has it."""
    tokens: list[Token] = []
    tagged: list[TaggedSpan] = []
    built, paragraph, straight = "", 0, False
    for sentence, lines in enumerate(_blocks(table)):
        if lines[0] == ["¶"]:
            paragraph += 1
            built += "\n\n"
            lines = lines[1:]
        base = len(tokens)
        for raw, pos, head, deprel in zip(*lines, strict=True):
            marked, _, lemma = raw.strip("[{<>}]").partition("/")
            if text is not None:
                start = text.index(marked, tokens[-1].end if tokens else 0)
            else:
                closing = marked in LEANS_LEFT or (marked == '"' and straight)
                glued = not built or built[-1].isspace() or closing or _leans_right(tokens, straight)
                built += ("" if glued else " ") + marked
                start = len(built) - len(marked)
                straight ^= marked == '"'
            upos, _, feats = pos.partition("+")
            tokens.append(
                Token(
                    text=marked, start=start, end=start + len(marked),
                    lemma=lemma or (marked if upos == "PROPN" else marked.lower()),
                    upos=upos, feats=FEATS.get(feats, ""), head=base + int(head) - 1 if int(head) else -1,
                    deprel=deprel, sentence=sentence, paragraph=paragraph,
                )
            )  # fmt: skip
            tagged += _opened(raw, len(tokens) - 1)
            if raw[-1] in "]}>":
                tagged[-1] = TaggedSpan(tagged[-1].role, tagged[-1].first, len(tokens) - 1, CONFIDENCE)
    found = _entities([token.text for token in tokens], entities)
    return AnnotatedText(built if text is None else text, tuple(tokens), found, tuple(tagged))


def where(annotated: AnnotatedText, words: str, nth: int = 0) -> tuple[int, int]:
    """First and last token of the `nth` place where `words`, divided by spaces, stand."""
    first = _places([token.text for token in annotated.tokens], words.split())[nth]
    return first, first + len(words.split()) - 1


def _blocks(table: str) -> list[list[list[str]]]:
    lines = dedent(table).strip().splitlines()
    return [
        [line.split() for line in group] for filled, group in groupby(lines, lambda line: bool(line.strip())) if filled
    ]


def _opened(raw: str, index: int) -> list[TaggedSpan]:
    return [TaggedSpan(ROLES[raw[0]], index, index, CONFIDENCE)] if raw[0] in ROLES else []


def _leans_right(tokens: Sequence[Token], straight: bool) -> bool:
    """Whether the word before wants the next one right behind it; `straight` when a straight quote is open."""
    return bool(tokens) and (tokens[-1].text in LEANS_RIGHT or (tokens[-1].text == '"' and straight))


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
