"""Messages of other releases: those of the previous one on the queue, and an unknown version."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.faults.support.audit import Audit, Order
from tests.e2e.faults.support.invariants import FINAL
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA, PIZZA_TOTAL
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually, wait_for_final_status

LEFT = Path(__file__).with_name("messages")
MESSAGES = sorted(LEFT.glob("placed-*.json"))
OTHERS: list[dict[str, Any]] = [{"version": 2}, {"version": "1"}, {"version": 1, "priority": "high"}]


@pytest.fixture
def old_row(account: AdministratorAccess) -> Iterator[dict[str, Any]]:
    """An order that release 1 placed. It is removed afterwards, with its payment."""
    row: dict[str, Any] = json.loads((LEFT / "row-v1.json").read_text(encoding="utf-8"))
    tables, orders, payments = (
        account.client("dynamodb"),
        account.outputs["orders_table"],
        account.outputs["payments_table"],
    )
    tables.put_item(TableName=orders, Item=row)
    try:
        yield row
    finally:
        tables.delete_item(TableName=orders, Key={name: row[name] for name in ("user_id", "id")})
        tables.delete_item(TableName=payments, Key={"user_id": row["user_id"], "order_id": row["id"]})


@pytest.mark.every_run
@pytest.mark.parametrize("message", MESSAGES, ids=lambda path: path.stem)
def test_an_order_of_the_previous_release_is_paid(
    account: AdministratorAccess, audit: Audit, old_row: dict[str, Any], message: Path
) -> None:
    user_id = old_row["user_id"]["S"]

    account.send("queue_url", message.read_text(encoding="utf-8"))

    (row,) = eventually(
        lambda: account.rows("orders", user_id), lambda rows: rows[0]["status"]["S"] in FINAL, within_seconds=10
    )
    (payment,) = account.rows("payments", user_id)
    assert (row["status"]["S"], row["version"]["N"]) == ("PAID", "3")
    assert (payment["result"]["S"], payment["amount"], payment["order_id"]) == (
        "approved",
        old_row["total"],
        old_row["id"],
    )
    assert [mail.attributes["status"] for mail in audit.mailbox.wait_for(user_id, count=1)][-1:] == ["PAID"]


def test_messages_of_an_unknown_release_are_put_aside_and_their_orders_can_still_be_paid(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    with account.redelivery_after(seconds=1):
        with account.hints_held():
            ids = [customer.post_order(**PIZZA)["id"] for _ in OTHERS]
            hints = [json.loads(message["Body"]) for message in account.messages("queue_url", remove=True)]
            unknown = [json.dumps({**hint, **other}) for hint, other in zip(hints, OTHERS, strict=True)]
            for body in unknown:
                account.send("queue_url", body)
        dead: list[str] = []
        eventually(lambda: taken(account, dead), lambda found: len(found) >= len(unknown), within_seconds=20)
    untouched = audit.orders(customer)

    for id_ in ids:
        account.send_hint(user_id_of(customer), id_)

    assert sorted(dead) == sorted(unknown)
    assert untouched == dict.fromkeys(ids, Order("PENDING", 1, PIZZA_TOTAL))
    assert wait_for_final_status(customer, {"id": ids[0]})["status"] == "PAID"
    assert audit.audited_orders(customer) == dict.fromkeys(ids, Order("PAID", 3, PIZZA_TOTAL))


def taken(account: AdministratorAccess, dead: list[str]) -> list[str]:
    """Return all dead letters so far, after moving the new ones off their queue."""
    dead += [message["Body"] for message in account.messages("dead_letter_queue_url", remove=True)]
    return dead
