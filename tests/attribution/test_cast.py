"""The cast: who is one and the same, and what the article tells about them."""

import pytest

from quotetrack.attribution.cast import Referent, cast_of, same_person
from quotetrack.domain import AnnotatedText, KnownSource, SourceClass, SourceKind
from quotetrack.sources.catalogue import Catalogue

from .build import parsed, where

WIRE = KnownSource("wire", "Harbour News Agency", SourceKind.NEWS_AGENCY, aliases=("HNA",))
LAND = KnownSource("land", "Norland", SourceKind.GOVERNMENT, metonyms=("Norport",))
QUAY = KnownSource("quay", "Quay", SourceKind.PLATFORM)
CATALOGUE = Catalogue([WIRE, LAND, QUAY])


def flat(*sentences: str, **entities: str) -> AnnotatedText:
    """Sentences whose parse does not matter; words with a capital are proper nouns."""
    blocks = []
    for sentence in sentences:
        words = sentence.split()
        pos = ["PROPN" if word[0].isupper() else "NOUN" if word.isalpha() else "PUNCT" for word in words]
        blocks.append("\n".join((sentence, " ".join(pos), "0 " + "1 " * (len(words) - 1), "dep " * len(words))))
    return parsed("\n\n".join(blocks), **entities)


def named(text: AnnotatedText, words: str, nth: int = 0) -> Referent:
    return cast_of(text, CATALOGUE).at[where(text, words, nth)[0]]


def names(text: AnnotatedText) -> list[tuple[str, int]]:
    """Every referent with the number of its mentions."""
    return [(referent.name, len(referent.mentions)) for referent in cast_of(text, CATALOGUE).referents]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Lorne", "Ada Lorne"),
        ("Ada", "Ada Lorne"),
        ("Lorne", "Ada Maria Lorne"),
        ("Ada Lorne", "Ada Maria Lorne"),
        ("Kim", "Kim Jong Un"),
        ("Jong Un", "Kim Jong Un"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("O’Hara", "Ada O'Hara"),
    ],
)
def test_a_shorter_form_may_be_the_same_person(short: str, full: str) -> None:
    assert same_person(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Un", "Kim Yo Jong"),
        ("Maria", "Ada Maria Lorne"),
        ("Otto Lorne", "Ada Lorne"),
        ("Kim Yo Jong", "Kim Jong Un"),
        ("Ada Maria Lorne", "Ada Lorne"),
        ("", "Ada Lorne"),
        ("Ada", "—"),
    ],
)
def test_another_name_is_another_person(short: str, full: str) -> None:
    assert not same_person(short, full)


def test_the_last_name_goes_to_the_full_name_before_it() -> None:
    text = flat(
        "Ada Lorne met Otto Brandt .", "Lorne left .", "Brandt stayed .", PERSON="Ada Lorne; Otto Brandt; Lorne; Brandt"
    )
    assert names(text) == [("Ada Lorne", 2), ("Otto Brandt", 2)]


def test_the_family_name_comes_first_in_korean() -> None:
    text = flat("Kim Jong Un sailed .", "Kim waved .", PERSON="Kim Jong Un; Kim")
    assert names(text) == [("Kim Jong Un", 2)]


def test_the_full_name_completes_a_surname_of_the_headline() -> None:
    text = flat("Lorne resigns", "Ada Lorne left .", "Lorne waved .", PERSON="Lorne; Ada Lorne")
    assert names(text) == [("Ada Lorne", 3)]


def test_two_people_of_one_surname_stay_two_and_the_nearer_one_is_meant() -> None:
    text = flat(
        "Paul Hart sold the farm .", "Mary Hart bought it .", "Rain fell .", "Paul Hart left .", "Hart waved .",
        PERSON="Paul Hart; Mary Hart; Hart",
    )  # fmt: skip
    assert names(text) == [("Paul Hart", 3), ("Mary Hart", 1)]


@pytest.mark.parametrize("title", ["Mr.", "Ms.", "Dr.", "Sen.", "Gen.", "President", "The"])
def test_a_title_is_no_part_of_the_name(title: str) -> None:
    text = flat(f"{title} Ada Lorne 's boat sank .", "Lorne waved .", PERSON=f"{title} Ada Lorne 's; Lorne")
    assert names(text) == [("Ada Lorne", 2)]


@pytest.mark.parametrize("role", ["Captain", "Mayor", "Minister"])
def test_a_role_is_no_part_of_the_name(role: str) -> None:
    text = flat("Otto Brandt sailed .", f"{role} Otto Brandt waved .", PERSON=f"Otto Brandt; {role} Otto Brandt")
    assert names(text) == [("Otto Brandt", 2)]


