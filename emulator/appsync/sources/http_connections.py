"""HTTP/1.1 to one loopback server with little overhead: emulator and data plane share the CPU.

Measured: httpx took a third of the time of a GraphQL read, and more with each request that waited
for its pool.
"""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

_READ_BYTES = 64 * 1024
# Shorter than servers keep idle connections, so no connection is used while the server closes it.
_KEEP_ALIVE_SECONDS = 2.0


class NoAnswer(Exception):
    """The server can't be reached, closed the connection too early, or took too long."""


class _Closed(Exception):
    """The server closed the connection before any part of an answer."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, with header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """True for a status 2xx."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Connections:
    """A bounded pool of connections to the host of one URL."""

    def __init__(self, base_url: str, *, maximum: int, timeout_seconds: float) -> None:
        url = urlsplit(base_url)
        self._host, self._port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if url.scheme == "https" else None
        self._authority = url.netloc
        self._timeout_seconds = timeout_seconds
        self._places = asyncio.Semaphore(maximum)
        self._idle: deque[_Connection] = deque()

    async def request(self, method: str, target: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send a request, `target` being path and query, and return the answer; raises NoAnswer."""
        sent = {"host": self._authority, **{name.lower(): value for name, value in headers.items()}}
        sent["content-length"] = str(len(body))
        head = h11.Request(method=method, target=target, headers=list(sent.items()))
        async with self._places:
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    return await self._exchange(head, body)
            except (OSError, TimeoutError, h11.RemoteProtocolError, _Closed) as error:
                raise NoAnswer(f"{self._authority} doesn't answer: {error!r}") from error

    async def _exchange(self, head: h11.Request, body: bytes) -> Reply:
        connection = self._idle_connection()
        if connection is not None:
            try:
                return await self._use(connection, head, body)
            except (_Closed, ConnectionError):
                pass  # the server closed it while idle: retry once on a new one, as the AWS SDKs do
        reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        return await self._use(_Connection(reader, writer), head, body)

    def _idle_connection(self) -> "_Connection | None":
        """Return the connection used last. If even that one was idle too long, close all."""
        while self._idle:
            connection = self._idle.pop()
            if time.monotonic() - connection.idle_since < _KEEP_ALIVE_SECONDS:
                return connection
            connection.close()
        return None

    async def _use(self, connection: "_Connection", head: h11.Request, body: bytes) -> Reply:
        reusable = False
        try:
            reply = await connection.exchange(head, body)
            reusable = connection.start_next()
            return reply
        finally:
            if reusable:
                self._idle.append(connection)
            else:
                connection.close()


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.idle_since = 0.0
        self._reader = reader
        self._writer = writer
        self._state = h11.Connection(our_role=h11.CLIENT)

    async def exchange(self, head: h11.Request, body: bytes) -> Reply:
        state = self._state
        parts = [state.send(head), state.send(h11.Data(data=body)), state.send(h11.EndOfMessage())]
        self._writer.write(b"".join(part for part in parts if part))
        await self._writer.drain()
        response, content = None, bytearray()
        while True:
            event = state.next_event()
            if event is h11.NEED_DATA:
                data = await self._reader.read(_READ_BYTES)
                if not data and response is None:
                    raise _Closed
                state.receive_data(data)
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                content += event.data
            elif isinstance(event, h11.EndOfMessage) and response is not None:
                headers = {name.decode(): value.decode("latin-1") for name, value in response.headers}
                return Reply(status=response.status_code, headers=headers, body=bytes(content))

    def start_next(self) -> bool:
        """Prepare for another request; return False if the server closes the connection."""
        if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
            return False
        self._state.start_next_cycle()
        self.idle_since = time.monotonic()
        return True

    def close(self) -> None:
        self._writer.close()
