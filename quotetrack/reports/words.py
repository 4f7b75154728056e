"""What figures are called, wherever they are shown."""

from quotetrack.admiralty import CREDIBILITY, RELIABILITY
from quotetrack.domain import Kind, Polarity, Relation, SourceClass, Verdict
from quotetrack.share import MIN_N

KINDS = {
    Kind.DIRECT: "direct: wholly in quotation marks",
    Kind.MIXED: "mixed: partly in quotation marks",
    Kind.INDIRECT: "indirect: a paraphrase",
    Kind.REPORTED: "reported: a speech act",
}
POLARITIES = {
    Polarity.ASSERTED: "said to have said it",
    Polarity.NEGATED: "said not to have said it",
    Polarity.QUESTION: "asked whether",
}
CLASSES = {
    SourceClass.PERSON: "a person",
    SourceClass.OFFICIAL: "a named official",
    SourceClass.INSTITUTION: "an institution",
    SourceClass.MEDIA: "a medium",
    SourceClass.COLLECTIVE: "several with one voice",
    SourceClass.UNNAMED: "one person, not named",
    SourceClass.UNNAMED_GROUP: "several, not named",
    SourceClass.DOCUMENT: "a document",
    SourceClass.AGENTLESS: "nobody",
}
VERDICTS = {Verdict.HELD_UP: "held up", Verdict.FAILED: "failed", Verdict.UNRESOLVED: "unresolved"}
RELATIONS = {
    Relation.SAME_WORDS: "the same words",
    Relation.SAME_CLAIM: "the same claim",
    Relation.UPDATE: "brought up to date",
    Relation.TENSION: "in tension: both cannot hold as they stand",
    Relation.UNATTRIBUTED: "stated flatly: the attribution was lost",
}
GROUPS = {
    "tension": "in tension with another",
    "update": "brought up to date by another",
    "unattributed": "said again elsewhere without attribution",
    "other_speaker": "said again, ascribed to somebody else",
    "other_chain": "said again through other channels",
}
SUGGESTED = "suggested by machine"
UNDECIDED = "Suggested by machine, not decided"

MEANINGS = RELIABILITY | CREDIBILITY
"""What each letter and digit of the Admiralty code means."""

NO_OUTLET = "(unknown outlet)"
VOICES = "speakers an article"

FIGURES = {
    "all": "attributions",
    "direct": KINDS[Kind.DIRECT],
    "mixed": KINDS[Kind.MIXED],
    "indirect": KINDS[Kind.INDIRECT],
    "reported": KINDS[Kind.REPORTED],
    "asserted": POLARITIES[Polarity.ASSERTED],
    "negated": POLARITIES[Polarity.NEGATED],
    "question": POLARITIES[Polarity.QUESTION],
    "no_speaker": "nobody is said to speak",
    "unnamed": "speaker not named",
    "unnamed_voices": "unnamed voices, each once an article",
    "via": "through a stated channel",
    "single_origin": "articles with a single origin",
    "unknown_origin": "articles of which that cannot be told",
    "independent": "statements that independent origins make",
    "same_origin": "statements of one origin only",
    "not_told": "statements of which that cannot be told",
    "independent_suggested": f"statements that independent origins make, {SUGGESTED}",
    "same_origin_suggested": f"statements of one origin only, {SUGGESTED}",
    "not_told_suggested": f"statements of which that cannot be told, {SUGGESTED}",
    "alone": "statements that nobody else makes",
    "reviewed": "confirmed by a reviewer",
    "precision": "extractor: found right by reviewers",
    "unchanged": "extractor: right as found, nothing mended",
    "rejected": "rejected by reviewers, and in no other figure",
    "held_up": "of statements adjudicated, held up",
}

CAVEATS = (
    "Extracted by machine unless reviewed: a figure about a source is no better than the extraction behind it.",
    "Being repeated is no evidence of being true; no score of truthfulness is computed.",
    "Shares carry a 95 % Wilson interval, outcomes one from Jeffreys' prior; "
    f"below n = {MIN_N} nothing is judged and only the count is given.",
    "What a reviewer rejected is left out. A channel is counted only where the article states it.",
    "What the machine suggests and nobody has decided is named so and counted apart.",
    "Each figure is defined in FIGURES.md of quotetrack.",
)
NOTHING_COMPARED = (
    "Nothing of it is linked to a statement or paired with what others say, so whether anybody else says the same "
    "cannot be judged. `quotetrack statements suggest` compares articles."
)
NO_OUTCOME = "No reviewer has recorded what became of it, nor graded it."
ONLY_SOURCE = {
    "yes": "says it alone",
    "no": "others say it",
    "in part": "some of it alone",
    "not compared": "not compared",
}
OF_UNNAMED = (
    "gives: information or opinion by a few words in it (where there is room they are shown), and by nothing else; who "
    "reads the quote decides. "
    "alone: whether the article has no other speaker, or nobody else in the record says the same. "
    "A group or a voice counts once an article."
)
OF_RUNS = ("Seconds are on the clock without loading the models; CPU seconds add up over all processes.",)
