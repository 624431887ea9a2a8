"""A customer's way through the app, from a new account to a paid, declined or cancelled order."""

import re
from typing import Any

from playwright.sync_api import Route, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.web.support.app_users import DECLINED, Customer, Mails
from tests.web.support.browser_windows import Window
from tests.web.support.change_window import pretend_it_can_be_changed


def test_a_stranger_makes_an_account_orders_and_watches_it_being_paid(window: Window, mails: Mails) -> None:
    stranger = Customer(window)

    stranger.sign_up(mails)
    stranger.is_live()
    order_id = stranger.order()

    stranger.sees("PAID")
    assert stranger.listed() == [order_id]


def test_a_confirmation_whose_answer_was_lost_can_be_sent_again(window: Window, mails: Mails) -> None:
    lost: list[Route] = []

    def confirm_and_say_nothing(route: Route) -> None:
        if lost or "ConfirmSignUp" not in (route.request.headers.get("x-amz-target") or ""):
            route.fallback()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    window.expect_complaint("net::ERR_FAILED")
    window.page.route("**/*", confirm_and_say_nothing)
    stranger = Customer(window)
    stranger.begin_to_sign_up(mails)
    expect(window.page.get_by_role("alert")).to_be_visible()

    window.expect_complaint("400")
    stranger.confirm()

    assert len(lost) == 1


def test_a_declined_card_says_what_to_do(customer: Customer, account: AdministratorAccess) -> None:
    customer.order(card=DECLINED)

    customer.sees("FAILED")
    expect(customer.page.locator(".notice")).to_contain_text("Your card was declined")
    expect(customer.page.get_by_role("button", name="Order again with another card")).to_be_visible()
    assert [row["result"]["S"] for row in account.rows("payments", customer.user_id)] == ["declined"]


def test_an_order_is_changed_inside_its_window(customer: Customer, account: AdministratorAccess, held: None) -> None:
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=60)
    customer.page.reload()
    dialog = customer.page.get_by_role("dialog")

    customer.page.get_by_role("button", name="Change", exact=True).click()
    dialog.get_by_label("Dish").select_option("Quattro Formaggi")
    dialog.get_by_label("Quantity").fill("3")
    dialog.get_by_role("button", name="Save the change").click()

    expect(dialog).to_have_count(0)
    expect(customer.page.get_by_role("heading", name="3 × Quattro Formaggi")).to_be_visible()
    (row,) = account.rows("orders", customer.user_id)
    changed = {name: next(iter(row[name].values())) for name in ("name", "quantity", "total", "status")}
    assert changed == {"name": "Quattro Formaggi", "quantity": "3", "total": "3750", "status": "PENDING"}


def test_an_order_is_cancelled_inside_its_window(customer: Customer, account: AdministratorAccess, held: None) -> None:
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=60)
    customer.page.reload()

    expect(customer.page.get_by_role("timer")).to_have_text(re.compile(r"^0:[0-5]\d$"))
    customer.page.get_by_role("button", name="Cancel order").click()
    customer.page.get_by_role("dialog").get_by_role("button", name="Yes, cancel it").click()

    customer.sees("CANCELLED")
    # The control that opened the dialog is gone.
    expect(customer.page.get_by_role("heading", name="1 × Margherita")).to_be_focused()
    for place in (".standing", f'[data-order="{order_id}"]'):
        expect(customer.page.locator(f"{place} .amount")).to_have_css("text-decoration-line", "line-through")
        customer.listed()
    assert [row["status"]["S"] for row in account.rows("orders", customer.user_id)] == ["CANCELLED"]
    assert account.rows("payments", customer.user_id) == []


def test_two_people_never_see_each_others_orders(customer: Customer, neighbour: Customer) -> None:
    mine = customer.order()
    theirs = neighbour.order("Quattro Formaggi")
    customer.sees("PAID")
    neighbour.sees("PAID")

    assert customer.listed() == [mine]
    assert neighbour.listed() == [theirs]
    for nobodys in (theirs, theirs.lower(), "x"):
        customer.window.visit(f"/orders/{nobodys}")
        notice = customer.page.get_by_role("alert")
        expect(notice).to_have_text(re.compile("doesn’t exist, or it isn’t yours"))
        expect(notice.get_by_role("link", name="See your orders")).to_be_visible()


def test_what_the_page_was_told_is_what_the_row_says(customer: Customer, account: AdministratorAccess) -> None:
    order_id = customer.order()
    customer.sees("PAID")

    (row,) = account.rows("orders", customer.user_id)

    found: dict[str, Any] = {"id": row["id"]["S"], "status": row["status"]["S"], "total": row["total"]["N"]}
    assert found == {"id": order_id, "status": "PAID", "total": "950"}
    expect(customer.page.locator(".standing strong")).to_contain_text("9.50")
