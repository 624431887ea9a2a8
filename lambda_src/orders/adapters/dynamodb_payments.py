"""The payments table: one row an order's charge, written once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import Charge, Payment, PaymentResult, PaymentsUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


class DynamoDBPayments:
    """Payments in a DynamoDB table. Raises PaymentsUnavailable."""

    def __init__(self, client: DynamoDBClient, *, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, key: OrderKey) -> Payment | None:
        """Return the payment of an order, as of now; None if it has none."""
        with _as_unavailable():
            answer = self._client.get_item(TableName=self._table, Key=_key(key), ConsistentRead=True)
        return _payment(answer["Item"]) if "Item" in answer else None

    def record(self, payment: Payment) -> Payment:
        """Store the order's payment unless it has one, and return the payment that is on record."""
        with _as_unavailable():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(payment),
                    ConditionExpression="attribute_not_exists(order_id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._client.exceptions.ConditionalCheckFailedException as failure:
                # The stubs don't know that ALL_OLD puts the item in the error.
                return _payment(failure.response["Item"])  # type: ignore[typeddict-item]
        return payment


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise PaymentsUnavailable(str(error)) from error


def _key(key: OrderKey) -> dict[str, AttributeValueTypeDef]:
    return {"user_id": {"S": key.user_id}, "order_id": {"S": key.order_id}}


def _item(payment: Payment) -> dict[str, AttributeValueTypeDef]:
    item: dict[str, AttributeValueTypeDef] = {
        **_key(payment.key),
        "charge_id": {"S": payment.charge.charge_id},
        "amount": {"N": str(payment.price.minor_units)},
        "currency": {"S": payment.price.currency},
        "result": {"S": str(payment.charge.result)},
        "created_at": {"S": payment.created_at},
    }
    if payment.charge.reason is not None:
        item["reason"] = {"S": payment.charge.reason}
    return item


def _payment(item: Mapping[str, Any]) -> Payment:
    reason = item["reason"]["S"] if "reason" in item else None
    return Payment(
        key=OrderKey(user_id=item["user_id"]["S"], order_id=item["order_id"]["S"]),
        charge=Charge(item["charge_id"]["S"], PaymentResult(item["result"]["S"]), reason),
        price=Money(int(item["amount"]["N"]), item["currency"]["S"]),
        created_at=item["created_at"]["S"],
    )
