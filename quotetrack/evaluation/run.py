"""What the pipeline finds in the articles of a gold set."""

from collections.abc import Callable, Iterator

from quotetrack.domain import Article, Rejected
from quotetrack.evaluation.gold import GoldSet
from quotetrack.evaluation.predictions import Found
from quotetrack.flow import analyse_all, batches
from quotetrack.sources.catalogue import Catalogue


def find_all(
    gold: GoldSet,
    *,
    models: str,
    workers: int,
    catalogue: Catalogue,
    on_article: Callable[[], None] = lambda: None,
    on_rejected: Callable[[Rejected], None] = lambda rejected: None,
    on_ready: Callable[[], None] = lambda: None,
    on_note: Callable[[str], None] = lambda note: None,
    stop: Callable[[], bool] = lambda: False,
) -> Found:
    """The attributions found in each article, by name. `on_article` is called after each, `on_ready` before the first;
    `on_note` is what `analyse_all` tells.

    An article that the models fail on goes to `on_rejected` and is left out. Once `stop` answers True no further
    article is begun. Raises ModelError if the models cannot be loaded.
    """

    def articles() -> Iterator[Article]:
        for article in gold.articles:
            if stop():
                return
            yield Article(article.text, article.name, location=article.location)

    found: Found = {}
    for batch in analyse_all(
        batches(articles()),
        models=models,
        catalogue=catalogue,
        workers=workers,
        on_ready=on_ready,
        on_note=on_note,
        stop=stop,
    ):
        for outcome in batch.outcomes:
            if isinstance(outcome, Rejected):
                on_rejected(outcome)
            else:
                found[outcome[0].name] = outcome[1]
            on_article()
    return found
