"""Sources: the catalogue comes in without touching what users changed, and names always lead somewhere."""

from collections.abc import Callable
from functools import partial

import pytest

from quotetrack.domain import KnownSource, SourceClass, SourceKind
from quotetrack.errors import ConflictError, NotFoundError, QuotetrackError
from quotetrack.sources.catalogue import Catalogue, bundled_catalogue
from quotetrack.store import decisions
from quotetrack.store.check import check
from quotetrack.store.engine import Engine, reading
from quotetrack.store.figures.identity import identify
from quotetrack.store.figures.lines import channel_lines, source_lines, speakers_of
from quotetrack.store.figures.record import record
from quotetrack.store.filters import Filter
from quotetrack.store.sources import (
    Synced,
    find_source,
    is_empty,
    known_sources,
    list_sources,
    show_source,
    sync_catalogue,
)
from tests.store.build import channel, dump, everything, hear, raw, save, speaker

add_alias, merge, rename = (
    partial(f, reviewer="hana") for f in (decisions.add_alias, decisions.merge, decisions.rename)
)
set_controller = partial(decisions.set_controller, reviewer="hana")
set_kind = partial(decisions.set_source_kind, reviewer="hana")

STATE = KnownSource("kp", "North Korea", SourceKind.GOVERNMENT, "KP", None, ("DPRK",), ("Pyongyang",))
KCNA = KnownSource("kcna", "KCNA", SourceKind.NEWS_AGENCY, "KP", "kp", ("Korean Central News Agency",))
NODONG = KnownSource("rodong", "Rodong Sinmun", SourceKind.OUTLET, "KP", "kp")
CATALOGUE = Catalogue([KCNA, STATE, NODONG])


@pytest.fixture
def known(engine: Engine) -> Engine:
    sync_catalogue(engine, CATALOGUE)
    return engine


def found(engine: Engine, name: str) -> str:
    with reading(engine) as session:
        return find_source(session, name).name


def sound(engine: Engine) -> None:
    """Nothing a user or a catalogue does may break a rule, or what attribution is told."""
    assert check(engine) == []
    known_sources(engine)


# The catalogue comes in.


def test_a_new_database_is_empty_until_the_catalogue_is_in_it(engine: Engine) -> None:
    assert is_empty(engine)
    assert sync_catalogue(engine, CATALOGUE) == Synced(added=3, updated=0, kept=0, aliases=6)
    assert not is_empty(engine)
    row = show_source(engine, "DPRK")
    assert (row.name, row.kind, row.country, row.controller, row.origin) == (
        "North Korea", "government", "KP", None, "catalogue"
    )  # fmt: skip
    assert row.aliases == ("DPRK", "Pyongyang")
    assert show_source(engine, "KCNA").controller == "North Korea"


def test_the_same_catalogue_twice_changes_nothing(engine: Engine, database: str) -> None:
    bundled = bundled_catalogue()
    assert sync_catalogue(engine, bundled).added == len(bundled)
    before = dump(database)
    assert sync_catalogue(engine, bundled) == Synced(0, 0, 0, 0)
    assert dump(database) == before
    sound(engine)


def test_what_the_database_knows_is_the_catalogue(engine: Engine) -> None:
    bundled = bundled_catalogue()
    sync_catalogue(engine, bundled)
    back = known_sources(engine)
    assert {(s.key, s.name, s.kind, s.country, s.controller) for s in back} == {
        (s.key, s.name, s.kind, s.country, s.controller) for s in bundled
    }
    for source in bundled:
        for name in (source.name, *source.aliases, *source.metonyms):
            assert (named := back.find(name)) is None or named.key == source.key


def test_a_newer_catalogue_brings_its_names_kinds_countries_and_controllers(known: Engine) -> None:
    newer = Catalogue(
        [
            KnownSource("kcna", "KCNA Agency", SourceKind.OUTLET, "CN", None, ("KCNA", "Agency of Korea")),
            STATE,
            KnownSource("rodong", "Rodong Sinmun", SourceKind.OUTLET, "KP", "kcna"),
        ]
    )
    assert sync_catalogue(known, newer) == Synced(added=0, updated=2, kept=0, aliases=2)
    row = show_source(known, "Korean Central News Agency")
    assert (row.name, row.kind, row.country, row.controller) == ("KCNA Agency", "outlet", "CN", None)
    assert row.aliases == ("Agency of Korea", "KCNA", "Korean Central News Agency")
    assert show_source(known, "Rodong Sinmun").controller == "KCNA Agency"
    sound(known)


