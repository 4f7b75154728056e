"""Claiming: the item under the cursor is this reviewer's for a while, and what others have is passed over."""

from contextlib import suppress

from textual.timer import Timer

from quotetrack.errors import ConflictError
from quotetrack.review.screens.mending import MendingScreen
from quotetrack.store.claims import claim, claims, release
from quotetrack.store.queries import QuoteRow

RESTS = 0.5
"""Seconds the cursor must rest on an item before it is claimed."""
RENEWS = 60.0
"""Seconds after which the claim is renewed, and those of others are read again."""


class ClaimingScreen(MendingScreen):
    _held: int | None = None
    """The attribution that this reviewer has claimed."""
    _claim_rest: Timer | None = None

    def on_mount(self) -> None:
        self.set_interval(RENEWS, self.claim_current)

    def claim_soon(self) -> None:
        """Claim what is under the cursor, once the cursor rests there."""
        if self._claim_rest:
            self._claim_rest.stop()
        self._claim_rest = self.set_timer(RESTS, self.claim_current)

    def claim_current(self) -> None:
        quote = self.current()
        id_ = quote.id if quote else None

        def job() -> tuple[int | None, dict[int, str]]:
            held: int | None = None
            if self._held not in (None, id_):
                release(self.engine, reviewer=self.reviewer, attribution_id=self._held)
            if id_ is not None:
                with suppress(ConflictError):  # `claims` tells who has it
                    held = claim(self.engine, id_, reviewer=self.reviewer).attribution_id
            others = {one.attribution_id: one.reviewer for one in claims(self.engine) if one.reviewer != self.reviewer}
            return held, others

        self.fetch("claims", job, self._claimed)

    def _claimed(self, answer: tuple[int | None, dict[int, str]]) -> None:
        self._held, others = answer
        before, self.queue.claimed = self.queue.claimed, others
        for id_ in before.keys() ^ others.keys():
            self.table.update_item(id_)
        self.show_claim(self.current())

    def show_claim(self, quote: QuoteRow | None) -> None:
        raise NotImplementedError

    def leave(self) -> None:
        """Give up what was claimed and go; a database that does not answer keeps nobody."""
        if self._held is None:
            self.app.exit()
            return
        self.fetch("leave", lambda: release(self.engine, reviewer=self.reviewer), lambda _: self.app.exit())
        self.set_timer(1, self.app.exit)
