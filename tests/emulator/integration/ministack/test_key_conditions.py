"""Queries over many items of one partition, in this process."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import dynamodb

from emulator.ministack.repairs.dynamodb import key_conditions

TABLE = "conditions"
KEY = {"user_id": "HASH", "id": "RANGE"}
VALUES = {":user": {"S": "ada"}, ":id": {"S": "0100"}}


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    dynamodb._create_table(
        {
            "TableName": TABLE,
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in KEY.items()],
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in KEY],
            "BillingMode": "PAY_PER_REQUEST",
        }
    )
    for number in range(1000):
        dynamodb._put_item({"TableName": TABLE, "Item": {"user_id": {"S": "ada"}, "id": {"S": f"{number:04}"}}})
    yield
    dynamodb._delete_table({"TableName": TABLE})


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb, "_evaluate_condition", dynamodb._evaluate_condition)
    key_conditions.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run


def query(condition: str, **more: Any) -> Any:
    values = {name: value for name, value in VALUES.items() if name in condition}
    return dynamodb._query(
        {"TableName": TABLE, "KeyConditionExpression": condition, "ExpressionAttributeValues": values, **more}
    )


def seconds_of(condition: str) -> float:
    start = time.process_time()
    for _ in range(5):
        query(condition, Limit=10)
    return time.process_time() - start


@pytest.mark.parametrize("condition", ["user_id = :user", "user_id = :user AND id < :id"])
def test_a_page_of_a_long_partition_takes_half_the_time(condition: str, request: pytest.FixtureRequest) -> None:
    before = seconds_of(condition)

    request.getfixturevalue("mended")

    assert seconds_of(condition) < before / 2


@pytest.mark.parametrize(
    "condition",
    [
        "user_id = :user",
        "user_id = :user AND id < :id",
        "user_id=:user and id >= :id",
        "id = :id AND user_id = :user",
        "user_id = :user AND begins_with(id, :id)",
        "(user_id = :user) AND (id > :id)",
    ],
)
def test_a_query_finds_what_it_found_before(condition: str, request: pytest.FixtureRequest) -> None:
    status, _, before = query(condition)

    request.getfixturevalue("mended")

    assert (status, query(condition)[2]) == (200, before)
    assert b'"Count": 0' not in before
