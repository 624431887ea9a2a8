"""One client's frames cost the others little."""

import asyncio
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypercorn.config import Config
from hypercorn.protocol.events import Data, Request
from hypercorn.protocol.ws_stream import ASGIWebsocketState
from wsproto.connection import Connection, ConnectionType

from emulator.ministack import connections
from emulator.ministack.connections import Openings, _InPieces

PING = b"\x89\x80\x00\x00\x00\x00"
TEXT = b"\x81\x82\x00\x00\x00\x00{}"


def stream(sent: list[Any], received: list[Any]) -> _InPieces:
    """A connection whose handshake is over."""

    async def send(event: Any) -> None:
        sent.append(event)

    async def put(message: Any) -> None:
        received.append(message)

    nothing: Any = None
    made = _InPieces(nothing, Config(), nothing, nothing, False, None, None, send, 1)
    made.state, made.app_put = ASGIWebsocketState.CONNECTED, put
    made.connection = Connection(ConnectionType.SERVER)
    made.handshake = SimpleNamespace(accepted=True)  # type: ignore[assignment]
    return made


def test_others_get_their_turn_between_the_frames_of_one_client() -> None:
    async def story() -> list[int]:
        answered: list[int] = []

        async def beat() -> None:
            while True:
                answered.append(len(sent))
                await asyncio.sleep(0)

        sent: list[Any] = []
        beating = asyncio.create_task(beat())
        await stream(sent, []).handle(Data(stream_id=1, data=PING * 10_000))
        beating.cancel()
        return [0, *answered, len(sent)]

    answered = asyncio.run(story())

    assert answered[-1] == 10_000
    assert max(later - before for before, later in pairwise(answered)) < 5_000


def test_messages_arrive_whole_and_in_order_wherever_they_are_cut() -> None:
    received: list[Any] = []

    asyncio.run(stream([], received).handle(Data(stream_id=1, data=TEXT * 1_001)))

    assert [message["text"] for message in received] == ["{}"] * 1_001


def test_connections_open_one_after_another_and_one_alone_at_once() -> None:
    now = [5.0]
    openings = Openings(lambda: now[0])

    together = [openings.wait_seconds() for _ in range(4)]
    now[0] += 1
    later = openings.wait_seconds()

    assert together == pytest.approx([0, 0.003, 0.006, 0.009])
    assert later == 0


def test_a_connection_waits_until_it_may_open(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> list[float]:
        waited: list[float] = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)

        monkeypatch.setattr(asyncio, "sleep", sleep)
        monkeypatch.setattr(connections, "_openings", Openings(lambda: 0.0))
        for _ in range(3):
            opening = stream([], [])
            opening.closed = True  # the handshake itself is hypercorn's
            await opening.handle(Request.__new__(Request))
        return waited

    assert asyncio.run(story()) == pytest.approx([0, 0.003, 0.006])
