"""A state machine's tracing configuration is kept.

AWS: DescribeStateMachine answers tracingConfiguration as it was created or updated (Step Functions API reference).
MiniStack: drops it, so each plan wants to switch tracing on again.
"""

import functools
import json
from typing import Any

from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Keep it in the machine's record, which DescribeStateMachine answers completely."""
    replace(stepfunctions, "_create_state_machine", _keeping_tracing)
    replace(stepfunctions, "_update_state_machine", _keeping_tracing)


def _keeping_tracing(change: AnyCallable) -> AnyCallable:
    @functools.wraps(change)
    def changed(data: dict[str, Any]) -> Any:
        answer = change(data)
        if answer[0] == 200:
            arn = data.get("stateMachineArn") or json.loads(answer[2])["stateMachineArn"]
            machine = stepfunctions._state_machines[arn]
            machine["tracingConfiguration"] = data.get(
                "tracingConfiguration", machine.get("tracingConfiguration", {"enabled": False})
            )
        return answer

    return changed
