"""Lemmas from Stanza's dictionary, without the batches that its network would need."""

from typing import Any


class QuickLemmas:
    """Stands in for Stanza's lemma processor with a model that is a dictionary and no more."""

    def __init__(self, processor: Any) -> None:
        """Take the dictionary of a processor for which `suits` is true."""
        self._trainer = processor.trainer

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether this way is made for a processor's model."""
        trainer = processor.trainer
        return trainer is not None and bool(trainer.args["dict_only"]) and not trainer.has_contextual_lemmatizers()

    def __call__(self, documents: list[Any]) -> list[Any]:
        """Set the lemma of all words; one that would be empty is "_", as Stanza has it."""
        words = [word for document in documents for sentence in document.sentences for word in sentence.words]
        lemmas = self._trainer.predict_dict([(word.text, word.upos) for word in words])
        for word, lemma in zip(words, lemmas, strict=True):
            word.lemma = lemma or "_"
        return documents
