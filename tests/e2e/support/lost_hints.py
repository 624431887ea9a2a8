"""Orders whose hints got lost."""

import time
from dataclasses import dataclass, field
from typing import Any

from environments.order_rules import GRACE_SECONDS
from tests.e2e.support.account import Account
from tests.e2e.support.orders import PIZZA
from tests.e2e.support.users import user_id_of
from verify.customer import Customer

# What a PENDING order may take before sweep looks after it (insertOrder.js).
GRACE_MILLISECONDS = GRACE_SECONDS * 1000


@dataclass(frozen=True)
class WaitingForSweep:
    """Somebody's orders, by how their hints got lost, and since when sweep should find them."""

    customer: Customer
    orders: dict[str, dict[str, Any]]
    due_since: float = field(default_factory=time.monotonic)

    def status(self, how: str) -> str:
        """Where the order now is whose hint got lost that way."""
        return str(self.customer.order(self.orders[how]["id"])["status"])


def lose_hints(customer: Customer, account: Account) -> WaitingForSweep:
    """Place an order whose message is removed from the queue, and one whose message the API can't send."""
    orders = {}
    with account.hints_held():
        orders["message lost"] = customer.post_order(**PIZZA)
        taken = [message["Body"] for message in account.messages("queue_url", remove=True)]
        assert [orders["message lost"]["id"] in body for body in taken] == [True]
    with account.without("sqs:SendMessage", role="orders-local-api-orders-queue"):
        orders["message not sent"] = customer.post_order(**PIZZA)
    for order in orders.values():
        pretend_the_grace_is_over(account, user_id_of(customer), order["id"])
    return WaitingForSweep(customer, orders)


def pretend_the_grace_is_over(account: Account, user_id: str, order_id: str) -> None:
    """Sweep comes every minute: waiting half a one more would make the tests slower and tell nothing new."""
    account.client("dynamodb").update_item(
        TableName=account.outputs["orders_table"],
        Key={"user_id": {"S": user_id}, "id": {"S": order_id}},
        UpdateExpression="SET due_at = due_at - :grace",
        ConditionExpression="#status = :pending",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":grace": {"N": str(GRACE_MILLISECONDS)}, ":pending": {"S": "PENDING"}},
    )
