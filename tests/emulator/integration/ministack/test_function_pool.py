"""The waiting line for the processes of functions, in this process."""

import threading
import time
from collections import defaultdict, deque
from typing import Any

import pytest
from ministack.core import lambda_runtime

from emulator.ministack.repairs.lambda_ import process_pool


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> defaultdict[str, deque[threading.Event]]:
    """The empty waiting lines. A function's key is its name."""
    empty: defaultdict[str, deque[threading.Event]] = defaultdict(deque)
    monkeypatch.setattr(process_pool, "_lines", empty)
    monkeypatch.setattr(lambda_runtime, "_worker_key", lambda name, *_: name)
    return empty


def test_a_process_that_is_free_wakes_the_first_of_each_line(lines: dict[str, deque[threading.Event]]) -> None:
    for name, length in (("charge", 3), ("start", 2)):
        lines[name].extend(threading.Event() for _ in range(length))

    process_pool._telling_others(lambda _worker: None)("a worker")

    woken = {name: [place.is_set() for place in line] for name, line in lines.items()}
    assert woken == {"charge": [True, False, False], "start": [True, False]}


def test_whoever_came_first_goes_first(lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    free, served = [1], []
    monkeypatch.setattr(process_pool, "_LOOK_SECONDS", 60)
    monkeypatch.setattr(process_pool, "_has_room", lambda _key: bool(free))

    def acquire(_name: str, number: Any, _code: bytes) -> Any:
        free.pop()
        served.append(number)
        return number

    acquire_worker = process_pool._in_turn(acquire)
    release_worker = process_pool._telling_others(free.append)

    def invoke(number: Any) -> None:
        worker = acquire_worker("charge", number, b"")
        time.sleep(0.001)
        release_worker(worker)

    held = acquire_worker("charge", "first", b"")
    threads = []
    for number in range(30):
        threads.append(threading.Thread(target=invoke, args=(number,)))
        threads[-1].start()
        while len(lines["charge"]) <= number:
            time.sleep(0.001)
    release_worker(held)
    for thread in threads:
        thread.join(10)

    assert served == ["first", *range(30)]
    assert not lines["charge"]
