"""A connection of one client takes little time from the others."""

import asyncio
import gc
import weakref
from itertools import pairwise

import pytest

from emulator.ministack import connection_limits, websocket_limits
from emulator.ministack.connection_limits import HEAD_BYTES_MAX, HttpConnection
from emulator.ministack.idle_connections import IdleConnections
from emulator.ministack.websocket_limits import Openings, OpenWebSockets
from tests.emulator.support.connections import HANDSHAKE, Transport, made, open_websocket, settled

HEAD = b"POST / HTTP/1.1\r\nhost: here\r\n"
PING = b"\x89\x80\x00\x00\x00\x00"
TEXT = b"\x81\x82\x00\x00\x00\x00{}"


async def answered(*pieces: bytes) -> Transport:
    """Send the pieces on a connection, wait for a moment, and return its socket."""
    connection, transport = made(HttpConnection)
    for piece in pieces:
        if not transport.closed:
            connection.data_received(piece)
        await asyncio.sleep(0.01)
    return transport


def test_others_get_their_turn_between_the_frames_of_one_client() -> None:
    async def story() -> list[int]:
        answered: list[int] = []
        connection, transport = open_websocket()

        async def beat() -> None:
            while True:
                answered.append(len(transport.written))
                await asyncio.sleep(0)

        beating = asyncio.create_task(beat())
        connection.data_received(PING * 10_000)
        assert connection._reading is not None
        await connection._reading
        beating.cancel()
        return [0, *answered, len(transport.written)]

    answered = asyncio.run(story())

    assert answered[-1] == 10_000
    assert max(later - before for before, later in pairwise(answered)) < 5_000


def test_messages_arrive_whole_and_in_order_wherever_they_are_cut() -> None:
    async def story() -> list[str]:
        connection, _ = open_websocket()
        connection.data_received(TEXT * 501)
        connection.data_received(TEXT * 500)
        return [(await connection.receive())["text"] for _ in range(1_001)]

    assert asyncio.run(story()) == ["{}"] * 1_001


def test_no_more_is_read_while_messages_wait_for_the_application() -> None:
    async def story() -> tuple[int, bool, bool]:
        connection, transport = open_websocket()
        connection.data_received(TEXT * 10_000)
        await asyncio.sleep(0.1)
        waiting, reads = connection.queue.qsize(), transport.reads
        for _ in range(10_000):
            await connection.receive()
        await asyncio.sleep(0.01)
        return waiting, reads, transport.reads

    waiting, reads, reads_on = asyncio.run(story())

    assert waiting < 1_000
    assert (reads, reads_on) == (False, True)


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> Openings:
    """Openings of which the test says whose turn it is; at most three wait."""
    openings = Openings(most=3)
    monkeypatch.setattr(connection_limits, "_openings", openings)
    monkeypatch.setattr(websocket_limits, "OPENING_SECONDS", 3600)
    return openings


def test_a_websocket_opens_when_it_is_its_turn(openings: Openings) -> None:
    async def story() -> list[list[int]]:
        pairs = [made(HttpConnection) for _ in range(4)]
        for connection, _ in pairs:
            connection.data_received(HANDSHAKE)
        await settled()
        pairs[1][1].protocol.connection_lost(None)  # the one whose turn is next is gone
        counts = []
        for _ in range(3):
            counts.append([len(transport.written) for _, transport in pairs])
            openings._open_next(asyncio.get_running_loop())
            await settled()
        return counts

    assert asyncio.run(story()) == [[1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 1]]


def test_of_too_many_websockets_that_wait_the_first_is_refused(openings: Openings) -> None:
    async def story() -> list[tuple[bytes, bool]]:
        pairs = [made(HttpConnection) for _ in range(5)]
        for connection, _ in pairs:
            connection.data_received(HANDSHAKE)
        await settled()
        openings._open_next(asyncio.get_running_loop())
        await settled()
        pairs[1][1].protocol.shutdown()  # the server's end comes before the client's
        return [(b"".join(transport.written)[:12], transport.closed) for _, transport in pairs]

    opened, waits = b"HTTP/1.1 500", b""  # the application of these tests answers no WebSocket

    written = asyncio.run(story())

    assert [first for first, _ in written] == [opened, b"HTTP/1.1 503", opened, waits, waits]
    assert [closed for _, closed in written] == [True, True, True, False, False]


