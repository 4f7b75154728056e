"""The same source in several articles is one row; what may be the same waits for a reviewer."""

from dataclasses import replace

import pytest

from quotetrack.domain import Hop, HopRole, KnownSource, SourceClass, SourceKind, Step
from quotetrack.sources.catalogue import Catalogue
from quotetrack.store.decisions import list_matches, merge, resolve_match
from quotetrack.store.engine import Engine, reading
from quotetrack.store.models import ArticleVersion, SourceAlias
from quotetrack.store.queries import get_quote
from quotetrack.store.sources import show_source, sync_catalogue
from tests.store.build import SAID, at, channel, everything, hear, quote, save, speaker


def speakers(engine: Engine) -> list[str]:
    return [row.speaker.name for row in everything(engine) if row.speaker]


def waiting(engine: Engine) -> set[tuple[str, str, str]]:
    return {(match.source, match.candidate, match.reason) for match in list_matches(engine)}


def test_another_spelling_of_a_whole_name_is_the_same_person(engine: Engine) -> None:
    hear(engine, speaker("Sergei Varonin"), id="1")
    hear(engine, speaker("Sergey Varonin"), id="2")
    assert speakers(engine) == ["Sergei Varonin", "Sergei Varonin"]
    assert show_source(engine, "Sergei Varonin").aliases == ("Sergey Varonin",)
    with reading(engine) as session:
        assert session.query(SourceAlias.origin).filter_by(name="Sergey Varonin").scalar() == "spelling"
    assert waiting(engine) == set()


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("Kim Yung-ho", "Kim Young-ho", "sounds alike"),
        ("Sergei Varonin", "Varonin", "the surname alone"),
        ("Varonin", "Sergei Varonin", "the surname alone"),
    ],
)
def test_what_may_be_the_same_person_waits(engine: Engine, first: str, second: str, reason: str) -> None:
    hear(engine, speaker(first), id="1")
    hear(engine, speaker(second), id="2")
    assert speakers(engine) == [first, second]
    assert waiting(engine) == {(second, first, reason)}


def test_a_spelling_that_two_have_is_nobodys(engine: Engine) -> None:
    hear(engine, channel("KCNA"), id="0")
    hear(engine, speaker("Sergei Varonin"), id="1")
    merge(engine, "Sergei Varonin", "KCNA", reviewer="ada")  # its name is now a body's, which no person is taken for
    hear(engine, speaker("Sergey Varonin"), id="2")
    assert speakers(engine)[-1] == "Sergey Varonin"


def test_a_body_is_never_taken_for_a_person_nor_for_another_body(engine: Engine) -> None:
    hear(engine, channel("Kosa Media"), id="1")
    hear(engine, speaker("Kossa Media"), id="2")
    hear(engine, channel("Kossa Mediya"), id="3")
    assert show_source(engine, "Kosa Media").aliases == ()
    assert waiting(engine) == {("Kossa Mediya", "Kosa Media", "sounds alike")}


def test_those_without_a_name_are_not_asked_about(engine: Engine) -> None:
    hear(engine, speaker("an official", SourceClass.UNNAMED), id="1")
    hear(engine, speaker("an offical", SourceClass.UNNAMED), id="2")
    assert waiting(engine) == set()


def test_a_surname_of_many_says_nothing(engine: Engine) -> None:
    for number, given in enumerate(("Ada", "Otto", "Ines", "Bruno", "Carla", "Tomas")):
        hear(engine, speaker(f"{given} Lindqvist"), id=str(number))
    hear(engine, speaker("Lindqvist"), id="all")
    assert waiting(engine) == set()


def test_what_was_found_different_is_not_asked_again(engine: Engine) -> None:
    hear(engine, speaker("Ada Lindqvist"), id="1")
    hear(engine, speaker("Lindqvist"), id="2")
    [match] = list_matches(engine)
    resolve_match(engine, match.id, same=False, reviewer="ada")
    hear(engine, speaker("Lindqvist"), id="3")
    assert waiting(engine) == set()


def test_an_official_new_to_the_database_is_under_the_body_spoken_for(engine: Engine) -> None:
    hear(engine, speaker("Kremlin", SourceClass.INSTITUTION), id="0")
    official = replace(speaker("Petra Ahlgren", SourceClass.OFFICIAL), speaks_for="Kremlin")
    hear(engine, official, id="1")
    assert show_source(engine, "Petra Ahlgren").controller == "Kremlin"
    hear(engine, replace(speaker("Otto Maas", SourceClass.OFFICIAL), speaks_for="No Such Body"), id="2")
    assert show_source(engine, "Otto Maas").controller is None


def test_explanation_and_default_channels_are_stored_as_they_were(engine: Engine) -> None:
    steps = (Step("content", "tagger", (at(SAID, SAID),)), Step("speaker", "name", (), "Anna Smith"))
    default = Hop(HopRole.CHANNEL, "state media", SourceClass.MEDIA, at(SAID, SAID[:4]), "default_channel")
    save(engine, replace(quote(speaker("Anna Smith")), steps=steps), default_channels=(default,))
    [row] = everything(engine)
    assert row.steps == get_quote(engine, row.id).steps == steps
    with reading(engine) as session:
        assert session.query(ArticleVersion.default_channels).scalar() == [default.as_dict()]


def test_every_name_of_the_catalogue_has_its_sound(engine: Engine) -> None:
    sync_catalogue(
        engine, Catalogue([KnownSource("varonin", "Sergei Varonin", SourceKind.PERSON, aliases=("Varonin",))])
    )
    with reading(engine) as session:
        found = {(alias.name, alias.sound, alias.last) for alias in session.query(SourceAlias)}
    assert found == {("Sergei Varonin", "sergei varonin", "varonin"), ("Varonin", "varonin", "varonin")}
