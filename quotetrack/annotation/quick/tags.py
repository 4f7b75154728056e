"""Parts of speech and features: Stanza's tagger, the quick way."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from stanza.models.common.utils import simplify_punct
from stanza.models.common.vocab import CompositeVocab

from quotetrack.annotation.quick.layers import HighwayLstm, batches, linear
from quotetrack.annotation.quick.vectors import Vectors, characters, spelled


class QuickTagger:
    """Stands in for Stanza's part-of-speech processor, with a model that shares one hidden layer between columns."""

    def __init__(self, processor: Any) -> None:
        """Take the weights of a processor for which `suits` is true."""
        self._model, self._vocab = processor.trainer.model, processor.vocab
        self._pretrained = processor.pretrain.vocab
        self._vectors = Vectors(self._vectors_of)
        model = self._model
        self._lstm = HighwayLstm(model.taggerlstm, model.taggerlstm_h_init, model.taggerlstm_c_init)
        names, heads = ["upos"], [model.upos_clf]
        for name, head in model.tag_clf.items():
            parts = list(head) if isinstance(head, torch.nn.ModuleList) else [head]
            names += [name] * len(parts)
            heads += parts
        self._columns = {name: slice(names.index(name), names.index(name) + names.count(name)) for name in names}
        self._edges = list(pairwise(np.cumsum([0, *(head.out_features for head in heads)]).tolist()))
        self._weight = torch.cat([head.weight for head in heads])
        self._bias = torch.cat([head.bias for head in heads])
        self._read: dict[bytes, tuple[str, str, str]] = {}

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether this way is made for a processor's model."""
        model, args = processor.trainer.model, processor.trainer.args
        return (
            model.share_hid
            and not (args.get("charlm") or args.get("bert_model"))
            and all(args[name] for name in ("pretrain", "char", "char_emb_dim", "word_emb_dim"))
            and set(model.tag_names) == {"upos", "xpos", "feats"}
        )

    def __call__(self, documents: list[Any]) -> list[Any]:
        """Set part of speech, treebank tag and features of all words."""
        sentences = [sentence.words for document in documents for sentence in document.sentences]
        words = [word for sentence in sentences for word in sentence]
        rows = torch.from_numpy(self._vectors.rows([word.text for word in words]))
        found = np.empty((len(words), len(self._edges)), dtype=np.uint8)
        for batch in batches([len(sentence) for sentence in sentences]):
            states = self._lstm(self._vectors.table, rows, batch)
            hidden = linear(states, self._model.upos_hid.weight, self._model.upos_hid.bias, "relu")
            scores = batch.unpadded(linear(hidden, self._weight, self._bias))
            best = [scores[:, first:last].argmax(1) for first, last in self._edges]
            found[batch.flat] = torch.stack(best, 1).numpy()
        for word, ids in zip(words, found, strict=True):
            key = ids.tobytes()
            if (read := self._read.get(key)) is None:
                read = self._read[key] = self._names(ids.tolist())
            word.upos, word.xpos, word.feats = read
        return documents

    def _names(self, ids: list[int]) -> tuple[str, str, str]:
        """What one word's numbers mean."""
        names = []
        for column in ("upos", "xpos", "feats"):
            vocab, part = self._vocab[column], ids[self._columns[column]]
            names.append(vocab.id2unit(part if isinstance(vocab, CompositeVocab) else part[0]))
        upos, xpos, feats = names
        return upos, xpos, feats

    def _vectors_of(self, texts: Sequence[str]) -> torch.Tensor:
        words = [word for [word] in simplify_punct([[[text] for text in texts]])[0]]
        model, vocab = self._model, self._vocab
        known = model.word_emb(torch.tensor(vocab["word"].map(words)))
        pretrained = model.pretrained_emb(torch.tensor(self._pretrained.map([word.lower() for word in words])))
        spelling = spelled(model.charmodel, characters(vocab["char"], words))
        transformed = [model.trans_pretrained(pretrained), model.trans_char(spelling)]
        return self._lstm.with_carried(torch.cat([known, *transformed], 1))
