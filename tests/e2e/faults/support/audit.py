"""A check of a customer's orders against their payments, as an auditor would make it."""

from dataclasses import dataclass

from tests.e2e.faults.support.evidence import stored
from tests.e2e.faults.support.invariants import FINAL, wrong_end
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually


@dataclass(frozen=True)
class Order:
    """The parts of an order's row that the tests compare."""

    status: str
    version: int
    total: int


@dataclass(frozen=True)
class Audit:
    """Reads the tables and the inbox, and finds what doesn't add up."""

    account: AdministratorAccess
    mailbox: Mailbox

    def orders(self, customer: Customer) -> dict[str, Order]:
        """Return the customer's orders by id."""
        rows = self.account.rows("orders", user_id_of(customer))
        return {
            row["id"]["S"]: Order(row["status"]["S"], int(row["version"]["N"]), int(row["total"]["N"])) for row in rows
        }

    def charges(self, customer: Customer) -> dict[str, tuple[str, int]]:
        """Return the result and amount of the customer's payments by the order's id."""
        rows = self.account.rows("payments", user_id_of(customer))
        return {row["order_id"]["S"]: (row["result"]["S"], int(row["amount"]["N"])) for row in rows}

    def unfinished(self, customer: Customer) -> int:
        """Count the customer's orders that aren't final. Cheaper than reading them."""
        pages = (
            self.account.client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.account.outputs["orders_table"],
                Select="COUNT",
                KeyConditionExpression="user_id = :user_id",
                FilterExpression="NOT #status IN (:paid, :failed, :cancelled)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":user_id": {"S": user_id_of(customer)},
                    **{f":{status.lower()}": {"S": status} for status in FINAL},
                },
                ConsistentRead=True,
            )
        )
        return sum(page["Count"] for page in pages)

    def orders_once_final(self, customer: Customer, *, within_seconds: float = 15) -> dict[str, Order]:
        """Wait until all of the customer's orders are final, and return them."""
        pause = within_seconds / 300
        eventually(
            lambda: self.unfinished(customer),
            lambda count: count == 0,
            within_seconds=within_seconds,
            pause_seconds=pause,
        )
        return self.orders(customer)

    def audited_orders(self, customer: Customer, *, within_seconds: float = 15) -> dict[str, Order]:
        """Return the customer's orders once they are final, after checking queue and payments."""
        self.orders_once_final(customer, within_seconds=within_seconds)
        assert self.account.hints_left() == 0, "messages are left on the queue"
        assert self.mistakes(customer) == []
        return self.orders(customer)

    def mistakes(self, customer: Customer) -> list[str]:
        """List wrong sums, statuses without their payment, and charges of deleted orders."""
        users = {user_id_of(customer)}
        rows = stored("orders", "id", users, self.account)
        payments = stored("payments", "order_id", users, self.account)
        charged = {key for key, payment in payments.items() if payment["result"] == "approved"}
        wrong = [f"{key.id} was charged and is gone" for key in charged - rows.keys()]
        for key, row in rows.items():
            wrong += [f"{key.id}: {what}" for what in wrong_end(row, payments.get(key))]
        return wrong

    def announced(self, customer: Customer, *, count: int, within_seconds: float = 20) -> dict[str, str]:
        """Wait for that many announcements, and return the announced status of each order."""

        def read() -> dict[str, str]:
            mails = self.mailbox.about(user_id_of(customer))
            return {mail.attributes["order_id"]: mail.attributes["status"] for mail in mails}

        return eventually(read, lambda found: len(found) >= count, within_seconds=within_seconds)
