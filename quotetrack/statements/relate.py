"""How what one attribution says relates to what another says: a multinomial logistic regression over `features`.

Its weights (`weights`) were fitted on pairs of the sample articles; `quotetrack statements evaluate` says how well they
do on events left out, which for updates and tensions is not well. Rules written by hand were not measured beside them.
Sentence embeddings (all-MiniLM-L6-v2) were tried as further features: average precision went from 69.8 to 70.1 %, for
200 MB more to install; so they were left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp

from quotetrack.domain import Relation, Step
from quotetrack.statements.features import Meeting, features
from quotetrack.statements.said import Said
from quotetrack.statements.weights import WEIGHTS
from quotetrack.statements.words import STOP

Weights = Mapping[Relation, Mapping[str, float]]
"""For each relation but `unrelated` the weights of the features."""
SAME = frozenset({Relation.SAME_WORDS, Relation.SAME_CLAIM})
DIFFER = frozenset({Relation.UPDATE, Relation.TENSION})
LEAST = 0.4
"""How likely it must be that two are related at all for a reviewer to be asked."""
LEAST_DENIED = 0.3
"""The same where one denies what the other says: of such, as many of those between this and `LEAST` are related."""
LEAST_SO = 0.25
"""How likely the relation that is asked about must be."""
LEAST_FLAT = 0.7
"""How likely a flat sentence must state the same for that to be asked: nobody speaks there, so less is known."""
LEAST_RUN = 3
"""A run of words shorter than this is no evidence worth showing."""


@dataclass(frozen=True, slots=True)
class Related:
    """What is suggested of a pair."""

    relation: Relation
    score: float
    """How likely it is so, or nearly so: of the same words that the same is said, of an update that they differ."""
    reasons: tuple[Step, ...]


def probabilities(values: Mapping[str, float], weights: Weights = WEIGHTS) -> dict[Relation, float]:
    """How likely each relation is, by a pair's features; without `unattributed`, which is one of a sentence."""
    sums = {relation: sum(w[name] * value for name, value in values.items()) for relation, w in weights.items()}
    most = max(0.0, *sums.values())
    powers = {relation: exp(value - most) for relation, value in sums.items()} | {Relation.UNRELATED: exp(-most)}
    return {relation: power / sum(powers.values()) for relation, power in powers.items()}


def relate(a: Said, b: Said, weights: Weights = WEIGHTS) -> Related | None:
    """What to suggest of two attributions of different articles; None if they are unlikely to be related.

    However alike their words: where one denies what the other says it is tension, and where they give different
    numbers, days or months they do not say the same. Of related pairs of the samples that holds for five of six, and
    for all 50. Without any of these, nor words of opposite meaning, there is nothing to be at odds.
    """
    pair = Meeting(a, b)
    likely = probabilities(features(pair), weights)
    related = 1 - likely[Relation.UNRELATED]
    if related < (LEAST_DENIED if pair.turned else LEAST):
        return None
    if pair.turned:
        relation, score = Relation.TENSION, related
    else:
        others = DIFFER if pair.clashes or pair.other_days or pair.opposed else DIFFER - {Relation.TENSION}
        same, differ = (sum(likely[one] for one in group) for group in (SAME, others))
        group, score = (SAME, same) if same >= differ else (others, differ)
        if pair.clashes or pair.other_days:
            group, score = DIFFER, related
        relation = max(group, key=lambda one: (likely[one], one))
    if score < LEAST_SO:
        return None
    return Related(relation, round(score, 4), tuple(_reasons(pair, relation)))


def relate_flat(attributed: Said, flat: Said, weights: Weights = WEIGHTS) -> Related | None:
    """What to suggest of an attribution and a sentence that another article states itself."""
    pair = Meeting(attributed, flat)
    likely = probabilities(features(pair), weights)
    same = sum(likely[one] for one in SAME)
    if same < LEAST_FLAT or pair.turned or pair.clashes:
        return None
    return Related(Relation.UNATTRIBUTED, round(same, 4), tuple(_reasons(pair, Relation.UNATTRIBUTED)))


def _reasons(pair: Meeting, relation: Relation) -> Iterator[Step]:
    if len(pair.run) >= LEAST_RUN and any(word.text not in STOP for word in pair.run):
        yield Step("pair", "run", value=" ".join(word.text for word in pair.run))
    telling = sorted(pair.shared, key=lambda stem: (-pair.news([stem]), stem))
    shown = {word.stem: word.text for said in (pair.b, pair.a) for word in said.words}
    if telling:
        yield Step("pair", "words", value=", ".join(shown[stem] for stem in telling[:6]))
    if pair.same_numbers:
        yield Step("pair", "numbers", value=", ".join(f"{number:,.10g}" for number in sorted(pair.same_numbers)))
    for one, other, unit in pair.clashes[:2]:
        one, other = (one, other) if pair.earlier is pair.a else (other, one)
        yield Step("pair", "clash", value=f"{one:,.10g} and {other:,.10g} ({shown[unit]})")
    if pair.other_days:
        yield Step("pair", "days", value=f"{', '.join(sorted(pair.a.days))}; {', '.join(sorted(pair.b.days))}")
    if pair.turned:
        yield Step("pair", "turned")
    for word, opposite in pair.opposed[:2]:
        yield Step("pair", "opposed", value=f"{shown[word]} / {shown[opposite]}")
    if pair.same_speaker:
        yield Step("pair", "speaker")
    elif pair.same_origin:
        yield Step("pair", "origin")
    if relation in DIFFER and pair.days_apart:
        yield Step("pair", "later", value=f"{pair.days_apart:.0f}" if pair.days_apart >= 1 else "less than one")
