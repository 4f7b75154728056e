"""The tables: what has an identity and a life cycle. One set for SQLite and PostgreSQL."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from quotetrack.domain import (
    HopRole,
    Kind,
    Polarity,
    Relation,
    SourceClass,
    SourceKind,
    Span,
    SpanRole,
    Status,
    Verdict,
)
from quotetrack.sources.similar import last_word, sound
from quotetrack.store.base import Base, choice, now, of_name


class Outlet(Base):
    """A publisher of articles: the first link of every chain."""

    __tablename__ = "outlet"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    lowered: Mapped[str] = mapped_column(Text, index=True, default=of_name(str.lower))
    """Its name in small letters, by which it is found: not every database knows the small letters of all scripts."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"), index=True)


class ArticleVersion(Base):
    """One version of an article: its original text, never rewritten. Rows with the same key are one article."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("key", "sha256"),
        UniqueConstraint("key", "version"),
        Index("ix_article_current_published", "is_current", "published"),
        Index("ix_article_compared", "compared", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    """Whether it is the newest version of its key."""
    sha256: Mapped[str] = mapped_column(String(64))
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"), index=True)
    """The run that analysed it last."""
    name: Mapped[str] = mapped_column(Text)
    location: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    published: Mapped[datetime | None]
    fetched: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Text)
    default_channels: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """What the article itself names as the channel of its information as a whole: hops, as JSON has them."""
    compared: Mapped[datetime | None]
    """When what it says was compared with what earlier articles say; empty until then."""

    @property
    def dated(self) -> datetime:
        """When it was published, else fetched."""
        return self.published or self.fetched

    outlet: Mapped[Outlet | None] = relationship()
    attributions: Mapped[list["AttributionRow"]] = relationship(
        back_populates="article", cascade="all, delete-orphan", passive_deletes=True
    )


class Run(Base):
    """One ingest or re-extraction: which models and settings made the attributions, and how long they took."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[datetime] = mapped_column(default=now)
    finished: Mapped[datetime | None]
    """Empty while it runs, and for ever if it was killed."""
    quotetrack: Mapped[str] = mapped_column(String(32))
    models: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any] | None]
    """Counts and timings, once it is finished."""


