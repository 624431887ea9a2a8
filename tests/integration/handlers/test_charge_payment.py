"""Answers of `charge_payment` to the workflow."""

import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from orders import bootstrap
from orders.adapters.simulated_gateway import SimulatedGateway
from orders.domain.money import Money
from orders.domain.order import OrderMoved
from orders.domain.payment import Charge, Payment, PaymentGatewayUnavailable, PaymentResult
from orders.domain.payment_request import InvalidPaymentRequest
from orders.handlers import charge_payment

from tests.support.fakes import FakeChargeRequests, FakeOrders, FakePayments
from tests.support.order_rows import KEY, order_row

SETTLE = {"action": "settle", "user_id": KEY.user_id, "id": KEY.order_id}
CHARGE = SETTLE | {"action": "charge", "attempt": 0}


@pytest.fixture
def orders() -> FakeOrders:
    orders = FakeOrders()
    orders.put(order_row(status="PAYING"))
    return orders


@pytest.fixture(autouse=True)
def payments(monkeypatch: pytest.MonkeyPatch, orders: FakeOrders) -> FakePayments:
    payments = FakePayments()
    adapters = SimpleNamespace(
        charge_requests=FakeChargeRequests(orders), payments=payments, gateway=SimulatedGateway(payments)
    )
    monkeypatch.setattr(bootstrap, "charge_payment", lambda: adapters)
    return payments


def pay_with(payment_method: str, orders: FakeOrders) -> None:
    orders.put(order_row(status="PAYING", payment_method=payment_method))


def test_a_charge_is_answered_and_recorded(payments: FakePayments, context: Any) -> None:
    answer = charge_payment.handler(CHARGE, context)

    assert answer == {"result": "approved", "charge_id": payments.stored[KEY].charge.charge_id, "reason": None}


def test_a_charge_that_can_not_be_counted_is_answered_all_the_same(
    payments: FakePayments, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENVIRONMENT")

    answer = charge_payment.handler(CHARGE, context)

    assert answer["result"] == "approved"
    assert KEY in payments.stored


def test_a_charge_that_fails_and_can_not_be_counted_fails_by_its_own_name(
    context: Any, orders: FakeOrders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENVIRONMENT")
    pay_with("pm_sim_error_always", orders)

    with pytest.raises(PaymentGatewayUnavailable):
        charge_payment.handler(CHARGE, context)


def test_a_declined_charge_is_an_answer(context: Any, orders: FakeOrders) -> None:
    pay_with("pm_card_chargeDeclined", orders)

    answer = charge_payment.handler(CHARGE, context)

    assert (answer["result"], answer["reason"]) == ("declined", "CARD_DECLINED")


def test_a_charge_that_was_declined_without_a_reason_gets_one(payments: FakePayments, context: Any) -> None:
    charge = Charge("ch_1", PaymentResult.DECLINED)
    payments.record(Payment(KEY, charge, Money(1700, "EUR"), "2026-01-01T00:00:00.000Z"))

    answer = charge_payment.handler(SETTLE, context)

    assert answer["reason"] == "PAYMENT_FAILED"


def test_settling_is_answered_alike(context: Any) -> None:
    answer = charge_payment.handler(SETTLE, context)

    assert (answer["result"], answer["reason"]) == ("voided", "PAYMENT_UNAVAILABLE")
    assert answer["charge_id"]


def test_a_technical_failure_leaves_by_its_own_name(context: Any, orders: FakeOrders) -> None:
    pay_with("pm_sim_error_always", orders)

    with pytest.raises(PaymentGatewayUnavailable):
        charge_payment.handler(CHARGE, context)


def test_what_an_execution_of_the_release_before_carries_is_charged_without_its_row(
    payments: FakePayments, context: Any, orders: FakeOrders
) -> None:
    orders.rows.clear()
    carried = {"amount": 1700, "currency": "EUR", "payment_method": "pm_card_visa"}

    answer = charge_payment.handler(CHARGE | carried, context)

    assert answer["result"] == "approved"
    assert payments.stored[KEY].price == Money(1700, "EUR")


def test_an_order_without_a_row_is_not_charged(payments: FakePayments, context: Any, orders: FakeOrders) -> None:
    orders.rows.clear()

    with pytest.raises(OrderMoved, match="gone"):
        charge_payment.handler(CHARGE, context)

    assert payments.stored == {}


def test_an_unknown_request_is_refused(context: Any) -> None:
    with pytest.raises(InvalidPaymentRequest, match="action must be"):
        charge_payment.handler({}, context)


def test_a_payment_is_logged_with_its_order(context: Any, logged: Any) -> None:
    lines = logged(charge_payment)

    charge_payment.handler(CHARGE, context)

    assert [(line["message"], line["order_id"], line["result"]) for line in lines()] == [
        ("payment", KEY.order_id, "approved")
    ]


def test_a_payment_that_fails_is_logged_with_its_order_and_leaves_nothing_to_the_next(
    context: Any, logged: Any, orders: FakeOrders
) -> None:
    pay_with("pm_sim_error_always", orders)
    lines = logged(charge_payment)
    with suppress(PaymentGatewayUnavailable):
        charge_payment.handler(CHARGE, context)
    with suppress(InvalidPaymentRequest):
        charge_payment.handler({}, context)

    charge_payment.logger.info("of no order")

    failed, other = lines()
    assert (failed["message"], failed["order_id"], failed["user_id"]) == ("payment failed", KEY.order_id, KEY.user_id)
    assert failed["milliseconds"] >= 0
    assert "order_id" not in other


@pytest.mark.parametrize(
    ("request_", "payment_method", "failed"),
    [
        (CHARGE, "pm_card_visa", 0.0),
        (CHARGE, "pm_card_chargeDeclined", 0.0),
        (CHARGE, "pm_sim_error_always", 1.0),
        (SETTLE, "pm_card_visa", 1.0),
    ],
)
def test_the_average_of_what_is_measured_is_the_share_of_technical_failures(
    context: Any, capsys: Any, orders: FakeOrders, request_: dict[str, Any], payment_method: str, failed: float
) -> None:
    pay_with(payment_method, orders)
    with suppress(PaymentGatewayUnavailable):
        charge_payment.handler(request_, context)

    (emitted,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    assert emitted["PaymentCallsFailed"] == [failed]
    assert emitted["environment"] == "test"
