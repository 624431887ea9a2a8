"""One module a use case, each a function over ports."""
