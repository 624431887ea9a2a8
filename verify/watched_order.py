"""One order's story, as a customer of a deployed environment lives it: from signing up to PAID."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from environments.currencies import money
from environments.order_rules import OPEN_STATUSES
from environments.user_error import UserError
from verify.customer import Customer
from verify.polling import changeable_seconds
from verify.subscription_client import WATCH_ONE, HeardOrder, subscription

PATIENCE_SECONDS = 150  # a lost hint is found within two minutes
LISTEN_SECONDS = 5
PAUSE_SECONDS = 0.1
Order = dict[str, Any]


@dataclass(frozen=True)
class WatchedOrder:
    """An order that was placed right after `start_ack`, and what was heard of it."""

    order: Order
    heard: list[str]
    # What a subscriber heard who gave no value for the variable `$id`; None when that was refused.
    heard_without_id: list[str] | None
    # Whether it took another order until anything was heard.
    needed_second_order: bool


def choose_dish(customer: Customer) -> Mapping[str, Any]:
    """Return the cheapest dish that can be ordered; UserError when there is none."""
    dishes = customer.dishes()
    if not dishes:
        raise UserError("no restaurant has a dish that can be ordered: put a menu into the menu table")
    return min(dishes, key=lambda dish: (dish["unitPrice"], dish["restaurantId"], dish["name"]))


async def order_and_watch(outputs: Mapping[str, Any], customer: Customer, dish: Mapping[str, Any]) -> WatchedOrder:
    """Place an order while watching; UserError unless it gets PAID, and somebody who watches hears of that."""
    async with AsyncExitStack() as watching:
        try:
            without_id = await watching.enter_async_context(subscription(outputs, customer, document=WATCH_ONE))
        except Exception:
            # Whatever AppSync makes of it is the answer to a question, and none of the story's business.
            without_id = None
        # Last, so that the order is placed in the first moments after this one's `start_ack`.
        heard = await watching.enter_async_context(subscription(outputs, customer))
        order = await _order_until_paid(customer, dish)
        statuses = await _heard_statuses(heard, order)
        # It hears the same at the same time, if it hears anything.
        of_other = None if without_id is None else await _heard_statuses(without_id, order, within_seconds=1)
        if "PAID" not in statuses:
            another = await _order_until_paid(customer, dish)
            if "PAID" not in await _heard_statuses(heard, another):
                raise UserError("two orders got PAID, and whoever watched them heard of neither")
            return WatchedOrder(order, statuses, of_other, needed_second_order=True)
        return WatchedOrder(order, statuses, of_other, needed_second_order=False)


async def _order_until_paid(customer: Customer, dish: Mapping[str, Any]) -> Order:
    """Place an order and wait until it is PAID; the order as it was placed."""
    content = {"name": dish["name"], "restaurantId": dish["restaurantId"], "quantity": 1}
    price = {"expectedUnitPrice": dish["unitPrice"], "expectedCurrency": dish["currency"]}
    order: Order = await asyncio.to_thread(customer.post_order, **content, **price)
    began, patience = time.monotonic(), PATIENCE_SECONDS + changeable_seconds(order)
    found = order
    # In steps, so that Ctrl-C isn't waited for.
    while found["status"] in OPEN_STATUSES and time.monotonic() - began < patience:
        await asyncio.sleep(PAUSE_SECONDS)
        found = await asyncio.to_thread(customer.order, order["id"])
    if found["status"] != "PAID":
        why = f" ({found['failureReason']})" if found["failureReason"] else ""
        raise UserError(f"the order is {found['status']}{why} after {time.monotonic() - began:.0f} s, expected PAID")
    return order


async def _heard_statuses(
    heard: asyncio.Queue[HeardOrder], order: Order, *, within_seconds: float | None = None
) -> list[str]:
    """Return the statuses of the order that were heard, up to PAID or until the time is over."""
    statuses: list[str] = []
    try:
        async with asyncio.timeout(LISTEN_SECONDS if within_seconds is None else within_seconds):
            while "PAID" not in statuses:
                event = await heard.get()
                if event["id"] == order["id"]:
                    statuses.append(str(event["status"]))
    except TimeoutError:
        pass
    return statuses


def order_text(order: Mapping[str, Any]) -> str:
    """Return an order in words."""
    total = money(order["total"], order["currency"])
    return f"order {order['id']}: {order['quantity']} × {order['name']} from {order['restaurantId']}, {total}"
