"""Place one order as the demo customer and print every status that it goes through."""

import time
from collections.abc import Mapping
from typing import Any

from deployment.terminal import visible
from environments.currencies import money
from environments.user_error import UserError
from local.customer import Customer, GraphqlError
from local.progress import console

OPEN = ("PENDING", "PAYING")
PATIENCE_SECONDS = 150  # a lost hint is found within two minutes


def place_an_order(outputs: Mapping[str, Any], *, change_window_seconds: int = 0) -> None:
    """Order two pizzas and follow the order until it is closed; anything but PAID is an error of one line.

    The order stays PENDING while it can be changed.
    """
    try:
        _place_an_order(outputs, patience_seconds=PATIENCE_SECONDS + change_window_seconds)
    except GraphqlError as error:
        raise UserError(f"the order was refused: {error}; `make down`, then `make demo`, starts afresh") from error


def _place_an_order(outputs: Mapping[str, Any], *, patience_seconds: int) -> None:
    with Customer(outputs, **outputs["demo_user"]) as customer:
        started = time.monotonic()
        order = customer.post_order(name="Margherita", quantity=2, restaurantId="trattoria-roma")
        what = f"{order['quantity']} × {order['name']} from {order['restaurantId']}"
        console.print(f"\nOrder {order['id']}: {visible(what)}")
        _show(order, started)
        status = order["status"]
        while status in OPEN and time.monotonic() - started < patience_seconds:
            order = customer.order(order["id"])
            if order["status"] != status:
                status = order["status"]
                _show(order, started)
    if status != "PAID":
        raise UserError(f"the order is {status} after {time.monotonic() - started:.0f} s, expected PAID")


def _show(order: Mapping[str, Any], started: float) -> None:
    amount = visible(money(order["total"], order["currency"]))
    console.print(f"  {order['status']:<8} {amount:>10}   after {(time.monotonic() - started) * 1000:5.0f} ms")
