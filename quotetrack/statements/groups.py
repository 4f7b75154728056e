"""Which attributions make one statement: pairs that say the same, grown together from the surest on.

One weak pair after the other would glue everything together. So two groups are joined only if several on either side
say the same as somebody on the other, and never across a pair that a reviewer has found to be something else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

ENOUGH = 3
"""So many members on either side, or half of them if that is fewer, must say the same as one on the other side."""


@dataclass(frozen=True, slots=True)
class Edge:
    """That two attributions, by their ids, say the same; `score` 0 to 1."""

    one: int
    other: int
    score: float
    confirmed: bool = False
    """Whether a reviewer said so: nothing is asked then."""


def groups(edges: Iterable[Edge], refused: Iterable[tuple[int, int]] = ()) -> list[frozenset[int]]:
    """Groups of two and more, those with the smallest id first; no attribution is in two."""
    ordered = sorted(edges, key=lambda edge: (not edge.confirmed, -edge.score, edge.one, edge.other))
    partners: dict[int, set[int]] = {}
    apart: dict[int, set[int]] = {}
    for pairs, known in (([(e.one, e.other) for e in ordered], partners), (refused, apart)):
        for one, other in pairs:
            known.setdefault(one, set()).add(other)
            known.setdefault(other, set()).add(one)
    group_of: dict[int, set[int]] = {id_: {id_} for id_ in partners}
    waiting, before = ordered, -1
    while len(waiting) != before:  # what was refused to small groups may be allowed to those they grew into
        before, left = len(waiting), []
        for edge in waiting:
            ours, theirs = group_of[edge.one], group_of[edge.other]
            if ours is theirs:
                continue
            if edge.confirmed or _may_join(ours, theirs, partners, apart):
                small, large = sorted((ours, theirs), key=len)
                large |= small
                group_of.update(dict.fromkeys(small, large))
            else:
                left.append(edge)
        waiting = left
    found = {id(group): frozenset(group) for group in group_of.values() if len(group) > 1}
    return sorted(found.values(), key=min)


def _may_join(one: set[int], other: set[int], partners: dict[int, set[int]], apart: dict[int, set[int]]) -> bool:
    small, large = sorted((one, other), key=len)
    if any(not apart[id_].isdisjoint(large) for id_ in small if id_ in apart):
        return False
    from_small = sum(not partners[id_].isdisjoint(large) for id_ in small)
    from_large = len(set().union(*(partners[id_] for id_ in small)) & large)
    return from_small >= _enough(small) and from_large >= _enough(large)


def _enough(group: set[int]) -> int:
    return min(ceil(len(group) / 2), ENOUGH)


def matched(old: Mapping[int, frozenset[int]], new: Sequence[frozenset[int]], first: Collection[int]) -> dict[int, int]:
    """Which old group, by its id, each new one (by its place) goes on being: the one it shares most with.

    Those named in `first` come before all others, whatever is shared. Each goes on as one at most.
    """
    shared = sorted(
        (id_ not in first, -len(members & group), id_, place)
        for id_, members in old.items()
        for place, group in enumerate(new)
        if members & group
    )
    kept: dict[int, int] = {}
    gone: set[int] = set()
    for _, _, id_, place in shared:
        if place not in kept and id_ not in gone:
            kept[place] = id_
            gone.add(id_)
    return kept
