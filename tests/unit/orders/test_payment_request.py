"""The workflow's requests to charge_payment are read strictly."""

from typing import Any

import pytest
from orders.domain.money import Money
from orders.domain.payment import ChargeRequest
from orders.domain.payment_request import InvalidPaymentRequest, PaymentRequest, parse_payment_request

from tests.support.order_rows import KEY

ORDER = {"user_id": KEY.user_id, "id": KEY.order_id}
# Requests of executions that began under the previous release.
CARRIED = {"amount": 1700, "currency": "EUR", "payment_method": "pm_card_visa"}
SETTLE = ORDER | {"action": "settle"}
CHARGE = ORDER | {"action": "charge", "attempt": 2}
REQUEST = ChargeRequest(KEY, Money(1700, "EUR"), "pm_card_visa")


def test_a_charge_is_read() -> None:
    request = parse_payment_request(CHARGE)

    assert request == PaymentRequest("charge", KEY, attempt=2)


def test_settling_is_read() -> None:
    request = parse_payment_request(SETTLE)

    assert request == PaymentRequest("settle", KEY)


def test_what_an_older_execution_carries_is_read_too() -> None:
    assert parse_payment_request(CHARGE | CARRIED) == PaymentRequest("charge", KEY, attempt=2, charge=REQUEST)
    assert parse_payment_request(SETTLE | CARRIED) == PaymentRequest("settle", KEY, charge=REQUEST)


@pytest.mark.parametrize("name", ORDER)
def test_settling_needs_the_whole_key_too(name: str) -> None:
    with pytest.raises(InvalidPaymentRequest, match=f"^{name} must be .*got None"):
        parse_payment_request({key: value for key, value in SETTLE.items() if key != name})


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
        {"payment_method": "pm_\ud800"},
        {"attempt": None},
    ],
)
def test_anything_else_is_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidPaymentRequest, match=f"^{next(iter(wrong))} must be .*got"):
        parse_payment_request(CHARGE | CARRIED | wrong)


def test_neither_a_refusal_nor_a_printed_request_says_the_payment_method() -> None:
    with pytest.raises(InvalidPaymentRequest) as refused:
        parse_payment_request(CHARGE | CARRIED | {"payment_method": "pm_\ud800"})

    assert "pm_" not in f"{refused.value} {parse_payment_request(CHARGE | CARRIED)!r}"


@pytest.mark.parametrize("event", [None, [], "charge", 7])
def test_what_is_no_object_is_refused(event: object) -> None:
    with pytest.raises(InvalidPaymentRequest, match=r"^a payment request must be an object, got"):
        parse_payment_request(event)
