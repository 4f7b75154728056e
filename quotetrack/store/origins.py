"""Who stands behind a source in the end: sources under common control are one origin."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.store.models import Source


def origins(session: Session) -> dict[int, int]:
    """The origin of every source, by id: who controls it, who controls that, and so on to the last.

    A source that was merged has the origin of the one it was merged into. Where control runs in a circle, which the
    store refuses but an older database may hold, the circle's smallest id is its origin.
    """
    query = select(Source.id, Source.merged_into_id, Source.controller_id)
    above = {id_: merged if merged is not None else controller for id_, merged, controller in session.execute(query)}
    found: dict[int, int] = {}
    for source in above:
        path: list[int] = []
        on_path: set[int] = set()
        at = source
        while at not in found and at not in on_path:
            path.append(at)
            on_path.add(at)
            step = above.get(at)
            if step is None:
                found[at] = at
            else:
                at = step
        end = found[at] if at in found else min(path[path.index(at) :])
        found.update(dict.fromkeys(path, end))
    return found
