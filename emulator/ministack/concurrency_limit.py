"""Lets so many of many threads work at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Turns:
    """Hands out turns; who waits for something else lends theirs meanwhile."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._changed = threading.Condition()
        self._has_one: ContextVar[bool] = ContextVar("has_one", default=False)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn and keep it during the block."""
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0)
            self._free -= 1
        token = self._has_one.set(True)
        try:
            yield
        finally:
            self._has_one.reset(token)
            self._add(1)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let another work during the block, if this thread or the one that it works for has a turn.

        To go on is never to wait: a retry is due at its time, so for a moment more may be at work than turns.
        """
        has_one = self._has_one.get()
        self._add(has_one)
        try:
            yield
        finally:
            self._add(-has_one)

    def _add(self, count: int) -> None:
        with self._changed:
            self._free += count
            if self._free > 0:
                self._changed.notify()
