"""The item under the cursor: its article, a legend of the marks in it, and its chain."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from quotetrack.harmless import one_line
from quotetrack.review.widgets.article import ArticleView, Legend, marks_of
from quotetrack.review.widgets.chain import Detail
from quotetrack.store.queries import QuoteRow


class ItemPane(Vertical):
    DEFAULT_CSS = """
    ItemPane {
        border-top: solid $primary;
        border-title-color: $text-primary;
        & > ArticleView { height: 1fr; }
        & > Detail { border-top: solid $primary; height: auto; max-height: 8; }
    }
    """

    _quote: QuoteRow | None = None

    def compose(self) -> ComposeResult:
        yield (article := ArticleView())
        yield Legend(article)
        yield Detail()

    @property
    def article(self) -> ArticleView:
        return self.query_one(ArticleView)

    def show(self, quote: QuoteRow | None, text: str = "", quotes: Sequence[QuoteRow] = ()) -> None:
        """Show an item, and its article's text if that is there already."""
        if quote != self._quote:
            self._quote = quote
            self.border_title = Content(_title(quote) if quote else "")
            self.query_one(Detail).show(quote)
        self.article.show(text, marks_of(quote, quotes) if quote and text else [])


def _title(quote: QuoteRow) -> str:
    date = f"{quote.published:%Y-%m-%d}" if quote.published else ""
    return one_line(" · ".join(filter(None, (quote.title, quote.outlet, date))))
