"""Who stands behind a source in the end."""

from sqlalchemy import select

from quotetrack.store.engine import Engine, reading, writing
from quotetrack.store.models import Source
from quotetrack.store.origins import origins


def made(engine: Engine, *above: tuple[str, str | None, str | None]) -> dict[str, str]:
    """The origin of each source by name; each is given with its controller and what it was merged into."""
    with writing(engine) as session:
        rows = {name: Source(name=name, kind="office") for name, _, _ in above}
        session.add_all(rows.values())
        session.flush()
        for name, controller, merged in above:
            rows[name].controller_id = rows[controller].id if controller else None
            rows[name].merged_into_id = rows[merged].id if merged else None
    with reading(engine) as session:
        names = dict(session.execute(select(Source.id, Source.name)).all())
        found = origins(session)
        return {name: names[found[row.id]] for name, row in rows.items()}


def test_control_is_followed_to_its_end(engine: Engine) -> None:
    found = made(engine, ("Palace", None, None), ("Agency", "Palace", None), ("Wire", "Agency", None))
    assert found == {"Palace": "Palace", "Agency": "Palace", "Wire": "Palace"}


def test_a_merged_source_has_the_origin_of_what_it_became(engine: Engine) -> None:
    found = made(
        engine, ("Palace", None, None), ("Agency", "Palace", None), ("Court", None, None), ("Wire", "Court", "Agency")
    )
    assert found["Wire"] == "Palace"


def test_a_circle_of_control_has_one_origin(engine: Engine) -> None:
    found = made(engine, ("A", "C", None), ("B", "A", None), ("C", "B", None), ("Below", "B", None))
    assert set(found.values()) == {"A"}
