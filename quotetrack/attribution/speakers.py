"""Who speaks: from a source span, or its absence, to a voice with a name and a class."""

from collections.abc import Callable
from dataclasses import replace

from quotetrack.attribution.cast import Referent
from quotetrack.attribution.nominals import Nominals, Voice
from quotetrack.attribution.words import (
    AGENCY_NOUNS,
    HE,
    INSTITUTION_NOUNS,
    IT,
    OUTLET_NOUNS,
    PRONOUNS,
    RELATIVES,
    SHE,
    SPEAKING,
    THEY,
)
from quotetrack.domain import SourceClass, SourceKind

NAMED = frozenset({SourceClass.PERSON, SourceClass.OFFICIAL})


class Resolver(Nominals):
    """Resolves the sources of one article, in reading order: later ones refer back to earlier ones."""

    def resolve(self, first: int, last: int) -> Voice | None:
        """The voice that tokens `first` to `last` mention; None if it is a pronoun without a fitting source."""
        first, last = self.trim(first, last)
        if first > last:
            return None
        tokens = self.annotated.tokens
        helpers = (i for i in range(first + 1, last + 1) if tokens[i].deprel == "aux" and tokens[i].head > last)
        last = next(helpers, last + 1) - 1  # "two priests have in recent years": what the tagger drew too far
        word = tokens[first].text.lower()
        if first == last and word in RELATIVES:
            return self._relative(first)
        meant = self.cast.coref.get(first)
        if meant is not None and (first == last and word in PRONOUNS - SPEAKING):
            return self.voice(meant.name, meant.source_class, first, last, "coref", meant)
        if first == last and word in PRONOUNS:
            return self._pronoun(first, word)
        return self.nominal(first, last)

    def floating(self, position: int) -> Voice | None:
        """Who speaks in a quote that names nobody: the last voice heard, at most one paragraph before."""
        last = next(self.heard_before(position, 1), None)
        return last and self.again(last, position)

    def again(self, voice: Voice, position: int) -> Voice:
        """The same voice in a quote that does not name it."""
        return replace(
            voice, span=None, made_by="floating", position=position, antecedent=voice.span or voice.antecedent
        )

    def _relative(self, index: int) -> Voice | None:
        """ "the senator, who said": the noun that the relative clause hangs on."""
        tokens = self.annotated.tokens
        verb = tokens[index].head
        while (
            verb >= 0 and not tokens[verb].deprel.startswith("acl") and tokens[verb].sentence == tokens[index].sentence
        ):
            verb = tokens[verb].head
        noun = tokens[verb].head if verb >= 0 else -1
        if noun < 0 or noun >= index:
            before = range(index - 1, self.annotated.sentence_ranges[tokens[index].sentence].start - 1, -1)
            noun = next((i for i in before if tokens[i].upos in ("NOUN", "PROPN")), -1)
        if noun < 0 or tokens[noun].sentence != tokens[index].sentence:
            return None
        named = self.cast.at.get(noun)
        first, last = self.noun_phrase(noun)
        if named is not None:  # the whole name, whichever of its words the parser made the head
            start, end = named.mention_at(noun)
            first, last = min(first, start), max(last, end)
        voice = self.nominal(first, min(last, index - 1)) if first < index else None
        return voice and replace(
            voice,
            span=self.annotated.span(index, index),
            made_by="relative",
            position=index,
            antecedent=voice.span,
        )

    def _pronoun(self, index: int, word: str) -> Voice | None:
        if word in SPEAKING:
            return self._again(self.floating(index), index)
        gender = "m" if word in HE else "f" if word in SHE else ""
        if gender:
            return self._person_pronoun(index, gender)
        return self._thing_pronoun(index, plural=word in THEY and word not in IT)

    def _person_pronoun(self, index: int, gender: str) -> Voice | None:
        def fits(referent: Referent | None) -> bool:
            return referent is not None and referent.kind is SourceKind.PERSON and referent.gender in ("", gender)

        tokens = self.annotated.tokens
        found, at = self._fitting_subject(index, fits)
        recent = list(self.heard_before(index, 1))
        unnamed = next((v for v in recent if v.source_class is SourceClass.UNNAMED), None)
        if recent and recent[0].source_class in NAMED and fits(recent[0].referent):
            found = recent[0].referent
            heard = tokens[recent[0].position]
            known_at, known = self.named_before(index, lambda r: fits(r) and r.gender == gender)
            if found is not None and not found.gender and known and tokens[known_at].paragraph > heard.paragraph:
                found = known
        elif unnamed is not None and (found is None or at < unnamed.position):
            return self._again(unnamed, index)
        if found is None:
            sentence = self.annotated.sentence_ranges[tokens[index].sentence]
            here = [m for m in self.cast.between(sentence.start, index) if fits(m[2])]
            found = here[0][2] if here else None  # "In a letter signed by Ann Lee, MP for Ely, she said"
        if found is None:
            found = self.named_before(index, fits)[1]
        if found is None:
            return None
        found.gender = gender
        return self.voice(found.name, found.source_class, index, index, "pronoun", found)

    def _fitting_subject(self, index: int, fits: Callable[[Referent | None], bool]) -> tuple[Referent | None, int]:
        """The nearest person before a pronoun who is a subject, and the token; (None, -1) if there is none."""
        for subject in self._subjects_before(index):
            referent = self.cast.at.get(subject)
            if fits(referent):
                return referent, subject
        return None, -1

    def _thing_pronoun(self, index: int, *, plural: bool) -> Voice | None:
        for voice in self.heard_before(index, 2):
            if plural and voice.plural:
                return self._again(voice, index)
            if not plural and not voice.plural and voice.source_class not in NAMED | {SourceClass.UNNAMED}:
                return self._again(voice, index)
        for subject in self._subjects_before(index):
            referent = self.cast.at.get(subject)
            if plural and "Number=Plur" in self.annotated.tokens[subject].feats and referent is None:
                return self._again(self.nominal(*self.noun_phrase(subject)), index)
            if referent is not None and referent.kind is not SourceKind.PERSON:
                return self.voice(referent.name, referent.source_class, index, index, "pronoun", referent)
            body = self.annotated.tokens[subject].lemma.lower() in INSTITUTION_NOUNS | AGENCY_NOUNS | OUTLET_NOUNS
            if body and not plural and referent is None:
                return self._again(self.nominal(*self.noun_phrase(subject)), index)
        last = next(self.heard_before(index), None)
        if plural and last is not None and last.source_class is SourceClass.UNNAMED:
            return self._again(last, index)  # "a teacher said they …": one person
        return None

    def _subjects_before(self, index: int) -> list[int]:
        """Subjects of the same and the two sentences before, nearest sentence first, in order within each."""
        tokens, ranges = self.annotated.tokens, self.annotated.sentence_ranges
        found: list[int] = []
        for number in range(tokens[index].sentence, max(-1, tokens[index].sentence - 3), -1):
            found += [i for i in ranges[number] if i < index and tokens[i].deprel.startswith("nsubj")]
        return found

    def _again(self, voice: Voice | None, index: int) -> Voice | None:
        return voice and replace(
            voice,
            span=self.annotated.span(index, index),
            made_by="pronoun",
            position=index,
            antecedent=voice.span or voice.antecedent,
        )
