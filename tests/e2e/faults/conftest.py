"""Fixtures of the fault suite: a proxy between the functions and AWS, and tools to judge orders."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Deployment
from tests.e2e.faults.support.announcements import Announcements
from tests.e2e.faults.support.audit import Audit
from tests.e2e.faults.support.broken_orders import BrokenOrders
from tests.e2e.faults.support.fault_proxy import FaultProxy, redirected
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import Sweeper, manual_sweeper
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.process_memory import server_pid
from verify.customer import Customer

NewOrder = Callable[[], OneOrder]


@pytest.fixture(scope="package")
def proxy(outputs: dict[str, Any], account: AdministratorAccess) -> Iterator[FaultProxy]:
    """The proxy that the functions call in place of AWS.

    It runs from the first test that uses it until the last fault test has ended.
    """
    functions = outputs["functions"]
    with (
        FaultProxy(outputs["aws_endpoint_url"], functions) as listening,
        redirected(account.client("lambda"), functions, listening),
    ):
        yield listening


@pytest.fixture
def audit(account: AdministratorAccess, mailbox: Mailbox) -> Iterator[Audit]:
    """A check of orders against payments. After the test, no message may be left on the queues."""
    kept = Audit(account, mailbox)
    yield kept
    assert account.hints_left() == 0
    assert [message["Body"] for message in account.messages("dead_letter_queue_url")] == []


@pytest.fixture(scope="session")
def server(deployment: Deployment) -> int:
    """The process id of the local run's server, whose children are the functions."""
    return server_pid(deployment.run.directory)


@pytest.fixture(scope="module")
def announcements(account: AdministratorAccess) -> Announcements:
    """The event source mapping from the orders' stream to `announce`."""
    return Announcements(account)


@pytest.fixture(scope="module")
def sweeper(account: AdministratorAccess) -> Iterator[Sweeper]:
    """The sweep, which runs only when a test starts it."""
    with manual_sweeper(account) as sweeper:
        yield sweeper


@pytest.fixture
def broken_orders(account: AdministratorAccess, proxy: FaultProxy, mailbox: Mailbox, sweeper: Sweeper) -> BrokenOrders:
    """Tools that break the calls of orders and judge how the orders ended."""
    return BrokenOrders(account, proxy, mailbox, sweeper)


@pytest.fixture
def new_order(customer: Customer, account: AdministratorAccess) -> NewOrder:
    """Make an order with an id, not placed yet."""
    return lambda: OneOrder(customer, account)


@pytest.fixture
def order(new_order: NewOrder) -> OneOrder:
    """An order that isn't placed yet."""
    return new_order()
