"""The bundled models at work: through plain Stanza, through `Annotator`, with another set, and on odd input."""

import json
import logging
import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pytest
import stanza

from quotetrack.annotation import processor  # noqa: F401  registers the attribution processor
from quotetrack.annotation.models import BUNDLED_DIRECTORY, PROCESSORS, model_set
from quotetrack.annotation.pipeline import MAX_SENTENCE_TOKENS, Annotator
from quotetrack.domain import AnnotatedText, Kind, SpanRole, text_of

pytestmark = pytest.mark.models

QUOTE = "“The bridge will open in May,” Mayor Anna Smith told reporters on Tuesday."
TEXTS = [
    QUOTE,
    "The ministry said that the talks had failed.\n\nAccording to a statement from the army, two ships were lost. "
    "“We don't know why,” the admiral added.",
    "",
    "Nothing was said here, and nobody said it.\r\n\r\nThe U.N. didn't comment.",
    "Anna Smith, the mayor of Springfield, declined to say who would pay.\nShe said the state might. " * 12,
]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """No way out: whoever tries to connect or to look up a name fails, and is listed."""
    tried: list[Any] = []

    def refuse(*arguments: Any, **_: Any) -> NoReturn:
        tried.append(arguments)
        raise OSError("there is no network in tests")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    yield tried
    assert tried == []


@pytest.fixture
def quiet() -> Iterator[None]:
    level = logging.getLogger("stanza").level
    yield
    logging.getLogger("stanza").setLevel(level)


def sound(result: AnnotatedText) -> None:
    """What must hold of any annotated text, however odd."""
    tokens = result.tokens
    for one, other in pairwise(tokens):
        assert one.end <= other.start
        assert other.sentence - one.sentence in (0, 1)
        assert other.paragraph - one.paragraph in (0, 1)
    for token in tokens:
        assert result.text[token.start : token.end] == token.text != ""
        assert token.head < 0 or tokens[token.head].sentence == token.sentence
    places = [(entity.first, entity.last) for entity in result.entities]
    for first, last in [*places, *((span.first, span.last) for span in result.tagged)]:
        assert 0 <= first <= last < len(tokens)
    assert all(0 <= span.confidence <= 1 for span in result.tagged)


def test_plain_stanza_gives_attributions_without_a_network(offline: list[Any], quiet: None) -> None:
    nlp = stanza.Pipeline(
        "en", dir=str(BUNDLED_DIRECTORY), package="quotetrack", download_method=None, use_gpu=False, verbose=False,
        processors=",".join(PROCESSORS),
    )  # fmt: skip
    document = nlp(QUOTE)
    assert [(QUOTE[document.sentences[0].tokens[s.first].start_char], s.role) for s in document.attribution_spans] == [
        ("“", SpanRole.CONTENT),
        ("M", SpanRole.SOURCE),
        ("t", SpanRole.CUE),
    ]
    [attribution] = document.attributions
    assert attribution is document.attributions[0], "they are worked out once"
    assert "The bridge will open in May" in text_of(attribution.content, QUOTE)
    assert text_of(attribution.cue, QUOTE).startswith("told")
    assert text_of(attribution.source, QUOTE) == "Mayor Anna Smith"
    assert attribution.kind is Kind.DIRECT
    assert attribution.speaker is not None
    assert attribution.speaker.name == "Anna Smith"
    assert 0.5 < attribution.confidence <= 1

    both = nlp.bulk_process([QUOTE, TEXTS[1]])
    assert both[0].attributions == document.attributions
    assert len(both[1].attributions) >= 3


def test_together_is_the_same_as_alone(annotator: Annotator) -> None:
    together = annotator.annotate(TEXTS)
    for text, result in zip(TEXTS, together, strict=True):
        sound(result)
        [alone] = annotator.annotate([text])
        assert (result.text, result.tokens, result.entities) == (text, alone.tokens, alone.entities)
        assert result.tagged == alone.tagged  # to the last bit: else what is found would hang on the neighbours
    assert [bool(result.tagged) for result in together] == [True, True, False, True, True]
    assert set(annotator.seconds) == set(PROCESSORS)


def test_the_parse_and_the_names_are_sensible(annotator: Annotator) -> None:
    [result] = annotator.annotate([QUOTE])
    told = next(token for token in result.tokens if token.text == "told")
    assert (told.lemma, told.upos) == ("tell", "VERB")
    assert ("PERSON", "Anna Smith") in [
        (entity.type, result.span(entity.first, entity.last).of(QUOTE)) for entity in result.entities
    ]


def test_a_set_without_a_tagger_of_attributions_borrows_ours(
    tmp_path: Path, annotator: Annotator, offline: list[Any]
) -> None:
    """Such as Stanza's official English package, whose package is called `default`."""
    english = json.loads((BUNDLED_DIRECTORY / "resources.json").read_text("utf-8"))["en"]
    del english["attribution"], english["default_processors"]["attribution"]
    english["packages"] = {"default": english["default_processors"]}
    (tmp_path / "resources.json").write_text(json.dumps({"en": english}), "utf-8")
    (tmp_path / "en").mkdir()
    for path in (BUNDLED_DIRECTORY / "en").iterdir():
        if path.name != "attribution":
            (tmp_path / "en" / path.name).symlink_to(path)
    models = model_set(str(tmp_path))
    assert "attribution/quotetrack" not in models.versions()
    assert Annotator(models, threads=1).annotate(TEXTS[:2]) == annotator.annotate(TEXTS[:2])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n\t ",
        "\n",
        ".",
        "”",
        "“‘“‘«",
        "Donaudampfschifffahrtsgesellschaft" * 60,
        "…—–-" * 300,
        "👍",
        "He said 👩‍👩‍👧‍👦🇰🇵 “👍🏽”.\n\n🎉🎉🎉",
        "She said:\u00a0“Yes.”\u2028He\u200b said\ufeff no.\x0cThe end.\x85\x00",
        "e\u0301te\u0301 said Zoe\u0308.\r\rHe agreed.",
        "他说:“是的。” Он сказал «да».",
        "said \ud800 half a pair",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_odd_input_does_no_harm(annotator: Annotator, text: str) -> None:
    first, result, last = annotator.annotate([QUOTE, text, QUOTE])
    sound(result)
    assert result.text == text
    assert first == last
    assert [s.role for s in first.tagged] == [SpanRole.CONTENT, SpanRole.SOURCE, SpanRole.CUE]


def test_nothing_at_all(annotator: Annotator) -> None:
    assert annotator.annotate([]) == []


def test_a_sentence_of_five_thousand_tokens(annotator: Annotator) -> None:
    text = "and then the mayor went on " * 833 + "end"
    [result] = annotator.annotate([text])
    sound(result)
    # where Stanza's window ends, the tokenizer may join or cut a word; not a character is lost
    assert "".join(token.text for token in result.tokens).replace(" ", "") == text.replace(" ", "")
    assert len(result.tokens) == pytest.approx(4999, abs=10)
    assert max(map(len, result.sentence_ranges)) <= MAX_SENTENCE_TOKENS
