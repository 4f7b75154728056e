"""Builds the Stanza pipeline and runs it over batches of texts."""

import gc
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from quotetrack.annotation.models import ModelSet, model_set
from quotetrack.annotation.view import view
from quotetrack.domain import AnnotatedText
from quotetrack.errors import ModelError

if TYPE_CHECKING:
    from quotetrack.annotation.quick import Step

MAX_SENTENCE_TOKENS = 300
"""A longer "sentence" (a table, a list of names) is cut: the parser's memory grows with the square of its length."""


class Annotator:
    """A loaded pipeline. Loading takes seconds, and at work it has 1.2 GB; make one a process and keep it."""

    def __init__(self, models: ModelSet | None = None, threads: int | None = None) -> None:
        """Load `models` (the bundled ones unless told otherwise), with `threads` torch threads.

        Raises ModelError if a model is missing, damaged, or of another Stanza version.
        """
        import torch

        if threads:
            torch.set_num_threads(threads)
        self.models = models or model_set()
        self.seconds: dict[str, float] = {}
        """CPU seconds by processor, summed over all batches."""
        self._steps = _load(self.models)

    def annotate(self, texts: Sequence[str]) -> list[AnnotatedText]:
        """Annotate texts together; the result for each is the same as alone."""
        import torch
        from stanza.models.common.doc import Document

        from quotetrack.annotation.processor import annotated

        with _uncollected(), torch.inference_mode():
            documents: list[Any] = [Document([], text=view(text)) for text in texts]
            for name, step in self._steps.items():
                started = time.process_time()
                documents = step(documents)
                if name == "tokenize":
                    for document in documents:
                        split_long_sentences(document)
                self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - started
            return [replace(annotated(document), text=text) for document, text in zip(documents, texts, strict=True)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for circular garbage: it would walk all that a batch has made over and over, and find none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _load(models: ModelSet) -> "dict[str, Step]":
    models.check()
    try:
        import stanza

        from quotetrack.annotation import processor  # noqa: F401  registers the attribution processor
        from quotetrack.annotation.quick import steps

        logging.getLogger("stanza").setLevel(logging.ERROR)
        pipeline = stanza.Pipeline(
            "en", download_method=None, use_gpu=False, verbose=False, **models.pipeline_options()
        )
        return steps(pipeline)
    except Exception as error:  # whatever a damaged file makes torch or pickle raise
        raise ModelError(
            f"The models in {models.directory} could not be loaded ({type(error).__name__}: {error}). "
            "Run `quotetrack doctor` to see which file is at fault."
        ) from error


def split_long_sentences(document: Any) -> None:
    """Cut sentences of more than MAX_SENTENCE_TOKENS tokens in a freshly tokenized document, in place."""
    if all(len(sentence.tokens) <= MAX_SENTENCE_TOKENS for sentence in document.sentences):
        return
    from stanza.models.common.doc import Document

    pieces = []
    for sentence in document.sentences:
        tokens = [entry for token in sentence.tokens for entry in token.to_dict()]
        pieces += [tokens[i : i + MAX_SENTENCE_TOKENS] for i in range(0, len(tokens), MAX_SENTENCE_TOKENS)]
    for piece in pieces:
        for number, entry in enumerate(piece, 1):
            entry["id"] = number
    cut = Document(pieces, text=document.text)
    document.sentences = cut.sentences
    for sentence in document.sentences:
        sentence._doc = document
