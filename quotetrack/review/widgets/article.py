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
from quotetrack.review.widgets.layout import Layout, Sign
from quotetrack.store.queries import QuoteRow

GUTTER = 2
MARKS = ("other", "content", "cue", "source", "hop", "edge")
"""From the weakest to the strongest: where two overlap, the stronger one's colour is seen."""
BRACKETS = {"content": ("⟦", "⟧"), "cue": ("/", "/"), "source": ("{", "}"), "hop": ("<", ">")}
"""Around each piece, so that a terminal without colours shows what it is."""
AT_START, AT_END, CURSOR = "▸", "◂", "┃"


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to be shown in one of the styles of MARKS; `edge` is the one of it that is being moved."""

    span: Span
    name: str
    edge: str = ""


def marks_of(quote: QuoteRow, others: Iterable[QuoteRow]) -> list[Mark]:
    """The marks of an attribution and of its article's other attributions, weakest first."""
    marks = [*marks_of_others(others, quote.id)]
    marks += [Mark(span, role.value) for role in SpanRole for span in quote.spans.get(role, ())]
    sources = quote.spans.get(SpanRole.SOURCE, ())
    marks += [
        Mark(hop.span, "hop")
        for hop in quote.hops
        if hop.span and (hop.role == HopRole.CHANNEL or not any(hop.span.overlaps(s) for s in sources))
    ]
    return sorted(marks, key=lambda mark: MARKS.index(mark.name))


def marks_of_others(others: Iterable[QuoteRow], but: int | None = None) -> list[Mark]:
    """What else in the article is attributed to somebody; not what a reviewer took back or threw out."""
    return [
        Mark(span, "other")
        for row in others
        if row.id != but and row.status in ("pending", "accepted")
        for span in row.spans.get(SpanRole.CONTENT, ())
    ]


def signs_of(marks: Iterable[Mark], cursor: int | None = None) -> list[Sign]:
    """The brackets of the marks, and the cursor."""
    signs = []
    for mark in marks:
        if mark.name not in BRACKETS:
            continue
        opening, closing = BRACKETS[mark.name]
        start, end = mark.span.start, mark.span.end
        if mark.edge == "start":
            opening = AT_START + opening
        elif mark.edge == "end":
            closing += AT_END
        signs.append(Sign(start, (2, -end), opening, mark.name))
        signs.append(Sign(end, (0, -start), closing, mark.name))
    return signs if cursor is None else [*signs, Sign(cursor, (1, 0), CURSOR, "edge")]


class ArticleView(ScrollView, can_focus=True):
    """A text of any length in screen lines; a bar at the left says which lines the marked attribution is on.

    Lines are broken here, by offsets, so that any offset can be scrolled to and styled.
    """

    COMPONENT_CLASSES = {f"article--{name}" for name in (*MARKS, "bar")}  # noqa: RUF012
    # Okabe and Ito's colours, which colour-blind people tell apart, darkened for a light ground.
    DEFAULT_CSS = """
    ArticleView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .article--other { color: $text-muted; text-style: underline; }
        & > .article--content { color: #56b4e9; text-style: underline; }
        & > .article--cue { color: #f0e442; text-style: bold italic; }
        & > .article--source { color: #e69f00; text-style: bold; }
        & > .article--hop { color: #e59bc4; text-style: bold underline; }
        & > .article--edge { color: $foreground; text-style: bold reverse; }
        & > .article--bar { color: $accent; text-style: bold; }
        &:light > .article--content { color: #005b8f; }
        &:light > .article--cue { color: #5c5000; }
        &:light > .article--source { color: #a03c00; }
        &:light > .article--hop { color: #8a2f66; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""
        self._shown = ""
        self._marks: list[Mark] = []
        self._cursor: int | None = None
        self._layout_now = Layout("", (), 0)
        self._width = 0

    def show(self, text: str, marks: Sequence[Mark], cursor: int | None = None, *, follow: int | None = None) -> None:
        """Show a text, scrolled to where its marks (other than `other`) begin, or to the offset `follow`."""
        if text != self._text:
            self._shown = harmless(text).replace("\t", " ")
        if (text, list(marks), cursor) != (self._text, self._marks, self._cursor):
            self._text, self._marks, self._cursor = text, list(marks), cursor
            self._lay_out()
            self.refresh()
        elif follow is None:
            return
        if follow is None:
            self.call_after_refresh(self.scroll_to_marks)
        else:
            self.call_after_refresh(self.scroll_to_offset, follow)

    @property
    def text_layout(self) -> Layout:
        return self._layout_now

    def scroll_to_offset(self, offset: int) -> None:
        """Bring an offset into view, and two lines around it, moving no more than needed."""
        line, top, height = self._layout_now.line_of(offset), self.scroll_offset.y, self.size.height
        spare = min(2, max(height // 2 - 1, 0))
        if line - spare < top:
            self.scroll_to(y=max(line - spare, 0), animate=False)
        elif line + spare >= top + height:
            self.scroll_to(y=line + spare - height + 1, animate=False)

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
        layout = self._layout_now
        if not layout.lines:
            return []
        found = {
            line
            for mark in self._marks
            if mark.name in names
            for line in range(layout.line_of(mark.span.start), layout.line_of(mark.span.end - 1) + 1)
        }
        return sorted(found)

    def on_resize(self, _event: events.Resize) -> None:
        if self.scrollable_content_region.width != self._width:
            self._lay_out()
            self.call_after_refresh(self.scroll_to_marks)

    def _lay_out(self) -> None:
        self._width = self.scrollable_content_region.width
        self._layout_now = Layout(self._shown, signs_of(self._marks, self._cursor), self._width - GUTTER)
        size = Size(self._width, len(self._layout_now.lines))
        if size != self.virtual_size:
            self.virtual_size = size

    def render_line(self, y: int) -> Strip:
        y += self.scroll_offset.y
        base = self.rich_style
        layout = self._layout_now
        if y >= len(layout.lines):
            return Strip.blank(self._width, base)
        start, end = layout.lines[y]
        placed = [(m, layout.start(m.span.start), layout.end(m.span.end)) for m in self._marks]
        on_line = [(m, s, e) for m, s, e in placed if s < end and start < e]
        signs = dict(layout.signs_between(start, end))
        is_marked = bool(signs) or any(m.name != "other" for m, *_ in on_line)
        bar = self.get_component_rich_style("article--bar", partial=True)
        segments = [Segment("▌ ", base + bar) if is_marked else Segment("  ", base)]
        cuts = {start, end, *signs, *(place + len(sign.shown) for place, sign in signs.items())}
        cuts |= {cut for _, s, e in on_line for cut in (s, e)}
        for first, stop in pairwise(sorted(cut for cut in cuts if start <= cut <= end)):
            if sign := signs.get(first):
                style = mark_style(self, [sign.name]) + Style(bold=True, underline=False, italic=False)
                if sign.shown[0] == AT_START or sign.shown[-1] == AT_END or sign.name == "edge":
                    style += Style(reverse=True)
            else:
                style = mark_style(self, [m.name for m, s, e in on_line if s <= first and stop <= e])
            segments.append(Segment(layout.shown[first:stop], base + style))
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

    def __init__(self, article: ArticleView) -> None:
        super().__init__()
        self._article = article

    def render(self) -> Text:
        parts = [
            (f"{left}{name}{right}", mark_style(self._article, [name])) for name, (left, right) in BRACKETS.items()
        ]
        parts.append(("other quotes", mark_style(self._article, ["other"])))
        return Text("  ", no_wrap=True).join(Text(word, style) for word, style in parts)