class Source(Base):
    """A person, institution, outlet, agency, group, document or unnamed voice."""

    __tablename__ = "source"
    __table_args__ = (
        CheckConstraint("controller_id <> id", name="not_own_controller"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(100), unique=True)
    """Its key in the catalogue, if it came from there."""
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[SourceKind] = mapped_column(choice(SourceKind))
    country: Mapped[str | None] = mapped_column(String(2))
    controller_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"), index=True)
    edited: Mapped[list[str]] = mapped_column(default=list)
    """Names of the columns a user changed: `quotetrack sources sync` leaves those alone."""
    created: Mapped[datetime] = mapped_column(default=now)

    controller: Mapped["Source | None"] = relationship(foreign_keys=[controller_id], remote_side=[id])
    aliases: Mapped[list["SourceAlias"]] = relationship(
        back_populates="source", cascade="all, delete-orphan", passive_deletes=True
    )


class SourceAlias(Base):
    """One name of a source. Every source has its canonical name here too; a folded name names one source."""

    __tablename__ = "source_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text, unique=True)
    origin: Mapped[str] = mapped_column(String(10))
    """`catalogue`, `article` or `user`; `spelling` for another spelling of a known name, in an article."""
    sound: Mapped[str] = mapped_column(Text, index=True, default=of_name(sound))
    """What all spellings of the name have in common."""
    last: Mapped[str] = mapped_column(Text, index=True, default=of_name(last_word))
    """The sound of its last word: of a person's name, the surname."""

    source: Mapped[Source] = relationship(back_populates="aliases")


class AttributionRow(Base):
    """One "X said Y" of one article version."""

    __tablename__ = "attribution"
    __table_args__ = (
        CheckConstraint("confidence between 0 and 1", name="confidence_is_share"),
        Index("ix_attribution_status_confidence", "status", "confidence", "id"),
        Index("ix_attribution_status_rank", "status", "rank", "id", "confidence"),
        Index("ix_attribution_status_dated", "status", "dated", "article_id"),
        Index("ix_attribution_status_article", "status", "article_id", "id"),
        Index("ix_attribution_confidence", "confidence", "id"),
        Index("ix_attribution_rank", "rank", "id"),
        Index("ix_attribution_dated", "dated", "article_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("attribution.id", ondelete="SET NULL"), index=True)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("attribution.id", ondelete="SET NULL"), index=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    polarity: Mapped[Polarity] = mapped_column(choice(Polarity))
    confidence: Mapped[float]
    made_by: Mapped[str] = mapped_column(String(40))
    content_text: Mapped[str] = mapped_column(Text)
    """The pieces of the content joined, for search and for lists; the spans are what counts."""
    dated: Mapped[datetime]
    """When its article was published, else fetched: kept here so that the queue by date reads one index."""
    rank: Mapped[float]
    """Minus uncertainty × impact (`quotetrack.store.ranks`): the most worthwhile to review come first."""
    status: Mapped[str] = mapped_column(String(10), default=Status.PENDING)
    """A `Status`. This, the kind, polarity, parent, spans and hops are derived from the decisions, kept for speed."""
    steps: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Why the extractor made it so: `Step`s, as JSON has them."""
    version: Mapped[int] = mapped_column(default=1)
    """One more with each change: a decision made on an older one is refused."""

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    article: Mapped[ArticleVersion] = relationship(back_populates="attributions")
    spans: Mapped[list["AttributionSpan"]] = relationship(
        order_by="AttributionSpan.start", cascade="all, delete-orphan", passive_deletes=True
    )
    hops: Mapped[list["HopRow"]] = relationship(
        order_by="HopRow.position", cascade="all, delete-orphan", passive_deletes=True
    )


class AttributionSpan(Base):
    """One piece of an attribution's content, cue or source, in code points of the article's text."""

    __tablename__ = "attribution_span"
    __table_args__ = (
        UniqueConstraint("attribution_id", "role", "start"),
        CheckConstraint('0 <= start and start < "end"', name="half_open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attribution_id: Mapped[int] = mapped_column(ForeignKey("attribution.id", ondelete="CASCADE"), index=True)
    role: Mapped[SpanRole] = mapped_column(choice(SpanRole))
    start: Mapped[int]
    end: Mapped[int]
    span: Mapped[Span] = composite("start", "end")


class HopRow(Base):
    """One link of an attribution's chain; the speaker, if there is one, is the last."""

    __tablename__ = "hop"
    __table_args__ = (
        UniqueConstraint("attribution_id", "position"),
        Index("ix_hop_source_id_role", "source_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attribution_id: Mapped[int] = mapped_column(ForeignKey("attribution.id", ondelete="CASCADE"))
    position: Mapped[int]
    role: Mapped[HopRole] = mapped_column(choice(HopRole))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    source_class: Mapped[SourceClass] = mapped_column(choice(SourceClass))
    name: Mapped[str] = mapped_column(Text)
    """The name the article's own chain gave it; the source may since have been renamed or merged."""
    start: Mapped[int | None]
    end: Mapped[int | None]
    made_by: Mapped[str] = mapped_column(String(40))

    source: Mapped[Source] = relationship()


class Statement(Base):
    """What several attributions say in common, over articles."""

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(default=now)


class StatementLink(Base):
    """That an attribution makes a statement."""

    __tablename__ = "statement_link"
    __table_args__ = (UniqueConstraint("statement_id", "attribution_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    attribution_id: Mapped[int] = mapped_column(ForeignKey("attribution.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float | None]


class StatementPair(Base):
    """How what an attribution says relates to another's, or to a sentence stated flatly; a reviewer's word stands."""

    __tablename__ = "statement_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        UniqueConstraint("first_id", "article_id", "start"),
        CheckConstraint("score between 0 and 1", name="score_is_share"),
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("(second_id is null) <> (article_id is null)", name="one_other_side"),
        CheckConstraint(
            '(article_id is null and start is null and "end" is null) or (0 <= start and start < "end")',
            name="half_open",
        ),
        Index("ix_statement_pair_relation_score", "relation", "score", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("attribution.id", ondelete="CASCADE"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("attribution.id", ondelete="CASCADE"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    """Where the other side is a sentence without attribution: its article, and where it stands there."""
    start: Mapped[int | None]
    end: Mapped[int | None]
    suggested: Mapped[Relation] = mapped_column(choice(Relation))
    score: Mapped[float]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Why it was suggested: `Step`s, as JSON has them."""
    relation: Mapped[Relation | None] = mapped_column(choice(Relation))
    """What a reviewer decided, derived from the decisions; empty while it waits."""
    decided_by: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """One more with each decision: one made on an older one is refused."""


class Outcome(Base):
    """What became of a statement, as a reviewer records it. Never changed, never deleted: the newest counts."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("verdict in ('held_up','failed','unresolved')", name="known_verdict"),
        Index("ix_outcome_statement_id", "statement_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    day: Mapped[date]
    """The day on which it was clear."""
    note: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class Decision(Base):
    """One act of a reviewer. Never changed, never deleted; the article is named so that an orphan can be placed."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_reviewer_id", "reviewer", "id"),
        Index("ix_decision_reviewer_at", "reviewer", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attribution_id: Mapped[int | None] = mapped_column(ForeignKey("attribution.id", ondelete="SET NULL"), index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id", ondelete="SET NULL"), index=True)
    """The source that a decision on sources is about."""
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("statement_pair.id", ondelete="SET NULL"), index=True)
    """The pair that a decision on how two statements relate is about."""
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    action: Mapped[str] = mapped_column(String(30))
    before: Mapped[dict[str, Any]]
    """All that the act is about as it was: `State.as_dict()`, or `source_log.snapshot()`; at first, a mere status."""
    after: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    """What an undo takes back; for a redo, the undo that it takes back."""
    batch: Mapped[str | None] = mapped_column(String(32), index=True)
    """The same for all that one act decided: they are undone together."""
    is_second: Mapped[bool] = mapped_column(default=False)
    """Whether it is an independent second opinion, which leaves the attribution as it is."""
    version: Mapped[int | None]
    """The attribution's version that it made; empty in decisions older than that."""


class Claim(Base):
    """That a reviewer has an attribution before him, until a moment."""

    __tablename__ = "claim"

    attribution_id: Mapped[int] = mapped_column(ForeignKey("attribution.id", ondelete="CASCADE"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(Text, index=True)
    until: Mapped[datetime]


class SourceMatch(Base):
    """That two sources may be one, and what was decided about it."""

    __tablename__ = "source_match"
    __table_args__ = (
        UniqueConstraint("source_id", "candidate_id"),
        CheckConstraint("source_id <> candidate_id", name="two_sources"),
        Index("ix_source_match_state_score", "state", "score", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), index=True)
    score: Mapped[float]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="pending")
    """`pending`, `same` or `different`."""
    decided_by: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime | None]
    """When it was decided."""


class Assessment(Base):
    """A reviewer's Admiralty letter A–F for a source, or digit 1–6 for a statement. Never computed."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("(source_id is null) <> (statement_id is null)", name="one_subject"),
        CheckConstraint(
            "(source_id is not null and grade in ('A','B','C','D','E','F')) or "
            "(statement_id is not null and grade in ('1','2','3','4','5','6'))",
            name="admiralty_grade",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), index=True)
    grade: Mapped[str] = mapped_column(String(1))
    rationale: Mapped[str] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
