"""WebSockets wait for a short time to be opened, and some number of them is open."""

import logging
import resource
from collections.abc import Callable
from typing import Any

import pytest

from emulator.ministack.idle_connections import CONNECTIONS_MAX, FILES_MAX
from emulator.ministack.websocket_limits import OPEN_MAX, OPENING_SECONDS, WAITING_MAX, Openings, OpenWebSockets


class Clock:
    """An event loop's clock: `tick` calls what waits, and `waits` has the seconds that it waits for."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._later: list[Callable[[], None]] = []

    def call_later(self, seconds: float, call: Callable[..., None], *arguments: Any) -> object:
        self.waits.append(seconds)
        self._later.append(lambda: call(*arguments))
        return object()

    def tick(self) -> None:
        for call in [self._later.pop() for _ in list(self._later)]:
            call()


class Queue:
    """Openings, and the names of the clients that were opened and refused; the clients named `gone …` are gone."""

    def __init__(self) -> None:
        self.openings, self.clock = Openings(), Clock()
        self.opened: list[str] = []
        self.refused: list[str] = []

    def add(self, *names: str) -> None:
        for name in names:
            self.openings.add(Client(name, self), self.clock)  # type: ignore[arg-type]  # the part of a loop that is needed


class Client:
    """A client that opens a WebSocket."""

    def __init__(self, name: str, queue: Queue) -> None:
        self.name, self.queue = name, queue

    def open(self) -> bool:
        if self.name.startswith("gone"):
            return False
        self.queue.opened.append(self.name)
        return True

    def refuse(self) -> None:
        self.queue.refused.append(self.name)


def flood(number: int) -> list[str]:
    return [f"flood {one}" for one in range(number)]


def test_connections_open_one_at_a_time_and_one_alone_at_once() -> None:
    queue = Queue()

    counts = []
    queue.add("a", "b", "c")
    for _ in range(4):
        counts.append(len(queue.opened))
        queue.clock.tick()
    queue.add("later")

    assert counts == [1, 2, 3, 3]
    assert queue.opened == ["a", "b", "c", "later"]
    assert set(queue.clock.waits) == {OPENING_SECONDS}


def test_a_hundred_clients_may_come_at_once_and_nobody_waits_long() -> None:
    queue = Queue()

    queue.add(*flood(100))

    assert queue.refused == []
    assert WAITING_MAX * OPENING_SECONDS < 0.4


def test_of_too_many_that_wait_the_one_that_waits_longest_is_refused() -> None:
    queue = Queue()

    queue.add(*flood(1_000), "other")
    for _ in range(WAITING_MAX):
        queue.clock.tick()

    names = [*flood(1_000), "other"]
    assert queue.opened == [names[0], *names[-WAITING_MAX:]]
    assert queue.refused == names[1:-WAITING_MAX]


def test_everybody_is_answered_soon_in_a_steady_flood() -> None:
    queue = Queue()

    told: list[int] = []
    for number in range(2_000):
        queue.add(f"{number}")
        if number % 2:
            queue.clock.tick()
        told.append(len(queue.opened) + len(queue.refused))

    # Two come while one is opened: each that came is opened or refused before WAITING_MAX others have come.
    assert all(number - answered < WAITING_MAX + 1 for number, answered in enumerate(told))
    assert len(queue.opened) > 900


def test_nobody_waits_for_who_is_gone() -> None:
    queue = Queue()

    queue.add("first", *(f"gone {number}" for number in range(50)), "other")
    queue.clock.tick()

    assert queue.opened == ["first", "other"]


def test_who_is_gone_takes_no_place() -> None:
    queue = Queue()
    queue.add("first", "other")

    for name in flood(1_000):
        client = Client(name, queue)
        queue.openings.add(client, queue.clock)  # type: ignore[arg-type]
        queue.openings.remove(client)
    queue.clock.tick()

    assert queue.refused == []
    assert queue.opened == ["first", "other"]


def test_some_number_of_websockets_is_open_and_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    sockets = OpenWebSockets(most=20)

    let_in = [sockets.add(number) for number in range(22)]
    sockets.remove(21)  # was never let in
    sockets.remove(0)
    again = [sockets.add("a"), sockets.add("b")]

    assert let_in == [True] * 20 + [False] * 2
    assert again == [True, False]
    (line,) = caplog.messages
    assert line == "20 WebSockets are open, as many as may be: more are refused until some are closed"


def test_the_log_says_it_again_when_there_was_room_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    sockets = OpenWebSockets(most=20)

    for _ in range(2):
        for number in range(21):
            sockets.add(number)
        for number in range(10):
            sockets.remove(number)

    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


@pytest.mark.parametrize(
    ("files", "expected"), [(256, 128), (4_096, 2_048), (10_240, 5_000), (resource.RLIM_INFINITY, 5_000)]
)
def test_half_of_the_open_files_stay_free(monkeypatch: pytest.MonkeyPatch, files: int, expected: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    sockets = OpenWebSockets()

    let_in = sum(sockets.add(number) for number in range(6_000))

    assert let_in == expected


def test_websockets_and_connections_that_wait_leave_files_for_the_rest() -> None:
    assert OPEN_MAX + CONNECTIONS_MAX < FILES_MAX * 0.75
