"""Handles batches of a table's stream: items side by side, each item's changes in order."""

import json
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

logger = Logger(child=True)

Record = dict[str, Any]


class OutOfTime(Exception):
    """The rest of the batch must wait for the next invocation."""


class ParallelItemProcessor(BatchProcessor):
    """A processor that handles the items of a batch side by side, each item's changes in order.

    A change that fails, or for which no time is left, stops the rest of its item. The other items
    go on. Lambda then passes the batch again from the first change that failed. Changes after it
    that already succeeded are skipped if the same process gets them; another process repeats them.
    Powertools only has a processor that runs all records, and one that stops at the first failure.
    """

    def __init__(self, *, workers: int, reserve_milliseconds: int, remembers: int = 0) -> None:
        """Start no change when less time than the reserve is left: the longest time that one takes.

        `remembers` is the number of changes to skip that succeeded in a batch with a failure.
        """
        super().__init__(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
        # Its threads are started when they are needed, and stay for later batches.
        self._pool = ThreadPoolExecutor(workers)
        self._reserve_milliseconds = reserve_milliseconds
        self._succeeded: deque[str] = deque(maxlen=remembers)

    def process(self) -> list[tuple[Any, ...]]:
        """Handle the batch; return Powertools' result of each change that was started or left."""
        items = _by_item([record for record in self.records if record["eventID"] not in self._succeeded])
        results = [result for of_item in self._process_items(items) for result in of_item]
        if self.fail_messages:
            self._succeeded.extend(record["eventID"] for how, _, record in results if how == "success")
        else:
            self._succeeded.clear()
        return results

    def _process_items(self, items: list[list[Record]]) -> Iterable[list[tuple[Any, ...]]]:
        if len(items) < 2:  # the usual batch of a quiet system: threads would only cost time
            return [self._process_item(item) for item in items]
        return list(self._pool.map(self._process_item, items))

    def _process_item(self, changes: list[Record]) -> list[tuple[Any, ...]]:
        results: list[tuple[Any, ...]] = []
        for change in changes:
            if self.lambda_context.get_remaining_time_in_millis() < self._reserve_milliseconds:
                results.append(self._leave(change))
            else:
                results.append(self._process_record(change))
            if results[-1][0] == "fail":
                break
        return results

    def _leave(self, record: Record) -> tuple[Any, ...]:
        logger.warning("ran out of time, the next invocation goes on")
        left = self._to_batch_type(record, self.event_type)
        return self.failure_handler(left, (OutOfTime, OutOfTime("no time left"), None))


def _by_item(records: list[Record]) -> list[list[Record]]:
    """Return the changes of each item, in the order of the batch."""
    items: dict[str, list[Record]] = {}
    for record in records:
        items.setdefault(json.dumps(record["dynamodb"].get("Keys"), sort_keys=True), []).append(record)
    return list(items.values())
