"""Limits of what one client's connection costs the others, for which hypercorn has no setting."""

import asyncio
import time
from collections.abc import Callable

import h11 as http
import hypercorn.protocol
from hypercorn.asyncio import run
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.protocol import h11, ws_stream
from hypercorn.protocol.events import Data, Event, Request
from wsproto.extensions import PerMessageDeflate

_PIECE_BYTES = 1024  # 170 of the smallest frames, which take 10 ms
_WORK_SECONDS = 0.005  # and then others have as much time
_REST_SECONDS_MAX = 0.01  # where it waited for others, it has rested
_OPENING_SECONDS = 0.003  # to open a connection and a subscription takes half of it


class _Declined(PerMessageDeflate):
    """The extension, which no client gets: it costs 100 KB and more for each connection, most of them idle.

    AppSync doesn't compress either.
    """

    def accept(self, _offer: str) -> bool | str | None:
        return None


class Openings:
    """The times at which connections open, one after another: a hundred at once held the others up for 150 ms."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next_at = 0.0

    def wait_seconds(self) -> float:
        """Return how long the next one has to wait."""
        now = self._clock()
        at = max(now, self._next_at)
        self._next_at = at + _OPENING_SECONDS
        return at - now


_openings = Openings()


class _InPieces(ws_stream.WSStream):
    """A connection that reads a little at a time: 64 KB of small frames take a second, and hypercorn answers each."""

    async def handle(self, event: Event) -> None:
        if isinstance(event, Request):
            await asyncio.sleep(_openings.wait_seconds())
        if not isinstance(event, Data):
            await super().handle(event)
            return
        worked_seconds = 0.0
        for start in range(0, len(event.data), _PIECE_BYTES):
            began = time.thread_time()
            await super().handle(Data(stream_id=event.stream_id, data=event.data[start : start + _PIECE_BYTES]))
            worked_seconds += time.thread_time() - began
            if worked_seconds >= _WORK_SECONDS:
                await asyncio.sleep(min(worked_seconds, _REST_SECONDS_MAX))
                worked_seconds = 0.0


class _OnlyHttp1(h11.H11Protocol):
    """A connection that stays with HTTP/1.1, whatever the client asks for.

    Small frames of HTTP/2 held the others up for 3 s. No client speaks HTTP/2 without TLS unless it is told to.
    """

    async def _check_protocol(self, event: http.Request) -> None:
        pass


class _GoneWithItsClient(TCPServer):
    """A connection that ends when the client closes it: hypercorn keeps it until it would have been idle for long."""

    async def _read_data(self) -> None:
        await super()._read_data()
        await self.idle_task.stop()


def mend() -> None:
    """Let the server's connections be like that."""
    vars(ws_stream)["PerMessageDeflate"] = _Declined
    vars(h11)["WSStream"] = _InPieces
    vars(hypercorn.protocol)["H11Protocol"] = _OnlyHttp1
    vars(run)["TCPServer"] = _GoneWithItsClient
