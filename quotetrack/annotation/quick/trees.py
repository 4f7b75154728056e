"""The best dependency tree, given a score for every pair of words.

Mostly the best head of each word already gives a tree, which is seen for all sentences of a batch at once; the
search proper runs only where it is needed, in time that grows with the square of a sentence's length.
"""

from typing import Any

import numpy as np

from quotetrack.annotation.quick.layers import Ints

Scores = np.ndarray[Any, Any]


def best_trees(scores: Scores, lengths: Ints) -> Ints:
    """Heads (B, T) of the highest-scoring trees with one root: 0 for the root, and undefined past each length.

    `scores[b, i, j]` is for word j as head of word i of sentence b, where word 0 is above the root; what lies past
    the sentence's length must be minus infinity.
    """
    inside = np.arange(scores.shape[1])[None, :] < lengths[:, None]
    heads: Ints = scores.argmax(2)
    heads[:, 0] = 0
    heads[~inside] = 0
    roots = ((heads == 0) & inside)[:, 1:].sum(1)
    above = heads
    for _ in range(int(lengths.max()).bit_length()):  # each time twice as far up
        above = np.take_along_axis(above, above, 1)
    for row in np.flatnonzero((roots != 1) | above.any(1)):
        length = lengths[row]
        heads[row, :length] = best_tree(scores[row, :length, :length])
    return heads


def best_tree(scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Heads of the highest-scoring tree with one root; `scores[i, j]` is for word j as head of word i, 0 the root.

    If the best head of each word already gives such a tree, it is the one; else Chu–Liu–Edmonds finds it.
    """
    heads = scores.argmax(1)
    heads[0] = 0
    if int((heads[1:] == 0).sum()) == 1 and _is_tree(heads.tolist()):
        return np.asarray(heads)
    normalised = scores.astype(np.float64)
    normalised -= normalised.max(1, keepdims=True)
    np.fill_diagonal(normalised, -np.inf)
    # a second arc from the root must cost more than all else together could gain (Stanojević and Cohen 2021)
    normalised[1:, 0] += normalised[1:][np.isfinite(normalised[1:])].min() * len(scores)
    return _spanning_tree(normalised)


def _spanning_tree(scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Heads of the highest-scoring tree, by Chu–Liu–Edmonds; overwrites `scores`.

    Follows best heads upwards from each word. Where they run into a cycle, its words are folded into one of
    them in the matrix, which takes the best way into the cycle and the best way out to every other word; the
    folds are opened again in the end, the last one first.
    """
    heads: np.ndarray[Any, Any] = scores.argmax(1)
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
            settled[word] = False
            heads[np.isin(heads, cycle)] = word
            heads[word] = scores[word].argmax()
        settled[path] = True
    for word, cycle, own, entry, exit_to in reversed(folds):
        above = heads[word]
        heads = np.where(heads == word, exit_to, heads)
        heads[cycle] = own
        heads[entry[above]] = above
    return heads


def _is_tree(heads: list[int]) -> bool:
    """Whether every word leads up to the root: none is on a cycle."""
    reaches = [False] * len(heads)
    reaches[0] = True
    for word in range(1, len(heads)):
        path = set()
        while not reaches[word]:
            if word in path:
                return False
            path.add(word)
            word = heads[word]
        for step in path:
            reaches[step] = True
    return True
