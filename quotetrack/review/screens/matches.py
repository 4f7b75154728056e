"""The pairs of sources that may be one, side by side with what speaks for and against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from quotetrack.harmless import one_line, quoted
from quotetrack.review.messages import Answer
from quotetrack.review.screens.listing import PAGE, ListScreen, common_keys, key, moving_keys
from quotetrack.review.widgets.listing import Column, ListTable
from quotetrack.store.decisions import MatchRow, list_matches, resolve_match
from quotetrack.store.queries import Filter, QuoteRow, list_quotes
from quotetrack.store.sources import SourceRow, show_source

COLUMNS = (
    Column("", 1),
    Column("Source", 14, 3),
    Column("Heard", 5, right=True),
    Column("May be", 14, 3),
    Column("Heard ", 5, right=True),
    Column("Score", 5, right=True),
    Column("Because", 12, 4),
)
EXAMPLES = 3


@dataclass
class MatchesRead(Answer):
    rows: Sequence[MatchRow]
    first: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sources, with examples of what it said or carried."""

    source: SourceRow
    quotes: Sequence[QuoteRow]


@dataclass
class EvidenceRead(Answer):
    match_id: int
    sides: tuple[Side, Side]


class MatchesScreen(ListScreen):
    BINDINGS = [  # noqa: RUF012
        key("y", "matches.same", "same", "Same", "They are one: the first becomes part of the second"),
        key("n,t", "matches.different", "different", "Different", "They are two; this is never asked again",
            key_display="n t"),
        key("i", "matches.skip", "skip", "Skip", "Leave it undecided and go on"),
        key("u", "matches.undo", "undo", "Undo", "Take back your newest act on sources"),
        *common_keys("matches"),
        *moving_keys("matches"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    MatchesScreen {
        & #panes, &.-wide #panes { layout: vertical; }
        & #detail, &.-wide #detail { width: 100%; height: 60%; padding: 0; border-left: none; }
        & #sides { height: auto; }
        & #sides > Static { width: 1fr; padding: 0 1; height: auto; }
        & #right { border-left: solid $primary; }
        & #verdict { padding: 0 1; margin-top: 1; color: $text-muted; }
    }
    """
    WHAT = "Waiting: may these be one?"

    def __init__(self, engine: Any, reviewer: str) -> None:
        super().__init__(engine, reviewer)
        self._skipped: set[int] = set()
        self._deciding: set[int] = set()
        self._evidence: dict[int, tuple[Side, Side]] = {}

    def make_table(self) -> ListTable:
        return ListTable(COLUMNS, self._cells)

    def compose_detail(self) -> ComposeResult:
        with Horizontal(id="sides"):
            yield Static(id="left", markup=False)
            yield Static(id="right", markup=False)
        yield Static(id="verdict", markup=False)

    # reading

    def read_page(self, *, first: bool) -> None:
        after = None if first else list(self.table.shown.values())[-1]
        self.ask("page", lambda number: MatchesRead(number, list_matches(self.engine, limit=PAGE, after=after), first))

    @on(MatchesRead)
    def _matches_read(self, answer: MatchesRead) -> None:
        if self.is_newest("page", answer):
            if answer.first:
                self._evidence.clear()
                self._deciding.clear()
            self.page_read(list(answer.rows), first=answer.first)

    def read_current(self, row: Any) -> None:
        if row.id in self._evidence:
            return

        def side(source_id: int) -> Side:
            name = f"#{source_id}"
            quotes = list_quotes(self.engine, Filter(source=name), limit=EXAMPLES)
            return Side(show_source(self.engine, name), quotes)

        self.ask(
            "evidence",
            lambda number: EvidenceRead(number, row.id, (side(row.source_id), side(row.candidate_id))),
        )

    @on(EvidenceRead)
    def _evidence_read(self, answer: EvidenceRead) -> None:
        self._evidence[answer.match_id] = answer.sides
        row = self.table.current()
        if self.is_newest("evidence", answer) and row and row.id == answer.match_id:
            self.show_current(row)

    # showing

    def _cells(self, row: MatchRow) -> Sequence[str]:
        sign = "…" if row.id in self._deciding else "–" if row.id in self._skipped else "·"
        return (
            sign, row.source, str(row.source_heard), row.candidate, str(row.candidate_heard), f"{row.score:.2f}",
            row.reason,
        )  # fmt: skip

    def why_empty(self) -> str:
        return "No pair waits for a decision. Esc goes back."

    def show_current(self, row: Any | None) -> None:
        left, right, verdict = (self.query_one(f"#{id_}", Static) for id_ in ("left", "right", "verdict"))
        if row is None:
            for part in (left, right, verdict):
                part.update("")
            return
        sides = self._evidence.get(row.id)
        left.update(_side(sides[0]) if sides else _bare(row.source, row.source_kind, row.source_heard))
        right.update(_side(sides[1]) if sides else _bare(row.candidate, row.candidate_kind, row.candidate_heard))
        because = f"Asked because: {one_line(row.reason)} ({row.score:.2f}). "
        verdict.update(
            Text(
                f"{because}If they are the same, “{one_line(row.source)}” becomes part of “{one_line(row.candidate)}”."
            )
        )

    # deciding

    def action_same(self) -> None:
        self._decide(same=True)

    def action_different(self) -> None:
        self._decide(same=False)

    def _decide(self, *, same: bool) -> None:
        row = self.table.current()
        if row is None or row.id in self._deciding:
            return
        self._deciding.add(row.id)
        self.table.put(row)

        def job() -> str:
            resolve_match(self.engine, row.id, same=same, reviewer=self.reviewer)
            if same:
                return f"{row.source} is now part of {row.candidate}."
            return f"{row.source} and {row.candidate} are two."

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

    def changed(self) -> None:
        if not self.changes:  # else what is still being saved would be shown as open again
            self.reload()


def _bare(name: str, kind: str, heard: int) -> Text:
    return Text.assemble((one_line(name), "bold"), f"\n{kind.replace('_', ' ')} · heard {heard}×")


def _side(side: Side) -> Text:
    source = side.source
    facts = [
        source.kind.replace("_", " "), source.country, source.controller and f"controlled by {source.controller}",
        f"spoke {source.spoken}×, carried {source.carried}×",
    ]  # fmt: skip
    lines = [Text(one_line(source.name), "bold"), Text(one_line(" · ".join(filter(None, facts))))]
    if source.aliases:
        lines.append(Text(one_line(f"also called {'; '.join(source.aliases)}")))
    for quote in side.quotes:
        speaker = quote.speaker.name if quote.speaker else "nobody named"
        lines.append(Text.assemble((f"{one_line(speaker)}: ", "italic"), quoted(quote.content, 120)))
    return Text("\n").join(lines)
