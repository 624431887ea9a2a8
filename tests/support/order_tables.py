"""Tables of the order system, with the parts that adapters and workflow need."""

from typing import Any
from uuid import uuid4


def create_orders_table(dynamodb: Any, name: str | None = None) -> str:
    """Create an orders table with its index of open orders; return its name, random by default."""
    return _create(
        dynamodb,
        name or _new("orders"),
        keys={"user_id": "S", "id": "S"},
        index={"open_shard": "N", "due_at": "N"},
    )


def create_payments_table(dynamodb: Any, name: str | None = None) -> str:
    """Create a payments table; return its name, random by default."""
    return _create(dynamodb, name or _new("payments"), keys={"user_id": "S", "order_id": "S"}, index={})


def create_delayed_table(dynamodb: Any, name: str | None = None) -> str:
    """Create a table of delayed changes; return its name, random by default."""
    return _create(dynamodb, name or _new("delayed"), keys={"order": "S", "sequence_number": "S"}, index={})


def _new(noun: str) -> str:
    return f"{noun}-{uuid4().hex[:8]}"


def _create(dynamodb: Any, name: str, *, keys: dict[str, str], index: dict[str, str]) -> str:
    of_index = {
        "GlobalSecondaryIndexes": [
            {"IndexName": "open-orders", "KeySchema": _schema(index), "Projection": {"ProjectionType": "KEYS_ONLY"}}
        ]
    }
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": type_} for attribute, type_ in (keys | index).items()
        ],
        KeySchema=_schema(keys),
        **(of_index if index else {}),
    )
    return name


def _schema(keys: dict[str, str]) -> list[dict[str, str]]:
    types = zip(keys, ("HASH", "RANGE"), strict=False)
    return [{"AttributeName": attribute, "KeyType": type_} for attribute, type_ in types]
