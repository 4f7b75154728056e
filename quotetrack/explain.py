"""The explanation of an attribution in sentences: one for each of its steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotetrack.domain import Spans, Step


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of an explanation, and the words of the article that it rests on."""

    part: str
    said: str
    evidence: tuple[str, ...]
    spans: Spans


SAID = {
    "content tagger": "The tagger marked these words as what was said.",
    "content quotation": "They stand in quotation marks; the tagger had left them out.",
    "content bare_cue": "The tagger marked a cue without words; the parse shows what it governs.",
    "content noun_cue": "A noun of speech has a clause that says what.",
    "content free_relative": "It is what the source is said to call it.",
    "content silence": "It is what the source is said not to have said.",
    "content trailing_clause": "The clause of speech comes last; all before it is what was said.",
    "content nested": "Within what one source said, another is said to have said this.",
    "content citing": "Said on the word of another.",
    "content object_returned": "Redrawn: what the verb governs belongs to the content, not to the cue. Before:",
    "content phrase_returned": "Redrawn: a phrase before what was said belongs to it, not to the verb. Before:",
    "content rest_of_sentence": "Redrawn: what was marked was only what comes before the main clause. Before:",
    "content without_accused": "Redrawn: whom one accuses is no part of it. Before:",
    "content without_gloss": "Redrawn: the reporter's words about it are no part of it. Before:",
    "content without_relative": "Redrawn: background set off by a comma is the reporter's. Before:",
    "content said_before": "Redrawn: what stands before the clause of speech was said, not what follows. Before:",
    "content refused": "Redrawn: what is kept back is the content. Before:",
    "content broken_phrase": "Joined: the tagger had cut one phrase in two. Before:",
    "content quote_goes_on": "The quotation before was left open, and the paragraph opens it anew. Before:",
    "content lost_marks": "Supposed: marks were lost; the speaker goes on to the “according to”. Before:",
    "content quote_alone": "A whole quotation after the sentence of the cue stands on its own. Before:",
    "content each_clause": "Two things were said; this is one. Before:",
    "cue linked": "This cue leads to it; the linker gives its links {value}.",
    "speaker name": "{value} is named.",
    "speaker catalogue": "This is a name of {value} in the catalogue.",
    "speaker pronoun": "The pronoun stands for {value}, found where the article last said so.",
    "speaker coref": "By the coreference model the pronoun means {value}.",
    "speaker nominal": "The description refers back to {value}.",
    "speaker floating": "Nobody is named here: {value} goes on speaking.",
    "speaker relative": "The relative clause hangs on {value}.",
    "speaker joint": "Several speak with one voice: {value}.",
    "speaker descriptor": "The source is described and not named: {value}.",
    "speaker statement": "A statement of {value} is {value} speaking.",
    "speaker according_to": "“according to” names {value}, and nobody behind it is named.",
    "speaker relayed": "{value} is said to report it, and nobody behind it is named.",
    "speaker office": "By the title that the article gives, this is an official of {value}.",
    "speaker nobody": "Nobody may be named as the one who said it.",
    "channel according_to": "“according to” passes it on through {value}.",
    "channel relayed": "{value} is said to have quoted or reported it.",
    "channel told": "It was told to {value}, and so reached the page through it.",
    "channel placed": "It was said or written on {value}.",
    "channel carried": "What it was said in was carried by {value}.",
    "channel interview": "It was said in an interview with {value}.",
    "channel nested": "It stands within the words of {value}.",
    "channel citing": "{value} gives it on the word of another.",
    "channel wire_credit": "The byline or dateline credits {value}.",
    "kind direct": "All of it stands in quotation marks.",
    "kind mixed": "A part of it stands in quotation marks.",
    "kind indirect": "It is a paraphrase: a clause without marks.",
    "kind reported": "It tells the topic or aim of a speech act, not its words.",
    "polarity negated": "The source is said not to have said it.",
    "polarity question": "It was asked, not asserted.",
    "repair unclosed_mark": "Supposed: the quotation that opens here has no closing mark and ends with these words.",
    "repair stray_mark": "Supposed: this quotation mark is stray; it opens and closes nothing.",
    "pair run": "Both have the words “{value}”.",
    "pair words": "Both have these telling words: {value}.",
    "pair numbers": "Both have the number {value}.",
    "pair clash": "They differ in a number: {value}.",
    "pair days": "They name different days or months: {value}.",
    "pair turned": "One is negated or denied, the other is not.",
    "pair opposed": "They have words that mean opposites: {value}.",
    "pair speaker": "The speaker is the same.",
    "pair origin": "The same stands behind both speakers.",
    "pair later": "Days between them: {value}.",
    "pair by_hand": "A reviewer put them together.",
    "confidence rule": "A rule found it, not the tagger: about {value} of such are right.",
    "confidence weakest_span": "The least sure part is what the tagger gave {value}.",
    "confidence weakest_link": "The least sure part is a link, which the linker gave {value}.",
}
"""What a step says, by its part and rule."""


def reasons(steps: Sequence[Step], text: str) -> Iterator[Reason]:
    """A sentence for each step, with its evidence as it stands in the article's `text`."""
    for step in steps:
        said = SAID.get(f"{step.part} {step.rule}")
        if said is None and step.part in ("cue", "source"):
            said = "Redrawn with the content. Before:"
        if said is None and step.part == "speaker" and f"channel {step.rule}" in SAID:
            said = SAID[f"channel {step.rule}"] + " Nobody behind it is named."
        said = (said or "Decided by rule {rule}: {value}").format(value=step.value or "somebody", rule=step.rule)
        yield Reason(step.part, said, tuple(" ".join(span.of(text).split()) for span in step.spans), step.spans)
