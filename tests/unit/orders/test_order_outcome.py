"""The ends of orders, as metrics and the dashboard have them."""

from typing import Any

import pytest
from orders.domain.money import Money
from orders.domain.order import FINAL_STATUSES, OPEN_STATUSES
from orders.domain.order_outcome import OrderOutcome, Outcome, outcome_of
from orders.domain.row import order_from_row

from tests.support.order_rows import order_row


def ending(**changes: Any) -> OrderOutcome:
    found = outcome_of(order_from_row(order_row(**changes)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"status": "PAID"}, Outcome.PAID),
        ({"status": "CANCELLED"}, Outcome.CANCELLED),
        ({"status": "FAILED", "failure_reason": "CARD_DECLINED"}, Outcome.DECLINED),
        ({"status": "FAILED", "failure_reason": "INSUFFICIENT_FUNDS"}, Outcome.DECLINED),
        ({"status": "FAILED", "failure_reason": "UNKNOWN_PAYMENT_METHOD"}, Outcome.DECLINED),
        ({"status": "FAILED", "failure_reason": "a reason of another gateway"}, Outcome.DECLINED),
        ({"status": "FAILED", "failure_reason": "PAYMENT_UNAVAILABLE"}, Outcome.FAILED),
        ({"status": "FAILED"}, Outcome.FAILED),
    ],
)
def test_an_order_is_declined_when_the_bank_said_no_and_failed_when_nobody_answered(
    changes: dict[str, Any], outcome: Outcome
) -> None:
    assert ending(**changes).outcome is outcome


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_an_open_order_has_not_ended(status: str) -> None:
    assert outcome_of(order_from_row(order_row(status=status))) is None


def test_only_a_paid_order_brings_something_in() -> None:
    revenue = {status: ending(status=status).revenue for status in FINAL_STATUSES}

    assert {status: money for status, money in revenue.items() if money} == {"PAID": Money(1700, "EUR")}


@pytest.mark.parametrize(
    ("updated_at", "milliseconds"),
    [
        ("2026-01-01T00:00:01.250Z", 1250),
        ("2026-01-01T01:00:00.0005+01:00", 0),
        ("2026-01-02T00:00:00.000Z", 24 * 60 * 60 * 1000),
        # The clock that ended the order is behind AppSync's clock.
        ("2025-12-31T23:59:59.900Z", 0),
    ],
)
def test_the_duration_is_from_the_placing_to_the_end(updated_at: str, milliseconds: int) -> None:
    assert ending(status="PAID", updated_at=updated_at).duration_milliseconds == milliseconds
