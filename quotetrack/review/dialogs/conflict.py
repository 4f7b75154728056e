"""Two people decided on one attribution: who changed what, and both states side by side."""

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from quotetrack.domain import SpanRole, Status
from quotetrack.errors import ConflictError
from quotetrack.harmless import one_line, quoted
from quotetrack.review.dialogs.base import Dialog
from quotetrack.store.decisions import State, differences
from quotetrack.store.queries import QuoteRow


class ConflictDialog(Dialog[str]):
    """Answers `again` to decide anew on what is there now, `mine` to do the same on it, None to keep theirs."""

    BINDINGS = [  # noqa: RUF012
        Binding("k,enter", "cancel", "Keep theirs", id="conflict.keep", tooltip="Leave it as it is now", priority=True),
        Binding(
            "d",
            "answer('again')",
            "Decide again",
            id="conflict.again",
            tooltip="Look at it as it is now",
            priority=True,
        ),
        Binding(
            "exclamation_mark",
            "answer('mine')",
            "Do mine on it",
            key_display="!",
            id="conflict.mine",
            tooltip="Do on it what you had asked for",
            priority=True,
        ),
    ]
    DEFAULT_CSS = """
    ConflictDialog { & > .box { width: 100; border: round $error; } & VerticalScroll { height: auto; max-height: 16; } }
    """

    def __init__(self, what: str, shown: QuoteRow, error: ConflictError) -> None:
        """`error` is of a decision on what was `shown`, and has what it is now."""
        super().__init__()
        self._what, self._shown, self._error = what, shown, error

    def compose(self) -> ComposeResult:
        error = self._error
        seen, by = error.seen or _state(self._shown), one_line(error.by)
        with Vertical(classes="box") as box:
            box.border_title = "Changed since you saw it"
            with VerticalScroll():
                content = Text(quoted(self._shown.content), "bold", no_wrap=True, overflow="ellipsis")
                yield Static(content, classes="cut")
                yield Static(Text(f"Not saved: your {one_line(self._what)}. {f'{by} did:' if by else str(error)}"))
                said = differences(seen.as_dict(), error.now.as_dict())
                yield Static(Text("\n").join(Text(f"  {one_line(line)}") for line in said))
                yield Static(_beside(seen, error.now, f"now, by {by}" if by else "now"))
            yield Static("Enter or k keep theirs · d decide again · ! do mine on it", classes="muted", markup=False)

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer)


def _state(shown: QuoteRow) -> State:
    spans = {role.value: shown.spans.get(role, ()) for role in SpanRole}
    return State(
        Status(shown.status), shown.kind, shown.polarity, shown.parent_id, shown.duplicate_of, **spans, hops=shown.hops
    )


def _beside(seen: State, now: State, since: str) -> Table:
    table = Table(expand=True, box=None, padding=(0, 1))
    for heading in ("", "what you saw", since):
        table.add_column(Text(heading, "bold"), ratio=2 if heading else None)
    for (name, was), (_, is_now) in zip(_facts(seen), _facts(now), strict=True):
        differs = was != is_now
        table.add_row(Text(f"{'≠ ' if differs else '  '}{name}"), Text(was), Text(is_now, "bold" if differs else ""))
    return table


def _facts(state: State) -> list[tuple[str, str]]:
    return [
        ("status", state.status.value),
        ("kind", state.kind.value),
        ("polarity", state.polarity.value),
        ("chain", one_line(" → ".join(hop.name for hop in state.hops)) or "nobody named"),
        *(
            (role, ", ".join(f"{span.start}-{span.end}" for span in getattr(state, role)) or "none")
            for role in ("content", "cue", "source")
        ),
    ]
