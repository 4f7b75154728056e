"""Who a noun phrase means: a name, a description that refers back, several together, or somebody unnamed."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quotetrack.attribution.cast import Cast, Referent
from quotetrack.attribution.words import (
    AGENCY_NOUNS,
    COMPANY_NOUNS,
    DOCUMENTS,
    INSTITUTION_NOUNS,
    OUTLET_NOUNS,
    QUANTIFIERS,
    ROLES,
    UNNAMED_MODIFIERS,
    UTTERANCES,
)
from quotetrack.domain import MEDIA_KINDS, AnnotatedText, SourceClass, SourceKind, Span
from quotetrack.sources.catalogue import is_media_group

COMPANY_KINDS = frozenset({SourceKind.COMPANY, SourceKind.ORGANIZATION})
LOOK_BACK = 300
"""How many voices, or names, one may look back for whom a word refers to: beyond the reach of an ordinary article."""
INSTITUTION_KINDS = frozenset(SourceKind) - {SourceKind.PERSON, SourceKind.UNNAMED, SourceKind.DOCUMENT}


@dataclass(frozen=True, slots=True)
class Voice:
    """A resolved source: what it is called, and how that was found."""

    name: str
    source_class: SourceClass
    span: Span | None
    """Where this article mentions it for this attribution."""
    made_by: str
    referent: Referent | None = None
    plural: bool = False
    position: int = -1
    """Token at which it was heard, for what comes later to refer back to."""
    antecedent: Span | None = None
    """Where the article says who it is, when the mention itself does not."""


class Nominals:
    """Resolves mentions by noun of one article; keeps whom it has heard so far, in reading order."""

    def __init__(self, annotated: AnnotatedText, cast: Cast) -> None:
        self.annotated = annotated
        self.cast = cast
        self.heard: list[Voice] = []
        self.spoken: dict[int, Voice] = {}
        self._heard_in: list[int] = []
        """The sentence of each voice heard, or of the latest before it: never decreasing."""
        self._named_at = sorted((first, n) for n, r in enumerate(cast.referents) for first, _ in r.mentions)

    def hear(self, voice: Voice) -> None:
        """Remember a voice, for pronouns and floating quotes after it."""
        self.heard.append(voice)
        self._heard_in.append(max(self.annotated.tokens[voice.position].sentence, *self._heard_in[-1:], 0))

    def noun_phrase(self, head: int) -> tuple[int, int]:
        """Tokens of the phrase that `head` governs, without clauses that merely follow it: (first, last)."""
        tokens, children = self.annotated.tokens, self.annotated.children
        first = last = head
        waiting = [head]
        while waiting:
            index = waiting.pop()
            first, last = min(first, index), max(last, index)
            for child in children[index]:
                relation = tokens[child].deprel
                outside = index == head and relation in ("punct", "acl:relcl", "parataxis", "case")
                # ", citing two officials": set off by a comma, it is no part of the name
                aside = relation == "acl" and any(tokens[i].text == "," for i in range(index + 1, child))
                if outside or aside or relation == "advcl":
                    continue
                if tokens[child].sentence == tokens[head].sentence:
                    waiting.append(child)
        return first, last

    def heard_before(self, position: int, paragraphs: float = math.inf) -> Iterator[Voice]:
        """Voices heard up to a token and at most so many paragraphs before it, the last one first."""
        here = self.annotated.tokens[position]
        end = bisect_right(self._heard_in, here.sentence)
        for voice in self.heard[max(0, end - LOOK_BACK) : end][::-1]:
            if voice.position <= position:
                if here.paragraph - self.annotated.tokens[voice.position].paragraph > paragraphs:
                    return
                yield voice

    def named_before(self, position: int, fits: Callable[[Referent], bool]) -> tuple[int, Referent | None]:
        """Where before a token a referent that fits was last named, and the referent; (-1, None) if none was."""
        end = bisect_right(self._named_at, (position,))
        for first, number in self._named_at[max(0, end - LOOK_BACK) : end][::-1]:
            if fits(self.cast.referents[number]):
                return first, self.cast.referents[number]
        return -1, None

    def trim(self, first: int, last: int) -> tuple[int, int]:
        tokens = self.annotated.tokens
        while first <= last and tokens[first].upos in ("PUNCT", "CCONJ") and tokens[first].text.lower() != "neither":
            first += 1
        while last >= first and tokens[last].upos == "PUNCT" and tokens[last].text not in (")", "."):
            last -= 1
        return first, last

    def nominal(self, first: int, last: int) -> Voice | None:
        head = self._head(first, last)
        members = self._members(head, first, last)
        if len(members) > 1 and not self._qualify_one(members):
            return self._joint(members, first, last)
        voice = self._named(head, first, last) if len(members) == 1 else None
        return voice or self._described(last if len(members) > 1 else head, first, last)

    def _head(self, first: int, last: int) -> int:
        tokens = self.annotated.tokens
        for index in range(first, last + 1):
            outside = not first <= tokens[index].head <= last
            correlative = tokens[index].text.lower() in ("neither", "either", "both") and index < last
            beside = index < last and tokens[index].deprel == tokens[index + 1].deprel == "compound"
            if outside and not (correlative or beside) and tokens[index].upos not in ("PUNCT", "DET", "ADP", "CCONJ"):
                return index
        return last

    def _members(self, head: int, first: int, last: int) -> list[tuple[int, int]]:
        """The parts of "A, B and C" as token ranges; one part when nothing is joined."""
        tokens = self.annotated.tokens
        joined = [
            c for c in self.annotated.children[head]
            if tokens[c].deprel == "conj" and first <= c <= last and tokens[c].upos in ("NOUN", "PROPN", "PRON", "ADJ")
        ]  # fmt: skip
        # without an "and" between them, what the parser joined is an apposition: "its spokesman, Col. Lysko,"
        if not any(tokens[i].upos == "CCONJ" for i in range(min(joined, default=last), last + 1)) and not any(
            tokens[i].upos == "CCONJ" for i in range(head, max(joined, default=head))
        ):
            return [(first, last)]
        starts = [first, *(self.noun_phrase(c)[0] for c in joined)]
        starts = sorted({max(first, s) for s in starts})
        members = []
        for start, following in zip(starts, [*starts[1:], last + 1], strict=True):
            start, end = self.trim(start, following - 1)
            while start <= end and tokens[start].upos == "CCONJ":
                start += 1
            while end > start and (tokens[end].upos in ("CCONJ", "PUNCT")):
                end -= 1
            if start <= end:
                members.append((start, end))
        return members

    def _qualify_one(self, members: Sequence[tuple[int, int]]) -> bool:
        """ "U.S. and Canadian officials": names of nations that all qualify one plural noun."""
        tokens = self.annotated.tokens
        first, last = members[-1]
        plural = "Number=Plur" in tokens[last].feats and tokens[first].upos == "ADJ" and first < last
        return plural and all(one == end and tokens[one].upos in ("ADJ", "PROPN") for one, end in members[:-1])

    def _joint(self, members: Sequence[tuple[int, int]], first: int, last: int) -> Voice:
        names = []
        for start, end in members:
            voice = self._named(self._head(start, end), start, end)
            name = voice.name if voice else self._descriptor(start, end)
            name = name.removeprefix("neither ").removeprefix("Neither ").removeprefix("both ").removeprefix("Both ")
            if name not in names:
                names.append(name)
        joined = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        return self.voice(joined, SourceClass.COLLECTIVE, first, last, "joint", plural=True)

    def _named(self, head: int, first: int, last: int) -> Voice | None:
        """A voice that the mention names, by a name that is its head or stands in apposition to it."""
        tokens = self.annotated.tokens
        mentions = list(self.cast.between(first, last))
        whole = next((m for m in mentions if m[0] <= head <= m[1]), None)
        if whole is None:
            people = [m for m in mentions if m[2].kind is SourceKind.PERSON]
            noun = tokens[head].lemma.lower()
            named = next((m for m in reversed(people) if self._attached(m, head)), None)
            comma = named is not None and any(tokens[i].text == "," for i in range(head, named[0]))
            if named and (comma or noun in ROLES or tokens[head].upos == "PROPN"):
                whole = named
            elif noun in AGENCY_NOUNS | OUTLET_NOUNS | INSTITUTION_NOUNS | {"news", "media"}:
                whole = next((m for m in mentions if self._beside(m, head)), None)
        if whole is None:
            media = (m for m in mentions if m[2].kind in MEDIA_KINDS and self._introduced(m, first))
            whole = next(media, None)
        if whole is None:
            return None
        start, end, referent = whole
        if referent.kind is not SourceKind.PERSON and end < last and tokens[end + 1].text in ("'s", "’s", "'", "’"):
            return None  # "Russia's ambassador" is not Russia
        if referent.kind is not SourceKind.PERSON and start <= head <= end and self._person_after(end, last):
            return None
        made_by = "catalogue" if referent.known else "name"
        return self.voice(referent.name, referent.source_class, first, last, made_by, referent)

    def _introduced(self, mention: tuple[int, int, Referent], first: int) -> bool:
        """ "news agency RIA Novosti": the noun right before says that the name is the one meant."""
        before = self.annotated.tokens[mention[0] - 1] if mention[0] > first else None
        return before is not None and before.lemma.lower() in AGENCY_NOUNS | OUTLET_NOUNS

    def _attached(self, mention: tuple[int, int, Referent], head: int) -> bool:
        """Whether a name belongs to the noun `head` itself: "spokesman Dmitry Peskov", not "an aide to Putin"."""
        tokens = self.annotated.tokens
        for index in range(mention[0], mention[1] + 1):
            above = tokens[index].head
            if above == head and tokens[index].deprel in ("appos", "flat", "compound", "nmod:desc", "nsubj"):
                return True
            if above == head and tokens[index].deprel == "nmod" and index - head <= 1:
                return True
        first = mention[0]
        while first > head + 1 and (tokens[first - 1].upos == "PROPN" or tokens[first - 1].text == "."):
            first -= 1  # titles: "Col. Andriy Lysko"
        comma = tokens[first - 1].text == "," and self.noun_phrase(head)[1] >= first - 2 >= head
        return first == head + 1 or comma

    def _beside(self, mention: tuple[int, int, Referent], head: int) -> bool:
        """ "TASS news agency", "news agency TASS": the name and the noun are neighbours, with only "news" between."""
        tokens = self.annotated.tokens
        start, end, referent = mention
        if referent.kind in (SourceKind.PERSON, SourceKind.GOVERNMENT):
            return False
        gap = tokens[end + 1 : head] if end < head else tokens[head + 1 : start]
        media = referent.kind in MEDIA_KINDS or referent.known is None
        return media and all(token.text.lower() in ("news", "state", ",", "the") for token in gap)

    def _person_after(self, end: int, last: int) -> bool:
        """ "Kremlin spokesman": the name only qualifies a role noun that follows it."""
        return any(self.annotated.tokens[i].lemma.lower() in ROLES for i in range(end + 1, min(last, end + 3) + 1))

    def _described(self, head: int, first: int, last: int) -> Voice:
        """A voice without a name of its own here: a nominal that refers back, a document, a group, somebody unnamed."""
        tokens = self.annotated.tokens
        noun = tokens[head].lemma.lower()
        text = self._descriptor(first, last)
        plural = "Number=Plur" in tokens[head].feats
        definite = tokens[first].text.lower() in ("the", "this", "that", "its", "his", "her", "their")
        inner = [m[2] for m in self.cast.between(first, last)]
        if noun in DOCUMENTS:
            owner = next((r for r in inner if noun in UTTERANCES or r.kind in MEDIA_KINDS), None)
            if owner is not None:
                return self.voice(owner.name, owner.source_class, first, last, "statement", owner)
            return self.voice(text, SourceClass.DOCUMENT, first, last, "descriptor")
        if is_media_group(text) and not (definite and not plural and not inner):
            return self.voice(text, SourceClass.MEDIA, first, last, "descriptor", plural=True)
        if not plural and definite and not any(r.kind is SourceKind.PERSON for r in inner):
            back = self._back_reference(noun, head, text)
            if back is not None:
                return self.voice(back.name, back.source_class, first, last, "nominal", back)
        if plural or noun in QUANTIFIERS or text.lower() in QUANTIFIERS:
            return self.voice(text, SourceClass.UNNAMED_GROUP, first, last, "descriptor", plural=True)
        if noun in ROLES or any(tokens[i].text.lower() in UNNAMED_MODIFIERS for i in range(first, last + 1)):
            return self.voice(text, SourceClass.UNNAMED, first, last, "descriptor")
        if noun in INSTITUTION_NOUNS or tokens[head].upos == "PROPN":
            return self.voice(text, SourceClass.INSTITUTION, first, last, "descriptor")
        return self.voice(text, SourceClass.UNNAMED, first, last, "descriptor")

    def _back_reference(self, noun: str, head: int, text: str) -> Referent | None:
        """The named source before `head` that a definite noun phrase refers to, the nearest that fits."""

        def fits(referent: Referent) -> bool:
            if noun in AGENCY_NOUNS and ("news" in text.lower() or "wire" in text.lower()):
                return referent.kind is SourceKind.NEWS_AGENCY
            if noun in AGENCY_NOUNS | OUTLET_NOUNS:
                return referent.kind in MEDIA_KINDS or (noun == "agency" and referent.kind is SourceKind.OFFICE)
            if noun in COMPANY_NOUNS:
                other = set(referent.name.casefold().split()) & (INSTITUTION_NOUNS - COMPANY_NOUNS)
                return referent.kind in COMPANY_KINDS and not other
            if noun in INSTITUTION_NOUNS:
                return referent.kind in INSTITUTION_KINDS - MEDIA_KINDS and noun in referent.name.casefold().split()
            return noun in referent.roles and (referent.kind is SourceKind.PERSON)

        voices = (v.referent for v in self.heard[-LOOK_BACK:][::-1] if v.referent is not None and fits(v.referent))
        return next(voices, None) or self.named_before(head, fits)[1]

    def _descriptor(self, first: int, last: int) -> str:
        """The mention as written, on one line and without a leading article."""
        if first < last and self.annotated.tokens[first].text.lower() in ("the", "a", "an"):
            first += 1
        return " ".join(self.annotated.span(first, last).of(self.annotated.text).split())

    def voice(
        self, name: str, source_class: SourceClass, first: int, last: int, made_by: str,
        referent: Referent | None = None, plural: bool = False,
    ) -> Voice:  # fmt: skip
        plural = plural or (referent is not None and referent.kind is SourceKind.GROUP)
        told = self._told_by(referent, first, last) if referent else None
        return Voice(name, source_class, self.annotated.span(first, last), made_by, referent, plural, first, told)

    def _told_by(self, referent: Referent, first: int, last: int) -> Span | None:
        """The mention before that gives the name in full, else the latest one; None if this mention gives it."""
        end = bisect_left(referent.mentions, (first,))
        spans = [self.annotated.span(*mention) for mention in referent.mentions[max(0, end - LOOK_BACK) : end]]
        whole = [span for span in spans if span.of(self.annotated.text) == referent.name]
        here = self.annotated.span(first, last).of(self.annotated.text)
        return None if referent.name in here or not spans else (whole or spans)[-1]
