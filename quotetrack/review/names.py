"""Naming a source: one that is stored, found by a part of its name, or one that is to be made."""

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.review.widgets.search import Choice, Offer
from quotetrack.sources.catalogue import fold
from quotetrack.store.decisions import NewSource
from quotetrack.store.engine import Engine
from quotetrack.store.source_views import Found, find_names

OFFERED = 20


@dataclass(frozen=True, slots=True)
class Link:
    """A hop as it is being edited: a stored source, or one that is to be made."""

    name: str
    id: int | None = None
    new: NewSource | None = None

    @property
    def given(self) -> str:
        """How the store is told of it."""
        return self.name if self.id is None else f"#{self.id}"


def links(engine: Engine, *, may_be_new: bool = True) -> Offer:
    """An offer of links to sources with a name like what was typed; a name that none has may be a new one's."""

    def offer(typed: str) -> Sequence[Choice]:
        if not fold(typed):
            return ()
        found = find_names(engine, typed, limit=OFFERED)
        choices = [Choice(Link(one.name, one.id), one.name, facts(one)) for one in found]
        if may_be_new and all(fold(one.alias or one.name) != fold(typed) for one in found):
            choices.append(Choice(Link(typed), f"+ new source {typed}"))
        return choices

    return offer


def facts(found: Found) -> str:
    """What tells it from others of a like name."""
    parts = [found.alias and f"“{found.alias}”", found.kind.replace("_", " "), found.country, f"heard {found.heard}×"]
    return " · ".join(filter(None, parts))
