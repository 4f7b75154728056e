"""Why an attribution is as it is, in sentences."""

from collections.abc import Sequence

from rich.text import Text

from quotetrack.domain import Step
from quotetrack.explain import reasons
from quotetrack.harmless import one_line, quoted

NOTHING = "No explanation is stored for this one."


def explanation_text(steps: Sequence[Step], text: str) -> Text:
    """A line for each step, with the words it rests on."""
    lines = []
    for reason in reasons(steps, text):
        evidence = " ".join(quoted(words, 70) for words in reason.evidence)
        lines.append(Text.assemble((f"{reason.part}: ", "bold"), one_line(reason.said), " ", (evidence, "italic")))
    return Text("\n").join(lines) if lines else Text(NOTHING)
