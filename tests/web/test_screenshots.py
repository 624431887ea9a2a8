"""The README's pictures of the app. `make test-web SCREENSHOTS=yes` takes them anew."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from deployment.repository_paths import ROOT
from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.web.support.app_users import DECLINED, Customer, Mails
from tests.web.support.browser_windows import PHONE
from tests.web.support.change_window import pretend_it_can_be_changed
from tests.web.support.graphiql import run_the_first_query

PICTURES = ROOT / "docs" / "screenshots"
# Times, ids and addresses differ each time, and a picture should not change with them.
STEADY = """() => {
  for (const time of document.querySelectorAll('time')) time.textContent = '12:00';
  for (const code of document.querySelectorAll('.facts code')) code.textContent = '01M858AZBJ4HD51KQJXBAX0CNF';
  for (const email of document.querySelectorAll('.email')) email.textContent = 'ada@example.com';
  for (const timer of document.querySelectorAll('[role=timer]')) timer.textContent = '0:42';
}"""


PICTURED = ("menu", "order-open-360", "order-dark-360", "orders-dark-360", "engineer", "graphiql")


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder for the pictures: the README's only on request."""
    return PICTURES if request.config.option.screenshots else tmp_path


def with_a_window(route: Route) -> None:
    """Answer with the page's configuration and a change window of one minute."""
    route.fulfill(body=json.dumps({**route.fetch().json(), "changeWindowSeconds": 60}), content_type="application/json")


def take(page: Page, path: Path) -> None:
    """Take a picture of the window."""
    path.parent.mkdir(exist_ok=True)
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    page.evaluate(STEADY)
    page.screenshot(path=path, animations="disabled", caret="hide")


def test_the_readme_shows_the_pages_as_they_are(
    new_customer: Callable[..., Customer], account: AdministratorAccess, mails: Mails, folder: Path
) -> None:
    desktop = new_customer((1200, 800), "light")
    desktop.choose()
    desktop.choose("Tiramisù")
    take(desktop.page, folder / "menu.png")
    undecided = new_customer(PHONE, "light")
    undecided.page.route("**/config.json", with_a_window)
    with account.hints_held():
        pretend_it_can_be_changed(account, undecided, undecided.order(), seconds=42)
        undecided.page.reload()
        expect(undecided.page.get_by_role("button", name="Cancel order")).to_be_visible()
        take(undecided.page, folder / "order-open-360.png")
    phone = new_customer(PHONE, "dark")
    phone.order()
    phone.sees("PAID")
    take(phone.page, folder / "order-dark-360.png")
    phone.page.get_by_role("link", name="Menu", exact=True).click()
    phone.order(card=DECLINED)
    phone.sees("FAILED")
    phone.listed()
    take(phone.page, folder / "orders-dark-360.png")
    engineer = new_customer((1200, 1240), "light")  # tall enough for the mails
    engineer.window.visit(f"/engineer#{mails.token}")
    expect(engineer.page.locator(".mail").first).to_be_visible()
    expect(engineer.page.locator(".flow")).to_be_visible()
    take(engineer.page, folder / "engineer.png")
    with sign_in(account.outputs, **account.outputs["demo_user"]) as demo:
        demo.post_order(**PIZZA)
    engineer.page.set_viewport_size({"width": 1200, "height": 900})
    engineer.page.get_by_role("button", name="GraphiQL").click()
    run_the_first_query(engineer.page)
    take(engineer.page, folder / "graphiql.png")

    assert {path.stem for path in folder.glob("*.png")} == set(PICTURED)
