"""Shares the event loop: whatever takes long goes on in steps, so that others are served in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

# A request whose work takes less is done at once, such as a page of orders with everything in it.
FREE_SECONDS = 0.015
_STEP_SECONDS = 0.005
_FIELD_SECONDS = 0.000_005  # measured: a field of an answer that has no resolver


class LongWork:
    """The work of all requests that take long: one step at a time, and after some ms as much time for the others."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._lock = asyncio.Lock()
        self._worked_seconds = 0.0

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Wait for the turn of one step; what is done in it may not wait for anything."""
        async with self._lock:
            if self._worked_seconds >= _STEP_SECONDS:
                await asyncio.sleep(self._worked_seconds)
                self._worked_seconds = 0.0
            began = self.clock()
            try:
                yield
            finally:
                self._worked_seconds += self.clock() - began


class Turns:
    """The work of one request: at first at once, once it has taken long in steps of the long work."""

    def __init__(self, long_work: LongWork, *, free_seconds: float = FREE_SECONDS) -> None:
        self._long_work = long_work
        self._left_seconds = free_seconds
        self._lock = asyncio.Lock()  # so that one step of each request waits, however many it has

    def spend(self, fields: int) -> bool:
        """Return True if so many fields may be executed at once; the time for them is gone then."""
        seconds = fields * _FIELD_SECONDS
        if self._left_seconds < seconds:
            return False
        self._left_seconds -= seconds
        return True

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait, if the request has taken long, for a step; what is done in it may not wait for anything."""
        if self._left_seconds <= 0:
            async with self.step():
                yield
            return
        began = self._long_work.clock()
        try:
            yield
        finally:
            self._left_seconds -= self._long_work.clock() - began

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Wait for a step; the fields that it leads to belong to it, as far as there is time for them."""
        async with self._lock, self._long_work.step():
            self._left_seconds = _STEP_SECONDS
            try:
                yield
            finally:
                self._left_seconds = 0.0
