"""What is compared: one attribution's content with what its article says around it, or a sentence stated flatly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import fsum

from quotetrack.domain import Kind, Polarity
from quotetrack.statements.words import (
    NEGATIONS,
    STOP,
    Word,
    days,
    denying,
    quoted_parts,
    rarity,
    telling,
    without_contrasts,
    words,
)

REACH_BEFORE, REACH_AFTER = 2, 4
"""How many words before and after a negation it may negate."""
NEAR_BEFORE, NEAR_AFTER = 2, 3
"""How many telling words before and after a number may say what it counts."""


@dataclass(frozen=True)
class Said:
    """One attribution as comparing needs it; sources are given by their ids."""

    content: str
    before: str = ""
    """What the article says before the content: the rest of its sentence, and the sentence before that."""
    after: str = ""
    """The rest of its sentence."""
    cue: str = ""
    kind: Kind = Kind.INDIRECT
    polarity: Polarity = Polarity.ASSERTED
    speaker: int | None = None
    """Not given for one whose name is withheld: two articles' "an official" may be two people."""
    origin: int | None = None
    """Who stands behind the speaker in the end."""
    sources: frozenset[int] = frozenset()
    """Speaker and channels."""
    dated: datetime | None = None
    topic: Mapping[str, int] = field(default_factory=dict)
    """How often each stem stands in the article: what all of it is about tells little of one sentence."""

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return words(self.content)

    @cached_property
    def stems(self) -> frozenset[str]:
        return telling(self.words)

    @cached_property
    def weight(self) -> float:
        """How much all of them tell together."""
        return fsum(map(rarity, self.stems))

    @cached_property
    def around(self) -> frozenset[str]:
        """Telling stems of what stands around the content."""
        return telling(words(self.before)) | telling(words(self.after))

    @cached_property
    def plain(self) -> str:
        """The content's words alone, folded."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def quoted(self) -> frozenset[str]:
        """Stems that stand in quotation marks."""
        if self.kind is Kind.DIRECT:
            return frozenset(word.stem for word in self.words)
        return frozenset(word.stem for part in quoted_parts(self.content) for word in words(part))

    @cached_property
    def numbers(self) -> dict[float, frozenset[str]]:
        """Each number with the stems near it, one of which says what it counts."""
        found: dict[float, frozenset[str]] = {}
        kept = [word for word in self.words if word.number is not None or word.text not in STOP]
        for index, word in enumerate(kept):
            if word.number is not None:
                near = kept[max(index - NEAR_BEFORE, 0) : index] + kept[index + 1 : index + 1 + NEAR_AFTER]
                stems = frozenset(other.stem for other in near if other.number is None)
                found[word.number] = found.get(word.number, frozenset()) | stems
        return found

    @cached_property
    def days(self) -> frozenset[str]:
        return days(self.words)

    @cached_property
    def negated(self) -> tuple[frozenset[str], ...]:
        """For each negation in it, the stems near enough to be negated."""
        found = words(without_contrasts(self.content))
        return tuple(
            telling(found[max(place - REACH_BEFORE, 0) : place + 1 + REACH_AFTER])
            for place, word in enumerate(found)
            if word.text in NEGATIONS
        )

    @cached_property
    def is_denied(self) -> bool:
        """Whether it is given as denied, not said, or untrue: by its cue, its polarity or what it is called."""
        cue = frozenset(word.stem for word in words(self.cue))
        return bool(cue & denying()) ^ bool(self.stems & denying()) ^ (self.polarity is Polarity.NEGATED)
