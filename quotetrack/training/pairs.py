"""Fits how statements relate on labelled pairs and writes the weights into `quotetrack/statements/weights.py`.

    python -m quotetrack.training.pairs [PAIRS] [--output FILE]

A multinomial logistic regression with `unrelated` as its base. The figures it prints are of events left out: the
pairs of each are tried on weights fitted without them.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import torch
from rich.console import Console

from quotetrack.domain import Relation
from quotetrack.evaluation.pairs import Key, Labelled, classified, draw, gold_said, read_labelled
from quotetrack.resources import resource_directory
from quotetrack.statements import weights
from quotetrack.statements.features import Meeting, features
from quotetrack.statements.said import Said

L2 = 2e-3
RELATIONS = (
    Relation.UNRELATED, Relation.SAME_WORDS, Relation.SAME_CLAIM, Relation.UPDATE, Relation.TENSION,
)  # fmt: skip
"""The first is the base: the others' weights are against it."""

Fitted = dict[Relation, dict[str, float]]


def fit(examples: Iterable[tuple[Mapping[str, float], Relation]]) -> Fitted:
    """The weights of each relation but the base."""
    known = list(examples)
    names = list(known[0][0])
    x = torch.tensor([[values[name] for name in names] for values, _ in known])
    y = torch.tensor([RELATIONS.index(relation) for _, relation in known])
    bias = names.index("bias")
    scale, mean = x.std(0), x.mean(0)
    scale[scale < 1e-6] = 1.0
    mean[bias] = 0.0
    free = torch.ones(len(names), 1)
    free[bias] = 0.0  # the bias is not drawn to nought
    weight = torch.zeros(len(names), len(RELATIONS), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(((x - mean) / scale) @ weight, y) + L2 * (free * weight**2).sum()
        torch.autograd.backward(loss)
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    final = weight.detach() / scale[:, None]
    final[bias] -= mean @ final
    final = final - final[:, :1]
    return {
        relation: dict(zip(names, final[:, number].tolist(), strict=True))
        for number, relation in enumerate(RELATIONS)
        if number
    }


def left_out(labelled: Labelled, said: Mapping[str, Said]) -> dict[int, Fitted]:
    """For each event the weights fitted on all the others."""
    torch.set_num_threads(1)  # so that the order of sums does not hang on the number of cores
    values = _values(labelled, said)
    return {
        event: fit((values[key], relation) for key, relation in labelled.pairs.items() if labelled.event(key) != event)
        for event in sorted(set(labelled.events.values()))
    }


def _values(labelled: Labelled, said: Mapping[str, Said]) -> dict[Key, dict[str, float]]:
    return {key: features(Meeting(said[key[0]], said[key[1]])) for key in labelled.pairs}


def written(fitted: Fitted) -> str:
    """The module `quotetrack.statements.weights`, to three decimals."""
    module = f'"""{weights.__doc__}"""\n\nfrom quotetrack.domain import Relation\n\n'
    module += "WEIGHTS: dict[Relation, dict[str, float]] = {\n"
    for relation, values in fitted.items():
        rows = "".join(f'        "{name}": {round(value, 3) + 0.0},\n' for name, value in values.items())
        module += f"    Relation.{relation.name}: {{\n{rows}    }},\n"
    return module + "}\n"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m quotetrack.training.pairs", description="Fit the weights anew.")
    parser.add_argument(
        "pairs", type=Path, nargs="?", metavar="PAIRS", default=resource_directory("seeds") / "gold" / "pairs.jsonl"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", default=Path(weights.__file__))
    options = parser.parse_args(arguments)
    labelled = read_labelled(options.pairs)
    said = gold_said(labelled)
    figures = classified(labelled, said, left_out(labelled, said))
    draw(Console(), {f"{len(labelled.pairs)} pairs, each event left out in turn": figures})
    values = _values(labelled, said)
    fitted = fit((values[key], relation) for key, relation in labelled.pairs.items())
    options.output.write_text(written(fitted), "utf-8")


if __name__ == "__main__":
    main()
