"""The DynamoDB data source against a real table."""

import itertools
import json
from typing import Any

import pytest

from tests.emulator.support.deployed_api import Api, allow, create_api, create_role
from tests.emulator.support.graphql_calls import data_of, post

TABLE = "appsync-notes"
ARN = f"arn:aws:dynamodb:us-east-1:000000000000:table/{TABLE}"
EVERYTHING = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "ConditionCheckItem"]
SDL = """
type Query { ask(request: AWSJSON!): AWSJSON }
type Mutation { ask(request: AWSJSON!): AWSJSON }
schema { query: Query mutation: Mutation }
"""
ASK = """
export function request(ctx) { return ctx.args.request }
export function response(ctx) { return { result: ctx.result, error: ctx.error } }
"""
names = (f"user-{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def table(emulator: Any) -> Any:
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "user", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("user", "id", "colour")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-colour",
                "KeySchema": [{"AttributeName": "colour", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return dynamodb


def deploy(emulator: Any, pool: Any, name: str, actions: list[str]) -> Api:
    grants = [allow([f"dynamodb:{action}" for action in actions], resource) for resource in (ARN, f"{ARN}/index/*")]
    role = create_role(emulator, f"appsync-{name}", *grants)
    api = create_api(emulator, SDL, name=name, **pool.settings())
    api.data_source(
        "table", "AMAZON_DYNAMODB", serviceRoleArn=role, dynamodbConfig={"tableName": TABLE, "awsRegion": "us-east-1"}
    )
    for place in ("Query.ask", "Mutation.ask"):
        api.resolver(place, ASK, source="table")
    return api


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any, table: Any) -> Api:
    return deploy(emulator, pool, "everything", EVERYTHING)


@pytest.fixture
def user() -> str:
    return next(names)


def ask(api: Api, token: str, request: dict[str, Any]) -> Any:
    query = "query($r: AWSJSON!) { ask(request: $r) }"
    return json.loads(data_of(post(api.url, query, {"r": json.dumps(request)}, token=token))["ask"])


def refusal(api: Api, token: str, request: dict[str, Any]) -> tuple[str, str]:
    query = "query($r: AWSJSON!) { ask(request: $r) }"
    (error,) = post(api.url, query, {"r": json.dumps(request)}, token=token).json()["errors"]
    return error["errorType"], error["message"]


def key(user: str, id_: str) -> dict[str, Any]:
    return {"user": {"S": user}, "id": {"S": id_}}


def put(user: str, id_: str, **values: Any) -> dict[str, Any]:
    return {"operation": "PutItem", "key": key(user, id_), "attributeValues": values}


NEW = {"expression": "attribute_not_exists(id)"}
KINDS = {
    "number": {"N": 5},
    "fraction": {"N": 0.5},
    "flag": {"BOOL": True},
    "nothing": {"NULL": None},
    "map": {"M": {"list": {"L": [{"S": "a"}, {"N": 1}]}}},
    "numbers": {"NS": [1, 2]},
    "words": {"SS": ["a", "b"]},
}


def test_values_keep_their_types_in_the_table(api: Api, token: str, table: Any, user: str) -> None:
    written = ask(api, token, put(user, "1", **KINDS))
    stored = table.get_item(TableName=TABLE, Key=key(user, "1"))["Item"]
    read = ask(api, token, {"operation": "GetItem", "key": key(user, "1"), "consistentRead": True})

    assert stored["number"] == {"N": "5"}
    assert stored["flag"] == {"BOOL": True}
    assert stored["nothing"] == {"NULL": True}
    assert stored["map"] == {"M": {"list": {"L": [{"S": "a"}, {"N": "1"}]}}}
    assert set(stored["numbers"]["NS"]) == {"1", "2"}
    assert read["result"]["fraction"] == 0.5
    assert read["result"]["map"] == {"list": ["a", 1]}
    assert sorted(read["result"]["words"]) == ["a", "b"]
    assert {**written["result"], "words": 0, "numbers": 0} == {**read["result"], "words": 0, "numbers": 0}


def test_a_missing_item_is_null(api: Api, token: str, user: str) -> None:
    assert ask(api, token, {"operation": "GetItem", "key": key(user, "none")}) == {"result": None, "error": None}


def test_a_put_of_an_equal_item_counts_as_success(api: Api, token: str, user: str) -> None:
    request = put(user, "1", **KINDS) | {"condition": NEW}
    ask(api, token, request)

    again = ask(api, token, request)

    assert again["error"] is None
    assert again["result"]["map"] == {"list": ["a", 1]}


def test_a_put_of_another_item_fails_with_the_current_one(api: Api, token: str, table: Any, user: str) -> None:
    ask(api, token, put(user, "1", n={"N": 1}))

    answer = ask(api, token, put(user, "1", n={"N": 2}) | {"condition": NEW})

    assert answer["error"]["type"] == "DynamoDB:ConditionalCheckFailedException"
    assert answer["error"]["message"].startswith(
        "The conditional request failed (Service: DynamoDb, Status Code: 400, "
    )
    assert answer["result"] == {"user": user, "id": "1", "n": 1}
    assert table.get_item(TableName=TABLE, Key=key(user, "1"))["Item"]["n"] == {"N": "1"}


def test_what_equals_ignore_names_is_not_compared(api: Api, token: str, user: str) -> None:
    ask(api, token, put(user, "1", n={"N": 1}, at={"S": "then"}))

    answer = ask(
        api, token, put(user, "1", n={"N": 1}, at={"S": "now"}) | {"condition": {**NEW, "equalsIgnore": ["at"]}}
    )

    assert answer == {"result": {"user": user, "id": "1", "n": 1, "at": "then"}, "error": None}


def update(user: str, id_: str, expected: int) -> dict[str, Any]:
    return {
        "operation": "UpdateItem",
        "key": key(user, id_),
        "update": {
            "expression": "SET #n = #n + :one",
            "expressionNames": {"#n": "n"},
            "expressionValues": {":one": {"N": 1}},
        },
        "condition": {
            "expression": "#n = :expected",
            "expressionNames": {"#n": "n"},
            "expressionValues": {":expected": {"N": expected}},
        },
    }


def test_an_update_returns_the_new_item(api: Api, token: str, user: str) -> None:
    ask(api, token, put(user, "1", n={"N": 1}))

    assert ask(api, token, update(user, "1", 1)) == {"result": {"user": user, "id": "1", "n": 2}, "error": None}


def test_a_failed_update_gives_the_error_and_the_current_item(api: Api, token: str, user: str) -> None:
    ask(api, token, put(user, "1", n={"N": 1}))

    answer = ask(api, token, update(user, "1", 7))

    assert answer["error"]["type"] == "DynamoDB:ConditionalCheckFailedException"
    assert answer["result"] == {"user": user, "id": "1", "n": 1}


def test_a_delete_returns_the_old_item(api: Api, token: str, user: str) -> None:
    ask(api, token, put(user, "1"))

    answer = ask(api, token, {"operation": "DeleteItem", "key": key(user, "1")})

    assert answer == {"result": {"user": user, "id": "1"}, "error": None}


def test_a_failed_delete_of_a_missing_item_counts_as_success(api: Api, token: str, user: str) -> None:
    condition = {"expression": "attribute_exists(id)"}

    missing = ask(api, token, {"operation": "DeleteItem", "key": key(user, "1"), "condition": condition})
    ask(api, token, put(user, "1"))
    present = ask(api, token, {"operation": "DeleteItem", "key": key(user, "1"), "condition": NEW})

    assert missing == {"result": None, "error": None}
    assert present["error"]["type"] == "DynamoDB:ConditionalCheckFailedException"
    assert present["result"] == {"user": user, "id": "1"}


def query_of(user: str, **more: Any) -> dict[str, Any]:
    return {
        "operation": "Query",
        "query": {
            "expression": "#u = :u",
            "expressionNames": {"#u": "user"},
            "expressionValues": {":u": {"S": user}},
        },
    } | more


def test_a_query_pages_in_either_direction(api: Api, token: str, user: str) -> None:
    for number in range(3):
        ask(api, token, put(user, str(number)))

    first = ask(api, token, query_of(user, limit=2, scanIndexForward=False, consistentRead=True))["result"]
    second = ask(api, token, query_of(user, limit=2, scanIndexForward=False, nextToken=first["nextToken"]))["result"]

    assert [item["id"] for item in first["items"]] == ["2", "1"]
    assert first["scannedCount"] == 2
    assert ([item["id"] for item in second["items"]], second["nextToken"]) == (["0"], None)


def test_a_query_filters_projects_and_uses_an_index(api: Api, token: str, user: str) -> None:
    for number in range(3):
        ask(api, token, put(user, str(number), colour={"S": user}, n={"N": number}))
    request = {
        "operation": "Query",
        "index": "by-colour",
        "query": {"expression": "colour = :c", "expressionValues": {":c": {"S": user}}},
        "filter": {"expression": "#n > :zero", "expressionNames": {"#n": "n"}, "expressionValues": {":zero": {"N": 0}}},
        "projection": {"expression": "#n", "expressionNames": {"#n": "n"}},
    }

    answer = ask(api, token, request)["result"]

    assert sorted(item["n"] for item in answer["items"]) == [1, 2]
    assert all(set(item) == {"n"} for item in answer["items"])
    assert answer["scannedCount"] == 3


def test_a_batch_keeps_the_order_of_its_keys(api: Api, token: str, user: str) -> None:
    ask(api, token, put(user, "1"))
    ask(api, token, put(user, "3"))
    keys = [key(user, "3"), key(user, "2"), key(user, "1")]

    answer = ask(api, token, {"operation": "BatchGetItem", "tables": {TABLE: {"keys": keys}}})["result"]

    assert answer["data"][TABLE] == [{"user": user, "id": "3"}, None, {"user": user, "id": "1"}]
    assert answer["unprocessedKeys"] == {TABLE: []}


def transaction(user: str, condition: dict[str, Any] | None) -> dict[str, Any]:
    first = {"table": TABLE, "operation": "PutItem", "key": key(user, "1"), "attributeValues": {"n": {"N": 1}}}
    second = {"table": TABLE, "operation": "ConditionCheck", "key": key(user, "2"), "condition": condition}
    return {"operation": "TransactWriteItems", "transactItems": [first, second]}


def test_a_transaction_writes_all_or_nothing(api: Api, token: str, user: str) -> None:
    failed = ask(api, token, transaction(user, {"expression": "attribute_exists(id)"}))
    nothing = ask(api, token, {"operation": "GetItem", "key": key(user, "1")})["result"]
    written = ask(api, token, transaction(user, NEW))

    assert failed["error"]["type"] == "DynamoDB:TransactionCanceledException"
    assert [reason["type"] for reason in failed["result"]["cancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert nothing is None
    assert written["result"]["keys"] == [{"user": user, "id": "1"}, {"user": user, "id": "2"}]


def test_a_transaction_reads_several_items(api: Api, token: str, user: str) -> None:
    ask(api, token, put(user, "1"))
    items = [{"table": TABLE, "key": key(user, id_)} for id_ in ("1", "2")]

    answer = ask(api, token, {"operation": "TransactGetItems", "transactItems": items})["result"]

    assert answer["items"] == [{"user": user, "id": "1"}, None]


def test_an_error_of_dynamodb_is_left_to_the_response_handler(api: Api, token: str) -> None:
    answer = ask(api, token, {"operation": "GetItem", "key": {"wrong": {"S": "x"}}})

    assert answer["error"]["type"] == "DynamoDB:DynamoDbException"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"operation": None}, ("MappingTemplate", "Value for field '$[operation]' not found.")),
        ({"key": None}, ("MappingTemplate", "Value for field '$[key]' not found.")),
        ({"tabel": "x"}, ("MappingTemplate", "Unsupported element '$[tabel]'.")),
        ({"operation": "Sync"}, ("NotSupported", "the local AppSync doesn't support the DynamoDB operation Sync")),
    ],
)
def test_a_request_that_appsync_cannot_read_says_where(
    api: Api, token: str, user: str, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert refusal(api, token, {"operation": "GetItem", "key": key(user, "1")} | change) == expected


def test_a_data_source_does_only_what_its_role_may(emulator: Any, pool: Any, table: Any, token: str, user: str) -> None:
    writer = deploy(emulator, pool, "put-only", ["PutItem"])

    first = ask(writer, token, put(user, "1", n={"N": 1}) | {"condition": NEW})
    read = ask(writer, token, {"operation": "GetItem", "key": key(user, "1")})
    failed = ask(writer, token, put(user, "1", n={"N": 2}) | {"condition": NEW})

    assert first["error"] is None
    assert read["error"]["type"] == "DynamoDB:DynamoDbException"
    assert "not authorized to perform: dynamodb:GetItem" in read["error"]["message"]
    # After a failed condition AppSync reads the item, which needs a permission.
    assert "not authorized to perform: dynamodb:GetItem" in failed["error"]["message"]


def test_a_role_that_does_not_trust_appsync_is_not_taken(
    emulator: Any, pool: Any, table: Any, token: str, user: str
) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
    role = create_role(emulator, "appsync-foreign", allow(["dynamodb:GetItem"], ARN), trust=trust)
    api = create_api(emulator, SDL, **pool.settings())
    config = {"tableName": TABLE, "awsRegion": "us-east-1"}
    api.data_source("table", "AMAZON_DYNAMODB", serviceRoleArn=role, dynamodbConfig=config)
    api.resolver("Query.ask", ASK, source="table")

    assert refusal(api, token, {"operation": "GetItem", "key": key(user, "1")})[0] == "AccessDeniedException"
