"""A transaction's keys are whole."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.server_process import Server

MISSING = "One or more parameter values were invalid: Missing the key id in the item"
MISMATCH = "The provided key element does not match the schema"
WHOLE = {"user_id": {"S": "a"}, "id": {"S": "b"}}
PART = {"user_id": {"S": "a"}}
MORE = {**WHOLE, "name": {"S": "c"}}
CHANGE = {"UpdateExpression": "SET #name = :name", "ExpressionAttributeNames": {"#name": "name"}}


@pytest.fixture
def table(emulator: Server, unique: Callable[[str], str]) -> Iterator[str]:
    client, name = emulator.client("dynamodb"), unique("table")
    keys = {"user_id": "HASH", "id": "RANGE"}
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
    )
    yield name
    client.delete_table(TableName=name)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"Put": {"Item": PART}}, MISSING),
        ({"Put": {"Item": {"name": {"S": "c"}}}}, MISSING.replace("key id", "key user_id")),
        *[({"Delete": {"Key": key}}, MISMATCH) for key in (PART, MORE)],
        *[
            ({"Update": {"Key": key, **CHANGE, "ExpressionAttributeValues": {":name": {"S": "d"}}}}, MISMATCH)
            for key in (PART, MORE)
        ],
        *[
            ({"ConditionCheck": {"Key": key, "ConditionExpression": "attribute_exists(id)"}}, MISMATCH)
            for key in (PART, MORE)
        ],
    ],
)
def test_a_transaction_with_another_key_is_cancelled(
    emulator: Server, table: str, action: dict[str, Any], message: str
) -> None:
    client = emulator.client("dynamodb")
    kind = next(iter(action))
    others = {"Put": {"TableName": table, "Item": {**WHOLE, "id": {"S": "other"}}}}

    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        client.transact_write_items(TransactItems=[others, {kind: {"TableName": table, **action[kind]}}])

    assert [reason["Code"] for reason in refused.value.response["CancellationReasons"]] == ["None", "ValidationError"]
    assert refused.value.response["CancellationReasons"][1]["Message"] == message
    assert client.scan(TableName=table)["Count"] == 0


@pytest.mark.parametrize("key", [PART, MORE])
def test_a_read_with_another_key_is_cancelled(emulator: Server, table: str, key: dict[str, Any]) -> None:
    client = emulator.client("dynamodb")

    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        client.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": key}}])

    assert refused.value.response["CancellationReasons"][0]["Message"] == MISMATCH


def test_whole_keys_are_written_and_read(emulator: Server, table: str) -> None:
    client = emulator.client("dynamodb")

    client.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": MORE}}])
    found = client.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": WHOLE}}])

    assert found["Responses"] == [{"Item": MORE}]
