"""Batches of a table's stream: its items side by side, each item's changes in their order; for any function."""

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
    """What is left of the batch has to wait for the next invocation."""


class SideBySide(BatchProcessor):
    """Handles the items of a batch side by side, and the changes of each item in their order.

    A change that fails, or that there is no time for, ends its item's part of the batch. The other items go on.
    Lambda gives the function the batch again from the first change that failed. What came after it and succeeded is
    passed over then, if the same process gets it; another one repeats it.
    Powertools has a processor that runs all records at once, and one that stops at the first failure.
    """

    def __init__(self, *, workers: int, reserve_milliseconds: int, remembers: int = 0) -> None:
        """Begin no change when less than the reserve is left: the longest that one takes.

        `remembers` says how many changes that succeeded beside a failure are passed over when they come again.
        """
        super().__init__(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
        self._workers = workers
        self._reserve_milliseconds = reserve_milliseconds
        self._succeeded: deque[str] = deque(maxlen=remembers)

    def process(self) -> list[tuple[Any, ...]]:
        """Handle the batch; return Powertools' result of each change that was begun or left."""
        items = _by_item([record for record in self.records if record["eventID"] not in self._succeeded])
        results = [result for of_item in self._process_items(items) for result in of_item]
        if self.fail_messages:
            self._succeeded.extend(record["eventID"] for how, _, record in results if how == "success")
        else:
            self._succeeded.clear()
        return results

    def _process_items(self, items: list[list[Record]]) -> Iterable[list[tuple[Any, ...]]]:
        if len(items) < 2:  # most batches of a quiet system: a thread would only cost time
            return [self._process_item(item) for item in items]
        with ThreadPoolExecutor(min(self._workers, len(items))) as pool:
            return list(pool.map(self._process_item, items))

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
    """Return the changes of each item, in the batch's order."""
    items: dict[str, list[Record]] = {}
    for record in records:
        items.setdefault(json.dumps(record["dynamodb"].get("Keys"), sort_keys=True), []).append(record)
    return list(items.values())
