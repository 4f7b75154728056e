"""Alembic's environment: at run time a connection is handed in; developers may name a database with `-x database=…`."""

from alembic import context

from quotetrack.store.engine import make_engine
from quotetrack.store.models import ArticleVersion


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Keep autogenerate away from FTS5's own tables."""
    return kind != "table" or name is None or "_fts" not in name


def run(connection: object) -> None:
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=ArticleVersion.metadata,
        render_as_batch=True,
        include_name=is_ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    database = context.get_x_argument(as_dictionary=True).get("database", "quotetrack.sqlite")
    with make_engine(database).connect() as made:
        run(made)
        made.commit()
