"""Shares the event loop: long work goes on in steps, and others are served in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from weakref import WeakValueDictionary

# What a caller's requests take less than is done at once, such as a page of orders with everything in it.
FREE_SECONDS = 0.015
_FREE_SHARE = 0.25  # of the time that passes: a caller who goes on and on has as much again for work at once
_STEP_SECONDS = 0.005


class LongWork:
    """The work of all long requests: one step at a time, then as much time for the others."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._lock = asyncio.Lock()
        self._worked_seconds = 0.0
        self._allowances: WeakValueDictionary[Hashable, Allowance] = WeakValueDictionary()

    def turns(self, caller: Hashable) -> "Turns":
        """Return the turns of one request; a caller has one allowance on all connections."""
        return Turns(self, self._allowances.setdefault(caller, Allowance(self.clock)))

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Wait for the turn of one step; the step may not wait for anything."""
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
    """The time that one caller has for work at once, and a lock, so that only one step waits."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.lock = asyncio.Lock()
        self._clock = clock
        self._regained_at = clock()  # when all of it is there again

    @property
    def left_seconds(self) -> float:
        """The time that is left; negative when more was taken."""
        return FREE_SECONDS - max(0.0, self._regained_at - self._clock()) * _FREE_SHARE

    def take(self, seconds: float) -> None:
        """Take some of the time."""
        self._regained_at = max(self._regained_at, self._clock()) + seconds / _FREE_SHARE


class Turns:
    """The work of one request: at once while the caller's allowance lasts, then in steps."""

    def __init__(self, long_work: LongWork, allowance: Allowance) -> None:
        self._long_work = long_work
        self.allowance = allowance
        self._step_seconds = 0.0  # the time left in the current step
        self._taken_seconds = 0.0  # the time of all that was timed
        self._lock = asyncio.Lock()  # so that only one step of each request waits

    @property
    def may_go_on(self) -> bool:
        """True while there is time for more work at once, in the current step or without one."""
        return self._step_seconds > 0 or self.allowance.left_seconds > 0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Measure work at once, which may not wait for anything; nested work counts once."""
        began, taken_before = self._long_work.clock(), self._taken_seconds
        try:
            yield
        finally:
            taken_within = self._taken_seconds - taken_before
            self._take_seconds(self._long_work.clock() - began - taken_within)

    def _take_seconds(self, seconds: float) -> None:
        self._taken_seconds += seconds
        if self._step_seconds > 0:
            self._step_seconds -= seconds
        else:
            self.allowance.take(seconds)

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a step if the caller has used much time; the work may not wait for anything."""
        if self.allowance.left_seconds <= 0:
            async with self.step():
                yield
            return
        with self.timed():
            yield

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Wait for a step; further fields belong to it as long as it has time for them.

        Callers take turns, and so do the requests of one caller: only one step of each request
        waits.
        """
        async with self._lock, self.allowance.lock, self._long_work.step():
            self._step_seconds = _STEP_SECONDS
            try:
                yield
            finally:
                self._step_seconds = 0.0
