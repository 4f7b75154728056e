"""What makes the fitted parts of quotetrack anew. For developers: nothing else in the package imports it."""
