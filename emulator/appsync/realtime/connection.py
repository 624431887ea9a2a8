"""One WebSocket. Its frames wait in a bounded outbox, so a slow reader delays nobody else."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from emulator.asgi import Message, Send

_log = logging.getLogger("emulator.appsync")
_OUTBOX_CHARACTERS = 1024 * 1024
_CLOSING_SECONDS = 5.0
MakeFrame = Callable[[], Awaitable[str | None]]
_open: WeakSet["Connection"] = WeakSet()


def close_all() -> None:
    """Close all connections of this process, because the server is about to stop."""
    for connection in list(_open):
        connection.close(1001, "the server stops")


class _ClientGone(Exception):
    """Nothing can be sent any more."""


class Connection:
    """Sends text frames in order. `put` never blocks; a full outbox closes the connection."""

    def __init__(self, send: Send, *, outbox_characters: int = _OUTBOX_CHARACTERS) -> None:
        self._send = send
        self._most = outbox_characters
        self._frames: deque[tuple[str | MakeFrame, int]] = deque()
        self._characters = 0
        self._news = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self._writer = asyncio.create_task(self._write())
        _open.add(self)

    def put(self, frame: str) -> None:
        """Send a frame after those before it; do nothing when the connection is closing."""
        self._put(frame, len(frame))

    def put_later(self, make: MakeFrame, characters: int) -> None:
        """Make and send a frame after those before it; it counts as `characters` until then."""
        self._put(make, characters)

    def _put(self, frame: str | MakeFrame, characters: int) -> None:
        if self._closing:
            return
        if self._frames and self._characters + characters > self._most:
            _log.warning("a subscriber reads too slowly and is disconnected")
            self.close(1008, "too slow")
            self._writer.cancel()  # the writer waits for the reader
            return
        self._frames.append((frame, characters))
        self._characters += characters
        self._news.set()

    def close(self, code: int, reason: str) -> None:
        """Close after all waiting frames, or after a while if the client doesn't read.

        Only the first call counts.
        """
        if self._closing:
            return
        self._closing = (code, reason)
        self._news.set()
        asyncio.get_running_loop().call_later(_CLOSING_SECONDS, self._writer.cancel)

    async def run(self, reader: Coroutine[Any, Any, None]) -> None:
        """Read and write until the client is gone or the connection has to close."""
        reading = asyncio.create_task(reader)
        try:
            await asyncio.wait({reading, self._writer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            reading.cancel()
            self._writer.cancel()
            outcomes = await asyncio.gather(reading, self._writer, return_exceptions=True)
        for failure in outcomes:
            if isinstance(failure, Exception) and not isinstance(failure, _ClientGone):
                _log.error("a subscriber's connection failed", exc_info=failure)
                self.close(1011, "internal failure of the local AppSync, see its log")
        if self._closing:
            code, reason = self._closing
            with suppress(TimeoutError, _ClientGone):  # the server closes a connection that remains
                goodbye = {"type": "websocket.close", "code": code, "reason": reason}
                await asyncio.wait_for(self._tell(goodbye), _CLOSING_SECONDS)

    async def _write(self) -> None:
        while True:
            while self._frames:
                frame, characters = self._frames.popleft()
                self._characters -= characters
                text = frame if isinstance(frame, str) else await frame()
                if text is not None:
                    await self._tell({"type": "websocket.send", "text": text})
                await asyncio.sleep(0)  # let others run: sending may never block
            if self._closing:
                return
            self._news.clear()
            await self._news.wait()

    async def _tell(self, message: Message) -> None:
        try:
            await self._send(message)
        except OSError as error:  # so says ASGI's specification, from 2.4
            raise _ClientGone from error


class PeriodicCall:
    """Calls a function at a fixed interval until it is stopped."""

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self._seconds = seconds
        self._act = act
        self._next = asyncio.get_running_loop().call_later(seconds, self._again)

    def stop(self) -> None:
        """Stop calling the function."""
        self._next.cancel()

    def _again(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._seconds, self._again)
        self._act()
