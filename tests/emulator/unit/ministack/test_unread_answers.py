"""A connection whose client doesn't read is ended, so that it takes no open file for ever."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from emulator.ministack import unread_answers
from emulator.ministack.connection_limits import HttpConnection, WebSocketConnection
from emulator.ministack.joined_writes import JoinedWrites
from emulator.ministack.unread_answers import Unread
from tests.emulator.support.connections import Transport, made


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread_answers, "UNREAD_SECONDS", 0.03)


class Clock:
    """An event loop's clock, on which a test says when time has passed."""

    def __init__(self) -> None:
        self._later: list[tuple[Callable[..., None], tuple[Any, ...]]] = []

    def call_later(self, _seconds: float, call: Callable[..., None], *arguments: Any) -> "Clock":
        self._later.append((call, arguments))
        return self

    def cancel(self) -> None:
        self._later.clear()

    def tick(self) -> None:
        for call, arguments in [self._later.pop() for _ in list(self._later)]:
            call(*arguments)


@pytest.mark.parametrize(
    ("left_bytes", "expected"),
    [
        ([100, 100], True),
        ([100, 90, 80, 80], True),
        ([100, 90, 80, 70, 0], False),
        ([0, 0], False),
    ],
)
def test_a_client_may_read_slowly_but_not_stop(left_bytes: list[int], *, expected: bool) -> None:
    transport, clock = Transport(), Clock()
    unread = Unread(transport, clock)  # type: ignore[arg-type]  # the part of a loop that is needed

    for left in left_bytes:
        transport.unread_bytes = left
        clock.tick()
        unread.watch()

    assert transport.aborted is expected


def test_nothing_is_aborted_that_is_no_longer_watched() -> None:
    transport, clock = Transport(), Clock()
    unread = Unread(transport, clock)  # type: ignore[arg-type]
    transport.unread_bytes = 100

    unread.watch()
    unread.stop()
    clock.tick()

    assert not transport.aborted


def test_a_connection_that_is_closed_waits_no_longer_for_its_client() -> None:
    async def story() -> bool:
        transport = Transport()
        transport.unread_bytes = 100
        JoinedWrites(transport, asyncio.get_running_loop()).close()
        await asyncio.sleep(0.1)
        return transport.aborted

    assert asyncio.run(story())


@pytest.mark.parametrize("kind", [HttpConnection, WebSocketConnection])
@pytest.mark.parametrize(("resumes", "expected"), [(False, True), (True, False)])
def test_an_answer_that_waits_for_its_client_does_not_wait_for_ever(
    kind: Any, *, resumes: bool, expected: bool
) -> None:
    async def story() -> bool:
        connection, transport = made(kind)
        transport.unread_bytes = 100_000
        connection.pause_writing()
        if resumes:
            connection.resume_writing()
        await asyncio.sleep(0.1)
        return transport.aborted

    assert asyncio.run(story()) is expected
