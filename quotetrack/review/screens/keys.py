"""The keys of the review screen, by group. Each has an id, so that it can be remapped, and says what it does.

The line at the bottom shows them in this order: those with `show` first, the others where there is room left.
"""

from textual.binding import Binding


def _key(keys: str, action: str, label: str, tooltip: str, *, show: bool = True, display: str | None = None) -> Binding:
    id_ = "review." + action.removeprefix("app.").replace("_", "-")
    # with priority, keys that come in one burst are acted on in order, before the next goes to what they opened
    return Binding(keys, action, label, show=show, key_display=display, tooltip=tooltip, id=id_, priority=True)


def _going(keys: str, action: str, label: str, tooltip: str, *, show: bool = True, display: str = "") -> Binding:
    return Binding(
        keys, f"app.{action}", label, show=show, key_display=display or None, tooltip=tooltip, id=f"app.{action}"
    )


GO = [
    _going("S", "sources", "Sources", "Show the sources"),
    _going("T", "statements", "Statements", "Show pairs of what articles say"),
    _going("H", "history", "History", "Show what was decided"),
    _going("left_square_bracket", "back", "Back", "Jump back to where you were", show=False, display="["),
    _going("right_square_bracket", "forward", "Forward", "Jump forward again", show=False, display="]"),
]
"""They work on every screen."""
GROUPS: dict[str, list[Binding]] = {
    "Decide": [
        _key("a", "accept", "Accept", "Accept the quote as it is and go on"),
        _key("x", "reject", "Reject", "Reject the quote, giving a reason, and go on"),
        _key("i", "skip", "Skip", "Leave the quote undecided and go on"),
        _key("u", "undo", "Undo", "Take back your newest decision; again for the one before"),
        _key("U", "redo", "Redo", "Do again what you took back", show=False),
        _key("A", "accept_above", "Accept all", "Accept all of the article above a confidence", show=False),
    ],
    "Mend, which also accepts": [
        _key("e", "spans", "Spans", "Edit the spans: content, cue, source"),
        _key("s", "speaker", "Speaker", "Say who speaks"),
        _key("c", "chain", "Chain", "Edit the chain of channels"),
        _key("k", "kind", "Kind", "Say whether it is direct, mixed, indirect or reported"),
        _key("n", "add", "New", "Add a quote that was missed"),
        _key("p", "polarity", "Polarity", "Say whether it is asserted, negated or a question", show=False),
        _key("d", "related", "Duplicate", "Say of which it is a duplicate, or in which it is nested", show=False),
        _key("w", "note", "Note", "Write a note about the quote; it stays as it is", show=False),
    ],
    "Choose": [
        Binding("escape", "escape", "Back", key_display="Esc", tooltip="End the search", id="review.escape"),
        _key("slash", "search", "Find", "Find words in the quotes; Esc ends the search", display="/"),
        _key("f", "filters", "Filter", "Filter by status, source, outlet, kind, confidence, date, …"),
        _key("F", "status", "Status", "Show pending, all, accepted or rejected quotes in turn", show=False),
        _key("o", "order", "Order", "Order by newest, impact, least certain, or article in turn", show=False),
        _key("r", "reload", "Reload", "Read the queue again from the database", show=False),
    ],
    "Go": GO,
    "Look": [
        _key("question_mark", "help", "Keys", "Show all keys", display="?"),
        _key("y", "explain", "Why", "Explain why the quote is as it is; again to hide", show=False),
        _key("J", "article_down", "Article down", "Scroll the article down", show=False),
        _key("K", "article_up", "Article up", "Scroll the article up", show=False),
        _key("t", "app.switch_theme", "Theme", "Change between the dark and the light theme", show=False),
        _key("q", "quit", "Quit", "Leave the review once everything is saved"),
    ],
}  # fmt: skip
KEYS: list[Binding] = [binding for group in GROUPS.values() for binding in group]
ON_A_QUOTE = frozenset({
    "accept", "reject", "skip", "accept_above", "spans", "speaker", "chain", "kind", "add", "polarity", "related",
    "note", "explain", "article_down", "article_up",
})  # fmt: skip
