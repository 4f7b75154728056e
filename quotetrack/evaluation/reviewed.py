"""Gold from a database: accepted attributions are to be found, rejected ones are not."""

from collections.abc import Sequence

from quotetrack.domain import HopRole, SpanRole
from quotetrack.evaluation.gold import (
    Distractor,
    Form,
    GoldArticle,
    GoldAttribution,
    GoldError,
    GoldSet,
    Speaker,
)
from quotetrack.store.gold import ReviewedArticle, ReviewedAttribution


def gold_of(articles: Sequence[ReviewedArticle], location: str) -> GoldSet:
    """Reviewed articles as gold. Raises GoldError if there are none.

    Articles that share a name are told apart by their number, `NAME #12`. Of a parent that was rejected nothing
    is nested.
    """
    if not articles:
        raise GoldError(
            f"In {location} there is no article of which every attribution has been decided. "
            "Decide the rest of some article with `quotetrack review`."
        )
    taken: set[str] = set()
    gold: list[GoldArticle] = []
    for article in articles:
        name = article.name if article.name not in taken else f"{article.name} #{article.id}"
        taken.add(name)
        gold.append(_article(article, name))
    return GoldSet(Form.REVIEWED, tuple(gold), location)


def _article(article: ReviewedArticle, name: str) -> GoldArticle:
    accepted = [attribution for attribution in article.attributions if attribution.accepted]
    ids = {attribution.id for attribution in accepted}
    return GoldArticle(
        name,
        article.text,
        tuple(_attribution(attribution, ids) for attribution in accepted),
        tuple(
            Distractor(str(attribution.id), attribution.spans[SpanRole.CONTENT])
            for attribution in article.attributions
            if not attribution.accepted
        ),
        location=f"article {article.id}",
    )


def _attribution(row: ReviewedAttribution, ids: set[int]) -> GoldAttribution:
    speaker = next((hop for hop in row.hops if hop.role is HopRole.SPEAKER), None)
    channels = tuple(hop.names for hop in row.hops if hop.role is HopRole.CHANNEL)
    return GoldAttribution(
        str(row.id),
        (row.spans[SpanRole.CONTENT],),
        row.spans[SpanRole.CUE],
        row.spans[SpanRole.SOURCE],
        row.kind,
        row.polarity,
        Speaker(speaker.names, speaker.source_class) if speaker else Speaker(),
        (channels,),
        stated=bool(channels),
        parent=str(row.parent_id) if row.parent_id in ids else None,
    )
