"""Sources: bringing the catalogue into the database, finding and listing. What users change is in `decisions`."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, Text, cast, distinct, func, or_, select
from sqlalchemy.orm import Session, selectinload

from quotetrack.domain import KnownSource, SourceKind
from quotetrack.errors import CatalogueError, DatabaseError, NotFoundError
from quotetrack.sources.catalogue import Catalogue, fold
from quotetrack.store.engine import reading, shown, writing
from quotetrack.store.models import HopRow, Source, SourceAlias
from quotetrack.store.names import survivor_id


@dataclass(frozen=True, slots=True)
class Synced:
    """What `sync_catalogue` did, in numbers of sources (and of aliases)."""

    added: int
    updated: int
    kept: int
    """Sources whose changes were left out because a user had changed the same."""
    aliases: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as lists show it."""

    id: int
    name: str
    kind: str
    country: str | None
    controller: str | None
    origin: str
    """`catalogue`, `article` or `user`: where it came from."""
    spoken: int
    """Attributions of which it is the speaker."""
    carried: int
    """Attributions of which it is a channel."""
    aliases: tuple[str, ...] = ()


def is_empty(engine: Engine) -> bool:
    """Whether the database knows no source at all: it was made just now."""
    with reading(engine) as session:
        return session.scalar(select(Source.id).limit(1)) is None


def sync_catalogue(engine: Engine, catalogue: Catalogue) -> Synced:
    """Bring the catalogue's sources up to date in the database, never touching what a user changed."""
    aliases = 0
    added: set[str] = set()
    updated: set[str] = set()
    kept: set[str] = set()
    with writing(engine) as session:
        # a source that a user merged is the other one: its names go there
        stored = {
            str(s.key): survivor(session, s) for s in session.scalars(select(Source).where(Source.key.is_not(None)))
        }
        owners = dict(session.execute(select(SourceAlias.folded, SourceAlias.source_id)).all())
        made = _make(session, [known for known in catalogue if known.key not in stored], owners)
        stored |= made
        added |= made.keys()
        for known in catalogue:
            source = stored.get(known.key)
            if source is None:
                source = stored[known.key] = _adopt(session, known, owners)
                if source.key != known.key:
                    kept.add(known.key)
                    continue
                added.add(known.key)
            elif source.key == known.key:
                changed, refused = _update(source, known, owners)
                updated |= {known.key} if changed else set()
                kept |= {known.key} if refused else set()
            for name in (known.name, *known.aliases, *known.metonyms):
                if fold(name) not in owners:
                    session.add(SourceAlias(source_id=source.id, name=name, folded=fold(name), origin="catalogue"))
                    owners[fold(name)] = source.id
                    aliases += 1
        due = []
        for known in catalogue:
            source = stored[known.key]
            above = stored[known.controller] if known.controller else None
            if source.key == known.key and source.controller_id != (above.id if above else None):
                if "controller" in source.edited:
                    kept.add(known.key)
                else:
                    due.append((known.key, source, above))
                    source.controller_id = None
        for key, source, above in due:
            if above is not None and controls(session, source, above):
                kept.add(key)  # what users changed would close a circle with it
            else:
                source.controller_id = above.id if above else None
                updated.add(key)
    return Synced(len(added), len(updated - added), len(kept), aliases)


def _make(session: Session, entries: Iterable[KnownSource], owners: dict[str, int]) -> dict[str, Source]:
    """Rows for the entries whose name nothing has yet, by key: all at once, for a server is far away."""
    made = {
        known.key: Source(key=known.key, name=known.name, kind=known.kind, country=known.country, edited=[])
        for known in entries
        if fold(known.name) not in owners
    }
    session.add_all(made.values())
    session.flush()
    return made


def _adopt(session: Session, known: KnownSource, owners: dict[str, int]) -> Source:
    """The source that an article had named before the catalogue knew it.

    Another catalogue source is left as it is, if a user gave it the entry's name.
    """
    source = session.get_one(Source, owners[fold(known.name)])
    if source.key is None:
        source.key = known.key
        _update(source, known, owners)
    return source


def _update(source: Source, known: KnownSource, owners: dict[str, int]) -> tuple[bool, bool]:
    """Take over the catalogue's name, kind and country: (whether anything changed, whether anything was kept back)."""
    changed = refused = False
    for column, value in (("name", known.name), ("kind", known.kind), ("country", known.country)):
        if getattr(source, column) != value:
            taken = column == "name" and owners.get(fold(known.name), source.id) != source.id
            if column in source.edited or taken:
                refused = True
            else:
                setattr(source, column, value)
                changed = True
    return changed, refused


def survivor(session: Session, source: Source) -> Source:
    """The source that this one was merged into, or itself. Raises DatabaseError as `survivor_id` does."""
    return source if source.merged_into_id is None else session.get_one(Source, survivor_id(session, source.id))


