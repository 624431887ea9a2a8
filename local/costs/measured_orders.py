"""Places one order on a run that is up, and tells what it used."""

import secrets
import time
from collections.abc import Callable
from typing import Any

from environments.user_error import UserError
from local.costs.order_watcher import OrderWatcher
from local.costs.reported_usage import UsageCounts, UsageMeter
from verify.customer import Customer

RESTAURANT, DISH = "trattoria-roma", "Margherita"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What is read of a run that does other things too: orders that use the same are believed. A busy machine makes
# functions slower, never faster, so the one that computed least is taken.
ALIKE_ORDERS = 3
TRIES = 12
PAUSE_SECONDS = 0.25
QUIET_SECONDS = 1.25
PATIENCE_SECONDS = 60
# The page asks for an order of which it doesn't hear one second after it was placed, and one after each change. On AWS
# an order takes one to two seconds.
TIMES_ASKED = 2


class MeasuredOrders:
    """The orders of one customer, placed as the page places them.

    `placed` counts all of them, and `progress` says how far the present count is, if there is one.
    """

    def __init__(self, meter: UsageMeter, customer: Customer, outputs: Any) -> None:
        self._meter, self._customer, self._outputs = meter, customer, outputs
        self.placed = 0
        self.progress = ""
        query = "query ($id: String!) { menu(restaurantId: $id) { name unitPrice currency } }"
        menu = customer.execute(query, id=RESTAURANT)
        (dish,) = (dish for dish in menu["menu"] if dish["name"] == DISH)
        self._price = {"expectedUnitPrice": dish["unitPrice"], "expectedCurrency": dish["currency"]}

    def unwatched(self) -> UsageCounts:
        """Return what an order uses whose customer is gone."""
        return self._usage_of_alike_orders(self._place_order)

    def watched(self) -> UsageCounts:
        """Return what an order uses whose customer hears of it on the page."""

        def place() -> None:
            with OrderWatcher(self._outputs, self._customer.token) as watcher:
                self._place_order()
                watcher.hear(until="PAID")

        return self._usage_of_alike_orders(place)

    def asked_for(self) -> UsageCounts:
        """Return what an order uses whose customer looks at a page that has to ask."""

        def place() -> None:
            order = self._place_order()
            for _ in range(TIMES_ASKED):
                time.sleep(1)
                self._customer.order(order["id"])

        return self._usage_of_alike_orders(place)

    def _place_order(self) -> dict[str, Any]:
        order = {"name": DISH, "quantity": 2, "restaurantId": RESTAURANT, "paymentMethod": "pm_card_visa"}
        placed = self._customer.post_order(**order, id=new_id(), **self._price)
        self.placed += 1
        return placed

    def _usage_of_alike_orders(self, place: Callable[[], object]) -> UsageCounts:
        found: list[UsageCounts] = []
        most_alike = 0
        for number in range(1, TRIES + 1):
            self.progress = f"order {number}, {most_alike} of {ALIKE_ORDERS} used the same"
            before = self._meter.read()
            place()
            used = self._read_when_quiet(before).since(before)
            if used.total("scheduler", "invocations") or used.total("sns", "publications") != 1:
                continue
            found.append(used)
            alike = [one for one in found if one.counts() == used.counts()]
            most_alike = max(most_alike, len(alike))
            if len(alike) == ALIKE_ORDERS:
                self.progress = ""
                return min(alike, key=lambda one: one.total("lambda", "processor milliseconds"))
        raise UserError(f"no {ALIKE_ORDERS} of {TRIES} orders used the same: something else keeps the local run busy")

    def _read_when_quiet(self, before: UsageCounts) -> UsageCounts:
        """Return what was used once the order's end is announced and nothing more is used."""
        latest, since, start = before, time.monotonic(), time.monotonic()
        while time.monotonic() - start < PATIENCE_SECONDS:
            time.sleep(PAUSE_SECONDS)
            now = self._meter.read()
            if now != latest:
                latest, since = now, time.monotonic()
            elif now.since(before).total("sns", "publications") and time.monotonic() - since > QUIET_SECONDS:
                return now
        raise UserError(f"an order wasn't announced, or the local run wasn't quiet, within {PATIENCE_SECONDS} s")


def new_id() -> str:
    """Return a new ULID."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
