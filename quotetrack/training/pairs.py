"""Fits how statements relate on labelled pairs and writes the weights into `quotetrack/statements/weights.py`.

    python -m quotetrack.training.pairs [seeds/gold/pairs.jsonl] [--output FILE]

A multinomial logistic regression with `unrelated` as its base. What it says of itself is from leaving one event out
at a time: articles about the same thing, as far as related pairs connect them, are tried on weights fitted without
them.
"""

from collections.abc import Sequence

import torch

from quotetrack.domain import Relation

L2 = 4e-3
RELATIONS = (
    Relation.UNRELATED, Relation.SAME_WORDS, Relation.SAME_CLAIM, Relation.UPDATE, Relation.TENSION,
)  # fmt: skip
"""The first is the base: the others' weights are against it."""

Weights = dict[Relation, dict[str, float]]


def fit(examples: Sequence[tuple[dict[str, float], Relation]]) -> Weights:
    """The weights of each relation but the base."""
    names = list(examples[0][0])
    x = torch.tensor([[values[name] for name in names] for values, _ in examples])
    y = torch.tensor([RELATIONS.index(relation) for _, relation in examples])
    scale = x.std(0)
    scale[scale < 1e-6] = 1.0
    weight = torch.zeros(len(names), len(RELATIONS), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy((x / scale) @ weight, y)
        loss = loss + L2 * (weight[1:] ** 2).sum()  # the bias is free
        torch.autograd.backward(loss)
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    final = weight.detach() / scale[:, None]
    final = final - final[:, :1]
    return {
        relation: dict(zip(names, final[:, number].tolist(), strict=True))
        for number, relation in enumerate(RELATIONS)
        if number
    }
