"""Sound: spellings of one name that are equal, names that are not, and that no two known sources sound alike."""

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.domain import SourceKind
from quotetrack.sources.catalogue import bundled_catalogue
from quotetrack.sources.similar import last_word, sound

ALIKE = {frozenset({"ap", "australian-ap", "app-pakistan"}), frozenset({"cctv", "ctv-news"})}
"""Keys of known sources that sound alike, for doubled initials count once, and are different all the same."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Russian and Ukrainian
        ("Sergei Brandtov", "Sergey Brandtov"),
        ("Mikhail Ortskiy", "Mihail Ortsky"),
        ("Ortskii", "Ortskij"),
        ("Aleksandr Zhurin", "Aleksandr Žurin"),
        ("Shchukin", "Schukin"),
        ("Chernin", "Tchernin"),
        ("Popoff", "Popov"),
        ("Dzhokhin", "Johin"),
        ("Tsvetaev", "Tzvetaev"),
        ("Fyodorin", "Fiodorin"),
        ("Maksimin", "Maximin"),
        ("Gorkii", "Gorky"),
        ("Il'in", "Ilin"),
        ("Andrei", "Andrej"),
        # Arabic
        ("Yusuf", "Yousuf"),
        ("Khalid Noor", "Halid Nur"),
        ("Muqtin", "Muktin"),
        # Korean
        ("Kim Ha-na", "Kim Ha Na"),
        ("KIM HA NA", "Kim Ha Na"),
        # others
        ("José Nuñez", "Jose Nunez"),
        ("Øksnes", "Oksnes"),
        ("Wolkow", "Volkov"),
        ("The  Quay’s Voice", "Quay's Voice"),
    ],
)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Omar al-Nur", "Omar Nur"), ("al Quay", "Quay"), ("Ali el-Hadin", "Ali Hadin")]
)
def test_the_arabic_article_is_not_heard(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim Ha Na", "Kim Ha Neul"),
        ("Ada Lorne", "Otto Lorne"),
        ("Ada Lorne", "Lorne"),
        ("Ada Lorne", "Lorne Ada"),
        ("Aleksandr Brandt", "Aleksei Brandt"),
        ("Brandt", "Brand"),
        ("Ivanin", "Ivanina"),
        ("Petrov", "Petrova"),
        ("Orlov", "Orlovsky"),
        ("Lee", "Li Na"),
    ],
)
def test_different_names_sound_different(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kim Jong Na", "Kim Yong Na"), ("Diana Lorne", "Dana Lorne"), ("Maria Lorne", "Mara Lorne"), ("Mia", "Ma")],
)
def test_a_vowel_more_is_another_name(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@given(st.text(max_size=30))
def test_sound_knows_neither_case_nor_blanks_around(name: str) -> None:
    assert sound(f"  {name} ") == sound(name)
    assert sound(name) == " ".join(sound(name).split())


@given(st.lists(st.text(st.characters(codec="ascii", categories=["Lu", "Ll"]), min_size=1, max_size=8), min_size=1))
def test_hyphens_are_blanks(words: list[str]) -> None:
    assert sound("-".join(words)) == sound(" ".join(words))


@pytest.mark.parametrize(
    ("name", "last"), [("Sergey Popoff", "popov"), ("Popov", "popov"), ("", ""), ("Kim Ha-na", "na")]
)
def test_the_last_word_is_written_as_it_sounds(name: str, last: str) -> None:
    assert last_word(name) == last


def sounding(kinds: Iterable[SourceKind]) -> set[frozenset[str]]:
    """Keys of known sources of these kinds that share the sound of a name."""
    wanted = set(kinds)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for source in bundled_catalogue():
        for name in (source.name, *source.aliases, *source.metonyms):
            if source.kind in wanted:
                found[sound(name)].add(source.key)
    return {frozenset(keys) for keys in found.values() if len(keys) > 1}


def test_no_two_known_people_sound_alike() -> None:
    assert sounding([SourceKind.PERSON]) == set()


def test_no_two_known_sources_sound_alike_but_those_listed() -> None:
    assert sounding(SourceKind) - ALIKE == set()


def test_a_digit_more_is_another_name() -> None:
    assert sound("Channel 11") != sound("Channel 1")
