"""Whether a name that is new to the database is a known source's: taken for it when nothing else fits, else asked.

A wrong merge is worse than a missed one. Only another spelling of one person's whole name is taken for the same
person; a surname alone, a spelling that several have, and a body's name that sounds alike wait for a reviewer.
"""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from quotetrack.domain import SourceKind
from quotetrack.sources.similar import last_word, sound
from quotetrack.store.decisions.matches import propose_match
from quotetrack.store.models import Source, SourceAlias

MOST = 5
"""A surname that more people bear says nothing about any of them."""
SAME_SOUND, SURNAME = 0.8, 0.5
"""How likely, before any evidence, a reviewer will find two sources to be one."""
NAMELESS = frozenset({SourceKind.UNNAMED, SourceKind.DOCUMENT, SourceKind.GROUP})


def spelled_alike(session: Session, name: str, kind: SourceKind) -> int | None:
    """The one known person of whose whole name this is another spelling; None if there is none, or several.

    Names with a hyphen are left to a reviewer: in Korean and Chinese ones a vowel more is another person.
    """
    if kind is not SourceKind.PERSON or len(name.split()) < 2 or "-" in name:
        return None
    found = _sounding(session, SourceAlias.sound == sound(name), kind)
    return found[0].id if len(found) == 1 and "-" not in found[0].name else None


def propose_matches(session: Session, source: Source) -> None:
    """Ask about the known sources that a new one may be. The caller commits."""
    kind = SourceKind(source.kind)
    if kind in NAMELESS:
        return
    same_sound = _sounding(session, SourceAlias.sound == sound(source.name), kind)
    alike = [(one, SAME_SOUND, "sounds alike") for one in same_sound]
    if kind is SourceKind.PERSON:
        alone = len(source.name.split()) == 1
        same = SourceAlias.last == sound(source.name) if alone else SourceAlias.sound == last_word(source.name)
        alike += [(one, SURNAME, "the surname alone") for one in _sounding(session, same, kind)]
    others = {one.id: (one, score, reason) for one, score, reason in reversed(alike) if one.id != source.id}
    if len(others) <= MOST:
        for one, score, reason in others.values():
            propose_match(session, source.id, one.id, score / len(others), reason)


def _sounding(session: Session, alike: ColumnElement[bool], kind: SourceKind) -> list[Source]:
    """Sources with a name like that: persons for a person, anything else for anything else."""
    person = Source.kind == SourceKind.PERSON
    same_sort = person if kind is SourceKind.PERSON else ~person
    named = select(SourceAlias.source_id).where(alike)
    query = select(Source).where(Source.id.in_(named), same_sort, Source.merged_into_id.is_(None))
    return list(session.scalars(query.order_by(Source.id).limit(MOST + 1)))
