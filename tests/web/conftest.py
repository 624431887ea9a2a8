"""The browser, the pages and the people in front of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.account import Account
from tests.e2e.mailbox import Mailbox
from tests.web.chromium import ARGUMENTS, chromium, missing
from tests.web.windows import Window, Windows


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium() is None:
        for item in items:
            if item.path.parent.name == "web":
                item.add_marker(pytest.mark.skip(reason=missing()))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """This machine's Chromium; ends with the browser tests, because its driver keeps an event loop running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def account(outputs: dict[str, Any]) -> Account:
    """The deployed system as its administrator sees it."""
    return Account(outputs)


@pytest.fixture(scope="session")
def mailbox(account: Account) -> Mailbox:
    """The inbox of the people who subscribed."""
    return Mailbox(account)


@pytest.fixture
def windows(browser: Browser, outputs: dict[str, Any]) -> Iterator[Windows]:
    """Opens windows of the app, each a browser of its own; what their pages complained of fails the test."""
    windows = Windows(browser, outputs)
    yield windows
    complaints = windows.close()
    assert complaints == []


@pytest.fixture
def window(windows: Windows) -> Window:
    """A window nobody is signed in to."""
    return windows.open()
