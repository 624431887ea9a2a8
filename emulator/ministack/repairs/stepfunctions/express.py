"""EXPRESS state machines behave differently from STANDARD ones.

AWS (Step Functions Developer Guide, "Choosing workflow type"): the name of an EXPRESS execution may
repeat, its ARN contains `express`, and it sends no status events. Later calls about it fail:
DescribeExecution, GetExecutionHistory and StopExecution refuse its ARN, ListExecutions refuses the
machine. StartSyncExecution is for EXPRESS only. Input that is no JSON is refused, whatever the type.
MiniStack: ignores the type. It refuses a repeated name, and keeps every execution with its history.
Input with half a character starts an execution that ends in a traceback.
"""

import contextvars
import functools
import uuid
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import stepfunctions

from emulator import untrusted_json
from emulator.ministack import kept_threads
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

OF_ONE_EXECUTION = [
    "_describe_execution",
    "_get_execution_history",
    "_stop_execution",
    "_describe_state_machine_for_execution",
]
NOT_SUPPORTED = ("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")


def apply(_context: RepairContext) -> None:
    """Start EXPRESS executions by AWS's rules, and refuse the calls that AWS refuses."""
    replace(stepfunctions, "_start_execution", lambda original: _with_input(_starting(original)))
    replace(stepfunctions, "_list_executions", lambda original: _only_for("STANDARD", original))
    replace(stepfunctions, "_start_sync_execution", lambda original: _only_for("EXPRESS", _with_input(original)))
    replace(stepfunctions, "get_state", _without_express_executions)
    for name in OF_ONE_EXECUTION:
        replace(stepfunctions, name, _refusing_express_arns)


def _without_express_executions(get_state: AnyCallable) -> AnyCallable:
    """Leave EXPRESS executions out of the saved state.

    They end with the server, and no later call could ask about them.
    """

    @functools.wraps(get_state)
    def state() -> dict[str, Any]:
        found: dict[str, Any] = get_state()
        for key in [key for key in found["executions"]._data if ":express:" in key[-1]]:
            del found["executions"]._data[key]
        return found

    return state


def is_express(machine_arn: str) -> bool:
    """Return True for an EXPRESS machine, also if the ARN names its version or alias."""
    base = stepfunctions._resolve_state_machine_arn(machine_arn) or machine_arn
    return bool((stepfunctions._state_machines.get(base) or {}).get("type") == "EXPRESS")


def _with_input(start: AnyCallable) -> AnyCallable:
    """Refuse input that is no JSON, or that no later step could write as UTF-8."""

    @functools.wraps(start)
    def started(data: dict[str, Any]) -> Any:
        try:
            untrusted_json.parse(data.get("input") or "{}")
        except untrusted_json.NotJson as error:
            return error_response_json(
                "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'", 400
            )
        return start(data)

    return started


def _starting(start: AnyCallable) -> AnyCallable:
    @functools.wraps(start)
    def started(data: dict[str, Any]) -> Any:
        return _start_express(data) if is_express(data.get("stateMachineArn", "")) else start(data)

    return started


def _start_express(data: dict[str, Any]) -> Any:
    machine_arn = stepfunctions._resolve_state_machine_arn(data["stateMachineArn"])
    machine = stepfunctions._state_machines[machine_arn]
    text = data.get("input", "{}")
    name = data.get("name") or str(uuid.uuid4())
    prefix = f"arn:aws:states:{get_region()}:{get_account_id()}:express:{machine['name']}"
    execution = _record(f"{prefix}:{name}:{uuid.uuid4()}", machine, name, text)
    stepfunctions._executions[execution["executionArn"]] = execution
    context = contextvars.copy_context()
    kept_threads.start(context.run, _run_and_forget, execution["executionArn"])
    return json_response({"executionArn": execution["executionArn"], "startDate": execution["startDate"]})


def _record(arn: str, machine: dict[str, Any], name: str, text: str) -> dict[str, Any]:
    """Return MiniStack's record of a running execution; with `sync` it sends no status events."""
    start = stepfunctions.now_iso()
    details = {"input": text, "roleArn": machine["roleArn"]}
    return {
        "executionArn": arn,
        "stateMachineArn": machine["stateMachineArn"],
        "name": name,
        "status": "RUNNING",
        "startDate": start,
        "stopDate": None,
        "input": text,
        "output": None,
        "testCase": "",
        "mockAttempts": {},
        "sync": True,
        "events": [{"id": 1, "type": "ExecutionStarted", "timestamp": start, "executionStartedEventDetails": details}],
    }


def _run_and_forget(arn: str) -> None:
    try:
        stepfunctions._run_execution(arn)
    finally:
        stepfunctions._executions.pop(arn, None)


def _refusing_express_arns(operation: AnyCallable) -> AnyCallable:
    @functools.wraps(operation)
    def refused(data: dict[str, Any]) -> Any:
        if ":express:" in data.get("executionArn", ""):
            return error_response_json(
                "InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'", 400
            )
        return operation(data)

    return refused


def _only_for(machine_type: str, operation: AnyCallable) -> AnyCallable:
    @functools.wraps(operation)
    def checked(data: dict[str, Any]) -> Any:
        arn = data.get("stateMachineArn", "")
        if arn in stepfunctions._state_machines and is_express(arn) != (machine_type == "EXPRESS"):
            return error_response_json(*NOT_SUPPORTED, 400)
        return operation(data)

    return checked
