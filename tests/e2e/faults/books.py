"""A customer's orders and payments side by side, as an auditor reads them."""

from dataclasses import dataclass
from typing import Any

from local.customer import Customer
from tests.e2e.account import Account
from tests.e2e.mailbox import Mailbox
from tests.e2e.users import user_id_of
from tests.e2e.waiting import eventually

FINAL = frozenset(["PAID", "FAILED", "CANCELLED"])


@dataclass(frozen=True)
class Order:
    """What the row says."""

    status: str
    version: int
    total: int


@dataclass(frozen=True)
class Books:
    """Reads the tables and the inbox, and says what doesn't add up."""

    account: Account
    mailbox: Mailbox

    def orders(self, customer: Customer) -> dict[str, Order]:
        """The customer's rows by id."""
        rows = self.account.rows("orders", user_id_of(customer))
        return {
            row["id"]["S"]: Order(row["status"]["S"], int(row["version"]["N"]), int(row["total"]["N"])) for row in rows
        }

    def charges(self, customer: Customer) -> dict[str, tuple[str, int]]:
        """Result and amount of the customer's payments by the order's id."""
        rows = self.account.rows("payments", user_id_of(customer))
        return {row["order_id"]["S"]: (row["result"]["S"], int(row["amount"]["N"])) for row in rows}

    def orders_once_final(self, customer: Customer, *, within_seconds: float = 15) -> dict[str, Order]:
        """The customer's orders once all are final."""
        return eventually(
            lambda: self.orders(customer),
            lambda orders: all(order.status in FINAL for order in orders.values()),
            within_seconds=within_seconds,
        )

    def closed(self, customer: Customer, *, within_seconds: float = 15) -> dict[str, Order]:
        """The customer's orders once all are final, the queue is empty, and the books are right."""
        self.orders_once_final(customer, within_seconds=within_seconds)
        assert self.undone() == 0, "messages are left on the queue"
        assert self.mistakes(customer) == []
        return self.orders(customer)

    def undone(self, *, within_seconds: float = 15) -> int:
        """How many messages are left on the queue; waits for none."""
        return eventually(
            lambda: self.account.waiting("queue_url"), lambda left: left == 0, within_seconds=within_seconds
        )

    def mistakes(self, customer: Customer) -> list[str]:
        """What is wrong: money that doesn't add up, a status that no payment explains, a charge of a gone order."""
        rows = self.account.rows("orders", user_id_of(customer))
        charges = self.charges(customer)
        orderless = charges.keys() - {row["id"]["S"] for row in rows}
        wrong = [f"{id_} was charged without an order" for id_ in orderless if charges[id_][0] == "approved"]
        for row in rows:
            charge = charges.get(row["id"]["S"])
            wrong += [f"{row['id']['S']}: {what}; charged {charge}, row {row}" for what in _mistakes_of(row, charge)]
        return wrong

    def announced(self, customer: Customer, *, count: int, within_seconds: float = 20) -> dict[str, str]:
        """How each order ended by the inbox, once that many did."""

        def read() -> dict[str, str]:
            mails = self.mailbox.about(user_id_of(customer))
            return {mail.attributes["order_id"]: mail.attributes["status"] for mail in mails}

        return eventually(read, lambda found: len(found) >= count, within_seconds=within_seconds)


def _mistakes_of(row: dict[str, Any], charge: tuple[str, int] | None) -> list[str]:
    status = row["status"]["S"]
    total = int(row["total"]["N"])
    rules = {
        "the total isn't price times quantity": total == int(row["unit_price"]["N"]) * int(row["quantity"]["N"]),
        "PAID means charged the total": status != "PAID" or charge == ("approved", total),
        "FAILED means not charged": status != "FAILED" or charge is None or charge[0] != "approved",
        "CANCELLED means that nobody tried": status != "CANCELLED" or charge is None,
        "a final order isn't open": status not in FINAL or not {"due_at", "open_shard", "lease_owner"} & row.keys(),
    }
    return [rule for rule, holds in rules.items() if not holds]
