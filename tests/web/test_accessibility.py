"""Accessibility: keyboard only, phone, dark mode, screen reader."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.users import sign_up
from tests.web.support.app_users import DECLINED, Customer, Mails
from tests.web.support.axe import serious_findings
from tests.web.support.browser_windows import DESKTOP, PHONE, Scheme, Window, Windows
from tests.web.support.change_window import pretend_it_can_be_changed
from tests.web.support.contrast import weak_edges
from tests.web.test_connection import come_back, configured

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360", "1440"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def fits(page: Page) -> bool:
    """Return True if nothing has to be scrolled sideways."""
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
        found[name] = [*serious_findings(page), *weak_edges(page)] + (
            [] if fits(page) else ["has to be scrolled sideways"]
        )

    stranger.visit()
    expect(stranger.page.get_by_role("heading", name="Sign in")).to_be_visible()
    look("sign in", stranger.page)
    stranger.page.get_by_role("button", name="Create an account").click()
    expect(stranger.page.get_by_role("button", name="Create account")).to_be_visible()
    look("sign up", stranger.page)
    Customer(stranger).ask_for_a_code()
    expect(stranger.page.locator(".code")).to_be_visible()
    look("confirm", stranger.page)
    stranger.page.get_by_role("button", name="Sign in", exact=True).click()
    stranger.page.get_by_role("button", name="Forgotten your password?").click()
    stranger.page.get_by_role("button", name="Send a code").click()
    expect(stranger.page.get_by_role("link", name="the engineer’s view")).to_be_visible()
    look("new password", stranger.page)
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


@SIZES
@SCHEMES
def test_the_dialogs_are_without_serious_findings_and_end_with_escape(
    new_customer: Callable[..., Customer],
    account: AdministratorAccess,
    held: None,
    size: tuple[int, int],
    scheme: Scheme,
) -> None:
    customer = new_customer(size, scheme)
    order_id = customer.order()
    pretend_it_can_be_changed(account, customer, order_id, seconds=60)
    customer.page.reload()
    dialog = customer.page.get_by_role("dialog")
    found: dict[str, list[str]] = {}

    for name in ("Change", "Cancel order"):
        button = customer.page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(dialog).to_be_visible()
        found[name] = [*serious_findings(customer.page), *weak_edges(customer.page)]
        found[name] += [] if fits(customer.page) else ["has to be scrolled sideways"]
        customer.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(button).to_be_focused()

    assert found == {"Change": [], "Cancel order": []}


def test_what_the_page_jumps_to_is_not_under_its_bar(new_customer: Callable[..., Customer]) -> None:
    customer = new_customer((360, 400), "light")  # so low that the basket fills it
    customer.choose()

    customer.page.get_by_role("link", name="Your order").click()

    title = customer.page.get_by_role("heading", name="Your order")
    expect(title).to_be_in_viewport()
    under = (
        "(title) => title.getBoundingClientRect().top - document.querySelector('.bar').getBoundingClientRect().bottom"
    )
    assert title.evaluate(under) >= 0


# How much of an element is under the bar, in pixels, unless it is in the bar itself, or is all of the page.
UNDER_THE_BAR = """(element) => {
  const bar = document.querySelector('.bar');
  const isElsewhere = !bar.contains(element) && element !== document.body;
  return isElsewhere ? Math.max(0, bar.getBoundingClientRect().bottom - element.getBoundingClientRect().top) : 0;
}"""


@pytest.mark.parametrize("size", [PHONE, (740, 360), (320, 256), (480, 320)])
def test_what_has_the_focus_is_not_under_the_bar_that_offers_a_reload(
    new_customer: Callable[..., Customer], size: tuple[int, int]
) -> None:
    customer = new_customer(size)
    offer_a_reload(customer)

    assert covered_by_the_bar(customer) == [0] * 20


def test_what_has_the_focus_is_not_under_the_bar_of_a_low_window_that_grew(
    new_customer: Callable[..., Customer],
) -> None:
    customer = new_customer((360, 350))
    customer.choose()

    customer.page.set_viewport_size({"width": 360, "height": 600})

    assert covered_by_the_bar(customer) == [0] * 20


def offer_a_reload(customer: Customer) -> None:
    """Choose dishes, and come back to a page whose servers are others by then."""
    page = customer.page
    customer.choose()
    page.clock.install()
    configured(page, region="elsewhere")
    come_back(page)
    expect(page.get_by_role("button", name="Reload")).to_be_visible()


def covered_by_the_bar(customer: Customer) -> list[float]:
    """Go back from the button by the keyboard, and return how much of what has the focus is under the bar."""
    customer.place_button.focus()
    covered = []
    for _ in range(20):
        covered.append(customer.page.evaluate(f"({UNDER_THE_BAR})(document.activeElement)"))
        customer.page.keyboard.press("Shift+Tab")
    return covered


def test_a_basket_that_stays_in_sight_is_below_the_bar_that_offers_a_reload(customer: Customer) -> None:
    page = customer.page
    offer_a_reload(customer)
    page.set_viewport_size({"width": 1000, "height": 500})

    page.evaluate("scrollTo({ top: 150, behavior: 'instant' })")

    assert page.locator(".basket").evaluate(UNDER_THE_BAR) == 0


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element with the name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "({ activeElement: it }) => it.ariaLabel || (it.labels?.[0] ?? it).textContent",
            page.evaluate_handle("document"),
        )
        if focused.strip() == name:
            return
    pytest.fail(f"no tab stop is {name}")


def test_signing_in_and_ordering_need_no_mouse(window: Window, account: AdministratorAccess) -> None:
    page, user, customer = window.page, sign_up(account.outputs), Customer(window)
    window.visit()
    customer.is_at("Sign in")
    tab_to(page, "E-mail address")
    page.keyboard.type(user["username"])
    tab_to(page, "Password")
    page.keyboard.type(user["password"])
    page.keyboard.press("Enter")
    customer.is_at("What would you like?")
    dish = page.get_by_role("button", name="Add ").first
    expect(dish).to_be_visible()

    tab_to(page, str(dish.get_attribute("aria-label")))
    page.keyboard.press("Enter")
    tab_to(page, "Visa •••• 4242 is accepted")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=DECLINED)).to_be_checked()
    tab_to(page, "Place order")
    page.keyboard.press("Enter")

    page.wait_for_url("**/orders/*")
    customer.sees("FAILED")
    expect(page.locator("[aria-live=polite]", has_text="Payment failed")).to_have_count(1)


def test_each_step_to_an_account_begins_at_its_heading(window: Window) -> None:
    Customer(window).ask_for_a_code()

    expect(window.page.get_by_role("heading", name="Confirm your e-mail address")).to_be_focused()


SHAPES = """(dots) => dots.map((dot) => {
  const { backgroundColor, borderStyle, borderRadius, borderColor } = getComputedStyle(dot);
  return [backgroundColor, borderStyle, borderRadius, borderColor].join(' ');
})"""


def test_without_the_pages_colours_the_steps_of_an_order_look_different(
    new_customer: Callable[..., Customer], account: AdministratorAccess
) -> None:
    customer = new_customer()
    page = customer.page
    page.emulate_media(forced_colors="active")
    dots = page.locator(".timeline .dot")
    with account.hints_held():
        customer.order()
        customer.sees("PENDING")
        current, ahead = dots.evaluate_all(SHAPES)[:2]
    customer.sees("PAID")
    done = dots.evaluate_all(SHAPES)[0]
    page.get_by_role("link", name="Menu", exact=True).click()
    customer.order(card=DECLINED)
    customer.sees("FAILED")
    failed = dots.evaluate_all(SHAPES)[-1]

    assert len({current, ahead, done, failed}) == 4
