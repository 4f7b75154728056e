"""Stanza's graph parser, the quick way, with the same trees.

Stanza scores every label for every pair of words, and searches the spanning tree in Python even where the best
head of each word already gives a tree. Here labels are scored for the chosen heads alone, and the search runs
only where it is needed. Stanza's repair of rare head constraints (one subject a verb, and the like), which needs all
label scores, is left out.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from stanza.models.common.utils import simplify_punct
from stanza.models.common.vocab import ROOT_ID, VOCAB_PREFIX_SIZE
from stanza.models.depparse.model import GraphParser
from torch.nn import functional

from quotetrack.annotation.quick.layers import HighwayLstm, Ints, batches, linear
from quotetrack.annotation.quick.trees import best_trees
from quotetrack.annotation.quick.vectors import Vectors, characters, spelled

Word = tuple[str, str] | None
"""Text and lemma; None stands above the root."""


class QuickParser:
    """Stands in for Stanza's parser processor with a graph parser that reads words, lemmas and characters alone."""

    def __init__(self, processor: Any) -> None:
        """Take the weights of a processor for which `suits` is true."""
        self._model, self._vocab = processor.trainer.model, processor.vocab
        self._pretrained = processor.pretrain.vocab
        self._vectors: Vectors[Word] = Vectors(self._vectors_of)
        model = self._model
        self._lstm = HighwayLstm(model.parserlstm, model.parserlstm_h_init, model.parserlstm_c_init)
        scorers = (model.unlabeled, model.linearization, model.distance, model.deprel)
        deep = [layer for scorer in scorers for layer in (scorer.W1, scorer.W2)]
        self._deep_weight = torch.cat([layer.weight for layer in deep])
        self._deep_bias = torch.cat([layer.bias for layer in deep])
        self._arc_scorers = [_Bilinear(scorer.scorer) for scorer in scorers[:3]]
        self._relations = _Relations(model.deprel.scorer)
        self._names = self._vocab["deprel"].unmap(range(VOCAB_PREFIX_SIZE, len(self._vocab["deprel"])))

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether this way is made for a processor's model."""
        model, args = processor.trainer.model, processor.trainer.args
        return (
            isinstance(model, GraphParser)
            and not any(args.get(name) for name in ("charlm", "bert_model", "use_arc_embedding", "reversed"))
            and not (args["tag_emb_dim"] and any(args.get(f"use_{tag}", True) for tag in ("upos", "xpos", "ufeats")))
            and all(args[name] for name in ("pretrain", "char", "char_emb_dim", "word_emb_dim"))
            and all(args[name] for name in ("linearization", "distance"))
        )

    def __call__(self, documents: list[Any]) -> list[Any]:
        """Set head and relation of all words."""
        sentences = [sentence.words for document in documents for sentence in document.sentences]
        units = [unit for sentence in sentences for unit in (None, *sentence)]
        words = [None if unit is None else (unit.text, unit.lemma or "_") for unit in units]
        rows = torch.from_numpy(self._vectors.rows(words))
        heads = np.zeros(len(words), dtype=np.int64)
        places, below, above = [], [], []
        for batch in batches([1 + len(sentence) for sentence in sentences]):
            states = self._lstm(self._vectors.table, rows, batch).transpose(0, 1).contiguous()
            deep = linear(states, self._deep_weight, self._deep_bias, "relu")
            deep = deep.view(*deep.shape[:2], 8, -1)
            trees = best_trees(self._arcs(deep.unbind(2), batch.lengths).numpy(), batch.lengths)
            sentence, word = batch.sequence, batch.step
            places.append(batch.flat)
            heads[batch.flat] = trees[sentence, word]
            below.append(deep[sentence, word, 6])
            above.append(deep[sentence, trees[sentence, word], 7])
        relations = np.empty(len(words), dtype=np.int64)
        if words:
            relations[np.concatenate(places)] = self._relations(torch.cat(below), torch.cat(above)).numpy()
        for unit, head, relation in zip(units, heads.tolist(), relations.tolist(), strict=True):
            if unit is not None:
                unit.head, unit.deprel = head, self._names[relation]
        return documents

    def _arcs(self, deep: Sequence[torch.Tensor], lengths: Ints) -> torch.Tensor:
        """Scores of (sentence, word, head), with Stanza's terms for the side and the distance of the head.

        These are those of Dozat and Manning's parser as Qi et al. extended it (CoNLL 2018 shared task, section 2.4).
        """
        scores, side, distance = (
            scorer(deep[2 * number], deep[2 * number + 1]) for number, scorer in enumerate(self._arc_scorers)
        )
        positions = torch.arange(scores.shape[1])
        offset = positions.view(1, 1, -1) - positions.view(1, -1, 1)
        scores += functional.logsigmoid(side * torch.sign(offset).float())
        scores -= torch.log((offset.abs().float() - (1 + functional.softplus(distance))) ** 2 / 2 + 1)
        beyond = positions >= torch.from_numpy(lengths).view(-1, 1, 1)
        return scores[: len(lengths)].masked_fill_(beyond | (offset == 0), -torch.inf)

    def _vectors_of(self, words: Sequence[Word]) -> torch.Tensor:
        model, vocab = self._model, self._vocab
        texts = [text for [text] in simplify_punct([[[word[0]] if word else [""] for word in words]])[0]]

        def ids(kind: Any, units: Sequence[str]) -> torch.Tensor:
            return torch.tensor([id if word else ROOT_ID for word, id in zip(words, kind.map(units), strict=True)])

        spelling = [letters or [ROOT_ID] for letters in characters(vocab["char"], texts)]
        pretrained = model.pretrained_emb(ids(self._pretrained, [text.lower() for text in texts]))
        parts = [
            model.trans_pretrained(pretrained),
            model.word_emb(ids(vocab["word"], texts)),
            model.lemma_emb(ids(vocab["lemma"], [word[1] if word else "" for word in words])),
            model.trans_char(spelled(model.charmodel, spelling)),
        ]
        return self._lstm.with_carried(torch.cat(parts, 1))


