"""A transport that sends the head of an answer together with the first piece of its body.

uvicorn writes one after the other. When a client reads the head alone, Terraform's provider now and then gives the
connection up and repeats the call: of 630 calls 14, with a pause of 4 ms between the two. A repeated creation ends a
deployment. One write is also half the work. It can go when uvicorn writes both at once.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from emulator.ministack.unread_answers import Unread

HEAD = b"HTTP/1.1 "


class JoinedWrites:
    """Holds a head until the next write, at most until the next turn of the event loop."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self.unread = Unread(transport, loop)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send data, after the head that was held; hold it if it is a head itself."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.writelines((head, data))  # one call of the system, without a copy: an object has 32 MB
        elif data.startswith(HEAD):
            self._head = data
            self._loop.call_soon(self.flush)
        else:
            self._transport.write(data)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Send several pieces of data."""
        for piece in pieces:
            self.write(piece)

    def write_eof(self) -> None:
        """Send what is held, then the end."""
        self.flush()
        self._transport.write_eof()

    def flush(self) -> None:
        """Send the head that is held, unless there is none or the connection ends."""
        head, self._head = self._head, b""
        if head and not self._transport.is_closing():
            self._transport.write(head)

    def close(self) -> None:
        """Send what is held, then close the connection; don't wait for ever for a client to read it."""
        self.flush()
        self._transport.close()
        self.unread.watch()


class EndsUnread(asyncio.Protocol):
    """Ends a connection of uvicorn's, whose transport is a JoinedWrites, when its client doesn't read."""

    _unread: Unread

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start to look at what isn't read."""
        self._unread = transport.unread  # type: ignore[attr-defined]
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        self._unread.stop()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Write no more until the client has read, which mustn't take too long."""
        super().pause_writing()
        self._unread.watch()

    def resume_writing(self) -> None:
        """Write on."""
        self._unread.stop()
        super().resume_writing()
