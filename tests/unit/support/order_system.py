"""An order system of fakes, for tests of the sweep."""

from collections.abc import Callable
from typing import Any

from orders.adapters.simulated_gateway import SimulatedGateway
from orders.domain.order import OrderKey
from orders.use_cases.sweep import SweepPorts, SweepReport, sweep

from tests.support.fakes import FakeClock, FakeHints, FakeOrders, FakePayments
from tests.support.order_rows import KEY


class OrderSystem:
    """Orders, their queue and their payments, with 8 shards and 5 hints an order."""

    def __init__(self) -> None:
        self.orders = FakeOrders()
        self.hints = FakeHints()
        self.payments = FakePayments()
        self.clock = FakeClock()
        self.heard_of: list[OrderKey] = []

    def sweep(self, *, has_time: Callable[[], bool] = lambda: True, gateway: Any = None) -> SweepReport:
        parts = SweepPorts(
            self.orders, self.hints, self.payments, gateway or SimulatedGateway(self.payments), self.clock
        )
        return sweep(
            parts, shards=8, max_hints=5, late_after_seconds=300, has_time=has_time, on_given_up=self.heard_of.append
        )

    def status(self, key: OrderKey = KEY) -> str:
        return str(self.orders.rows[key]["status"])
