"""A gate at which background work waits while the state is kept."""

import functools
import threading
from collections.abc import Callable
from typing import Any

AnyCallable = Callable[..., Any]


class Gate:
    """Open at first. What is wrapped in it waits before and after each call while the gate is closed."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self._ending = False

    def close(self) -> None:
        """Let nothing more through."""
        self._open.clear()

    def reopen(self) -> None:
        """Let everything go on."""
        self._open.set()

    def end(self) -> None:
        """Let the threads at the gate end: one that waits for ever would keep the process from ending."""
        self._ending = True
        self._open.set()

    def around(self, step: AnyCallable) -> AnyCallable:
        """Return the step between two passages of the gate."""

        @functools.wraps(step)
        def gated(*arguments: Any, **options: Any) -> Any:
            self._pass()
            try:
                return step(*arguments, **options)
            finally:
                self._pass()

        return gated

    def _pass(self) -> None:
        # The event loop runs in the main thread: if it waited, nothing would answer any more.
        if threading.current_thread() is threading.main_thread():
            return
        self._open.wait()
        if self._ending:
            raise SystemExit  # ends the thread and nothing else; no handler of errors takes it for a failure
