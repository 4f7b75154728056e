"""The best dependency tree with one root, given a score for every pair of words.

Mostly the best head of each word already gives such a tree, which is seen for all sentences of a batch at once. What
does not is searched by Chu–Liu–Edmonds, in time that grows with the square of a sentence's length.
"""

from typing import Any

import numpy as np

from quotetrack.annotation.quick.layers import Ints

Scores = np.ndarray[Any, Any]


def best_trees(scores: Scores, lengths: Ints) -> Ints:
    """Heads (B, T) of the highest-scoring trees with one root: 0 for the root, and undefined past each length.

    `scores[b, i, j]` is for word j as head of word i of sentence b, where word 0 stands above the root; it must be
    minus infinity for i = j and for what lies past the sentence's length. It is overwritten.
    """
    inside = np.arange(scores.shape[1])[None, :] < lengths[:, None]
    words = inside & (np.arange(scores.shape[1]) > 0)
    _admit_one_root(scores, words)
    heads: Ints = scores.argmax(2)
    heads[~words] = 0
    above = heads
    for _ in range(int(lengths.max()).bit_length()):  # each time twice as far up
        above = np.take_along_axis(above, above, 1)
    one_root = ((heads == 0) & words).sum(1) == 1
    for row in np.flatnonzero(~one_root | above.any(1)):
        length = lengths[row]
        heads[row, :length] = _searched(scores[row, :length, :length])
    return heads


def _admit_one_root(scores: Scores, words: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
    """Lower the scores of all roots of a sentence alike, until only one word would rather be the root than not.

    The best tree under the lowered scores, if it has one root, is the best of all with one root under the given
    scores, too: all of these lose the same.
    """
    with np.errstate(invalid="ignore"):
        gains = np.where(words, scores[:, :, 0] - scores[:, :, 1:].max(2), -np.inf)
        first, second = np.partition(gains, -2, axis=1)[:, :-3:-1].T
        between = (first + second) / 2
    scores[:, :, 0] -= np.where(np.isfinite(between), between, 0)[:, None]


def _searched(scores: Scores) -> Ints:
    """Heads of one sentence's best tree with one root."""
    heads = _spanning_tree(scores.astype(np.float64))
    if int((heads[1:] == 0).sum()) == 1:
        return heads
    normalised = scores.astype(np.float64)
    normalised -= normalised.max(1, keepdims=True)
    np.fill_diagonal(normalised, -np.inf)
    # a second arc from the root must cost more than all else together could gain (Stanojević and Cohen 2021)
    normalised[1:, 0] += normalised[1:][np.isfinite(normalised[1:])].min() * len(scores)
    return _spanning_tree(normalised)


def _spanning_tree(scores: Scores) -> Ints:
    """Heads of the highest-scoring tree, by Chu–Liu–Edmonds; overwrites `scores`.

    Follows best heads upwards from each word. Where they run into a cycle, its words are folded into one of
    them in the matrix, which takes the best way into the cycle and the best way out to every other word; the
    folds are opened again in the end, the last one first.
    """
    heads: Ints = scores.argmax(1)
    heads[0] = 0
    settled = np.zeros(len(scores), dtype=bool)
    settled[0] = True
    folds = []
    for word in range(1, len(scores)):
        path: list[int] = []
        while not settled[word]:
            if word not in path:
                path.append(word)
                word = int(heads[word])
                continue
            cycle = np.array(path[path.index(word) :])
            del path[path.index(word) :]
            own = heads[cycle]
            into = scores[cycle] - scores[cycle, own][:, None]
            into[:, cycle] = -np.inf
            out = scores[:, cycle]
            folds.append((word, cycle, own, cycle[into.argmax(0)], cycle[out.argmax(1)]))
            scores[:, cycle] = -np.inf
            scores[:, word] = out.max(1)
            scores[word] = into.max(0)
            settled[cycle] = True  # folded away, all but the one that stands for them
            folded = np.zeros(len(scores), dtype=bool)
            folded[cycle] = True
            heads[folded[heads]] = word
            settled[word] = False
            heads[word] = scores[word].argmax()
        settled[path] = True
    for word, cycle, own, entry, exit_to in reversed(folds):
        above = heads[word]
        heads = np.where(heads == word, exit_to, heads)
        heads[cycle] = own
        heads[entry[above]] = above
    return heads
