"""The pictures in the README, taken of the app as it is: `make test-web SCREENSHOTS=yes` takes them anew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from deployment.checkout import ROOT
from tests.web.graphiql import run_the_first_query
from tests.web.people import DECLINED, Customer, Mails
from tests.web.windows import DESKTOP, PHONE

PICTURES = ROOT / "docs" / "screenshots"
# Times, ids and addresses differ each time; a picture that says the same is to be the same.
STEADY = """() => {
  for (const time of document.querySelectorAll('time')) time.textContent = '12:00';
  for (const code of document.querySelectorAll('.facts code')) code.textContent = '01M858AZBJ4HD51KQJXBAX0CNF';
  for (const email of document.querySelectorAll('.email')) email.textContent = 'ada@example.com';
}"""


PICTURED = ("menu", "order-dark-360", "orders-dark-360", "engineer", "graphiql")


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the pictures go: the README's folder only when that was asked for."""
    return PICTURES if request.config.option.screenshots else tmp_path


def take(page: Page, path: Path) -> None:
    """Take a picture of what the window shows."""
    path.parent.mkdir(exist_ok=True)
    page.evaluate(STEADY)
    page.screenshot(path=path, animations="disabled", caret="hide")


def test_the_readme_shows_the_pages_as_they_are(
    new_customer: Callable[..., Customer], mails: Mails, folder: Path
) -> None:
    desktop = new_customer((1200, 800), "light")
    desktop.choose()
    desktop.choose("Tiramisù")
    take(desktop.page, folder / "menu.png")
    phone = new_customer(PHONE, "dark")
    phone.order()
    phone.sees("PAID")
    take(phone.page, folder / "order-dark-360.png")
    phone.page.get_by_role("link", name="Menu", exact=True).click()
    phone.order(card=DECLINED)
    phone.sees("FAILED")
    phone.listed()
    take(phone.page, folder / "orders-dark-360.png")
    engineer = new_customer(DESKTOP, "light")
    engineer.window.visit(f"/engineer#{mails.token}")
    expect(engineer.page.locator(".mail").first).to_be_visible()
    take(engineer.page, folder / "engineer.png")
    engineer.page.get_by_role("button", name="GraphiQL").click()
    run_the_first_query(engineer.page)
    take(engineer.page, folder / "graphiql.png")

    assert {path.stem for path in folder.glob("*.png")} == set(PICTURED)
