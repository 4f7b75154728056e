"""Labels of names, and of sources, cues and contents: Stanza's LSTM-CRF tagger, the quick way.

Stanza works out a loss that nobody wants, and searches the best labels sentence by sentence in Python.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from stanza.models.common.vocab import PAD_ID, UNK_ID, VOCAB_PREFIX_SIZE
from stanza.models.ner.trainer import fix_singleton_tags

from quotetrack.annotation.quick.crf import viterbi
from quotetrack.annotation.quick.layers import Batch, BiLstm, batches, linear
from quotetrack.annotation.quick.vectors import Vectors, characters, spelled


class Scorer:
    """The network of Stanza's NER model: a score for every label of every word."""

    def __init__(self, trainer: Any) -> None:
        """Take the weights of a trainer for which `suits` is true."""
        self._model, self._vocab, self._args = trainer.model, trainer.vocab, trainer.args
        self._vectors = Vectors(self._vectors_of)
        model = self._model
        self._lstm = BiLstm(model.taggerlstm.lstm, model.taggerlstm_h_init, model.taggerlstm_c_init)
        self.labels: list[str] = list(self._vocab["tag"].items(0))
        self.transitions: torch.Tensor = model.crits[0]._transitions.detach()

    @staticmethod
    def suits(trainer: Any) -> bool:
        """Whether this way is made for a trainer's model."""
        model, args = trainer.model, trainer.args
        return (
            not (args.get("charlm") or args.get("bert_model") or args.get("char_lowercase"))
            and all(args[name] for name in ("char", "char_emb_dim", "word_emb_dim"))
            and model.input_transform is not None
            and {"word", "delta"} <= set(trainer.vocab.keys())
            and model.num_output_layers == 1
        )

    def __call__(self, words: Sequence[str], lengths: Sequence[int]) -> Iterator[tuple[Batch, torch.Tensor]]:
        """Scores (T, B, labels) of the sequences of `lengths` words that `words` fall into, batch by batch."""
        rows = torch.from_numpy(self._vectors.rows(words))
        head = self._model.tag_clfs[0]
        for batch in batches(lengths):
            states = self._lstm(self._vectors.table[rows[batch.places]], batch)
            yield batch, linear(states, head.weight, head.bias)

    def _vectors_of(self, words: Sequence[str]) -> torch.Tensor:
        model, vocab = self._model, self._vocab
        cased = [word.lower() for word in words] if self._args.get("lowercase", True) else words
        known, own = torch.tensor(vocab["word"].map(cased)), torch.tensor(vocab["delta"].map(cased))
        own[(own == UNK_ID) & (known != UNK_ID)] = PAD_ID
        spelling = spelled(model.charmodel, characters(vocab["char"], words))
        joined = torch.cat([model.word_emb(known) + model.delta_emb(own), spelling], 1)
        transformed: torch.Tensor = model.input_transform(joined)
        return transformed


class QuickNames:
    """Stands in for Stanza's NER processor; sets the labels of tokens, and no more."""

    def __init__(self, processor: Any) -> None:
        """Take the weights of a processor for which `suits` is true."""
        self._scorer = Scorer(processor.trainers[0])

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether this way is made for a processor: with one model of a plain kind."""
        return len(processor.trainers) == 1 and Scorer.suits(processor.trainers[0])

    def __call__(self, documents: list[Any]) -> list[Any]:
        """Set the label of all tokens."""
        sentences = [sentence.tokens for document in documents for sentence in document.sentences]
        words = [token.text for sentence in sentences for token in sentence]
        for batch, scores in self._scorer(words, [len(sentence) for sentence in sentences]):
            best = viterbi(scores, self._scorer.transitions, batch.lengths).t().tolist()
            for number, length, row in zip(batch.members.tolist(), batch.lengths.tolist(), best, strict=True):
                # as Stanza has it: what is no label is the first label, and spans are closed
                labels = [self._scorer.labels[max(label, VOCAB_PREFIX_SIZE)] for label in row[:length]]
                for token, label in zip(sentences[number], fix_singleton_tags(labels), strict=True):
                    token.ner = label
        return documents
