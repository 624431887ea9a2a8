"""Limits of what one client's connection may cost others; uvicorn has no setting for them."""

import asyncio
import time
from typing import Any

from httptools import HttpParserError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from wsproto.events import Request

from emulator.ministack.idle_connections import IdleConnections
from emulator.ministack.joined_writes import EndsUnread, JoinedWrites
from emulator.ministack.websocket_failures import ClosedOnFailure
from emulator.ministack.websocket_limits import Openings, OpenWebSockets

HEAD_BYTES_MAX = 128 * 1024  # a long token is refused elsewhere
_HEAD_SECONDS = 75.0  # longer than AWS's load balancers wait
_PIECE_BYTES = 1024  # 170 of the smallest frames, which take 10 ms
_WORK_SECONDS = 0.005  # and then others have as much time
_REST_SECONDS_MAX = 0.01  # where it waited for others, it has rested
_MESSAGES_MAX = 10  # that wait for the application
_CLOSING_SECONDS = 2.0  # for a client to answer to the end of its WebSocket
_REQUESTS_MAX = 10  # that wait on a connection for the answer before: 14,000 in 256 KB take 100 ms


_openings = Openings()
_websockets = OpenWebSockets()
_idle = IdleConnections()


class HttpConnection(EndsUnread, HttpToolsProtocol):
    """A connection of HTTP/1.1, whose heads come whole within some time, and are of some size.

    What follows a body in chunks is no header: the guard has read them by then, and others would read more.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _is_in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the first request."""
        super().connection_made(JoinedWrites(transport, self.loop))  # type: ignore[arg-type]  # it is one in all but name
        self._wait_for_head()
        _idle.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all waiting."""
        self._stop_waiting()
        self._unset_keepalive_if_required()  # uvicorn lets it hold all that a client sent who resets the connection
        _idle.remove(self.transport)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read more, unless the head is too large."""
        _idle.refresh(self.transport)
        super().data_received(data)
        if self._is_in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """Start to read a head."""
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Read a header of the head."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Serve the request, whose body may follow. HttpParserError: it is for a proxy, or can't be served now."""
        if not self.url.startswith(b"/"):
            raise HttpParserError("The path of a request begins with /.")
        if len(self.pipeline) >= _REQUESTS_MAX:
            raise HttpParserError("Too many requests wait on this connection.")
        if self._is_answering() and self.parser.should_upgrade() and self._should_upgrade():
            raise HttpParserError("The answer before would go into the WebSocket.")
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the answer: the request has come whole."""
        _idle.remove(self.transport)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Start to wait for the next request, where it hasn't come already."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._wait_for_head()
            _idle.add(self.transport)

    def _unsupported_upgrade_warning(self) -> None:
        """Answer without an upgrade and end the connection: the parser can't read on."""
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._head_timer = self.loop.call_later(_HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class WebSocketConnection(ClosedOnFailure):
    """A connection that reads a little at a time: 64 KB of small frames take a second, and each is answered."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._received = bytearray()
        self._reading: asyncio.Task[None] | None = None
        self._taken = asyncio.Event()
        self._handshake: Request | None = None
        self._is_let_in = False
        self.close_timeout = _CLOSING_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, also while its handshake waits."""
        super().connection_made(transport)
        self._is_let_in = _websockets.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop reading."""
        _openings.remove(self)
        _websockets.remove(self)
        self._received.clear()
        if self._reading is not None:
            self._reading.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read data in pieces, and no more data until those are read."""
        self._received += data
        self.transport.pause_reading()
        if self._reading is None:
            self._reading = self.loop.create_task(self._read_received())

    async def receive(self) -> Any:
        """Return the next message for the application."""
        message = await self.queue.get()
        self._taken.set()
        if self.read_paused and self.queue.empty() and self._reading is None:
            self._read_on()
        return message

    def handle_connect(self, event: Request) -> None:
        """Open the connection when it is its turn, or refuse one too many."""
        self._handshake = event
        if self._is_let_in:
            _openings.add(self, self.loop)
        else:
            self.refuse()

    def open(self) -> bool:
        """Open the connection; return False if its client is gone."""
        if self._handshake is None or self.disconnected or self.transport.is_closing():
            return False
        try:
            super().handle_connect(self._handshake)
        except Exception as error:  # the others that wait must still be opened
            self.fail(error)
            return False
        self._handshake = None
        return True

    async def _read_received(self) -> None:
        try:
            await self._read_in_pieces()
        except Exception as error:  # otherwise the client would wait for an answer for ever
            self.fail(error)

    async def _read_in_pieces(self) -> None:
        worked_seconds = 0.0
        while self._received and not self.transport.is_closing():
            piece = bytes(self._received[:_PIECE_BYTES])
            del self._received[:_PIECE_BYTES]
            began = time.thread_time()
            super().data_received(piece)
            worked_seconds += time.thread_time() - began
            if worked_seconds >= _WORK_SECONDS:
                await asyncio.sleep(min(worked_seconds, _REST_SECONDS_MAX))
                worked_seconds = 0.0
            await self.writable.wait()
            while self.queue.qsize() > _MESSAGES_MAX:
                self._taken.clear()
                await self._taken.wait()
        self._reading = None
        if not self.read_paused or self.queue.empty():
            self._read_on()

    def _read_on(self) -> None:
        self.read_paused = False
        if not self.transport.is_closing():
            self.transport.resume_reading()
