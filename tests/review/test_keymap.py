"""Keys of the reviewer's choice: from the settings to what a key press does."""

from pathlib import Path

import pytest

from quotetrack.errors import QuotetrackError
from quotetrack.review.app import all_bindings
from quotetrack.review.keymap import checked_keymap
from quotetrack.settings import Settings, load_settings
from quotetrack.store.engine import Engine
from quotetrack.store.queries import get_quote
from quotetrack.store.sources import show_source
from tests.review.pressing import app_on, keyed, on_screen
from tests.store.build import hear, speaker


@pytest.fixture
def engine(store: Engine) -> Engine:
    for name in ("Kim", "Anna Smith"):
        hear(store, speaker(name), id=name)
    return store


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setattr("quotetrack.settings.settings_path", lambda: path)
    return path


def keymap(toml: str, path: Path) -> dict[str, str]:
    path.write_text(f"[keys]\n{toml}", "utf-8")
    return checked_keymap(load_settings().keys, all_bindings())


def test_an_action_has_one_key_or_several(settings_file: Path) -> None:
    given = 'accept = "v"\n"review.skip" = ["space", "ctrl+n", "f5", "é"]\n[keys.sources]\nmerge = "?"\nhelp = "g"'
    assert keymap(given, settings_file) == {
        "review.accept": "v", "review.skip": "space,ctrl+n,f5,é", "sources.merge": "question_mark", "sources.help": "g",
    }  # fmt: skip
    assert Settings().keys["sources.merge"] == ("?",)
    assert keymap("", settings_file) == {}


def test_keys_may_change_places(settings_file: Path) -> None:
    assert keymap('accept = "x"\nreject = "a"', settings_file) == {"review.accept": "x", "review.reject": "a"}
    assert keymap('accept = "m"', settings_file) == {"review.accept": "m"}  # Merging is on another screen.


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ('acept = "y"', "The setting 'keys.acept' is wrong: there is no such action. Did you mean 'accept'?"),
        ('zzzz = "y"', "There are: accept, accept-above, add, app.back"),
        ('accept = "cntrl+y"', "'cntrl+y' is no key. Write it like"),
        ('accept = "yes"', "'yes' is no key"),
        ('accept = "ctrl+"', "'ctrl+' is no key"),
        ('accept = "x"', "'keys.accept' is wrong: 'x' is also the key of reject."),
        ('accept = "v"\nskip = ["i", "y"]', "'y' is also the key of"),
        ('accept = "S"', "'S' is also the key of app.sources"),
        ('[keys.app]\nsources = "a"', "'a' is also the key of"),
        ('accept = ["y", "y"]', "it names one key twice"),
        ('accept = "enter"', "'enter' always moves, chooses or leaves"),
        ("accept = []", "accept has no key; leave it out"),
        ("accept = 5", "'keys.accept' is wrong"),
        ('accept = ""', "'keys.accept.0' is wrong"),
    ],
)
def test_what_is_wrong_is_named(given: str, why: str, settings_file: Path) -> None:
    with pytest.raises(QuotetrackError) as wrong:
        keymap(given, settings_file)
    assert why in str(wrong.value)
    assert str(settings_file) in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_the_keys_as_they_come_have_no_quarrel() -> None:
    own: dict[str, list[str]] = {}
    for binding in all_bindings():
        own.setdefault(str(binding.id), []).extend(key.strip() for key in binding.key.split(","))
    assert checked_keymap(own, all_bindings()).keys() == own.keys()


async def test_a_key_does_what_it_was_given(engine: Engine) -> None:
    keys = {"review.accept": "v,ctrl+n", "sources.merge": "g", "history.open": "o", "app.sources": "f2"}
    async with app_on(engine, "a", keymap=keys) as pilot:
        assert get_quote(engine, 1).status == "pending"
        await keyed(pilot, "v")
        assert get_quote(engine, 1).status == "accepted"
        pilot.app.set_focus(None)
        await keyed(pilot, "ctrl+n")
        assert get_quote(engine, 2).status == "accepted"
        await keyed(pilot, "?")
        assert "Accept the quote" in on_screen(pilot.app)
        assert any(
            line.split()[1:3] == ["v", "ctrl+n"] or " v ^n" in line for line in on_screen(pilot.app).splitlines()
        )
        await keyed(pilot, "escape")
        await keyed(pilot, "H", "4", "end", "o")
        assert len(pilot.app.screen_stack) == 1


async def test_a_changed_key_is_typed_where_one_types(engine: Engine) -> None:
    async with app_on(engine, "S", "/", "gym", keymap={"sources.merge": "g", "sources.rename": "y"}) as pilot:
        assert "“gym”" in on_screen(pilot.app)
        await keyed(pilot, "escape", "home", "g", "kim", "enter", "enter")
        assert show_source(engine, "Anna Smith").name == "Kim"
        await keyed(pilot, "?")
        [line] = [line for line in on_screen(pilot.app).splitlines() if "Make it part of another source" in line]
        assert "g" in line.split()
