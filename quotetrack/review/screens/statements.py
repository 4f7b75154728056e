"""The pairs that may say the same, or may be at odds: two articles side by side, for a reviewer's word."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from quotetrack.domain import Relation, Verdict
from quotetrack.errors import InvalidError
from quotetrack.explain import reasons
from quotetrack.harmless import one_line, quoted
from quotetrack.review.dialogs.pick import LineDialog, PickDialog
from quotetrack.review.messages import Answer
from quotetrack.review.screens.listing import PAGE, ListScreen, common_keys, key, moving_keys
from quotetrack.review.widgets.article import ArticleView, Mark, marks_of
from quotetrack.review.widgets.listing import Column, ListTable
from quotetrack.review.widgets.status import StatusLine
from quotetrack.statements.relate import SAME
from quotetrack.store.decisions import redo, relate, undo
from quotetrack.store.queries import QuoteRow, get_article
from quotetrack.store.source_views import NextUndone, next_redone, next_undone
from quotetrack.store.statements.outcomes import record_outcome, statement_id_of
from quotetrack.store.statements.pairs import FlatRow, PairCounts, PairRow, count_pairs, list_pairs

COLUMNS = (
    Column("", 1),
    Column("Relation", 12),
    Column("Score", 5, right=True),
    Column("One", 14, 4),
    Column("The other", 14, 4),
)
FILTERS = ("", *(relation.value for relation in Relation if relation is not Relation.UNRELATED))
KEPT = 32
VERDICTS = {"h": "held up", "f": "failed", "u": "unresolved"}


@dataclass
class PairsRead(Answer):
    rows: Sequence[PairRow]
    counts: PairCounts | None
    """Given with the first page."""
    first: bool


@dataclass
class TextsRead(Answer):
    pair_id: int
    texts: tuple[str, str]


class SidePane(Vertical):
    """One side of a pair: who says it, through whom, where and when, and the words in their article."""

    DEFAULT_CSS = """
    SidePane {
        height: 1fr; width: 1fr;
        & > Static { height: auto; max-height: 2; padding: 0 1; background: $panel; }
        & > ArticleView { height: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield ArticleView()

    def show(self, side: QuoteRow | FlatRow | None, text: str) -> None:
        heading, article = self.query_one(Static), self.query_one(ArticleView)
        if side is None:
            heading.update("")
            article.show("", [])
            return
        heading.update(_heading(side))
        marks = [Mark(side.span, "content")] if isinstance(side, FlatRow) else marks_of(side, ())
        article.show(text, marks if text else [])


class StatementsScreen(ListScreen):
    BINDINGS = [  # noqa: RUF012
        key("y", "statements.same", "same", "Same", "They say the same"),
        key("t", "statements.tension", "tension", "Tension", "Both cannot hold as they stand"),
        key("w", "statements.update", "update", "Update", "The later one brings the earlier up to date"),
        key("x", "statements.unrelated", "unrelated", "Unrelated", "They have nothing to do with each other"),
        key("i", "statements.skip", "skip", "Skip", "Leave it undecided and go on"),
        key("g", "statements.outcome", "outcome", "Outcome", "Record what became of what is said"),
        key("f", "statements.filter", "filter", "Filter", "Show only one relation; again for the next"),
        key("u", "statements.undo", "undo", "Undo", "Take back your newest decision on a pair"),
        key("U", "statements.redo", "redo", "Redo", "Do again what you took back", show=False),
        key("J", "statements.scroll-down", "scroll(3)", "Articles down", "Scroll both articles down", show=False),
        key("K", "statements.scroll-up", "scroll(-3)", "Articles up", "Scroll both articles up", show=False),
        *common_keys("statements"),
        *moving_keys("statements"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    DEFAULT_CSS = """
    StatementsScreen {
        & #panes, &.-wide #panes { layout: vertical; }
        & #list { height: 6; }
        &.-wide #list { height: 9; }
        & #detail, &.-wide #detail { width: 100%; height: 1fr; padding: 0; border: none; overflow: hidden hidden; }
        & #sides { height: 1fr; layout: vertical; }
        &.-wide #sides { layout: horizontal; }
        &.-wide #right { border-left: solid $primary; }
        & #verdict { height: auto; max-height: 3; padding: 0 1; color: $text-muted; background: $panel; }
        &.-wide #verdict { max-height: 4; }
    }
    """
    WHAT = "Pairs that wait"

    def __init__(self, engine: Any, reviewer: str) -> None:
        super().__init__(engine, reviewer)
        self._relation = ""
        self._skipped: set[int] = set()
        self._deciding: set[int] = set()
        self._texts: dict[int, tuple[str, str]] = {}
        self._back_to: int | None = None
        """The pair whose decision was taken back, to be shown as soon as it is in the list again."""

    def make_table(self) -> ListTable:
        return ListTable(COLUMNS, self._cells)

    def compose_detail(self) -> ComposeResult:
        with Container(id="sides"):
            yield SidePane(id="left")
            yield SidePane(id="right")
        yield Static(id="verdict", markup=False)

    # reading

    def read_page(self, *, first: bool) -> None:
        after = None if first else list(self.table.shown.values())[-1]
        relation = self._relation

        def question(number: int) -> PairsRead:
            rows = list_pairs(self.engine, relation=relation, limit=PAGE, after=after)
            return PairsRead(number, rows, count_pairs(self.engine) if first else None, first)

        self.ask("page", question)

    @on(PairsRead)
    def _pairs_read(self, answer: PairsRead) -> None:
        if not self.is_newest("page", answer):
            return
        if answer.counts is not None:
            decided, waiting = (sum(counts.values()) for counts in (answer.counts.decided, answer.counts.waiting))
            self.query_one(StatusLine).figures = (f"{decided} decided", f"{waiting} to go")
        if answer.first:
            self._deciding.clear()
        self.page_read(list(answer.rows), first=answer.first)
        if self._back_to in self.table.shown:
            self.table.move_cursor(row=list(self.table.shown).index(self._back_to))
        self._back_to = None

    def read_current(self, row: Any) -> None:
        if row.id in self._texts:
            return

        def question(number: int) -> TextsRead:
            first, second = (get_article(self.engine, side.article_id).text for side in _sides(row))
            return TextsRead(number, row.id, (first, second))

        self.ask("articles", question)

    @on(TextsRead)
    def _texts_read(self, answer: TextsRead) -> None:
        self._texts[answer.pair_id] = answer.texts
        while len(self._texts) > KEPT:
            del self._texts[next(iter(self._texts))]
        row = self.table.current()
        if self.is_newest("articles", answer) and row and row.id == answer.pair_id:
            self.show_current(row)

    # showing

    def _cells(self, row: PairRow) -> Sequence[str]:
        sign = "…" if row.id in self._deciding else "–" if row.id in self._skipped else "·"
        contents = (side.text if isinstance(side, FlatRow) else side.content for side in _sides(row))
        return (sign, row.suggested.replace("_", " "), f"{row.score:.2f}", *contents)

    def place(self) -> str:
        return f"{self.WHAT} · {self._relation.replace('_', ' ') or 'all'} · likeliest first"

    def why_empty(self) -> str:
        if self._relation:
            return f"No pair waits that may be {self._relation.replace('_', ' ')}. f shows the next relation."
        return "No pair waits for a decision. `quotetrack statements suggest` compares new articles. Esc goes back."

    def show_current(self, row: Any | None) -> None:
        panes = (self.query_one("#left", SidePane), self.query_one("#right", SidePane))
        texts = self._texts.get(row.id, ("", "")) if row is not None else ("", "")
        sides = _sides(row) if row is not None else (None, None)
        for pane, side, text in zip(panes, sides, texts, strict=True):
            pane.show(side, text)
        self.query_one("#verdict", Static).update(_verdict(row) if row is not None else "")

    def action_scroll(self, lines: int) -> None:
        for article in self.query(ArticleView):
            article.scroll_relative(y=lines)

    def action_filter(self) -> None:
        self._relation = FILTERS[(FILTERS.index(self._relation) + 1) % len(FILTERS)]
        self.reload()

    # deciding

    def action_same(self) -> None:
        if (row := self._undecided()) is None:
            return
        if row.second is None:
            self._decide(row, Relation.UNATTRIBUTED)
        else:
            self._decide(row, row.suggested if row.suggested in SAME else Relation.SAME_CLAIM)

    def action_tension(self) -> None:
        self._between_two(Relation.TENSION)

    def action_update(self) -> None:
        self._between_two(Relation.UPDATE)

    def action_unrelated(self) -> None:
        if row := self._undecided():
            self._decide(row, Relation.UNRELATED)

    def _between_two(self, relation: Relation) -> None:
        if (row := self._undecided()) is None:
            return
        if row.second is None:
            self.say("Nobody speaks on the other side: y if it states the same, x if not.")
        else:
            self._decide(row, relation)

    def _undecided(self) -> PairRow | None:
        """The pair under the cursor, unless it is being decided on."""
        row: PairRow | None = self.table.current()
        return None if row is None or row.id in self._deciding else row

    def _decide(self, row: PairRow, relation: Relation) -> None:
        self._deciding.add(row.id)
        self.table.put(row)

        def job() -> str:
            relate(self.engine, row.id, relation, reviewer=self.reviewer, version=row.version)
            return f"Pair {row.id}: {relation.replace('_', ' ')}."

        self.change(job, "Not decided")
        self._go_on()

    def action_skip(self) -> None:
        if row := self.table.current():
            self._skipped.add(row.id)
            self.table.put(row)
            self._go_on()

    def _go_on(self) -> None:
        """To the next that is still open."""
        ids = list(self.table.shown)
        for index in range(self.table.cursor_row + 1, len(ids)):
            if ids[index] not in self._deciding | self._skipped:
                self.table.move_cursor(row=index)
                return
        self.say("That was the last one.")

    def action_undo(self) -> None:
        """Take back the reviewer's newest act if it is one on a pair: what is not seen here is not undone here."""
        self._repeat(next_undone, undo, "undo", "Undone")

    def action_redo(self) -> None:
        self._repeat(next_redone, redo, "do again", "Done again")

    def _repeat(
        self, upcoming: Callable[..., NextUndone | None], act: Callable[..., Any], what: str, done: str
    ) -> None:
        def job() -> str:
            newest = upcoming(self.engine, self.reviewer)
            if newest is None:
                return f"You have nothing to {what}."
            if newest.pair_id is None:
                return f"What you would {what} is not about a pair: go back with Esc."
            act(self.engine, reviewer=self.reviewer)
            self._back_to = newest.pair_id
            return f"{done}: pair {newest.pair_id}."

        self.change(job, f"Not {done.lower()}")

    def changed(self) -> None:
        if not self.changes:  # else what is still being saved would be shown as open again
            self.reload()

    # outcomes

    def action_outcome(self) -> None:
        row: PairRow | None = self.table.current()
        if row is None:
            return
        if row.second is None or row.suggested in SAME:
            self._ask_verdict(row.first)
            return
        both = {"1": row.first, "2": row.second}
        choices = {number: quoted(quote.content, 34) for number, quote in both.items()}

        def picked(choice: str | None) -> None:
            if choice is not None:
                self._ask_verdict(both[next(number for number, shown in choices.items() if shown == choice)])

        self.app.push_screen(PickDialog("Of which of the two?", choices), picked)

    def _ask_verdict(self, quote: QuoteRow) -> None:
        def picked(choice: str | None) -> None:
            if choice is not None:
                self._ask_note(quote, Verdict(choice.replace(" ", "_")))

        self.app.push_screen(PickDialog("What became of it?", VERDICTS, about=quote.content), picked)

    def _ask_note(self, quote: QuoteRow, verdict: Verdict) -> None:
        def typed(line: str | None) -> None:
            if line is None:
                return
            try:
                day, note, link = outcome_of(line)
            except InvalidError as error:
                self.complain("Not recorded", error)
                return

            def job() -> str:
                statement = statement_id_of(self.engine, quote.id)
                record_outcome(self.engine, statement, verdict, day=day, note=note, link=link, reviewer=self.reviewer)
                return f"Statement {statement}: {verdict.replace('_', ' ')} ({day})."

            self.change(job, "Not recorded")

        hint = "the day it was clear, by what, and a link if there is one"
        self.app.push_screen(
            LineDialog("When, and by what?", value=f"{date.today()} ", hint=hint, about=quote.content), typed
        )


def outcome_of(line: str) -> tuple[date, str, str | None]:
    """The day, the note and the link in a line such as "2025-07-02 the ferry sailed https://example.org".

    Without a day it is today. Raises InvalidError if there is no such day, or no note.
    """
    found = re.fullmatch(r"\s*(\d{4}-\d\d-\d\d)?\s*(.*?)\s*(https?://\S+)?\s*", line)
    assert found is not None
    try:
        day = date.fromisoformat(found[1]) if found[1] else date.today()
    except ValueError as error:
        raise InvalidError(f"There is no day {found[1]}.") from error
    if not found[2]:
        raise InvalidError("A note says by what it was clear: write a few words.")
    return day, found[2], found[3]


def _sides(row: PairRow) -> tuple[QuoteRow | FlatRow, QuoteRow | FlatRow]:
    """Both sides, the earlier at the left."""
    other = row.second or row.flat
    assert other is not None
    sides: tuple[QuoteRow | FlatRow, QuoteRow | FlatRow] = (row.first, other)
    if row.first.published and other.published and other.published < row.first.published:
        return sides[1], sides[0]
    return sides


def _heading(side: QuoteRow | FlatRow) -> Text:
    when = f"{side.published:%Y-%m-%d}" if side.published else "undated"
    outlet = one_line(side.outlet or side.title)
    if isinstance(side, FlatRow):
        return Text.assemble((f"{outlet} · {when}", "bold"), " · states it itself")
    speaker = one_line(side.speaker.name) if side.speaker else "nobody named"
    via = "".join(f"{one_line(hop.name)} > " for hop in side.channels)
    marks = [part for part in (side.kind.value, side.polarity.value if side.polarity != "asserted" else "") if part]
    return Text.assemble((f"{outlet} · {when}", "bold"), f" · {via}", (speaker, "italic"), f" · {', '.join(marks)}")


def _verdict(row: PairRow) -> Text:
    asked = row.suggested.replace("_", " ")
    why = " ".join(one_line(reason.said) for reason in reasons(row.reasons, ""))
    return Text.assemble((f"{asked.capitalize()}? ", "bold"), f"({row.score:.2f}) {why}")
