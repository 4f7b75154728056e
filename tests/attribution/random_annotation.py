"""Annotations as good as any: well formed, as those of the models are, and otherwise left to chance."""

import re
from collections.abc import Sequence
from random import Random

from quotetrack.domain import AnnotatedText, Entity, SpanRole, TaggedSpan, Token

UPOS = "NOUN PROPN VERB VERB PRON ADJ ADV DET ADP AUX CCONJ SCONJ PART PUNCT NUM X SYM".split()
RELATIONS = (
    "nsubj nsubj:pass csubj obj iobj obl obl:agent nmod nmod:poss ccomp xcomp advcl acl acl:relcl parataxis conj cc "
    "cc:preconj appos flat compound case mark aux aux:pass cop det advmod punct dep fixed"
).split()
FEATS = ["", "Number=Plur", "VerbForm=Fin", "Number=Sing|VerbForm=Fin"]
ENTITIES = "PERSON ORG LOC NORP FAC MISC".split()
SENTENCE = 14
"""How long a sentence is about."""


def annotation_of(text: str, chance: Random, lemmas: Sequence[str], *, tag: bool = True) -> AnnotatedText:
    """Tokens by a simple splitter, with tags, lemmas, trees, entities and tagged spans as chance will have them."""
    places = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    tokens: list[Token] = []
    paragraph = sentence = 0
    while len(tokens) < len(places):
        base = len(tokens)
        size = min(len(places) - base, 1 + int(chance.expovariate(1 / SENTENCE)))
        if base:
            sentence += 1
            paragraph += "\n" in text[places[base - 1][1] : places[base][0]]
        for index, head in enumerate(_tree(size, chance)):
            start, end = places[base + index]
            word = text[start:end]
            tokens.append(
                Token(
                    text=word, start=start, end=end, lemma=chance.choice([word, word.lower(), chance.choice(lemmas)]),
                    upos=chance.choice(UPOS), feats=chance.choice(FEATS), head=base + head if head >= 0 else -1,
                    deprel=chance.choice(RELATIONS) if head >= 0 else "root", sentence=sentence, paragraph=paragraph,
                )
            )  # fmt: skip
    tagged = _runs(len(tokens), chance, 6) if tag else []
    entities = [
        Entity(chance.choice(ENTITIES), first, last)
        for first, last in _runs(len(tokens), chance, 2)
        if tokens[first].sentence == tokens[last].sentence
    ]
    return AnnotatedText(
        text,
        tuple(tokens),
        tuple(entities),
        tuple(TaggedSpan(chance.choice(list(SpanRole)), first, last, chance.random()) for first, last in tagged),
    )


def _tree(size: int, chance: Random) -> list[int]:
    """Heads of one tree over a sentence, -1 for its root."""
    order = chance.sample(range(size), size)
    heads = [-1] * size
    for place, word in enumerate(order[1:], 1):
        heads[word] = order[chance.randrange(place)]
    return heads


def _runs(size: int, chance: Random, longest: int) -> list[tuple[int, int]]:
    """Stretches of tokens in order, none overlapping."""
    found = []
    at = chance.randrange(4)
    while at < size:
        last = min(size - 1, at + chance.randrange(longest))
        found.append((at, last))
        at = last + 1 + chance.randrange(4)
    return found
