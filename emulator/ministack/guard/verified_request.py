"""Marks the request whose signature the guard has verified, so that it needs no second check."""

from contextvars import ContextVar

# The Authorization header that the guard verified. Each request is served in its own context.
authorization: ContextVar[str] = ContextVar("verified_authorization", default="")
