"""Coreference chains, where the user has Stanza's model: they say whom a pronoun means."""

from dataclasses import replace
from types import SimpleNamespace

from quotetrack.annotation.processor import _chains
from quotetrack.attribution import attribute
from quotetrack.domain import AnnotatedText
from quotetrack.sources.catalogue import bundled_catalogue
from tests.attribution.build import parsed, where

TWO = """
    Ada    Lorne  met       Ines   Dahl   .
    PROPN  PROPN  VERB+Fin  PROPN  PROPN  PUNCT
    3      1      0         3      4      3
    nsubj  flat   root      obj    flat   punct

    [She]  {said/say}  <rain  fell/fall>  .
    PRON   VERB+Fin    NOUN   VERB+Fin    PUNCT
    2      0           4      2           2
    nsubj  root        nsubj  ccomp       punct
"""


def two() -> AnnotatedText:
    return parsed(TWO, PERSON="Ada Lorne; Ines Dahl")


def speaker(text: AnnotatedText) -> tuple[str, str]:
    [attribution] = attribute(text, bundled_catalogue())
    assert attribution.speaker is not None
    return attribution.speaker.name, attribution.speaker.made_by


def test_without_the_model_the_subject_before_is_meant() -> None:
    assert speaker(two()) == ("Ada Lorne", "pronoun")


def test_a_chain_says_whom_a_pronoun_means() -> None:
    text = two()
    assert speaker(replace(text, coref=((where(text, "Ines Dahl"), where(text, "She")),))) == ("Ines Dahl", "coref")


def test_a_chain_that_joins_two_names_says_nothing() -> None:
    text = two()
    both = (where(text, "Ada Lorne"), where(text, "Ines Dahl"), where(text, "She"))
    assert speaker(replace(text, coref=(both,))) == ("Ada Lorne", "pronoun")


def test_stanzas_chains_become_token_ranges_over_the_sentences() -> None:
    def sentence(*words: int) -> SimpleNamespace:
        return SimpleNamespace(tokens=[SimpleNamespace(words=range(count)) for count in words])

    def mention(number: int, start: object, end: object) -> SimpleNamespace:
        return SimpleNamespace(sentence=number, start_word=start, end_word=end)

    # the second sentence's first token holds two words; a dropped pronoun has no word of its own
    document = SimpleNamespace(
        sentences=[sentence(1, 1, 1), sentence(2, 1)],
        coref=[SimpleNamespace(mentions=[mention(1, 2, 3), mention(0, 0, 2), mention(1, (0, 1), (0, 1))])],
    )
    assert _chains(document) == (((0, 1), (4, 4)),)
    assert _chains(SimpleNamespace(sentences=[])) == ()
