"""Evidence for figures: what is behind each is noted while a report is built, and read at its end."""

from dataclasses import dataclass, field

from quotetrack.domain import SpanRole
from quotetrack.passage import passage
from quotetrack.reports.forms import Evidence, Hop, Piece, Quote
from quotetrack.store.figures.evidence import Behind, Shown, shown
from quotetrack.store.figures.record import Record


@dataclass(slots=True)
class Gathered:
    """What is behind the figures of one report."""

    limit: int
    """How many attributions to give for each figure; 0 for no evidence at all."""
    noted: dict[str, tuple[str, int, Behind]] = field(default_factory=dict)

    def note(self, key: str, figure: str, total: int, behind: Behind) -> str | None:
        """Keep what is behind a figure; gives its key, or None if there is nothing or nobody asks."""
        if not self.limit or not total:
            return None
        self.noted[key] = (figure, total, behind)
        return key

    def evidence(self) -> dict[str, Evidence] | None:
        if not self.limit:
            return None
        return {
            key: Evidence(figure=figure, total=total, attributions=behind.ids(self.limit))
            for key, (figure, total, behind) in self.noted.items()
        }

    def quotes(self, record: Record, evidence: dict[str, Evidence] | None) -> list[Quote] | None:
        """Every attribution that the evidence names, once."""
        if evidence is None:
            return None
        named = {id_ for each in evidence.values() for id_ in each.attributions}
        return [quote(each) for _, each in sorted(shown(record.session, named).items())]


def quote(found: Shown) -> Quote:
    row = found.quote
    marked = {role: row.spans[role] for role in (SpanRole.CONTENT, SpanRole.CUE) if row.spans.get(role)}
    every = [span for spans in marked.values() for span in spans]
    return Quote(
        id=row.id,
        article=row.article_id,
        title=row.title,
        outlet=row.outlet,
        published=row.published,
        url=row.url,
        kind=row.kind,
        polarity=row.polarity,
        status=row.status,
        confidence=row.confidence,
        chain=[Hop(role=hop.role, name=hop.name, source_class=hop.source_class) for hop in row.hops],
        content=row.content,
        cue=row.cue,
        passage=[Piece(text=piece.text, role=piece.role) for piece in passage(found.text, marked, every)],
    )
