"""Orders whose hints got lost."""

import time
from dataclasses import dataclass, field
from typing import Any

from environments.order_rules import GRACE_SECONDS
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.e2e.support.users import user_id_of
from verify.customer import Customer

# The time after which the sweep takes up a PENDING order (insertOrder.js).
GRACE_MILLISECONDS = GRACE_SECONDS * 1000


@dataclass(frozen=True)
class WaitingForSweep:
    """A customer's orders, by the way their hints were lost, and the time since they are due."""

    customer: Customer
    orders: dict[str, dict[str, Any]]
    due_since: float = field(default_factory=time.monotonic)

    def status(self, how: str) -> str:
        """Read the status of the order whose hint was lost in that way."""
        return str(self.customer.order(self.orders[how]["id"])["status"])


def lose_hints(customer: Customer, account: AdministratorAccess) -> WaitingForSweep:
    """Place two orders: one's message is removed from the queue, the other's can't be sent."""
    orders = {}
    with account.hints_held():
        orders["message lost"] = customer.post_order(**PIZZA)
        taken = [message["Body"] for message in account.messages("queue_url", remove=True)]
        assert [orders["message lost"]["id"] in body for body in taken] == [True]
    with account.without("sqs:SendMessage", role="orders-local-api-orders-queue"):
        orders["message not sent"] = customer.post_order(**PIZZA)
    for order in orders.values():
        make_due(account, user_id_of(customer), order["id"])
    return WaitingForSweep(customer, orders)


def make_due(account: AdministratorAccess, user_id: str, order_id: str) -> None:
    """Make the order due. Waiting for it would take half a minute and show nothing more."""
    account.client("dynamodb").update_item(
        TableName=account.outputs["orders_table"],
        Key={"user_id": {"S": user_id}, "id": {"S": order_id}},
        UpdateExpression="SET due_at = due_at - :grace",
        ConditionExpression="#status = :pending",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":grace": {"N": str(GRACE_MILLISECONDS)}, ":pending": {"S": "PENDING"}},
    )
