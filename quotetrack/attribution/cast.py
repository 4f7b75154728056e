"""The cast of an article: every person and body it names, each with all its mentions.

Named entities and catalogue names are gathered into referents: "Russian President Vladimir Putin" and "Putin"
are one person, "Korean Central News Agency (KCNA)" and "KCNA" one agency. A wrong merge is worse than a
missed one: a bare surname goes to a person only if one person of that name is clearly meant.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from quotetrack.attribution.names import FEMALE_NAMES, MALE_NAMES
from quotetrack.attribution.words import (
    FEMALE,
    KIN,
    MALE,
    OFFICIAL_ROLES,
    OUTLET_NOUNS,
    ROLES,
)
from quotetrack.domain import MEDIA_KINDS, AnnotatedText, KnownSource, SourceClass, SourceKind, Token
from quotetrack.sources.catalogue import Catalogue, fold, is_media_group
from quotetrack.sources.similar import sound

KIND_OF_ENTITY = {"PERSON": SourceKind.PERSON, "ORG": SourceKind.ORGANIZATION, "LOC": SourceKind.UNKNOWN}
PARTICLES = frozenset(
    "'s ’s ' ’ . mr. ms. mrs. mr ms mrs dr. dr sen. gov. rep. gen. col. sen gov rep gen col adm adm. rear vice brig "
    "brig. maj maj. lt lt. capt capt. cmdr cmdr. sgt sgt. president the".split()
)
"""Words, not names, that may stand at the edges of one."""
OUTLET_NAMES = frozenset(
    "tv radio television news newspaper times post herald daily gazette tribune chronicle courier telegraph observer "
    "press journal weekly broadcasting".split()
)
"""What many outlets are called."""


BODIES = frozenset(
    (SourceKind.GOVERNMENT, SourceKind.OFFICE, SourceKind.PARTY, SourceKind.INTERNATIONAL, SourceKind.COMPANY)
) | {SourceKind.ORGANIZATION}
"""What somebody can be the spokesperson of."""
NAMESAKES = 100
"""How many persons of one first name or surname are told apart: more than an article has."""
TITLE_TOKENS = 22
"""How far before a name its title may begin: "Minister of State for Legal Affairs and Head of the Committee …"."""


@dataclass(eq=False, slots=True)
class Referent:
    """One source that the article names."""

    name: str
    kind: SourceKind
    known: KnownSource | None = None
    gender: str = ""
    """`m`, `f`, or empty while nothing in the article tells."""
    roles: set[str] = field(default_factory=set)
    mentions: list[tuple[int, int]] = field(default_factory=list)
    """Token ranges in order, ends included."""
    office: "Referent | None" = None
    """The body that an official speaks for, as a title in the article says."""

    @property
    def source_class(self) -> SourceClass:
        if self.kind is SourceKind.PERSON:
            return SourceClass.OFFICIAL if self.roles & OFFICIAL_ROLES else SourceClass.PERSON
        if self.kind in MEDIA_KINDS:
            return SourceClass.MEDIA
        if self.kind is SourceKind.GROUP:
            return SourceClass.MEDIA if is_media_group(self.name) else SourceClass.COLLECTIVE
        return SourceClass.INSTITUTION

    def last_before(self, position: int) -> int:
        """Token where its last mention before `position` starts, or -1."""
        at = bisect_left(self.mentions, (position,))
        return self.mentions[at - 1][0] if at else -1

    def mention_at(self, position: int) -> tuple[int, int]:
        """The mention that a token, which names this referent, is part of."""
        return self.mentions[bisect_right(self.mentions, position, key=lambda mention: mention[0]) - 1]


@dataclass(slots=True)
class Cast:
    """All referents of an article, and which of them each token names."""

    referents: list[Referent] = field(default_factory=list)
    at: dict[int, Referent] = field(default_factory=dict)
    bodies: dict[str, Referent] = field(default_factory=dict)
    """The first of each name that is no person, by the folded name."""
    endings: defaultdict[str, list[Referent]] = field(default_factory=lambda: defaultdict(list))
    """Those that are no persons, by the last word of the folded name."""
    people: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Positions among the referents of the persons with a name, by its sound and by its first and last words."""

    coref: dict[int, Referent] = field(default_factory=dict)
    """Whom a mention without a name means, by its first token, where a coreference model said so."""

    def add(self, referent: Referent) -> Referent:
        self.referents.append(referent)
        if referent.kind is SourceKind.PERSON:
            self.index_person(len(self.referents) - 1)
        else:
            folded = fold(referent.name)
            self.bodies.setdefault(folded, referent)
            alike = self.endings[folded.rpartition(" ")[2]]
            if len(alike) < NAMESAKES:
                alike.append(referent)
        return referent

    def index_person(self, position: int) -> None:
        """Make the person at `position` among the referents known by the name that it has now."""
        for key in _name_keys(self.referents[position].name):
            if position not in self.people[key][-1:]:
                self.people[key].append(position)

    def people_like(self, name: str) -> list[int]:
        """Positions of the persons that may go by a form of `name`: of very many, those named last."""
        return sorted({position for key in _name_keys(name) for position in self.people.get(key, ())[-NAMESAKES:]})

    def between(self, first: int, last: int) -> Iterator[tuple[int, int, Referent]]:
        """Mentions that lie within tokens `first` to `last`, in order."""
        position = first
        while position <= last:
            referent = self.at.get(position)
            end = position
            if referent is not None:
                start, end = referent.mention_at(position)
                if first <= start and end <= last:
                    yield start, end, referent
            position = end + 1


