"""The line at the top: whose review of what, how far it has come, and for a while what has just been done."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from quotetrack.harmless import one_line

STAYS = 6.0
"""Seconds that what was done is told."""


class StatusLine(Widget):
    """Always in sight. The figures on the right are never cut; what is on the left is."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $foreground;
        text-style: bold;
        & > .status--said { color: $text-success; }
    }
    """
    COMPONENT_CLASSES = {"status--said"}  # noqa: RUF012

    figures: reactive[tuple[str, ...]] = reactive(())
    """From the one that matters most."""
    saving: reactive[str] = reactive("")
    """Whether everything is stored."""
    said: reactive[str] = reactive("")
    """What has just been done. It takes the place of the names, and of figures if it is long."""

    def __init__(self, database: str, reviewer: str, *, modes: Sequence[str] = ()) -> None:
        """`modes` says what is unusual about the review, in the first of these ways for which there is room."""
        super().__init__()
        self._modes = modes or ("",)
        self._names = " · ".join((one_line(database), one_line(reviewer)))
        self._silence: Timer | None = None

    def say(self, what: str) -> None:
        """Tell of something that was done, in place of what was told before."""
        if self._silence:
            self._silence.stop()
        self._silence = self.set_timer(STAYS, self._be_silent)
        self.said = one_line(what)

    def _be_silent(self) -> None:
        self.said = ""

    def render(self) -> Text:
        width, figures = self.size.width, self.figures
        if self.said:
            left = Text(self.said, self.get_component_rich_style("status--said", partial=True), no_wrap=True)
            while len(figures) > 2 and left.cell_len + len(_joined(figures)) + 2 > width:
                figures = figures[:-1]
        else:
            room = width - len(_joined(figures)) - 2
            ways = [" · ".join(filter(None, (mode, self._names, self.saving))) for mode in self._modes]
            left = Text(next((way for way in ways if cell_len(way) <= room), ways[-1]), no_wrap=True)
        left.truncate(max(width - len(_joined(figures)) - 2, 0), overflow="ellipsis", pad=True)
        return Text.assemble(left, "  ", _joined(figures), no_wrap=True)


def _joined(figures: tuple[str, ...]) -> str:
    return " · ".join(figures)
