"""Editing the spans of an attribution from the keyboard."""

from collections.abc import Callable, Mapping, Sequence

from quotetrack.domain import SpanRole, Spans, text_of
from quotetrack.errors import InvalidError
from quotetrack.review import editing
from quotetrack.review.editing import SpanEdit
from quotetrack.review.screens.drawing import DrawingScreen, does, moving
from quotetrack.review.widgets.article import MARKS, ArticleView, Mark

Drawn = Mapping[SpanRole, Spans]


class SpansScreen(DrawingScreen[Drawn]):
    """Editing: every state on the way is shown, and could be saved."""

    TITLE_OF_BOX = "Editing the spans"
    BINDINGS = [  # noqa: RUF012
        does("enter", "save", "Save", shown="Enter"),
        does("escape", "cancel", "Back", shown="Esc"),
        does("1", "role('content')", "Role", shown="1-3"),
        does("2", "role('cue')", "", show=False),
        does("3", "role('source')", "", show=False),
        does("tab", "next_role(1)", "", show=False),
        does("shift+tab", "next_role(-1)", "", show=False),
        does("o", "do('switched')", "Edge"),
        does("right_square_bracket", "piece(1)", "Piece", shown="[]"),
        does("left_square_bracket", "piece(-1)", "", show=False),
        does("plus,equals_sign", "do('added')", "Add", shown="+"),
        does("minus", "do('removed')", "Drop", shown="-"),
        does("slash", "do('split')", "Split", shown="/"),
        does("j", "do('joined')", "Join"),
        does("u", "back", "Undo"),
        *moving("move"),
    ]

    def __init__(self, text: str, spans: Drawn, others: Sequence[Mark]) -> None:
        super().__init__(text, others)
        self._before = dict(spans)
        self._edit = editing.begin(text, spans)
        self._past: list[SpanEdit] = []
        self._wrong = ""

    def show(self) -> None:
        if not self.is_drawn:
            return
        edit = self._edit
        marks = [*self._others, *marks_of_edit(edit)]
        cursor = edit.cursor if edit.placing else None
        self.query_one(ArticleView).show(self._text, marks, cursor, follow=edit.at)
        words = text_of(edit.pieces, self._text) if edit.pieces else "(none)"
        if edit.placing:
            key = "+" if edit.placing == "add" else "/"
            how = f"← → move the cursor · Enter or {key} does it · Esc back to the edges"
        else:
            how = "←→ word · Shift+←→ or , . character · Alt+←→ or < > sentence · ↑↓ line"
        self.say(editing.said(edit), words, self._wrong or how)

    def _become(self, change: Callable[[SpanEdit], SpanEdit]) -> None:
        self._wrong = ""
        try:
            edit = change(self._edit)
        except InvalidError as error:
            self._wrong = str(error)
        else:
            if edit.spans != self._edit.spans:
                self._past.append(self._edit)
            self._edit = edit
        self.show()

    def action_do(self, name: str) -> None:
        self._become(getattr(editing, name))

    def action_role(self, role: str) -> None:
        self._become(lambda edit: editing.choose(edit, SpanRole(role)))

    def action_next_role(self, by: int) -> None:
        self._become(lambda edit: editing.next_role(edit, by))

    def action_piece(self, by: int) -> None:
        self._become(lambda edit: editing.next_piece(edit, by))

    def action_move(self, unit: str, forward: bool) -> None:
        if unit == "line":
            edge = "start" if self._edit.placing else self._edit.edge
            to = editing.nearest_stop(self._text, self.line_away(self._edit.at, 1 if forward else -1), edge)
            self._become(lambda edit: editing.moved_to(edit, to))
        else:
            self._become(lambda edit: editing.moved(edit, unit, forward))  # type: ignore[arg-type]

    def action_back(self) -> None:
        if self._past:
            self._edit = self._past.pop()
        self.show()

    def action_save(self) -> None:
        if self._edit.placing:
            self.action_do("added" if self._edit.placing == "add" else "split")
        else:
            self.dismiss(editing.changes(self._edit, self._before))

    def action_cancel(self) -> None:
        if self._edit.placing:
            self._become(editing.settled)
        else:
            self.dismiss(None)


def marks_of_edit(edit: SpanEdit) -> list[Mark]:
    marks = [
        Mark(span, role.value, edit.edge if (role, index) == (edit.role, edit.piece) and not edit.placing else "")
        for role, spans in edit.spans.items()
        for index, span in enumerate(spans)
    ]
    return sorted(marks, key=lambda mark: MARKS.index(mark.name))
