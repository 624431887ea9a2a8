"""Keeps the threads of a busy server together on one processor, where the system has placed the first of them.

Python's threads take turns (the GIL), so a second processor doesn't make them faster. But a turn that goes to another
processor has to wake it up, and finds nothing in its caches. Can go when the server has no threads, or Python no GIL.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_LOOK_SECONDS = 0.5
# Of the time between two looks.
_BUSY = 0.25  # the processor time of all threads: below it nothing is gained
_WAITED = 0.4  # the time for which the first thread was ready and another program ran in its place
_TASKS = Path("/proc/self/task")


@dataclass(frozen=True)
class Usage:
    """Seconds of processor time of all threads, and seconds for which the first thread waited for its processor."""

    processor: float
    waited: float

    @classmethod
    def now(cls) -> "Usage":
        """Return what was used since the start; raises OSError where the system doesn't count that."""
        waited = (_TASKS / str(os.getpid()) / "schedstat").read_text(encoding="ascii").split()[1]
        return cls(time.process_time(), int(waited) / 1e9)


def stay_together(before: Usage, now: Usage, seconds: float) -> bool:
    """Return True if the threads should be on one processor: they work, and no other program keeps them from it."""
    busy = now.processor - before.processor > _BUSY * seconds
    return busy and now.waited - before.waited < _WAITED * seconds


@asynccontextmanager
async def on_one_processor() -> AsyncIterator[None]:
    """Keep the threads together while they work. Does nothing where a thread can't be bound, as on macOS."""
    try:
        allowed = os.sched_getaffinity(0)
        Usage.now()
    except (AttributeError, OSError):
        yield
        return
    looking = asyncio.create_task(_place_threads(allowed))
    try:
        yield
    finally:
        looking.cancel()
        _bind(allowed)


async def _place_threads(allowed: set[int]) -> None:
    together = False
    while True:
        before, began = Usage.now(), time.perf_counter()
        await asyncio.sleep(_LOOK_SECONDS)
        wanted = stay_together(before, Usage.now(), time.perf_counter() - began)
        if wanted != together:
            _bind({_processor()} if wanted else allowed)
        together = wanted


def _bind(processors: set[int]) -> None:
    """Let all threads run on these processors only; a new thread begins like the one that starts it."""
    for task in os.listdir(_TASKS):
        try:
            os.sched_setaffinity(int(task), processors)
        except ProcessLookupError:
            continue  # it has ended meanwhile


def _processor() -> int:
    """Return the number of the processor that the first thread ran on last (proc(5), `processor`)."""
    return int((_TASKS / str(os.getpid()) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[36])
