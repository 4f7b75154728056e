"""Drawing spans from the keyboard, over the article pane: what editing them and marking new ones have in common."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widgets import Static

from quotetrack.harmless import one_line
from quotetrack.review.widgets.article import ArticleView, Legend, Mark
from quotetrack.review.widgets.item import ItemPane
from quotetrack.review.widgets.keyline import KeyLine

Answered = TypeVar("Answered")


class DrawingScreen(ModalScreen[Answered | None], Generic[Answered]):
    """Covers the article pane and nothing else; the queue stays in sight, and its keys are off."""

    DEFAULT_CSS = """
    DrawingScreen {
        background: transparent;
        & > Vertical { background: $background; border: heavy $warning; border-title-color: $text-warning; }
        & ArticleView { height: 1fr; }
        & .says { height: 1; padding: 0 1; text-wrap: nowrap; }
        & .how { height: auto; max-height: 2; padding: 0 1; color: $text-muted; }
    }
    """
    TITLE_OF_BOX = ""

    def __init__(self, text: str, others: Sequence[Mark]) -> None:
        super().__init__()
        self._text = text
        self._others = list(others)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self.TITLE_OF_BOX
            yield (article := ArticleView())
            yield Legend(article)
            yield from self.compose_field()
            yield Static(classes="says", markup=False)
            yield Static(classes="how", markup=False)
        yield KeyLine()

    def compose_field(self) -> ComposeResult:
        """What else is to be in the box."""
        yield from ()

    def on_mount(self) -> None:
        self.set_focus(self.query_one(ArticleView))
        self._lie_on_pane()

    def on_resize(self, _event: events.Resize) -> None:
        self.call_after_refresh(self._lie_on_pane)

    @property
    def is_drawn(self) -> bool:
        """Whether the widgets are there. Keys may come before them, and are acted on all the same."""
        return bool(self.query(".how"))

    def _lie_on_pane(self) -> None:
        """Lie where the article pane is; on a small terminal, over the list too."""
        region = Region(0, 1, self.size.width, self.size.height - 2)
        if self.size.height > 30:
            panes = [pane for screen in self.app.screen_stack for pane in screen.query(ItemPane)]
            region = panes[0].region if panes and panes[0].region.area else region
        box = self.query_one(Vertical)
        box.styles.offset = region.offset
        box.styles.width, box.styles.height = region.size
        self.call_after_refresh(self.show)

    def show(self) -> None:
        raise NotImplementedError

    def say(self, what: str, words: str, how: str) -> None:
        """Say what is being moved, in which words, and by which keys."""
        line = self.query_one(".says", Static)
        room = line.content_size.width - len(what) - 4
        line.update(Text.assemble((f" {what} ", "bold reverse"), "  ", both_ends(one_line(words), max(room, 9))))
        self.query_one(".how", Static).update(how)

    def line_away(self, at: int, by: int) -> int:
        """The offset in the line above or below another, in the same column."""
        if not self.is_drawn:
            return at
        layout = self.query_one(ArticleView).text_layout
        return layout.offset_in_line(layout.line_of(at) + by, layout.column_of(at)) if layout.lines else at

    def action_cancel(self) -> None:
        self.dismiss(None)


def moving(action: str) -> list[Binding]:
    """The keys that move by character, word, line and sentence, each with one that every terminal has."""
    rows = (
        ("left", "right", "word", "←/→ word"),
        ("shift+left,comma", "shift+right,full_stop", "character", ", . char"),
        ("alt+left,ctrl+left,less_than_sign", "alt+right,ctrl+right,greater_than_sign", "sentence", "< > sentence"),
        ("up", "down", "line", ""),
    )
    return [
        Binding(keys, f"{action}('{unit}', {forward})", label if forward else "", show=False,
                tooltip=f"Move by {unit} {'forward' if forward else 'back'}", priority=True)
        for back, on, unit, label in rows
        for keys, forward in ((back, False), (on, True))
    ]  # fmt: skip


def does(keys: str, action: str, label: str, *, shown: str = "", show: bool = True) -> Binding:
    return Binding(keys, action, label, key_display=shown or None, show=show, priority=True)


def both_ends(words: str, width: int) -> str:
    """The beginning and the end of long words, since it is an end that moves."""
    half = (width - 3) // 2
    return words if len(words) <= width else f"{words[:half]} … {words[-half:]}"
