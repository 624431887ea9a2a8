"""Customers and other fixtures of the end-to-end tests, and the order in which the tests run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.lost_hints import WaitingForSweep, lose_hints
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.order_requests import PIZZA, PIZZA_PRICE
from tests.e2e.support.users import sign_up
from verify.customer import Customer
from verify.temporary_customer import temporary_customer

NewCustomer = Callable[[], Customer]

# The tests in test_lost_hints wait a minute for the sweep, so their orders come before all others.
# test_speed measures the system right after `make up`.
FIRST = ("test_lost_hints", "test_speed")
# test_announcements needs all orders announced, and test_drift the deployment as it was at first.
# test_sweep needs one run of the sweep, and test_secrets_in_logs the logs of all tests.
# test_status ends the server.
LAST = (
    "test_announcements",
    "test_missing_permissions",
    "test_drift",
    "test_sweep",
    "test_secrets_in_logs",
    "test_status",
)
# Fixtures that exist only in the tests' own run: keys, the emulator's internals, the machine.
WITH_KEYS = {"account", "deployment", "emulator", "mailbox", "server_log", "waiting_for_sweep"}


def position(item: pytest.Item) -> int:
    """Return the sort key of a test: the position of its file among the end-to-end tests.

    Tests of other tiers keep their place. Browser tests use the same deployed system, so they run
    before it is ended.
    """
    name = item.path.stem
    if item.path.parent.name == "web":
        return 90
    if item.path.parent.name == "faults":
        return 60
    if item.path.parent.name != "e2e":
        return 0
    if name in FIRST:
        return 1 + FIRST.index(name)
    return 100 + LAST.index(name) if name in LAST else 50


@pytest.hookimpl(trylast=True)  # after the tiers are sorted
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=position)
    for item in items:
        taken = WITH_KEYS.intersection(getattr(item, "fixturenames", ()))
        if taken and item.get_closest_marker("public_api"):
            raise pytest.UsageError(f"{item.nodeid} has the marker public_api, and takes {', '.join(sorted(taken))}")


@pytest.fixture(scope="session")
def account(outputs: dict[str, Any]) -> AdministratorAccess:
    """The deployed system as its administrator sees it."""
    return AdministratorAccess(outputs)


@pytest.fixture(scope="session")
def new_customer(request: pytest.FixtureRequest, outputs: dict[str, Any]) -> Iterator[NewCustomer]:
    """Make a customer that no other test uses."""
    with ExitStack() as customers:
        if request.config.option.env:
            target = request.getfixturevalue("target")
            require_sample_menu(customers.enter_context(temporary_customer(target)))
            yield lambda: customers.enter_context(temporary_customer(target))
        else:
            yield lambda: customers.enter_context(sign_in(outputs, **sign_up(outputs)))


def require_sample_menu(customer: Customer) -> None:
    """End the session if the tests' dishes can't be ordered."""
    menu = {(dish["restaurantId"], dish["name"]): dish["unitPrice"] for dish in customer.dishes()}
    if menu.get((PIZZA["restaurantId"], PIZZA["name"])) != PIZZA_PRICE:
        pytest.exit("the menu there isn't that of local/sample_menu.json, of which these tests order", returncode=1)


@pytest.fixture
def customer(new_customer: NewCustomer) -> Customer:
    """A new customer for each test."""
    return new_customer()


@pytest.fixture
def stranger(new_customer: NewCustomer) -> Customer:
    """A second new customer, who doesn't own the first one's orders."""
    return new_customer()


@pytest.fixture(scope="session")
def waiting_for_sweep(new_customer: NewCustomer, account: AdministratorAccess) -> WaitingForSweep:
    """Orders whose hints were lost, placed before all other tests."""
    return lose_hints(new_customer(), account)


@pytest.fixture(scope="session")
def mailbox(account: AdministratorAccess) -> Mailbox:
    """The inbox of the people who subscribed to announcements."""
    return Mailbox(account)
