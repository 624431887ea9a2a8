"""What is where in the system now, in numbers."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from local.deploy import client
from local.emulator.tallies import running, tallies

Outputs = Mapping[str, Any]
# The picture asks every second. Counting orders reads the whole table, so that is done less often.
ORDERS_SECONDS = 2.0


class Flow:
    """Counts what waits, works and went wrong, with the administrator's keys."""

    def __init__(self, outputs: Outputs, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._outputs = outputs
        self._client = cache(lambda service: client(service, outputs))
        self._clock = clock
        self._orders: tuple[float, dict[str, int]] | None = None
        self._undelivered_bucket: str | None = None
        self._lock = threading.Lock()

    def now(self) -> dict[str, Any]:
        """Return the counts; what counts since the server's start says so."""
        with self._lock:
            machine, outcomes = self._outputs["state_machine_arn"], tallies.outcomes
            ended = outcomes.get(machine, Counter())
            return {
                "since": tallies.since.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "queue": self._depth("queue_url"),
                "deadLetters": sum(self._depth("dead_letter_queue_url").values()),
                "workflows": {
                    "running": running(machine),
                    "succeeded": ended["SUCCEEDED"],
                    "failed": ended["FAILED"] + ended["ABORTED"],
                    "timedOut": ended["TIMED_OUT"],
                },
                "announcements": {"sent": tallies.published[self._outputs["topic_arn"]], "undelivered": self._kept()},
                "orders": self._by_status(),
            }

    def _depth(self, queue: str) -> dict[str, int]:
        names = {"waiting": "", "inFlight": "NotVisible", "delayed": "Delayed"}
        found = self._client("sqs").get_queue_attributes(
            QueueUrl=self._outputs[queue],
            AttributeNames=[f"ApproximateNumberOfMessages{name}" for name in names.values()],
        )["Attributes"]
        return {said: int(found[f"ApproximateNumberOfMessages{name}"]) for said, name in names.items()}

    def _kept(self) -> int:
        """How many announcements wait in the bucket where the stream's mapping puts what it couldn't deliver."""
        if self._undelivered_bucket is None:
            (mapping,) = self._client("lambda").list_event_source_mappings(
                FunctionName=self._outputs["functions"]["announce"]
            )["EventSourceMappings"]
            destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
            self._undelivered_bucket = str(destination).removeprefix("arn:aws:s3:::")
        return int(self._client("s3").list_objects_v2(Bucket=self._undelivered_bucket)["KeyCount"])

    def _by_status(self) -> dict[str, int]:
        if self._orders is None or self._clock() - self._orders[0] >= ORDERS_SECONDS:
            self._orders = (self._clock(), self._count_orders())
        return self._orders[1]

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
        return dict(Counter(row["status"]["S"] for page in pages for row in page["Items"]))