def controls(session: Session, source: Source, other: Source) -> bool:
    """Whether `source` is `other`, or controls it, directly or by way of others."""
    seen: set[int] = set()  # a damaged database may have others that control one another
    step: int | None = other.id
    while step is not None and step != source.id and step not in seen:
        seen.add(step)
        step = session.get_one(Source, step).controller_id
    return step == source.id


def known_sources(engine: Engine) -> Catalogue:
    """What attribution should know: the catalogue as this database has it, and every source a user has touched.

    Raises DatabaseError if they break a rule of the catalogue's, such as one that controls itself.
    """
    with reading(engine) as session:
        found = session.scalars(
            select(Source)
            .where(Source.merged_into_id.is_(None), or_(Source.key.is_not(None), _touched))
            .options(selectinload(Source.aliases))
        )
        rows = [row for row in found if row.kind not in (SourceKind.UNNAMED, SourceKind.DOCUMENT)]
        keys = {row.id: row.key or f"id-{row.id}" for row in rows}
        known = [
            KnownSource(
                key=keys[row.id],
                name=row.name,
                kind=row.kind if isinstance(row.kind, SourceKind) else SourceKind(row.kind),
                country=row.country,
                controller=keys.get(row.controller_id) if row.controller_id else None,
                aliases=tuple(alias.name for alias in row.aliases if alias.folded != fold(row.name)),
            )
            for row in rows
        ]
    try:
        return Catalogue(known)
    except CatalogueError as error:
        where = f"Sources in {shown(engine)} break a rule."
        raise DatabaseError(f"{where} {error} `quotetrack db check` lists what is broken.") from error


_touched = func.length(cast(Source.edited, Text)) > len("[]")


def find_source(session: Session, name: str) -> Source:
    """The source that a user means: by id (`#12`), by name or alias, else by a part of a name that fits only one.

    Raises NotFoundError, with suggestions, if there is none or several.
    """
    if name.startswith("#") and name[1:].isdecimal():
        source = session.get(Source, int(name[1:]))
    else:
        source = session.scalar(select(Source).join(SourceAlias).where(SourceAlias.folded == fold(name)))
    if source is not None:
        return survivor(session, source)
    named = select(SourceAlias.source_id).where(SourceAlias.folded.contains(fold(name), autoescape=True))
    near = session.scalars(
        select(Source)
        .where(Source.id.in_(named), Source.merged_into_id.is_(None))
        .order_by(Source.name, Source.id)
        .limit(6)
    ).all()
    if len(near) == 1:
        return near[0]
    if near:
        raise NotFoundError(f"{name!r} fits several sources: {', '.join(s.name for s in near)}. Give the whole name.")
    raise NotFoundError(f"No source is called {name!r}. `quotetrack sources list --search TEXT` finds names.")


def list_sources(
    engine: Engine, *, search: str = "", kind: str = "", seen: bool = False, limit: int = 100, offset: int = 0
) -> list[SourceRow]:
    """Sources with their counts, the most heard first, then by name. `seen` leaves out those no article named."""
    heard = select(func.count(distinct(HopRow.attribution_id))).where(HopRow.source_id == Source.id)
    spoken = heard.where(HopRow.role == "speaker").scalar_subquery()
    carried = heard.where(HopRow.role == "channel").scalar_subquery()
    query = select(Source, spoken.label("spoken"), carried.label("carried")).where(Source.merged_into_id.is_(None))
    if search:
        named = select(SourceAlias.source_id).where(SourceAlias.folded.contains(fold(search), autoescape=True))
        query = query.where(Source.id.in_(named))
    if kind:
        query = query.where(Source.kind == kind)
    if seen:
        query = query.where(Source.id.in_(select(HopRow.source_id)))
    query = query.order_by((spoken + carried).desc(), Source.name, Source.id).limit(limit).offset(offset)
    with reading(engine) as session:
        return [
            _row(source, speeches, carries)
            for source, speeches, carries in session.execute(
                query.options(selectinload(Source.aliases), selectinload(Source.controller))
            )
        ]


def show_source(engine: Engine, name: str) -> SourceRow:
    """One source with its counts and aliases. Raises NotFoundError."""
    with reading(engine) as session:
        source = find_source(session, name)
        counts = dict(
            session.execute(
                select(HopRow.role, func.count(distinct(HopRow.attribution_id)))
                .where(HopRow.source_id == source.id)
                .group_by(HopRow.role)
            ).all()
        )
        return _row(source, counts.get("speaker", 0), counts.get("channel", 0))  # type: ignore[call-overload]


def _row(source: Source, spoken: int, carried: int) -> SourceRow:
    return SourceRow(
        id=source.id,
        name=source.name,
        kind=source.kind,
        country=source.country,
        controller=source.controller.name if source.controller else None,
        origin="catalogue" if source.key else "user" if source.edited else "article",
        spoken=spoken,
        carried=carried,
        aliases=tuple(sorted(alias.name for alias in source.aliases if alias.folded != fold(source.name))),
    )
