"""A WebSocket whose failures end it: uvicorn's would stay open, unread, and nobody would be told."""

import asyncio
import logging
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto.events import CloseConnection, RejectConnection

from emulator.ministack.joined_writes import EndsUnread

_log = logging.getLogger(__name__)
_HANDSHAKE_SECONDS = 10.0  # a handshake waits for 0.4 s at most
_REASON_CHARACTERS = 200
BAD_REQUEST, UNAVAILABLE, INTERNAL_ERROR = 400, 503, 1011


class ClosedOnFailure(EndsUnread, WSProtocol):
    """A connection that is answered and closed whatever happens to it."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the end of the handshake."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(_HANDSHAKE_SECONDS, self._end_handshake)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    async def send(self, message: Any) -> None:
        """Send the application's message; raises ClientDisconnected, an OSError, on a connection that ends."""
        await self.writable.wait()
        if self.transport.is_closing():
            raise ClientDisconnected
        await super().send(message)

    def send_500_response(self) -> None:
        """Answer that the application failed, unless something was answered before."""
        try:
            super().send_500_response()
        except Exception as error:  # such as an answer that wsproto has no more state for
            self.fail(error)

    def shutdown(self) -> None:
        """End the connection with the server's end."""
        if self.transport.is_closing():
            return
        try:
            super().shutdown()
        except Exception as error:  # otherwise it would end the end of the server
            self.fail(error)

    def refuse(self, status: int = UNAVAILABLE) -> None:
        """Answer the handshake with a status, by default that there are too many, and close the connection."""
        if self.disconnected or self.transport.is_closing():
            return
        self.response_started = True
        self.transport.write(self.conn.send(RejectConnection(status_code=status, headers=[(b"connection", b"close")])))
        self.transport.close()

    def fail(self, error: Exception) -> None:
        """Answer that the client's bytes can't be read, or that this server failed, and close the connection."""
        if self.disconnected or self.transport.is_closing():
            return
        _log.warning("a WebSocket is closed: %s: %s", type(error).__name__, _short(str(error)))
        try:
            if self.handshake_complete:
                self.transport.write(self.conn.send(CloseConnection(code=INTERNAL_ERROR)))
            else:
                self.refuse(BAD_REQUEST)
        except Exception as unsendable:  # in this state nothing can be said to the client any more
            _log.debug("%r", unsendable)
        self.transport.close()

    def _end_handshake(self) -> None:
        if self.handshake_complete or self.transport.is_closing():
            return
        _log.warning("a WebSocket's handshake takes more than %d s and is refused", _HANDSHAKE_SECONDS)
        try:
            self.refuse()
        except Exception as error:
            self.fail(error)


def _short(text: str) -> str:
    return text[:_REASON_CHARACTERS].encode("unicode_escape").decode("ascii")
