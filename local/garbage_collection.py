"""Looks for garbage in quiet moments: a full collection stops everything while it lasts."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_LOOK_SECONDS = 0.5
_QUIET_SECONDS = 0.02  # of processor time between two looks
# Counted in collections of the middle generation, each of which stands for 7,000 new objects.
_DUE = 10  # Python's own number
_OVERDUE = 500
_NEVER = 1_000_000


def is_due(waiting: int, busy_seconds: float) -> bool:
    """Return True if so much waits for a full collection that it is time for one, after so much work."""
    return waiting > (_DUE if busy_seconds < _QUIET_SECONDS else _OVERDUE)


@asynccontextmanager
async def collect_in_quiet_moments() -> AsyncIterator[None]:
    """Let Python look through young objects only; look through all of them when nobody waits.

    Measured while a large answer was made: 60 to 140 ms for a full collection, and several of them.
    """
    threshold = gc.get_threshold()
    gc.set_threshold(*threshold[:2], _NEVER)
    looking = asyncio.create_task(_collect_when_due())
    try:
        yield
    finally:
        looking.cancel()
        gc.set_threshold(*threshold)


async def _collect_when_due() -> None:
    while True:
        began = time.process_time()
        await asyncio.sleep(_LOOK_SECONDS)
        if is_due(gc.get_count()[2], time.process_time() - began):
            gc.collect()
