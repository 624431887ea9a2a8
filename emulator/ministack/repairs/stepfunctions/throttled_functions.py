"""A throttled function fails its task with the error name of throttling.

AWS: an invocation that Lambda refuses for its concurrency fails the task with `Lambda.TooManyRequestsException`, which
retriers name (Step Functions Developer Guide, "Handle transient Lambda service exceptions").
MiniStack: calls it `Lambda.Unknown`, so that a retrier of throttling misses it.
"""

import functools
import json
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

UNKNOWN = "Lambda.Unknown"
THROTTLED = "TooManyRequestsException"


def apply(_context: RepairContext) -> None:
    """Set the error name."""
    replace(stepfunctions, "_call_lambda", _naming_throttling)


def _naming_throttling(call: AnyCallable) -> AnyCallable:
    @functools.wraps(call)
    def called(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except stepfunctions._ExecutionError as failure:
            if failure.error == UNKNOWN and _is_throttling(failure.cause):
                raise stepfunctions._ExecutionError(f"Lambda.{THROTTLED}", failure.cause) from None
            raise

    return called


def _is_throttling(cause: str) -> bool:
    try:
        said = json.loads(cause)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("__type") == THROTTLED
