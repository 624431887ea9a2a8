"""Several tabs of one browser: one customer in all of them."""

from playwright.sync_api import Page, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.web.support.app_users import Customer
from tests.web.support.browser_windows import Windows


def kept(page: Page) -> int:
    """Return the number of values that are stored beyond the tab."""
    return int(page.evaluate("() => localStorage.length"))


def test_an_order_in_a_new_tab_needs_no_signing_in_and_signing_out_is_in_both(
    customer: Customer, windows: Windows
) -> None:
    order_id = customer.order()
    customer.sees("PAID")
    other = Customer(windows.another_tab(customer.window))

    other.window.visit(f"/orders/{order_id}")

    other.sees("PAID")
    assert (kept(customer.page), kept(other.page)) == (0, 0)
    other.page.get_by_role("link", name="Menu", exact=True).click()
    other.choose()
    other.page.get_by_role("button", name="Sign out").click()
    customer.is_at("Sign in")
    assert "then" not in customer.page.url
    customer.give(customer.user)
    customer.is_at("What would you like?")
    other.is_at("What would you like?")
    expect(other.page.get_by_role("button", name="Place order")).to_have_count(0)


def test_a_tab_that_was_duplicated_orders_what_it_shows_and_nothing_by_itself(
    customer: Customer, windows: Windows, account: AdministratorAccess
) -> None:
    customer.choose()
    copy = Customer(windows.duplicate(customer.window))
    copy.is_at("What would you like?")
    copy.page.get_by_role("button", name="One Margherita more").first.click()

    first = customer.place()
    customer.sees("PAID")
    second = copy.place()
    copy.sees("PAID")

    rows = account.rows("orders", customer.user_id)
    assert {(row["id"]["S"], row["quantity"]["N"]) for row in rows} == {(first, "1"), (second, "2")}


def test_a_stranger_browser_is_told_nothing_by_the_tabs_of_another(customer: Customer, windows: Windows) -> None:
    order_id = customer.order()
    stranger = Customer(windows.open())

    stranger.window.visit(f"/orders/{order_id}")

    stranger.is_at("Sign in")