def cast_of(annotated: AnnotatedText, catalogue: Catalogue) -> Cast:
    """Gather the cast of an article."""
    cast = Cast()
    known: dict[str, Referent] = {}
    persons = [e for e in annotated.entities if e.type == "PERSON"]
    person_tokens = {i for e in persons for i in range(e.first, e.last + 1)}
    words = [token.text for token in annotated.tokens]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, word in enumerate(words):
        places[word].append(index)
    for first, last, source in catalogue.matches(words):
        # neither a person of that name ("Washington", "Jordan") is the place, nor "Malcolm X" the platform
        inside = any(i in person_tokens for i in range(first, last + 1))
        beyond = any(i in person_tokens for i in (first - 1, last + 1))
        if inside and (beyond or source.kind is SourceKind.GOVERNMENT):
            continue
        referent = known.get(source.key)
        if referent is None:
            referent = known[source.key] = cast.add(Referent(source.name, source.kind, source))
        _mention(cast, referent, first, last)
    for entity in annotated.entities:
        first, last = _bare(words, entity.first, entity.last)
        if first > last or entity.type not in KIND_OF_ENTITY:
            continue
        taken = {id(r): r for i in range(first, last + 1) if (r := cast.at.get(i)) is not None}
        if taken and not (entity.type == "ORG" and _is_paper_of(words[first : last + 1], taken.values())):
            continue
        name = annotated.span(first, last).of(annotated.text)
        if entity.type == "PERSON" or _is_surname(cast, name):
            referent = _person(cast, name, first, annotated)
        else:
            kind = SourceKind.OUTLET if _is_outlet(annotated, first, last) else KIND_OF_ENTITY[entity.type]
            referent = _body(cast, name, kind)
        _mention(cast, referent, first, last)
        _learn(annotated, cast, referent, first, last)
        _abbreviation(annotated, cast, referent, last, places)
    _bare_surnames(annotated, cast)
    for chain in annotated.coref:
        named = {id(r): r for first, last in chain for r in [cast.at.get(first) or cast.at.get(last)] if r is not None}
        if len(named) == 1:  # a chain that joins two names is wrong about one of them
            cast.coref |= {first: r for first, _ in chain for r in named.values() if first not in cast.at}
    cast.referents = [referent for referent in cast.referents if referent.mentions]  # else a longer name took them all
    return cast


def _is_paper_of(words: list[str], places: Iterable[Referent]) -> bool:
    """ "Moscow Gazette": an outlet's name with a country's or a city's in it, which then means no government."""
    named = {SourceKind.PERSON, *MEDIA_KINDS}
    return words[-1].casefold() in OUTLET_NAMES and all(place.kind not in named for place in places)


