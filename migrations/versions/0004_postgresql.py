"""Outlets found by their names in small letters, and PostgreSQL finding the words that SQLite finds

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BETWEEN_WORDS = (
    r"[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7"
    r"\u2000-\u206F\u20A0-\u20CF\u2190-\u245F\u2500-\u2BFF\u3000-\u303F\uFE10-\uFE6F\uFF00-\uFF0F\U0001F000-\U0001FAFF]+"
)
"""Spelled out: what PostgreSQL's own classes of characters hold depends on the locale of a database."""


def upgrade() -> None:
    op.add_column("outlet", sa.Column("lowered", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    outlet = sa.table("outlet", sa.column("id"), sa.column("name"), sa.column("lowered"))
    for id_, name in connection.execute(sa.select(outlet.c.id, outlet.c.name)).all():
        connection.execute(sa.update(outlet).where(outlet.c.id == id_).values(lowered=name.lower()))
    op.create_index(op.f("ix_outlet_lowered"), "outlet", ["lowered"])
    if connection.dialect.name == "postgresql":
        _find_what_sqlite_finds()


def _find_what_sqlite_finds() -> None:
    """What FTS5's `porter unicode61` does: no word is left out, accents of Latin letters do not count.

    At 100,000 characters a vector is far from the length at which PostgreSQL refuses it.
    """
    op.execute("DROP INDEX ix_attribution_words")
    op.execute("CREATE TEXT SEARCH DICTIONARY quotetrack_porter (TEMPLATE = snowball, Language = porter)")
    op.execute("CREATE TEXT SEARCH CONFIGURATION quotetrack (COPY = simple)")
    op.execute(
        "ALTER TEXT SEARCH CONFIGURATION quotetrack ALTER MAPPING FOR asciiword, word, numword WITH quotetrack_porter"
    )
    op.execute(
        "CREATE FUNCTION quotetrack_words(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN "
        r"regexp_replace(normalize(regexp_replace(normalize(left(content, 100000), NFD), "
        rf"'([A-Za-z])[\u0300-\u036F]+', '\1', 'g'), NFC), '{BETWEEN_WORDS}', ' ', 'g')"
    )
    op.execute(
        "CREATE INDEX ix_attribution_words ON attribution "
        "USING gin (to_tsvector('quotetrack', quotetrack_words(content_text)))"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_attribution_words")
        op.execute("DROP FUNCTION quotetrack_words(text)")
        op.execute("DROP TEXT SEARCH CONFIGURATION quotetrack")
        op.execute("DROP TEXT SEARCH DICTIONARY quotetrack_porter")
        op.execute("CREATE INDEX ix_attribution_words ON attribution USING gin (to_tsvector('english', content_text))")
    op.drop_index(op.f("ix_outlet_lowered"), "outlet")
    op.drop_column("outlet", "lowered")
