"""Ends connections whose clients don't read: what waits for them takes memory and an open file for as long."""

import asyncio

UNREAD_SECONDS = 20.0


class Unread:
    """Aborts a connection of which nothing more is read for some time; it may be slow."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """Begin to wait until all is read. Nothing may be written meanwhile."""
        if self._timer is None and (left_bytes := self._transport.get_write_buffer_size()):
            self._timer = self._loop.call_later(UNREAD_SECONDS, self._look, left_bytes)

    def stop(self) -> None:
        """Wait no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, bytes_before: int) -> None:
        self._timer = None
        if self._transport.get_write_buffer_size() >= bytes_before:
            self._transport.abort()
        else:
            self.watch()
