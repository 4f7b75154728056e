"""The line at the top: whose review of what, and how far it has come."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from quotetrack.harmless import one_line


class StatusLine(Widget):
    """Always in sight. The figures on the right are never cut; the names on the left are."""

    DEFAULT_CSS = "StatusLine { height: 1; padding: 0 1; background: $panel; color: $foreground; text-style: bold; }"

    figures: reactive[str] = reactive("")
    saving: reactive[str] = reactive("")
    """Whether everything is stored."""

    def __init__(self, database: str, reviewer: str, *, modes: Sequence[str] = ()) -> None:
        """`modes` says what is unusual about the review, in the first of these ways for which there is room."""
        super().__init__()
        self._modes = modes or ("",)
        self._names = " · ".join((one_line(database), one_line(reviewer)))

    def render(self) -> Text:
        room = max(self.size.width - len(self.figures) - 2, 0)
        ways = [" · ".join(filter(None, (mode, self._names, self.saving))) for mode in self._modes]
        names = Text(next((way for way in ways if cell_len(way) <= room), ways[-1]), no_wrap=True)
        names.truncate(room, overflow="ellipsis", pad=True)
        return Text.assemble(names, "  ", self.figures, no_wrap=True)
