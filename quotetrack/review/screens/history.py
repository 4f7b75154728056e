"""The history screen: who decided what and when, of a quote, an article, a source, a reviewer, or of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.text import Text
from textual import on
from textual.binding import Binding
from textual.widgets import Static

from quotetrack.errors import NotFoundError
from quotetrack.harmless import one_line, quoted
from quotetrack.review.changes import about, changes, did, others_in
from quotetrack.review.dialogs.find import FindDialog
from quotetrack.review.going import OpenAttribution, Subject
from quotetrack.review.messages import Answer
from quotetrack.review.screens.listing import PAGE, ListScreen, common_keys, key, moving_keys
from quotetrack.review.widgets.listing import Column, ListTable
from quotetrack.review.widgets.search import Choice, among
from quotetrack.store.history import LogRow, history
from quotetrack.store.queries import ArticleRow, QuoteRow, get_article, get_quote
from quotetrack.store.source_views import reviewers, source_names

COLUMNS = (
    Column("", 1),
    Column("When", 11),
    Column("Who", 6, 1),
    Column("Did", 14),
    Column("About", 10, 1),
    Column("Changed", 14, 6),
)
UNDONE = "↶"
OTHERS = "What others decided"


@dataclass
class LogRead(Answer):
    rows: Sequence[LogRow]
    names: dict[int, str]
    """Of sources that the rows point at."""
    first: bool


@dataclass
class AboutRead(Answer):
    """What a decision is about, as it is now."""

    decision_id: int
    quote: QuoteRow | None
    article: ArticleRow | None


@dataclass
class ReviewersRead(Answer):
    names: Sequence[str]


class HistoryTable(ListTable):
    BINDINGS = [  # noqa: RUF012
        Binding("enter", "screen.open", "Open", id="history.open", tooltip="Go to the quote, in the queue")
    ]


class HistoryScreen(ListScreen):
    BINDINGS = [  # noqa: RUF012
        key("1", "history.quote", "of_quote", "Quote", "Decisions on the quote or source of this line"),
        key("2", "history.article", "of_article", "Article", "Decisions on the article of this line"),
        key("3", "history.reviewer", "of_reviewer", "Reviewer", "Decisions of the reviewer of this line"),
        key("4", "history.all", "of_all", "All", "Decisions of everybody on everything"),
        key("r", "history.pick-reviewer", "pick_reviewer", "Who", "Choose a reviewer"),
        *common_keys("history"),
        *moving_keys("history"),
    ]
    WHAT = "Decisions"

    def __init__(self, engine: Any, reviewer: str, subject: Subject | None = None, *, second: bool = False) -> None:
        """The history of a subject; without one, the reviewer's own. A second reviewer sees none but his own."""
        super().__init__(engine, reviewer, second=second)
        self._subject = subject or Subject()
        if self._subject.attribution_id is not None:
            self._wanted: dict[str, Any] = {"attribution_id": self._subject.attribution_id}
        elif self._subject.source_id is not None:
            self._wanted = {"source_id": self._subject.source_id}
        else:
            self._wanted = {"reviewer": reviewer}
        self._abouts: dict[int, AboutRead] = {}
        self._names: dict[int, str] = {}

    def make_table(self) -> ListTable:
        return HistoryTable(COLUMNS, self._cells)

    # reading

    def read_page(self, *, first: bool) -> None:
        after = None if first else list(self.table.shown)[-1]
        wanted = self._wanted | ({"reviewer": self.reviewer} if self.second else {})

        def question(number: int) -> LogRead:
            rows = history(self.engine, **wanted, limit=PAGE, after=after)
            return LogRead(number, rows, source_names(self.engine, set().union(*map(others_in, rows))), first)

        self.ask("page", question)

    @on(LogRead)
    def _log_read(self, answer: LogRead) -> None:
        if self.is_newest("page", answer):
            self._names |= answer.names
            self.page_read(list(answer.rows), first=answer.first)

    def read_current(self, row: Any) -> None:
        if row.id in self._abouts:
            return

        def question(number: int) -> AboutRead:
            try:
                shows = row.attribution_id is not None and (row.is_second or not self.second)
                quotes = [get_quote(self.engine, row.attribution_id)] if shows else []
                article = get_article(self.engine, row.article_id) if row.article_id is not None else None
            except NotFoundError:  # it was removed; the log has outlived it
                return AboutRead(number, row.id, None, None)
            return AboutRead(number, row.id, next(iter(self.as_seen(quotes)), None), article)

        self.ask("entry", question)

    @on(AboutRead)
    def _about_read(self, answer: AboutRead) -> None:
        self._abouts[answer.decision_id] = answer
        row = self.table.current()
        if self.is_newest("entry", answer) and row and row.id == answer.decision_id:
            self.show_current(row)

    # showing

    def place(self) -> str:
        ((what, value),) = self._wanted.items() or (("", ""),)
        of = {
            "attribution_id": f"on quote {value}",
            "article_id": f"on article {value}",
            "source_id": f"on {self._subject.name or f'source #{value}'}",
            "reviewer": f"by {value}",
        }.get(what, "by everybody")
        if self.second and what != "reviewer":
            of = f"by {self.reviewer} {of}"
        return f"{self.WHAT} {of} · newest first"

    def why_empty(self) -> str:
        what = self.place().split(" · ")[0]
        if self.second:
            return f"You have decided nothing here ({what}). Others' decisions are not shown in a second review."
        return f"Nobody has decided anything here ({what}). 4 shows all decisions, Esc goes back."

    def show_current(self, row: Any | None) -> None:
        self.query_one("#detail-text", Static).update(
            _detail(row, self._abouts.get(row.id), self._names) if row else ""
        )

    def _cells(self, row: LogRow) -> Sequence[str]:
        sign = UNDONE if row.is_undone else "2" if row.is_second else ""
        changed = "; ".join(changes(row, None, self._names)) or "–"
        return sign, _when(row), row.reviewer, did(row), about(row), f"{changed} · {row.note}" if row.note else changed

    # choosing

    def action_of_quote(self) -> None:
        row = self.table.current()
        if row is not None and row.source_id is not None and row.attribution_id is None:
            self._subject = Subject(source_id=row.source_id, name=about(row))
            self._want(source_id=row.source_id)
        elif id_ := (row.attribution_id if row else self._subject.attribution_id):
            self._want(attribution_id=id_)
        elif id_ := self._subject.source_id:
            self._want(source_id=id_)

    def action_of_article(self) -> None:
        row = self.table.current()
        if id_ := (row and row.article_id) or self._subject.article_id:
            self._want(article_id=id_)
        else:
            self.say("This is about no article.")

    def action_of_reviewer(self) -> None:
        row = self.table.current()
        self._want(reviewer=row.reviewer if row else self.reviewer)

    def action_of_all(self) -> None:
        if not self.refuses(OTHERS):
            self._want()

    def action_pick_reviewer(self) -> None:
        if not self.refuses(OTHERS):
            self.ask("reviewers", lambda number: ReviewersRead(number, reviewers(self.engine)))

    @on(ReviewersRead)
    def _reviewers_read(self, answer: ReviewersRead) -> None:
        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self._want(reviewer=choice.value)

        if self.is_newest("reviewers", answer):
            choices = [Choice(name, name, "you" if name == self.reviewer else "") for name in answer.names]
            self.app.push_screen(FindDialog("Whose decisions", among(choices)), picked)

    def _want(self, **wanted: Any) -> None:
        self._wanted = wanted
        self.reload()

    def action_open(self) -> None:
        row = self.table.current()
        if row is None:
            return
        if row.attribution_id is None:
            what = "a pair; T shows the statements" if row.pair_id else "a source; S shows the sources"
            self.say(f"This is about {what}." if row.pair_id or row.source_id else "That quote is gone.")
        else:
            self.app.post_message(OpenAttribution(row.attribution_id))


