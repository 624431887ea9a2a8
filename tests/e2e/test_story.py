"""The story that everything else is about."""

import time
from typing import Any

from local.customer import Customer


def test_an_order_goes_from_pending_to_paid(outputs: dict[str, Any]) -> None:
    with Customer(outputs, **outputs["demo_user"]) as customer:
        order = customer.post_order(name="Margherita", quantity=2, restaurantId="trattoria-roma")
        deadline = time.monotonic() + 20
        seen = [order]
        while seen[-1]["status"] != "PAID" and time.monotonic() < deadline:
            seen.append(customer.order(order["id"]))

    assert seen[0]["status"] == "PENDING"
    assert seen[-1]["status"] == "PAID"
    assert seen[-1]["total"] == 1900
