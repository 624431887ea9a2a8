"""Whose order it is. Ids are unique for a customer only, and e-mails and logs often name the order alone."""

from environments.user_error import UserError
from operations import moments
from operations.environment import Environment
from operations.logs import lines
from operations.orders import open_orders


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
    pages = (
        environment.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=environment.names.orders_table,
            FilterExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": order_id}},
            ProjectionExpression="user_id",
        )
    )
    return {item["user_id"]["S"] for page in pages for item in page["Items"]}