def test_what_a_user_changed_is_never_overwritten(known: Engine) -> None:
    rename(known, "KCNA", "The Agency")
    set_kind(known, "Rodong Sinmun", SourceKind.PARTY)
    set_controller(known, "Rodong Sinmun", None)
    set_controller(known, "The Agency", "Rodong Sinmun")
    assert sync_catalogue(known, CATALOGUE) == Synced(added=0, updated=0, kept=2, aliases=0)
    agency, paper = show_source(known, "KCNA"), show_source(known, "Rodong Sinmun")
    assert (agency.name, agency.controller) == ("The Agency", "Rodong Sinmun")
    assert (paper.kind, paper.controller) == ("party", None)
    sound(known)


def test_a_source_an_article_named_first_is_taken_over_with_its_hops(engine: Engine) -> None:
    hear(engine, channel("the KCNA"), speaker("Pyongyang", SourceClass.INSTITUTION), id="1")
    assert sync_catalogue(engine, CATALOGUE).added == 3
    row = show_source(engine, "kcna")
    assert (row.name, row.kind, row.origin, row.carried) == ("KCNA", "news_agency", "catalogue", 1)
    assert show_source(engine, "North Korea").name == "North Korea"
    sound(engine)


def test_a_catalogue_name_that_a_user_gave_to_another_source_stays_there(known: Engine) -> None:
    add_alias(known, "KCNA", "Uriminzokkiri")
    newer = Catalogue([*CATALOGUE, KnownSource("umz", "Uriminzokkiri", SourceKind.OUTLET, "KP", "kp", ("UMZ",))])
    for _ in range(2):
        sync_catalogue(known, newer)
        assert show_source(known, "Uriminzokkiri").name == "KCNA"
        sound(known)


def test_a_catalogue_that_renames_onto_a_taken_name_leaves_it_alone(known: Engine) -> None:
    add_alias(known, "KCNA", "Workers' Paper")
    newer = Catalogue([KCNA, STATE, KnownSource("rodong", "Workers’ Paper", SourceKind.OUTLET, "KP", "kp")])
    sync_catalogue(known, newer)
    assert show_source(known, "Rodong Sinmun").name == "Rodong Sinmun"
    assert show_source(known, "Workers' Paper").name == "KCNA"
    sound(known)


def test_a_merged_source_stays_merged_when_the_catalogue_comes_again(known: Engine) -> None:
    hear(known, speaker("Rodong Sinmun"), id="1")
    merge(known, "Rodong Sinmun", "KCNA")
    newer = Catalogue(
        [KCNA, STATE, KnownSource("rodong", "Rodong Sinmun", SourceKind.OUTLET, "KP", "kp", ("Workers' Newspaper",))]
    )
    sync_catalogue(known, newer)
    assert show_source(known, "Workers' Newspaper").name == "KCNA"
    assert show_source(known, "Rodong Sinmun").spoken == 1
    sound(known)


def test_what_a_merged_source_controlled_stays_with_the_other(known: Engine) -> None:
    hear(known, speaker("Greater State"), id="1")
    merge(known, "North Korea", "Greater State")
    for _ in range(2):
        assert show_source(known, "KCNA").controller == "Greater State"
        assert sync_catalogue(known, CATALOGUE).added == 0
        sound(known)


def test_a_catalogue_never_closes_a_circle_of_controllers(known: Engine) -> None:
    set_controller(known, "KCNA", None)
    set_controller(known, "North Korea", "KCNA")
    newer = Catalogue([KnownSource("kcna", "KCNA", SourceKind.NEWS_AGENCY, "KP", None), NODONG, STATE])
    sync_catalogue(known, newer)
    sound(known)
    hear(known, speaker("Holding"), id="1")
    set_controller(known, "Rodong Sinmun", None)
    set_controller(known, "Holding", "Rodong Sinmun")
    newest = Catalogue([KCNA, STATE, NODONG, KnownSource("holding", "Holding", SourceKind.COMPANY, None, "kcna")])
    sync_catalogue(known, newest)
    sound(known)


# Finding.


def test_a_source_is_found_by_its_id_its_names_or_a_part_that_fits_only_one(known: Engine) -> None:
    number = show_source(known, "KCNA").id
    for name in (f"#{number}", "KCNA", "the kcna", "Korean Central News Agency", "central news"):
        assert found(known, name) == "KCNA"


