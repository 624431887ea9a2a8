"""A gate at which background work waits while the state is saved."""

import functools
import threading
from collections.abc import Callable
from typing import Any

AnyCallable = Callable[..., Any]


class PauseGate:
    """A gate, open at first. Wrapped calls wait before and after the call while it is closed."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self._ending = False

    def close(self) -> None:
        """Stop all passages."""
        self._open.clear()

    def reopen(self) -> None:
        """Let all threads pass again."""
        self._open.set()

    def end(self) -> None:
        """End the threads at the gate: a waiting thread would keep the process alive for ever."""
        self._ending = True
        self._open.set()

    def around(self, step: AnyCallable) -> AnyCallable:
        """Return the function with a passage of the gate before and after it."""

        @functools.wraps(step)
        def gated(*arguments: Any, **options: Any) -> Any:
            self._pass()
            try:
                return step(*arguments, **options)
            finally:
                self._pass()

        return gated

    def _pass(self) -> None:
        # The event loop runs in the main thread, which must go on answering.
        if threading.current_thread() is threading.main_thread():
            return
        self._open.wait()
        if self._ending:
            raise SystemExit  # ends this thread only; no error handler counts it as a failure
