"""Names and the sources that have them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.domain import SourceClass, SourceKind
from quotetrack.store.engine import batched
from quotetrack.store.models import SourceAlias

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
