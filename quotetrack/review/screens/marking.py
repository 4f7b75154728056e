"""Marking an attribution that was missed, over the article pane."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from quotetrack.domain import SpanRole, Spans
from quotetrack.errors import InvalidError
from quotetrack.harmless import quoted
from quotetrack.review import marking
from quotetrack.review.marking import Marking
from quotetrack.review.screens.drawing import DrawingScreen, does, moving
from quotetrack.review.widgets.article import MARKS, ArticleView, Mark
from quotetrack.store.queries import QuoteRow


@dataclass(frozen=True, slots=True)
class Marked:
    spans: dict[SpanRole, Spans]
    nested: bool
    """Whether it is to be nested in the attribution that was under the cursor."""


class MarkingScreen(DrawingScreen[Marked]):
    TITLE_OF_BOX = "Adding a quote"
    BINDINGS = [  # noqa: RUF012
        does("space", "do('marked')", "Begin/end", shown="Space"),
        does("enter", "do('entered')", "Go on", shown="Enter"),
        does("escape", "cancel", "Back", shown="Esc"),
        does("slash", "find", "Find", shown="/"),
        does("n", "nested", "Nested"),
        does("pagedown", "page(1)", "", show=False),
        does("pageup", "page(-1)", "", show=False),
        does("home", "to_end(False)", "", show=False),
        does("end", "to_end(True)", "", show=False),
        *moving("move"),
    ]
    DEFAULT_CSS = "MarkingScreen { & Input { display: none; } & Input.-open { display: block; } }"

    def __init__(self, text: str, others: Sequence[Mark], current: QuoteRow | None) -> None:
        super().__init__(text, others)
        inside = current.spans[SpanRole.CONTENT] if current else ()
        self._within = inside
        self._nested: bool | None = None
        """None as long as the reviewer has not said: then by where the content is."""
        self._about = current.content if current else ""
        self._marking = marking.moved_to(Marking(text), inside[0].start if inside else 0)
        self._wrong = ""

    def compose_field(self) -> ComposeResult:
        yield Input(placeholder="go to these words; Enter", compact=True)

    @property
    def is_nested(self) -> bool:
        if self._nested is not None:
            return self._nested
        content = self._marking.drawn.get(SpanRole.CONTENT, ())
        return bool(content) and all(any(w.contains(c) and w != c for w in self._within) for c in content)

    def show(self) -> None:
        now = self._marking
        if now.role is None or not self.is_drawn:
            return
        marks = [Mark(span, role.value) for role, spans in now.drawn.items() for span in spans]
        if now.span is not None and now.anchor is not None:
            edge = "start" if now.span.start < now.anchor.start else "end"
            marks.append(Mark(now.span, now.role.value, edge))
        marks.sort(key=lambda mark: MARKS.index(mark.name))
        cursor = now.cursor if now.span is None else None
        self.query_one(ArticleView).show(self._text, [*self._others, *marks], cursor, follow=now.at)
        where = "Space marks its end" if now.span else "Space marks its beginning"
        skip = "" if now.span or now.role is SpanRole.CONTENT else ", Enter leaves it out"
        words = now.span.of(self._text) if now.span else ""
        nested = f"[{'x' if self.is_nested else ' '}] n nested in {quoted(self._about, 24)} · " if self._about else ""
        self.say(
            f"{now.stage + 1}/3 {now.role}: {where}{skip}", words,
            self._wrong or f"{nested}←→ word · , . character · < > sentence · ↑↓ line",
        )  # fmt: skip

    def _become(self, change: Callable[[Marking], Marking]) -> None:
        self._wrong = ""
        try:
            self._marking = change(self._marking)
        except InvalidError as error:
            self._wrong = str(error)
        if self._marking.role is None:
            self.dismiss(Marked(self._marking.drawn, self.is_nested))
        else:
            self.show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are typed, only Esc does anything."""
        return not isinstance(self.focused, Input) or action not in ("do", "move", "find", "nested", "page", "to_end")

    def action_do(self, name: str) -> None:
        self._become(getattr(marking, name))

    def action_move(self, unit: str, forward: bool) -> None:
        if unit == "line":
            self._become(lambda now: marking.moved_to(now, self.line_away(now.at, 1 if forward else -1)))
        else:
            self._become(lambda now: marking.moved(now, unit, forward))  # type: ignore[arg-type]

    def action_page(self, by: int) -> None:
        if not self.is_drawn:
            return
        lines = by * max(self.query_one(ArticleView).size.height - 2, 1)
        self._become(lambda now: marking.moved_to(now, self.line_away(now.at, lines)))

    def action_to_end(self, last: bool) -> None:
        self._become(lambda now: marking.moved_to(now, len(self._text) if last else 0))

    def action_nested(self) -> None:
        self._nested = not self.is_nested if self._about else None
        self.show()

    def action_find(self) -> None:
        if not self.is_drawn:
            return
        field = self.query_one(Input)
        field.value = ""
        field.add_class("-open")
        self.set_focus(field)

    @on(Input.Submitted)
    def _find(self, event: Input.Submitted) -> None:
        self._close_field()
        words = event.value.strip()
        before = self._marking
        self._become(lambda now: marking.found(now, words))
        if words and self._marking == before and not self._text.casefold().startswith(words.casefold(), before.at):
            self._wrong = f"The article does not have {quoted(words)}."
            self.show()

    def _close_field(self) -> None:
        self.query_one(Input).remove_class("-open")
        self.set_focus(self.query_one(ArticleView))

    def action_cancel(self) -> None:
        if isinstance(self.focused, Input):
            self._close_field()
            return
        back = marking.backed(self._marking)
        if back is None:
            self.dismiss(None)
        else:
            self._become(lambda _: back)
