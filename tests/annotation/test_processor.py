"""Spans from labels, paragraphs from sentences, and our values from Stanza's, all without loading a model."""

from collections.abc import Sequence
from typing import Any

import pytest
from stanza.models.common.doc import Document

from quotetrack.annotation.pipeline import MAX_SENTENCE_TOKENS, split_long_sentences
from quotetrack.annotation.processor import (
    MAX_PARAGRAPH_TOKENS,
    _paragraphs,
    annotated,
)
from quotetrack.annotation.processor import _spans as spans_of
from quotetrack.domain import Entity, SpanRole, TaggedSpan


def word(number: int, text: str, start: int | None = None, head: int | None = None, **more: Any) -> dict[str, Any]:
    place = {} if start is None else {"start_char": start, "end_char": start + len(text)}
    return {"id": number, "text": text, "head": head} | place | more


def document(text: str, *sentences: Sequence[dict[str, Any]]) -> Any:
    return Document([list(sentence) for sentence in sentences], text=text)


def plain(text: str, *lengths: int) -> Any:
    """A tokenized document: the words between spaces, cut into sentences of these lengths."""
    words, position = [], 0
    for piece in text.split():
        position = text.index(piece, position)
        words.append((piece, position))
        position += len(piece)
    sentences = []
    for length in lengths:
        sentences.append([word(number, *words.pop(0)) for number in range(1, length + 1)])
    assert not words
    return document(text, *sentences)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("O O", []),
        ("S-Cue", [("cue", 0, 0)]),
        ("B-Content I-Content E-Content", [("content", 0, 2)]),
        ("B-Source E-Source S-Cue B-Content E-Content", [("source", 0, 1), ("cue", 2, 2), ("content", 3, 4)]),
        ("S-Cue S-Cue", [("cue", 0, 0), ("cue", 1, 1)]),
        ("B-Content E-Content B-Content E-Content", [("content", 0, 1), ("content", 2, 3)]),
        # sequences no well-behaved tagger gives
        ("O I-Content E-Content", [("content", 1, 2)]),
        ("B-Content I-Content O", [("content", 0, 1)]),
        ("B-Content I-Content", [("content", 0, 1)]),
        ("B-Content B-Content E-Content", [("content", 0, 0), ("content", 1, 2)]),
        ("B-Content I-Cue E-Cue", [("content", 0, 0), ("cue", 1, 2)]),
        ("B-Content E-Source", [("content", 0, 0), ("source", 1, 1)]),
        ("E-Content I-Content", [("content", 0, 0), ("content", 1, 1)]),
        ("S-Cue I-Cue", [("cue", 0, 0), ("cue", 1, 1)]),
        ("B-Content S-Content I-Content", [("content", 0, 0), ("content", 1, 1), ("content", 2, 2)]),
        ("E-Cue", [("cue", 0, 0)]),
        ("B-Cue <PAD> E-Cue", [("cue", 0, 0), ("cue", 2, 2)]),
        ("B-Cue O E-Cue", [("cue", 0, 0), ("cue", 2, 2)]),
    ],
)
def test_spans_from_labels(labels: str, expected: list[tuple[str, int, int]]) -> None:
    given = labels.split()
    found = list(spans_of(given, [0.9] * len(given), 10))
    assert found == [TaggedSpan(SpanRole(role), first + 10, last + 10, 0.9) for role, first, last in expected]


def test_a_span_is_as_sure_as_its_weakest_label() -> None:
    [span] = spans_of(["O", "B-Cue", "I-Cue", "E-Cue"], [0.1, 0.9, 0.4, 0.8], 0)
    assert span.confidence == 0.4


# “They don't know,” said the U.N.
TEXT = "They don't know\n\nthe U.N. said"
MULTIWORD = [
    word(1, "They", 0, 4, upos="PRON", lemma="they", deprel="nsubj"),
    {"id": (2, 3), "text": "don't", "start_char": 5, "end_char": 10},
    word(2, "do", head=4, upos="AUX", lemma="do", deprel="aux"),
    word(3, "n't", head=4, upos="PART", lemma="not", deprel="advmod"),
    word(4, "know", 11, 0, upos="VERB", lemma="know", feats="Mood=Ind", deprel="root"),
]
SECOND = [
    word(1, "the", 17, 2, deprel="det", ner="B-ORG"),
    word(2, "U.N.", 21, 3, upos="PROPN", deprel="nsubj", ner="E-ORG"),
    word(3, "said", 26, 0, deprel="root", ner="O"),
]


def test_words_of_a_multiword_token_are_one_token() -> None:
    result = annotated(document(TEXT, MULTIWORD, SECOND))
    assert [token.text for token in result.tokens] == ["They", "don't", "know", "the", "U.N.", "said"]
    assert all(result.text[token.start : token.end] == token.text for token in result.tokens)
    assert [token.head for token in result.tokens] == [2, 2, -1, 4, 5, -1]
    folded = result.tokens[1]
    assert (folded.lemma, folded.upos, folded.deprel) == ("do", "AUX", "aux")
    assert result.tokens[2].feats == "Mood=Ind"


