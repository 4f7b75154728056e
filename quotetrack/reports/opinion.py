"""Whether an unnamed voice gives information or an opinion: by a few words that stand there, or not at all.

Newsrooms let an unnamed source give information only, not opinion or speculation (AP's and NPR's rules on anonymous
sources). The rule, stated so that anybody can apply it by hand: the cue or the content has a word of judging, feeling
or guessing: opinion. It has none, and the cue has a word of knowing or the content has a figure: information. Else
it cannot be judged. Who reads the quote decides; this only sorts what to read first.
"""

import re
from typing import Literal

Gives = Literal["information", "opinion", "cannot be judged"]

_OPINION = re.compile(
    r"\b(believ\w+|think\w*|thought|feel\w*|felt|fear\w*|hope[sd]?|hoping|doubt\w*|suspect(?:s|ed)?|speculat\w+"
    r"|guess\w*|argu(?:es|ed|ing|e)|criticis\w+|criticiz\w+|prais\w+|condemn\w*|blam(?:es|ed|ing|e)|predict\w*"
    r"|worr(?:y|ies|ied|ying)|concern(?:s|ed)?|should|ought|might|may|could|perhaps|maybe|probably|possibly|likely"
    r"|unlikely|apparently|seem(?:s|ed)?|appear(?:s|ed)?|good|bad|best|worst|wrong|right|dangerous|unacceptable"
    r"|irresponsible|disastrous|shameful|unfair|absurd|reckless|brilliant|terrible)\b",
    re.IGNORECASE,
)
_MONTHS = "january february march april june july august september october november december".split()
"""May is left out: it is more often the word of guessing."""
_KNOWING = re.compile(
    r"\b(confirm\w*|disclos\w+|reveal\w*|acknowledg\w+|admit\w*|report(?:s|ed)?|count(?:s|ed)?|record(?:s|ed)?"
    r"|announc\w+|detail(?:s|ed)?|list(?:s|ed)?|show(?:s|ed|n)?)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    r"|millions?|monday|tuesday|wednesday|thursday|friday|saturday|sunday|" + "|".join(_MONTHS) + r")\b",
    re.IGNORECASE,
)


def gives(content: str, cue: str) -> tuple[Gives, list[str]]:
    """What one attribution gives, and the words by which that is judged, each once, as they stand there."""
    found = _words(_OPINION, cue) + _words(_OPINION, content)
    if found:
        return "opinion", _once(found)
    found = _words(_KNOWING, cue) + _words(_FIGURE, content)
    return ("information", _once(found)) if found else ("cannot be judged", [])


def _words(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match[0] for match in pattern.finditer(text)]


def _once(found: list[str]) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in found))
