"""Whose names those in an article are: a known source's, another spelling of one, or a new source's.

A wrong merge is worse than a missed one. Only another spelling of one person's whole name is taken for the same
person; a surname alone, a spelling that several have, and a body's name that sounds alike wait for a reviewer.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.domain import SourceClass, SourceKind
from quotetrack.sources.catalogue import fold
from quotetrack.sources.similar import last_word, sound
from quotetrack.store.decisions.matches import propose_match
from quotetrack.store.engine import batched
from quotetrack.store.models import Source, SourceAlias
from quotetrack.store.names import KIND_OF_CLASS, alias_owners

MOST = 5
"""A surname that more people bear says nothing about any of them."""
SAME_SOUND, SURNAME = 0.8, 0.5
"""How likely, before any evidence, a reviewer will find two sources to be one."""
NAMELESS = frozenset({SourceKind.UNNAMED, SourceKind.DOCUMENT, SourceKind.GROUP})

Alike = dict[tuple[str, bool], list[Source]]
"""Sources by the sound of a whole name and by whether they are persons, the oldest first."""


def source_ids_of(
    session: Session, names: Iterable[tuple[str, SourceClass]], offices: Mapping[str, str] | None = None
) -> dict[str, int]:
    """The source of each name, by folded name; a name that nothing has is made a source of its own.

    Another spelling of one known person's name is taken for that person; what may be a known source and may not
    waits for a reviewer. `offices` says, by folded name, for which body an official speaks: it controls a new one.
    The caller commits.
    """
    wanted = {fold(name): (name, KIND_OF_CLASS[source_class]) for name, source_class in names}
    bodies = {folded: fold(body) for folded, body in (offices or {}).items()}
    known = alias_owners(session, {*wanted, *bodies.values()})
    new = {folded: named for folded, named in wanted.items() if folded not in known}
    found = _take_in(session, new, bodies, known) if new else {}
    return {folded: known[folded] if folded in known else found[folded].id for folded in wanted}


def _take_in(
    session: Session, names: Mapping[str, tuple[str, SourceKind]], bodies: Mapping[str, str], known: Mapping[str, int]
) -> dict[str, Source]:
    """Give new names to the sources they belong to, by folded name."""
    alike = _alike(session, names.values())
    found: dict[str, Source] = {}
    made = []
    for folded, (name, kind) in names.items():
        same = _spelled_alike(alike, name, kind)
        source = same or Source(name=name, kind=kind, edited=[])
        session.add(SourceAlias(source=source, name=name, folded=folded, origin="spelling" if same else "article"))
        if not same:
            body = bodies.get(folded, "")
            if body in found:
                source.controller = found[body]
            else:
                source.controller_id = known.get(body)
            alike.setdefault(_heard_as(name, kind), []).append(source)
            made.append(source)
        found[folded] = source
    session.flush()
    for source in made:
        _propose_matches(session, source, alike)
    return found


def _heard_as(name: str, kind: SourceKind) -> tuple[str, bool]:
    return sound(name), kind == SourceKind.PERSON


def _alike(session: Session, names: Iterable[tuple[str, SourceKind]]) -> Alike:
    """The sources that have a name which sounds like one of these."""
    found: dict[tuple[str, bool], dict[int, Source]] = {}
    sounds = {sound(name) for name, kind in names if kind not in NAMELESS}
    for part in batched(sounds):
        query = select(SourceAlias.sound, Source).join(SourceAlias.source)
        query = query.where(SourceAlias.sound.in_(part), Source.merged_into_id.is_(None)).order_by(Source.id)
        for heard_as, source in session.execute(query):
            found.setdefault((heard_as, source.kind == SourceKind.PERSON), {})[source.id] = source
    return {heard_as: list(sources.values()) for heard_as, sources in found.items()}


def _spelled_alike(alike: Alike, name: str, kind: SourceKind) -> Source | None:
    """The one known person of whose whole name this is another spelling; None if there is none, or several.

    Names with a hyphen are left to a reviewer: in Korean and Chinese ones a vowel more is another person.
    """
    if kind != SourceKind.PERSON or len(name.split()) < 2 or "-" in name:
        return None
    found = alike.get(_heard_as(name, kind), [])
    return found[0] if len(found) == 1 and "-" not in found[0].name else None


def _propose_matches(session: Session, source: Source, alike: Alike) -> None:
    """Ask about the older sources that a new one may be."""
    if source.kind in NAMELESS:
        return
    same_sound = alike[_heard_as(source.name, source.kind)]
    candidates = [(one, SAME_SOUND, "sounds alike") for one in same_sound]
    if source.kind == SourceKind.PERSON:
        candidates += [(one, SURNAME, "the surname alone") for one in _of_surname(session, source.name)]
    others = {one.id: (one, score, reason) for one, score, reason in reversed(candidates) if one.id < source.id}
    if len(others) <= MOST:
        for one, score, reason in others.values():
            propose_match(session, source.id, one.id, score / len(others), reason)


def _of_surname(session: Session, name: str) -> list[Source]:
    """Persons with a name that ends in this one, if it is a surname alone; else those named by this one's surname."""
    alone = len(name.split()) == 1
    same = SourceAlias.last == sound(name) if alone else SourceAlias.sound == last_word(name)
    named = select(SourceAlias.source_id).where(same)
    query = select(Source).where(
        Source.id.in_(named), Source.kind == SourceKind.PERSON, Source.merged_into_id.is_(None)
    )
    return list(session.scalars(query.order_by(Source.id).limit(MOST + 1)))
