"""Our own Stanza processor `attribution`, and the way from Stanza's classes to `AnnotatedText`.

Importing this module registers the processor, so that

    stanza.Pipeline("en", dir=…, package="quotetrack", download_method=None,
                    processors="tokenize,pos,lemma,depparse,ner,attribution")

returns documents with two more properties: `doc.attribution_spans`, what the tagger marked, and
`doc.attributions`, the finished `quotetrack.domain.Attribution`s, worked out when first asked for.

The tagger is a Stanza NER model whose "sentences" are paragraphs, because quotes cross sentences.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import torch
from stanza.models.common.doc import Document
from stanza.models.ner.trainer import Trainer
from stanza.pipeline.processor import Processor, register_processor

from quotetrack.annotation.quick.crf import marginals, viterbi
from quotetrack.annotation.quick.labels import Scorer
from quotetrack.attribution import attribute
from quotetrack.domain import AnnotatedText, Attribution, Entity, SpanRole, TaggedSpan, Token
from quotetrack.sources.catalogue import bundled_catalogue

MAX_PARAGRAPH_TOKENS = 500
"""A longer paragraph is tagged in pieces, cut at a sentence's end, so that one endless line cannot exhaust memory."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A run of tokens of one document: token `first` of document `document`, and the texts from there on."""

    document: int
    first: int
    words: tuple[str, ...]


@register_processor(name="attribution")
class AttributionProcessor(Processor):  # type: ignore[misc]  # Stanza has no types
    """Tags sources, cues and contents, paragraph by paragraph, in batches over all documents at hand."""

    PROVIDES_DEFAULT = frozenset({"attribution"})
    REQUIRES_DEFAULT = frozenset({"tokenize"})

    def __init__(self, config: dict[str, Any], pipeline: Any, device: Any) -> None:
        super().__init__(config, pipeline, device)
        pretrain = pipeline.foundation_cache.load_pretrain(config["pretrain_path"])
        trainer = Trainer(
            model_file=config["model_path"],
            pretrain=pretrain,
            device=device,
            foundation_cache=pipeline.foundation_cache,
        )
        if not Scorer.suits(trainer):
            raise ValueError("the attribution tagger must be a plain NER model: no character language model, no BERT")
        self._scorer: Scorer | None = Scorer(trainer)

    def mark_inactive(self) -> None:
        """Called by Stanza when a requirement is missing: let go of what takes memory."""
        self._scorer = None

    def process(self, document: Any) -> Any:
        """Tag one document."""
        return self.bulk_process([document])[0]

    def bulk_process(self, documents: list[Any]) -> list[Any]:
        """Tag the paragraphs of all documents, those of like length together."""
        assert self._scorer is not None, "inactive"
        paragraphs = [p for index, document in enumerate(documents) for p in _paragraphs(index, document)]
        found: list[list[TaggedSpan]] = [[] for _ in documents]
        words = [word for paragraph in paragraphs for word in paragraph.words]
        names, transitions = self._scorer.labels, self._scorer.transitions
        with torch.inference_mode():
            for batch, scores in self._scorer(words, [len(paragraph.words) for paragraph in paragraphs]):
                best = viterbi(scores, transitions, batch.lengths)
                sure = marginals(scores, transitions, batch.lengths, best).t().tolist()
                for number, length, labels, confidences in zip(
                    batch.members.tolist(), batch.lengths.tolist(), best.t().tolist(), sure, strict=True
                ):
                    paragraph = paragraphs[number]
                    found[paragraph.document] += _spans(
                        [names[label] for label in labels[:length]], confidences[:length], paragraph.first
                    )
        for document, spans in zip(documents, found, strict=True):
            document._attribution_spans = tuple(sorted(spans, key=lambda span: span.first))
            document._attributions = None
        return documents


def _paragraphs(index: int, document: Any) -> Iterable[_Paragraph]:
    first, position = 0, 0
    words: list[str] = []
    end: int | None = None
    for sentence in document.sentences:
        tokens = sentence.tokens
        breaks = end is not None and "\n" in document.text[end : tokens[0].start_char]
        if words and (breaks or len(words) + len(tokens) > MAX_PARAGRAPH_TOKENS):
            yield _Paragraph(index, first, tuple(words))
            first, words = position, []
        words += [token.text for token in tokens]
        position += len(tokens)
        end = tokens[-1].end_char
    if words:
        yield _Paragraph(index, first, tuple(words))


