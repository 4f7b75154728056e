"""Fits the linker's weights on a part of PolNeAR and writes them into `quotetrack/attribution/weights.py`.

    python -m quotetrack.training.linker POLNEAR_PART [--cache FILE] [--output FILE]

POLNEAR_PART holds `text/*.txt` and brat's `attributions/*.ann`. The linker is fitted on what it will be given,
that is on the spans the tagger finds, not on the annotators' own: a tagged span stands for the gold attribution
whose span of that role it overlaps most. Each content is then one example of choosing among the tagged cues (or
none), each cue one of choosing among the tagged sources. Examples whose right answer the tagger missed are left out.
"""

import argparse
import pickle
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from quotetrack.annotation.pipeline import Annotator
from quotetrack.attribution import weights
from quotetrack.attribution.assemble import FEATURES, pair_features
from quotetrack.domain import AnnotatedText, SpanRole, TaggedSpan

L2 = 1e-4
BATCH = 16  # articles annotated at once
NAMES = (*(name for name in FEATURES if name != "nobody"), "nobody")

Gold = dict[SpanRole, list[tuple[int, int]]]
"""One attribution of the annotators: the offsets of each role's pieces."""


@dataclass(frozen=True, slots=True)
class Example:
    """One choice: the features of every partner in reach, and which of them are right; none of them if nobody is."""

    options: list[dict[str, float]]
    right: list[int]


def read_part(folder: Path) -> dict[str, tuple[str, list[Gold]]]:
    """Each article's text and attributions, by its name; of several annotators, the first in sorted order."""
    found: dict[str, tuple[str, list[Gold]]] = {}
    for path in sorted((folder / "attributions").glob("*.ann"), key=lambda path: path.name):
        name = path.stem.rpartition("_")[0]
        if name not in found:
            text = (folder / "text" / f"{name}.txt").read_bytes().decode()  # line ends as they are: offsets count them
            found[name] = text, read_ann(path.read_bytes().decode())
    if not found:
        raise SystemExit(f"{folder} has no attributions/*.ann: it is no part of PolNeAR.")
    return found


def read_ann(ann: str) -> list[Gold]:
    """The attributions of a brat file that have a content. Lines of unknown form are passed over."""
    pieces: dict[str, list[tuple[int, int]]] = {}
    lines = re.split(r"\r\n?|\n", ann)
    for line in lines:
        if found := re.match(r"(T\d+)\t\S+ (\d+ \d+(?:;\d+ \d+)*)\t", line):
            pieces[found[1]] = [(int(a), int(b)) for a, b in re.findall(r"(\d+) (\d+)", found[2])]
    attributions: list[Gold] = []
    for event in (line for line in lines if re.match(r"E\d+\t", line)):
        gold: Gold = {role: [] for role in SpanRole}
        for argument in event.split()[1:]:  # "Source:T3", "Content2:T5"; but not "Attribution-no-source:T1"
            if found := re.fullmatch(r"(Content|Cue|Source)\d*:(T\d+)", argument):
                gold[SpanRole(found[1].lower())] += pieces.get(found[2], [])
        if gold[SpanRole.CONTENT]:
            attributions.append(gold)
    return attributions


def annotate(texts: Mapping[str, str], cache: Path | None) -> dict[str, AnnotatedText]:
    """Annotate the texts that `cache` (a pickle, only ever one's own) does not hold, and add them to it."""
    known: dict[str, AnnotatedText] = pickle.loads(cache.read_bytes()) if cache and cache.exists() else {}
    missing = [name for name, text in texts.items() if name not in known or known[name].text != text]
    if missing:
        annotator = Annotator(threads=1)
        for first in range(0, len(missing), BATCH):
            batch = missing[first : first + BATCH]
            known |= zip(batch, annotator.annotate([texts[name] for name in batch]), strict=True)
            print(f"annotated {first + len(batch)} of {len(missing)}", file=sys.stderr)
        if cache:
            cache.write_bytes(pickle.dumps(known))
    return {name: known[name] for name in texts}


def examples(annotated: AnnotatedText, attributions: Sequence[Gold]) -> Iterator[tuple[SpanRole, Example]]:
    """The choices of contents (under CONTENT) and of cues (under SOURCE) in one text."""
    gold = [{role: covered(annotated, pieces) for role, pieces in each.items()} for each in attributions]
    tagged = {role: [span for span in annotated.tagged if span.role is role] for role in SpanRole}
    cues, sources = tagged[SpanRole.CUE], tagged[SpanRole.SOURCE]
    owners = [_owner(cue, gold, 0.0) for cue in cues]
    for content in tagged[SpanRole.CONTENT]:
        owner = _owner(content, gold, 0.5)
        if owner is not None:
            right = [index for index, other in enumerate(owners) if other == owner]
            if example := _example(annotated, content, cues, right, bool(gold[owner][SpanRole.CUE])):
                yield SpanRole.CONTENT, example
    for cue, owner in zip(cues, owners, strict=True):
        if owner is not None:
            wanted = gold[owner][SpanRole.SOURCE]
            right = [index for index, source in enumerate(sources) if _shared(source, wanted)]
            if example := _example(annotated, cue, sources, right, bool(wanted)):
                yield SpanRole.SOURCE, example


