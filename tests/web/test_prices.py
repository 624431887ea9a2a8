"""A price changes while the customer still sees the old one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.web.support.app_users import Customer
from tests.web.support.change_window import pretend_it_can_be_changed
from tests.web.support.daily_special import NAME, DailySpecial
from tests.web.test_basket import basket


@pytest.fixture
def special(account: AdministratorAccess) -> Iterator[DailySpecial]:
    """A dish for 4.50 that nobody else orders."""
    special = DailySpecial(account)
    special.put(cents=450)
    yield special
    special.remove()


def test_a_price_that_was_never_shown_is_asked_about_and_placed_when_agreed_to(
    special: DailySpecial, customer: Customer, account: AdministratorAccess
) -> None:
    dialog = customer.page.get_by_role("dialog")
    customer.choose(NAME)
    special.put(cents=4500)
    customer.place_button.click()

    expect(dialog).to_contain_text("The price is now €45.00 — it was €4.50.")
    assert account.rows("orders", customer.user_id) == []
    dialog.get_by_role("button", name="Not now").click()
    expect(customer.place_button).to_be_focused()
    expect(basket(customer)).to_contain_text("The price has changed: it was €4.50 each.")
    special.put(cents=4600)
    customer.place_button.click()
    dialog.get_by_role("button", name="Place at the new price").click()
    customer.page.wait_for_url("**/orders/*")

    expect(customer.page.locator(".standing strong")).to_have_text("€46.00")
    assert len(account.rows("orders", customer.user_id)) == 1


@pytest.mark.parametrize(("currency", "now"), [("USD", "US$4.50"), ("JPY", "JP¥450")])
def test_the_same_number_in_a_currency_that_was_never_shown_is_asked_about(
    special: DailySpecial, customer: Customer, account: AdministratorAccess, currency: str, now: str
) -> None:
    dialog = customer.page.get_by_role("dialog")
    customer.choose(NAME)
    special.put(cents=450, currency=currency)
    customer.place_button.click()

    expect(dialog).to_contain_text(f"The price is now {now} — it was €4.50.")
    assert account.rows("orders", customer.user_id) == []
    dialog.get_by_role("button", name="Place at the new price").click()
    customer.page.wait_for_url("**/orders/*")

    expect(customer.page.locator(".standing strong")).to_have_text(now)
    assert [row["currency"]["S"] for row in account.rows("orders", customer.user_id)] == [currency]


def test_the_basket_has_the_new_price_when_the_customer_comes_back(special: DailySpecial, customer: Customer) -> None:
    customer.choose(NAME)
    special.put(cents=900)

    customer.page.evaluate("dispatchEvent(new Event('focus'))")

    expect(basket(customer).get_by_text("The price has changed: it was €4.50 each.")).to_be_visible()
    expect(basket(customer).locator(".total")).to_contain_text("€9.00")
    customer.place()
    expect(customer.page.locator(".standing strong")).to_have_text("€9.00")


def test_a_change_is_made_at_the_price_that_was_agreed_to(
    special: DailySpecial, customer: Customer, account: AdministratorAccess, held: None
) -> None:
    dialog = customer.page.get_by_role("dialog")
    order_id = customer.order(NAME)
    pretend_it_can_be_changed(account, customer, order_id, seconds=60)
    customer.page.reload()
    customer.page.get_by_role("button", name="Change", exact=True).click()
    expect(dialog.locator(".total")).to_contain_text("€4.50")
    dialog.get_by_label("Quantity").fill("2")
    special.put(cents=4500)

    dialog.get_by_role("button", name="Save the change").click()
    expect(dialog).to_contain_text("The price is now €45.00 — it was €4.50. For 2 that makes €90.00 instead of €9.00.")
    expect(dialog).to_contain_text("Save the change at the new price?")
    assert [row["total"]["N"] for row in account.rows("orders", customer.user_id)] == ["450"]
    dialog.get_by_role("button", name="Save at the new price").click()

    expect(dialog).to_have_count(0)
    expect(customer.page.locator(".standing strong")).to_have_text("€90.00")
