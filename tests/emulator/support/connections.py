"""Connections without a network, for tests of what one client may do to others."""

import asyncio
from typing import Any

import uvicorn
from uvicorn.server import ServerState
from wsproto.connection import Connection, ConnectionType

from emulator.ministack.connection_limits import HttpConnection, WebSocketConnection
from emulator.ministack.joined_writes import JoinedWrites

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nhost: here\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Transport(asyncio.Transport):
    """A socket that records the calls of a connection."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False
        self.aborted = False
        self.reads = True
        self.unread_bytes = 0

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def writelines(self, pieces: Any) -> None:
        self.write(b"".join(pieces))

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_write_buffer_size(self) -> int:
        return self.unread_bytes

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the request's headers, after reading its body."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    told = b" ".join(name for name, _ in scope["headers"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
    await send({"type": "http.response.body", "body": told})


def made(kind: Any, app: Any = answering) -> tuple[Any, Transport]:
    """Make a connection of a kind, with its socket."""
    config = uvicorn.Config(
        app,
        http=HttpConnection,
        ws=WebSocketConnection,
        log_config=None,
        interface="asgi3",
    )
    connection, transport = kind(config, ServerState(), {}), Transport()
    # A WebSocket gets what the upgraded connection had.
    connection.connection_made(JoinedWrites(transport, connection.loop) if kind is WebSocketConnection else transport)
    return connection, transport


def open_websocket() -> tuple[WebSocketConnection, Transport]:
    """Make a WebSocket whose handshake is done."""
    connection, transport = made(WebSocketConnection)
    connection.conn.connection = Connection(ConnectionType.SERVER)
    connection.handshake_complete = True
    return connection, transport


async def settled() -> None:
    """Let everything happen that waits for its turn only."""
    for _ in range(20):
        await asyncio.sleep(0)