def test_a_whole_name_goes_before_a_part(known: Engine) -> None:
    add_alias(known, "North Korea", "KCNA Watch")
    assert found(known, "KCNA") == "KCNA"


@pytest.mark.parametrize("name", ["Korea", "korea", ""])
def test_a_part_that_fits_several_lists_them(name: str, known: Engine) -> None:
    with pytest.raises(NotFoundError, match=r"several sources: KCNA, North Korea"):
        found(known, name)


@pytest.mark.parametrize(
    "name", ["Nobody", "#0", "#999", "#²", "#", "#-1", "%", "_", "K_NA", "#99999999999999999999999", "a\udcff"]
)
def test_a_name_that_fits_none_is_an_error_with_advice(name: str, known: Engine) -> None:
    with pytest.raises(QuotetrackError) as raised:
        found(known, name)
    assert len(str(raised.value)) > 20


# What users change.


def test_another_name_leads_to_it_and_new_articles_use_it(known: Engine) -> None:
    assert add_alias(known, "KCNA", " Chosun Tongsin ") == "KCNA"
    hear(known, channel("chosun tongsin"), id="1")
    row = show_source(known, "Chosun Tongsin")
    assert (row.name, row.carried) == ("KCNA", 1)
    assert "Chosun Tongsin" in row.aliases
    assert (named := known_sources(known).find("Chosun Tongsin")) is not None
    assert named.key == "kcna"


def test_giving_a_name_it_has_already_does_nothing(known: Engine) -> None:
    before = show_source(known, "KCNA").aliases
    add_alias(known, "KCNA", "the KCNA")
    assert show_source(known, "KCNA").aliases == before


def test_the_old_name_stays_when_a_source_is_renamed(known: Engine) -> None:
    hear(known, channel("KCNA"), id="1")
    assert rename(known, "KCNA", "Central Agency ") == "KCNA"
    assert found(known, "KCNA") == "Central Agency"
    assert show_source(known, "Central Agency").aliases == ("KCNA", "Korean Central News Agency")
    assert [hop.name for row in everything(known) for hop in row.hops] == ["Central Agency"]
    sound(known)


@pytest.mark.parametrize("change", [add_alias, rename])
def test_a_name_that_another_source_has_is_refused(
    change: Callable[[Engine, str, str], str], known: Engine, database: str
) -> None:
    before = dump(database)
    for taken in ("rodong sinmun", "Pyongyang"):
        with pytest.raises(ConflictError, match=r"sources merge"):
            change(known, "KCNA", taken)
    for empty in ("", "  "):
        with pytest.raises(ConflictError, match="empty"):
            change(known, "KCNA", empty)
    assert dump(database) == before


def test_merging_moves_everything_and_the_old_name_still_leads_there(known: Engine, database: str) -> None:
    hear(known, channel("KCNA"), speaker("Anna Smith"), id="1")
    hear(known, channel("Central Agency"), speaker("Central Agency"), id="2")
    save(known, id="3", outlet="Central Agency")
    set_controller(known, "Anna Smith", "Central Agency")
    set_controller(known, "KCNA", "Central Agency")
    old = show_source(known, "Central Agency").id
    assert merge(known, "Central Agency", "KCNA") == ("Central Agency", "KCNA", 2)
    row = show_source(known, "Central Agency")
    assert (row.name, row.spoken, row.carried) == ("KCNA", 1, 2)
    assert found(known, f"#{old}") == "KCNA"
    assert "Central Agency" in row.aliases
    assert show_source(known, "Anna Smith").controller == "KCNA"
    assert row.controller is None
    assert "Central Agency" not in {listed.name for listed in list_sources(known)}
    with raw(database) as connection:
        assert connection.execute("select source_id from outlet").fetchall() == [(row.id,)]
    sound(known)


def test_merging_goes_on_along_a_chain(known: Engine) -> None:
    for name in ("One", "Two", "Three"):
        hear(known, speaker(name), id=name)
    one = show_source(known, "One").id
    merge(known, "One", "Two")
    merge(known, "Two", "Three")
    assert found(known, "One") == found(known, f"#{one}") == "Three"
    assert show_source(known, "Three").spoken == 3
    hear(known, speaker("one"), id="again")
    assert show_source(known, "Three").spoken == 4
    for name, into in (("One", "Three"), ("Three", "Two"), ("Two", "Two")):
        with pytest.raises(ConflictError, match="same source already"):
            merge(known, name, into)
    sound(known)


