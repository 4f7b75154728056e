"""Storing what an ingest found. One transaction an article, so that whatever stops the run costs one article."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.orm import Session

from quotetrack.domain import Article, Attribution, Hop, SourceClass, SpanRole, text_of
from quotetrack.sources.catalogue import fold
from quotetrack.store.base import now
from quotetrack.store.engine import reading, writing
from quotetrack.store.identity import propose_matches, spelled_alike
from quotetrack.store.models import (
    ArticleVersion,
    AttributionRow,
    AttributionSpan,
    HopRow,
    Outlet,
    Run,
    Source,
    SourceAlias,
)
from quotetrack.store.names import KIND_OF_CLASS, alias_owners
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
    source_ids = sources_in(session, attributions)
    heard = heard_counts(session, source_ids.values())
    rows = [
        AttributionRow(
            article_id=article.id,
            dated=article.dated,
            **machine_values(attribution, article.text, run_id, source_ids, heard, len(attributions)),
        )
        for attribution in attributions
    ]
    session.add_all(rows)
    session.flush()
    spans: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    for row, attribution in zip(rows, attributions, strict=True):
        if attribution.parent is not None:
            row.parent_id = rows[attribution.parent].id
        for role in SpanRole:
            spans += [
                {"attribution_id": row.id, "role": role, "start": span.start, "end": span.end}
                for span in getattr(attribution, role.value)
            ]
        links += [
            {
                "attribution_id": row.id,
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


def source_ids_of(
    session: Session, names: Iterable[tuple[str, SourceClass]], offices: Mapping[str, str] | None = None
) -> dict[str, int]:
    """The source of each name, by folded name; a name that nothing has is made a source of its own.

    Another spelling of one known person's name is taken for that person; what may be a known source and may not
    waits for a reviewer. `offices` says, by folded name, for which body an official speaks: it controls a new one.
    """
    wanted = {fold(name): (name, source_class) for name, source_class in names}
    found = alias_owners(session, wanted)
    for folded, (name, source_class) in wanted.items():
        if folded in found:
            continue
        kind = KIND_OF_CLASS[source_class]
        known = spelled_alike(session, name, kind)
        if known is not None:
            session.add(SourceAlias(source_id=known, name=name, folded=folded, origin="spelling"))
            session.flush()
            found[folded] = known
            continue
        body = fold((offices or {}).get(folded, ""))
        source = Source(name=name, kind=kind, edited=[], controller_id=alias_owners(session, [body]).get(body))
        source.aliases.append(SourceAlias(name=name, folded=folded, origin="article"))
        session.add(source)
        session.flush()
        propose_matches(session, source)
        found[folded] = source.id
    return found
