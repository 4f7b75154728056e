"""The state of an attribution: all of it that a reviewer may decide on, as one value, with the rules it must keep.

Spans are half-open ranges of code points into the article's text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from quotetrack.domain import HopRole, Kind, Polarity, SourceClass, Span, SpanRole, Spans, Status, text_of
from quotetrack.errors import InvalidError
from quotetrack.sources.catalogue import fold
from quotetrack.store.engine import batched
from quotetrack.store.models import AttributionRow, AttributionSpan, HopRow
from quotetrack.store.names import alias_owners, survivor_id
from quotetrack.store.queries import HopView


@dataclass(frozen=True, slots=True)
class State:
    """What one attribution is. A hop's name here is the one its own chain gave it."""

    status: Status
    kind: Kind
    polarity: Polarity
    parent_id: int | None
    """The attribution in whose content this one is nested."""
    duplicate_of: int | None
    content: Spans
    cue: Spans
    source: Spans
    hops: tuple[HopView, ...]

    @property
    def speaker(self) -> HopView | None:
        return self.hops[-1] if self.hops and self.hops[-1].role is HopRole.SPEAKER else None

    def spans(self, role: SpanRole) -> Spans:
        found: Spans = getattr(self, role.value)
        return found

    def with_spans(self, spans: Mapping[SpanRole, Spans]) -> "State":
        content, cue, source = (tuple(spans.get(role, self.spans(role))) for role in SpanRole)
        return replace(self, content=content, cue=cue, source=source)

    def as_dict(self) -> dict[str, Any]:
        """Its form in the log and in `--json`."""
        return {
            "status": self.status.value,
            "kind": self.kind.value,
            "polarity": self.polarity.value,
            "parent_id": self.parent_id,
            "duplicate_of": self.duplicate_of,
            "spans": {role.value: [[s.start, s.end] for s in self.spans(role)] for role in SpanRole},
            "hops": [
                {
                    "role": hop.role.value,
                    "source_id": hop.source_id,
                    "name": hop.name,
                    "class": hop.source_class.value,
                    "start": hop.span.start if hop.span else None,
                    "end": hop.span.end if hop.span else None,
                    "made_by": hop.made_by,
                }
                for hop in self.hops
            ],
        }


def read_state(stored: Mapping[str, Any], otherwise: State) -> State:
    """A state from the log. What an older entry does not say is as it is `otherwise`."""
    spans = stored.get("spans", {})
    return State(
        status=Status(stored.get("status", otherwise.status)),
        kind=Kind(stored.get("kind", otherwise.kind)),
        polarity=Polarity(stored.get("polarity", otherwise.polarity)),
        parent_id=stored.get("parent_id", otherwise.parent_id),
        duplicate_of=stored.get("duplicate_of", otherwise.duplicate_of),
        hops=tuple(_hop(hop) for hop in stored["hops"]) if "hops" in stored else otherwise.hops,
        **{
            role.value: tuple(Span(*piece) for piece in spans[role]) if role in spans else otherwise.spans(role)
            for role in SpanRole
        },
    )


def _hop(stored: Mapping[str, Any]) -> HopView:
    return HopView(
        role=HopRole(stored["role"]),
        name=stored["name"],
        source_class=SourceClass(stored["class"]),
        span=Span(stored["start"], stored["end"]) if stored["start"] is not None else None,
        made_by=stored.get("made_by", ""),
        source_id=stored["source_id"],
    )


def check_rules(state: State, text: str) -> None:
    """Raises InvalidError unless the state fits the article's text. Rules on other attributions are `actions`'."""
    if not state.content:
        raise InvalidError("The content may not be empty: mark at least one piece of the text.")
    for role in SpanRole:
        pieces = state.spans(role)
        for piece in pieces:
            if piece.end > len(text):
                raise InvalidError(
                    f"The {role} ends at {piece.end}, and the text has {len(text)} characters. Choose pieces within it."
                )
        for one, other in pairwise(pieces):
            if other.start < one.end:
                raise InvalidError(
                    f"The pieces {one.start}-{one.end} and {other.start}-{other.end} of the {role} overlap or are "
                    "not in order. Merge them, or give them in order."
                )
    for hop in state.hops:
        if hop.span is not None and hop.span.end > len(text):
            raise InvalidError(f"{hop.name!r} is placed at {hop.span.end}, outside the text. Choose a place within it.")
    if any(hop.role is HopRole.SPEAKER for hop in state.hops[:-1]):
        raise InvalidError("The speaker must be the last of the chain, and there is but one. Reorder the hops.")