@pytest.mark.parametrize(("name", "controller"), [("A", "A"), ("A", "B"), ("A", "C")])
def test_nobody_may_control_itself(name: str, controller: str, engine: Engine) -> None:
    for each in ("A", "B", "C"):
        hear(engine, speaker(each), id=each)
    set_controller(engine, "B", "A")
    set_controller(engine, "C", "B")
    with pytest.raises(ConflictError, match="control itself"):
        set_controller(engine, name, controller)
    assert show_source(engine, "A").controller is None


@pytest.mark.parametrize(("name", "into"), [("A", "B"), ("A", "C"), ("B", "C"), ("C", "A"), ("B", "A"), ("C", "B")])
def test_merging_within_a_line_of_controllers_leaves_no_circle(name: str, into: str, engine: Engine) -> None:
    for each in ("A", "B", "C", "D"):
        hear(engine, speaker(each), id=each)
    for below, above in (("B", "A"), ("C", "B"), ("D", "C")):
        set_controller(engine, below, above)
    merge(engine, name, into)
    sound(engine)
    for source in list_sources(engine):
        line: list[str | None] = [source.name]
        while line[-1] is not None:
            line.append(show_source(engine, line[-1]).controller)
            assert line[-1] not in line[:-1]


def controllers_of(engine: Engine, name: str) -> tuple[str, ...]:
    with record(engine, Filter()) as seen:
        return identify(seen, name).controllers


def test_the_line_of_controllers_ends_at_the_origin(known: Engine) -> None:
    hear(known, speaker("Sub-agency"), id="1")
    set_controller(known, "Sub-agency", "KCNA")
    assert controllers_of(known, "Sub-agency") == ("KCNA", "North Korea")
    set_controller(known, "KCNA", None)
    assert controllers_of(known, "Sub-agency") == ("KCNA",)


@pytest.mark.parametrize("kind", [SourceKind.UNNAMED, SourceKind.DOCUMENT])
def test_a_controller_of_any_kind_leaves_what_attribution_knows_usable(kind: SourceKind, known: Engine) -> None:
    set_kind(known, "North Korea", kind)
    sound(known)
    assert known_sources(known).find("DPRK") is None
    assert (agency := known_sources(known).find("KCNA")) is not None
    assert agency.controller is None


def test_a_kind_set_by_a_user_is_what_attribution_is_told(known: Engine) -> None:
    hear(known, speaker("Uriminzokkiri"), id="1")
    assert known_sources(known).find("Uriminzokkiri") is None
    assert set_kind(known, "uriminzokkiri", SourceKind.OUTLET) == "Uriminzokkiri"
    told = known_sources(known).find("Uriminzokkiri")
    assert told is not None
    assert told.kind is SourceKind.OUTLET
    assert show_source(known, "Uriminzokkiri").origin == "user"


# Lists.


def test_lists_are_of_those_heard_most_and_may_be_narrowed(known: Engine) -> None:
    hear(known, channel("KCNA"), speaker("Anna Smith"), id="1")
    hear(known, channel("KCNA"), id="2")
    assert [(s.name, s.spoken, s.carried) for s in list_sources(known)] == [
        ("KCNA", 0, 2), ("Anna Smith", 1, 0), ("North Korea", 0, 0), ("Rodong Sinmun", 0, 0)
    ]  # fmt: skip
    assert [s.name for s in list_sources(known, seen=True)] == ["KCNA", "Anna Smith"]
    assert [s.name for s in list_sources(known, search="KOREA")] == ["KCNA", "North Korea"]
    assert [s.name for s in list_sources(known, search="_")] == []
    assert [s.name for s in list_sources(known, kind="outlet")] == ["Rodong Sinmun"]
    assert [s.name for s in list_sources(known, limit=2, offset=1)] == ["Anna Smith", "North Korea"]


def test_an_attribution_that_names_a_source_twice_counts_once(known: Engine) -> None:
    hear(known, channel("Central Agency"), channel("KCNA"), speaker("KCNA"), id="1")
    merge(known, "Central Agency", "KCNA")
    assert (show_source(known, "KCNA").spoken, show_source(known, "KCNA").carried) == (1, 1)
    [row] = list_sources(known, seen=True)
    assert (row.spoken, row.carried) == (1, 1)
    with record(known, Filter()) as seen:
        speakers = speakers_of(seen, seen.told("told"))
        [line] = source_lines(seen, speakers, limit=9)
        [carrier] = channel_lines(seen, speakers, limit=9)
    assert (line.spoken, line.carried, carrier.carried) == (1, 1, 1)
