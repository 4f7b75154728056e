"""Tokens and sentences: Stanza's tokenizer, the quick way.

Stanza builds lists of features character by character and looks each token up in the text again. Here a paragraph is
one array of characters from beginning to end, and where each stood in the text is never forgotten.

The result is Stanza's, but for one thing: in a paragraph of more than a window (1,000 characters), Stanza's network
reads as many blanks after the end as the paragraphs read together with it happen to leave; here it always reads one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from stanza.models.common.doc import Document
from stanza.models.tokenization.data import NEWLINE_WHITESPACE_RE, NUMERIC_RE, WHITESPACE_RE
from stanza.models.tokenization.utils import update_pred_regex
from stanza.pipeline.tokenize_processor import TOKEN_TOO_LONG_REPLACEMENT
from torch.nn import functional

from quotetrack.annotation.quick.layers import Batch, BiLstm, Ints, batches, linear

PLAIN: dict[str, Any] = {
    "feat_funcs": ["space_before", "capitalized", "numeric", "end_of_para", "start_of_para"],
    "hierarchical": True,
    "use_dictionary": False,
    "use_mwt": False,
    "conv_res": None,
    "charlm_forward_file": None,
    "skip_newline": False,
    "lang": "en",
}
"""The options of the models that this way is made for."""
BLANKS = re.compile(f"{WHITESPACE_RE.pattern}+")
BATCH_CHARACTERS = 16_000
TOKEN_END, SENTENCE_END = 1, 2


class _Paragraph:
    """What lies between two blank lines, with each run of blanks in it made one."""

    def __init__(self, document: int, text: str, rows: Ints, places: list[int]) -> None:
        """`places` tells where in its document each character of `text` stood, `rows` where its vector is."""
        self.document, self.text, self.rows, self.places = document, text, rows, places
        self.ends = np.zeros(len(text), dtype=np.int64)
        """For each character, whether a token or a sentence ends with it."""
        self.done = 0
        """How many characters have been read."""


class QuickTokenizer:
    """Stands in for Stanza's tokenize processor."""

    def __init__(self, processor: Any) -> None:
        """Take the weights of a processor for which `suits` is true."""
        self._model, self._vocab = processor.trainer.model, processor.vocab
        self._longest = processor.config.get("max_seqlen", processor.MAX_SEQ_LENGTH_DEFAULT)
        self._window = max(1000, self._longest)
        self._sharpness = processor.trainer.args["hier_invtemp"]
        self._lstms = BiLstm(self._model.rnn), BiLstm(self._model.rnn2)
        model = self._model
        self._heads = [
            torch.cat([model.tok_clf.weight, model.sent_clf.weight]),
            torch.cat([model.tok_clf2.weight, model.sent_clf2.weight]),
        ]
        self._bias = torch.cat([model.tok_clf.bias, model.sent_clf.bias])
        self._rows = np.full(0x110000, -1, dtype=np.int64)
        """The row of each code point in the table, -1 for those not met yet; the first row is for what is no text."""
        self._kinds: dict[tuple[int, ...], int] = {}
        self._table = functional.pad(model.embeddings.weight[:1], (0, len(PLAIN["feat_funcs"])))
        [self._blank] = self._rows_of(" ").tolist()

    @staticmethod
    def suits(processor: Any) -> bool:
        """Whether this way is made for a processor and its model."""
        config, trainer = processor.config, processor.trainer
        return (
            trainer is not None
            and not hasattr(processor, "_variant")
            and not any(
                config.get(option) for option in ("pretokenized", "no_ssplit", "postprocessor", "speaker_delim")
            )
            and all(trainer.args.get(option) == value for option, value in PLAIN.items())
            and trainer.args["hier_invtemp"] > 0
        )

    def __call__(self, documents: list[Any]) -> list[Any]:
        """New documents of the same texts, with sentences and tokens."""
        paragraphs = [p for number, document in enumerate(documents) for p in self._paragraphs(number, document.text)]
        unread = paragraphs
        while unread:
            self._read(unread)
            unread = [paragraph for paragraph in unread if paragraph.done < len(paragraph.text)]
        sentences: list[list[list[dict[str, Any]]]] = [[] for _ in documents]
        for paragraph in paragraphs:
            paragraph.ends[-1] = SENTENCE_END
            update_pred_regex(paragraph.text, paragraph.ends)
            sentences[paragraph.document] += _sentences(paragraph, self._longest)
        return [Document(found, text=document.text) for found, document in zip(sentences, documents, strict=True)]

    def _paragraphs(self, document: int, text: str) -> Iterator[_Paragraph]:
        begin = 0
        while begin < len(text):
            gap = NEWLINE_WHITESPACE_RE.search(text, begin)
            chunk = text[begin : gap.start() if gap else None].rstrip()
            if chunk:
                rows = self._rows_of(chunk)
                blank = rows == self._blank
                kept = np.flatnonzero(~(blank & np.concatenate([[False], blank[:-1]])))
                yield _Paragraph(document, BLANKS.sub(" ", chunk), rows[kept], (begin + kept).tolist())
            begin = gap.end() if gap else len(text)

    def _rows_of(self, text: str) -> Ints:
        """The row of each character in the table of what the network reads of it."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        rows: Ints = self._rows[points]
        if (rows < 0).any():
            for point in np.unique(points[rows < 0]).tolist():
                unit = WHITESPACE_RE.sub(" ", chr(point))
                features = unit == " ", unit.isupper(), NUMERIC_RE.match(unit) is not None
                kind = (self._vocab.unit2id(unit), *map(int, features))
                if kind not in self._kinds:
                    vector = torch.cat([self._model.embeddings.weight[kind[0]], torch.tensor([*kind[1:], 0, 0])])
                    self._kinds[kind] = len(self._table)
                    self._table = torch.cat([self._table, vector.unsqueeze(0)])
                self._rows[point] = self._kinds[kind]
            rows = self._rows[points]
        return rows

    def _read(self, paragraphs: Sequence[_Paragraph]) -> None:
        """Find the ends in the next window of each; what follows a full window's last sentence is read once more."""
        rows, lengths, last = [], [], []
        for paragraph in paragraphs:
            window = paragraph.rows[paragraph.done : paragraph.done + self._window]
            last.append(len(paragraph.rows) - paragraph.done <= self._window)
            rows += [window, np.zeros(int(last[-1]), dtype=np.int64)]
            lengths.append(len(window) + last[-1])
        inputs = self._table[torch.from_numpy(np.concatenate(rows))]
        starts = np.cumsum(lengths) - lengths
        inputs[[start for start, p in zip(starts, paragraphs, strict=True) if not p.done], -1] = 1.0
        inputs[[start + n - 2 for start, n, ends in zip(starts, lengths, last, strict=True) if ends], -2] = 1.0
        best = np.empty(len(inputs), dtype=np.int64)
        for batch in batches(lengths, BATCH_CHARACTERS):
            best[batch.flat] = self._ends(inputs[batch.places], batch).numpy()
        for paragraph, start, length, ends in zip(paragraphs, starts, lengths, last, strict=True):
            found = best[start : start + length - ends]
            if not ends and (stops := np.flatnonzero(found == SENTENCE_END)).size:
                found = found[: stops[-1] + 1]
            paragraph.ends[paragraph.done : paragraph.done + len(found)] = found
            paragraph.done += len(found)

    def _ends(self, inputs: torch.Tensor, batch: Batch) -> torch.Tensor:
        """0, TOKEN_END or SENTENCE_END for each character of a batch, from `inputs` (T, B, width).

        The network's two scores are for "a token ends" and, given that, "and a sentence"; the likeliest of three.
        """
        first, second = self._lstms
        states = first(inputs, batch)
        scores = linear(states, self._heads[0], self._bias)
        states *= torch.sigmoid(scores[..., :1] * self._sharpness)
        scores += linear(second(states, batch), self._heads[1], None)
        token, sentence = batch.unpadded(scores).unbind(1)
        return (token + functional.logsigmoid(sentence.abs()) > 0) * (TOKEN_END + (sentence > 0).long())


def _sentences(paragraph: _Paragraph, longest: int) -> Iterator[list[dict[str, Any]]]:
    """The tokens of each sentence as Stanza's documents take them; one of more than `longest` characters is unknown."""
    sentence: list[dict[str, Any]] = []
    begin = 0
    for last in np.flatnonzero(paragraph.ends).tolist():
        token = paragraph.text[begin : last + 1].lstrip()
        if token:
            entry = {
                "id": (len(sentence) + 1,),
                "text": token if len(token) <= longest else TOKEN_TOO_LONG_REPLACEMENT,
                "start_char": paragraph.places[last + 1 - len(token)],
                "end_char": paragraph.places[last] + 1,
            }
            sentence.append(entry)
            if paragraph.ends[last] == SENTENCE_END:
                yield sentence
                sentence = []
        begin = last + 1
    if sentence:
        yield sentence
