"""Place one order as the demo customer and print every status that it goes through."""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from deployment.colours import STATUS_TONES, coloured
from deployment.escaped_text import visible
from deployment.progress import show_progress
from environments.currencies import money
from environments.order_rules import OPEN_STATUSES
from environments.user_error import UserError
from local.sign_in import sign_in
from verify.customer import GraphqlError
from verify.polling import changeable_seconds

PATIENCE_SECONDS = 150  # a lost hint is found within two minutes
PAUSE_SECONDS = 0.02


def place_an_order(outputs: Mapping[str, Any]) -> None:
    """Order two pizzas and follow the order until it is closed; anything but PAID is an error of one line.

    The order stays PENDING while it can be changed, and the remaining time is shown.
    """
    try:
        _place_an_order(outputs)
    except GraphqlError as error:
        raise UserError(f"the order was refused: {error}; `make down`, then `make demo`, starts afresh") from error


def _place_an_order(outputs: Mapping[str, Any]) -> None:
    with sign_in(outputs, **outputs["demo_user"]) as customer:
        started = time.monotonic()
        order = customer.post_order(name="Margherita", quantity=2, restaurantId="trattoria-roma")
        what = f"{order['quantity']} × {order['name']} from {order['restaurantId']}"
        print(f"\nOrder {order['id']}: {visible(what)}")
        _show(order, started)
        patience_seconds = PATIENCE_SECONDS + changeable_seconds(order)
        status = order["status"]
        while status in OPEN_STATUSES and time.monotonic() - started < patience_seconds:
            with _waiting(order):
                while order["status"] == status and time.monotonic() - started < patience_seconds:
                    time.sleep(PAUSE_SECONDS)
                    order = customer.order(order["id"])
            if order["status"] != status:
                status = order["status"]
                _show(order, started)
    if status != "PAID":
        raise UserError(f"the order is {status} after {time.monotonic() - started:.0f} s, expected PAID")


@contextmanager
def _waiting(order: Mapping[str, Any]) -> Iterator[None]:
    """Show what the order waits for; its payment is a matter of moments, unless something is wrong."""

    def now() -> str:
        left = changeable_seconds(order)
        if order["status"] == "PENDING" and left > 0:
            return f"The order can be changed for another {math.ceil(left)} s, then it is paid"
        return f"The order is {order['status']} and waits for its payment"

    with show_progress(now):
        yield


def _show(order: Mapping[str, Any], started: float) -> None:
    amount = visible(money(order["total"], order["currency"]))
    seconds = time.monotonic() - started
    after = f"{seconds * 1000:5.0f} ms" if seconds < 10 else f"{seconds:6.1f} s"
    status = coloured(f"{order['status']:<8}", STATUS_TONES.get(order["status"], "normal"))
    print(f"  {status} {amount:>10}   after {after}", flush=True)
