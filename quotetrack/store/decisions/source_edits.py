"""What reviewers change about sources. Each act is one transaction and one decision in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from quotetrack.domain import SourceKind
from quotetrack.errors import ConflictError, InvalidError
from quotetrack.sources.catalogue import fold
from quotetrack.store.acts import Action, in_force
from quotetrack.store.base import now
from quotetrack.store.decisions.record import Decided
from quotetrack.store.decisions.source_log import forwarded, log_sources, rehome, shift, snapshot
from quotetrack.store.engine import writing
from quotetrack.store.models import Decision, HopRow, Outlet, Source, SourceAlias, SourceMatch
from quotetrack.store.sources import controls, find_source, survivor


@dataclass(frozen=True, slots=True)
class NewSource:
    """What is known of a source that is to be made."""

    kind: SourceKind = SourceKind.UNKNOWN
    controller: str | None = None
    """Name of the source that controls it, or `#ID`."""
    country: str | None = None
    """ISO 3166 code of two letters."""


@contextmanager
def _editing(engine: Engine, name: str, action: Action, column: str, reviewer: str) -> Iterator[tuple[Session, Source]]:
    """One change of one source: found by its name, marked as the user's, and logged."""
    with writing(engine) as session:
        source = find_source(session, name)
        before = snapshot(session, [source.id])
        yield session, source
        _mark(source, column)
        log_sources(session, action, source.id, before, reviewer=reviewer)


def add_alias(engine: Engine, name: str, alias: str, *, reviewer: str) -> str:
    """Give a source another name; returns its canonical name. Raises ConflictError if another source has it."""
    with _editing(engine, name, Action.ADD_ALIAS, "alias_added", reviewer) as (session, source):
        _take_name(session, source, alias)
    return source.name


def rename(engine: Engine, name: str, new: str, *, reviewer: str) -> str:
    """Change a source's canonical name; the old one stays an alias. Returns the old one."""
    with _editing(engine, name, Action.RENAME_SOURCE, "name", reviewer) as (session, source):
        old = source.name
        _take_name(session, source, new)
        source.name = new.strip()
    return old


def set_source_kind(engine: Engine, name: str, kind: SourceKind, *, reviewer: str) -> str:
    with _editing(engine, name, Action.SET_SOURCE_KIND, "kind", reviewer) as (_, source):
        source.kind = kind
    return source.name


def set_country(engine: Engine, name: str, country: str | None, *, reviewer: str) -> str:
    """Say where a source is at home, by its ISO 3166 code of two letters, or that it is nowhere."""
    with _editing(engine, name, Action.SET_COUNTRY, "country", reviewer) as (_, source):
        source.country = _country(country)
    return source.name


def _country(country: str | None) -> str | None:
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise InvalidError(f"{country!r} is not a country. Give its code of two letters, such as KP.")
    return country.upper() if country else None


def set_controller(engine: Engine, name: str, controller: str | None, *, reviewer: str) -> str:
    """Say who controls a source, or that nobody does. Raises ConflictError if it would control itself."""
    with _editing(engine, name, Action.SET_CONTROLLER, "controller", reviewer) as (session, source):
        above = find_source(session, controller) if controller else None
        if above is not None and controls(session, source, above):
            raise ConflictError(f"{source.name} would control itself by way of {above.name}.")
        source.controller_id = above.id if above else None
    return source.name


def new_source(engine: Engine, name: str, new: NewSource, *, reviewer: str) -> int:
    """Make a source; returns its id. Raises ConflictError if another has the name."""
    with writing(engine) as session:
        return make_source(session, name, new, reviewer=reviewer, batch=None).id


def make_source(session: Session, name: str, new: NewSource, *, reviewer: str, batch: str | None) -> Source:
    above = find_source(session, new.controller) if new.controller else None
    source = Source(
        name=name.strip(), kind=new.kind, country=_country(new.country), edited=["name"],
        controller_id=above.id if above else None,
    )  # fmt: skip
    session.add(source)
    session.flush()
    _take_name(session, source, name)
    log_sources(session, Action.NEW_SOURCE, source.id, snapshot(session, []), reviewer=reviewer, batch=batch)
    return source


def merge(engine: Engine, name: str, into: str, *, reviewer: str, note: str | None = None) -> tuple[str, str, int]:
    """Merge one source into another: its names and hops become the other's. Returns both names and the hops moved.

    The merged row stays and points at the other. Raises ConflictError if they are one source already.
    """
    with writing(engine) as session:
        source, target = find_source(session, name), find_source(session, into)
        if source.id == target.id:
            raise ConflictError(f"{name!r} and {into!r} are the same source already.")
        moved, _ = merge_in(session, source, target, Action.MERGE_SOURCES, reviewer=reviewer, note=note)
        return source.name, target.name, moved


