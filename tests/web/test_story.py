"""A customer's way through the app, from an account to an order that is paid, declined or cancelled."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.account import Account
from tests.web.people import DECLINED, Customer, Mails
from tests.web.windows import Window


def test_a_stranger_makes_an_account_orders_and_watches_it_being_paid(window: Window, mails: Mails) -> None:
    stranger = Customer(window)

    stranger.sign_up(mails)
    stranger.is_live()
    order_id = stranger.order()

    stranger.sees("PAID")
    assert stranger.listed() == [order_id]


def test_a_declined_card_says_what_to_do(customer: Customer, account: Account) -> None:
    customer.order(card=DECLINED)

    customer.sees("FAILED")
    expect(customer.page.locator(".notice")).to_contain_text("Your card was declined")
    expect(customer.page.get_by_role("button", name="Order again with another card")).to_be_visible()
    assert [row["result"]["S"] for row in account.rows("payments", customer.user_id)] == ["declined"]


@pytest.fixture
def held(account: Account) -> Iterator[None]:
    """Hints stay on the queue, as in a change window."""
    with account.hints_held():
        yield


def pretend_it_can_be_changed(account: Account, customer: Customer, order_id: str, *, seconds: int) -> None:
    """Give a PENDING order a change window: the tests' deployment has none, as `make up` has none."""
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    account.client("dynamodb").update_item(
        TableName=account.outputs["orders_table"],
        Key={"user_id": {"S": customer.user_id}, "id": {"S": order_id}},
        UpdateExpression="SET changeable_until = :until",
        ConditionExpression="#status = :pending",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":until": {"S": until.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
            ":pending": {"S": "PENDING"},
        },
    )


def test_an_order_is_cancelled_inside_its_window(customer: Customer, account: Account, held: None) -> None:
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=60)
    customer.page.reload()

    expect(customer.page.get_by_role("timer")).to_have_text(re.compile(r"^0:[0-5]\d$"))
    customer.page.get_by_role("button", name="Cancel order").click()
    customer.page.get_by_role("dialog").get_by_role("button", name="Yes, cancel it").click()

    customer.sees("CANCELLED")
    assert [row["status"]["S"] for row in account.rows("orders", customer.user_id)] == ["CANCELLED"]
    assert account.rows("payments", customer.user_id) == []


def test_two_people_never_see_each_others_orders(customer: Customer, neighbour: Customer) -> None:
    mine = customer.order()
    theirs = neighbour.order("Quattro Formaggi")
    customer.sees("PAID")
    neighbour.sees("PAID")

    assert customer.listed() == [mine]
    assert neighbour.listed() == [theirs]
    customer.window.visit(f"/orders/{theirs}")
    expect(customer.page.get_by_role("alert")).to_have_text(re.compile("doesn’t exist, or it isn’t yours"))


def test_what_the_page_was_told_is_what_the_row_says(customer: Customer, account: Account) -> None:
    order_id = customer.order()
    customer.sees("PAID")

    (row,) = account.rows("orders", customer.user_id)

    found: dict[str, Any] = {"id": row["id"]["S"], "status": row["status"]["S"], "total": row["total"]["N"]}
    assert found == {"id": order_id, "status": "PAID", "total": "950"}
    expect(customer.page.locator(".standing strong")).to_contain_text("9.50")
