"""Pairs of what two articles say, outcomes of statements, and when an article was analysed and compared last

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("article") as table:
        table.add_column(sa.Column("compared", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("run_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_article_run_id_run"), "run", ["run_id"], ["id"], ondelete="SET NULL")
    op.execute("UPDATE article SET run_id = (SELECT max(run_id) FROM attribution WHERE article_id = article.id)")
    op.create_index(op.f("ix_article_run_id"), "article", ["run_id"])
    op.create_index(op.f("ix_article_compared"), "article", ["compared", "id"])
    op.create_table(
        "statement_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("suggested", sa.String(length=12), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("score between 0 and 1", name=op.f("ck_statement_pair_score_is_share")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_statement_pair_in_order")),
        sa.CheckConstraint(
            "(second_id is null) <> (article_id is null)", name=op.f("ck_statement_pair_one_other_side")
        ),
        sa.CheckConstraint(
            '(article_id is null and start is null and "end" is null) or (0 <= start and start < "end")',
            name=op.f("ck_statement_pair_half_open"),
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["attribution.id"], name=op.f("fk_statement_pair_first_id_attribution"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["attribution.id"], name=op.f("fk_statement_pair_second_id_attribution"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_statement_pair_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_pair")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_statement_pair_first_id_second_id")),
        sa.UniqueConstraint(
            "first_id", "article_id", "start", name=op.f("uq_statement_pair_first_id_article_id_start")
        ),
    )
    op.create_index(op.f("ix_statement_pair_second_id"), "statement_pair", ["second_id"])
    op.create_index(op.f("ix_statement_pair_article_id"), "statement_pair", ["article_id"])
    op.create_index(op.f("ix_statement_pair_relation_score"), "statement_pair", ["relation", "score", "id"])
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict in ('held_up','failed','unresolved')", name=op.f("ck_outcome_known_verdict")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_outcome_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_statement_id"), "outcome", ["statement_id", "id"])
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("pair_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_decision_pair_id_statement_pair"), "statement_pair", ["pair_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(op.f("ix_decision_pair_id"), "decision", ["pair_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_decision_pair_id"), "decision")
    with op.batch_alter_table("decision") as table:
        table.drop_constraint(op.f("fk_decision_pair_id_statement_pair"), type_="foreignkey")
        table.drop_column("pair_id")
    op.drop_table("outcome")
    op.drop_table("statement_pair")
    op.drop_index(op.f("ix_article_compared"), "article")
    op.drop_index(op.f("ix_article_run_id"), "article")
    with op.batch_alter_table("article") as table:
        table.drop_constraint(op.f("fk_article_run_id_run"), type_="foreignkey")
        table.drop_column("run_id")
        table.drop_column("compared")
