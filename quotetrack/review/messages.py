"""What the screen's workers tell it. A worker never touches a widget or the screen's state; it posts one of these."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from quotetrack.store.decisions import Action, Decided
from quotetrack.store.queries import ArticleRow, QuoteRow


@dataclass
class Answer(Message):
    """The answer to the request of this number; stale if a newer one of its kind has been made since."""

    number: int


@dataclass
class PageRead(Answer):
    rows: Sequence[QuoteRow]
    first: bool


@dataclass
class ArticleRead(Answer):
    article: ArticleRow
    quotes: Sequence[QuoteRow]
    """All attributions of the article."""


@dataclass
class CountsRead(Answer):
    counts: dict[str, int]


@dataclass
class QuoteRead(Answer):
    """One attribution, read again because it was changed elsewhere."""

    quote: QuoteRow


@dataclass
class ReadFailed(Answer):
    what: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Write:
    """One decision that the reviewer asked for. `seen` is None when undoing."""

    action: Action
    seen: QuoteRow | None = None
    note: str | None = None


@dataclass
class WriteDone(Message):
    """The store has committed it. Both are None if there was nothing to undo."""

    write: Write
    decided: Decided | None
    quote: QuoteRow | None


@dataclass
class WriteFailed(Message):
    write: Write
    error: Exception
