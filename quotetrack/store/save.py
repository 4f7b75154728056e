"""Storing what an ingest found. One transaction an article, so that whatever stops the run costs one article."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from quotetrack.domain import Article, Attribution, Hop, SpanRole, text_of
from quotetrack.sources.catalogue import fold
from quotetrack.store.base import now
from quotetrack.store.engine import reading, writing
from quotetrack.store.identity import source_ids_of
from quotetrack.store.models import (
    ArticleVersion,
    AttributionRow,
    AttributionSpan,
    HopRow,
    Outlet,
    Run,
)
from quotetrack.store.names import alias_owners
from quotetrack.store.ranks import heard_counts, rank


class Saved(StrEnum):
    """What became of an article."""

    NEW = "new"
    NEW_VERSION = "new_version"
    """Its key was known with another text; that version is kept."""
    UNCHANGED = "unchanged"


def start_run(engine: Engine, *, version: str, models: dict[str, Any], settings: dict[str, Any]) -> int:
    with writing(engine) as session:
        run = Run(quotetrack=version, models=models, settings=settings)
        session.add(run)
        session.flush()
        return run.id


def finish_run(engine: Engine, run_id: int, summary: dict[str, Any]) -> None:
    with writing(engine) as session:
        session.execute(update(Run).where(Run.id == run_id).values(finished=now(), summary=summary))


def is_stored(engine: Engine, article: Article) -> bool:
    """Whether this very text is stored under this article's key."""
    with reading(engine) as session:
        return _stored_id(session, article) is not None


def save_article(engine: Engine, article: Article, attributions: Sequence[Attribution], run_id: int | None) -> Saved:
    """Store an article with its attributions, all or nothing. Storing the same again changes nothing."""
    with writing(engine) as session:
        if _stored_id(session, article) is not None:
            return Saved.UNCHANGED
        newest = session.scalar(select(func.max(ArticleVersion.version)).where(ArticleVersion.key == article.key))
        if newest is not None:
            session.execute(update(ArticleVersion).where(ArticleVersion.key == article.key).values(is_current=False))
        fetched = now()
        row = ArticleVersion(
            key=article.key,
            version=(newest or 0) + 1,
            sha256=article.sha256,
            outlet_id=_outlet_id(session, article.outlet) if article.outlet else None,
            run_id=run_id,
            name=article.name,
            location=article.location,
            url=article.url,
            title=article.title,
            author=article.author,
            published=article.published,
            fetched=fetched,
            text=article.text,
            default_channels=[hop.as_dict() for hop in article.default_channels],
        )
        session.add(row)
        session.flush()
        _save_attributions(session, row, attributions, run_id)
        return Saved.NEW if newest is None else Saved.NEW_VERSION


def _stored_id(session: Session, article: Article) -> int | None:
    return session.scalar(
        select(ArticleVersion.id).where(ArticleVersion.key == article.key, ArticleVersion.sha256 == article.sha256)
    )


def _outlet_id(session: Session, name: str) -> int:
    found = session.scalar(select(Outlet.id).where(Outlet.lowered == name.lower()))
    if found is not None:
        return found
    outlet = Outlet(name=name, source_id=alias_owners(session, [fold(name)]).get(fold(name)))
    session.add(outlet)
    session.flush()
    return outlet.id


def _save_attributions(
    session: Session, article: ArticleVersion, attributions: Sequence[Attribution], run_id: int | None
) -> None:
    if not attributions:
        return
    source_ids = sources_in(session, attributions)
    heard = heard_counts(session, source_ids.values())
    about = {"article_id": article.id, "dated": article.dated}
    made = insert(AttributionRow).returning(AttributionRow.id, sort_by_parameter_order=True)
    values = [
        about | machine_values(attribution, article.text, run_id, source_ids, heard, len(attributions))
        for attribution in attributions
    ]
    ids = session.scalars(made, values).all()
    parents: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    for id_, attribution in zip(ids, attributions, strict=True):
        if attribution.parent is not None:
            parents.append({"nested": id_, "in": ids[attribution.parent]})
        for role in SpanRole:
            spans += [
                {"attribution_id": id_, "role": role, "start": span.start, "end": span.end}
                for span in getattr(attribution, role.value)
            ]
        links += [
            {
                "attribution_id": id_,
                "position": position,
                "role": hop.role,
                "source_id": source_ids[fold(hop.name)],
                "source_class": hop.source_class,
                "name": hop.name,
                "start": hop.span.start if hop.span else None,
                "end": hop.span.end if hop.span else None,
                "made_by": hop.made_by,
            }
            for position, hop in enumerate(attribution.chain)
        ]
    if parents:
        nested = update(AttributionRow).where(AttributionRow.id == bindparam("nested"))
        nested = nested.values(parent_id=bindparam("in"))
        session.connection().execute(nested, parents)
    if spans:
        session.execute(insert(AttributionSpan), spans)
    if links:
        session.execute(insert(HopRow), links)


def sources_in(session: Session, attributions: Iterable[Attribution]) -> dict[str, int]:
    """The source of each name in these chains, by folded name; those that are new are made."""
    hops = [hop for attribution in attributions for hop in attribution.chain]
    return source_ids_of(session, ((hop.name, hop.source_class) for hop in hops), offices_of(hops))


def machine_values(
    attribution: Attribution, text: str, run_id: int | None, source_ids: Mapping[str, int], heard: Mapping[int, int],
    siblings: int,
) -> dict[str, Any]:  # fmt: skip
    """What a run says of an attribution, by column; its spans and hops are rows of their own."""
    most = max((heard.get(source_ids[fold(hop.name)], 0) for hop in attribution.chain), default=0)
    return {
        "run_id": run_id,
        "kind": attribution.kind,
        "polarity": attribution.polarity,
        "confidence": attribution.confidence,
        "made_by": attribution.made_by,
        "steps": [step.as_dict() for step in attribution.steps],
        "content_text": text_of(attribution.content, text),
        "rank": rank(attribution.confidence, most, siblings),
    }


def offices_of(hops: Iterable[Hop]) -> dict[str, str]:
    """The body that each official speaks for, by the official's folded name."""
    return {fold(hop.name): hop.speaks_for for hop in hops if hop.speaks_for}
