"""Choosing another attribution of the same article: of which this is a duplicate, or in which it is nested."""

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from quotetrack.domain import SpanRole
from quotetrack.harmless import one_line, quoted
from quotetrack.review.dialogs.base import Dialog
from quotetrack.store.queries import QuoteRow


def nearest(quote: QuoteRow, others: Sequence[QuoteRow]) -> list[QuoteRow]:
    """The other attributions of the article that may be meant, those that share text with it first."""
    mine = quote.spans[SpanRole.CONTENT]

    def distance(row: QuoteRow) -> int:
        return min(max(a.start - b.end, b.start - a.end, 0) for a in mine for b in row.spans[SpanRole.CONTENT])

    found = [row for row in others if row.id != quote.id and row.status != "withdrawn"]
    return sorted(found, key=lambda row: (distance(row), row.id))


class RelatedDialog(Dialog[tuple[str, int | None]]):
    """Answers `duplicate` or `nest` with an id; `nest` with None if it is nested in none."""

    BINDINGS = [  # noqa: RUF012
        Binding(
            "d",
            "choose('duplicate')",
            "Duplicate of it",
            id="related.duplicate",
            tooltip="It is the same",
            priority=True,
        ),
        Binding(
            "n",
            "choose('nest')",
            "Nested in it",
            id="related.nest",
            tooltip="It stands within its content",
            priority=True,
        ),
        Binding("0", "none", "Nested in none", id="related.none", tooltip="It stands within no other", priority=True),
        Binding("j", "move(1)", "Down", show=False, priority=True),
        Binding("k", "move(-1)", "Up", show=False, priority=True),
    ]
    DEFAULT_CSS = "RelatedDialog { & > .box { width: 100; } & OptionList { max-height: 16; } }"

    def __init__(self, quote: QuoteRow, others: Sequence[QuoteRow]) -> None:
        super().__init__()
        self._quote = quote
        self._others = nearest(quote, others)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "Duplicate of which, or nested in which?"
            yield Static(Text(quoted(self._quote.content), no_wrap=True, overflow="ellipsis"), classes="muted cut")
            yield OptionList(*(self._line(row) for row in self._others))
            if not self._others:
                yield Static("The article has no other quote.")
            yield Static("Enter or d duplicate of it · n nested in it · 0 nested in none · Esc", classes="muted",
                         markup=False)  # fmt: skip

    def _line(self, row: QuoteRow) -> Text:
        speaker = one_line(row.speaker.name) if row.speaker else "nobody named"
        now = (
            "duplicate · "
            if row.id == self._quote.duplicate_of
            else "nested · "
            if row.id == self._quote.parent_id
            else ""
        )
        return Text(f"{now}{speaker}: {quoted(row.content, 90)}", no_wrap=True, overflow="ellipsis")

    def on_mount(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def on_option_list_option_selected(self) -> None:
        self.action_choose("duplicate")

    def action_choose(self, how: str) -> None:
        index = self.query_one(OptionList).highlighted
        if self._others:
            self.dismiss((how, self._others[index or 0].id))

    def action_none(self) -> None:
        self.dismiss(("nest", None))

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()
