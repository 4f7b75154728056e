"""The keys of the review screen. Each has an id, so that it can be remapped, and says what it does."""

from collections.abc import Iterable

from textual.binding import Binding


def _key(keys: str, action: str, label: str, tooltip: str, *, show: bool = True, display: str | None = None) -> Binding:
    id_ = "review." + action.removeprefix("app.").replace("_", "-")
    return Binding(keys, action, label, show=show, key_display=display, tooltip=tooltip, id=id_)


KEYS: list[Binding] = [
    _key("a", "accept", "Accept", "Accept the quote as it is and go on"),
    _key("x", "reject", "Reject", "Reject the quote, giving a reason, and go on"),
    _key("i", "skip", "Skip", "Leave the quote undecided and go on"),
    _key("u", "undo", "Undo", "Take back your newest decision; again for the one before"),
    _key("f", "filter", "Filter", "Show pending, all, accepted or rejected quotes in turn"),
    _key("slash", "search", "Find", "Find words in the quotes; Esc ends the search", display="/"),
    _key("o", "order", "Order", "Order by newest, least certain, or article in turn"),
    _key("question_mark", "help", "Help", "Show all keys", display="?"),
    _key("d", "app.switch_theme", "Theme", "Change between the dark and the light theme"),
    _key("q", "quit", "Quit", "Leave the review once everything is saved"),
    _key("j", "down", "Down", "Move to the next quote", show=False, display="j ↓"),
    _key("k", "up", "Up", "Move to the quote before", show=False, display="k ↑"),
    _key("J", "article_down", "Article down", "Scroll the article down", show=False),
    _key("K", "article_up", "Article up", "Scroll the article up", show=False),
    _key("r", "reload", "Reload", "Read the queue again from the database", show=False),
    _key("escape", "escape", "End search", "End the search", show=False, display="Esc"),
]


def explained(bindings: Iterable[Binding]) -> list[tuple[str, str]]:
    """Each key with what it does, for the help screen."""
    return [(binding.key_display or binding.key, binding.tooltip) for binding in bindings]
