"""Rows of a DynamoDB table as Python values, for tests that read and write them directly."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from orders.domain.order import OrderKey


class Table:
    """One table, through a DynamoDB client."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name

    def put(self, row: Mapping[str, Any]) -> None:
        serialize = TypeSerializer().serialize
        self.client.put_item(
            TableName=self.name, Item={name: serialize(_for_dynamodb(value)) for name, value in row.items()}
        )

    def row(self, key: OrderKey, *, sort: str = "id") -> dict[str, Any] | None:
        """Return the row as it is now, with numbers as int."""
        answer = self.client.get_item(
            TableName=self.name,
            Key={"user_id": {"S": key.user_id}, sort: {"S": key.order_id}},
            ConsistentRead=True,
        )
        if "Item" not in answer:
            return None
        read = TypeDeserializer().deserialize
        return {name: _from_dynamodb(read(value)) for name, value in answer["Item"].items()}


def _for_dynamodb(value: Any) -> Any:
    # StrEnum members and plain texts alike.
    return str(value) if isinstance(value, str) else value


def _from_dynamodb(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _from_dynamodb(inner) for name, inner in value.items()}
    return int(value) if isinstance(value, Decimal) else value
