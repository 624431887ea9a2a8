"""An order, and the changes of status that are allowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from orders.domain.money import Money


class OrderStatus(StrEnum):
    """The status of an order; the values are those of the GraphQL enum and of the table."""

    PENDING = "PENDING"
    PAYING = "PAYING"
    PAID = "PAID"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


TRANSITIONS: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    # From PENDING straight to FAILED: the sweep gives up an order that no workflow ever took.
    OrderStatus.PENDING: frozenset({OrderStatus.PAYING, OrderStatus.CANCELLED, OrderStatus.FAILED}),
    OrderStatus.PAYING: frozenset({OrderStatus.PAID, OrderStatus.FAILED}),
    OrderStatus.PAID: frozenset(),
    OrderStatus.FAILED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}

FINAL_STATUSES = frozenset(status for status, following in TRANSITIONS.items() if not following)
OPEN_STATUSES = frozenset(TRANSITIONS) - FINAL_STATUSES


def statuses_before(target: OrderStatus) -> frozenset[OrderStatus]:
    """Return the statuses from which an order may move to `target`."""
    return frozenset(status for status, following in TRANSITIONS.items() if target in following)


@dataclass(frozen=True)
class OrderKey:
    """The name of one order. An order id is unique among the orders of one user only."""

    user_id: str
    order_id: str

    @property
    def idempotency_key(self) -> str:
        """The key by which the payment gateway knows this order's only charge."""
        return f"{self.user_id}/{self.order_id}"


@dataclass(frozen=True)
class Order:
    """An order as its row has it. Times are AWSDateTime texts."""

    key: OrderKey
    name: str
    quantity: int
    restaurant_id: str
    unit_price: Money
    total: Money
    status: OrderStatus
    failure_reason: str | None
    created_at: str
    updated_at: str
    # The end of the change window; None without one, and once the order isn't PENDING any more.
    changeable_until: str | None
    version: int


class OrderMoved(Exception):
    """A conditional write found the order in another state than it expected.

    `status` is the order's status, or None when its row is gone.
    """

    def __init__(self, key: OrderKey, status: OrderStatus | None) -> None:
        super().__init__(f"order {key.order_id} is {status or 'gone'}")
        self.key = key
        self.status = status


class HintsUsedUp(Exception):
    """An order is still open after all the hints it may have.

    `payment_method` is the one that it would be paid with.
    """

    def __init__(self, order: Order, *, payment_method: str) -> None:
        super().__init__(f"order {order.key.order_id} stayed {order.status} after all its hints")
        self.order = order
        self.payment_method = payment_method
