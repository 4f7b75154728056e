"""What the review screen knows of its queue. Nothing here knows of Textual, and nothing asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from quotetrack.store.decisions import Decided
from quotetrack.store.history import Pace
from quotetrack.store.queries import Filter, QuoteRow

FIRST, PAGE = 60, 200
"""How many items are read at first, and then at a time."""
NEAR_END = 50
"""The next page is read when fewer items than this follow the cursor."""

STATUSES = ("pending", "", "accepted", "rejected")
"""What `F` goes through; the empty one means all."""


@dataclass
class Queue:
    """The items read so far, in order, and what this session has done with them."""

    wanted: Filter
    order: str
    ids: list[int] = field(default_factory=list)
    rows: dict[int, QuoteRow] = field(default_factory=dict)
    last: QuoteRow | None = None
    """The end of the newest page: the next one follows it."""
    complete: bool = False
    """Whether every page has been read."""
    saving: set[int] = field(default_factory=set)
    skipped: set[int] = field(default_factory=set)
    claimed: dict[int, str] = field(default_factory=dict)
    """What other reviewers have before them."""
    decided: dict[int, Decided] = field(default_factory=dict)
    """What the store answered last for an item; a page that was read before that is older."""

    def add_page(self, rows: Sequence[QuoteRow], *, first: bool, complete: bool) -> list[int]:
        """Take in a page; the first one replaces all. Returns the ids that are new."""
        if first:
            self.ids, self.rows = [], {}
        self.last = rows[-1] if rows else self.last
        self.complete = complete
        new = [row.id for row in rows if row.id not in self.rows]
        self.ids += new
        for row in rows:
            self.put(row)
        return new

    def put(self, row: QuoteRow) -> None:
        """Take in a row as it was read, unless a decision made since is newer."""
        known = self.decided.get(row.id)
        if known and known.version > row.version:
            row = replace(row, status=known.status, version=known.version)
        self.rows[row.id] = row

    def record(self, decided: Decided) -> None:
        """Take in the outcome of a decision that is stored."""
        for one in (decided, *decided.also):
            if one.attribution_id is not None:
                self.decided[one.attribution_id] = one
                self.skipped.discard(one.attribution_id)
                if row := self.rows.get(one.attribution_id):
                    self.put(row)

    def insert(self, row: QuoteRow, index: int) -> None:
        """Show a row that the pages read so far do not hold."""
        if row.id not in self.rows:
            self.ids.insert(index, row.id)
        self.put(row)

    def remove(self, id_: int) -> None:
        if id_ in self.rows:
            self.ids.remove(id_)
            del self.rows[id_]

    def needs_page(self, index: int) -> bool:
        return not self.complete and index >= len(self.ids) - NEAR_END

    def following(self, index: int) -> int | None:
        """Where to go on from an item: in a queue of what is to be decided, to the next that is still open.

        At the end of the queue that may be one further up; what was skipped is not come back to, and what another
        reviewer has is his. None if there is none, or if it is on a page not read yet.
        """
        if self.wanted.status != "pending" and not self.wanted.second_for:
            return index + 1 if index + 1 < len(self.ids) else None
        below = (i for i in range(index + 1, len(self.ids)) if self._is_open(self.ids[i]))
        above = (i for i in range(index) if self._is_open(self.ids[i]))
        found = next(below, None)
        return next(above, None) if found is None and self.complete else found

    def coming(self, index: int) -> dict[int, int]:
        """The versions, by their ids, of the items to which one will come next from an item."""
        around = (self.rows[id_] for id_ in (*self.ids[index + 1 :], *self.ids[:index]))
        due = (row for row in around if self.wanted.status != "pending" or row.status == "pending")
        return {row.id: row.version for row in islice(due, NEAR_END)}

    def _is_open(self, id_: int) -> bool:
        passed = id_ in self.saving or id_ in self.skipped or id_ in self.claimed
        return self.rows[id_].status == "pending" and not passed


@dataclass
class Progress:
    """How far the review has come."""

    left: int = 0
    done: int = 0
    today: Pace = field(default_factory=lambda: Pace(0, 0))
    """What this reviewer has done since this morning, over all sessions."""

    def move(self, before: str, after: str) -> None:
        """Count one attribution under another status."""
        opened = (after == "pending") - (before == "pending")
        self.left, self.done = max(self.left + opened, 0), max(self.done - opened, 0)

    @property
    def figures(self) -> tuple[str, ...]:
        today = self.today
        return (f"{self.done} done", f"{self.left} left", f"{today.done} today", f"{today.per_minute:.1f}/min")


def heading(wanted: Filter, order: str) -> str:
    """What the queue shows, in a few words."""
    narrowed = [
        f"{name} {value}"
        for name in ("source", "speaker", "channel", "outlet", "kind", "polarity")
        if (value := getattr(wanted, name))
    ]
    if wanted.confidence_from is not None or wanted.confidence_to is not None:
        narrowed.append(
            f"{wanted.confidence_from or 0:.0%}-{1 if wanted.confidence_to is None else wanted.confidence_to:.0%} sure"
        )
    narrowed += [f"since {wanted.since:%Y-%m-%d}"] if wanted.since else []
    narrowed += [f"before {wanted.until:%Y-%m-%d}"] if wanted.until else []
    narrowed += [f"run {wanted.run_id}"] if wanted.run_id else []
    narrowed += [f"by {wanted.reviewer}"] if wanted.reviewer else []
    said = {
        "recent": "newest first", "uncertain": "least certain first", "article": "by article",
        "impact": "where it matters most",
    }  # fmt: skip
    what = f"second review, {wanted.share} %" if wanted.second_for else wanted.status or "all"
    parts = [what, said.get(order, order), *narrowed]
    return " · ".join([*parts, f"“{wanted.text}”"] if wanted.text else parts)


def why_empty(wanted: Filter, progress: Progress) -> str:
    """What to say in place of an empty queue, and what to do about it."""
    if wanted.second_for:
        return _why_none_awaits(wanted, progress)
    if wanted.text:
        where = f"{wanted.status} quote" if wanted.status else "quote"
        return f"No {where} holds “{wanted.text}”. Esc ends the search, F shows quotes of another status."
    if not progress.done + progress.left:
        return "No quotes are stored yet. `quotetrack ingest` finds them in articles; q quits."
    if wanted == Filter(status="pending"):
        return f"Nothing is left to review: all {progress.done} quotes are decided. F shows the decided ones, q quits."
    return f"No quote fits ({heading(wanted, 'recent')}). f changes the filter."


def _why_none_awaits(wanted: Filter, progress: Progress) -> str:
    if progress.left:
        ends = "Esc ends the search, " if wanted.text else ""
        return f"No quote that awaits a second opinion fits ({heading(wanted, 'recent')}). {ends}f changes the filter."
    if not progress.done:
        return (
            f"No quote awaits your second opinion: others have decided on none of the {wanted.share} % that two people "
            "judge. q quits."
        )
    return f"No quote awaits a second opinion any more: all {progress.done} have one. q quits."