def covered(annotated: AnnotatedText, pieces: Sequence[tuple[int, int]]) -> frozenset[int]:
    """The tokens that share a character with one of the pieces."""
    tokens = annotated.tokens
    found: list[int] = []
    for start, end in pieces:
        first = bisect_left(tokens, start + 1, key=lambda token: token.end)
        found += range(first, bisect_left(tokens, end, key=lambda token: token.start))
    return frozenset(found)


def fit(choices: Sequence[Example]) -> tuple[dict[str, float], float]:
    """Weights of a multinomial logistic regression, and the share of choices it makes rightly."""
    size = len(choices), 1 + max(len(choice.options) for choice in choices)  # option 0 is nobody
    features, mask, right = torch.zeros(*size, len(NAMES)), torch.full(size, -1e9), torch.zeros(size)
    features[:, 0, NAMES.index("nobody")] = 1.0
    for row, choice in enumerate(choices):
        mask[row, : 1 + len(choice.options)] = 0.0
        for column, option in enumerate(choice.options, 1):
            for name, value in option.items():
                features[row, column, NAMES.index(name)] = value
        right[row, [1 + index for index in choice.right] or [0]] = 1.0
    weight = torch.zeros(len(NAMES), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        likely = torch.log_softmax(features @ weight + mask, 1) + torch.log(right + 1e-30)
        loss = L2 * (weight**2).sum() - torch.logsumexp(likely, 1).mean()
        torch.autograd.backward(loss)
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    best = (features @ weight.detach() + mask).argmax(1, keepdim=True)
    return dict(zip(NAMES, weight.tolist(), strict=True)), right.gather(1, best).mean().item()


def written(content: Mapping[str, float], source: Mapping[str, float], confidence: Mapping[str, float]) -> str:
    """The module `quotetrack.attribution.weights`, to three decimals."""
    module = f'"""{weights.__doc__}"""\n\n'
    tables = {"CONTENT_WEIGHTS": content, "SOURCE_WEIGHTS": source, "CONFIDENCE_WEIGHTS": confidence}
    for name, fitted in tables.items():
        rows = "".join(f'    "{feature}": {round(value, 3) + 0.0},\n' for feature, value in fitted.items())
        module += f"{name}: dict[str, float] = {{\n{rows}}}\n"
    return module


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m quotetrack.training.linker", description="Fit the linker anew.")
    parser.add_argument("part", type=Path, metavar="POLNEAR_PART", help="a folder with text/ and attributions/")
    parser.add_argument("--cache", type=Path, metavar="FILE", help="keeps the annotated texts: making them takes long")
    parser.add_argument("--output", type=Path, metavar="FILE", default=Path(weights.__file__))
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)  # so that the order of sums, and with it the weights, does not hang on the number of cores
    part = read_part(options.part)
    texts = annotate({name: text for name, (text, _) in part.items()}, options.cache)
    choices: dict[SpanRole, list[Example]] = {SpanRole.CONTENT: [], SpanRole.SOURCE: []}
    for role, example in (pair for name in part for pair in examples(texts[name], part[name][1])):
        choices[role].append(example)
    fitted = []
    for role, label in ((SpanRole.CONTENT, "content to cue"), (SpanRole.SOURCE, "cue to source")):
        fitted.append(fit(choices[role]))
        print(f"{label}: n = {len(choices[role])}, accuracy {fitted[-1][1]:.4f}")
    (content, _), (source, _) = fitted
    options.output.write_text(written(content, source, weights.CONFIDENCE_WEIGHTS), "utf-8")


def _shared(span: TaggedSpan, tokens: frozenset[int]) -> int:
    return len(tokens.intersection(range(span.first, span.last + 1)))


def _owner(span: TaggedSpan, gold: Sequence[Mapping[SpanRole, frozenset[int]]], share: float) -> int | None:
    """The attribution it overlaps most in its own role, if that is any token and at least `share` of its own."""
    shared = [_shared(span, each[span.role]) for each in gold]
    most = max(shared, default=0)
    return shared.index(most) if most and most >= share * (span.last - span.first + 1) else None


def _example(
    annotated: AnnotatedText, span: TaggedSpan, partners: Sequence[TaggedSpan], right: Sequence[int], wanted: bool
) -> Example | None:
    """None if the annotators give a partner that the tagger did not find, or that is out of reach."""
    example = Example([], [])
    for index, partner in enumerate(partners):
        if (features := pair_features(annotated, span, partner, partners)) is not None:
            example.right.extend([len(example.options)] if index in right else [])
            example.options.append(features)
    return example if example.right or not wanted else None


if __name__ == "__main__":
    main()
