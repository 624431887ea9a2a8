"""Shares the event loop: whatever takes long goes on in steps, so that others are served in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

# What a caller's requests take less than is done at once, such as a page of orders with everything in it.
FREE_SECONDS = 0.015
_FREE_SHARE = 0.25  # of the time that passes: a caller who goes on and on has as much again for work at once
_STEP_SECONDS = 0.005
_FIELD_SECONDS = 0.000_005  # measured: a field of an answer that has no resolver


class LongWork:
    """The work of all that take long: one step at a time, and after some ms as much time for the others."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._lock = asyncio.Lock()
        self._worked_seconds = 0.0
        self._allowances: WeakValueDictionary[Hashable, Allowance] = WeakValueDictionary()

    def turns(self, caller: Hashable) -> "Turns":
        """Return the turns of one request of a caller, who has one allowance on whatever connections."""
        return Turns(self, self._allowances.setdefault(caller, Allowance(self.clock)))

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


class Allowance:
    """The time that one caller has for work at once, and the lock that lets one step of all its requests wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.lock = asyncio.Lock()
        self._clock = clock
        self._regained_at = clock()  # when all of it is there again

    @property
    def left_seconds(self) -> float:
        """The time that is left; less than nothing when more was taken."""
        return FREE_SECONDS - max(0.0, self._regained_at - self._clock()) * _FREE_SHARE

    def take(self, seconds: float) -> None:
        """Take some of the time."""
        self._regained_at = max(self._regained_at, self._clock()) + seconds / _FREE_SHARE


class Turns:
    """The work of one request: at once while the caller's allowance lasts, then in steps of the long work."""

    def __init__(self, long_work: LongWork, allowance: Allowance) -> None:
        self._long_work = long_work
        self._allowance = allowance
        self._step_seconds = 0.0  # that are left of the step that is being done
        self._lock = asyncio.Lock()  # so that one step of each request waits, however many it has

    def spend(self, fields: int) -> bool:
        """Return True if so many fields may be executed at once; the time for them is gone then."""
        seconds = fields * _FIELD_SECONDS
        if self._step_seconds >= seconds:
            self._step_seconds -= seconds
        elif self._allowance.left_seconds >= seconds:
            self._allowance.take(seconds)
        else:
            return False
        return True

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait, if the caller has taken long, for a step; what is done in it may not wait for anything."""
        if self._allowance.left_seconds <= 0:
            async with self.step():
                yield
            return
        began = self._long_work.clock()
        try:
            yield
        finally:
            self._allowance.take(self._long_work.clock() - began)

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Wait for a step; the fields that it leads to belong to it, as far as there is time for them.

        Callers take turns, and so do the requests of one caller: of each only one step waits in line.
        """
        async with self._lock, self._allowance.lock, self._long_work.step():
            self._step_seconds = _STEP_SECONDS
            try:
                yield
            finally:
                self._step_seconds = 0.0
