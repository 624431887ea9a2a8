"""An order that nobody told the workflow about waits for sweep; test_sweep.py looks at what becomes of it."""

import pytest

from tests.e2e.lost_hints import WaitingForSweep


@pytest.mark.parametrize("how", ["message lost", "message not sent"])
def test_an_order_without_a_hint_stays_pending(waiting_for_sweep: WaitingForSweep, how: str) -> None:
    order = waiting_for_sweep.orders[how]

    status = waiting_for_sweep.customer.order(order["id"])["status"]

    assert status == "PENDING"
