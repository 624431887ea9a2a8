"""Which signature of the request that is being served needs no second check."""

from contextvars import ContextVar

# The Authorization header of what the guard let through. Each request is served in a context of its own.
authorization: ContextVar[str] = ContextVar("verified_authorization", default="")
