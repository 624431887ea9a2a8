"""The log of an invocation is read to its end, without a guess.

AWS: an invocation returns when the handler does.
MiniStack: waits 50 ms for a first line of log from a handler that prints nothing, and 5 ms of silence after any other;
a late line belongs to the next invocation. Our worker marks the end, so there is nothing to guess.
"""

import queue
import time
from typing import Any

from ministack.core import lambda_runtime

from emulator.ministack.lambda_worker import END_OF_LOG
from emulator.ministack.repairs.patching import RepairContext, replace

LONGEST_WAIT_SECONDS = 0.25


def apply(_context: RepairContext) -> None:
    """Read up to the worker's mark."""
    replace(lambda_runtime.Worker, "_drain_stderr_bounded", lambda _original: _read_log)


def _read_log(worker: Any) -> str:
    """Return the handler's output; a worker that died sends no mark, hence the deadline."""
    lines: list[str] = []
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        try:
            line = worker._stderr_queue.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return "\n".join(lines)
        if line == END_OF_LOG:
            return "\n".join(lines)
        lines.append(line)
