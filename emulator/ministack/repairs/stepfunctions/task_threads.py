"""A task runs on a thread that an earlier one has left.

AWS: what runs a task isn't the customer's.
MiniStack: makes a pool of one thread for each task that has TimeoutSeconds, so that the task can be left alone when its
time is over.
"""

import contextvars
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack import kept_threads
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Give all tasks one pool."""
    replace(stepfunctions, "_invoke_resource_with_timeout", _on_a_kept_thread)


def _on_a_kept_thread(_original: AnyCallable) -> AnyCallable:
    def invoked(resource: str, arguments: Any, timeout_seconds: float) -> Any:
        task = kept_threads.start(contextvars.copy_context().run, stepfunctions._invoke_resource, resource, arguments)
        try:
            return task.result(timeout_seconds)
        except stepfunctions.FutureTimeoutError:
            message = f"Task timed out after {timeout_seconds} seconds"
            raise stepfunctions._ExecutionError("States.Timeout", message) from None

    return invoked
