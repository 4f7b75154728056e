"""Alembic's environment: at run time a connection is handed in; developers may name a database with `-x database=…`."""

from alembic import context
from sqlalchemy import Connection

from quotetrack.store.engine import make_engine
from quotetrack.store.models import ArticleVersion
from quotetrack.store.postgresql import compare_by_code_points


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Keep autogenerate away from what finds words: FTS5's own tables, and PostgreSQL's index."""
    return name is None or not ((kind == "table" and "_fts" in name) or name == "ix_attribution_words")


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=ArticleVersion.metadata,
        render_as_batch=True,
        include_name=is_ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "postgresql":
            compare_by_code_points(connection, ArticleVersion.metadata.tables)


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    database = context.get_x_argument(as_dictionary=True).get("database", "quotetrack.sqlite")
    with make_engine(database).connect() as made:
        run(made)
        made.commit()