class _Bilinear:
    """Stanza's `PairwiseBiaffineScorer` with one score a pair, its added ones folded into an offset."""

    def __init__(self, scorer: Any) -> None:
        weight = scorer.W_bilin.weight[:, :, 0]
        self._weight, self._offset = weight[:-1].t().contiguous(), weight[-1].contiguous()
        self._bias = scorer.W_bilin.bias

    def __call__(self, below: torch.Tensor, above: torch.Tensor) -> torch.Tensor:
        """Scores (B, T, T) of each word of `below` with each of `above`, both (B, T, width)."""
        turned = linear(below, self._weight, self._offset)
        return torch.baddbmm(turned[..., -1:], turned[..., :-1], above.transpose(1, 2)).add_(self._bias)


class _Relations:
    """Stanza's biaffine scorer of relations, asked for the best one alone.

    A score for each of 51 relations is as much work as all the rest of the parser. So all are scored roughly, by the
    strongest dimensions of the scorer, and only the first few exactly, and only where the best is not far ahead. Of
    47,000 arcs in news the roughly best was not the best for 684; it was then at most 2.9 ahead, and the best was
    always among the first four.
    """

    DIMENSIONS = 48
    CANDIDATES = 4
    FAR_AHEAD = 5.0
    """As a share this is 148 to 1."""
    ARCS_AT_ONCE = 512
    """Bounds the products of the rough scores, and gives them one shape."""

    def __init__(self, scorer: Any) -> None:
        self._weight = scorer.W_bilin.weight.permute(2, 1, 0).contiguous()
        self._bias = scorer.W_bilin.bias
        width = self._weight.shape[1]
        sides = self._weight.permute(2, 0, 1).reshape(width, -1), self._weight.transpose(0, 1).reshape(width, -1)
        self._below, self._above = (
            torch.linalg.eigh(flat @ flat.t()).eigenvectors[:, -self.DIMENSIONS :].contiguous() for flat in sides
        )
        self._core = (self._above.t() @ self._weight @ self._below).flatten(0, 1)

    def __call__(self, below: torch.Tensor, above: torch.Tensor) -> torch.Tensor:
        """The number of the best relation of each arc from `above` to `below`, both (arcs, width)."""
        below, above = (functional.pad(side, (0, 1), value=1.0) for side in (below, above))
        scores, candidates = self._rough(below, above).topk(min(self.CANDIDATES, len(self._weight)))
        best = candidates[:, 0].clone()
        if candidates.shape[1] > 1:
            close = (scores[:, 0] - scores[:, 1] < self.FAR_AHEAD).nonzero().squeeze(1)
            exact = self._exact(below[close], above[close], candidates[close])
            best[close] = candidates[close].gather(1, exact.argmax(1, keepdim=True)).squeeze(1)
        return best

    def _rough(self, below: torch.Tensor, above: torch.Tensor) -> torch.Tensor:
        """Nearly the scores of all relations: (arcs, relations); a few at a time, which keeps what they need small."""
        size = self.ARCS_AT_ONCE
        found = torch.empty(len(below), len(self._weight))
        turned, wanted = (
            torch.split(functional.pad(side @ by, (0, 0, 0, -len(side) % size)), size)
            for side, by in ((below, self._below), (above, self._above))
        )
        for part, one, other in zip(torch.split(found, size), turned, wanted, strict=True):
            products = linear(one, self._core, None).view(size, -1, self.DIMENSIONS)
            part[:] = torch.bmm(products, other.unsqueeze(2)).squeeze(2)[: len(part)]
        return found.add_(self._bias)

    def _exact(self, below: torch.Tensor, above: torch.Tensor, candidates: torch.Tensor) -> torch.Tensor:
        """The scores of some relations of each arc: (arcs, candidates)."""
        relations, order = candidates.flatten().sort(stable=True)
        arcs = order // candidates.shape[1]
        found = torch.empty(candidates.shape)
        begin = 0
        for relation, number in enumerate(torch.bincount(relations, minlength=len(self._weight)).tolist()):
            some = slice(begin, begin + number)
            products = functional.linear(below[arcs[some]], self._weight[relation]).mul_(above[arcs[some]])
            found.view(-1)[order[some]] = products.sum(1) + self._bias[relation]
            begin += number
        return found
