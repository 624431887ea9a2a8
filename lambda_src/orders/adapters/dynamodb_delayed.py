"""The table of delayed changes, whose announcements are tried again beside the stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orders.domain.order import OrderKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

# A stream's sequence number has up to 40 digits (API reference of DynamoDB Streams). DynamoDB
# compares texts character by character.
_DIGITS = 40


class DynamoDBDelayed:
    """Changes in a DynamoDB table: `order` is the customer's and the order's id, `sequence_number` the stream's."""

    def __init__(self, client: Callable[[], DynamoDBClient], *, table: str) -> None:
        """Take a function that makes the client; it is called when the client is first needed."""
        self._make_client = client
        self._table = table

    @cached_property
    def _client(self) -> DynamoDBClient:
        return self._make_client()

    def holds(self, key: OrderKey) -> bool:
        """Return True if a change of the order waits, as of now."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="#order = :order",
            ExpressionAttributeNames={"#order": "order"},
            ExpressionAttributeValues={":order": {"S": _order(key)}},
            ConsistentRead=True,
            Limit=1,
            Select="COUNT",
        )
        return answer["Count"] > 0

    def keep(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        """Store a record of the stream; the same record again is stored in the same place."""
        self._client.put_item(TableName=self._table, Item={**_key(key, record), "record": {"S": json.dumps(record)}})

    def changes(self) -> Iterator[dict[str, Any]]:
        """Yield all records; those of one order come oldest first.

        A scan sorts items with the same hash key by their range key.
        """
        pages = self._client.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        return (json.loads(item["record"]["S"]) for page in pages for item in page["Items"])

    def forget(self, key: OrderKey, record: Mapping[str, Any]) -> None:
        """Remove a record; one that isn't there is removed already."""
        self._client.delete_item(TableName=self._table, Key=_key(key, record))


def _key(key: OrderKey, record: Mapping[str, Any]) -> dict[str, AttributeValueTypeDef]:
    number = str(record["dynamodb"]["SequenceNumber"]).zfill(_DIGITS)
    return {"order": {"S": _order(key)}, "sequence_number": {"S": number}}


def _order(key: OrderKey) -> str:
    return f"{key.user_id}/{key.order_id}"
