"""Which attributions make one statement."""

from hypothesis import given
from hypothesis import strategies as st

from quotetrack.statements.groups import Edge, groups, matched


def edges(*pairs: tuple[int, int], score: float = 0.8, confirmed: bool = False) -> list[Edge]:
    return [Edge(one, other, score, confirmed) for one, other in pairs]


def sets(found: list[frozenset[int]]) -> list[set[int]]:
    return [set(group) for group in found]


def test_what_says_the_same_is_together() -> None:
    assert sets(groups(edges((1, 2), (2, 3), (1, 3), (7, 8)))) == [{1, 2, 3}, {7, 8}]


def test_a_chain_of_pairs_does_not_glue_everything_together() -> None:
    chain = edges(*((n, n + 1) for n in range(1, 100)))
    assert max(map(len, groups(chain))) <= 4


def test_a_sentence_repeated_everywhere_is_one_statement() -> None:
    repeated = edges(*((n, n - back) for n in range(2, 200) for back in range(1, 6) if n - back > 0))
    assert sets(groups(repeated)) == [set(range(1, 200))]


def test_what_a_reviewer_refused_stays_apart() -> None:
    known = edges((1, 2), (1, 3), (2, 3), (2, 4), (3, 4))
    assert sets(groups(known)) == [{1, 2, 3, 4}]
    assert sets(groups(known, [(1, 4)])) == [{1, 2, 3}]


def test_what_a_reviewer_confirmed_is_together_whatever_else() -> None:
    assert sets(groups(edges((1, 2), (2, 3), score=0.0, confirmed=True), [(1, 3)])) == [{1, 2, 3}]


def test_the_surest_pairs_come_first() -> None:
    known = [Edge(1, 2, 0.99), Edge(2, 3, 0.61), Edge(3, 4, 0.95)]
    assert sets(groups(known, [(1, 3)])) == [{1, 2}, {3, 4}]


pairs = st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(st.tuples(pairs, st.floats(0.6, 1), st.booleans()), max_size=30), st.lists(pairs, max_size=4))
def test_no_attribution_is_in_two_and_the_order_does_not_matter(
    known: list[tuple[tuple[int, int], float, bool]], refused: list[tuple[int, int]]
) -> None:
    made = [Edge(*pair, score, confirmed) for pair, score, confirmed in known]
    found = groups(made, refused)
    assert sum(map(len, found)) == len(frozenset().union(*found))
    assert groups(reversed(made), refused) == found
    joined = {edge for edge in made if edge.confirmed}
    assert all(any({edge.one, edge.other} <= group for group in found) for edge in joined)


def test_a_group_goes_on_as_the_one_it_shares_most_with() -> None:
    old = {10: frozenset({1, 2, 3}), 11: frozenset({4, 5})}
    assert matched(old, [frozenset({1, 2, 4}), frozenset({5, 6})], ()) == {0: 10, 1: 11}
    assert matched(old, [frozenset({1, 2, 3, 4, 5})], ()) == {0: 10}
    assert matched(old, [frozenset({1, 2, 3, 4, 5})], {11}) == {0: 11}
    assert matched(old, [frozenset({7, 8})], ()) == {}
