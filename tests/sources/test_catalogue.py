"""The catalogue: one name for one source, found however it is written, and nothing found that is only a word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.domain import MEDIA_KINDS, KnownSource, SourceKind
from quotetrack.errors import CatalogueError
from quotetrack.sources.catalogue import Catalogue, bundled_catalogue, fold, is_media_group, load_catalogue

LAND = KnownSource("land", "Norland", SourceKind.GOVERNMENT, "NL", aliases=("NRL", "NL"), metonyms=("Norport",))
OFFICE = KnownSource("port", "Norland Port Authority", SourceKind.OFFICE, "NL", "land", ("Norland's port office",))
AGENCY = KnownSource("wire", "Harbour News Agency", SourceKind.NEWS_AGENCY, "NL", "land", ("HNA", "Quay-Press Agency"))
PAPER = KnownSource("paper", "7 Seas & Shores", SourceKind.OUTLET, aliases=("Ann's Paper",))
VOICES = KnownSource("voices", "Norland state media", SourceKind.GROUP)
SMALL = Catalogue([LAND, OFFICE, AGENCY, PAPER, VOICES])


def found(*words: str) -> list[tuple[int, int, str]]:
    return [(first, last, source.key) for first, last, source in SMALL.matches(words)]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The Harbour  News\nAgency ", "harbour news agency"),
        ("Ann’s Paper", "ann's paper"),
        ("‘Ann", "'ann"),
        ("Theodore", "theodore"),
        ("STRASSE Straße", "strasse strasse"),
        ("", ""),
    ],
)
def test_names_are_compared_without_case_article_and_typography(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text(max_size=30))
def test_folding_never_lengthens_the_gaps_or_leaves_blanks_at_the_end(name: str) -> None:
    assert "  " not in fold(name)
    assert fold(name) == fold(name).rstrip()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Norland", "land"),
        ("the norland", "land"),
        ("NORPORT", "land"),
        ("nrl", "land"),
        ("NL", "land"),
        ("nl", None),
        ("Norland’s  Port Office", "port"),
        ("Harbour", None),
        ("", None),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, key: str | None) -> None:
    source = SMALL.find(name)
    assert (source.key if source else None) == key


def test_a_key_is_no_name() -> None:
    assert SMALL.get("wire") is AGENCY
    assert SMALL.get("Harbour News Agency") is None
    assert SMALL.find("wire") is None
    assert (len(SMALL), [*SMALL]) == (5, [LAND, OFFICE, AGENCY, PAPER, VOICES])


@pytest.mark.parametrize("text", ["Norland state media", "local newspapers", "state TV", "a news site", "the daily"])
def test_a_description_may_say_that_it_means_media(text: str) -> None:
    assert is_media_group(text)


@pytest.mark.parametrize("text", ["the ministry", "two officials", "a newsworthy man", "immediate neighbours"])
def test_other_descriptions_do_not(text: str) -> None:
    assert not is_media_group(text)


def test_the_longest_name_wins() -> None:
    assert found("The", "Norland", "Port", "Authority", "and", "Norland") == [(1, 3, "port"), (5, 5, "land")]
    assert found("Norland", "Port", "closed") == [(0, 0, "land")]


def test_matches_do_not_overlap_and_go_left_to_right() -> None:
    assert found("Norland", "Norland", "Port", "Authority", "HNA") == [(0, 0, "land"), (1, 3, "port"), (4, 4, "wire")]


def test_a_name_starts_with_a_capital_or_a_digit() -> None:
    assert found("norland", "and", "norport") == []
    assert found("7", "Seas", "&", "Shores") == [(0, 3, "paper")]


def test_a_name_without_small_letters_counts_only_as_it_is_written() -> None:
    assert found("HNA") == [(0, 0, "wire")]
    assert found("Hna") == found("Nrl") == found("Nl") == []


def test_a_name_in_a_headline_of_capitals_is_found() -> None:
    assert found("HARBOUR", "NEWS", "AGENCY", "ON", "STRIKE") == [(0, 2, "wire")]


@pytest.mark.parametrize("mark", ["'s", "’s"])
def test_a_possessive_split_off_by_the_tokenizer_is_joined_again(mark: str) -> None:
    assert found("Norland", mark, "port", "office") == [(0, 3, "port")]
    assert found("Norland", mark, "fleet") == [(0, 0, "land")]


def test_a_hyphen_split_off_by_the_tokenizer_is_joined_again() -> None:
    assert found("Quay", "-", "Press", "Agency") == [(0, 3, "wire")]


def test_the_full_stop_of_a_sentence_is_no_part_of_a_name() -> None:
    assert found("He", "left", "Norland", ".") == [(2, 2, "land")]
    assert found("Norland", "Port", "Authority", ".", "HNA", ".") == [(0, 2, "port"), (4, 4, "wire")]
    assert found("Norland", ".", "Port", "Authority") == [(0, 0, "land")]


@pytest.mark.parametrize(
    ("words", "last"),
    [(["Quay", "Co."], 1), (["Quay", "Co", "."], 2), (["Quay", "Co"], 1), (["N.L."], 0)],
)
def test_a_stop_that_belongs_to_the_name_is_a_part_of_it(words: list[str], last: int) -> None:
    firm = KnownSource("firm", "Quay Co.", SourceKind.COMPANY, aliases=("N.L.",))
    assert [(first, end) for first, end, _ in Catalogue([firm]).matches([*words, "sailed"])] == [(0, last)]


@given(st.lists(st.sampled_from(["Norland", "'s", "port", "office", "Port", "Authority", "HNA", "-", "&", "", "x"])))
def test_matches_stay_within_any_words(words: list[str]) -> None:
    end = -1
    for first, last, _ in SMALL.matches(words):
        assert end < first <= last < len(words)
        end = last


# the rules of the file


def entry(**fields: str) -> str:
    given = {"key": '"quay"', "name": '"Quay"', "kind": '"office"'} | fields
    return "[[source]]\n" + "\n".join(f"{field} = {value}" for field, value in given.items() if value) + "\n"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (entry(key='"Quay Office"'), r"wrong at source\.0\.key"),
        (entry(key=""), r"wrong at source\.0\.key: Field required"),
        (entry(name='"  "'), r"wrong at source\.0\.name"),
        (entry(kind='"wharf"'), r"wrong at source\.0\.kind"),
        (entry(country='"Norland"'), r"wrong at source\.0\.country"),
        (entry(aliases='"Quays"'), r"wrong at source\.0\.aliases"),
        (entry(nickname='"Q"'), r"wrong at source\.0\.nickname"),
        (entry() + entry(key='"Pier"'), r"wrong at source\.1\.key"),
        ("source = []", r"wrong at source"),
        ("", r"wrong at source: Field required"),
        ("[[source]", r"cannot be read"),
        ("source = " + "[" * 10_000, r"cannot be read"),
        ("source = 1" + "0" * 10_000, r"cannot be read"),
        ("source = 3", r"is wrong at source"),
        (entry() + entry(name='"Pier"'), r"one key to two sources"),
        (entry() + entry(key='"pier"'), r"the name 'Quay' to quay and to pier"),
        (entry() + entry(key='"pier"', name='"Pier"', aliases='["the QUAY"]'), r"'the QUAY' to quay and to pier"),
        (entry(metonyms='["Dock"]') + entry(key='"dock"', name='"Dock"'), r"'Dock' to quay and to dock"),
        (entry(controller='"pier"'), r"quay is controlled by 'pier', which is not in the catalogue"),
        (entry(controller='"quay"'), r"quay controls itself"),
        (
            entry(controller='"pier"') + entry(key='"pier"', name='"Pier"', controller='"quay"'),
            r"quay controls itself by way of quay",
        ),
    ],
)
def test_a_broken_rule_is_told_in_one_sentence(toml: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(toml, "utf-8")
    with pytest.raises(CatalogueError, match=said) as caught:
        load_catalogue(path)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with pytest.raises(CatalogueError, match=r"sources\.toml cannot be read"):
        load_catalogue(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogueError, match=r"sources\.toml cannot be read"):
        load_catalogue(path)


def test_a_source_may_repeat_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(entry(name='" Quay "', aliases='["The Quay", "QUAY"]'), "utf-8")
    assert [(source.key, source.name) for source in load_catalogue(path)] == [("quay", "Quay")]


# the catalogue that comes along


def origin(name: str) -> str:
    """Key of the source that in the end controls the one of this name."""
    catalogue = bundled_catalogue()
    source = catalogue.find(name)
    assert source is not None
    while source.controller is not None:
        source = catalogue.get(source.controller)
        assert source is not None
    return source.key


def test_the_bundled_catalogue_is_loaded_once_and_large() -> None:
    assert bundled_catalogue() is bundled_catalogue()
    assert len(bundled_catalogue()) > 1000


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("KCNA", "kp-government"),
        ("Korean Central News Agency", "kp-government"),
        ("Pyongyang", "kp-government"),
        ("TASS", "ru-government"),
        ("RIA Novosti", "ru-government"),
        ("the Kremlin", "ru-government"),
        ("Moscow", "ru-government"),
        ("Washington", "us-government"),
        ("White House", "us-government"),
        ("Reuters", "reuters"),
    ],
)
def test_state_media_have_the_origin_of_their_state(name: str, key: str) -> None:
    assert origin(name) == key


@pytest.mark.parametrize(
    ("metonym", "name"), [("Washington", "United States"), ("Moscow", "Russia"), ("Seoul", "South Korea")]
)
def test_a_capital_stands_for_its_government(metonym: str, name: str) -> None:
    source = bundled_catalogue().find(metonym)
    assert source is not None
    assert (source.name, source.kind) == (name, SourceKind.GOVERNMENT)


@pytest.mark.parametrize("name", ["KCNA", "TASS", "Reuters", "AP", "Yonhap", "Telegram", "CNN"])
def test_media_are_of_a_media_kind(name: str) -> None:
    source = bundled_catalogue().find(name)
    assert source is not None
    assert source.kind in MEDIA_KINDS


def test_every_bundled_name_is_found_again() -> None:
    catalogue = bundled_catalogue()
    for source in catalogue:
        for name in (source.name, *source.aliases, *source.metonyms):
            assert catalogue.find(name) is source, name


@pytest.mark.parametrize("word", ["who", "us", "it", "ap", "x", "Us", "telegram", "signal"])
def test_common_words_are_no_bundled_names(word: str) -> None:
    assert list(bundled_catalogue().matches([word])) == []
