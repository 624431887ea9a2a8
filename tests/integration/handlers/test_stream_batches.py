"""Items of a batch are handled in parallel, the changes of one item in order."""

from collections import Counter
from threading import Barrier
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from orders.stream_batches import ParallelItemProcessor


class Reader:
    """A function that reads a stream, and fails at the given changes."""

    def __init__(self, *, reserve_milliseconds: int = 1000, fails_at: str = "", meets: int = 0) -> None:
        """Make the function; `meets` changes wait for each other."""
        self._processor = ParallelItemProcessor(workers=4, reserve_milliseconds=reserve_milliseconds, remembers=3)
        self._barrier = Barrier(meets, timeout=10) if meets else None
        self.fails_at = fails_at
        self.seen: list[str] = []

    def handler(self, event: dict[str, Any], context: Any) -> Any:
        return process_partial_response(event, self._read, self._processor, context)

    def seen_of(self, item: str) -> str:
        return "".join(change for change in self.seen if change.startswith(item)).replace(item, "")

    def _read(self, record: DynamoDBRecord) -> None:
        if self._barrier:
            self._barrier.wait()
        change = str(record.event_id)
        if change in self.fails_at.split():
            raise ValueError(change)
        self.seen.append(change)


def batch(changes: str) -> dict[str, Any]:
    """Make a batch of changes such as `a1`, the first of item a.

    Their position in the batch is their sequence number.
    """
    return {
        "Records": [
            {
                "eventName": "MODIFY",
                "eventID": change,
                "dynamodb": {"SequenceNumber": str(number), "Keys": {"id": {"S": change[0]}}},
            }
            for number, change in enumerate(changes.split())
        ]
    }


def failed(answer: Any) -> list[str]:
    return sorted(failure["itemIdentifier"] for failure in answer["batchItemFailures"])


@pytest.mark.parametrize(
    ("fails_at", "reported", "of_a", "of_b"),
    [
        ("", [], "123", "12"),
        ("a2", ["2"], "1", "12"),
        ("a1 b2", ["0", "4"], "", "1"),
        ("a1 b1", ["0", "1"], "", ""),
    ],
)
def test_a_failure_ends_its_item_and_no_other(
    context: Any, fails_at: str, reported: list[str], of_a: str, of_b: str
) -> None:
    reader = Reader(fails_at=fails_at)

    answer = reader.handler(batch("a1 b1 a2 a3 b2"), context)

    assert failed(answer) == reported
    assert (reader.seen_of("a"), reader.seen_of("b")) == (of_a, of_b)


def test_items_are_handled_at_the_same_time(context: Any) -> None:
    reader = Reader(meets=4)

    answer = reader.handler(batch("a1 b1 c1 d1"), context)

    assert failed(answer) == []


def test_what_succeeded_beside_a_failure_is_not_repeated_when_the_batch_comes_again(context: Any) -> None:
    reader = Reader(fails_at="a1")
    event = batch("a1 b1 a2 c1")
    reader.handler(event, context)

    again = reader.handler(event, context)
    reader.fails_at = ""
    at_last = reader.handler(event, context)

    assert (failed(again), failed(at_last)) == (["0"], [])
    assert Counter(reader.seen) == Counter(["a1", "b1", "a2", "c1"])
    assert reader.seen_of("a") == "12"


def test_no_more_is_remembered_than_it_was_told(context: Any) -> None:
    reader = Reader(fails_at="a1")
    event = batch("a1 b1 c1 d1 e1")

    for _ in range(2):
        reader.handler(event, context)

    assert len(reader.seen) == 5


def test_a_change_that_comes_again_after_its_batch_succeeded_is_handled_again(context: Any) -> None:
    reader = Reader()

    for _ in range(2):
        reader.handler(batch("a1 b1"), context)

    assert Counter(reader.seen) == Counter({"a1": 2, "b1": 2})


def test_each_function_keeps_a_reserve_of_its_own(context: Any) -> None:
    context.remaining_milliseconds = 5000
    quick, slow = Reader(reserve_milliseconds=5000), Reader(reserve_milliseconds=5001)

    answers = [reader.handler(batch("a1 a2 b1"), context) for reader in (quick, slow)]

    assert [failed(answer) for answer in answers] == [[], ["0", "2"]]
    assert (sorted(quick.seen), slow.seen) == (["a1", "a2", "b1"], [])


def test_a_batch_of_one_function_is_none_of_the_others(context: Any) -> None:
    broken, other = Reader(fails_at="a1"), Reader()

    answers = [reader.handler(batch("a1 a2"), context) for reader in (broken, other, broken)]

    assert [failed(answer) for answer in answers] == [["0"], [], ["0"]]
    assert other.seen == ["a1", "a2"]


def test_a_change_that_comes_again_after_its_failed_batch_succeeded_is_handled_again(context: Any) -> None:
    reader = Reader(fails_at="a1")
    reader.handler(batch("a1 b1"), context)
    reader.fails_at = ""
    reader.handler(batch("a1 b1"), context)

    reader.handler(batch("b1"), context)

    assert Counter(reader.seen) == Counter({"a1": 1, "b1": 2})
