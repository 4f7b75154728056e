"""The filters of the queue, all in one form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from quotetrack.domain import Kind, Status
from quotetrack.errors import InvalidError
from quotetrack.review.dialogs.base import Dialog
from quotetrack.store.queries import Filter

STATUSES = (*(status.value for status in Status if status is not Status.WITHDRAWN), "all")
KINDS = tuple(kind.value for kind in Kind)
FIELDS = {
    "status": "pending, accepted, rejected or all; the first letters do",
    "source": "a speaker or a channel",
    "channel": "a channel",
    "outlet": "who published it",
    "kind": "direct, mixed, indirect or reported",
    "sure": "in percent: 50-80, or -60, or 90-",
    "since": "published on this day or later: 2025-03-31",
    "until": "published before this day",
    "run": "number of the run that found it",
    "reviewer": "who has decided on it",
    "text": 'words, or "a phrase"',
}
"""Each field of the form, with what may stand there."""
OF_DECISIONS = ("status", "reviewer")
"""What would tell a second reviewer what others decided."""
AT_ONCE = 3
"""How many fields are there when the form appears; it takes as long again for the others."""


def shown(wanted: Filter) -> dict[str, str]:
    """A filter as the form shows it."""
    low, high = wanted.confidence_from, wanted.confidence_to
    sure = "" if low is None and high is None else f"{_percent(low)}-{_percent(high)}"
    return {
        "status": wanted.status or "all", "source": wanted.source, "channel": wanted.channel, "outlet": wanted.outlet,
        "kind": wanted.kind, "sure": sure,
        "since": f"{wanted.since:%Y-%m-%d}" if wanted.since else "",
        "until": f"{wanted.until:%Y-%m-%d}" if wanted.until else "",
        "run": str(wanted.run_id or ""), "reviewer": wanted.reviewer, "text": wanted.text,
    }  # fmt: skip


def read(values: Mapping[str, str], base: Filter) -> Filter:
    """The filter that the form says; what it has no field for stays as in `base`. Raises InvalidError."""
    given = {name: values.get(name, "").strip() for name in FIELDS}
    status = _word("status", given["status"] or "all", STATUSES)
    low, high = _range(given["sure"])
    run = given["run"].removeprefix("#")
    if run and not run.isdecimal():
        raise InvalidError(f"{given['run']!r} is not the number of a run.")
    return replace(
        base,
        status="" if status == "all" else status,
        kind=_word("kind", given["kind"], KINDS) if given["kind"] else "",
        source=given["source"], channel=given["channel"], outlet=given["outlet"], reviewer=given["reviewer"],
        text=given["text"], confidence_from=low, confidence_to=high,
        since=_day(given["since"]), until=_day(given["until"]), run_id=int(run) if run else None,
    )  # fmt: skip


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:g}"


def _word(field: str, given: str, known: tuple[str, ...]) -> str:
    found = [word for word in known if word.startswith(given.lower())]
    if len(found) != 1 and given.lower() not in known:
        raise InvalidError(f"{given!r} is no {field}. There are: {', '.join(known)}.")
    return given.lower() if given.lower() in known else found[0]


def _range(given: str) -> tuple[float | None, float | None]:
    if not given:
        return None, None
    low, dash, high = given.replace("%", "").replace(" ", "").partition("-")
    try:
        bounds = [float(part) / 100 if part else None for part in (low, high if dash else low)]
    except ValueError as error:
        raise InvalidError(f"{given!r} is no range of percent. Write it like 50-80.") from error
    return bounds[0], bounds[1]


def _day(given: str) -> datetime | None:
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise InvalidError(f"{given!r} is not a date. Write it like 2025-03-31.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class FilterDialog(Dialog[Filter]):
    BINDINGS = [  # noqa: RUF012
        Binding("down", "app.focus_next", "Next field", show=False, priority=True),
        Binding("up", "app.focus_previous", "Field before", show=False, priority=True),
        Binding("ctrl+r", "clear", "Clear all", id="filters.clear", tooltip="Empty every field", priority=True),
    ]
    DEFAULT_CSS = """
    FilterDialog {
        & Horizontal { height: auto; }
        & #names { width: 10; color: $text-muted; }
        & #fields { width: 1fr; }
        & #wrong { color: $text-error; height: auto; }
    }
    """

    def __init__(self, wanted: Filter) -> None:
        super().__init__()
        self._wanted = wanted
        self._fields = [name for name in FIELDS if not (wanted.second_for and name in OF_DECISIONS)]
        values = shown(wanted)
        self._inputs = [
            Input(values[name], placeholder=FIELDS[name], id=f"filter-{name}", compact=True) for name in self._fields
        ]
        self.holds_keys = True  # until the other fields are there

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "Filter"
            with Horizontal():
                yield Static("\n".join(self._fields), id="names", markup=False)  # a widget for each would take its time
                with Vertical(id="fields") as fields:
                    fields.styles.height = len(self._fields)
                    yield from self._inputs[:AT_ONCE]
            yield Static("", id="wrong", markup=False)
            yield Static("Enter shows · ↑ ↓ fields · Ctrl+R clears all · Esc cancels", classes="muted", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query(Input).first())
        self.call_after_refresh(self._show_the_others)

    async def _show_the_others(self) -> None:
        await self.query_one("#fields").mount_all(self._inputs[AT_ONCE:])
        self.holds_keys = False

    def on_input_submitted(self) -> None:
        values = {name: self.query_one(f"#filter-{name}", Input).value for name in self._fields}
        try:
            self.dismiss(read(values, self._wanted))
        except InvalidError as error:
            self.query_one("#wrong", Static).update(str(error))

    def action_clear(self) -> None:
        for field in self.query(Input):
            field.value = ""
        if "status" in self._fields:
            self.query_one("#filter-status", Input).value = "pending"
