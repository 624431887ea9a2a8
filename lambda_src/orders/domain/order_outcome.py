"""The outcome of an order, as the business metrics count it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from orders.domain.money import Money
from orders.domain.order import FINAL_STATUSES, Order, OrderStatus
from orders.domain.payment import PAYMENT_UNAVAILABLE


class Outcome(StrEnum):
    """The outcome of an order. DECLINED and FAILED both have the status FAILED.

    DECLINED: the bank refused the charge. FAILED: the bank gave no answer, or the row has no
    reason.
    """

    PAID = "paid"
    DECLINED = "declined"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class OrderOutcome:
    """An order's outcome, the time from its placing to its end, and the money it brought in."""

    outcome: Outcome
    duration_milliseconds: int
    revenue: Money | None


def outcome_of(order: Order) -> OrderOutcome | None:
    """Return the outcome of an order, or None while it is open."""
    if order.status not in FINAL_STATUSES:
        return None
    is_paid = order.status is OrderStatus.PAID
    return OrderOutcome(_outcome(order), _duration_milliseconds(order), order.total if is_paid else None)


def _outcome(order: Order) -> Outcome:
    if order.status is not OrderStatus.FAILED:
        return Outcome(order.status.lower())
    return Outcome.FAILED if order.failure_reason in (None, PAYMENT_UNAVAILABLE) else Outcome.DECLINED


def _duration_milliseconds(order: Order) -> int:
    """Return the time from placing to end, at least 0.

    Two clocks are compared: AppSync's, and that of the program that ended the order.
    """
    took = datetime.fromisoformat(order.updated_at) - datetime.fromisoformat(order.created_at)
    return max(0, took // timedelta(milliseconds=1))