def _when(row: LogRow) -> str:
    """By the clock of this machine; the hour of this year's, the year of older ones."""
    at = row.at.astimezone()
    return f"{at:%m-%d %H:%M}" if at.year == datetime.now().year else f"{at:%Y-%m-%d}"


def _detail(row: LogRow, known: AboutRead | None, names: dict[int, str]) -> Text:
    """One decision, a line for each thing it changed."""
    text = known.article.text if known and known.article else None
    lines = [
        Text.assemble(
            (one_line(row.reviewer), "bold"),
            f" {did(row)}: {one_line(about(row))} · {row.at.astimezone():%Y-%m-%d %H:%M:%S}",
        )
    ]
    if known and known.quote:
        where = " · ".join(filter(None, (known.quote.title, known.quote.outlet)))
        lines.append(Text.assemble((quoted(known.quote.content, 160), "italic"), f" {one_line(where)}"))
    lines += [Text(one_line(change)) for change in changes(row, text, names)]
    if row.note:
        lines.append(Text(f"note: {one_line(row.note)}"))
    extra = [
        "undone since" if row.is_undone else "",
        f"takes back decision {row.undoes_id}" if row.undoes_id else "",
        "one of several decided together" if row.batch else "",
        f"now {known.quote.status}" if known and known.quote else "",
    ]
    if any(extra):
        lines.append(Text(" · ".join(filter(None, extra)), "dim"))
    return Text("\n").join(lines)