def test_a_websocket_that_is_gone_waits_no_longer(openings: Openings) -> None:
    async def story() -> list[bytes]:
        pairs = [made(HttpConnection) for _ in range(7)]
        for number, (connection, transport) in enumerate(pairs):
            connection.data_received(HANDSHAKE)
            await settled()
            if number > 1:
                transport.protocol.connection_lost(None)
        return [b"".join(transport.written)[:12] for _, transport in pairs]

    assert asyncio.run(story()) == [b"HTTP/1.1 500", *[b""] * 6]


def test_beyond_a_number_of_websockets_no_more_are_opened_and_http_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_limits, "_websockets", OpenWebSockets(most=2))
    # They stay open, or wait to be opened: both count.
    monkeypatch.setattr(connection_limits, "_openings", Openings())
    monkeypatch.setattr(websocket_limits, "OPENING_SECONDS", 3600)

    async def story() -> list[bytes]:
        pairs = []
        for sent in (HANDSHAKE, HANDSHAKE, HANDSHAKE, REQUEST):
            pairs.append(made(HttpConnection))
            pairs[-1][0].data_received(sent)
            await settled()
        pairs[0][1].protocol.connection_lost(None)
        pairs.append(made(HttpConnection))
        pairs[-1][0].data_received(HANDSHAKE)
        await settled()
        return [b"".join(transport.written)[:12] for _, transport in pairs[1:]]

    assert asyncio.run(story()) == [b"", b"HTTP/1.1 503", b"HTTP/1.1 200", b""]


def test_a_websocket_that_ends_does_not_wait_long_for_its_client() -> None:
    async def story() -> float:
        connection, _ = open_websocket()
        began = connection.loop.time()
        await connection.send({"type": "websocket.close"})
        assert connection.close_timer is not None
        return connection.close_timer.when() - began

    assert asyncio.run(story()) < 5


