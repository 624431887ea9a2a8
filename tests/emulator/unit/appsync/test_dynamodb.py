"""DynamoDB requests of resolvers, as calls to DynamoDB, and failed conditions in the answers."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import pytest

from emulator.appsync.aws_interpretations import (
    FAILED_CONDITION,
    WITH_ROW,
    WITHOUT_ROW,
    Interpretations,
    interpretations_of,
    unknown_interpretations,
)
from emulator.appsync.errors import FieldFailed
from emulator.appsync.sources.data_source import SourceAnswer
from emulator.appsync.sources.dynamodb import DynamoDBSource
from emulator.appsync.sources.dynamodb_client import DynamoDBFailed
from tests.support.malformed_json import DEEP

KEY = {"id": {"S": "1"}}
NEW = {"expression": "attribute_not_exists(id)"}
FAILED = DynamoDBFailed(
    "ConditionalCheckFailedException", "The conditional request failed", status=400, request_id="r", body={}
)


GUIDE = Interpretations()


class FakeDynamoDB:
    """Answers each operation with the given result, or raises the given error."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((operation, {name: value for name, value in request.items() if value is not None}))
        answer = self._answers.get(operation, {})
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


def invoke(dynamodb: FakeDynamoDB, request: Any, *, interpretations: Interpretations = GUIDE) -> SourceAnswer:
    connect: Callable[[], Any] = lambda: dynamodb  # noqa: E731
    return asyncio.run(DynamoDBSource(connect, table="notes", interpretations=interpretations).invoke(request))


def put(**more: Any) -> dict[str, Any]:
    return {"operation": "PutItem", "key": KEY, "attributeValues": {"n": {"N": 1}}} | more


def test_a_read_may_be_consistent_and_projected() -> None:
    dynamodb = FakeDynamoDB(GetItem={"Item": {"id": {"S": "1"}, "n": {"N": "5"}}})
    projection = {"expression": "#n", "expressionNames": {"#n": "n"}}

    answer = invoke(dynamodb, {"operation": "GetItem", "key": KEY, "consistentRead": True, "projection": projection})

    assert answer == SourceAnswer(result={"id": "1", "n": 5})
    assert dynamodb.calls == [
        (
            "GetItem",
            {
                "TableName": "notes",
                "Key": KEY,
                "ConsistentRead": True,
                "ProjectionExpression": "#n",
                "ExpressionAttributeNames": {"#n": "n"},
            },
        )
    ]


def test_numbers_and_nulls_go_over_the_wire_as_dynamodb_takes_them() -> None:
    dynamodb = FakeDynamoDB()
    values = {
        "a": {"N": 1},
        "b": {"N": 0.5},
        "c": {"N": "7"},
        "d": {"NULL": None},
        "e": {"NS": [1, 2]},
        "f": {"L": [{"N": 1}]},
    }

    invoke(dynamodb, {"operation": "PutItem", "key": KEY, "attributeValues": values})

    assert dynamodb.calls[0][1]["Item"] == {
        "a": {"N": "1"},
        "b": {"N": "0.5"},
        "c": {"N": "7"},
        "d": {"NULL": True},
        "e": {"NS": ["1", "2"]},
        "f": {"L": [{"N": "1"}]},
        "id": {"S": "1"},
    }


def test_the_expressions_of_an_update_share_names_and_values() -> None:
    dynamodb = FakeDynamoDB(UpdateItem={"Attributes": {"id": {"S": "1"}}})
    request = {
        "operation": "UpdateItem",
        "key": KEY,
        "update": {"expression": "SET #a = :a", "expressionNames": {"#a": "a"}, "expressionValues": {":a": {"N": 1}}},
        "condition": {"expression": "#b = :b", "expressionNames": {"#b": "b"}, "expressionValues": {":b": {"N": 2}}},
    }

    answer = invoke(dynamodb, request)

    assert answer == SourceAnswer(result={"id": "1"})
    assert dynamodb.calls[0][1] == {
        "TableName": "notes",
        "Key": KEY,
        "ReturnValues": "ALL_NEW",
        "UpdateExpression": "SET #a = :a",
        "ConditionExpression": "#b = :b",
        "ExpressionAttributeNames": {"#a": "a", "#b": "b"},
        "ExpressionAttributeValues": {":a": {"N": "1"}, ":b": {"N": "2"}},
    }


def test_a_failed_condition_is_followed_by_a_strong_read_of_the_item() -> None:
    dynamodb = FakeDynamoDB(PutItem=FAILED, GetItem={"Item": {"id": {"S": "1"}, "n": {"N": "2"}}})

    answer = invoke(dynamodb, put(condition=NEW))

    assert dynamodb.calls[1] == ("GetItem", {"TableName": "notes", "Key": KEY, "ConsistentRead": True})
    assert answer.result == {"id": "1", "n": 2}
    assert answer.error is not None
    assert answer.error.type == "DynamoDB:ConditionalCheckFailedException"
    assert answer.error.message == "The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: r)"


def test_under_the_other_reading_a_failed_condition_comes_without_the_item() -> None:
    dynamodb = FakeDynamoDB(PutItem=FAILED, GetItem={"Item": {"id": {"S": "1"}, "n": {"N": "2"}}})

    answer = invoke(dynamodb, put(condition=NEW), interpretations=interpretations_of({FAILED_CONDITION: WITHOUT_ROW}))

    assert answer == SourceAnswer(error=FAILED.as_error())


