"""Signing in and out: with a bad network, and two customers in one tab."""

import re
from collections.abc import Mapping

from playwright.sync_api import Route, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.users import sign_up
from tests.web.support.app_users import Customer
from tests.web.support.browser_windows import Window
from tests.web.test_network_faults import API, posted

PROOF = re.compile(r"/assets/srp-[^/]*\.js$")


def test_signing_in_needs_nothing_of_the_page_that_is_not_there_yet(window: Window) -> None:
    with window.page.expect_response(PROOF):
        window.visit("/sign-in")

    expect(window.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_page_of_which_a_part_is_missing_asks_for_a_reload(window: Window, account: AdministratorAccess) -> None:
    window.page.route(PROOF, lambda route: route.abort())
    window.expect_complaint("net::ERR_FAILED")
    window.expect_complaint("dynamically imported module")
    user = sign_up(account.outputs)
    window.visit("/sign-in")
    Customer(window).give(user)

    expect(window.page.get_by_role("alert")).to_contain_text("reload the page")
    window.page.unroute(PROOF)
    Customer(window).sign_in(user)


def sign_in_after(customer: Customer, user: Mapping[str, str]) -> None:
    """Sign the customer out, and another one in, in the same tab."""
    customer.page.get_by_role("button", name="Sign out").click()
    customer.is_at("Sign in")
    customer.give(user)
    customer.is_at("What would you like?")


def test_a_second_customer_in_the_tab_begins_anew(customer: Customer, account: AdministratorAccess) -> None:
    mine = customer.order()
    customer.sees("PAID")

    sign_in_after(customer, sign_up(account.outputs))

    assert mine not in customer.page.url
    expect(customer.page.get_by_role("alert")).to_have_count(0)
    assert customer.listed() == []


def test_an_order_that_the_last_customer_still_sends_is_not_in_the_next_ones_way(
    customer: Customer, account: AdministratorAccess
) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if posted(route) is None or held:
            route.continue_()
        else:
            held.append(route)

    customer.page.route(API, hold_the_first)
    customer.choose()
    with customer.page.expect_request(lambda request: "postOrder" in (request.post_data or "")):
        customer.place_button.click()
    sign_in_after(customer, sign_up(account.outputs))

    order_id = customer.order()

    customer.sees("PAID")
    assert posted(held[0]) is not None
    assert customer.listed() == [order_id]
    held[0].abort()
    customer.window.expect_complaint("net::ERR_FAILED")