def merge_in(
    session: Session, source: Source, target: Source, action: Action, *, reviewer: str, note: str | None = None
) -> tuple[int, Decided]:
    """Merge within a transaction. Returns the hops moved and what was logged."""
    controlled = session.scalars(select(Source).where(Source.controller_id == source.id)).all()
    before = snapshot(session, [source.id, target.id, *(c.id for c in controlled)])
    moved = session.execute(update(HopRow).where(HopRow.source_id == source.id).values(source_id=target.id))
    session.execute(update(SourceAlias).where(SourceAlias.source_id == source.id).values(source_id=target.id))
    session.execute(update(Outlet).where(Outlet.source_id == source.id).values(source_id=target.id))
    session.execute(
        update(SourceMatch)
        .where(
            or_(
                (SourceMatch.source_id == source.id) & (SourceMatch.candidate_id == target.id),
                (SourceMatch.source_id == target.id) & (SourceMatch.candidate_id == source.id),
            )
        )
        .values(state="same", decided_by=reviewer, at=now())
    )
    above = source.controller_id if controls(session, source, target) else target.controller_id
    for below in controlled:
        below.controller_id = target.id
    target.controller_id = above if above != source.id else None
    source.merged_into_id = target.id
    source.controller_id = None
    _mark(source, "merged")
    _mark(target, "alias_added")
    session.flush()
    session.expire_all()
    decided = log_sources(session, action, source.id, before, reviewer=reviewer, note=note)
    return moved.rowcount, decided  # type: ignore[attr-defined]


def unmerge(engine: Engine, name: str, *, reviewer: str, note: str | None = None) -> tuple[str, str, int]:
    """Take a source out of the one it was merged into, with the names it brought and the hops that bear them.

    `name` is the merged source's own name, one of the names it brought, or `#ID`. What has been changed otherwise
    since stays. Returns both names and the number of names that went back. Raises ConflictError if it was not merged.
    """
    with writing(engine) as session:
        source, decision = _merged(session, name)
        target = survivor(session, source)
        before = snapshot(session, {*map(int, decision.after["sources"]), target.id})
        assert source.merged_into_id is not None
        became = forwarded(decision, source.merged_into_id, target.id)
        shift(session, decision, became, decision.before, strict=False)
        rehome(session, [target.id])
        log_sources(session, Action.UNMERGE_SOURCES, source.id, before, reviewer=reviewer, note=note)
        names = [a for a in decision.before["aliases"].values() if a["source_id"] == source.id]
        return source.name, target.name, len(names)


def _merged(session: Session, name: str) -> tuple[Source, Decision]:
    """A source that is merged into another, and the decision that did it."""
    logged = session.scalars(
        select(Decision)
        .join(Source, Source.id == Decision.source_id)
        .where(
            Decision.action.in_((Action.MERGE_SOURCES, Action.MATCH_SAME, Action.REDO, Action.UNDO)),
            Source.merged_into_id.is_not(None),
            in_force,
        )
        .order_by(Decision.id.desc())
    )
    merges: dict[int, Decision] = {}  # the newest of each source
    for decision in logged:
        own = str(decision.source_id)
        was, became = decision.before["sources"].get(own), decision.after["sources"].get(own)
        if was and became and was["merged_into_id"] is None and became["merged_into_id"] is not None:
            merges.setdefault(int(own), decision)
    number = int(name[1:]) if name.startswith("#") and name[1:].isdecimal() else None
    named = [
        d for id_, d in merges.items() if id_ == number or fold(d.before["sources"][str(id_)]["name"]) == fold(name)
    ]
    # a name may have gone on with one merge after another: the first is the one that brought it
    bringing = [d for id_, d in merges.items() if d.before["aliases"].get(fold(name), {}).get("source_id") == id_]
    if chosen := named or sorted(bringing, key=lambda d: d.id):
        return session.get_one(Source, chosen[0].source_id), chosen[0]
    source = find_source(session, name)
    raise ConflictError(
        f"No merge of {name!r} is in the log: it is part of {source.name} by its own right, or was merged by an older "
        "version. Give it a source of its own with `quotetrack decide set-speaker --new`."
    )


def _take_name(session: Session, source: Source, name: str) -> None:
    folded = fold(name)
    if not folded:
        raise ConflictError("A name cannot be empty.")
    holder = session.scalar(select(SourceAlias).where(SourceAlias.folded == folded))
    if holder is None:
        session.add(SourceAlias(source_id=source.id, name=name.strip(), folded=folded, origin="user"))
    elif holder.source_id != source.id:
        other = session.get_one(Source, holder.source_id)
        raise ConflictError(
            f"{name!r} is a name of {other.name}. Merge the two with "
            f'`quotetrack sources merge "{other.name}" "{source.name}"` if they are one.'
        )


def _mark(source: Source, column: str) -> None:
    if column not in source.edited:
        source.edited = [*source.edited, column]
