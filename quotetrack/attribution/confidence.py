"""How sure an attribution is: the share of its like that is right.

A logistic regression on the tagger's marginals, the linker's probability and the look of the draft, fitted on
PolNeAR's development part (`quotetrack.training.confidence` makes its weights anew). Right means there that
the content overlaps the annotators' by half and that the source is theirs.
"""

import math

from quotetrack.attribution.assemble import Draft
from quotetrack.attribution.weights import CONFIDENCE_WEIGHTS
from quotetrack.attribution.words import SPEECH_ACTS
from quotetrack.domain import AnnotatedText, Kind

LEAST, MOST = 0.02, 0.98
"""Nothing is surer than this, nor less sure."""
TAGGED = frozenset(["tagger", "quotation"])
"""Rules of drafts whose contents the tagger or the quotation marks gave."""
RULE_SHARE = 0.8
"""The share of right ones among what rules found inside other contents; PolNeAR's flat labels cannot tell."""


def confidence_of(annotated: AnnotatedText, draft: Draft, kind: Kind) -> float:
    """A probability between LEAST and MOST, to four decimals."""
    if draft.rule not in TAGGED:
        return RULE_SHARE
    features = confidence_features(annotated, draft, kind)
    score = sum(CONFIDENCE_WEIGHTS[name] * value for name, value in features.items())
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-score)))), 4)


def confidence_features(annotated: AnnotatedText, draft: Draft, kind: Kind) -> dict[str, float]:
    """What speaks for or against a draft, by name."""
    spans = [*draft.content, *draft.source, *([draft.cue] if draft.cue else [])]
    cue = annotated.tokens[draft.cue.first : draft.cue.last + 1] if draft.cue else ()
    words = sum(span.last - span.first + 1 for span in draft.content)
    return {
        "base": 1.0,
        "least_sure": _logit(min(span.confidence for span in spans)),
        "content_sure": _logit(min(span.confidence for span in draft.content)),
        "linked": _logit(draft.link_confidence),
        "speech": float(any(token.lemma in SPEECH_ACTS or token.lemma == "accord" for token in cue)),
        "no_cue": float(draft.cue is None),
        "no_source": float(not draft.source),
        "direct": float(kind is Kind.DIRECT),
        "mixed": float(kind is Kind.MIXED),
        "reported": float(kind is Kind.REPORTED),
        "pieces": float(min(3, len(draft.content)) - 1),
        "short": float(words <= 3),
        "redrawn": float(any(step.part == "content" for step in draft.steps)),
        "quotation": float(draft.rule == "quotation"),
    }


def _logit(probability: float) -> float:
    """Log odds, no farther from even than 5."""
    kept = min(1 - 1e-9, max(1e-9, probability))
    return min(5.0, max(-5.0, math.log(kept / (1 - kept))))
