"""An order is charged once, however often the charge is requested."""

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

from tests.support.order_rows import KEY
from tests.unit.support.payment_system import PRICE, REQUEST, PaymentSystem


@pytest.fixture
def system() -> PaymentSystem:
    return PaymentSystem()


def test_an_order_is_charged_and_recorded(system: PaymentSystem) -> None:
    payment = system.charge()

    assert payment.charge.approved
    assert payment.created_at == "2026-01-01T00:00:00.000Z"
    assert system.payments.find(KEY) == payment


def test_a_retried_order_is_charged_once(system: PaymentSystem) -> None:
    first = system.charge()

    second = system.charge(replace(REQUEST, payment_method="pm_other"), attempt=1)

    assert second == first
    assert len(system.gateway.charges) == 1


def test_a_charge_on_record_needs_no_gateway(system: PaymentSystem) -> None:
    first = system.charge()
    system.gateway.is_down = True

    second = system.charge()

    assert second == first


def test_two_users_with_the_same_order_id_are_charged_each(system: PaymentSystem) -> None:
    system.charge()

    system.charge(replace(REQUEST, key=OrderKey("somebody-else", KEY.order_id)))

    assert len(system.gateway.charges) == 2


@pytest.mark.parametrize("price", [Money(1701, "EUR"), Money(1700, "USD")])
def test_another_price_is_refused(system: PaymentSystem, price: Money) -> None:
    system.charge()

    with pytest.raises(ChargeMismatch, match=r"17\.00 EUR"):
        system.charge(replace(REQUEST, price=price))


def test_a_voided_order_is_not_charged(system: PaymentSystem) -> None:
    system.settle()

    payment = system.charge(replace(REQUEST, price=Money(1, "USD")))

    assert payment.charge.result is PaymentResult.VOIDED
    assert not any(charge.approved for charge in system.gateway.charges.values())


def test_a_charge_that_meets_a_void_is_refunded(system: PaymentSystem) -> None:
    system.void_is_recorded_during(KEY.idempotency_key)

    payment = system.charge()

    assert payment.charge.result is PaymentResult.VOIDED
    assert [charge.approved for charge in system.gateway.refunded] == [True]


def test_a_refund_that_a_crash_prevented_happens_on_the_next_attempt(system: PaymentSystem) -> None:
    system.void_is_recorded_during(KEY.idempotency_key)
    refund, system.gateway.refund = system.gateway.refund, _crash  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        system.charge()
    system.gateway.refund = refund  # type: ignore[method-assign]

    payment = system.charge()

    assert payment.charge.result is PaymentResult.VOIDED
    assert len(system.gateway.refunded) == 1


def test_a_lost_race_returns_the_payment_that_stands(system: PaymentSystem) -> None:
    approved = system.gateway.charge(REQUEST, attempt=0)
    record = system.payments.record

    def record_after_a_faster_one(payment: Payment) -> Payment:
        record(replace(payment, created_at="2025-12-31T23:59:59.999Z"))
        return record(payment)

    system.payments.record = record_after_a_faster_one  # type: ignore[method-assign]

    payment = system.charge()

    assert payment == Payment(KEY, approved, PRICE, "2025-12-31T23:59:59.999Z")
    assert system.gateway.refunded == []


def _crash(charge: Charge) -> None:
    raise RuntimeError("out of memory")
