"""Messages can go back from a dead-letter queue.

AWS: StartMessageMoveTask moves the messages of a dead-letter queue to a queue, by default each to the one that it came
from, as new messages with a receive count of 0; ListMessageMoveTasks tells of the latest; ListDeadLetterSourceQueues
names the queues that a dead-letter queue serves (SQS API reference).
Permissions for the first two are about the source queue.
MiniStack: InvalidAction. Here a task is done when its start is answered, so there is nothing to cancel.
"""

import functools
import json
import time
import uuid
from typing import Any

from ministack.core import iam_actions
from ministack.core.concurrency import esm_wake
from ministack.services import sqs

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

Task = dict[str, Any]
LATEST_TASKS = 10


def apply(_context: RepairContext) -> None:
    """Add the three operations."""
    tasks: dict[str, list[Task]] = {}

    def start_message_move_task(data: dict[str, Any], _url: str) -> dict[str, Any]:
        source_arn, target_arn = data.get("SourceArn", ""), data.get("DestinationArn")
        task = _move(source_arn, target_arn)
        tasks[source_arn] = [task, *tasks.get(source_arn, [])][:LATEST_TASKS]
        return {"TaskHandle": task["TaskHandle"]}

    def list_message_move_tasks(data: dict[str, Any], _url: str) -> dict[str, Any]:
        _queue(data.get("SourceArn", ""))
        latest = tasks.get(data["SourceArn"], [])[: int(data.get("MaxResults", 1))]
        # AWS returns the handle of a running task only.
        return {"Results": [{k: v for k, v in task.items() if k != "TaskHandle"} for task in latest]}

    def list_dead_letter_source_queues(data: dict[str, Any], url: str) -> dict[str, Any]:
        arn = sqs._get_q(data.get("QueueUrl", url))["attributes"]["QueueArn"]
        return {"queueUrls": [source["url"] for source in _sources_of(arn)]}

    replace(iam_actions, "extract_resource_arn", _naming_the_source)
    sqs._HANDLERS["StartMessageMoveTask"] = start_message_move_task
    sqs._HANDLERS["ListMessageMoveTasks"] = list_message_move_tasks
    sqs._HANDLERS["ListDeadLetterSourceQueues"] = list_dead_letter_source_queues


def _naming_the_source(extract: AnyCallable) -> AnyCallable:
    @functools.wraps(extract)
    def extract_resource_arn(*request: Any) -> str:
        service, body = request[0], request[4]
        found: str = extract(*request)
        is_unknown = (service, found) == ("sqs", "*")
        return str(iam_actions._safe_json_field(body, "SourceArn") or found) if is_unknown else found

    return extract_resource_arn


def _queue(arn: str) -> dict[str, Any]:
    queue: dict[str, Any] | None = sqs._queue_by_arn(arn)
    if queue is None:
        raise sqs._Err("ResourceNotFoundException", f"The resource that you specified doesn't exist: {arn}", 400)
    return queue


def _sources_of(arn: str) -> list[dict[str, Any]]:
    """Return the queues whose redrive policy names this one."""
    policies = [(queue, json.loads(queue["attributes"].get("RedrivePolicy") or "{}")) for queue in sqs._queues.values()]
    return [queue for queue, policy in policies if policy.get("deadLetterTargetArn") == arn]


def _move(source_arn: str, target_arn: str | None) -> Task:
    source = _queue(source_arn)
    if not _sources_of(source_arn):
        raise sqs._Err("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.", 400)
    target = _queue(target_arn) if target_arn else None
    moved = 0
    with sqs._queues_lock:
        for message in list(source["messages"]):
            origin = message["sys"].get("DeadLetterQueueSourceArn")
            destination = target or (sqs._queue_by_arn(origin) if origin else None)
            if destination is not None and message["visible_at"] <= time.time():
                source["messages"].remove(message)
                destination["messages"].append(_as_new(message))
                moved += 1
    esm_wake.set()
    task = {
        "TaskHandle": str(uuid.uuid4()),
        "Status": "COMPLETED",
        "SourceArn": source_arn,
        "ApproximateNumberOfMessagesMoved": moved,
        "ApproximateNumberOfMessagesToMove": moved,
        "StartedTimestamp": int(time.time() * 1000),
    }
    return task | ({"DestinationArn": target_arn} if target_arn else {})


def _as_new(message: dict[str, Any]) -> dict[str, Any]:
    now = time.time()
    attributes = {k: v for k, v in message["sys"].items() if k != "DeadLetterQueueSourceArn"}
    fresh = {"id": str(uuid.uuid4()), "receipt_handle": None, "sent_at": now, "visible_at": now}
    counts = {"receive_count": 0, "first_receive_at": None}
    return message | fresh | counts | {"sys": attributes | {"SentTimestamp": str(int(now * 1000))}}
