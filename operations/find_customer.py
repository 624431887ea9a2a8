"""Finds whose order it is. Ids are unique for a customer only, and e-mails and logs often name the order alone."""

from typing import Any

from environments.user_error import UserError
from operations import timestamps
from operations.environment import Environment
from operations.logs import read_lines
from operations.orders import open_orders
from operations.timestamps import ULID_LENGTH

# With fewer characters of an order id it says nothing but the year.
LEAST_CHARACTERS = 4
MOST_CANDIDATES = 5
ALLOWED_IDS = (
    f"expected the {ULID_LENGTH} characters of an order id, or its first {LEAST_CHARACTERS} or more:"
    " digits and letters without I, L, O and U, the first of them 0 to 7"
)


def find_order(environment: Environment, typed: str, *, user: str | None, scan: bool) -> tuple[str, str]:
    """Customer and id of the order of which the id, or its beginning, was typed; UserError when it isn't one order.

    A beginning is looked for among the open orders and those in the logs, those of the customer, or all of the table.
    """
    # ULIDs may be written in small letters; the rows have capitals.
    if timestamps.prefix_time(typed.upper()) is not None:
        typed = typed.upper()
    if timestamps.ulid_time(typed) is not None:
        return find_customer(environment, typed, user=user, scan=scan), typed
    found = sorted(_orders_by_prefix(environment, typed, user=user, scan=scan)) if typed else []
    # A row that was put by hand may have any id.
    found = [one for one in found if one[1] == typed] or found
    is_possible = len(typed) >= LEAST_CHARACTERS and timestamps.prefix_time(typed) is not None
    if not is_possible and [one[1] for one in found] != [typed]:
        raise UserError(f"ORDER_ID: got {typed!r}, {ALLOWED_IDS}")
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(f"{order_id} of customer {user_id}" for user_id, order_id in found[:MOST_CANDIDATES])
        more = f" and {len(found) - MOST_CANDIDATES} more" if len(found) > MOST_CANDIDATES else ""
        raise UserError(f"{len(found)} orders begin with {typed}, type more or say --user: {shown}{more}")
    if user:
        raise UserError(f"customer {user} has no order that begins with {typed}")
    if scan:
        raise UserError(f"no order in {environment.names.orders_table} begins with {typed}")
    raise UserError(
        f"no order that begins with {typed} is open or in the logs: say whose it is with --user, or --scan the table"
    )


def find_customer(environment: Environment, order_id: str, *, user: str | None, scan: bool) -> str:
    """The given user, else the one customer who has an order of that id; UserError when there are none or several."""
    if user:
        return user
    look = _scan_for_customers if scan else open_or_logged_customers
    found = look(environment, order_id)
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


def open_or_logged_customers(environment: Environment, order_id: str) -> set[str]:
    """The customers of whom an order of that id is open or in the logs."""
    return {user_id for user_id, id_ in _open_or_logged_orders(environment, order_id) if id_ == order_id}


def _open_or_logged_orders(environment: Environment, typed: str) -> set[tuple[str, str]]:
    """Customers and ids of the orders that are open or in the logs, and whose id is or begins like that."""
    found = {(one.user_id, one.order_id) for one in open_orders(environment) if one.order_id.startswith(typed)}
    made_at = timestamps.prefix_time(typed)
    # A client may make the id, so its time is only about right.
    since = max((timestamps.now() if made_at is None else made_at) - timestamps.DAY, 0)
    is_beginning = made_at is not None and len(typed) < ULID_LENGTH
    pattern = f'{{ $.order_id = "{typed}*" }}' if is_beginning else None
    for use_case in ("start_workflow", "charge_payment", "sweep"):
        group = environment.names.function_log(use_case)
        for line in read_lines(environment, group, naming=typed, since=since, until=timestamps.now(), pattern=pattern):
            order_id = str(line.fields.get("order_id", ""))
            if order_id.startswith(typed) and "user_id" in line.fields:
                found.add((str(line.fields["user_id"]), order_id))
    return found


def _scan_for_customers(environment: Environment, order_id: str) -> set[str]:
    found = _order_keys(
        environment, "scan", FilterExpression="id = :id", ExpressionAttributeValues={":id": {"S": order_id}}
    )
    return {user_id for user_id, _ in found}


def _orders_by_prefix(environment: Environment, typed: str, *, user: str | None, scan: bool) -> set[tuple[str, str]]:
    """Customers and ids of the orders whose id begins like that."""
    values, begins = {":typed": {"S": typed}}, "begins_with(id, :typed)"
    if user:
        values[":user"] = {"S": user}
        condition = f"user_id = :user AND {begins}"
        return _order_keys(environment, "query", KeyConditionExpression=condition, ExpressionAttributeValues=values)
    if scan:
        return _order_keys(environment, "scan", FilterExpression=begins, ExpressionAttributeValues=values)
    return _open_or_logged_orders(environment, typed)


def _order_keys(environment: Environment, operation: str, **arguments: Any) -> set[tuple[str, str]]:
    pages = environment.client("dynamodb").get_paginator(operation)
    table = environment.names.orders_table
    found = pages.paginate(TableName=table, ProjectionExpression="user_id, id", ConsistentRead=True, **arguments)
    return {(item["user_id"]["S"], item["id"]["S"]) for page in found for item in page["Items"]}
