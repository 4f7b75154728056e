"""What the screen's workers tell it. A worker never touches a widget or the screen's state; it posts one of these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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
    complete: bool
    """Whether none follows."""


@dataclass
class ArticleRead(Answer):
    what: str
    """The request."""
    article: ArticleRow
    quotes: Sequence[QuoteRow]
    """All attributions of the article."""


@dataclass
class CountsRead(Answer):
    left: int
    done: int


@dataclass
class QuoteRead(Answer):
    """One attribution, read again because it was changed elsewhere."""

    quote: QuoteRow


@dataclass
class Fetched(Answer):
    """Whatever a dialog or a figure needed; `then` is run with it by the screen."""

    what: str
    value: Any
    then: Callable[[Any], None]


@dataclass
class ReadFailed(Answer):
    what: str
    error: Exception


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """One act that the reviewer asked for."""

    action: Action
    what: str
    """The act in words, for messages."""
    do: Callable[[int | None], Decided | None]
    """Does it in the store, given the version of the attribution that the reviewer saw."""
    seen: QuoteRow | None = None
    """The attribution it is about, as shown; None for undo, redo, and what is added or accepted together."""
    covers: tuple[int, ...] = ()
    """What else is marked as being saved until the store has answered."""


@dataclass
class WriteDone(Message):
    """The store has committed it. `decided` is None if there was nothing to undo or redo."""

    write: Write
    decided: Decided | None
    quotes: Sequence[QuoteRow]
    """Each attribution that it changed, as it is now."""


@dataclass
class WriteFailed(Message):
    write: Write
    error: Exception
