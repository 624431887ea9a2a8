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

# A busy machine may take long to bring the mark; a worker that died sends none.
LONGEST_WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.25


def apply(_context: RepairContext) -> None:
    """Read up to the worker's mark."""
    replace(lambda_runtime.Worker, "_drain_stderr_bounded", lambda _original: _read_log)


def _read_log(worker: Any) -> str:
    """Return the handler's output up to the mark, or up to the end of a worker that died."""
    lines: list[str] = []
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            line = worker._stderr_queue.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            if worker._proc is None or worker._proc.poll() is not None:
                break
            continue
        if line == END_OF_LOG:
            break
        lines.append(line)
    return "\n".join(lines)
