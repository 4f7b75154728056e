"""Names and the sources that have them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.domain import SourceClass, SourceKind
from quotetrack.errors import DatabaseError
from quotetrack.store.engine import batched
from quotetrack.store.models import Source, SourceAlias

KIND_OF_CLASS = {
    SourceClass.PERSON: SourceKind.PERSON,
    SourceClass.OFFICIAL: SourceKind.PERSON,
    SourceClass.INSTITUTION: SourceKind.ORGANIZATION,
    SourceClass.MEDIA: SourceKind.OUTLET,
    SourceClass.COLLECTIVE: SourceKind.GROUP,
    SourceClass.UNNAMED: SourceKind.UNNAMED,
    SourceClass.UNNAMED_GROUP: SourceKind.UNNAMED,
    SourceClass.DOCUMENT: SourceKind.DOCUMENT,
    SourceClass.AGENTLESS: SourceKind.UNNAMED,
}


def alias_owners(session: Session, folded: Iterable[str]) -> dict[str, int]:
    """Source ids by folded name. A merged source gave its names to the one it was merged into."""
    owners: dict[str, int] = {}
    for part in batched(folded):
        owners |= dict(
            session.execute(select(SourceAlias.folded, SourceAlias.source_id).where(SourceAlias.folded.in_(part))).all()
        )
    return owners


def survivor_id(session: Session, source_id: int) -> int:
    """The source that this one was merged into, by however many steps, or itself.

    Raises DatabaseError if the steps go round in a circle, which only damage can make.
    """
    seen = set()
    while (into := session.scalar(select(Source.merged_into_id).where(Source.id == source_id))) is not None:
        if source_id in seen:
            raise DatabaseError(
                f"Source #{source_id} is merged into itself: the database is damaged. `quotetrack db check` says "
                "where; restore a backup."
            )
        seen.add(source_id)
        source_id = into
    return source_id
