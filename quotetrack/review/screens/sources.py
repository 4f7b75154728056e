"""The sources screen: who is in the record, under which names, what they are, and who controls them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from quotetrack.domain import SourceKind
from quotetrack.harmless import one_line
from quotetrack.review.dialogs.confirm import ConfirmDialog
from quotetrack.review.dialogs.find import FindDialog
from quotetrack.review.dialogs.pick import LineDialog
from quotetrack.review.going import OpenHistory, OpenQuotes, Subject
from quotetrack.review.messages import Answer
from quotetrack.review.names import facts
from quotetrack.review.screens.asking import PREVIEW
from quotetrack.review.screens.listing import PAGE, ListScreen, common_keys, key
from quotetrack.review.widgets.listing import Column, ListTable
from quotetrack.review.widgets.search import Choice, Offer, among
from quotetrack.store import decisions
from quotetrack.store.source_views import Merged, MergePreview, find_names, merged_into, preview_merge
from quotetrack.store.sources import SourceRow, list_sources

COLUMNS = (
    Column("Name", 18, 4),
    Column("Kind", 12),
    Column("In", 2),
    Column("Controlled by", 13, 2),
    Column("Spoke", 5, right=True),
    Column("Carried", 7, right=True),
    Column("Also called", 12, 4, wide_only=True),
)
KINDS = [Choice(kind, kind.replace("_", " ")) for kind in SourceKind]
SHOWN = 8
"""How many names a preview lists."""
NOBODY = Choice(None, "(nobody)", "it answers to no other source")


@dataclass
class SourcesRead(Answer):
    rows: Sequence[SourceRow]
    first: bool


@dataclass
class DetailRead(Answer):
    source_id: int
    merged: Sequence[Merged]
    """What was merged into it."""


@dataclass
class Previewed(Answer):
    preview: MergePreview


class SourcesScreen(ListScreen):
    BINDINGS = [  # noqa: RUF012
        key("slash", "sources.search", "search", "Find", "Find sources as you type; Esc ends the search",
            key_display="/"),
        key("r", "sources.rename", "rename", "Name", "Give it another name; the old one stays an alias"),
        key("a", "sources.alias", "alias", "Alias", "Add another name of it"),
        key("k", "sources.kind", "kind", "Kind", "Say what it is"),
        key("c", "sources.controller", "controller", "Control", "Say who controls it"),
        key("o", "sources.country", "country", "Country", "Say where it is at home", show=False),
        key("m", "sources.merge", "merge", "Merge", "Make it part of another source"),
        key("M", "sources.unmerge", "unmerge", "Un-merge", "Take out again what was merged into it", show=False),
        key("w", "sources.matches", "matches", "Pairs", "Go to the pairs that may be one source"),
        key("u", "sources.undo", "undo", "Undo", "Take back your newest act on sources"),
        key("f", "sources.filter", "filter", "Filter", "Show all sources, or only those that were heard", show=False),
        key("h", "sources.history", "history", "History", "Show what was decided on it", show=False),
        key("s", "sources.quotes", "quotes", "Quotes", "Show its quotes in the queue", show=False),
        *common_keys("sources"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    SourcesScreen { & #search { border: none; height: 1; padding: 0 1; } }
    """
    WHAT = "Sources"

    def __init__(self, engine: Any, reviewer: str) -> None:
        super().__init__(engine, reviewer)
        self._wanted = ""
        self._only_heard = False
        self._merged: dict[int, Sequence[Merged]] = {}

    def make_table(self) -> ListTable:
        return ListTable(COLUMNS, _cells)

    def compose_above(self) -> ComposeResult:
        yield Input(id="search", placeholder="type a part of a name; Enter goes to the list", compact=True)

    # reading

    def read_page(self, *, first: bool) -> None:
        wanted, seen, offset = self._wanted, self._only_heard, 0 if first else len(self.table.shown)

        def question(number: int) -> SourcesRead:
            return SourcesRead(
                number, list_sources(self.engine, search=wanted, seen=seen, limit=PAGE, offset=offset), first
            )

        self.ask("page", question)

    @on(SourcesRead)
    def _sources_read(self, answer: SourcesRead) -> None:
        if self.is_newest("page", answer):
            if answer.first:
                self._merged.clear()
            self.page_read(list(answer.rows), first=answer.first)

    def read_current(self, row: Any) -> None:
        if row.id not in self._merged:
            self.ask("source", lambda number: DetailRead(number, row.id, merged_into(self.engine, row.id)))

    @on(DetailRead)
    def _detail_read(self, answer: DetailRead) -> None:
        self._merged[answer.source_id] = answer.merged
        row = self.table.current()
        if self.is_newest("source", answer) and row and row.id == answer.source_id:
            self.show_current(row)

    # showing

    def place(self) -> str:
        parts = [self.WHAT, "only those heard" if self._only_heard else "all", "most heard first"]
        return " · ".join([*parts, f"“{self._wanted}”"] if self._wanted else parts)

    def why_empty(self) -> str:
        if self._wanted:
            return f"No source has “{one_line(self._wanted)}” in one of its names. Esc ends the search."
        return "No sources are stored yet. `quotetrack ingest` finds them in articles."

    def show_current(self, row: Any | None) -> None:
        self.query_one("#detail-text", Static).update(_detail(row, self._merged.get(row.id, ())) if row else "")

    # finding

    def action_search(self) -> None:
        self.set_focus(self.query_one("#search", Input))

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        if event.value.strip() != self._wanted:
            self._wanted = event.value.strip()
            self.reload()

    @on(Input.Submitted, "#search")
    def _submitted(self) -> None:
        self.set_focus(self.table)

    def action_close(self) -> None:
        """Esc: first out of the search, then out of the screen."""
        field = self.query_one("#search", Input)
        if field.has_focus or self._wanted:
            field.value = ""
            self.set_focus(self.table)
        else:
            super().action_close()

    def action_filter(self) -> None:
        self._only_heard = not self._only_heard
        self.reload()

    # changing

    def action_rename(self) -> None:
        self._ask_line(
            lambda row: LineDialog(f"A new name for {row.name}", value=row.name, hint="the old one stays an alias"),
            lambda row, typed: (
                f"{decisions.rename(self.engine, f'#{row.id}', typed, reviewer=self.reviewer)} is now called {typed}."
            ),
        )

    def action_alias(self) -> None:
        self._ask_line(
            lambda row: LineDialog(f"Another name of {row.name}"),
            lambda row, typed: (
                f"{decisions.add_alias(self.engine, f'#{row.id}', typed, reviewer=self.reviewer)} is "
                f"now also called {typed}."
            ),
        )

    def action_country(self) -> None:
        def job(row: SourceRow, typed: str) -> str:
            name = decisions.set_country(self.engine, f"#{row.id}", typed or None, reviewer=self.reviewer)
            return f"{name} is now of {typed.upper()}." if typed else f"{name} is now of no one country."

        self._ask_line(
            lambda row: LineDialog(
                f"Where {row.name} is at home", value=row.country or "", hint="a code like KP; empty: nowhere",
                may_be_empty=True, proposal=True,
            ),
            job,
        )  # fmt: skip

    def action_kind(self) -> None:
        def job(row: SourceRow, choice: Choice) -> str:
            name = decisions.set_source_kind(self.engine, f"#{row.id}", choice.value, reviewer=self.reviewer)
            return f"{name} is now of kind {choice.label}."

        self._pick(lambda row: f"What {row.name} is", lambda _: among(KINDS), job)

    def action_controller(self) -> None:
        def job(row: SourceRow, choice: Choice) -> str:
            above = f"#{choice.value}" if choice.value is not None else None
            name = decisions.set_controller(self.engine, f"#{row.id}", above, reviewer=self.reviewer)
            return f"{name} is now " + (f"controlled by {choice.label}." if above else "independent.")

        self._pick(lambda row: f"Who controls {row.name}", lambda row: self._others(row, [NOBODY]), job)

    def action_merge(self) -> None:
        row = self.table.current()

        def picked(choice: Choice | None) -> None:
            if row is not None and choice is not None:
                self.ask(
                    PREVIEW,
                    lambda number: Previewed(number, preview_merge(self.engine, f"#{row.id}", f"#{choice.value}")),
                )

        if row is not None:
            self.app.push_screen(FindDialog(f"{row.name} is the same as", self._others(row)), picked)

    @on(Previewed)
    def _previewed(self, answer: Previewed) -> None:
        if not self.is_newest(PREVIEW, answer):
            return
        due = answer.preview

        def job() -> str:
            old, new, moved = decisions.merge(
                self.engine, f"#{due.source_id}", f"#{due.into_id}", reviewer=self.reviewer
            )
            return f"{old} is now part of {new}; {moved} hops moved."

        def confirmed(yes: bool | None) -> None:
            if yes:
                self.change(job)

        self.app.push_screen(
            ConfirmDialog(f"{due.source} becomes part of {due.into}", _preview(due), "Merge the two?"), confirmed
        )

    def action_unmerge(self) -> None:
        row = self.table.current()
        if row is None:
            return
        merged = self._merged.get(row.id, ())
        if not merged:
            self.say(f"Nothing was merged into {row.name}.")
            return

        def job(_row: SourceRow, choice: Choice) -> str:
            own, other, names = decisions.unmerge(self.engine, f"#{choice.value}", reviewer=self.reviewer)
            return f"{own} is no longer part of {other}; {names} names went back."

        choices = [Choice(one.id, one.name, f"#{one.id}") for one in merged]
        self._pick(lambda row: f"Take out of {row.name}", lambda _: among(choices), job, everything=True)

    def _ask_line(self, dialog: Callable[[SourceRow], LineDialog], job: Callable[[SourceRow, str], str]) -> None:
        """Ask for a line about the source under the cursor, and do something with it."""
        row = self.table.current()

        def answered(typed: str | None) -> None:
            if row is not None and typed is not None:
                self.change(lambda: job(row, typed))

        if row is not None:
            self.app.push_screen(dialog(row), answered)

    def _pick(
        self, title: Callable[[SourceRow], str], offer: Callable[[SourceRow], Offer],
        job: Callable[[SourceRow, Choice], str], *, everything: bool = False,
    ) -> None:  # fmt: skip
        """Have something picked for the source under the cursor, and do something with it."""
        row = self.table.current()

        def picked(choice: Choice | None) -> None:
            if row is not None and choice is not None:
                self.change(lambda: job(row, choice))

        if row is not None:
            self.app.push_screen(FindDialog(title(row), offer(row)), picked)

    def _others(self, row: SourceRow, first: Sequence[Choice] = ()) -> Offer:
        """All sources but this one, after a few that are offered as long as nothing is typed."""

        def offer(typed: str) -> Sequence[Choice]:
            found = [Choice(one.id, one.name, facts(one)) for one in find_names(self.engine, typed) if one.id != row.id]
            return [*(() if typed.strip() else first), *found]

        return offer

    # going elsewhere

    def action_matches(self) -> None:
        self.app.push_screen("matches")

    def action_history(self) -> None:
        if row := self.table.current():
            self.app.post_message(OpenHistory(Subject(source_id=row.id, name=row.name)))

    def action_quotes(self) -> None:
        if row := self.table.current():
            self.app.post_message(OpenQuotes(row.id))


