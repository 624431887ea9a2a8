"""A gate at which requests wait while the state is saved."""

import asyncio
from contextlib import suppress

from emulator.asgi import App, Message, Receive, Scope, Send


class RequestGate:
    """A gate, open at first. While it is closed, no request gets in and no answer out."""

    def __init__(self) -> None:
        self._in, self._out, self._empty = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._inside = 0
        self._empty.set()
        self.open()

    def open(self) -> None:
        """Let waiting requests and answers pass."""
        self._in.set()
        self._out.set()

    async def close(self, *, grace_seconds: float) -> None:
        """Stop new requests; those in progress may finish within this time, and then wait too."""
        self._in.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), grace_seconds)
        self._out.clear()

    def before(self, app: App) -> App:
        """Return the application behind this gate; WebSockets pass it."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            await self._in.wait()
            self._count(1)
            try:
                await app(scope, receive, self._waiting(send))
            finally:
                self._count(-1)

        return guarded

    def _waiting(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            await self._out.wait()
            await send(message)

        return sent

    def _count(self, step: int) -> None:
        self._inside += step
        (self._empty.clear if self._inside else self._empty.set)()