def states_of(session: Session, attribution_ids: Iterable[int]) -> dict[int, State]:
    """The stored states by attribution; one that is not stored is left out."""
    found: dict[int, State] = {}
    for part in batched(attribution_ids):
        spans: dict[tuple[int, str], list[Span]] = {}
        for one in session.execute(
            select(AttributionSpan.attribution_id, AttributionSpan.role, AttributionSpan.start, AttributionSpan.end)
            .where(AttributionSpan.attribution_id.in_(part))
            .order_by(AttributionSpan.start)
        ):
            spans.setdefault((one[0], one[1]), []).append(Span(one[2], one[3]))
        hops: dict[int, list[HopView]] = {}
        for hop in session.execute(  # columns: this session may hold a row that has been written past it
            select(
                HopRow.attribution_id, HopRow.role, HopRow.name, HopRow.source_class, HopRow.start, HopRow.end,
                HopRow.made_by, HopRow.source_id,
            ).where(HopRow.attribution_id.in_(part)).order_by(HopRow.attribution_id, HopRow.position)
        ):  # fmt: skip
            hops.setdefault(hop.attribution_id, []).append(
                HopView(
                    HopRole(hop.role),
                    hop.name,
                    SourceClass(hop.source_class),
                    Span(hop.start, hop.end) if hop.start is not None and hop.end is not None else None,
                    hop.made_by,
                    source_id=hop.source_id,
                )
            )
        for id_, status, kind, polarity, parent_id, duplicate_of in session.execute(
            select(
                AttributionRow.id, AttributionRow.status, AttributionRow.kind, AttributionRow.polarity,
                AttributionRow.parent_id, AttributionRow.duplicate_of_id,
            ).where(AttributionRow.id.in_(part))
        ):  # fmt: skip
            content, cue, source = (tuple(spans.get((id_, role.value), ())) for role in SpanRole)
            found[id_] = State(
                Status(status), Kind(kind), Polarity(polarity), parent_id, duplicate_of,
                content, cue, source, tuple(hops.get(id_, ())),
            )  # fmt: skip
    return found


def write_state(session: Session, row: AttributionRow, before: State, after: State, text: str) -> None:
    """Store a state in place of the one before; only what differs is written. The caller flushes the row."""
    row.status = after.status
    row.kind = after.kind
    row.polarity = after.polarity
    row.parent_id = after.parent_id
    row.duplicate_of_id = after.duplicate_of
    for role in SpanRole:
        if after.spans(role) != before.spans(role):
            session.execute(
                delete(AttributionSpan).where(AttributionSpan.attribution_id == row.id, AttributionSpan.role == role)
            )
            _insert_spans(session, row.id, role, after.spans(role))
    if after.content != before.content:
        row.content_text = text_of(after.content, text)
    if after.hops != before.hops:
        session.execute(delete(HopRow).where(HopRow.attribution_id == row.id))
        insert_hops(session, row.id, after.hops)


def _insert_spans(session: Session, attribution_id: int, role: SpanRole, pieces: Spans) -> None:
    if pieces:
        session.execute(
            insert(AttributionSpan),
            [{"attribution_id": attribution_id, "role": role, "start": s.start, "end": s.end} for s in pieces],
        )


def insert_state(session: Session, attribution_id: int, state: State) -> None:
    """Store the spans and hops of a row that is new."""
    for role in SpanRole:
        _insert_spans(session, attribution_id, role, state.spans(role))
    insert_hops(session, attribution_id, state.hops)


def insert_hops(session: Session, attribution_id: int, hops: Iterable[HopView]) -> None:
    links = [
        {
            "attribution_id": attribution_id,
            "position": position,
            "role": hop.role,
            "source_id": hop.source_id,
            "source_class": hop.source_class,
            "name": hop.name,
            "start": hop.span.start if hop.span else None,
            "end": hop.span.end if hop.span else None,
            "made_by": hop.made_by,
        }
        for position, hop in enumerate(hops)
    ]
    if links:
        session.execute(insert(HopRow), links)


def brought_up_to_date(session: Session, states: Mapping[int, State]) -> dict[int, State]:
    """States from the log, pointing at what their sources and attributions have become since.

    A hop belongs to the source that has its name now: merging moves names and hops together, and so does un-merging.
    What a deleted attribution was to another is forgotten, as the database forgets it.
    """
    owners = alias_owners(session, {fold(hop.name) for state in states.values() for hop in state.hops})
    links = {i for state in states.values() for i in (state.parent_id, state.duplicate_of) if i is not None}
    there = {i for part in batched(links) for i in session.scalars(
        select(AttributionRow.id).where(AttributionRow.id.in_(part))
    )}  # fmt: skip
    survivors: dict[int, int] = {}

    def source_of(hop: HopView) -> int:
        owner = owners.get(fold(hop.name))
        if owner is None:
            owner = survivors.get(hop.source_id) or survivor_id(session, hop.source_id)
            survivors[hop.source_id] = owner
        return owner

    return {
        key: replace(
            state,
            parent_id=state.parent_id if state.parent_id in there else None,
            duplicate_of=state.duplicate_of if state.duplicate_of in there else None,
            hops=tuple(replace(hop, source_id=source_of(hop)) for hop in state.hops),
        )
        for key, state in states.items()
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What one log entry's state changed, each in a few words: "kind indirect → direct"."""
    said = []
    for name in ("status", "kind", "polarity", "parent_id", "duplicate_of", "relation"):
        if name in after and before.get(name) != after[name]:
            said.append(f"{name.replace('_id', '').replace('_', ' ')} {before.get(name)} → {after[name]}")
    if "hops" in after and before.get("hops") != after["hops"]:
        chains = [" > ".join(hop["name"] for hop in state.get("hops", ())) or "nobody" for state in (before, after)]
        said.append(f"chain {chains[0]} → {chains[1]}")
    for role, pieces in after.get("spans", {}).items():
        was = before.get("spans", {}).get(role, [])
        if was != pieces:
            drawn = [", ".join(f"{start}-{end}" for start, end in spans) or "none" for spans in (was, pieces)]
            said.append(f"{role} {drawn[0]} → {drawn[1]}")
    return said
