"""Limits the number of threads that work at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class ConcurrencyLimit:
    """Gives out turns; a thread that waits for something else lends its turn meanwhile."""

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
        """Let another thread work during the block, if this one or the one it works for has a turn.

        A thread that continues afterwards does not block, because a retry is due at its time. So
        for a moment more threads may work than there are turns.
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
