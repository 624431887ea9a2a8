"""What the workflow asks of charge_payment is read strictly."""

from typing import Any

import pytest
from orders.domain.money import Money
from orders.domain.payment import ChargeRequest, SettleRequest
from orders.domain.payment_request import InvalidPaymentRequest, parse_payment_request

from tests.rows import KEY

SETTLE = {"action": "settle", "user_id": KEY.user_id, "id": KEY.order_id, "amount": 1700, "currency": "EUR"}
CHARGE = SETTLE | {"action": "charge", "payment_method": "pm_card_visa", "attempt": 2}


def test_a_charge_is_read() -> None:
    request = parse_payment_request(CHARGE)

    assert request == ChargeRequest(KEY, Money(1700, "EUR"), "pm_card_visa", attempt=2)


def test_settling_is_read() -> None:
    request = parse_payment_request(SETTLE)

    assert request == SettleRequest(KEY, Money(1700, "EUR"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "refund"},
        {"action": None},
        {"user_id": ""},
        {"user_id": "\ud800"},
        {"id": "01\udfff"},
        {"id": 7},
        {"amount": "1700"},
        {"amount": 17.0},
        {"amount": -1},
        {"amount": True},
        {"currency": None},
        {"payment_method": None},
        {"attempt": None},
    ],
)
def test_anything_else_is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidPaymentRequest, match=f"^{next(iter(wrong))} must be .*got"):
        parse_payment_request(CHARGE | wrong)


@pytest.mark.parametrize("event", [None, [], "charge", 7])
def test_what_is_no_object_is_refused(event: object) -> None:
    with pytest.raises(InvalidPaymentRequest, match=r"^a payment request must be an object, got"):
        parse_payment_request(event)
