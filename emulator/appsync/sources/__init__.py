"""Data sources: they execute a resolver's request and return the answer."""