@pytest.mark.parametrize("tags", [{}, {FAILED_CONDITION: WITH_ROW}, {"team": "orders"}])
def test_the_reading_of_the_guide_is_played_unless_a_tag_chooses_another(tags: dict[str, str]) -> None:
    assert interpretations_of(tags) == Interpretations(failed_condition_gives_row=True, unset_variable_is_null=False)
    assert list(unknown_interpretations(tags)) == []


@pytest.mark.parametrize(
    ("tags", "known"),
    [
        ({FAILED_CONDITION: "no-row"}, "with-row or without-row is known"),
        ({"emulator:failed": "without-row"}, "emulator:failed-condition or emulator:unset-variable is known"),
    ],
)
def test_a_reading_that_nobody_knows_is_told(tags: dict[str, str], known: str) -> None:
    ((name, value),) = tags.items()

    assert list(unknown_interpretations(tags)) == [f"the tag {name} = {value!r}: {known}"]


@pytest.mark.parametrize(
    ("current", "condition", "success"),
    [
        ({"n": {"N": "1"}}, NEW, True),
        ({"n": {"N": "1.0"}}, NEW, True),
        ({"n": {"S": "1"}}, NEW, False),
        ({"n": {"N": "1"}, "more": {"S": "x"}}, NEW, False),
        ({"n": {"N": "1"}, "more": {"S": "x"}}, {**NEW, "equalsIgnore": ["more"]}, True),
    ],
)
def test_a_put_that_finds_its_item_counts_as_success(current: dict[str, Any], condition: Any, success: bool) -> None:
    dynamodb = FakeDynamoDB(PutItem=FAILED, GetItem={"Item": KEY | current})

    assert (invoke(dynamodb, put(condition=condition)).error is None) is success


@pytest.mark.parametrize(("item", "success"), [(None, True), (KEY, False)])
def test_a_delete_that_finds_nothing_counts_as_success(item: Any, success: bool) -> None:
    dynamodb = FakeDynamoDB(DeleteItem=FAILED, GetItem={"Item": item} if item else {})

    answer = invoke(dynamodb, {"operation": "DeleteItem", "key": KEY, "condition": NEW})

    assert (answer.error is None) is success
    assert answer.result == ({"id": "1"} if item else None)


def test_a_failed_update_is_never_a_success() -> None:
    dynamodb = FakeDynamoDB(UpdateItem=FAILED, GetItem={})
    update = {"expression": "SET a = :a", "expressionValues": {":a": {"N": 1}}}

    answer = invoke(dynamodb, {"operation": "UpdateItem", "key": KEY, "update": update, "condition": NEW})

    assert (answer.result, answer.error is None) == (None, False)


@pytest.mark.parametrize(
    ("code", "type_"),
    [
        ("ValidationException", "DynamoDB:DynamoDbException"),
        ("AccessDeniedException", "DynamoDB:DynamoDbException"),
        ("ResourceNotFoundException", "DynamoDB:ResourceNotFoundException"),
    ],
)
def test_a_refusal_of_dynamodb_is_an_error_of_its_class(code: str, type_: str) -> None:
    failure = DynamoDBFailed(code, "no", status=400, request_id="r", body={})

    error = invoke(FakeDynamoDB(GetItem=failure), {"operation": "GetItem", "key": KEY}).error

    assert error is not None
    assert error.type == type_


@pytest.mark.parametrize(
    ("request_", "error_type", "message"),
    [
        (None, "MappingTemplate", "Value for field '$[operation]' not found."),
        ({"operation": "GetItem"}, "MappingTemplate", "Value for field '$[key]' not found."),
        ({"operation": "GetItem", "key": {"id": "1"}}, "MappingTemplate", "attribute value at '$[key][id]'"),
        ({"operation": "GetItem", "key": {"id": {"X": 1}}}, "MappingTemplate", "'$[key][id]': X"),
        (put(extra=1), "MappingTemplate", "Unsupported element '$[extra]'."),
        (put(condition={}), "MappingTemplate", "'$[condition][expression]' not found"),
        *(
            (query | {"nextToken": token}, "MappingTemplate", "pagination token")
            for query in [{"operation": "Query", "query": {"expression": "a"}}]
            for token in ["x", "é", "bnVsbA==", base64.urlsafe_b64encode(DEEP.encode()).decode()]
        ),
        ({"operation": "Sync"}, "NotSupported", "the DynamoDB operation Sync"),
        ({"operation": "BatchPutItem"}, "NotSupported", "the DynamoDB operation BatchPutItem"),
        (
            put(condition={**NEW, "conditionalCheckFailedHandler": {"strategy": "Custom"}}),
            "NotSupported",
            "strategy Custom",
        ),
    ],
)
def test_a_request_that_is_none_says_what_is_wrong(request_: Any, error_type: str, message: str) -> None:
    dynamodb = FakeDynamoDB()

    with pytest.raises(FieldFailed) as failed:
        invoke(dynamodb, request_)

    assert failed.value.error_type == error_type
    assert message in failed.value.message
    assert dynamodb.calls == []
