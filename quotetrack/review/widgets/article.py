"""The article's text, with one attribution's spans marked in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from quotetrack.domain import HopRole, Span, SpanRole
from quotetrack.harmless import harmless
from quotetrack.review.widgets.wrap import wrap
from quotetrack.store.queries import QuoteRow

GUTTER = 2
MARKS = ("other", "content", "cue", "source", "hop")
"""From the weakest to the strongest: where two overlap, the stronger one's colour is seen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to be shown in one of the styles of MARKS."""

    span: Span
    name: str


def marks_of(quote: QuoteRow, others: Iterable[QuoteRow]) -> list[Mark]:
    """The marks of an attribution and of its article's other attributions, weakest first."""
    marks = [
        Mark(span, "other") for row in others if row.id != quote.id for span in row.spans.get(SpanRole.CONTENT, ())
    ]
    marks += [Mark(span, role.value) for role in SpanRole for span in quote.spans.get(role, ())]
    sources = quote.spans.get(SpanRole.SOURCE, ())
    marks += [
        Mark(hop.span, "hop")
        for hop in quote.hops
        if hop.span and (hop.role == HopRole.CHANNEL or not any(hop.span.overlaps(s) for s in sources))
    ]
    return sorted(marks, key=lambda mark: MARKS.index(mark.name))


class ArticleView(ScrollView, can_focus=True):
    """A text of any length in screen lines; a bar at the left says which lines the marked attribution is on.

    Lines are broken here, by offsets, so that any offset can be scrolled to and styled.
    """

    COMPONENT_CLASSES = {f"article--{name}" for name in (*MARKS, "bar")}  # noqa: RUF012
    DEFAULT_CSS = """
    ArticleView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .article--other { color: $text-muted; text-style: dim underline; }
        & > .article--content { color: $text-success; text-style: underline; }
        & > .article--cue { color: $foreground; text-style: bold italic; }
        & > .article--source { color: $text-primary; text-style: bold reverse; }
        & > .article--hop { color: $text-accent; text-style: bold underline; }
        & > .article--bar { color: $accent; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""
        self._shown = ""
        self._marks: list[Mark] = []
        self._lines: list[tuple[int, int]] = []
        self._width = 0

    def show(self, text: str, marks: Sequence[Mark]) -> None:
        """Show a text, scrolled to where its marks (other than `other`) begin."""
        changed = text != self._text
        self._text, self._marks = text, list(marks)
        if changed:
            self._wrap()
        self.refresh()
        self.call_after_refresh(self.scroll_to_marks)

    def scroll_to_marks(self) -> None:
        """Bring the whole attribution into view, with some lines before it; if it does not fit, its content."""
        height = self.size.height
        for names in (("content", "cue", "source", "hop"), ("content", "cue", "source"), ("content", "cue")):
            lines = self._lines_with(names)
            tall = lines[-1] - lines[0] + 1 if lines else 0
            if tall <= height:
                break
        before = max(min(height // 4, height - tall), 0)
        self.scroll_to(y=max(lines[0] - before, 0) if lines else 0, animate=False)

    def _lines_with(self, names: Sequence[str]) -> list[int]:
        spans = [mark.span for mark in self._marks if mark.name in names]
        return [y for y, (start, end) in enumerate(self._lines) if any(s.start < end and start < s.end for s in spans)]

    def on_resize(self, _event: events.Resize) -> None:
        if self.scrollable_content_region.width != self._width:
            self._wrap()
            self.call_after_refresh(self.scroll_to_marks)

    def _wrap(self) -> None:
        self._width = self.scrollable_content_region.width
        self._shown = harmless(self._text).replace("\t", " ")
        self._lines = wrap(self._shown, self._width - GUTTER) if self._width else []
        self.virtual_size = Size(self._width, len(self._lines))

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        base = self.rich_style
        if y >= len(self._lines):
            return Strip.blank(self._width, base)
        start, end = self._lines[y]
        on_line = [m for m in self._marks if m.span.start < end and start < m.span.end]
        is_marked = any(m.name != "other" for m in on_line)
        bar = self.get_component_rich_style("article--bar", partial=True)
        segments = [Segment("▌ ", base + bar) if is_marked else Segment("  ", base)]
        cuts = {start, end} | {cut for m in on_line for cut in (m.span.start, m.span.end) if start < cut < end}
        for first, stop in pairwise(sorted(cuts)):
            names = [m.name for m in on_line if m.span.start <= first and stop <= m.span.end]
            segments.append(Segment(self._shown[first:stop], base + mark_style(self, names)))
        length = sum(cell_len(segment.text) for segment in segments)
        return Strip(segments, length).adjust_cell_length(self._width, base)


def mark_style(widget: ArticleView, names: Iterable[str]) -> Style:
    """The style of text that has all these marks."""
    names = [name for name in MARKS if name in names]
    if len(names) > 1 and names[0] == "other":
        names = names[1:]  # another attribution matters only where this one is not
    return sum((widget.get_component_rich_style(f"article--{name}") for name in names), Style.null())


class Legend(Static):
    """One line that shows what each mark looks like."""

    DEFAULT_CSS = "Legend { height: 1; padding: 0 1; color: $text-muted; }"
    SAYS = {"content": "content", "cue": "cue", "source": "source", "hop": "hop", "other": "other quotes"}  # noqa: RUF012

    def __init__(self, article: ArticleView) -> None:
        super().__init__()
        self._article = article

    def render(self) -> Text:
        parts = [(word, mark_style(self._article, [name])) for name, word in self.SAYS.items()]
        return Text("  ", no_wrap=True).join(Text(word, style) for word, style in parts)
