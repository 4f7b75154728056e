"""Stanza: which models, how they are run, and what of their result the rest of quotetrack sees."""
