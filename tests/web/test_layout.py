"""The page has room for the longest names of restaurants and the highest prices, at every width."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.web.support import extreme_content
from tests.web.support.app_users import Customer, Mails
from tests.web.support.browser_windows import PHONE
from tests.web.support.layout_faults import faults
from tests.web.test_network_faults import API

WIDTHS = (180, 320, 360, 576, 700, 768, 900, 1024, 1180, 1200, 1440)
# A status by its colours and its icon, without its word.
LOOKS = """(badges) => badges.map((badge) => {
  const { color, backgroundColor } = getComputedStyle(badge);
  return `${color} ${backgroundColor} ${badge.querySelector('path').getAttribute('d')}`;
})"""
# Rows with too little width for the order's name, or with a status of more than one line.
SQUEEZED = """(rows) => rows.flatMap((row) => {
  const { paddingLeft, paddingRight } = getComputedStyle(row);
  const [what, badge] = [row.querySelector('.what'), row.querySelector('.badge')];
  const lines = badge.clientHeight / parseFloat(getComputedStyle(badge).lineHeight);
  const width = row.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  return what.clientWidth >= width - 1 && lines < 2 ? [] : [`${what.clientWidth} of ${width}, ${lines} lines`];
})"""
# Scrolls an element to the middle of another one, and returns True if that one covers it.
IS_COVERED_BY = """(element, selector) => {
  const middle = (one) => { const { top, height } = one.getBoundingClientRect(); return top + height / 2; };
  const other = document.querySelector(selector);
  scrollBy({ top: middle(element) - middle(other), behavior: 'instant' });
  const { left, width } = element.getBoundingClientRect();
  return other.contains(document.elementFromPoint(left + width / 2, middle(element)));
}"""
STEPS = ("sign-in", "sign-up", "confirm", "forgotten", "reset")
# Text of another size, as a browser's setting makes it.
TEXT_SIZE = "(size) => { document.documentElement.style.fontSize = size; }"
EMAIL = f"{'w' * 100}@example.com"


def test_no_name_or_price_pushes_anything_out_of_its_box_at_any_width(
    customer: Customer, mails: Mails, outputs: dict[str, Any]
) -> None:
    page = customer.page
    page.route(API, extreme_content.answer)
    page.route("**/_local/mailbox", lambda route: route.fulfill(json=extreme_content.mails()))
    page.evaluate("(draft) => sessionStorage.setItem('orders.draft', draft)", extreme_content.draft())
    orders = [extreme_content.order(n) for n in range(len(extreme_content.STATUSES))]
    found: list[str] = []

    def look(*widths: int) -> None:
        page.locator(".email, .address").evaluate_all(
            "(all, long) => all.forEach((one) => { one.textContent = long; })", EMAIL
        )
        found.extend(f"{page.url}: {fault}" for width in widths for fault in faults(page, width))
        for percent in (150, 200):
            page.evaluate(TEXT_SIZE, f"{percent}%")
            found.extend(f"{page.url} at {percent} %: {fault}" for fault in faults(page, 360))
        page.evaluate(TEXT_SIZE, "")

    customer.window.visit()
    expect(page.locator(".dish")).to_have_count(len(extreme_content.NAMES))
    expect(page.locator(".lines > li")).to_have_count(len(extreme_content.NAMES))
    look(*WIDTHS)
    customer.window.visit("/orders")
    expect(page.locator(".order-row")).to_have_count(20)
    look(*WIDTHS)
    looks = page.locator(".badge").evaluate_all(LOOKS)
    page.set_viewport_size({"width": 360, "height": 800})
    squeezed = page.locator(".order-row").evaluate_all(SQUEEZED)
    for order in orders:
        customer.window.visit(f"/orders/{order['id']}")
        expect(page.locator(".standing")).to_be_visible()
        look(180, 320, 576, 1180)
    customer.window.visit(f"/orders/{orders[0]['id']}")
    for name in ("Change", "Cancel order"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look(180, 320, 576, 1180)
        page.keyboard.press("Escape")
    customer.window.visit(f"/engineer#{mails.token}")
    expect(page.locator(".mail")).to_have_count(len(extreme_content.NAMES))
    look(180, 320, 576, 1180)

    page.get_by_role("button", name="Sign out").click()
    for step in STEPS:
        kept = {"step": step, "email": EMAIL, "userPoolClientId": outputs["user_pool_client_id"]}
        page.evaluate("(kept) => sessionStorage.setItem('orders.sign-in', kept)", json.dumps(kept))
        page.reload()
        expect(page.locator("form")).to_be_visible()
        look(180, 320, 576)

    assert found == [], "\n".join(found)
    assert squeezed == []
    assert len(set(looks)) == len(extreme_content.STATUSES)


def test_a_button_that_has_the_focus_goes_below_the_bars_as_all_do(new_customer: Callable[..., Customer]) -> None:
    customer = new_customer(PHONE)
    page = customer.page
    customer.choose()
    page.get_by_role("button", name="Add Quattro Formaggi").click()
    more = page.locator(".dish").get_by_role("button", name="One Quattro Formaggi more")
    expect(more).to_be_focused()

    assert [more.evaluate(IS_COVERED_BY, bar) for bar in (".to-basket", ".bar")] == [True, True]
