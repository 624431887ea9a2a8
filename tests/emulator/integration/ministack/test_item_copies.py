"""Copies of DynamoDB items, in this process."""

import copy
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.services import dynamodb

from emulator.ministack.repairs.dynamodb import item_copies
from emulator.ministack.repairs.dynamodb.item_copies import copied

TABLE = "copies"
ITEM = {
    "id": {"S": "1"},
    "basket": {"L": [{"M": {"amount": {"N": "1"}, "hot": {"BOOL": True}, "note": {"NULL": True}}}]},
}


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The values that Python's own deepcopy copied for DynamoDB, with the repair in place."""
    found: list[Any] = []

    def noted(value: Any, *arguments: Any) -> Any:
        found.append(value)
        return deepcopy(value, *arguments)

    deepcopy = copy.deepcopy
    monkeypatch.setattr(dynamodb, "copy", dynamodb.copy)
    item_copies.apply(None)  # type: ignore[arg-type]  # this repair needs to know nothing of the run
    monkeypatch.setattr(copy, "deepcopy", noted)
    yield found
    dynamodb._delete_table({"TableName": TABLE})


def test_a_copy_shares_nothing_that_can_change() -> None:
    made = copied(ITEM)

    made["basket"]["L"][0]["M"]["amount"]["N"] = "2"
    made["basket"]["L"].append({"S": "more"})
    assert ITEM["basket"] == {"L": [{"M": {"amount": {"N": "1"}, "hot": {"BOOL": True}, "note": {"NULL": True}}}]}


def test_what_is_no_json_keeps_its_class() -> None:
    made = copied({"items": defaultdict(dict, {"a": {"b": {1, 2}}})})

    assert isinstance(made["items"], defaultdict)
    assert made["items"]["c"] == {}


def test_an_update_copies_the_item_by_none_of_pythons_own_rules(copies: list[Any]) -> None:
    dynamodb._create_table(
        {
            "TableName": TABLE,
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
    )
    dynamodb._put_item({"TableName": TABLE, "Item": ITEM})
    copies.clear()

    status, _, _ = dynamodb._update_item(
        {
            "TableName": TABLE,
            "Key": {"id": {"S": "1"}},
            "UpdateExpression": "SET basket[0].amount = :two",
            "ExpressionAttributeValues": {":two": {"N": "2"}},
        }
    )

    assert (status, copies) == (200, [])
    assert ITEM["basket"]["L"][0]["M"]["amount"] == {"N": "1"}  # type: ignore[index]
