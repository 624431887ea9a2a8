"""The orders table, as the sweep uses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

from orders.domain.moment import aws_date_time
from orders.domain.order import OPEN_STATUSES, HintsUsedUp, OrderKey, OrderMoved, OrderStatus, statuses_before
from orders.domain.row import order_from_row, payment_method_of, status_of
from orders.ports import DueOrder, Postponed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


class DynamoDBOrders:
    """Orders in a DynamoDB table with a sharded index of the open ones."""

    def __init__(self, client: DynamoDBClient, *, table: str, index: str) -> None:
        self._client = client
        self._table = table
        self._index = index

    def due(self, shard: int, *, before_milliseconds: int) -> Iterator[DueOrder]:
        """Yield the open orders of a shard that were due before then, longest waiting first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=self._index,
            KeyConditionExpression="open_shard = :shard AND due_at < :before",
            ExpressionAttributeValues={":shard": _number(shard), ":before": _number(before_milliseconds)},
        )
        for page in pages:
            for item in page["Items"]:
                key = OrderKey(user_id=item["user_id"]["S"], order_id=item["id"]["S"])
                yield DueOrder(key, due_at_milliseconds=int(item["due_at"]["N"]))

    def postpone(self, due: DueOrder, *, until_milliseconds: int, max_hints: int) -> Postponed:
        """Take the right to send one hint; raises OrderMoved or HintsUsedUp."""
        open_names, open_values = _one_of(OPEN_STATUSES)
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(due.key),
                # Without lease_owner the next workflow may take a PAYING order, although due_at
                # lies ahead again.
                UpdateExpression="SET due_at = :until ADD hints :one REMOVE lease_owner",
                ConditionExpression=f"due_at = :seen AND #status IN ({open_names})"
                " AND (attribute_not_exists(hints) OR hints < :max)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":until": _number(until_milliseconds),
                    ":one": _number(1),
                    ":seen": _number(due.due_at_milliseconds),
                    ":max": _number(max_hints),
                    **open_values,
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
            written = answer["Attributes"]
            return Postponed(int(written["hints"]["N"]), written.get("changeable_until", {}).get("S", ""))
        except self._client.exceptions.ConditionalCheckFailedException as failure:
            row = _row(failure.response)
            status = status_of(row) if row else None
            if row.get("due_at") == due.due_at_milliseconds and status in OPEN_STATUSES:
                raise HintsUsedUp(order_from_row(row), payment_method=payment_method_of(row)) from None
            raise OrderMoved(due.key, status) from None

    def finish(self, key: OrderKey, *, status: OrderStatus, failure_reason: str | None, at_milliseconds: int) -> None:
        """Move an order to a final status; raises OrderMoved if its status doesn't allow that."""
        source_names, source_values = _one_of(statuses_before(status))
        reason = {} if failure_reason is None else {":reason": _text(failure_reason)}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(key),
                UpdateExpression="SET #status = :status, #version = #version + :one, updated_at = :now"
                + (", failure_reason = :reason" if reason else "")
                + " REMOVE open_shard, due_at, lease_owner",
                ConditionExpression=f"#status IN ({source_names})",
                ExpressionAttributeNames={"#status": "status", "#version": "version"},
                ExpressionAttributeValues={
                    ":status": _text(status),
                    ":one": _number(1),
                    ":now": _text(aws_date_time(at_milliseconds)),
                    **reason,
                    **source_values,
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as failure:
            row = _row(failure.response)
            raise OrderMoved(key, status_of(row) if row else None) from None


def _key(key: OrderKey) -> dict[str, AttributeValueTypeDef]:
    return {"user_id": _text(key.user_id), "id": _text(key.order_id)}


def _text(value: str) -> AttributeValueTypeDef:
    return {"S": str(value)}


def _number(value: int) -> AttributeValueTypeDef:
    return {"N": str(value)}


def _one_of(statuses: Iterable[OrderStatus]) -> tuple[str, dict[str, AttributeValueTypeDef]]:
    """Return the operands of an IN over statuses, and their values."""
    values = {f":{status.lower()}": _text(status) for status in sorted(statuses)}
    return ", ".join(values), values


def _row(response: Any) -> dict[str, Any]:
    """Return the row that a failed condition met; empty when there is none."""
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in response.get("Item", {}).items()}
