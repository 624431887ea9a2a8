"""The interfaces of endpoints that the local run adds to the emulator, as the guard uses them."""

from collections.abc import Collection
from typing import Protocol

from emulator.asgi import Scope, Send
from emulator.ministack.http_request import Request


class PageEndpoint(Protocol):
    """A web page that answers unsigned reads for which no service has an answer."""

    def is_asked_for(self, request: Request) -> bool:
        """Return True if the request is a browser's for the page."""
        ...

    async def serve(self, scope: Scope, request: Request, send: Send) -> None:
        """Answer one request."""
        ...


class EngineerEndpoints(Protocol):
    """Endpoints for a caller with the token of this start."""

    @property
    def paths(self) -> Collection[str]:
        """The paths of these endpoints."""
        ...

    def has_token(self, request: Request) -> bool:
        """Return True if the request carries the token."""
        ...

    async def serve(self, scope: Scope, request: Request, send: Send) -> None:
        """Answer one request to one of the paths; without the token, refuse it."""
        ...