@pytest.mark.parametrize("size", [HEAD_BYTES_MAX // 2, HEAD_BYTES_MAX + 1])
def test_a_head_may_have_some_size(size: int) -> None:
    pieces = [HEAD + b"x-long: ", *(b"x" * 1024 for _ in range(size // 1024)), b"\r\ncontent-length: 0\r\n\r\n"]

    transport = asyncio.run(answered(*pieces))

    status = b"200 OK" if size < HEAD_BYTES_MAX else b"400 Bad Request"
    assert transport.written[0].startswith(b"HTTP/1.1 " + status)
    assert transport.closed is (size > HEAD_BYTES_MAX)


def test_a_body_may_come_with_its_head() -> None:
    body = b"x" * 2 * HEAD_BYTES_MAX

    transport = asyncio.run(answered(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body, HEAD))

    assert transport.written[0].startswith(b"HTTP/1.1 200 OK")
    assert not transport.closed


def test_a_connection_is_closed_whose_head_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_limits, "_HEAD_SECONDS", 0.05)

    async def closed(*pieces: bytes) -> bool:
        connection, transport = made(HttpConnection)
        for piece in pieces:
            connection.data_received(piece)
        await asyncio.sleep(0.2)
        return transport.closed

    assert asyncio.run(closed())
    assert asyncio.run(closed(HEAD))
    assert asyncio.run(closed(HEAD + b"content-length: 0\r\n\r\n", HEAD))
    assert not asyncio.run(closed(HEAD + b"content-length: 2\r\n\r\n"))
    assert not asyncio.run(closed(HEAD + b"content-length: 0\r\n\r\n" + HEAD + b"content-length: 2\r\n\r\n"))


REQUEST = HEAD + b"content-length: 0\r\n\r\n"
# A request that its client leaves unfinished, in two pieces.
UNFINISHED = {
    "nothing": (b"", b"P"),
    "a head": (HEAD, b"x"),
    "a body": (HEAD + b"content-length: 9\r\n\r\n", b"x"),
    "the next": (REQUEST, b"P"),
}


@pytest.mark.parametrize("pieces", UNFINISHED.values(), ids=UNFINISHED.keys())
def test_the_longest_silent_of_too_many_connections_is_closed(
    monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, bytes]
) -> None:
    monkeypatch.setattr(connection_limits, "_idle", IdleConnections(most=2))

    async def story() -> list[bool]:
        pairs = []
        for _ in range(3):
            pairs.append(made(HttpConnection))
            pairs[-1][0].data_received(pieces[0])
            await asyncio.sleep(0.01)
        before = [transport.closed for _, transport in pairs]
        pairs[1][0].data_received(pieces[1])
        made(HttpConnection)
        return [*before, *(transport.closed for _, transport in pairs)]

    assert asyncio.run(story()) == [True, False, False, True, False, True]


@pytest.mark.parametrize("sent", [REQUEST, HANDSHAKE], ids=["a request", "a WebSocket"])
def test_a_connection_at_work_is_never_closed_for_others(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(connection_limits, "_idle", IdleConnections(most=1))

    async def story() -> bool:
        connection, transport = made(HttpConnection)
        connection.data_received(sent)
        for _ in range(3):
            made(HttpConnection)
        return transport.closed

    assert not asyncio.run(story())


def test_a_connection_that_is_gone_counts_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_limits, "_idle", IdleConnections(most=2))

    async def story() -> bool:
        _, transport = made(HttpConnection)
        gone, _ = made(HttpConnection)
        gone.connection_lost(None)
        made(HttpConnection)
        return transport.closed

    assert not asyncio.run(story())


@pytest.mark.parametrize("reason", [None, ConnectionResetError()])
def test_nothing_is_kept_of_a_connection_that_is_gone(reason: Exception | None) -> None:
    async def story() -> bool:
        connection, _ = made(HttpConnection)
        connection.data_received(REQUEST)
        await settled()
        connection.connection_lost(reason)
        gone = weakref.ref(connection)
        del connection, _
        await settled()
        gc.collect()
        return gone() is None

    assert asyncio.run(story())


def test_what_follows_a_body_is_no_header() -> None:
    body = b"2\r\n{}\r\n0\r\nx-amz-target: Other\r\n\r\n"

    transport = asyncio.run(answered(HEAD + b"transfer-encoding: chunked\r\n\r\n", body))

    assert transport.written[-1].endswith(b"\r\n\r\nhost transfer-encoding")


def test_requests_follow_each_other_on_a_connection() -> None:
    request = HEAD + b"content-length: 2\r\n\r\n{}"

    transport = asyncio.run(answered(request, request + request, *[request] * 2))

    assert len(transport.written) == 5
    assert all(answer.endswith(b"\r\n\r\nhost content-length") for answer in transport.written)
    assert not transport.closed


def test_few_requests_wait_for_the_answer_before() -> None:
    request = HEAD + b"content-length: 0\r\n\r\n"

    transport = asyncio.run(answered(request * 12))

    assert transport.written[0].startswith(b"HTTP/1.1 400 Bad Request")
    assert transport.closed


def test_a_request_for_another_server_is_refused() -> None:
    transport = asyncio.run(answered(b"GET http://there/ HTTP/1.1\r\nhost: here\r\n\r\n"))

    assert transport.written[0].startswith(b"HTTP/1.1 400 Bad Request")


def test_a_connection_stays_with_http_1(monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = b"GET / HTTP/1.1\r\nhost: here\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\n\r\n"

    upgraded = asyncio.run(answered(upgrade))
    by_itself = asyncio.run(answered(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))

    assert upgraded.written[0].startswith(b"HTTP/1.1 200 OK")
    assert by_itself.written[0].startswith(b"HTTP/1.1 400 Bad Request")
    assert upgraded.closed
    assert by_itself.closed
