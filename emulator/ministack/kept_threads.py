"""Threads that are kept for the next piece of work: starting one takes as long as many pieces do.

They aren't those of a ThreadPoolExecutor: Python waits for these at its end, and work may never return.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any

_Piece = tuple[Callable[[], Any], Future[Any]]
_idle: deque[SimpleQueue[_Piece]] = deque()


def start(work: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Begin the work on a thread that nothing else uses. There is no limit: work that waits would lose its time."""
    done: Future[Any] = Future()
    try:
        inbox = _idle.pop()
    except IndexError:
        inbox = SimpleQueue()
        threading.Thread(target=_work, args=(inbox,), name="kept", daemon=True).start()
    inbox.put((partial(work, *arguments), done))
    return done


def _work(inbox: SimpleQueue[_Piece]) -> None:
    while True:
        _do(*inbox.get(), inbox)


def _do(work: Callable[[], Any], done: Future[Any], inbox: SimpleQueue[_Piece]) -> None:
    try:
        told = partial(done.set_result, work())
    except BaseException as error:  # whoever waits for the work gets it
        told = partial(done.set_exception, error)
    _idle.append(inbox)  # before anybody who waits goes on, and has more work
    told()


class KeptThread:
    """A stand-in for `threading.Thread`, whose work runs on a kept thread and may not raise."""

    def __init__(self, *, target: Callable[..., object], args: Sequence[Any] = (), daemon: bool) -> None:
        assert daemon
        self._begin: Callable[[], Future[Any]] = partial(start, target, *args)

    def start(self) -> None:
        """Begin the work."""
        self._work = self._begin()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the work is done, at most so many seconds."""
        with suppress(NotDone):
            self._work.result(timeout)

    def is_alive(self) -> bool:
        """Return True until the work is done."""
        return not self._work.done()
