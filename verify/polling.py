"""Waiting for what happens elsewhere."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from environments.order_rules import OPEN_STATUSES
from verify.customer import Customer

Value = TypeVar("Value")
PAUSE_SECONDS = 0.02


def eventually(
    read: Callable[[], Value],
    is_right: Callable[[Value], object],
    *,
    within_seconds: float,
    pause_seconds: float = PAUSE_SECONDS,
) -> Value:
    """Read until the value is right or the time is over; the last value, for an assertion to judge.

    What is waited for long is read less and less often, because to read is work for what is to get there.
    """
    start = time.monotonic()
    value = read()
    while not is_right(value) and (waited := time.monotonic() - start) < within_seconds:
        time.sleep(max(pause_seconds, waited / 10))
        value = read()
    return value


def wait_for_status(customer: Customer, order_id: str, *, until: str, within_seconds: float = 15) -> str:
    """An order's status once it is the wanted one, else the one that it is stuck in."""
    return str(
        eventually(
            lambda: customer.order(order_id)["status"], lambda status: status == until, within_seconds=within_seconds
        )
    )


def wait_for_final_status(
    customer: Customer, order: Mapping[str, Any], *, within_seconds: float = 15
) -> dict[str, Any]:
    """The order once it is in a final status; the time begins when it can no longer be changed."""
    return eventually(
        lambda: customer.order(order["id"]),
        lambda found: found["status"] not in OPEN_STATUSES,
        within_seconds=within_seconds + changeable_seconds(order),
    )


def changeable_seconds(order: Mapping[str, Any]) -> float:
    """For how long a customer can still change the order; 0 when that is over."""
    until = order.get("changeableUntil")
    return max(0.0, (datetime.fromisoformat(until) - datetime.now(UTC)).total_seconds()) if until else 0.0
