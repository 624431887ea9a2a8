"""Batches of a table's stream, record by record; for any function that reads one."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

logger = Logger()


class OutOfTime(Exception):
    """What is left of the batch has to wait for the next invocation."""


class StopAtFirstFailure(BatchProcessor):
    """Reports the first record that fails, or that there is no time for, and leaves the rest of the batch alone.

    Everything from the lowest failed record comes again, so what ran after it would run twice and out of order.
    Powertools has this for SQS FIFO queues only.
    """

    def __init__(self, *, reserve_milliseconds: int) -> None:
        """Begin no record when less than the reserve is left: the longest that one takes."""
        super().__init__(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
        self._reserve_milliseconds = reserve_milliseconds

    def process(self) -> list[tuple[Any, ...]]:
        """Handle records in order, up to the first failure or as long as there is time."""
        results = []
        for record in self.records:
            if self.lambda_context.get_remaining_time_in_millis() < self._reserve_milliseconds:
                results.append(self._leave(record))
            else:
                results.append(self._process_record(record))
            if self.fail_messages:
                break
        return results

    def _leave(self, record: dict[str, Any]) -> tuple[Any, ...]:
        logger.warning("ran out of time, the next invocation goes on")
        left = self._to_batch_type(record, self.event_type)
        return self.failure_handler(left, (OutOfTime, OutOfTime("no time left"), None))
