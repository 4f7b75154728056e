"""Several reviewers at once: the item under the cursor is this one's for a while, and others' are passed over."""

from contextlib import suppress

from textual.timer import Timer

from quotetrack.errors import ConflictError, QuotetrackError
from quotetrack.review.screens.mending import MendingScreen
from quotetrack.store.claims import claim, claims, release
from quotetrack.store.queries import QuoteRow, get_quote, versions_of

RESTS = 0.5
"""Seconds the cursor must rest on an item before it is claimed."""
RENEWS = 60.0
"""Seconds after which the claim is renewed."""
LOOKS = 2.0
"""Seconds after which it is looked again what others have before them, and what they have decided."""


class ClaimingScreen(MendingScreen):
    _held: int | None = None
    """The attribution that this reviewer has claimed."""
    _claim_rest: Timer | None = None

    def on_mount(self) -> None:
        self.set_interval(RENEWS, self.claim_current)
        self.set_interval(LOOKS, self.look_around)

    def claim_soon(self) -> None:
        """Claim what is under the cursor, once the cursor rests there."""
        if self._claim_rest:
            self._claim_rest.stop()
        self._claim_rest = self.set_timer(RESTS, self.claim_current)

    def claim_current(self) -> None:
        quote = self.current()
        id_ = quote.id if quote else None

        def job() -> int | None:
            held: int | None = None
            if self._held not in (None, id_):
                release(self.engine, reviewer=self.reviewer, attribution_id=self._held)
            if id_ is not None:
                with suppress(ConflictError):  # `claims` tells who has it
                    held = claim(self.engine, id_, reviewer=self.reviewer).attribution_id
            return held

        def claimed(held: int | None) -> None:
            self._held = held
            self.look_around()

        self.fetch("claim", job, claimed)

    def look_around(self) -> None:
        """Read what others have before them, and which of the items that come next they have decided on.

        Nobody has asked for it, so what goes wrong with it is not said.
        """
        if self.is_asking("others"):
            return
        coming = {} if self.second else self.queue.coming(self.table.cursor_row)

        def job() -> tuple[dict[int, str], list[QuoteRow]] | None:
            with suppress(QuotetrackError):
                others = {c.attribution_id: c.reviewer for c in claims(self.engine) if c.reviewer != self.reviewer}
                now = versions_of(self.engine, coming)
                return others, [get_quote(self.engine, id_) for id_, version in now.items() if version > coming[id_]]
            return None

        self.fetch("others", job, self._looked)

    def _looked(self, answer: tuple[dict[int, str], list[QuoteRow]] | None) -> None:
        if answer is None:
            return
        others, changed = answer
        before, self.queue.claimed = self.queue.claimed, others
        for id_ in before.keys() ^ others.keys():
            self.table.update_item(id_)
        self.show_claim(self.current())
        here = self.current()  # what changes under the reviewer's eyes he is told of when he decides on it
        left_alone = self.queue.saving | ({here.id} if here else set())
        rows = {id_: row for id_, row in self.queue.rows.items() if id_ not in left_alone}
        if changed := [quote for quote in changed if quote.id in rows and quote.version > rows[quote.id].version]:
            self.take_in(changed)
            self.read_counts()

    def show_claim(self, quote: QuoteRow | None) -> None:
        raise NotImplementedError

    def leave(self) -> None:
        """Give up what was claimed and go; a database that does not answer keeps nobody."""
        if self._held is None:
            self.app.exit()
            return
        self.fetch("leave", lambda: release(self.engine, reviewer=self.reviewer), lambda _: self.app.exit())
        self.set_timer(1, self.app.exit)
