"""quotetrack: who said it, and through which channel it reached the page."""

__version__ = "0.1.0"