def _bare_surnames(annotated: AnnotatedText, cast: Cast) -> None:
    """Mentions by surname that the recognizer passed over: a capitalized word that only one person here is called."""
    tokens = annotated.tokens
    owners: dict[str, list[Referent]] = {}
    for person in cast.referents:
        if person.kind is SourceKind.PERSON and len(name_words(person.name)) > 1:
            owners.setdefault(person.name.split()[-1], []).append(person)
    for index, token in enumerate(tokens):
        named = owners.get(token.text, []) if token.upos == "PROPN" and index not in cast.at else []
        beside = [tokens[i] for i in (index - 1, index + 1) if 0 <= i < len(tokens)]
        if len(named) == 1 and not any(other.upos == "PROPN" and other.text[:1].isupper() for other in beside):
            _mention(cast, named[0], index, index)


def _mention(cast: Cast, referent: Referent, first: int, last: int) -> None:
    for index in range(first, last + 1):
        if (before := cast.at.get(index)) is not None and (mention := before.mention_at(index)) in before.mentions:
            before.mentions.remove(mention)  # the longer name takes the place of the shorter
    insort(referent.mentions, (first, last))
    for index in range(first, last + 1):
        cast.at[index] = referent


def _bare(words: list[str], first: int, last: int) -> tuple[int, int]:
    """A mention without the titles and the possessive mark that the recognizer left on it."""
    while first <= last and words[first].casefold() in PARTICLES:
        first += 1
    while first < last and words[first].casefold() in ROLES:
        first += 1
    while last >= first and words[last].casefold() in PARTICLES:
        last -= 1
    return first, last


def name_words(name: str) -> list[str]:
    return re.findall(r"[\w'’]+\.?", fold(name))


def _name_keys(name: str) -> set[str]:
    """Under what a person is looked up: another form of the name has at least one of these too."""
    words = name_words(name)
    return {sound(name), *words[:1], *words[-1:]}


def same_person(short: str, full: str) -> bool:
    """Whether `short` may be a shorter form of the person's name `full`, in Western or in Korean order.

    >>> same_person("Kim", "Kim Jong Un"), same_person("Peskov", "Dmitry Peskov"), same_person("Un", "Kim Yo Jong")
    (True, True, False)
    """
    one, other = name_words(short), name_words(full)
    if not one or not other or len(one) > len(other):
        return False
    if len(one) == 1:
        return one[0] in (other[0], other[-1])
    return one[-1] == other[-1] and (set(one) <= set(other) or one[0] == other[0])


def _person(cast: Cast, name: str, first: int, annotated: AnnotatedText) -> Referent:
    near = cast.people_like(name)
    people = [cast.referents[position] for position in near]
    fits = [r for r in people if sound(r.name) == sound(name)] or [r for r in people if same_person(name, r.name)]
    if not fits and len(name_words(name)) > 1:
        # the surname stood alone first, in the headline: the full name completes it
        alone = [p for p in near if len(name_words(cast.referents[p].name)) == 1]
        alone = [p for p in alone if same_person(cast.referents[p].name, name)]
        fits = [cast.referents[position] for position in alone]
        if len(fits) == 1:
            fits[0].name = name
            fits[0].gender = fits[0].gender or gender_of(name)
            cast.index_person(alone[0])
    if not fits:
        return cast.add(Referent(name, SourceKind.PERSON, gender=gender_of(name)))
    sentence = annotated.tokens[first].sentence

    def likelihood(referent: Referent) -> tuple[bool, int, int]:
        last = referent.last_before(first)
        near = last >= 0 and annotated.tokens[last].sentence >= sentence - 1
        return near, len(referent.mentions), last

    return max(fits, key=likelihood)


def gender_of(name: str) -> str:
    """`m` or `f` when the given name tells, as most do not in every language; else empty.

    >>> gender_of("Dmitry Peskov"), gender_of("Maria Zakharova"), gender_of("Kim Jong Un")
    ('m', 'f', '')
    """
    given = name_words(name)[:1] if len(name_words(name)) > 1 else []
    return "f" if set(given) & FEMALE_NAMES else "m" if set(given) & MALE_NAMES else ""


def _is_surname(cast: Cast, name: str) -> bool:
    """Whether what the recognizer takes for a place or a body is the last name of a person named before."""
    people = (cast.referents[position] for position in cast.people_like(name))
    return any(name_words(name) == name_words(person.name)[-1:] for person in people)


