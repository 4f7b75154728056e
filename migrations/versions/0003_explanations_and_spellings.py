"""Explanations, default channels, and what all spellings of a name have in common

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from quotetrack.sources.similar import last_word, sound

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attribution", sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("article", sa.Column("default_channels", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("source_alias", sa.Column("sound", sa.Text(), nullable=False, server_default=""))
    op.add_column("source_alias", sa.Column("last", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    alias = sa.table("source_alias", sa.column("id"), sa.column("name"), sa.column("sound"), sa.column("last"))
    names = connection.execute(sa.select(alias.c.id, alias.c.name)).all()
    if names:
        spelled: dict[str, sa.BindParameter[str]] = {"sound": sa.bindparam("s"), "last": sa.bindparam("l")}
        connection.execute(
            sa.update(alias).where(alias.c.id == sa.bindparam("at")).values(spelled),
            [{"at": id_, "s": sound(name), "l": last_word(name)} for id_, name in names],
        )
    op.create_index(op.f("ix_source_alias_sound"), "source_alias", ["sound"])
    op.create_index(op.f("ix_source_alias_last"), "source_alias", ["last"])


def downgrade() -> None:
    op.drop_index(op.f("ix_source_alias_last"), "source_alias")
    op.drop_index(op.f("ix_source_alias_sound"), "source_alias")
    op.drop_column("source_alias", "last")
    op.drop_column("source_alias", "sound")
    op.drop_column("article", "default_channels")
    op.drop_column("attribution", "steps")
