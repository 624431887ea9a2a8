"""The main path of the system: an order is placed and paid."""

import pytest

from tests.e2e.support.order_requests import PIZZA, PIZZA_TOTAL
from verify.customer import Customer
from verify.polling import wait_for_final_status


@pytest.mark.public_api
def test_an_order_goes_from_pending_to_paid(customer: Customer) -> None:
    order = customer.post_order(**PIZZA)
    final = wait_for_final_status(customer, order)

    assert (order["status"], order["version"], order["total"]) == ("PENDING", 1, PIZZA_TOTAL)
    assert (final["status"], final["version"], final["total"]) == ("PAID", 3, PIZZA_TOTAL)
    assert final["failureReason"] is None
