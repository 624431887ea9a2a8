"""The orders table, as charge_payment reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import BotoCoreError, ClientError

from orders.domain.order import OrderKey, OrderMoved
from orders.domain.payment import ChargeRequest, OrdersUnavailable
from orders.domain.row import charge_request_from_row

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBChargeRequests:
    """The charges that orders ask for, in the rows of a DynamoDB table."""

    def __init__(self, client: DynamoDBClient, *, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, key: OrderKey) -> ChargeRequest:
        """Return the order's one charge, as its row has it now.

        Raises OrderMoved, InvalidRow or OrdersUnavailable.
        """
        try:
            answer = self._client.get_item(
                TableName=self._table,
                Key={"user_id": {"S": key.user_id}, "id": {"S": key.order_id}},
                ConsistentRead=True,
            )
        except (BotoCoreError, ClientError) as error:
            raise OrdersUnavailable(str(error)) from error
        if "Item" not in answer:
            raise OrderMoved(key, None)
        read = TypeDeserializer().deserialize
        return charge_request_from_row({name: read(value) for name, value in answer["Item"].items()})