def _cells(row: SourceRow) -> Sequence[str]:
    return (
        row.name, row.kind.replace("_", " "), row.country or "", row.controller or "", str(row.spoken),
        str(row.carried), "; ".join(row.aliases),
    )  # fmt: skip


def _detail(row: SourceRow, merged: Sequence[Merged]) -> Text:
    """All that is known of a source, a line each."""
    facts = [row.kind.replace("_", " "), row.country, row.controller and f"controlled by {row.controller}"]
    lines = [
        Text.assemble((one_line(row.name), "bold"), f"  #{row.id}"),
        Text(one_line(" · ".join(filter(None, facts)))),
        Text(f"spoke in {row.spoken} quotes, carried {row.carried} · from {_ORIGINS.get(row.origin, row.origin)}"),
    ]
    if row.aliases:
        lines.append(Text(one_line(f"also called {'; '.join(row.aliases)}")))
    if merged:
        lines.append(Text(one_line(f"merged into it: {'; '.join(one.name for one in merged)} (M takes one out)")))
    return Text("\n").join(lines)


_ORIGINS = {"catalogue": "the catalogue", "article": "an article", "user": "a reviewer"}


def _preview(due: MergePreview) -> list[Text]:
    """What a merge would move, a line for each kind of thing."""

    def line(what: str, names: Sequence[str]) -> Text:
        shown = "; ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
        return Text(one_line(f"{what}: {shown}"))

    quotes = "1 quote" if due.attributions == 1 else f"{due.attributions} quotes"
    lines = [
        Text.assemble(
            (one_line(due.source), "bold"), " becomes part of ", (one_line(due.into), "bold"), ". It gives up:"
        ),
        Text(f"what it said and carried: {due.hops} hops in {quotes}"),
        line("names", due.names),
    ]
    lines += [
        line(what, names) for what, names in (("outlets", due.outlets), ("whom it controls", due.controlled)) if names
    ]
    return [*lines, Text("Un-merging (M) or undoing takes it back.")]
