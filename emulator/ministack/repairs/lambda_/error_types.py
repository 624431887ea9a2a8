"""A failed function reports the class of its exception.

AWS: errorType is the exception's class, and that name is what Retry and Catch of a state machine match (Lambda
Developer Guide, "Python function errors"; Step Functions, "Handling errors"). The execution environment lives on. A
process that dies is `Runtime.ExitError` (as people report it: github.com/DataBiosphere/azul/issues/3485).
MiniStack: all of them are `Runtime.HandlerError`, and the process is killed, so that each retry is a cold start.
"""

import contextvars
import functools
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from emulator.ministack import lambda_worker
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

DEATHS = ("Worker process died", "Worker returned no response")
_failed: contextvars.ContextVar[bool] = contextvars.ContextVar("handler_failed", default=False)


def apply(_context: RepairContext) -> None:
    """Run handlers in our own worker, and pass on its report of a failure."""
    lambda_runtime._PYTHON_WORKER_SCRIPT = Path(lambda_worker.__file__).read_text()
    replace(lambda_runtime.Worker, "invoke", _noting_failures)
    replace(lambda_svc, "_execute_function_warm", _reporting_failures)


def _noting_failures(invoke: AnyCallable) -> AnyCallable:
    @functools.wraps(invoke)
    def noted(*arguments: Any, **options: Any) -> Any:
        response = invoke(*arguments, **options)
        _failed.set(bool(response.get("failed")))
        return response

    return noted


def _reporting_failures(execute: AnyCallable) -> AnyCallable:
    @functools.wraps(execute)
    def reported(*arguments: Any, **options: Any) -> Any:
        _failed.set(False)
        result = execute(*arguments, **options)
        if _failed.get():
            return {**result, "error": True}
        if result.get("error") and result["body"]["errorMessage"] in DEATHS:
            message = f"RequestId: {arguments[2]} Error: Runtime exited without providing a reason"
            return {**result, "body": {"errorMessage": message, "errorType": "Runtime.ExitError"}}
        return result

    return reported
