"""Who a source is."""

from dataclasses import dataclass

from quotetrack.store.figures.record import Record
from quotetrack.store.models import Source
from quotetrack.store.sources import find_source


@dataclass(frozen=True, slots=True)
class Identity:
    """A source, its names, and who controls it."""

    id: int
    name: str
    kind: str
    country: str | None
    controllers: tuple[str, ...]
    """Who controls it, who controls that, and so on: the last is its origin."""
    aliases: tuple[str, ...]


def identify(record: Record, name: str) -> Identity:
    """The source that a user means. Raises NotFoundError."""
    source = find_source(record.session, name)
    aliases = tuple(sorted(alias.name for alias in source.aliases if alias.name != source.name))
    return Identity(source.id, source.name, str(source.kind), source.country, _controllers(source), aliases)


def _controllers(source: Source) -> tuple[str, ...]:
    found: list[str] = []
    above = source.controller
    while above is not None and above.name not in found:
        found.append(above.name)
        above = above.controller
    return tuple(found)
