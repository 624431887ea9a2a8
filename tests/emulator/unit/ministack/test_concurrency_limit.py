"""The concurrency limit: never more workers than allowed, and no caller waits forever."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from emulator.ministack.concurrency_limit import ConcurrencyLimit


class Workers:
    """Counts the workers at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0

    def work(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.002)
        with self._lock:
            self._now -= 1


def test_no_more_work_than_there_are_turns() -> None:
    turns, workers = ConcurrencyLimit(3), Workers()

    def take(_: int) -> None:
        with turns.taken():
            workers.work()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(take, range(60)))

    assert workers.most == 3


def test_who_waits_for_another_lends_the_turn() -> None:
    turns = ConcurrencyLimit(1)

    def nested(depth: int) -> int:
        with turns.taken():
            if depth == 0:
                return 0
            with turns.lent(), ThreadPoolExecutor(1) as thread:
                return 1 + thread.submit(copy_context().run, nested, depth - 1).result(timeout=5)

    assert nested(5) == 5


def test_who_has_no_turn_can_lend_none() -> None:
    turns, workers = ConcurrencyLimit(1), Workers()

    def take(_: int) -> None:
        with turns.taken():
            workers.work()

    with turns.lent(), ThreadPoolExecutor(10) as threads:
        list(threads.map(take, range(20)))

    assert workers.most == 1
