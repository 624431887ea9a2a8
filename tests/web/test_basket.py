"""The basket: it shows exactly the order that is placed and charged, and keeps refused dishes."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.web.support.app_users import APPROVED, DECLINED, Customer
from tests.web.support.daily_special import NAME, DailySpecial
from tests.web.test_network_faults import API, posted


@pytest.fixture
def special(account: AdministratorAccess) -> Iterator[DailySpecial]:
    """A dish for 8 euros that nobody else orders."""
    special = DailySpecial(account)
    special.put()
    yield special
    special.remove()


def basket(customer: Customer) -> Locator:
    """Return the basket of the customer's page."""
    return customer.page.get_by_role("complementary", name="Your order")


def test_a_basket_of_which_one_dish_is_refused_says_so_where_the_customer_is(
    special: DailySpecial, customer: Customer, account: AdministratorAccess
) -> None:
    customer.choose()
    customer.choose(NAME)
    special.put(available=False)

    customer.place_button.click()

    notice = basket(customer).get_by_role("alert").filter(has_text="1 of 2 orders placed")
    expect(notice).to_be_visible()
    expect(notice.locator("..")).to_be_focused()
    expect(basket(customer).get_by_role("listitem")).to_have_count(1)
    expect(basket(customer).get_by_role("listitem")).to_contain_text("isn’t on the menu at the moment")
    assert customer.page.url.endswith("/")
    assert [row["name"]["S"] for row in account.rows("orders", customer.user_id)] == ["Margherita"]


def test_the_focus_stays_with_the_customer_when_what_has_it_can_not_be_used_any_more(customer: Customer) -> None:
    page = customer.page
    refusal = {"data": None, "errors": [{"errorType": "TooManyOpenOrders", "message": "no more"}]}
    page.route(API, lambda route: route.continue_() if posted(route) is None else route.fulfill(json=refusal))
    customer.choose()
    more = page.locator(".dish").get_by_role("button", name="One Margherita more")
    more.focus()
    for _ in range(100):
        page.keyboard.press("Enter")
    expect(page.locator(".dish output")).to_have_text("100")
    expect(more).to_be_disabled()
    expect(more).to_be_focused()
    page.get_by_role("radio", name=DECLINED).focus()

    page.keyboard.press("Enter")

    expect(basket(customer).get_by_role("alert")).to_be_visible()
    expect(customer.place_button).to_be_focused()


def test_a_dish_that_is_sold_out_and_comes_back_looks_like_it_each_time(
    special: DailySpecial, customer: Customer
) -> None:
    page = customer.page
    add = page.get_by_role("button", name=f"Add {NAME}")

    def color(dish: str) -> str:
        return str(page.get_by_role("heading", name=dish).evaluate("heading => getComputedStyle(heading).color"))

    def come_back() -> None:
        page.evaluate("dispatchEvent(new Event('focus'))")

    customer.choose()
    expect(add).to_be_visible()
    special.put(available=False)
    come_back()
    expect(add).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text=NAME)).to_contain_text("Not on the menu at the moment")
    sold_out = color(NAME)
    special.put()

    come_back()

    expect(add).to_be_visible()
    assert sold_out == color("Risotto ai Funghi")
    assert color(NAME) == color("Margherita") != sold_out


def test_who_went_to_another_page_before_the_answer_stays_there(customer: Customer) -> None:
    is_away = False

    def fail_until_away(route: Route) -> None:
        if posted(route) is None or is_away:
            route.continue_()
        else:
            route.abort("connectionreset")

    customer.page.route(API, fail_until_away)
    customer.window.expect_complaint("net::ERR_CONNECTION_RESET")
    customer.choose()
    with customer.page.expect_event("requestfailed"):
        customer.place_button.click()

    assert customer.listed() == []
    is_away = True

    customer.sees("PAID")
    assert customer.page.url.endswith("/orders")


def test_the_basket_shows_the_price_that_is_charged_and_that_it_changed(
    special: DailySpecial, customer: Customer
) -> None:
    customer.choose(NAME)
    special.put(cents=900)

    customer.page.reload()

    expect(basket(customer).get_by_text("The price has changed: it was €8.00 each.")).to_be_visible()
    expect(basket(customer).locator(".total")).to_contain_text("€9.00")
    customer.page.get_by_role("radio", name=re.compile("Burger Yard")).check()
    customer.page.reload()
    expect(basket(customer).locator(".total")).to_contain_text("€9.00")
    customer.place()
    expect(customer.page.locator(".standing strong")).to_have_text("€9.00")


def test_what_is_ordered_again_comes_on_top_and_leaves_the_declined_card(customer: Customer) -> None:
    order_id = customer.order(card=DECLINED)
    customer.sees("FAILED")
    customer.page.get_by_role("link", name="Menu", exact=True).click()
    customer.choose(card=DECLINED)
    customer.page.get_by_role("link", name="Orders", exact=True).click()
    customer.page.locator(f'[data-order="{order_id}"]').click()

    customer.page.get_by_role("button", name="Order again with another card").click()

    expect(basket(customer).get_by_role("status")).to_have_text("2")
    expect(customer.page.get_by_role("radio", name=APPROVED)).to_be_checked()


def test_the_focus_stays_in_the_basket_when_a_dish_leaves_it(customer: Customer) -> None:
    customer.choose()

    basket(customer).get_by_role("button", name="One Margherita less").press("Enter")

    expect(basket(customer)).to_contain_text("Nothing yet")
    expect(basket(customer)).to_be_focused()


def test_the_focus_stays_in_the_basket_when_an_order_without_an_answer_is_left(customer: Customer) -> None:
    customer.page.route(API, lambda route: route.continue_() if posted(route) is None else route.abort())
    customer.window.expect_complaint("net::ERR_FAILED")
    customer.choose()
    with customer.page.expect_event("requestfailed"):
        customer.place_button.click()
    customer.page.reload()

    customer.page.get_by_role("button", name="Leave it").press("Enter")

    expect(basket(customer)).to_contain_text("Nothing yet")
    expect(basket(customer)).to_be_focused()
