"""Observes MiniStack's work, and adds to the bill what AWS would bill.

Tables' capacity is DynamoDB's ConsumedCapacity, by table and index. A queue's event source mapping
is counted like AWS's pollers: one call for a batch, and one that deletes it. Empty calls aren't
made here; they belong to the costs of an idle system.
"""

import functools
import json
import math
from itertools import islice
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import dynamodb, eventbridge, kms, lambda_svc, sns, sqs

from emulator.billable_usage import bill
from emulator.ministack.repairs.patching import AnyCallable, replace
from emulator.ministack.repairs.stepfunctions.current_execution import after_each_execution
from emulator.ministack.repairs.stepfunctions.execution_logs import messages

Document = dict[str, Any]
SEVERAL_ITEMS = ("_transact_get_items", "_transact_write_items", "_batch_get_item", "_batch_write_item")
READ_BYTES = 4 * 1024
REQUEST_BYTES = 64 * 1024
SAMPLE_ITEMS = 100
WORKFLOW_LEVELS = ("ALL", "ERROR")


def apply() -> None:
    """Count from now on; apply this after the repairs, so that their calls are counted too."""
    replace(dynamodb, "_add_consumed_capacity", _counting_one_item)
    replace(dynamodb, "_conditional_check_failed", _counting_failed_conditions)
    for name in SEVERAL_ITEMS:
        replace(dynamodb, name, _counting_several_items)
    replace(sqs, "_dispatch", _counting_queue_requests)
    replace(sqs, "_receive_messages_for_esm", _counting_received_batches)
    replace(sqs, "_delete_messages_for_esm", _counting_deleted_batches)
    replace(sns, "_fanout", _counting_publications)
    replace(lambda_runtime.Worker, "invoke", _counting_invocations)
    replace(lambda_svc, "_emit_lambda_logs", _counting_log_lines)
    after_each_execution(_add_execution)
    replace(eventbridge, "_dispatch_to_lambda", _counting_schedules)
    replace(kms, "handle_request", _counting_key_requests)


def _counting_one_item(add_capacity: AnyCallable) -> AnyCallable:
    @functools.wraps(add_capacity)
    def counted(result: Document, data: Document, table: str, write: bool = False, **items: Any) -> None:
        add_capacity(result, data, table, write=write, **items)
        if write:
            answer: Document = {}
            add_capacity(answer, {**data, "ReturnConsumedCapacity": "INDEXES"}, table, write=True, **items)
            _add_capacity(answer["ConsumedCapacity"], "write units")
            return
        units = max(1, math.ceil(_bytes_read(result, table) / READ_BYTES))
        place = f"{table}/{items['index_name']}" if items.get("index_name") else table
        bill.add("dynamodb", "read units", place, units if data.get("ConsistentRead") else units / 2)

    return counted


def _bytes_read(result: Document, table: str) -> float:
    """Return the bytes of the items that were looked at; those that a filter left out are billed too."""
    told: list[Document] = result.get("Items", []) if "ScannedCount" in result else [result.get("Item") or {}]
    size = float(sum(map(dynamodb._item_size_bytes, told)))
    left_out = result.get("ScannedCount", 0) - len(told)
    if left_out <= 0:
        return size
    stored = (item for items in dynamodb._tables[table]["items"].values() for item in items.values())
    sizes: list[int] = [dynamodb._item_size_bytes(item) for item in islice(stored, SAMPLE_ITEMS)]
    return size + float(left_out * sum(sizes) / max(1, len(sizes)))


def _counting_failed_conditions(refuse: AnyCallable) -> AnyCallable:
    @functools.wraps(refuse)
    def refused(data: Document, *arguments: Any, **options: Any) -> Any:
        bill.add("dynamodb", "write units", str(data.get("TableName")))
        return refuse(data, *arguments, **options)

    return refused


def _counting_several_items(operation: AnyCallable) -> AnyCallable:
    what = "write units" if "write" in operation.__name__ else "read units"

    @functools.wraps(operation)
    def counted(data: Document) -> Any:
        status, headers, body = operation({**data, "ReturnConsumedCapacity": "INDEXES"})
        answer = json.loads(body)
        for capacity in answer.pop("ConsumedCapacity", []):
            _add_capacity(capacity, what)
        asked = data.get("ReturnConsumedCapacity", "NONE") != "NONE"
        return (status, headers, body) if asked else (status, headers, json.dumps(answer).encode())

    return counted


def _add_capacity(capacity: Document, what: str) -> None:
    indexes = capacity.get("GlobalSecondaryIndexes", {}) if what == "write units" else {}
    units = {index: one["CapacityUnits"] for index, one in indexes.items()}
    for index, used in units.items():
        bill.add("dynamodb", what, f"{capacity['TableName']}/{index}", used)
    bill.add("dynamodb", what, capacity["TableName"], capacity["CapacityUnits"] - sum(units.values()))


