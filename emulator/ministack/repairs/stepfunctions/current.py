"""Which execution a thread of Step Functions works for: MiniStack doesn't say where it calls a service."""

import contextvars
import functools
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, Run, replace

Execution = dict[str, Any]
_current: contextvars.ContextVar[Execution | None] = contextvars.ContextVar("execution", default=None)


def apply(_run: Run) -> None:
    """Remember the execution of the task that is being run."""

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
    """Have `act` called with each execution once it has ended, however it did."""

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
    """Return the execution whose task this thread runs, None outside of one (TestState)."""
    return _current.get()


def machine_of(execution: Execution) -> dict[str, Any]:
    """Return the state machine that the execution belongs to, empty when it was deleted meanwhile."""
    return stepfunctions._state_machines.get(execution["stateMachineArn"]) or {}
