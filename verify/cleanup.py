"""The end of a customer who was made to order: nothing goes on, and no row is left."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

from environments.order_rules import OPEN_STATUSES
from verify.customer import Customer, GraphqlError
from verify.polling import eventually
from verify.verified_environment import VerifiedEnvironment

CLOSING_SECONDS = 30
# What a row's key consists of, by the output that names the table.
TABLE_KEYS = {"orders_table": ("user_id", "id"), "payments_table": ("user_id", "order_id")}


def close_orders(customer: Customer) -> list[str]:
    """Cancel what can be cancelled, and wait for the rest to end; the ids of those that don't."""

    def open_orders() -> list[str]:
        return [order["id"] for order in customer.orders() if order["status"] in OPEN_STATUSES]

    for id_ in open_orders():
        with suppress(GraphqlError):  # somebody is at work on it
            customer.cancel_order(id_)
    return eventually(open_orders, lambda found: not found, within_seconds=CLOSING_SECONDS)


def remove_rows(target: VerifiedEnvironment, user_id: str, *, keep: Collection[str] = ()) -> int:
    """Remove a customer's orders and payments, except those of the orders to keep; returns how many rows went.

    What is gone already is no error, so that a removal which was stopped can be repeated.
    """
    dynamodb, removed = target.client("dynamodb"), 0
    for output, (customer, order) in TABLE_KEYS.items():
        table = target.outputs[output]
        for row in _rows(dynamodb, table, user_id, order):
            if row[order]["S"] not in keep:
                dynamodb.delete_item(TableName=table, Key={customer: {"S": user_id}, order: row[order]})
                removed += 1
    return removed


def _rows(dynamodb: Any, table: str, user_id: str, order: str) -> Iterator[dict[str, Any]]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="user_id = :user_id",
        ExpressionAttributeNames={"#order": order},
        ExpressionAttributeValues={":user_id": {"S": user_id}},
        ProjectionExpression="#order",
        ConsistentRead=True,
    )
    for page in pages:
        yield from page["Items"]
