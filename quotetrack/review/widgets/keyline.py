"""The line at the bottom: the keys that apply now, as many as there is room for."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

HELP = ".help"
"""How the id of the key ends that is never left out: it tells of all others."""


class Key(NamedTuple):
    """A key as the line shows it."""

    name: str
    does: str
    binding: str
    """What Textual calls it."""
    is_extra: bool = False
    """Whether it is shown only where all others have found room."""
    stays: bool = False

    @property
    def width(self) -> int:
        """With the space that divides it from the next."""
        return cell_len(self.name) + cell_len(self.does) + 2


def fitting(keys: Sequence[Key], width: int) -> list[Key]:
    """The keys that are shown in so many cells, in their order: none is cut, and what comes first goes first."""
    left = width + 1  # none follows the last
    chosen: set[Key] = set()
    for key in sorted(keys, key=lambda key: (not key.stays, key.is_extra)):
        if key.width <= left:
            chosen.add(key)
            left -= key.width
        elif not key.is_extra:
            break  # else what matters less would stand where there is no room for what matters more
    return [key for key in keys if key in chosen]


class KeyLine(Widget):
    """Textual's own footer has a widget for each key, and makes all of them anew for every dialog: too slow for us."""

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        color: $footer-description-foreground;
        background: $footer-background;
        & > .keyline--key { color: $footer-key-foreground; text-style: bold; }
    }
    """
    COMPONENT_CLASSES = {"keyline--key"}  # noqa: RUF012

    keys: reactive[tuple[Key, ...]] = reactive(())

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)
        self._bindings_changed(self.screen)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.keys = tuple(self._active())

    def _active(self) -> Iterable[Key]:
        seen = set()
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            is_ours = bool(binding.id) or binding.show  # what Textual's widgets bind has no id and is not for show
            if enabled and is_ours and binding.description and binding.action not in seen:
                seen.add(binding.action)
                stays = (binding.id or "").endswith(HELP)
                yield Key(self.app.get_key_display(binding), binding.description, binding.key, not binding.show, stays)

    def render(self) -> Text:
        style = self.get_component_rich_style("keyline--key", partial=True)
        line = Text(no_wrap=True)
        for key in fitting(self.keys, self.size.width):
            press = {"@click": f"app.simulate_key({key.binding!r})"}
            line.append(Text.assemble((key.name, style), f" {key.does}").on(press)).append(" ")
        return line
