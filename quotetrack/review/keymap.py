"""Keys of the reviewer's choice: the table `[keys]` of the settings, checked and brought into Textual's form.

Every binding that may be given other keys has an id: `review.accept` in the queue, `sources.merge` on the screen of
sources. In the settings, `review.` may be left out.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key, format_key

from quotetrack.errors import QuotetrackError

QUEUE = "review"
"""The scope that is meant when none is named."""
EVERYWHERE = "app"
"""The scope of the keys that work on every screen."""
KEPT = frozenset(
    {"up", "down", "left", "right", "pageup", "pagedown", "tab", "shift+tab", "enter", "escape", "ctrl+c", "ctrl+q"}
)
"""They move in lists, choose and leave: with another meaning, nobody would find out of what he is in."""
MODIFIERS = {"ctrl", "shift", "alt", "super", "meta", "hyper"}
_NAMED = {key.value for key in Keys if "+" not in key.value and "<" not in key.value} | {
    *KEY_NAME_REPLACEMENTS.values()
}


def checked_keymap(wanted: Mapping[str, Sequence[str]], bindings: Iterable[Binding]) -> dict[str, str]:
    """Textual's keymap for what the settings want; `bindings` are all there are.

    Raises QuotetrackError that names the first setting that is wrong: an action that does not exist, something that
    is no key, a key of another action on the same screen.
    """
    known: dict[str, list[str]] = {}
    for binding in bindings:
        if binding.id:
            known.setdefault(binding.id, []).extend(key.strip() for key in binding.key.split(","))
    keymap = {}
    for name, keys in wanted.items():
        id_ = name if "." in name else f"{QUEUE}.{name}"
        if id_ not in known:
            raise _wrong(name, _unknown(id_, known))
        normal = [_normal(name, key) for key in keys]
        for key in normal:
            if key in KEPT and key not in known[id_]:
                raise _wrong(name, f"{key!r} always moves, chooses or leaves. Take another key")
        keymap[id_] = normal
    _check_each_once(keymap, known | keymap)
    return {id_: ",".join(keys) for id_, keys in keymap.items()}


def _check_each_once(keymap: Mapping[str, Sequence[str]], all_keys: Mapping[str, Sequence[str]]) -> None:
    for id_, keys in keymap.items():
        scope = _scope(id_)
        if len(set(keys)) < len(keys):
            raise _wrong(_name(id_), "it names one key twice")
        for other, others in all_keys.items():
            meets = scope == _scope(other) or EVERYWHERE in (scope, _scope(other))
            if other != id_ and meets and (both := set(keys) & set(others)):
                key = min(both)
                raise _wrong(_name(id_), f"{key!r} is also the key of {_name(other)}. Give one of the two another key")


def _scope(id_: str) -> str:
    return id_.partition(".")[0]


def _name(id_: str) -> str:
    """An action as the settings name it."""
    return id_.removeprefix(f"{QUEUE}.")


def _unknown(id_: str, known: Iterable[str]) -> str:
    names = sorted(_name(one) for one in known)
    near = difflib.get_close_matches(_name(id_), names, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}"
    return f"there is no such action. {hint}"


def _normal(name: str, key: str) -> str:
    """A key in Textual's form: `ctrl+n`, `question_mark` for `?`."""
    *modifiers, last = key.strip().split("+") if len(key.strip()) > 1 else [key.strip()]
    if len(last) == 1:
        last = _character_to_key(last)
    elif last not in _NAMED and not _is_character_name(last):
        last = ""
    if not last or not set(modifiers) <= MODIFIERS:
        raise _wrong(name, f"{key!r} is no key. Write it like 'a', '?', 'ctrl+n', 'f5' or 'space'")
    return "+".join([*modifiers, last])


def _is_character_name(word: str) -> bool:
    import unicodedata

    try:
        unicodedata.lookup(word.replace("_", " ").upper())
    except KeyError:
        return False
    return True


def _wrong(name: str, why: str) -> QuotetrackError:
    from quotetrack.settings import settings_path

    end = "" if why.endswith("?") else "."
    return QuotetrackError(f"The setting 'keys.{name}' is wrong: {why}{end} Look at {settings_path()}.")


def explained(bindings: Iterable[Binding], app: Any) -> list[Binding]:
    """The bindings under the keys that they have now, for the help screen."""
    keymap: Mapping[str, str] = getattr(app, "keymap", {})
    shown = []
    for binding in bindings:
        keys = keymap.get(binding.id or "")
        display = " ".join(map(format_key, keys.split(","))) if keys else binding.key_display
        shown.append(replace(binding, key_display=display))
    return shown