def test_what_is_nothing_but_a_title_is_nobody() -> None:
    assert names(flat("The President waved .", PERSON="The President")) == []


def test_the_article_teaches_an_abbreviation() -> None:
    text = flat("The River Safety Board ( RSB ) met .", "RSB left .", "The RSB stayed .", ORG="River Safety Board; RSB")
    assert names(text) == [("River Safety Board", 4)]
    assert named(text, "RSB", 2).source_class is SourceClass.INSTITUTION


def test_what_else_stands_in_brackets_teaches_nothing() -> None:
    text = flat("The River Safety Board ( founded ) met .", "Founded late .", ORG="River Safety Board")
    assert names(text) == [("River Safety Board", 1)]


def test_a_known_name_is_one_source_whatever_the_recognizer_says() -> None:
    text = flat("The Harbour News Agency left .", "HNA stayed .", PERSON="Harbour News", ORG="HNA")
    assert names(text) == [("Harbour News Agency", 2)]
    assert named(text, "HNA").known is WIRE
    assert named(text, "HNA").source_class is SourceClass.MEDIA


def test_a_place_that_speaks_is_its_government() -> None:
    assert named(flat("Norport waved .", LOC="Norport"), "Norport").name == "Norland"


def test_a_person_named_like_a_place_stays_a_person() -> None:
    text = flat("Norport Ortiz baked .", "Norport waved .", PERSON="Norport Ortiz; Norport")
    assert names(text) == [("Norport Ortiz", 2)]
    assert named(text, "Norport", 1).source_class is SourceClass.PERSON


def test_a_person_named_like_a_platform_stays_a_person() -> None:
    assert names(flat("Malcolm Quay waved .", PERSON="Malcolm Quay")) == [("Malcolm Quay", 1)]


def test_entities_that_cannot_speak_are_left_out() -> None:
    assert names(flat("Norse boats left Monday .", NORP="Norse", DATE="Monday")) == []


ROLES = """
    Harbour   spokeswoman  Ada    Lorne  waved     .
    NOUN      NOUN         PROPN  PROPN  VERB+Fin  PUNCT
    2         5            2      3      0         5
    compound  nsubj        flat   flat   root      punct

    Otto   Brandt  ,      the  old   skipper  of    HNA    ,      saw       rain  .
    PROPN  PROPN   PUNCT  DET  ADJ   NOUN     ADP   PROPN  PUNCT  VERB+Fin  NOUN  PUNCT
    10     1       6      6    6     1        8     6      1      0         10    10
    nsubj  flat    punct  det  amod  appos    case  nmod   punct  root      obj   punct
"""


def test_roles_and_gender_are_learned_from_the_words_around_a_name() -> None:
    text = parsed(ROLES, PERSON="Ada Lorne; Otto Brandt")
    lorne, brandt = named(text, "Ada Lorne"), named(text, "Otto Brandt")
    assert (lorne.roles, lorne.gender, lorne.source_class) == ({"spokeswoman"}, "f", SourceClass.OFFICIAL)
    assert (brandt.roles, brandt.gender, brandt.source_class) == ({"skipper"}, "m", SourceClass.PERSON)


def test_mentions_are_in_order_and_say_where_the_last_one_was() -> None:
    text = flat("Ada Lorne met HNA .", "Lorne left .", PERSON="Ada Lorne; Lorne")
    lorne = named(text, "Lorne", 1)
    assert lorne.mentions == [(0, 1), (5, 5)]
    assert [lorne.last_before(position) for position in (0, 1, 5, 6)] == [-1, 0, 0, 5]


def test_between_gives_only_mentions_that_lie_wholly_inside() -> None:
    text = flat("Ada Lorne met HNA .", PERSON="Ada Lorne")
    cast = cast_of(text, CATALOGUE)
    assert [(first, last) for first, last, _ in cast.between(0, 4)] == [(0, 1), (3, 3)]
    assert [(first, last) for first, last, _ in cast.between(1, 3)] == [(3, 3)]


# one name however it is written


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sergei Lorne", "Sergey Lorne"), ("Mikhail Ortskiy", "Mihail Ortsky"), ("Kim Ha-na", "Kim Ha Na")],
)
def test_two_spellings_of_one_name_are_one_person(one: str, other: str) -> None:
    assert names(flat(f"{one} sailed .", f"{other} waved .", PERSON=f"{one}; {other}")) == [(one, 2)]


def test_another_given_name_is_no_spelling() -> None:
    text = flat("Aleksandr Lorne sailed .", "Aleksei Lorne waved .", PERSON="Aleksandr Lorne; Aleksei Lorne")
    assert names(text) == [("Aleksandr Lorne", 1), ("Aleksei Lorne", 1)]


