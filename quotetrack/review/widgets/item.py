"""The item under the cursor: its article, a legend of the marks in it, and its chain."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from quotetrack.domain import Step
from quotetrack.harmless import one_line
from quotetrack.review.widgets.article import ArticleView, Legend, marks_of
from quotetrack.review.widgets.chain import Detail
from quotetrack.review.widgets.explanation import explanation_text
from quotetrack.store.queries import QuoteRow


class ItemPane(Vertical):
    DEFAULT_CSS = """
    ItemPane {
        border-top: solid $primary;
        border-title-color: $text-primary;
        & > ArticleView { height: 1fr; }
        & > Detail { border-top: solid $primary; height: auto; max-height: 8; }
        &.-explains > Detail { max-height: 16; }
    }
    """

    _quote: QuoteRow | None = None
    _text = ""
    explains = False
    """Whether the explanation is shown in place of the hops."""
    note = ""
    """What is to be known before anything else."""
    _shown: tuple[QuoteRow | None, str, str] = (None, "", "")

    def compose(self) -> ComposeResult:
        yield (article := ArticleView())
        yield Legend(article)
        yield Detail()

    @property
    def article(self) -> ArticleView:
        return self.query_one(ArticleView)

    def show(self, quote: QuoteRow | None, text: str = "", quotes: Sequence[QuoteRow] = ()) -> None:
        """Show an item, and its article's text if that is there already."""
        if (quote, text, self.note) != self._shown:
            self._shown = (quote, text, self.note)
            self._quote, self._text = quote, text
            self.border_title = Content(_title(quote) if quote else "")
            self.show_detail()
        self.article.show(text, marks_of(quote, quotes) if quote and text else [])

    def show_detail(self) -> None:
        quote = self._quote
        why = None
        if quote and self.explains:
            steps: Sequence[Step] = getattr(quote, "steps", ())
            why = explanation_text(steps, self._text)
        self.set_class(self.explains, "-explains")
        self.query_one(Detail).show(quote, why, self.note)


def _title(quote: QuoteRow) -> str:
    date = f"{quote.published:%Y-%m-%d}" if quote.published else ""
    return one_line(" · ".join(filter(None, (quote.title, quote.outlet, date))))
