"""First schema

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quotetrack", sa.String(length=32), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("controller_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("edited", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("controller_id <> id", name=op.f("ck_source_not_own_controller")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_source_not_merged_into_itself")),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["source.id"], name=op.f("fk_source_controller_id_source"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["source.id"], name=op.f("fk_source_merged_into_id_source"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("key", name=op.f("uq_source_key")),
    )
    op.create_index(op.f("ix_source_controller_id"), "source", ["controller_id"])
    op.create_index(op.f("ix_source_merged_into_id"), "source", ["merged_into_id"])

    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(source_id is not null and grade in ('A','B','C','D','E','F')) or "
            "(statement_id is not null and grade in ('1','2','3','4','5','6'))",
            name=op.f("ck_assessment_admiralty_grade"),
        ),
        sa.CheckConstraint("(source_id is null) <> (statement_id is null)", name=op.f("ck_assessment_one_subject")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_assessment_source_id_source")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_assessment_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index(op.f("ix_assessment_source_id"), "assessment", ["source_id"])
    op.create_index(op.f("ix_assessment_statement_id"), "assessment", ["statement_id"])

    op.create_table(
        "outlet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_outlet_source_id_source"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("name", name=op.f("uq_outlet_name")),
    )
    op.create_index(op.f("ix_outlet_source_id"), "outlet", ["source_id"])

    op.create_table(
        "source_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_alias_source_id_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_alias")),
        sa.UniqueConstraint("folded", name=op.f("uq_source_alias_folded")),
    )
    op.create_index(op.f("ix_source_alias_source_id"), "source_alias", ["source_id"])

    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name=op.f("fk_article_outlet_id_outlet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("key", "sha256", name=op.f("uq_article_key_sha256")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_article_key_version")),
    )
    op.create_index(op.f("ix_article_current_published"), "article", ["is_current", "published"])
    op.create_index(op.f("ix_article_outlet_id"), "article", ["outlet_id"])

    op.create_table(
        "attribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("polarity", sa.String(length=8), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("content_text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("confidence between 0 and 1", name=op.f("ck_attribution_confidence_is_share")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_attribution_article_id_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["attribution.id"], name=op.f("fk_attribution_parent_id_attribution"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_attribution_run_id_run"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution")),
    )
    op.create_index(op.f("ix_attribution_article_id"), "attribution", ["article_id"])
    op.create_index(op.f("ix_attribution_parent_id"), "attribution", ["parent_id"])
    op.create_index(op.f("ix_attribution_run_id"), "attribution", ["run_id"])
    op.create_index(op.f("ix_attribution_status_confidence"), "attribution", ["status", "confidence", "id"])

    op.create_table(
        "attribution_span",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attribution_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=7), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.CheckConstraint('0 <= start and start < "end"', name=op.f("ck_attribution_span_half_open")),
        sa.ForeignKeyConstraint(
            ["attribution_id"],
            ["attribution.id"],
            name=op.f("fk_attribution_span_attribution_id_attribution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution_span")),
        sa.UniqueConstraint(
            "attribution_id", "role", "start", name=op.f("uq_attribution_span_attribution_id_role_start")
        ),
    )
    op.create_index(op.f("ix_attribution_span_attribution_id"), "attribution_span", ["attribution_id"])

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attribution_id", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_decision_article_id_article"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["attribution_id"],
            ["attribution.id"],
            name=op.f("fk_decision_attribution_id_attribution"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["decision.id"], name=op.f("fk_decision_undoes_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_article_id"), "decision", ["article_id"])
    op.create_index(op.f("ix_decision_attribution_id"), "decision", ["attribution_id"])
    op.create_index(op.f("ix_decision_undoes_id"), "decision", ["undoes_id"])

    op.create_table(
        "hop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attribution_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=7), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("source_class", sa.String(length=13), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribution_id"], ["attribution.id"], name=op.f("fk_hop_attribution_id_attribution"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_hop_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hop")),
        sa.UniqueConstraint("attribution_id", "position", name=op.f("uq_hop_attribution_id_position")),
    )
    op.create_index(op.f("ix_hop_source_id_role"), "hop", ["source_id", "role"])

    op.create_table(
        "statement_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("attribution_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attribution_id"],
            ["attribution.id"],
            name=op.f("fk_statement_link_attribution_id_attribution"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_link_statement_id_statement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_link")),
        sa.UniqueConstraint(
            "statement_id", "attribution_id", name=op.f("uq_statement_link_statement_id_attribution_id")
        ),
    )
    op.create_index(op.f("ix_statement_link_attribution_id"), "statement_link", ["attribution_id"])

    if op.get_bind().dialect.name == "sqlite":
        _create_fts()
    else:
        op.execute("CREATE INDEX ix_attribution_words ON attribution USING gin (to_tsvector('english', content_text))")


def _create_fts() -> None:
    """Full-text index over contents, kept in step by triggers; it stores no text of its own."""
    op.execute(
        "CREATE VIRTUAL TABLE attribution_fts USING fts5("
        "content_text, content='attribution', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
    )
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
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE attribution_fts")
    op.drop_table("statement_link")
    op.drop_table("hop")
    op.drop_table("decision")
    op.drop_table("attribution_span")
    op.drop_table("attribution")
    op.drop_table("article")
    op.drop_table("source_alias")
    op.drop_table("outlet")
    op.drop_table("assessment")
    op.drop_table("statement")
    op.drop_table("source")
    op.drop_table("run")
