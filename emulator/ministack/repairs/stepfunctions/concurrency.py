"""Few executions work at a time; the others wait before they start.

AWS: executions run side by side on Amazon's machines, and a task's time is what the task takes.
MiniStack: a thread each from the start, and as many more for their tasks. 2,000 orders at once shared one interpreter
and a function's few processes (lambda_pool), so that tasks waited past their timeouts and orders failed for load alone.
"""

import functools
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack.concurrency_limit import ConcurrencyLimit
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

AT_A_TIME = 32
# States that wait for time, for people, for activities or for another execution do no work.
WAITING = ("_scaled_sleep", "_invoke_activity", "_invoke_with_callback", "_start_sync_execution")


def apply(_context: RepairContext) -> None:
    """Let executions take turns.

    Apply this after the machine's timeout, which starts with the turn.
    """
    limit = ConcurrencyLimit(AT_A_TIME)

    def in_turn(run_execution: AnyCallable) -> AnyCallable:
        @functools.wraps(run_execution)
        def run(arn: str) -> Any:
            with limit.taken():
                return run_execution(arn)

        return run

    def lending(wait: AnyCallable) -> AnyCallable:
        @functools.wraps(wait)
        def waited(*arguments: Any, **options: Any) -> Any:
            with limit.lent():
                return wait(*arguments, **options)

        return waited

    replace(stepfunctions, "_run_execution", in_turn)
    for name in WAITING:
        replace(stepfunctions, name, lending)
