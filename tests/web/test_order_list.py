"""A long list of orders: it grows by scrolling, and keeps its position for a return."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.web.support import extreme_content
from tests.web.support.app_users import Customer
from tests.web.support.change_window import pretend_it_can_be_changed
from tests.web.test_network_faults import API

MANY = 500
PAGE_SIZE = 50
TOP = "(row) => Math.round(row.getBoundingClientRect().top)"


def order(n: int) -> dict[str, Any]:
    """Return the n-th order that the customer placed."""
    place = {"name": "Margherita", "restaurantId": "trattoria-roma"}
    return {**extreme_content.order(2), **place, "id": f"01K9ZZZZZZZZZZZZZZZZZZ{n:04}"}


ORDERS = [order(n) for n in range(MANY, 0, -1)]


class ManyOrders:
    """An API with many orders. Counts the pages that were read."""

    def __init__(self) -> None:
        self.pages: list[int] = []
        self.orders = ORDERS

    def answer(self, route: Route) -> None:
        """Answer with a page of orders, or with one of them."""
        body = json.loads(route.request.post_data or "{}")
        query, variables = body.get("query", ""), body.get("variables", {})
        if "query Orders" in query:
            if "after" in variables:  # without it, the page only looks for news
                self.pages.append(variables["first"])
            later = [order for order in self.orders if order["id"] < variables.get("after", "Z")]
            route.fulfill(json={"data": {"orders": later[: variables["first"]]}})
        elif "query Order(" in query:
            route.fulfill(json={"data": {"order": next(it for it in self.orders if it["id"] == variables["id"])}})
        else:
            route.continue_()


@pytest.fixture
def api(customer: Customer) -> ManyOrders:
    """The customer's many orders."""
    api = ManyOrders()
    customer.page.route(API, api.answer)
    return api


def scroll_to_the_end(page: Page, count: int) -> None:
    """Scroll down until so many orders are there."""
    rows = page.locator("[data-order]")
    expect(rows).not_to_have_count(0)
    while (before := rows.count()) < count:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(rows).not_to_have_count(before)


def test_five_hundred_orders_come_by_scrolling_alone(customer: Customer, api: ManyOrders) -> None:
    customer.window.visit("/orders")

    scroll_to_the_end(customer.page, MANY)

    assert set(api.pages) == {PAGE_SIZE}
    assert len(api.pages) <= MANY / PAGE_SIZE
    shown = customer.page.locator("[data-order]").evaluate_all("(rows) => rows.map((row) => row.dataset.order)")
    assert shown == [order["id"] for order in ORDERS]


def test_who_comes_back_from_an_order_is_where_they_were(customer: Customer, api: ManyOrders) -> None:
    page = customer.page
    customer.window.visit("/orders")
    scroll_to_the_end(page, 3 * PAGE_SIZE)
    row = page.locator("[data-order]").nth(2 * PAGE_SIZE)
    row.evaluate("(row) => row.scrollIntoView({ block: 'center' })")
    before = row.evaluate(TOP)

    for come_back in (page.go_back, page.get_by_role("link", name="← Your orders").click):
        row.click()
        expect(page.locator(".standing")).to_be_visible()
        come_back()

        expect(row).to_be_in_viewport()
        assert row.evaluate(TOP) == pytest.approx(before, abs=2)
    page.get_by_role("link", name="Menu", exact=True).click()
    page.get_by_role("link", name="Orders", exact=True).click()
    expect(page.locator("[data-order]").first).to_be_in_viewport()


def test_who_comes_back_after_reloads_and_other_pages_finds_as_many_orders_at_the_same_place(
    customer: Customer, api: ManyOrders
) -> None:
    page = customer.page
    customer.window.visit("/orders")
    scroll_to_the_end(page, 3 * PAGE_SIZE)
    row = page.locator(f'[data-order="{ORDERS[2 * PAGE_SIZE]["id"]}"]')
    row.evaluate("(row) => row.scrollIntoView({ block: 'center' })")
    before, shown = row.evaluate(TOP), page.locator("[data-order]").count()

    def is_as_it_was() -> None:
        expect(row).to_be_in_viewport()
        assert row.evaluate(TOP) == pytest.approx(before, abs=2)
        assert page.locator("[data-order]").count() >= shown

    row.click()
    expect(page.locator(".standing")).to_be_visible()
    page.reload()
    expect(page.locator(".standing")).to_be_visible()
    page.get_by_role("link", name="Menu", exact=True).click()
    customer.is_at("What would you like?")
    page.reload()
    customer.is_at("What would you like?")
    api.orders = [*(order(n) for n in range(MANY + 3, MANY, -1)), *ORDERS]
    page.go_back()
    expect(page.locator(".standing")).to_be_visible()
    page.go_back()
    is_as_it_was()
    page.reload()
    is_as_it_was()
    row.click()
    page.reload()
    page.get_by_role("link", name="← Your orders").click()
    is_as_it_was()
    row.click()
    # The page stores its positions when it is hidden, which comes after `pagehide`.
    page.evaluate("() => addEventListener('visibilitychange', () => sessionStorage.setItem('orders.places', '[['))")
    page.reload()
    expect(page.locator(".standing")).to_be_visible()
    assert page.evaluate("() => sessionStorage.getItem('orders.places')") == "[["
    page.go_back()
    expect(page.locator("[data-order]").first).to_be_in_viewport()
    expect(page.locator("[data-order]")).to_have_count(PAGE_SIZE)


@pytest.mark.parametrize("action", ["Change", "Cancel order"])
def test_who_jumps_from_one_order_to_another_leaves_what_was_begun_there(
    customer: Customer, account: AdministratorAccess, held: None, action: str
) -> None:
    page = customer.page
    with sign_in(account.outputs, **customer.user) as client:
        one, other = (client.post_order(**PIZZA | {"quantity": quantity})["id"] for quantity in (1, 2))
    for order_id in (one, other):
        pretend_it_can_be_changed(account, customer, order_id, seconds=600)
    for order_id in (one, other):
        page.get_by_role("link", name="Orders", exact=True).click()
        page.locator(f'[data-order="{order_id}"]').click()
        page.wait_for_url(f"**/orders/{order_id}")
    page.get_by_role("button", name=action, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()

    page.evaluate("history.go(-2)")

    page.wait_for_url(f"**/orders/{one}")
    expect(page.get_by_role("heading", name="1 × Margherita")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