def test_a_spelling_goes_to_the_whole_name_and_not_to_another_of_that_surname() -> None:
    text = flat(
        "Otto Lornev sailed .", "Sergei Lornev stayed .", "Sergey Lornev waved .",
        PERSON="Otto Lornev; Sergei Lornev; Sergey Lornev",
    )  # fmt: skip
    assert names(text) == [("Otto Lornev", 1), ("Sergei Lornev", 2)]


@pytest.mark.parametrize(
    "rank",
    ["Lt.", "Lt. Gen.", "Rear Adm.", "Vice Adm.", "Brig. Gen.", "Maj.", "Capt.", "Sgt.", "Cmdr.", "Gov.", "Rep."],
)
def test_a_rank_is_no_part_of_the_name(rank: str) -> None:
    text = flat(f"{rank} Ada Lorne sailed .", "Lorne waved .", PERSON=f"{rank} Ada Lorne; Lorne")
    assert names(text) == [("Ada Lorne", 2)]


def test_a_surname_that_is_taken_for_a_place_is_the_person_named_before() -> None:
    text = flat("Ada Lorne sailed .", "Lorne waved .", PERSON="Ada Lorne", LOC="Lorne")
    assert names(text) == [("Ada Lorne", 2)]


def test_a_surname_that_stands_before_the_person_stays_a_place() -> None:
    text = flat(
        "Lorne slept .", "Ada Brandt sailed .", "Brandt waved .", PERSON="Ada Brandt", LOC="Lorne", ORG="Brandt"
    )
    assert names(text) == [("Lorne", 1), ("Ada Brandt", 2)]


def test_a_surname_that_the_recognizer_passed_over_is_found() -> None:
    text = flat("Ada Lorne sailed .", "so lorne waved Lorne .", "North Lorne slept .", PERSON="Ada Lorne")
    assert named(text, "Ada Lorne").mentions == [(0, 1), (7, 7)]


def test_a_surname_of_two_people_is_nobodys_when_the_recognizer_passed_over_it() -> None:
    text = flat("Paul Hart sailed .", "Mary Hart stayed .", "so waved Hart .", PERSON="Paul Hart; Mary Hart")
    assert names(text) == [("Paul Hart", 1), ("Mary Hart", 1)]


@pytest.mark.parametrize(
    ("full", "gender"),
    [("Maria Lorne", "f"), ("Otto Brandt", "m"), ("Kim Ha Na", ""), ("Maria", ""), ("Lorne Maria", "")],
)
def test_a_given_name_tells_the_gender(full: str, gender: str) -> None:
    assert named(flat(f"{full} sailed .", PERSON=full), full.split()[0]).gender == gender


def test_a_title_tells_more_than_a_given_name_and_a_surname_learns_it_from_the_whole() -> None:
    assert named(flat("Mr. Kim Ha sailed .", PERSON="Kim Ha"), "Kim").gender == "m"
    assert named(flat("Lorne resigns", "Maria Lorne left .", PERSON="Lorne; Maria Lorne"), "Lorne").gender == "f"


# outlets that no catalogue knows


@pytest.mark.parametrize("name", ["Northport Times", "The Quayside Gazette", "Coast TV", "Radio Norshore"])
def test_what_is_called_as_outlets_are_is_one(name: str) -> None:
    outlet = named(flat(f"{name} closed .", ORG=name), name.split()[-1])
    assert (outlet.kind, outlet.source_class) == (SourceKind.OUTLET, SourceClass.MEDIA)


def test_an_outlet_named_after_a_known_place_is_one() -> None:
    assert names(flat("Norport Times closed .", ORG="Norport Times")) == [("Norport Times", 1)]


@pytest.mark.parametrize(
    "sentence",
    [
        "the newspaper De Dag closed .",
        "the station , De Dag , closed .",
        "the De Dag channel closed .",
        "the weekly De Dag closed .",
    ],
)
def test_what_stands_beside_a_word_for_an_outlet_is_one(sentence: str) -> None:
    assert named(flat(sentence, ORG="De Dag"), "De").kind is SourceKind.OUTLET


@pytest.mark.parametrize("sentence", ["the firm De Dag closed .", "De Dag closed the newspaper .", "Times closed ."])
def test_other_bodies_are_none(sentence: str) -> None:
    assert named(flat(sentence, ORG="De Dag; Times"), "Times" if "Times" in sentence else "De").kind is (
        SourceKind.ORGANIZATION
    )


def test_a_full_stop_is_no_part_of_a_known_name() -> None:
    text = flat("Rain fell on HNA .", "Norport .", LOC="Norport")
    assert [referent.mentions for referent in cast_of(text, CATALOGUE).referents] == [[(3, 3)], [(5, 5)]]
