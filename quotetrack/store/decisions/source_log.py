"""Decisions on sources: what they touched, as it was and as it became, and how to go from one to the other.

A snapshot holds the sources that an act touches, the owner of each of their names, their outlets and the matches
between them. Hops are not in it: a hop belongs to the source that has its name, so it follows the name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quotetrack.domain import SourceKind
from quotetrack.errors import ConflictError
from quotetrack.sources.catalogue import fold
from quotetrack.store.acts import Action
from quotetrack.store.base import now
from quotetrack.store.decisions.record import Decided, said_of, save
from quotetrack.store.engine import batched
from quotetrack.store.models import Decision, HopRow, Outlet, Source, SourceAlias, SourceMatch
from quotetrack.store.names import alias_owners

COLUMNS = ("name", "kind", "country", "controller_id", "merged_into_id", "edited")

Snapshot = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a source."""

    source_id: int
    name: str
    origin: str


def snapshot(session: Session, source_ids: Iterable[int]) -> Snapshot:
    """These sources with all that belongs to them, as it goes to the log."""
    session.flush()
    ids = sorted(set(source_ids))
    found: Snapshot = {"sources": {}, "aliases": {}, "outlets": {}, "matches": {}}
    for source in session.scalars(select(Source).where(Source.id.in_(ids)).order_by(Source.id)):
        values = {column: getattr(source, column) for column in COLUMNS}
        found["sources"][str(source.id)] = values | {"kind": str(source.kind), "edited": list(source.edited)}
    for alias in session.scalars(select(SourceAlias).where(SourceAlias.source_id.in_(ids)).order_by(SourceAlias.id)):
        found["aliases"][alias.folded] = asdict(Name(alias.source_id, alias.name, alias.origin))
    for outlet in session.scalars(select(Outlet).where(Outlet.source_id.in_(ids)).order_by(Outlet.id)):
        found["outlets"][str(outlet.id)] = outlet.source_id
    both = SourceMatch.source_id.in_(ids) & SourceMatch.candidate_id.in_(ids)
    for match in session.scalars(select(SourceMatch).where(both).order_by(SourceMatch.id)):
        found["matches"][str(match.id)] = [match.state, match.decided_by]
    return found


def log_sources(
    session: Session, action: Action, source_id: int, before: Snapshot, *, reviewer: str, note: str | None = None,
    undoes: int | None = None, batch: str | None = None,
) -> Decided:  # fmt: skip
    """Log what an act made of the sources in `before`, and of the one it is about."""
    after = snapshot(session, [*map(int, before["sources"]), source_id])
    decision = Decision(
        source_id=source_id, reviewer=reviewer, action=action, before=before, after=after, note=note,
        undoes_id=undoes, batch=batch,
    )  # fmt: skip
    save(session, decision, f"Source #{source_id}")
    return Decided(decision.id, None, "", 0, action.value, source_id)


def shift(
    session: Session, decision: Decision, old: Mapping[str, Any], new: Mapping[str, Any], *, strict: bool
) -> None:
    """Bring what differs between two snapshots from `old` to `new`, and leave all else as it has become.

    What is no longer as in `old` raises ConflictError if `strict`, and else stays as it is.
    """

    def stale(now: Any, was: Any) -> bool:
        if now == was:
            return False
        if strict:
            raise _changed(session, decision)
        return True

    for id_, values in old["sources"].items():
        source = session.get(Source, int(id_))
        if source is None:
            continue
        for column in COLUMNS:
            due = new["sources"][id_][column]
            if values[column] != due and not stale(getattr(source, column), values[column]):
                setattr(source, column, SourceKind(due) if column == "kind" else due)
    session.flush()
    for folded in old["aliases"].keys() | new["aliases"].keys():
        was, due = old["aliases"].get(folded), new["aliases"].get(folded)
        if was != due:
            alias = session.scalar(select(SourceAlias).where(SourceAlias.folded == folded))
            if not stale(alias.source_id if alias else None, was["source_id"] if was else None):
                _set_alias(session, alias, folded, Name(**due) if due else None)
    for id_, owner in old["outlets"].items():
        if owner != new["outlets"].get(id_, owner):
            session.execute(
                update(Outlet)
                .where(Outlet.id == int(id_), Outlet.source_id == owner)
                .values(source_id=new["outlets"][id_])
            )
    for id_, values in old["matches"].items():
        if id_ in new["matches"] and values != new["matches"][id_] and (match := session.get(SourceMatch, int(id_))):
            match.state, match.decided_by = new["matches"][id_]
            match.at = now() if match.decided_by else None
    session.flush()
    rehome(session, map(int, old["sources"]))


def forwarded(decision: Decision, source_id: int, to: int) -> dict[str, Any]:
    """What an act left, if all it gave to a source has gone on to the one that source was merged into in turn."""
    before, after = decision.before, decision.after

    def onward(owner: int | None, was: int | None) -> int | None:
        return to if owner == source_id and owner != was else owner

    return {
        **after,
        "sources": {
            i: s | {"controller_id": onward(s["controller_id"], before["sources"][i]["controller_id"])}
            for i, s in after["sources"].items()
        },
        "aliases": {
            f: alias | {"source_id": onward(alias["source_id"], before["aliases"][f]["source_id"])}
            for f, alias in after["aliases"].items()
        },
        "outlets": {i: onward(owner, before["outlets"].get(i)) for i, owner in after["outlets"].items()},
    }


def _set_alias(session: Session, alias: SourceAlias | None, folded: str, due: Name | None) -> None:
    if due is None:
        if alias is not None:
            session.delete(alias)
    elif alias is None:
        session.add(SourceAlias(source_id=due.source_id, name=due.name, folded=folded, origin=due.origin))
    else:
        alias.source_id = due.source_id


def rehome(session: Session, source_ids: Iterable[int]) -> int:
    """Give each hop of these sources to the source that has its name. Returns how many moved."""
    ids = list(source_ids)
    named: dict[tuple[int, str], list[str]] = {}
    for source_id, name in session.execute(
        select(HopRow.source_id, HopRow.name).where(HopRow.source_id.in_(ids)).distinct()
    ):
        named.setdefault((source_id, fold(name)), []).append(name)
    owners = alias_owners(session, {folded for _, folded in named})
    moved = 0
    for (source_id, folded), names in named.items():
        owner = owners.get(folded, source_id)
        for part in batched(names if owner != source_id else ()):
            done = session.execute(
                update(HopRow).where(HopRow.source_id == source_id, HopRow.name.in_(part)).values(source_id=owner)
            )
            moved += done.rowcount  # type: ignore[attr-defined]
    return moved


def _changed(session: Session, decision: Decision) -> ConflictError:
    touched = [int(id_) for id_ in decision.before["sources"].keys() | decision.after["sources"].keys()]
    later = session.scalar(
        select(Decision)
        .where(Decision.id > decision.id, Decision.source_id.in_(touched))
        .order_by(Decision.id.desc())
        .limit(1)
    )
    who = f"by {said_of(later)}" if later else "since, perhaps by the catalogue"
    return ConflictError(
        f"The {decision.action} of source #{decision.source_id} cannot be taken back: the source was changed {who}. "
        "Look at it with `quotetrack sources show`.",
        by=later.reviewer if later else "",
    )
