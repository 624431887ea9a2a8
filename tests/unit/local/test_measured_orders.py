"""`make cost` says how many orders it placed, and how far it is."""

from typing import Any

import pytest

from local.costs import measured_orders
from local.costs.__main__ import placing
from local.costs.measured_orders import MeasuredOrders
from local.costs.reported_usage import BilledItem, UsageCounts

ANNOUNCED = BilledItem("sns", "publications", "orders")
READS = BilledItem("dynamodb", "reads", "orders")


class Shop:
    """A customer, and the meter of the run that their orders use: the second order uses more than the others."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("PAUSE_SECONDS", "QUIET_SECONDS"):
            monkeypatch.setattr(measured_orders, name, 0)
        self._used = UsageCounts()
        self._placed = 0
        itself: Any = self
        self.orders = MeasuredOrders(itself, itself, {})
        self.progress: list[str] = []

    def read(self) -> UsageCounts:
        return UsageCounts(self._used)

    def execute(self, *_: str, **__: str) -> dict[str, Any]:
        return {"menu": [{"name": "Margherita", "unitPrice": 950, "currency": "EUR"}]}

    def post_order(self, **_: object) -> dict[str, Any]:
        self._placed += 1
        self._used.update({ANNOUNCED: 1, READS: 2 if self._placed == 2 else 1})
        self.progress.append(self.orders.progress)
        return {"id": f"{self._placed}"}


def test_the_orders_are_counted_and_those_that_used_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(monkeypatch)

    shop.orders.unwatched()

    assert shop.progress == [
        "order 1, 0 of 3 used the same",
        "order 2, 1 of 3 used the same",
        "order 3, 1 of 3 used the same",
        "order 4, 2 of 3 used the same",
    ]
    assert (shop.orders.placed, shop.orders.progress) == (4, "")


def test_while_orders_are_placed_their_count_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(monkeypatch)
    monkeypatch.setattr("local.costs.__main__.step", lambda _, now: now)

    now: Any = placing("Placing orders", shop.orders)
    before = now()
    shop.orders.progress = "order 2, 1 of 3 used the same"

    assert (before, now()) == ("Placing orders", "Placing orders: order 2, 1 of 3 used the same")
