"""Statements across articles: how what two attributions say relates, and which of them make one statement."""
