"""Sends discarded stream records to the mapping's on-failure destination, as the function's role.

AWS Lambda Developer Guide, "Retain discarded records for a DynamoDB event source": a queue or a
topic gets metadata (shard and sequence numbers); a bucket gets the records too.
"""

import json
import logging
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ministack.core.arn import parse_arn
from ministack.services import s3, sns, sqs

from emulator.ministack.repairs.patching import RepairContext
from emulator.ministack.streams.batches import Discard, Record
from emulator.principals import RoleRefused

SHARD_ID = "shardId-00000000000000000000-00000000"
ACTIONS = {"s3": "s3:PutObject", "sns": "sns:Publish", "sqs": "sqs:SendMessage"}
_log = logging.getLogger(__name__)


def send(context: RepairContext, mapping: dict[str, Any], function: dict[str, Any], discard: Discard) -> None:
    """Write the invocation record to the destination, if there is one and the role permits it."""
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if not destination:
        return
    service = parse_arn(destination).service
    document = invocation_record(mapping, function["FunctionArn"], discard)
    key = object_key(mapping["UUID"], datetime.now(UTC))
    resource = f"{destination}/{key}" if service == "s3" else destination
    if not _allowed(context, function["Role"], ACTIONS[service], resource):
        _log.warning("discarded records of %s are lost: its role may not %s", mapping["UUID"], ACTIONS[service])
    elif service == "s3":
        document["payload"] = json.dumps({"Records": list(discard.records)})
        s3._put_object(destination.rsplit(":", 1)[-1], key, json.dumps(document).encode(), {})
    elif service == "sqs":
        url = sqs._queue_by_arn(destination)["url"]
        sqs._act_send_message({"QueueUrl": url, "MessageBody": json.dumps(document)}, url)
    else:
        sns._fanout(destination, str(uuid.uuid4()), json.dumps(document), "", "", {})


def object_key(mapping_id: str, moment: datetime) -> str:
    """Return the key that Lambda gives the object."""
    return f"aws/lambda/{mapping_id}/{SHARD_ID}/{moment:%Y/%m/%d}/{moment:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"


def invocation_record(mapping: dict[str, Any], function_arn: str, discard: Discard) -> dict[str, Any]:
    """Return the metadata of the failed invocation."""
    response = {"statusCode": 200, "executedVersion": "$LATEST", "functionError": discard.function_error}
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": function_arn,
            "condition": discard.condition,
            "approximateInvokeCount": discard.invocations,
        },
        "responseContext": {name: value for name, value in response.items() if value is not None},
        "version": "1.0",
        "timestamp": _text(time.time()),
        "DDBStreamBatchInfo": _batch_info(mapping["EventSourceArn"], discard.records),
    }


def _batch_info(stream_arn: str, records: Sequence[Record]) -> dict[str, Any]:
    first, last = records[0]["dynamodb"], records[-1]["dynamodb"]
    return {
        "shardId": SHARD_ID,
        "startSequenceNumber": first["SequenceNumber"],
        "endSequenceNumber": last["SequenceNumber"],
        "approximateArrivalOfFirstRecord": _text(first["ApproximateCreationDateTime"]),
        "approximateArrivalOfLastRecord": _text(last["ApproximateCreationDateTime"]),
        "batchSize": len(records),
        "streamArn": stream_arn,
    }


def _text(epoch_seconds: float) -> str:
    return datetime.fromtimestamp(epoch_seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _allowed(context: RepairContext, role_arn: str, action: str, resource: str) -> bool:
    try:
        caller = context.identity.assume_for_service(role_arn, service="lambda.amazonaws.com")
    except RoleRefused:
        return False
    return context.identity.is_allowed(caller.arn, action=action, resource=resource)
