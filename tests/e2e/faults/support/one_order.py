"""One order, and its rows in the tables."""

import json
from typing import Any, Self

from boto3.dynamodb.types import TypeDeserializer

from tests.e2e.faults.support.call_faults import Call
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually

LONG_AGO = 1_000
OPEN = ("PENDING", "PAYING")
WORKFLOW_ROLE = "orders-local-order"
WORKFLOW_LOG = "/aws/vendedlogs/states/orders-local-order"


class OneOrder:
    """An order whose id is known before it is placed, so that faults can be prepared for it."""

    def __init__(self, customer: Customer, account: AdministratorAccess) -> None:
        self.id = new_id()
        self.user_id = user_id_of(customer)
        self.customer = customer
        self._account = account

    def place(self, **more: Any) -> Self:
        """Place the order as a customer does."""
        self.customer.post_order(**PIZZA, id=self.id, **more)
        return self

    def is_in(self, call: Call) -> bool:
        """Return True if a call is about this order."""
        return self.id.encode() in call.body

    def is_its_payment(self, call: Call) -> bool:
        """Return True if a call is about this order's row in the payments table."""
        return self.is_in(call) and b"-payments" in call.body

    @property
    def moved(self) -> type[Exception]:
        """The exception that `change` raises when its condition doesn't hold."""
        error: type[Exception] = self._account.client("dynamodb").exceptions.ConditionalCheckFailedException
        return error

    def row(self) -> dict[str, Any]:
        """Return the order's row in the orders table."""
        (found,) = [row for row in self._rows("orders") if row["id"] == self.id]
        return found

    @property
    def status(self) -> str:
        """The order's status in its row."""
        return str(self.row()["status"])

    def charges(self) -> list[str]:
        """Return the results of the order's payments."""
        return [row["result"] for row in self._rows("payments") if row["order_id"] == self.id]

    def final_status(self, *, within_seconds: float = 30) -> str:
        """Wait for a final status; return the status that the order has then."""
        return eventually(lambda: self.status, lambda found: found not in OPEN, within_seconds=within_seconds)

    def make_due(self, *, hints: int | None = None) -> None:
        """Pretend that the order has waited long and has had that many hints."""
        self.change("SET due_at = :due_at", {":due_at": {"N": str(LONG_AGO)}}, condition="attribute_exists(open_shard)")
        if hints is not None:
            self.change("SET hints = :hints", {":hints": {"N": str(hints)}})

    def change(
        self,
        update: str,
        values: dict[str, Any],
        *,
        condition: str = "attribute_exists(id)",
        names: dict[str, str] | None = None,
    ) -> None:
        """Write to the order's row, past the system."""
        self._account.client("dynamodb").update_item(
            **self._key(),
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeValues=values,
            **({"ExpressionAttributeNames": names} if names else {}),
        )

    def remove(self) -> None:
        """Delete the order's row, so that no later sweep finds it."""
        self._account.client("dynamodb").delete_item(**self._key())

    def send_hint(self) -> None:
        """Send one more hint for the order."""
        self._account.send_hint(self.user_id, self.id)

    def executions_ended(self) -> int:
        """Count the executions of the order's workflow that have ended, by their log.

        An EXPRESS execution leaves nothing else.
        """
        pages = self._account.client("logs").get_paginator("filter_log_events").paginate(logGroupName=WORKFLOW_LOG)
        events = [json.loads(event["message"]) for page in pages for event in page["events"]]
        own = {event["execution_arn"] for event in events if self.id in json.dumps(event["details"])}
        ends = {"ExecutionFailed", "ExecutionSucceeded", "ExecutionTimedOut", "ExecutionAborted"}
        return len([event for event in events if event["execution_arn"] in own and event["type"] in ends])

    def wait_for_executions(self, count: int, *, within_seconds: float = 30) -> None:
        """Wait until so many executions of the order's workflow have ended."""
        found = eventually(self.executions_ended, lambda ended: ended >= count, within_seconds=within_seconds)
        assert found >= count, f"{found} executions of order {self.id} have ended, it is {self.status}"

    def _key(self) -> dict[str, Any]:
        key = {"user_id": {"S": self.user_id}, "id": {"S": self.id}}
        return {"TableName": self._account.outputs["orders_table"], "Key": key}

    def _rows(self, table: str) -> list[dict[str, Any]]:
        read = TypeDeserializer().deserialize
        rows = self._account.rows(table, self.user_id)
        return [{name: read(value) for name, value in row.items()} for row in rows]