def test_sentences_paragraphs_and_entities() -> None:
    result = annotated(document(TEXT, MULTIWORD, SECOND))
    assert [token.sentence for token in result.tokens] == [0, 0, 0, 1, 1, 1]
    assert [token.paragraph for token in result.tokens] == [0, 0, 0, 1, 1, 1]
    assert result.entities == (Entity("ORG", 3, 4),)
    assert result.sentence_ranges == (range(3), range(3, 6))


def test_missing_annotations_get_defaults() -> None:
    result = annotated(plain("Nothing here", 2))
    assert [(t.lemma, t.upos, t.feats, t.head, t.deprel) for t in result.tokens] == [
        ("Nothing", "X", "", -1, "dep"),
        ("here", "X", "", -1, "dep"),
    ]
    assert (result.entities, result.tagged) == ((), ())


def test_folding_words_never_makes_a_circle() -> None:
    """The first word of "who's" hangs on a token that hangs on its second word."""
    result = annotated(
        document(
            "who's there",
            [
                {"id": (1, 2), "text": "who's", "start_char": 0, "end_char": 5},
                word(1, "who", head=3, deprel="nsubj"),
                word(2, "'s", head=0, deprel="root"),
                word(3, "there", 6, 2, deprel="advcl"),
            ],
        )
    )
    assert [(token.head, token.deprel) for token in result.tokens] == [(-1, "root"), (0, "advcl")]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["B-ORG", "I-ORG", "E-ORG"], [("ORG", 0, 2)]),
        (["S-LOC", "S-LOC", "O"], [("LOC", 0, 0), ("LOC", 1, 1)]),
        (["B-PERSON", "O", "E-ORG"], [("PERSON", 0, 0), ("ORG", 2, 2)]),
        (["B-PERSON", "I-ORG", "E-ORG"], [("PERSON", 0, 0), ("ORG", 1, 2)]),
        ([None, "I-ORG", "E-ORG"], [("ORG", 1, 2)]),
    ],
)
def test_entities_never_reach_over_what_is_none(tags: list[str | None], expected: list[tuple[str, int, int]]) -> None:
    made = document("a b c", [word(n + 1, "abc"[n], 2 * n, 0, ner=tag) for n, tag in enumerate(tags)])
    assert annotated(made).entities == tuple(Entity(*entity) for entity in expected)


def test_one_line_end_between_sentences_makes_a_paragraph_and_a_space_does_not() -> None:
    result = annotated(plain("a b. c d.\ne f.\r\n\r\ng", 2, 2, 2, 1))
    assert [token.paragraph for token in result.tokens] == [0, 0, 0, 0, 1, 1, 2]


def paragraphs(made: Any) -> list[tuple[int, int]]:
    """First token and length of each."""
    return [(paragraph.first, len(paragraph.words)) for paragraph in _paragraphs(0, made)]


def test_paragraphs_break_at_line_ends() -> None:
    assert paragraphs(plain("a b. c d.\ne f.", 2, 2, 2)) == [(0, 4), (4, 2)]
    assert paragraphs(Document([], text="")) == []


def test_a_long_paragraph_is_cut_at_a_sentence_end() -> None:
    fifth = MAX_PARAGRAPH_TOKENS // 5
    text = " ".join("w" for _ in range(8 * fifth))
    assert paragraphs(plain(text, *[2 * fifth] * 4)) == [(0, 4 * fifth), (4 * fifth, 4 * fifth)]
    assert paragraphs(plain(text, 3 * fifth, 3 * fifth, 2 * fifth)) == [(0, 3 * fifth), (3 * fifth, 5 * fifth)]
    assert paragraphs(plain(text, 7 * fifth, fifth)) == [(0, 7 * fifth), (7 * fifth, fifth)]


def test_long_sentences_are_split() -> None:
    size = 2 * MAX_SENTENCE_TOKENS + 5
    made = plain(" ".join(f"w{i}" for i in range(size + 2)), 1, size, 1)
    made.sentences[1].tokens[MAX_SENTENCE_TOKENS].words[0].misc = "MWT=Yes"
    before = [(t.text, t.start_char, t.end_char) for s in made.sentences for t in s.tokens]
    split_long_sentences(made)
    assert [len(s.tokens) for s in made.sentences] == [1, MAX_SENTENCE_TOKENS, MAX_SENTENCE_TOKENS, 5, 1]
    assert [(t.text, t.start_char, t.end_char) for s in made.sentences for t in s.tokens] == before
    for number, sentence in enumerate(made.sentences):
        assert sentence.doc is made
        assert sentence.index == number
        assert [w.id for w in sentence.words] == list(range(1, len(sentence.words) + 1))
    assert made.sentences[2].tokens[0].words[0].misc == "MWT=Yes"


def test_short_sentences_are_left_alone() -> None:
    made = plain(" ".join("w" for _ in range(MAX_SENTENCE_TOKENS)), MAX_SENTENCE_TOKENS)
    sentences = made.sentences
    split_long_sentences(made)
    assert made.sentences is sentences
