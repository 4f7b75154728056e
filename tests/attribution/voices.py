"""Sentences in which somebody says something, and who that is, for the tests of voices."""

from quotetrack.attribution import attribute
from quotetrack.domain import AnnotatedText, SourceClass
from quotetrack.sources.catalogue import bundled_catalogue

PERSON, OFFICIAL, INSTITUTION, MEDIA = (
    SourceClass.PERSON, SourceClass.OFFICIAL, SourceClass.INSTITUTION, SourceClass.MEDIA,
)  # fmt: skip
COLLECTIVE, UNNAMED, GROUP, DOCUMENT = (
    SourceClass.COLLECTIVE, SourceClass.UNNAMED, SourceClass.UNNAMED_GROUP, SourceClass.DOCUMENT,
)  # fmt: skip

LORNE = """
    [Ada   Lorne]  {said/say}  <rain  fell/fall>  .
    PROPN  PROPN   VERB+Fin    NOUN   VERB+Fin    PUNCT
    3      1       0           5      3           3
    nsubj  flat    root        nsubj  ccomp       punct
"""
JOINT = """
    [Ada   Lorne  and    Otto   Brandt]
    PROPN  PROPN  CCONJ  PROPN  PROPN
    {said} 1      4      1      4
    nsubj  flat   cc     conj   flat
"""


def pronoun(word: str) -> str:
    return f"""
    [{word}]  {{said/say}}  <rain  fell/fall>  .
    PRON   VERB+Fin    NOUN   VERB+Fin    PUNCT
    2      0           4      2           2
    nsubj  root        nsubj  ccomp       punct
    """


def nominal(determiner: str, noun: str) -> str:
    return f"""
    [{determiner}  {noun}]  {{said/say}}  <rain  fell/fall>  .
    DET    NOUN    VERB+Fin    NOUN   VERB+Fin    PUNCT
    2      3       0           5      3           3
    det    nsubj   root        nsubj  ccomp       punct
    """


def saying(source: str) -> str:
    """A sentence in which `source`, a block whose nominal subject hangs on {said}, says something."""
    lines = [line for line in source.splitlines() if line.strip()]
    verb = len(lines[0].split()) + 1
    rest = (
        "{said/say} <rain fell/fall> .", "VERB+Fin NOUN VERB+Fin PUNCT",
        f"0 {verb + 2} {verb} {verb}", "root nsubj ccomp punct",
    )  # fmt: skip
    return "\n".join(f"{line.replace('{said}', str(verb))} {end}" for line, end in zip(lines, rest, strict=True))


def voices(text: AnnotatedText) -> list[tuple[str, SourceClass, str]]:
    """Name, class and rule of every speaker, in order."""
    found = [attribution.speaker for attribution in attribute(text, bundled_catalogue())]
    return [(hop.name, hop.source_class, hop.made_by) if hop else ("", SourceClass.AGENTLESS, "") for hop in found]


def speaker(text: AnnotatedText) -> tuple[str, SourceClass]:
    """The last speaker."""
    return voices(text)[-1][:2]
