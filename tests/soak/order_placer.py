"""Customers who place orders, change them, give up waiting and send them again."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.faults.support.history import Event, History, now
from tests.e2e.support.order_requests import CANCEL, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import ORDER_FIELDS, Customer, GraphqlError

POST = "mutation Post($input: OrderInput!) { postOrder(input: $input) { id } }"
UPDATE = f"mutation Update($input: UpdateOrderInput!) {{ updateOrder(input: $input) {{ {ORDER_FIELDS} }} }}"
DISHES = ("Margherita", "Tiramisù")
METHODS = {
    "pm_card_visa": 84,
    "pm_card_chargeDeclined": 5,
    "pm_card_chargeDeclinedInsufficientFunds": 3,
    "pm_sim_error_once": 5,
    "pm_sim_error_always": 3,
}
# Of a hundred orders.
IMPATIENT, CANCELLING, UPDATING = 5, 5, 5
LONGEST_PATIENCE_SECONDS = 0.05
TRIES = 10
PAUSE_SECONDS = 0.1


class NotAccepted(Exception):
    """The API refused an order again and again."""


@dataclass
class OrderPlacer:
    """One customer's share of the orders, placed one after the other.

    The customer waits while too many orders are unfinished.
    """

    customer: Customer
    url: str
    history: History
    seed: int
    may_go_on: Callable[[], bool]
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.user = user_id_of(self.customer)
        self._http = httpx.Client(
            headers={"authorization": self.customer.token}, trust_env=False
        )  # for calls that are given up

    def place_all(self, numbers: Iterable[int]) -> None:
        """Place an order for each number. The number decides its content and its later changes."""
        with self._http:
            for number in numbers:
                while not self.may_go_on():
                    time.sleep(PAUSE_SECONDS)
                self._place(random.Random(f"{self.seed}/{number}"))

    def _place(self, chance: random.Random) -> None:
        order: dict[str, Any] = {
            "id": new_id(),
            "name": chance.choice(DISHES),
            "quantity": chance.randint(1, 9),
            "restaurantId": "trattoria-roma",
            "paymentMethod": chance.choices(list(METHODS), list(METHODS.values()))[0],
        }
        if chance.random() * 100 < IMPATIENT:
            self._lose_patience(order, chance.random() * LONGEST_PATIENCE_SECONDS)
        self._post(order)
        mood = chance.random() * 100
        if mood < CANCELLING:
            self._change("cancelOrder", CANCEL, order["id"], id=order["id"])
        elif mood < CANCELLING + UPDATING:
            content = {name: order[name] for name in ("id", "name", "restaurantId")}
            self._change("updateOrder", UPDATE, order["id"], input={**content, "quantity": 10})

    def _lose_patience(self, order: dict[str, Any], seconds: float) -> None:
        """Send the order without waiting for the answer. The caller sends it again afterwards."""
        try:
            self._http.post(self.url, json={"query": POST, "variables": {"input": order}}, timeout=seconds)
        except httpx.TimeoutException:
            self.counts["clients that gave up waiting"] += 1
        self.counts["resends"] += 1

    def _post(self, order: dict[str, Any]) -> None:
        for _ in range(TRIES):
            asked = now()
            try:
                answer = self.customer.post_order(**order)
            except (GraphqlError, httpx.HTTPError) as error:
                self._called("postOrder", order["id"], asked, error)
                self.counts["resends"] += 1
                continue
            self.counts["accepted"] += 1
            for kind in ("accepted", "seen"):
                self.history.write(event(kind, self.user, answer, asked))
            return
        raise NotAccepted(order["id"])

    def _change(self, what: str, document: str, order_id: str, **variables: Any) -> None:
        asked = now()
        try:
            answer = self.customer.execute(document, **variables)[what]
        except (GraphqlError, httpx.HTTPError) as error:
            self._called(what, order_id, asked, error)
            self.counts[f"{what} refused"] += 1
            return
        self.counts[what] += 1
        if what == "updateOrder":
            self.history.write(event("seen", self.user, answer, asked))

    def _called(self, what: str, order_id: str, asked: float, error: Exception) -> None:
        answer = f"{what}: {error}"
        self.history.write(
            Event(kind="called", user=self.user, id=order_id, asked=asked, answered=now(), answer=answer)
        )


def event(kind: str, user: str, order: dict[str, Any], asked: float) -> Event:
    """Turn an order in the API's answer into an event that ends now."""
    return Event(
        kind=kind,
        user=user,
        id=order["id"],
        asked=asked,
        answered=now(),
        status=order["status"],
        version=order["version"],
        quantity=order["quantity"],
        unit_price=order["unitPrice"],
        total=order["total"],
    )
