"""One attribution in detail: its chain, what kind it is, and how each hop was found."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from quotetrack.domain import HopRole
from quotetrack.harmless import one_line
from quotetrack.store.queries import QuoteRow

ARROW = " → "


def chain_text(quote: QuoteRow) -> Text:
    """The chain from the outlet to the speaker: `Eastern Desk → KCNA → North Korean Foreign Ministry`."""
    links = [Text(one_line(quote.outlet), "italic")] if quote.outlet else []
    links += [Text(one_line(hop.name), "bold" if hop.role == HopRole.SPEAKER else "") for hop in quote.hops]
    if quote.speaker is None:
        links.append(Text("nobody named", "italic"))
    return Text(ARROW).join(links)


def percent(confidence: float) -> str:
    return f"{confidence:.0%}"


def facts_text(quote: QuoteRow) -> Text:
    said = quote.speaker.source_class.replace("_", " ") if quote.speaker else "agentless"
    facts = [quote.status, quote.kind.value, quote.polarity.value, said, f"{percent(quote.confidence)} sure"]
    if quote.parent_id is not None:
        facts.append("nested in another quote")
    if quote.duplicate_of is not None:
        facts.append(f"duplicate of {quote.duplicate_of}")
    return Text(" · ".join(facts))


def hops_text(quote: QuoteRow) -> Text:
    """A line for each hop, with the rule that put it there."""
    lines = []
    for number, hop in enumerate(quote.hops, 1):
        how = f", found by {hop.made_by.replace('_', ' ')}" if hop.made_by else ""
        where = "" if hop.span else ", not named in the text"
        name = one_line(hop.name)
        facts = f"{hop.role}, {hop.source_class.replace('_', ' ')}{how}{where}"
        lines.append(Text.assemble(f"{number} ", (name, "bold"), f"  {facts}"))
    return Text("\n").join(lines)


class Detail(VerticalScroll, can_focus=False):
    """The panel under the article."""

    DEFAULT_CSS = "Detail { padding: 0 1; scrollbar-size-vertical: 1; & > Static { width: 1fr; } }"

    def compose(self) -> ComposeResult:
        yield Static(id="detail-text", markup=False)

    def show(self, quote: QuoteRow | None, why: Text | None = None, note: str = "") -> None:
        """Show an attribution; `why` is its explanation, if that is wanted, and `note` stands above all."""
        parts = [chain_text(quote), facts_text(quote), why or hops_text(quote)] if quote else []
        parts = [Text(one_line(note), "bold reverse"), *parts] if note else parts
        self.query_one("#detail-text", Static).update(Text("\n").join(part for part in parts if part))
        self.scroll_home(animate=False)