def _counting_queue_requests(dispatch: AnyCallable) -> AnyCallable:
    @functools.wraps(dispatch)
    async def dispatched(action: str, data: Document, url: str) -> Any:
        answer = await dispatch(action, data, url)
        _add_queue_request(action, url, f"{data}{answer if action == 'ReceiveMessage' else ''}")
        return answer

    return dispatched


def _counting_received_batches(receive: AnyCallable) -> AnyCallable:
    @functools.wraps(receive)
    def received(url: str, *arguments: Any) -> Any:
        batch = receive(url, *arguments)
        if batch:
            _add_queue_request("ReceiveMessage", url, "".join(str(message["body"]) for message in batch))
        return batch

    return received


def _counting_deleted_batches(delete: AnyCallable) -> AnyCallable:
    @functools.wraps(delete)
    def deleted(url: str, *arguments: Any) -> Any:
        _add_queue_request("DeleteMessageBatch", url, "")
        return delete(url, *arguments)

    return deleted


def _add_queue_request(action: str, url: str, payload: str) -> None:
    queue = url.rpartition("/")[2]
    bill.add("sqs", "requests", f"{queue} {action}", max(1, math.ceil(len(payload) / REQUEST_BYTES)))


def _counting_publications(fanout: AnyCallable) -> AnyCallable:
    @functools.wraps(fanout)
    def counted(topic_arn: str, message_id: str, message: str, *arguments: Any, **options: Any) -> Any:
        units = max(1, math.ceil(len(message.encode()) / REQUEST_BYTES))
        bill.add("sns", "publications", topic_arn.rpartition(":")[2], units)
        return fanout(topic_arn, message_id, message, *arguments, **options)

    return counted


def _counting_invocations(invoke: AnyCallable) -> AnyCallable:
    @functools.wraps(invoke)
    def counted(worker: Any, *arguments: Any, **options: Any) -> Any:
        response = invoke(worker, *arguments, **options)
        bill.add("lambda", "requests", worker.func_name)
        bill.add("lambda", "processor milliseconds", worker.func_name, response.get("processor_milliseconds", 0.0))
        return response

    return counted


def _counting_log_lines(emit: AnyCallable) -> AnyCallable:
    @functools.wraps(emit)
    def emitted(function: Document, request_id: str, text: str, *arguments: Any, **options: Any) -> Any:
        name = (function.get("config") or function)["FunctionName"]
        for line in text.splitlines():
            level, metrics = _level_and_metrics(line)
            bill.add("logs", f"bytes at {level}", name, len(line.encode()))
            bill.add("logs", f"events at {level}", name)
            for metric in metrics:
                bill.add("cloudwatch", "metric", metric)
        return emit(function, request_id, text, *arguments, **options)

    return emitted


def _level_and_metrics(line: str) -> tuple[str, list[str]]:
    """Return a log line's level, and the metrics in it (CloudWatch's embedded metric format)."""
    try:
        logged = json.loads(line)
    except ValueError:
        return "INFO", []
    if not isinstance(logged, dict):
        return "INFO", []
    metrics = [
        " ".join([directive["Namespace"], metric["Name"], *(f"{key}={logged.get(key)}" for key in dimensions)])
        for directive in (logged.get("_aws") or {}).get("CloudWatchMetrics", [])
        for dimensions in directive["Dimensions"]
        for metric in directive["Metrics"]
    ]
    return ("metrics" if metrics else str(logged.get("level", "INFO"))), metrics


def _add_execution(execution: Document) -> None:
    machine = execution["stateMachineArn"].rpartition(":")[2]
    entered = [event for event in execution["events"] if event["type"].endswith("StateEntered")]
    tasks = [event for event in entered if event["type"] == "TaskStateEntered"]
    bill.add("states", "executions", machine)
    # From the start to the first state, and from each state to the next or to the end.
    bill.add("states", "transitions", machine, len(entered) + 1)
    bill.add("states", "tasks", machine, len(tasks))
    for level in WORKFLOW_LEVELS:
        for with_data in (True, False):
            told = messages(execution, level=level, with_data=with_data)
            name = f"{level} {'with' if with_data else 'without'} data"
            bill.add("logs", f"bytes at {name}", machine, sum(len(one["message"].encode()) for one in told))
            bill.add("logs", f"events at {name}", machine, len(told))


def _counting_schedules(dispatch: AnyCallable) -> AnyCallable:
    @functools.wraps(dispatch)
    def dispatched(arn: str, payload: str) -> Any:
        bill.add("scheduler", "invocations", arn.rpartition(":")[2])
        return dispatch(arn, payload)

    return dispatched


def _counting_key_requests(handle: AnyCallable) -> AnyCallable:
    @functools.wraps(handle)
    async def handled(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        bill.add("kms", "requests", headers.get("x-amz-target", "").rpartition(".")[2])
        return await handle(method, path, headers, body, query)

    return handled
