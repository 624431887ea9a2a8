"""An order is charged once, however often it is asked."""

from dataclasses import replace

import pytest
from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import (
    Charge,
    ChargeMismatch,
    Payment,
    PaymentResult,
)

from tests.support.rows import KEY
from tests.unit.support.payment_system import PRICE, REQUEST, Till


@pytest.fixture
def till() -> Till:
    return Till()


def test_an_order_is_charged_and_recorded(till: Till) -> None:
    payment = till.charge()

    assert payment.charge.approved
    assert payment.created_at == "2026-01-01T00:00:00.000Z"
    assert till.payments.find(KEY) == payment


def test_a_retried_order_is_charged_once(till: Till) -> None:
    first = till.charge()

    second = till.charge(replace(REQUEST, payment_method="pm_other"), attempt=1)

    assert second == first
    assert len(till.gateway.charges) == 1


def test_a_charge_on_record_needs_no_gateway(till: Till) -> None:
    first = till.charge()
    till.gateway.is_down = True

    second = till.charge()

    assert second == first


def test_two_users_with_the_same_order_id_are_charged_each(till: Till) -> None:
    till.charge()

    till.charge(replace(REQUEST, key=OrderKey("somebody-else", KEY.order_id)))

    assert len(till.gateway.charges) == 2


@pytest.mark.parametrize("price", [Money(1701, "EUR"), Money(1700, "USD")])
def test_another_price_is_refused(till: Till, price: Money) -> None:
    till.charge()

    with pytest.raises(ChargeMismatch, match=r"17\.00 EUR"):
        till.charge(replace(REQUEST, price=price))


def test_a_voided_order_is_not_charged(till: Till) -> None:
    till.settle()

    payment = till.charge(replace(REQUEST, price=Money(1, "USD")))

    assert payment.charge.result is PaymentResult.VOIDED
    assert not any(charge.approved for charge in till.gateway.charges.values())


def test_a_charge_that_meets_a_void_is_refunded(till: Till) -> None:
    till.void_is_recorded_during(KEY.idempotency_key)

    payment = till.charge()

    assert payment.charge.result is PaymentResult.VOIDED
    assert [charge.approved for charge in till.gateway.refunded] == [True]


def test_a_refund_that_a_crash_prevented_happens_on_the_next_attempt(till: Till) -> None:
    till.void_is_recorded_during(KEY.idempotency_key)
    refund, till.gateway.refund = till.gateway.refund, _crash  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        till.charge()
    till.gateway.refund = refund  # type: ignore[method-assign]

    payment = till.charge()

    assert payment.charge.result is PaymentResult.VOIDED
    assert len(till.gateway.refunded) == 1


def test_a_lost_race_returns_the_payment_that_stands(till: Till) -> None:
    approved = till.gateway.charge(REQUEST, attempt=0)
    record = till.payments.record

    def record_after_a_faster_one(payment: Payment) -> Payment:
        record(replace(payment, created_at="2025-12-31T23:59:59.999Z"))
        return record(payment)

    till.payments.record = record_after_a_faster_one  # type: ignore[method-assign]

    payment = till.charge()

    assert payment == Payment(KEY, approved, PRICE, "2025-12-31T23:59:59.999Z")
    assert till.gateway.refunded == []


def _crash(charge: Charge) -> None:
    raise RuntimeError("out of memory")
