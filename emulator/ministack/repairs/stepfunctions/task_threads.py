"""A task runs on a thread that an earlier one has left.

AWS: what runs a task isn't the customer's.
MiniStack: makes a pool of one thread for each task that has TimeoutSeconds, so that the task can be left alone when its
time is over.
"""

import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

# No bound that anybody meets: a task that waits for a thread would lose its time. Threads are made when none is idle.
_THREADS_MAX = 10_000


def apply(_context: RepairContext) -> None:
    """Give all tasks one pool."""
    replace(stepfunctions, "_invoke_resource_with_timeout", _on_a_kept_thread)


def _on_a_kept_thread(_original: AnyCallable) -> AnyCallable:
    threads = ThreadPoolExecutor(_THREADS_MAX, thread_name_prefix="state-machine-task")

    def invoked(resource: str, arguments: Any, timeout_seconds: float) -> Any:
        task = threads.submit(contextvars.copy_context().run, stepfunctions._invoke_resource, resource, arguments)
        try:
            return task.result(timeout_seconds)
        except stepfunctions.FutureTimeoutError:
            message = f"Task timed out after {timeout_seconds} seconds"
            raise stepfunctions._ExecutionError("States.Timeout", message) from None

    return invoked
