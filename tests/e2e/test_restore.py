"""The drill for lost rows: restore tables beside those in use, and write the rows back.

No order is charged by it, and no old news is announced.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from operations.on_call_policy import on_call_policy, restore_policy
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.on_call import Ops, on_call
from tests.e2e.support.order_requests import CANCEL, PIZZA
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import wait_for_final_status

TABLES = ("orders", "payments")


@pytest.fixture
def ops(account: AdministratorAccess) -> Iterator[Ops]:
    """Run a command as a user with the permissions of `permissions` and `permissions restore`."""
    with on_call(account, on_call_policy, restore_policy) as run:
        yield run


class Restored:
    """Tables restored beside those in use."""

    def __init__(self, account: AdministratorAccess) -> None:
        self._account = account
        self._dynamodb = account.client("dynamodb")
        self._suffix = uuid.uuid4().hex[:8]

    def name(self, table: str) -> str:
        return f"{self._account.outputs[f'{table}_table']}-{self._suffix}"

    def make(self, table: str) -> None:
        """Restore the table as it is now."""
        self._dynamodb.restore_table_to_point_in_time(
            SourceTableName=self._account.outputs[f"{table}_table"],
            TargetTableName=self.name(table),
            UseLatestRestorableTime=True,
        )

    def options(self) -> list[str]:
        """Return the options that name the restored tables to a command."""
        return [word for table in TABLES for word in (f"--{table}", self.name(table))]

    def remove(self) -> None:
        for table in TABLES:
            self._dynamodb.delete_table(TableName=self.name(table))


@pytest.fixture
def restored(account: AdministratorAccess) -> Iterator[Restored]:
    made = Restored(account)
    yield made
    made.remove()


def lose(account: AdministratorAccess, table: str, user_id: str) -> None:
    """Delete a customer's rows, as a faulty program might."""
    name, sort = account.outputs[f"{table}_table"], {"orders": "id", "payments": "order_id"}[table]
    for row in account.rows(table, user_id):
        key = {attribute: row[attribute] for attribute in ("user_id", sort)}
        account.client("dynamodb").delete_item(TableName=name, Key=key)


def besides_rows(account: AdministratorAccess) -> list[dict[str, Any]]:
    """Return the settings of the tables in use: streams, recovery, protection."""
    dynamodb, kept = account.client("dynamodb"), ("StreamSpecification", "LatestStreamArn", "DeletionProtectionEnabled")
    names = [account.outputs[f"{table}_table"] for table in TABLES]
    described = [dynamodb.describe_table(TableName=name)["Table"] for name in names]
    backups = [dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"] for name in names]
    return [
        {
            **{name: table.get(name) for name in kept},
            "recovery": one["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        }
        for table, one in zip(described, backups, strict=True)
    ]


def test_lost_rows_come_back_without_a_charge_or_old_news(
    customer: Customer, account: AdministratorAccess, mailbox: Mailbox, restored: Restored, ops: Ops
) -> None:
    user_id = user_id_of(customer)
    paid = wait_for_final_status(customer, customer.post_order(**PIZZA))
    declined = wait_for_final_status(customer, customer.post_order(**PIZZA, paymentMethod="pm_card_chargeDeclined"))
    with account.hints_held():
        charged_later, cancelled_later = (customer.post_order(**PIZZA) for _ in range(2))
        restored.make("orders")
        customer.execute(CANCEL, id=cancelled_later["id"])
    wait_for_final_status(customer, charged_later)
    restored.make("payments")
    heard = [mail.attributes["announcement_id"] for mail in mailbox.wait_for(user_id, count=4)]
    payments, before = account.rows("payments", user_id), besides_rows(account)
    rows = {row["id"]["S"]: row for row in account.rows("orders", user_id)}
    for table in TABLES:
        lose(account, table, user_id)

    planned = ops("restore", "plan", *restored.options())
    said = ops("restore", "copy", *restored.options(), "--yes")
    written = {row["id"]["S"]: row for row in account.rows("orders", user_id)}
    account.invoke("sweep")
    again = wait_for_final_status(customer, charged_later)

    assert [line.split("  ")[0] for line in planned[1:3]] == ["payments", "orders"]
    assert said == ["Wrote 3 payments back.", "Wrote 3 orders back. sweep takes up the open ones within a minute."]
    assert {id_: written[id_] for id_ in (paid["id"], declined["id"])} == {
        id_: rows[id_] for id_ in (paid["id"], declined["id"])
    }
    # Its customer may have cancelled it, so only a person may have it charged, with --pending.
    assert cancelled_later["id"] not in written
    assert (written[charged_later["id"]]["status"]["S"], again["status"]) == ("PAYING", "PAID")
    assert account.rows("payments", user_id) == payments
    # The order that went on ends as before. Receivers know the repeat by its announcement id.
    repeated = [mail.attributes["announcement_id"] for mail in mailbox.wait_for(user_id, count=5)]
    assert sorted(repeated) == sorted([*heard, f"{user_id}/{charged_later['id']}/3"])
    assert besides_rows(account) == before
    assert ops("restore", "copy", *restored.options(), "--yes")[0] == "Wrote 0 payments back."
