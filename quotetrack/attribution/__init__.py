"""From an annotated text to attributions: pure functions over values, with no Stanza and no database in them."""

from quotetrack.attribution.attribute import attribute

__all__ = ["attribute"]
