"""The execution for which a Step Functions thread works: MiniStack passes it to no service."""

import contextvars
import functools
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

Execution = dict[str, Any]
_current: contextvars.ContextVar[Execution | None] = contextvars.ContextVar("execution", default=None)


def apply(_context: RepairContext) -> None:
    """Record the execution of the task that runs."""

    def remembering(execute_task: AnyCallable) -> AnyCallable:
        @functools.wraps(execute_task)
        def remembered(state: Any, given: Any, execution: Execution, context: Any) -> Any:
            token = _current.set(execution)
            try:
                return execute_task(state, given, execution, context)
            finally:
                _current.reset(token)

        return remembered

    replace(stepfunctions, "_execute_task", remembering)


def after_each_execution(act: Callable[[Execution], None]) -> None:
    """Let `act` be called with each execution after its end, whatever the end is."""

    def followed(run_execution: AnyCallable) -> AnyCallable:
        @functools.wraps(run_execution)
        def run(arn: str) -> Any:
            execution = stepfunctions._executions.get(arn)
            try:
                return run_execution(arn)
            finally:
                if execution is not None:
                    act(execution)

        return run

    replace(stepfunctions, "_run_execution", followed)


def current_execution() -> Execution | None:
    """Return the execution whose task this thread runs; None outside of one (TestState)."""
    return _current.get()


def machine_of(execution: Execution) -> dict[str, Any]:
    """Return the execution's state machine; empty when it was deleted meanwhile."""
    return stepfunctions._state_machines.get(execution["stateMachineArn"]) or {}
