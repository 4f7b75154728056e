"""What an evaluation says, before anybody draws it: plain dictionaries that go to JSON as they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from quotetrack.errors import ExitCode, QuotetrackError
from quotetrack.evaluation.figures import PRF, Calibration, Unit
from quotetrack.evaluation.gold import Form
from quotetrack.evaluation.mistakes import Mistake
from quotetrack.evaluation.score import Evaluation, Figures, Split
from quotetrack.share import MIN_N, Share

FORMAT_VERSION = 1

RATES = {
    "attribution": "attribution, IoU ≥ 0.5",
    "attribution_0.3": "attribution, IoU ≥ 0.3",
    "attribution_0.8": "attribution, IoU ≥ 0.8",
    "end_to_end": "end-to-end: + source",
    "end_to_end_word": "… source by a word",
    "end_to_end_speaker": "… + speaker instead",
    "content_exact": "content, exact",
    "content_overlap": "content, characters",
    "cue_exact": "cue, exact",
    "cue_overlap": "cue, characters",
    "source_exact": "source, exact",
    "source_overlap": "source, characters",
}
"""Names and labels of the figures with precision, recall and F1, in the order in which they are shown."""

SHARES = {
    "source": "source right",
    "source_word": "source shares a word",
    "speaker": "speaker right",
    "chain": "chain right",
    "stated": "chain right, a channel is stated",
    "unstated": "chain right, no channel is stated",
    "speaker_and_chain": "speaker and chain right",
    "kind": "kind right",
    "polarity": "polarity right",
    "nested": "nested ones found",
    "distractors": "distractors left alone",
}
"""Names and labels of the shares. All but the last two are of the attributions found at IoU ≥ 0.5."""

THRESHOLD_NAMES = (*RATES, "precision", "recall", *SHARES)
"""What `--min` knows: F1 of a rate, precision and recall of attributions, or a share."""

NOTES = {
    Form.POLNEAR: (
        "PolNeAR marks spans only, and cannot nest: names, channels and kinds are not judged, and a nested "
        "attribution counts as invented. Right in the calibration means content and source right."
    ),
    Form.JSONL: "Right in the calibration means content and speaker right.",
    Form.REVIEWED: (
        "The gold is what reviewers accepted of what was once found: what nobody found is not in it, so recall is "
        "too high. A rejected attribution counts as one that must not be found, whatever the reason was."
    ),
}
"""What the reader must know about each form of gold."""

CAVEAT = (
    "Intervals are Wilson's at 95 %. F1 has none, nor have shares of characters, which stand and fall by the span. "
    f"Below n = {MIN_N} only the count is given."
)


class ShortfallError(QuotetrackError):
    """A figure falls short of what was asked for."""

    exit_code = ExitCode.ERROR


def build(evaluation: Evaluation, mistakes: Sequence[Mistake]) -> dict[str, Any]:
    """The report on an evaluation. Rates have `precision` and `recall` (each k, n, share, low, high) and `f1`."""
    gold = evaluation.gold
    return {
        "report": "evaluation",
        "format": FORMAT_VERSION,
        "gold": {
            "form": gold.form,
            "location": gold.location,
            "articles": len(gold.articles),
            "attributions": sum(each.gold for each in evaluation.judged),
            "borderline": sum(a.borderline for article in gold.articles for a in article.attributions),
            "distractors": sum(len(article.distractors) for article in gold.articles),
        },
        "found": sum(each.found for each in evaluation.judged),
        **_figures(evaluation.figures),
        "groups": {name: _figures(figures) for name, figures in evaluation.groups.items()},
        "splits": {
            name: {label: _split(split) for label, split in parts.items()}
            for name, parts in evaluation.splits.items()
            if parts
        },
        "phenomena": {
            name: {"recall": split.attribution.recall.as_dict(), "speaker": split.speaker.as_dict()}
            for name, split in evaluation.phenomena.items()
        },
        "calibration": _calibration(evaluation.calibration),
        "problems": dict(Counter(problem.value for mistake in mistakes for problem in mistake.problems)),
        "mistakes": [mistake.as_dict() for mistake in mistakes],
        "notes": [NOTES[gold.form], CAVEAT],
    }


def check_minima(evaluation: Evaluation, minima: Mapping[str, float]) -> None:
    """Raise ShortfallError, naming each figure below its minimum (0 to 1), or that this gold cannot judge."""
    figures = evaluation.figures
    half = figures.rates["attribution"]
    values: dict[str, float | None] = {
        **{name: rate.f1 for name, rate in figures.rates.items()},
        **{name: share.value for name, share in figures.shares.items()},
        "precision": half.precision.value,
        "recall": half.recall.value,
    }
    short = []
    for name, least in minima.items():
        value = values.get(name)
        if value is None:
            short.append(f"{name} cannot be judged on this gold")
        elif value < least:
            short.append(f"{name} {value:.3f} < {least:g}")
    if short:
        raise ShortfallError(f"falls short: {'; '.join(short)}.")


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "rates": {name: _rate(figures.rates[name]) for name in RATES if name in figures.rates},
        "shares": {name: figures.shares[name].as_dict() for name in SHARES if name in figures.shares},
    }


def _rate(rate: PRF) -> dict[str, Any]:
    return {
        "precision": _share(rate.precision, rate.unit),
        "recall": _share(rate.recall, rate.unit),
        "f1": rate.f1,
        "unit": rate.unit,
    }


def _share(share: Share, unit: Unit) -> dict[str, Any]:
    return share.as_dict() | ({"low": None, "high": None} if unit is Unit.CHARACTERS else {})


def _split(split: Split) -> dict[str, Any]:
    return {**_rate(split.attribution), "speaker": split.speaker.as_dict()}


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "error": calibration.error,
        "n": calibration.n,
        "bins": [
            {"low": each.low, "high": each.high, "confidence": each.confidence, "right": each.right.as_dict()}
            for each in calibration.bins
        ],
    }
