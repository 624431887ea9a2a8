"""Fixtures of the browser tests: the browser, its windows and customers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import Deployment
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.users import sign_up, tokens_of
from tests.web.support.app_users import Customer, Mails
from tests.web.support.browser_windows import DESKTOP, Scheme, Window, Windows
from tests.web.support.chromium import ARGUMENTS, chromium, missing
from verify.token_claims import claims_of


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # No package of the project brings a browser, so these tests need the machine's Chromium. If it
    # is missing, they are skipped with a reason (tests/unit/web/test_chromium.py).
    if chromium() is None:
        for item in items:
            if item.path.parent.name == "web":
                item.add_marker(pytest.mark.skip(reason=missing()))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """This machine's Chromium.

    It ends with the browser tests, because its driver runs an event loop.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def account(outputs: dict[str, Any]) -> AdministratorAccess:
    """The deployed system as its administrator sees it."""
    return AdministratorAccess(outputs)


@pytest.fixture
def held(account: AdministratorAccess) -> Iterator[None]:
    """Hints stay on the queue, as in a change window."""
    with account.hints_held():
        yield


@pytest.fixture
def windows(browser: Browser, outputs: dict[str, Any]) -> Iterator[Windows]:
    """Windows of the app, each a browser of its own. Unexpected console errors fail the test."""
    windows = Windows(browser, outputs)
    yield windows
    complaints = windows.close()
    assert complaints == []


NewCustomer = Callable[..., Customer]


@pytest.fixture
def new_customer(windows: Windows, account: AdministratorAccess) -> NewCustomer:
    """Open the app for a new customer, signed in, in a window of their own."""

    def make(size: tuple[int, int] = DESKTOP, scheme: Scheme = "light") -> Customer:
        user = sign_up(account.outputs)
        tokens = tokens_of(account.outputs, user, account)
        customer = Customer(windows.open(size, scheme), str(claims_of(tokens["IdToken"])["sub"]))
        customer.come_back(user, account.outputs, tokens["RefreshToken"])
        return customer

    return make


@pytest.fixture
def customer(new_customer: NewCustomer) -> Customer:
    """A new customer, signed in, in front of the menu."""
    return new_customer()


@pytest.fixture
def neighbour(new_customer: NewCustomer) -> Customer:
    """Another customer, in another browser."""
    return new_customer()


@pytest.fixture
def mails(deployment: Deployment, outputs: dict[str, Any]) -> Mails:
    """The mails that the local run shows to its engineer."""
    return Mails(deployment, outputs["web_url"])


@pytest.fixture
def window(windows: Windows) -> Window:
    """A window in which nobody is signed in."""
    return windows.open()
