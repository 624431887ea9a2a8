"""Whose order it is. Ids are unique for a customer only, and e-mails and logs often name the order alone."""

from typing import Any

from environments.user_error import UserError
from operations import moments
from operations.environment import Environment
from operations.logs import lines
from operations.orders import open_orders

# Of an order id, and what is needed of it at least: with fewer characters it says nothing but the year.
ID_LENGTH, LEAST = 26, 4
CANDIDATES = 5


def found_order(environment: Environment, typed: str, *, user: str | None, scan: bool) -> tuple[str, str]:
    """Customer and id of the order of which the id, or its beginning, was typed; UserError when it isn't one order.

    A beginning is looked for among the open orders, those of the customer, or all of the table.
    """
    if len(typed) == ID_LENGTH:
        return customer_of(environment, typed, user=user, scan=scan), typed
    found = sorted(_beginning(environment, typed, user=user, scan=scan))
    # A row that was put by hand may have any id.
    found = [one for one in found if one[1] == typed] or found
    if not LEAST <= len(typed) < ID_LENGTH and [one[1] for one in found] != [typed]:
        raise UserError(
            f"ORDER_ID: got {typed!r}, expected the {ID_LENGTH} characters of an order id, or its first {LEAST} or more"
        )
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(f"{order_id} of customer {user_id}" for user_id, order_id in found[:CANDIDATES])
        more = f" and {len(found) - CANDIDATES} more" if len(found) > CANDIDATES else ""
        raise UserError(f"{len(found)} orders begin with {typed}, type more or say --user: {shown}{more}")
    if user:
        raise UserError(f"customer {user} has no order that begins with {typed}")
    if scan:
        raise UserError(f"no order in {environment.names.orders_table} begins with {typed}")
    raise UserError(
        f"no open order begins with {typed}: type all {ID_LENGTH} characters,"
        " say whose it is with --user, or --scan the table"
    )


def customer_of(environment: Environment, order_id: str, *, user: str | None, scan: bool) -> str:
    """The given user, else the one customer who has an order of that id; UserError when there are none or several."""
    if user:
        return user
    found = _scanned(environment, order_id) if scan else _named(environment, order_id)
    if len(found) == 1:
        return found.pop()
    if found:
        choice = ", ".join(sorted(found))
        raise UserError(f"{len(found)} customers have an order {order_id}: choose one with --user, {choice}")
    if scan:
        raise UserError(f"no order {order_id} in {environment.names.orders_table}")
    raise UserError(
        f"order {order_id} is neither open nor in the logs: say whose it is with --user, or --scan the table"
    )


def _named(environment: Environment, order_id: str) -> set[str]:
    """Who the open orders and the logs say it is."""
    found = {order.user_id for order in open_orders(environment) if order.order_id == order_id}
    # A client may make the id, so its time is only about right.
    since = (moments.of_ulid(order_id) or moments.now()) - moments.DAY
    for use_case in ("start_workflow", "charge_payment", "sweep"):
        group = environment.names.function_log(use_case)
        for line in lines(environment, group, naming=order_id, since=max(since, 0), until=moments.now()):
            if line.fields.get("order_id") == order_id and "user_id" in line.fields:
                found.add(str(line.fields["user_id"]))
    return found


def _scanned(environment: Environment, order_id: str) -> set[str]:
    found = _keys(environment, "scan", FilterExpression="id = :id", ExpressionAttributeValues={":id": {"S": order_id}})
    return {user_id for user_id, _ in found}


def _beginning(environment: Environment, typed: str, *, user: str | None, scan: bool) -> set[tuple[str, str]]:
    """Customers and ids of the orders whose id begins like that."""
    values, begins = {":typed": {"S": typed}}, "begins_with(id, :typed)"
    if user:
        values[":user"] = {"S": user}
        condition = f"user_id = :user AND {begins}"
        return _keys(environment, "query", KeyConditionExpression=condition, ExpressionAttributeValues=values)
    if scan:
        return _keys(environment, "scan", FilterExpression=begins, ExpressionAttributeValues=values)
    return {(order.user_id, order.order_id) for order in open_orders(environment) if order.order_id.startswith(typed)}


def _keys(environment: Environment, operation: str, **arguments: Any) -> set[tuple[str, str]]:
    pages = environment.client("dynamodb").get_paginator(operation)
    table = environment.names.orders_table
    found = pages.paginate(TableName=table, ProjectionExpression="user_id, id", ConsistentRead=True, **arguments)
    return {(item["user_id"]["S"], item["id"]["S"]) for page in found for item in page["Items"]}