def _is_outlet(annotated: AnnotatedText, first: int, last: int) -> bool:
    """ "the newspaper De Dag", "the station, Coast TV", "the Rossiya-2 channel": an outlet by name or noun."""
    tokens = annotated.tokens
    words = {tokens[i].text.casefold() for i in range(first, last + 1)}
    before = first - 1 - (first > 1 and tokens[first - 1].text == ",")
    beside = [tokens[i].lemma for i in (before, last + 1) if 0 <= i < len(tokens)]
    return bool(words & OUTLET_NAMES and len(words) > 1) or any(noun in OUTLET_NOUNS for noun in beside)


def _body(cast: Cast, name: str, kind: SourceKind) -> Referent:
    folded = fold(name)
    if folded in cast.bodies:
        return cast.bodies[folded]
    if " " in folded:  # "the Foreign Ministry", once one country's has been named and no other's
        longer = [r for r in cast.endings.get(folded.rpartition(" ")[2], []) if fold(r.name).endswith(f" {folded}")]
        if len(longer) == 1 and longer[0].kind not in MEDIA_KINDS:
            return longer[0]
    return cast.add(Referent(name, kind))


def _abbreviation(
    annotated: AnnotatedText, cast: Cast, referent: Referent, last: int, places: Mapping[str, list[int]]
) -> None:
    """ "World Trade Watch (WTW)": the article itself teaches the short form, and every later one is its."""
    tokens = annotated.tokens
    if last + 3 >= len(tokens) or tokens[last + 1].text != "(" or tokens[last + 3].text != ")":
        return
    short = tokens[last + 2].text
    if not short.isupper() or last + 2 in cast.at:
        return
    for index in places[short][bisect_left(places[short], last + 2) :]:
        if index not in cast.at:
            _mention(cast, referent, index, index)


def _learn(annotated: AnnotatedText, cast: Cast, referent: Referent, first: int, last: int) -> None:
    """Roles, gender and office from the words right before the name, and from an apposition after it."""
    tokens = annotated.tokens
    sentence = tokens[first].sentence
    before: list[Token] = []
    reach = range(first, first)
    for index in range(first - 1, max(-1, first - TITLE_TOKENS), -1):
        token = tokens[index]
        joins = bool(before) and token.text.casefold() in ("of", "for", "and") and before[-1].lemma not in ROLES
        other = cast.at.get(index - 1)  # "President Brandt and Minister Lorne": another's title
        joins = joins and not (token.text.casefold() == "and" and other and other.kind is SourceKind.PERSON)
        noun = token.upos in ("NOUN", "PROPN", "ADJ") or token.text.casefold() in PARTICLES or token.text == "-"
        kin = token.text == "," and not before and tokens[index - 1].lemma in KIN
        if token.sentence != sentence or not (noun or joins or kin):
            break
        before.append(token)
        reach = range(index, first)
    after = []
    if last + 1 < len(tokens) and tokens[last + 1].text == ",":
        for index in range(last + 2, min(len(tokens), last + 12)):
            token = tokens[index]
            if token.sentence != sentence or token.upos in ("VERB", "AUX", "SCONJ") or token.text == ",":
                break
            after.append(token)
    if referent.kind is SourceKind.PERSON and referent.office is None:
        referent.office = _office(annotated, cast, reach) or _office(
            annotated, cast, range(last + 2, last + 2 + len(after))
        )
    for token in (*before, *after):
        word = token.text.casefold().rstrip(".").rpartition("-")[2]
        if word in ROLES or token.lemma in ROLES:
            referent.roles.add(word if word in ROLES else token.lemma)
        if referent.kind is SourceKind.PERSON and (token in before or word in ROLES):
            referent.gender = referent.gender or ("f" if word in FEMALE else "m" if word in MALE else "")


def _office(annotated: AnnotatedText, cast: Cast, title: range) -> Referent | None:
    """The body that an official's title names: "Kremlin spokesman", "a spokeswoman for the State Department"."""
    tokens = annotated.tokens
    for index in title:
        if tokens[index].lemma.lower() not in OFFICIAL_ROLES:
            continue
        before = index - 1 - (index > 1 and tokens[index - 1].text in ("'s", "’s"))
        after = index + 2 + (index + 2 < len(tokens) and tokens[index + 2].text.lower() == "the")
        of = index + 1 < len(tokens) and tokens[index + 1].text.lower() in ("of", "for", "at")
        for place in (before, after) if of else (before,):
            body = cast.at.get(place)
            if place in title and body is not None and body.kind in BODIES:
                return body
    return None
