"""Known sources: the catalogue, and finding a name in it."""
