"""The head of an answer is sent with the first piece of its body."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from emulator.ministack.joined_writes import JoinedWrites

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Socket:
    """A transport that records what each call of the system writes, before and after it closes."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.writelines([data])

    def writelines(self, pieces: Iterable[bytes]) -> None:
        assert not self.closed
        self.pieces += pieces
        self.written.append(b"".join(pieces))

    def write_eof(self) -> None:
        self.written.append(b"end")

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_write_buffer_size(self) -> int:
        return 0


def written(*steps: Callable[[Any], Any]) -> list[bytes]:
    """Return what each write of the socket was; between steps the event loop turns."""

    async def story() -> list[bytes]:
        socket = Socket()
        transport = JoinedWrites(socket, asyncio.get_running_loop())  # type: ignore[arg-type]
        for step in steps:
            step(transport)
            await asyncio.sleep(0)
        return socket.written

    return asyncio.run(story())


def write(*pieces: bytes) -> Callable[[Any], Any]:
    return lambda transport: [transport.write(piece) for piece in pieces]


@pytest.mark.parametrize("body", [b"{}", b""], ids=["body", "empty"])
def test_a_head_goes_with_its_body(body: bytes) -> None:
    assert written(write(HEAD, body)) == [HEAD + body]


def test_each_answer_has_its_own_head() -> None:
    assert written(write(HEAD, b"1", HEAD, b"2")) == [HEAD + b"1", HEAD + b"2"]


def test_what_follows_the_first_piece_goes_at_once() -> None:
    assert written(write(HEAD, b"1", b"2"), write(b"3")) == [HEAD + b"1", b"2", b"3"]


def test_a_head_waits_no_longer_than_a_turn_of_the_loop() -> None:
    assert written(write(HEAD), write(b"later")) == [HEAD, b"later"]


def test_a_head_goes_before_the_connection_is_closed() -> None:
    assert written(lambda transport: (transport.write(HEAD), transport.close())) == [HEAD]


def test_nothing_is_written_to_a_connection_that_ended_meanwhile() -> None:
    assert written(lambda transport: (transport.write(HEAD), transport._transport.close())) == []


def test_a_head_is_lost_with_a_connection_that_is_aborted() -> None:
    assert written(lambda transport: (transport.write(HEAD), transport.abort())) == []


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (lambda transport: transport.write_eof(), [HEAD, b"end"]),
        (lambda transport: transport.writelines([b"1", b"2"]), [HEAD + b"1", b"2"]),
    ],
)
def test_nothing_overtakes_a_head(last: Callable[[Any], Any], expected: list[bytes]) -> None:
    assert written(lambda transport: (transport.write(HEAD), last(transport))) == expected


def test_a_body_is_not_copied_for_its_head() -> None:
    body = b"x" * 32
    sockets: list[Socket] = []

    written(write(HEAD, body), lambda transport: sockets.append(transport._transport))

    assert sockets[0].pieces[1] is body
