"""Decisions on everything: whole states, batches, second opinions, claims, matches of sources, orders of the queue

Revision ID: 0002
Revises: 0001

Decisions that are there keep their bare status: a state that lacks a part leaves that part as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ATTRIBUTION_INDEXES = {
    "ix_attribution_status_rank": ["status", "rank", "id", "confidence"],
    "ix_attribution_status_dated": ["status", "dated", "article_id"],
    "ix_attribution_status_article": ["status", "article_id", "id"],
    "ix_attribution_confidence": ["confidence", "id"],
    "ix_attribution_rank": ["rank", "id"],
    "ix_attribution_dated": ["dated", "article_id"],
    "ix_attribution_duplicate_of_id": ["duplicate_of_id"],
}
DECISION_INDEXES = {
    "ix_decision_reviewer_id": ["reviewer", "id"],
    "ix_decision_reviewer_at": ["reviewer", "at"],
    "ix_decision_source_id": ["source_id"],
    "ix_decision_batch": ["batch"],
}


def upgrade() -> None:
    op.add_column("attribution", sa.Column("dated", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attribution", sa.Column("rank", sa.Double(), nullable=True))
    op.execute(
        "UPDATE attribution SET rank = confidence - 1, "
        "dated = (SELECT coalesce(published, fetched) FROM article WHERE article.id = article_id)"
    )
    with op.batch_alter_table("attribution") as table:
        table.add_column(sa.Column("duplicate_of_id", sa.Integer(), nullable=True))
        table.alter_column("dated", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.alter_column("rank", existing_type=sa.Double(), nullable=False)
        table.create_foreign_key(
            op.f("fk_attribution_duplicate_of_id_attribution"),
            "attribution",
            ["duplicate_of_id"],
            ["id"],
            ondelete="SET NULL",
        )
    for name, columns in ATTRIBUTION_INDEXES.items():
        op.create_index(op.f(name), "attribution", columns)

    op.drop_index(op.f("ix_decision_undoes_id"), "decision")
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("batch", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("is_second", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("version", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_decision_source_id_source"), "source", ["source_id"], ["id"], ondelete="SET NULL"
        )
        table.create_unique_constraint(op.f("uq_decision_undoes_id"), ["undoes_id"])
    for name, columns in DECISION_INDEXES.items():
        op.create_index(op.f(name), "decision", columns)

    op.create_table(
        "claim",
        sa.Column("attribution_id", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribution_id"], ["attribution.id"], name=op.f("fk_claim_attribution_id_attribution"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribution_id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_reviewer"), "claim", ["reviewer"])
    op.create_table(
        "source_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source_id <> candidate_id", name=op.f("ck_source_match_two_sources")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_match_source_id_source"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["source.id"], name=op.f("fk_source_match_candidate_id_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_match")),
        sa.UniqueConstraint("source_id", "candidate_id", name=op.f("uq_source_match_source_id_candidate_id")),
    )
    op.create_index(op.f("ix_source_match_candidate_id"), "source_match", ["candidate_id"])
    op.create_index(op.f("ix_source_match_state_score"), "source_match", ["state", "score", "id"])
    _create_triggers()


def _create_triggers() -> None:
    """Those of 0001 that keep the full-text index in step: SQLite drops them with the table that is rebuilt."""
    if op.get_bind().dialect.name != "sqlite":
        return
    add = "INSERT INTO attribution_fts(rowid, content_text) VALUES (new.id, new.content_text);"
    drop = (
        "INSERT INTO attribution_fts(attribution_fts, rowid, content_text) VALUES ('delete', old.id, old.content_text);"
    )
    op.execute(f"CREATE TRIGGER attribution_fts_insert AFTER INSERT ON attribution BEGIN {add} END")
    op.execute(f"CREATE TRIGGER attribution_fts_delete AFTER DELETE ON attribution BEGIN {drop} END")
    op.execute(
        f"CREATE TRIGGER attribution_fts_update AFTER UPDATE OF content_text ON attribution BEGIN {drop} {add} END"
    )


def downgrade() -> None:
    op.drop_table("source_match")
    op.drop_table("claim")
    # 0001 would take a second opinion for what an attribution is now
    op.execute("DELETE FROM decision WHERE is_second")
    for name in DECISION_INDEXES:
        op.drop_index(op.f(name), "decision")
    with op.batch_alter_table("decision") as table:
        table.drop_constraint(op.f("uq_decision_undoes_id"), type_="unique")
        table.drop_constraint(op.f("fk_decision_source_id_source"), type_="foreignkey")
        for name in ("version", "is_second", "batch", "source_id"):
            table.drop_column(name)
    op.create_index(op.f("ix_decision_undoes_id"), "decision", ["undoes_id"])
    for name in ATTRIBUTION_INDEXES:
        op.drop_index(op.f(name), "attribution")
    with op.batch_alter_table("attribution") as table:
        table.drop_constraint(op.f("fk_attribution_duplicate_of_id_attribution"), type_="foreignkey")
        for name in ("rank", "dated", "duplicate_of_id"):
            table.drop_column(name)
    _create_triggers()
