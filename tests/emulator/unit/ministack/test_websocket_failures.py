"""A WebSocket that fails is answered, closed and logged in one line; none stays open without an answer."""

import asyncio
from typing import Any

import pytest

from emulator.ministack import connection_limits, websocket_failures, websocket_limits
from emulator.ministack.connection_limits import HttpConnection, WebSocketConnection
from emulator.ministack.websocket_limits import Openings
from tests.emulator.support.connections import HANDSHAKE, Transport, made, open_websocket, settled

REQUEST = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n"
CLOSE = b"\x88\x80\x00\x00\x00\x00"
INTERNAL_ERROR = b"\x88\x02\x03\xf3"  # the server's end with 1011


async def accepting(_scope: Any, receive: Any, send: Any) -> None:
    """Open each WebSocket, and wait until its client is gone."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def silent(_scope: Any, _receive: Any, _send: Any) -> None:
    """Answer nothing for a long time."""
    await asyncio.sleep(3600)


@pytest.fixture(autouse=True)
def openings(monkeypatch: pytest.MonkeyPatch) -> Openings:
    """Openings of this test alone."""
    openings = Openings()
    monkeypatch.setattr(connection_limits, "_openings", openings)
    monkeypatch.setattr(websocket_limits, "OPENING_SECONDS", 0)
    return openings


async def after_handshake(app: Any, handshake: bytes = HANDSHAKE) -> Transport:
    """Send a handshake, and return the socket a moment later."""
    connection, transport = made(HttpConnection, app)
    connection.data_received(handshake)
    await settled()
    return transport


@pytest.mark.parametrize(
    "header",
    [
        b"sec-websocket-protocol: graphql-ws, header-\xff",
        b"sec-websocket-extensions: \xff",
        b"connection: upgrade, \xff",
        b"host: \xff",
    ],
)
def test_a_handshake_that_is_not_ascii_is_refused_and_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture, header: bytes
) -> None:
    name = header.partition(b":")[0]
    lines = [line for line in HANDSHAKE.split(b"\r\n") if not line.startswith(name + b":")]

    transport = asyncio.run(after_handshake(accepting, b"\r\n".join([lines[0], header, *lines[1:]])))

    assert b"".join(transport.written).startswith(b"HTTP/1.1 400 ")
    assert transport.closed
    (line,) = caplog.messages
    assert line.startswith("a WebSocket is closed: Unicode")
    assert "\n" not in line


def test_a_handshake_that_nobody_answers_is_refused_in_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(websocket_failures, "_HANDSHAKE_SECONDS", 0.05)

    async def story() -> list[tuple[bytes, bool]]:
        pair = [await after_handshake(app) for app in (silent, accepting)]
        await asyncio.sleep(0.2)
        return [(b"".join(transport.written)[:12], transport.closed) for transport in pair]

    assert asyncio.run(story()) == [(b"HTTP/1.1 503", True), (b"HTTP/1.1 101", False)]
    assert len([message for message in caplog.messages if "handshake" in message]) == 1


def test_whatever_fails_after_the_handshake_closes_the_connection(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> Transport:
        connection, transport = open_websocket()
        monkeypatch.setattr(connection, "handle_message", lambda _: [][1])
        connection.data_received(b"\x81\x82\x00\x00\x00\x00{}")
        await settled()
        return transport

    transport = asyncio.run(story())

    assert transport.written == [INTERNAL_ERROR]
    assert transport.closed
    assert caplog.messages == ["a WebSocket is closed: IndexError: list index out of range"]


def test_others_are_opened_when_one_cannot_be(monkeypatch: pytest.MonkeyPatch, openings: Openings) -> None:
    monkeypatch.setattr(websocket_limits, "OPENING_SECONDS", 3600)

    async def story() -> list[bytes]:
        pairs = [made(HttpConnection, accepting) for _ in range(3)]
        for connection, _ in pairs:
            connection.data_received(HANDSHAKE)
        await settled()
        pairs[1][1].protocol.app_state = None  # which opening needs
        openings._open_next(asyncio.get_running_loop())
        await settled()
        return [b"".join(transport.written)[:12] for _, transport in pairs]

    assert asyncio.run(story()) == [b"HTTP/1.1 101", b"HTTP/1.1 400", b"HTTP/1.1 101"]


def test_the_server_ends_also_while_a_client_leaves_its_last_bytes_unread() -> None:
    async def story() -> None:
        connection, _ = open_websocket()
        connection.data_received(CLOSE)
        await settled()
        connection.shutdown()

    asyncio.run(story())


@pytest.mark.parametrize("end", ["shutdown", "send_500_response"])
def test_an_end_for_which_there_is_no_answer_any_more_is_no_failure(end: str) -> None:
    async def story() -> bool:
        connection, transport = made(WebSocketConnection)
        connection.data_received(HANDSHAKE)
        await settled()
        transport.closed, connection.response_started = False, False
        getattr(connection, end)()
        return transport.closed

    assert asyncio.run(story())


def test_an_application_hears_that_its_client_is_gone() -> None:
    async def story() -> None:
        connection, transport = open_websocket()
        transport.close()
        with pytest.raises(OSError):
            await connection.send({"type": "websocket.send", "text": "{}"})

    asyncio.run(story())


def test_a_websocket_does_not_begin_in_the_answer_to_the_request_before() -> None:
    transport = asyncio.run(after_handshake(silent, REQUEST + HANDSHAKE))

    assert transport.written[0].startswith(b"HTTP/1.1 400 ")
    assert transport.closed
