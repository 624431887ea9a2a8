"""A state machine writes its log.

AWS: with a logging configuration, an execution's history goes to the log group as JSON, one event a message: all of it
at level ALL, what went wrong at ERROR, its end in failure at FATAL; inputs and outputs only when the configuration
includes them (Step Functions Developer Guide, "Using CloudWatch Logs to log execution history").
MiniStack: writes nothing, and of an EXPRESS execution nothing else remains.
"""

import json
import time
import uuid
from datetime import datetime
from typing import Any

from ministack.services import cloudwatch_logs

from emulator.ministack.repairs.patching import RepairContext
from emulator.ministack.repairs.stepfunctions.current_execution import Execution, after_each_execution, machine_of

ENDS = ("ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut")
FAILURES = (*ENDS, "LambdaFunctionFailed", "LambdaFunctionTimedOut", "TaskFailed", "TaskTimedOut", "MapStateFailed")
LEVELS = {"ERROR": FAILURES, "FATAL": ENDS}
DATA = ("input", "output")


def apply(_context: RepairContext) -> None:
    """Write the log after the end of an execution."""
    after_each_execution(_write)


def _write(execution: Execution) -> None:
    machine = machine_of(execution)
    settings = machine.get("loggingConfiguration") or {}
    if settings.get("level", "OFF") == "OFF" or not settings.get("destinations"):
        return
    arn = settings["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    group = cloudwatch_logs._log_groups.get(arn.split(":log-group:")[1].removesuffix(":*"))
    told = messages(execution, level=settings["level"], with_data=bool(settings.get("includeExecutionData")))
    if group is None or not told:
        return
    name = f"states/{machine['name']}/{time.strftime('%Y-%m-%d-%H-%M', time.gmtime())}/{uuid.uuid4().hex[:8]}"
    group["streams"][name] = stream = _new_stream()
    cloudwatch_logs._append_log_events(stream, told)


def messages(execution: Execution, *, level: str, with_data: bool) -> list[dict[str, Any]]:
    """Return the log events of an execution for a level other than OFF."""
    wanted = LEVELS.get(level)
    events = [event for event in execution["events"] if wanted is None or event["type"] in wanted]
    return [_message(event, execution, with_data=with_data) for event in events]


def _new_stream() -> dict[str, Any]:
    times = {"firstEventTimestamp": None, "lastEventTimestamp": None, "lastIngestionTime": None}
    return {"events": [], "uploadSequenceToken": "1", "creationTime": int(time.time() * 1000), **times}


def _message(event: dict[str, Any], execution: Execution, *, with_data: bool) -> dict[str, Any]:
    moment = int(datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")).timestamp() * 1000)
    details: dict[str, Any] = next((value for name, value in event.items() if name.endswith("EventDetails")), {})
    document = {
        "id": str(event["id"]),
        "type": event["type"],
        "details": {name: value for name, value in details.items() if with_data or name not in DATA},
        "previous_event_id": str(event["id"] - 1),
        "event_timestamp": str(moment),
        "execution_arn": execution["executionArn"],
    }
    return {"timestamp": moment, "ingestionTime": int(time.time() * 1000), "message": json.dumps(document)}
