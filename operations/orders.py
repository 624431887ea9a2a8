"""Rows of orders and payments, and what moves a stuck order on: the system's own sweep."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from environments.names import OPEN_ORDERS
from environments.user_error import UserError
from operations import timestamps
from operations.environment import Environment

Row = dict[str, Any]
# Orders that are read at once; more than most people look at.
PAGE_SIZE = 100
# Whatever this machine's clock says, sweep's must find the order due.
CLOCK_DIFFERENCE = timestamps.MINUTE


@dataclass(frozen=True, kw_only=True)
class OpenOrder:
    """An entry of the index of open orders."""

    user_id: str
    order_id: str
    due_at: int


def read_order(environment: Environment, user_id: str, order_id: str) -> Row | None:
    """An order's row as it is now."""
    return _read_row(environment, environment.names.orders_table, user_id=user_id, id=order_id)


def read_payment(environment: Environment, user_id: str, order_id: str) -> Row | None:
    """The record of an order's one charge."""
    return _read_row(environment, environment.names.payments_table, user_id=user_id, order_id=order_id)


def customer_orders(environment: Environment, user_id: str, *, status: str | None = None) -> Iterator[Row]:
    """A customer's orders as they are now, newest first; a page is read when it is wanted."""
    named = {"ExpressionAttributeNames": {"#status": "status"}, "FilterExpression": "#status = :status"}
    values = {":user": {"S": user_id}} | ({":status": {"S": status}} if status else {})
    pages = environment.client("dynamodb").get_paginator("query")
    for page in pages.paginate(
        TableName=environment.names.orders_table,
        KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues=values,
        ScanIndexForward=False,
        ConsistentRead=True,
        PaginationConfig={"PageSize": PAGE_SIZE},
        **(named if status else {}),
    ):
        yield from map(_row_from_item, page["Items"])


def open_orders(environment: Environment) -> Iterator[OpenOrder]:
    """All orders that are neither paid, failed nor cancelled, shard by shard, longest due first."""
    pages = environment.client("dynamodb").get_paginator("query")
    for shard in range(int(sweep_setting(environment, "OPEN_ORDERS_SHARDS"))):
        for page in pages.paginate(
            TableName=environment.names.orders_table,
            IndexName=OPEN_ORDERS,
            KeyConditionExpression="open_shard = :shard",
            ExpressionAttributeValues={":shard": {"N": str(shard)}},
        ):
            for item in page["Items"]:
                yield OpenOrder(user_id=item["user_id"]["S"], order_id=item["id"]["S"], due_at=int(item["due_at"]["N"]))


def make_due(environment: Environment, row: Row, *, hints: int) -> Row:
    """Let the next sweep find the order, with so many hints used; its row after that. UserError when it moved."""
    dynamodb = environment.client("dynamodb")
    due_at = timestamps.now() - CLOCK_DIFFERENCE
    try:
        dynamodb.update_item(
            TableName=environment.names.orders_table,
            Key={"user_id": {"S": row["user_id"]}, "id": {"S": row["id"]}},
            UpdateExpression="SET due_at = :due, hints = :hints",
            # A lease that is taken or ends, a sweep, a final status: each changes or removes due_at.
            ConditionExpression="#status = :status AND due_at = :seen",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":due": {"N": str(due_at)},
                ":hints": {"N": str(hints)},
                ":status": {"S": row["status"]},
                ":seen": {"N": str(row["due_at"])},
            },
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        raise UserError(f"order {row['id']} moved on just now, nothing was changed: look at it again") from None
    return {**row, "due_at": due_at, "hints": hints}


def run_sweep(environment: Environment) -> str | None:
    """Run sweep now; what it complained of, None when all went well."""
    answer = environment.client("lambda").invoke(FunctionName=environment.names.function("sweep"), Payload=b"{}")
    said = json.load(answer["Payload"])
    if not answer.get("FunctionError"):
        return None
    return str(said.get("errorMessage", said) if isinstance(said, dict) else said)


def sweep_setting(environment: Environment, name: str) -> str:
    """Return what sweep is configured with."""
    function = environment.names.function("sweep")
    answer = environment.client("lambda").get_function_configuration(FunctionName=function)
    return str(answer["Environment"]["Variables"][name])


def _read_row(environment: Environment, table: str, **key: str) -> Row | None:
    answer = environment.client("dynamodb").get_item(
        TableName=table, Key={name: {"S": value} for name, value in key.items()}, ConsistentRead=True
    )
    return _row_from_item(answer["Item"]) if "Item" in answer else None


def _row_from_item(item: dict[str, Any]) -> Row:
    from boto3.dynamodb.types import TypeDeserializer  # here, so that --help answers at once

    read = TypeDeserializer().deserialize
    return {name: _plain_value(read(value)) for name, value in item.items()}


def _plain_value(value: Any) -> Any:
    """DynamoDB's numbers as Python's, and its bytes as the text that shows them."""
    from boto3.dynamodb.types import Binary  # as above

    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Binary):
        return repr(value)
    if isinstance(value, dict):
        return {name: _plain_value(inner) for name, inner in value.items()}
    return [_plain_value(inner) for inner in value] if isinstance(value, list) else value
