"""The line at the top: whose review of what, and how far it has come."""

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

    def __init__(self, database: str, reviewer: str) -> None:
        super().__init__()
        self._names = " · ".join((one_line(database), one_line(reviewer)))

    def render(self) -> Text:
        names = Text(" · ".join(filter(None, (self._names, self.saving))), no_wrap=True)
        names.truncate(max(self.size.width - len(self.figures) - 2, 0), overflow="ellipsis", pad=True)
        return Text.assemble(names, "  ", self.figures, no_wrap=True)
