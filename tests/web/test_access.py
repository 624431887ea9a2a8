"""Everybody can use it: with a keyboard alone, on a phone, in the dark, by ear."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.account import Account
from tests.web.axe import serious_findings
from tests.web.change_window import pretend_it_can_be_changed
from tests.web.people import DECLINED, Customer, Mails
from tests.web.windows import DESKTOP, PHONE, Scheme, Windows

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360", "1440"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def fits(page: Page) -> bool:
    """Tell whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


@SIZES
@SCHEMES
def test_every_page_is_without_serious_findings_and_fits(
    new_customer: Callable[..., Customer], windows: Windows, mails: Mails, size: tuple[int, int], scheme: Scheme
) -> None:
    stranger = windows.open(size, scheme)
    customer = new_customer(size, scheme)
    page = customer.page
    found: dict[str, list[str]] = {}

    def look(name: str, page: Page = page) -> None:
        found[name] = serious_findings(page) + ([] if fits(page) else ["has to be scrolled sideways"])

    stranger.visit()
    expect(stranger.page.get_by_role("heading", name="Sign in")).to_be_visible()
    look("sign in", stranger.page)
    stranger.page.get_by_role("button", name="Create an account").click()
    expect(stranger.page.get_by_role("button", name="Create account")).to_be_visible()
    look("sign up", stranger.page)
    expect(page.get_by_role("button", name="Add ").first).to_be_visible()
    look("menu")
    customer.choose()
    look("basket")
    customer.place()
    customer.sees("PAID")
    look("paid")
    page.get_by_role("link", name="Menu", exact=True).click()
    customer.order(card=DECLINED)
    customer.sees("FAILED")
    look("failed")
    customer.listed()
    look("orders")
    customer.window.visit(f"/engineer#{mails.token}")
    expect(page.locator(".mail").first).to_be_visible()
    look("engineer")
    customer.window.visit("/nowhere")
    look("not found")

    assert found == {name: [] for name in found}


def test_the_dialogs_are_without_serious_findings_and_end_with_escape(
    customer: Customer, account: Account, held: None
) -> None:
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=60)
    customer.page.reload()
    dialog = customer.page.get_by_role("dialog")
    found: dict[str, list[str]] = {}

    for name in ("Change", "Cancel order"):
        button = customer.page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(dialog).to_be_visible()
        found[name] = serious_findings(customer.page) + ([] if fits(customer.page) else ["has to be scrolled sideways"])
        customer.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(button).to_be_focused()

    assert found == {"Change": [], "Cancel order": []}


def test_an_order_needs_no_mouse(customer: Customer) -> None:
    page = customer.page

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate("() => document.activeElement.ariaLabel || document.activeElement.textContent")
            if focused.strip() == name:
                return
        pytest.fail(f"no tab stop is {name}")

    expect(page.get_by_role("button", name="Add", exact=False).first).to_be_visible()
    dish = str(page.get_by_role("button", name="Add", exact=False).first.get_attribute("aria-label"))

    tab_to(dish)
    page.keyboard.press("Enter")
    tab_to("Place order")
    page.keyboard.press("Enter")

    page.wait_for_url("**/orders/*")
    customer.sees("PAID")
    expect(page.locator("[aria-live=polite]", has_text="Paid")).to_have_count(1)
