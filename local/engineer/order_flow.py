"""Counts what is where in the system now."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from emulator.ministack.counters import counters, running
from environments.names import bucket_arn
from local.deploy import client

Outputs = Mapping[str, Any]
# The picture asks every second. Counting orders reads the whole table (0.15 s for 5,000), so that is done less often,
# and takes a tenth of the time at most.
ORDERS_SECONDS = 2.0
ORDERS_SHARE = 0.1
NO_STATUS = "without a status"


class OrderFlow:
    """Counts what waits, works and went wrong, with the administrator's keys."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._client = cache(lambda service: client(service, outputs))
        self._orders: dict[str, int] = {}
        self._recount_at = 0.0
        self._undelivered_bucket: str | None = None
        self._lock = threading.Lock()

    def now(self) -> dict[str, Any]:
        """Return the counts; what counts since the server's start says so."""
        with self._lock:
            machine, outcomes = self._outputs["state_machine_arn"], counters.outcomes
            ended = outcomes.get(machine, Counter())
            return {
                "since": counters.since.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "queue": self._count_messages("queue_url"),
                "deadLetters": sum(self._count_messages("dead_letter_queue_url").values()),
                "workflows": {
                    "running": running(machine),
                    "succeeded": ended["SUCCEEDED"],
                    "failed": ended["FAILED"] + ended["ABORTED"],
                    "timedOut": ended["TIMED_OUT"],
                },
                "announcements": {
                    "sent": counters.published[self._outputs["topic_arn"]],
                    "undelivered": self._count_undelivered(),
                },
                "orders": self._orders_by_status(),
            }

    def _count_messages(self, queue: str) -> dict[str, int]:
        names = {"waiting": "", "inFlight": "NotVisible", "delayed": "Delayed"}
        found = self._client("sqs").get_queue_attributes(
            QueueUrl=self._outputs[queue],
            AttributeNames=[f"ApproximateNumberOfMessages{name}" for name in names.values()],
        )["Attributes"]
        return {said: int(found[f"ApproximateNumberOfMessages{name}"]) for said, name in names.items()}

    def _count_undelivered(self) -> int:
        """Count the announcements that wait in the bucket where the stream's mapping puts what it couldn't deliver."""
        if self._undelivered_bucket is None:
            (mapping,) = self._client("lambda").list_event_source_mappings(
                FunctionName=self._outputs["functions"]["announce"]
            )["EventSourceMappings"]
            destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
            self._undelivered_bucket = str(destination).removeprefix(bucket_arn(""))
        return int(self._client("s3").list_objects_v2(Bucket=self._undelivered_bucket)["KeyCount"])

    def _orders_by_status(self) -> dict[str, int]:
        started = time.monotonic()
        if started >= self._recount_at:
            self._orders = self._count_orders()
            ended = time.monotonic()
            self._recount_at = ended + max(ORDERS_SECONDS, (ended - started) / ORDERS_SHARE)
        return self._orders

    def _count_orders(self) -> dict[str, int]:
        pages = (
            self._client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self._outputs["orders_table"],
                ProjectionExpression="#status",
                ExpressionAttributeNames={"#status": "status"},
            )
        )
        # Whoever has the keys may have put rows of any kind.
        return dict(Counter(row.get("status", {}).get("S", NO_STATUS) for page in pages for row in page["Items"]))
