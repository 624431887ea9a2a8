"""An execution ends at the machine's timeout, and makes no calls after that.

AWS: a machine's TimeoutSeconds ends the execution with the status TIMED_OUT, which no Catch sees; EXPRESS has 5 minutes
at most (Step Functions Developer Guide, "Quotas"; Amazon States Language, "Timeouts").
MiniStack: knows neither; a failure that comes after the end overwrites the status.
"""

import functools
import heapq
import itertools
import json
import threading
import time
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace
from emulator.ministack.repairs.stepfunctions.current_execution import Execution, current_execution, machine_of

EXPRESS_SECONDS = 300.0


class Deadlines:
    """Ends executions in time, with one thread for all."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Execution]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, name="state-machine-deadlines", daemon=True).start()

    def add(self, execution: Execution, seconds: float) -> None:
        """End the execution after so many seconds, unless it has ended before."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), execution))
            self._changed.notify()

    def _watch(self) -> None:
        while True:
            with self._changed:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                _, _, execution = heapq.heappop(self._due)
            _time_out(execution)


def apply(_context: RepairContext) -> None:
    """Set each execution's deadline, and stop the calls of ended ones."""
    deadlines = Deadlines()

    def limited(run_execution: AnyCallable) -> AnyCallable:
        @functools.wraps(run_execution)
        def run_within_limits(arn: str) -> Any:
            execution = stepfunctions._executions.get(arn)
            seconds = _limit_of(machine_of(execution)) if execution else None
            if execution and seconds is not None:
                deadlines.add(execution, seconds)
            return run_execution(arn)

        return run_within_limits

    replace(stepfunctions, "_run_execution", limited)
    replace(stepfunctions, "_invoke_resource", _only_while_running)
    replace(stepfunctions, "_fail_execution", _only_once)


def _limit_of(machine: dict[str, Any]) -> float | None:
    try:
        own = float(json.loads(machine["definition"])["TimeoutSeconds"])
    except (KeyError, TypeError, ValueError):
        own = None
    if machine.get("type") == "EXPRESS":
        return min(own or EXPRESS_SECONDS, EXPRESS_SECONDS)
    return own


def _time_out(execution: Execution) -> None:
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", stopDate=stepfunctions.now_iso(), error="States.Timeout", cause=None)
    stepfunctions._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {}})
    stepfunctions._emit_execution_status_event(execution)


def _only_while_running(invoke: AnyCallable) -> AnyCallable:
    @functools.wraps(invoke)
    def invoked(*arguments: Any, **options: Any) -> Any:
        execution = current_execution()
        if execution is not None and execution["status"] != "RUNNING":
            raise stepfunctions._ExecutionError("States.Timeout", "the execution has ended")
        return invoke(*arguments, **options)

    return invoked


def _only_once(fail: AnyCallable) -> AnyCallable:
    @functools.wraps(fail)
    def failed(execution: Execution, error: str, cause: str) -> None:
        if execution["status"] == "RUNNING":
            fail(execution, error, cause)

    return failed
