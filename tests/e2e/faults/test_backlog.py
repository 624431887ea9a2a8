"""More orders than the system can work on at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.faults.support.audit import Audit, Order
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA, PIZZA_TOTAL
from verify.customer import Customer

BACKLOG = 2000


@pytest.mark.timeout(600)
def test_a_backlog_of_two_thousand_orders_is_worked_off_and_none_is_lost(
    customer: Customer, account: AdministratorAccess, audit: Audit
) -> None:
    with account.hints_held(), ThreadPoolExecutor(8) as clients:
        placed = {order["id"] for order in clients.map(lambda _: customer.post_order(**PIZZA), range(BACKLOG))}
        waiting = account.waiting("queue_url")

    closed = audit.audited_orders(customer, within_seconds=200)

    assert waiting == len(placed) == BACKLOG
    assert closed == dict.fromkeys(placed, Order("PAID", 3, PIZZA_TOTAL))
    assert audit.charges(customer) == dict.fromkeys(placed, ("approved", PIZZA_TOTAL))
    assert audit.announced(customer, count=BACKLOG, within_seconds=180) == dict.fromkeys(placed, "PAID")
    assert account.messages("dead_letter_queue_url") == []
