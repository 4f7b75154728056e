"""Fits the weights of `quotetrack.attribution.confidence` on a part of PolNeAR, and writes them.

    python -m quotetrack.training.confidence POLNEAR_PART [--cache FILE] [--output FILE]

Best the development part: on the training part the tagger is surer than it should be. A draft is right when its
content overlaps that of one gold attribution by half or more (intersection over union of characters) and its
source does too, or neither has one. Drafts of rules are left out: they are what the annotators could not mark.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from quotetrack.attribution import weights
from quotetrack.attribution.assemble import Draft, assemble
from quotetrack.attribution.confidence import confidence_features
from quotetrack.attribution.kinds import kind_of
from quotetrack.attribution.marks import quotations
from quotetrack.attribution.refine import refined
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan
from quotetrack.training.linker import Gold, annotate, read_part, written

L2 = 1e-3


def examples(annotated: AnnotatedText, gold: Sequence[Gold]) -> list[tuple[dict[str, float], bool]]:
    """Each draft's features, and whether it is right."""
    quoted = quotations(annotated.text)
    found = []
    for draft in refined(annotated, assemble(annotated, quoted), quoted):
        content = tuple(annotated.span(span.first, span.last) for span in draft.content)
        kind = kind_of(annotated, draft, content, quoted)
        found.append((confidence_features(annotated, draft, kind), _is_right(annotated, draft, gold)))
    return found


def _is_right(annotated: AnnotatedText, draft: Draft, gold: Sequence[Gold]) -> bool:
    content, source = _characters(annotated, draft.content), _characters(annotated, draft.source)
    for each in gold:
        there, theirs = _offsets(each.get(SpanRole.CONTENT, [])), _offsets(each.get(SpanRole.SOURCE, []))
        if 2 * len(content & there) >= len(content | there):
            same = not source and not theirs
            return same or (bool(source and theirs) and 2 * len(source & theirs) >= len(source | theirs))
    return False


def _characters(annotated: AnnotatedText, spans: Sequence[TaggedSpan]) -> set[int]:
    return _offsets([(s.start, s.end) for s in (annotated.span(span.first, span.last) for span in spans)])


def _offsets(pieces: Sequence[tuple[int, int]]) -> set[int]:
    return {offset for start, end in pieces for offset in range(start, end)}


def fit(found: Sequence[tuple[dict[str, float], bool]]) -> tuple[dict[str, float], float]:
    """Weights of a logistic regression, and their mean log loss."""
    names = list(found[0][0])
    features = torch.tensor([[row[name] for name in names] for row, _ in found])
    right = torch.tensor([float(is_right) for _, is_right in found])
    weight = torch.zeros(len(names), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight], max_iter=200, line_search_fn="strong_wolfe")
    loss_of = torch.nn.BCEWithLogitsLoss()

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss: torch.Tensor = loss_of(features @ weight, right) + L2 * (weight**2).sum()
        torch.autograd.backward(loss)
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return dict(zip(names, weight.tolist(), strict=True)), loss_of(features @ weight.detach(), right).item()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m quotetrack.training.confidence", description="Fit it anew.")
    parser.add_argument("part", type=Path, metavar="POLNEAR_PART", help="a folder with text/ and attributions/")
    parser.add_argument("--cache", type=Path, metavar="FILE", help="keeps the annotated texts: making them takes long")
    parser.add_argument("--output", type=Path, metavar="FILE", default=Path(weights.__file__))
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    part = read_part(options.part)
    texts = annotate({name: text for name, (text, _) in part.items()}, options.cache)
    found = [example for name in part for example in examples(texts[name], part[name][1])]
    fitted, loss = fit(found)
    share = sum(right for _, right in found) / len(found)
    print(f"n = {len(found)}, right {share:.1%}, log loss {loss:.4f}")
    options.output.write_text(written(weights.CONTENT_WEIGHTS, weights.SOURCE_WEIGHTS, fitted), "utf-8")


if __name__ == "__main__":
    main()
