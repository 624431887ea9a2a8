"""How an order ended, for those who ask how the business goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orders.domain.money import Money
from orders.domain.order import FINAL_STATUSES, Order, OrderStatus
from orders.domain.payment import PAYMENT_UNAVAILABLE


class Outcome(StrEnum):
    """How an order ended. A declined order and a failed one are both FAILED: the bank said no, or said nothing."""

    PAID = "paid"
    DECLINED = "declined"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Ending:
    """An order's outcome, the time from its placing to its end, and what it brought in."""

    outcome: Outcome
    duration_milliseconds: int
    revenue: Money | None


def ending_of(order: Order) -> Ending | None:
    """Return how an order ended; None while it is open."""
    if order.status not in FINAL_STATUSES:
        return None
    is_paid = order.status is OrderStatus.PAID
    return Ending(_outcome(order), _duration_milliseconds(order), order.total if is_paid else None)


def _outcome(order: Order) -> Outcome:
    if order.status is not OrderStatus.FAILED:
        return Outcome(order.status.lower())
    return Outcome.FAILED if order.failure_reason in (None, PAYMENT_UNAVAILABLE) else Outcome.DECLINED


def _duration_milliseconds(order: Order) -> int:
    """Return the time between two clocks, AppSync's and that of whoever ended the order: at least 0."""
    took = datetime.fromisoformat(order.updated_at) - datetime.fromisoformat(order.created_at)
    return max(0, took // timedelta(milliseconds=1))
