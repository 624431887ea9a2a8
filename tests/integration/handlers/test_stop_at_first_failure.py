"""A batch of a stream stops at its first failure, for whichever function reads it."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from orders.stream_batches import StopAtFirstFailure


class Reader:
    """A function that reads a stream, and fails at the records that it is told."""

    def __init__(self, *, reserve_milliseconds: int = 1000, fails_at: str = "") -> None:
        self._processor = StopAtFirstFailure(reserve_milliseconds=reserve_milliseconds)
        self._fails_at = fails_at
        self.seen: list[str] = []

    def handler(self, event: dict[str, Any], context: Any) -> Any:
        return process_partial_response(event, self._read, self._processor, context)

    def _read(self, record: DynamoDBRecord) -> None:
        assert record.dynamodb
        number = str(record.dynamodb.sequence_number)
        if number in self._fails_at:
            raise ValueError(number)
        self.seen.append(number)


def batch(numbers: str) -> dict[str, Any]:
    return {"Records": [{"eventName": "MODIFY", "dynamodb": {"SequenceNumber": number}} for number in numbers]}


def failed(answer: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.mark.parametrize(("fails_at", "reported", "seen"), [("", [], "123"), ("2", ["2"], "1"), ("123", ["1"], "")])
def test_nothing_runs_after_the_first_failure(context: Any, fails_at: str, reported: list[str], seen: str) -> None:
    reader = Reader(fails_at=fails_at)

    answer = reader.handler(batch("123"), context)

    assert failed(answer) == reported
    assert "".join(reader.seen) == seen


def test_each_function_keeps_a_reserve_of_its_own(context: Any) -> None:
    context.remaining_milliseconds = 5000
    quick, slow = Reader(reserve_milliseconds=5000), Reader(reserve_milliseconds=5001)

    answers = [reader.handler(batch("12"), context) for reader in (quick, slow)]

    assert [failed(answer) for answer in answers] == [[], ["1"]]
    assert (quick.seen, slow.seen) == (["1", "2"], [])


def test_a_batch_of_one_function_is_none_of_the_others(context: Any) -> None:
    broken, other = Reader(fails_at="1"), Reader()

    answers = [reader.handler(batch("12"), context) for reader in (broken, other, broken)]

    assert [failed(answer) for answer in answers] == [["1"], [], ["1"]]
    assert other.seen == ["1", "2"]