def _spans(labels: list[str], confidences: list[float], offset: int) -> Iterable[TaggedSpan]:
    for role, first, last in _runs(labels):
        yield TaggedSpan(SpanRole(role.lower()), offset + first, offset + last, min(confidences[first : last + 1]))


def _runs(labels: list[str]) -> Iterable[tuple[str, int, int]]:
    """Type, first and last of each span in BIOES labels; a label that does not fit the one before it opens a span."""
    start: int | None = None
    for i, label in enumerate(labels):
        shape, _, role = label.partition("-")
        if start is not None and (shape in "BSO<" or labels[start].partition("-")[2] != role):
            start = None
        if role and start is None:
            start = i
        following = labels[i + 1] if i + 1 < len(labels) else "O"
        ends = shape in "ES" or following.partition("-")[2] != role or following[0] in "BS"
        if role and start is not None and ends:
            yield role, start, i
            start = None


def annotated(document: Any) -> AnnotatedText:
    """What a processed Stanza document says, in our own values.

    Positions are those of Stanza's tokens: the words of a multiword token are folded into one token that
    takes part of speech, lemma and relation from the word nearest to the root.
    """
    tokens: list[Token] = []
    entities: list[Entity] = []
    paragraph, end = 0, 0
    for number, sentence in enumerate(document.sentences):
        base = len(tokens)
        if number and "\n" in document.text[end : sentence.tokens[0].start_char]:
            paragraph += 1
        end = sentence.tokens[-1].end_char
        owner = {word.id: index for index, token in enumerate(sentence.tokens) for word in token.words}
        for token in sentence.tokens:
            head = _head_word(token, sentence)
            above = head.head or 0
            tokens.append(
                Token(
                    text=document.text[token.start_char : token.end_char],
                    start=token.start_char,
                    end=token.end_char,
                    lemma=head.lemma or head.text,
                    upos=head.upos or "X",
                    feats=head.feats or "",
                    head=base + owner[above] if above else -1,
                    deprel=head.deprel or "dep",
                    sentence=number,
                    paragraph=paragraph,
                )
            )
        entities += _entities(sentence, base)
    return AnnotatedText(
        document.text, tuple(tokens), tuple(entities), document.attribution_spans or (), _chains(document)
    )


def _chains(document: Any) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Stanza's coreference chains, if that processor ran: mentions as token ranges, ends included, in order."""
    starts = [0, *accumulate(len(sentence.tokens) for sentence in document.sentences)]
    found = []
    for chain in getattr(document, "coref", None) or ():
        mentions = []
        for mention in chain.mentions:
            if not isinstance(mention.start_word, int):
                continue  # a dropped pronoun has no words
            sentence = document.sentences[mention.sentence]
            owner = [index for index, token in enumerate(sentence.tokens) for _ in token.words]
            base = starts[mention.sentence]
            mentions.append((base + owner[mention.start_word], base + owner[mention.end_word - 1]))
        found.append(tuple(sorted(mentions)))
    return tuple(found)


def _head_word(token: Any, sentence: Any) -> Any:
    """The token's word nearest to the root, so that no token comes to hang on itself by way of another."""

    def depth(word: Any) -> int:
        steps = 0
        while word.head and steps <= len(sentence.words):
            word, steps = sentence.words[word.head - 1], steps + 1
        return steps

    return token.words[0] if len(token.words) == 1 else min(token.words, key=depth)


def _entities(sentence: Any, base: int) -> Iterable[Entity]:
    for kind, first, last in _runs([token.ner or "O" for token in sentence.tokens]):
        yield Entity(kind, base + first, base + last)


def _attributions(document: Any) -> tuple[Attribution, ...]:
    if document._attributions is None:
        document._attributions = attribute(annotated(document), bundled_catalogue())
    return document._attributions  # type: ignore[no-any-return]


Document.add_property("attribution_spans")
Document.add_property("attributions", getter=_attributions)
