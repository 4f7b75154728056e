"""From an annotated text to attributions: pure functions over values, with no Stanza and no database in them."""

from quotetrack.attribution.attribute import attribute
from quotetrack.attribution.defaults import default_channels

__all__ = ["attribute", "default_channels"]
