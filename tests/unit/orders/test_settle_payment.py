"""FAILED means not charged: settling finds out the state of a charge, and makes it final."""

from dataclasses import replace

import pytest
from orders.domain.money import Money
from orders.domain.payment import (
    Charge,
    ChargeMismatch,
    Payment,
    PaymentGatewayUnavailable,
    PaymentResult,
)

from tests.support.fakes import FakeGateway
from tests.support.order_rows import KEY
from tests.unit.support.payment_system import PRICE, REQUEST, PaymentSystem


@pytest.fixture
def system() -> PaymentSystem:
    return PaymentSystem()


def test_settling_finds_the_charge_whose_answer_was_lost(system: PaymentSystem) -> None:
    system.gateway.loses_answers = True
    with pytest.raises(PaymentGatewayUnavailable):
        system.charge()

    payment = system.settle()

    assert payment.charge.approved
    assert system.payments.find(KEY) == payment


def test_settling_what_was_never_charged_voids_it_for_good(system: PaymentSystem) -> None:
    payment = system.settle()

    assert (payment.charge.result, payment.charge.reason) == (PaymentResult.VOIDED, "PAYMENT_UNAVAILABLE")
    assert system.charge() == payment


@pytest.mark.parametrize("result", [PaymentResult.APPROVED, PaymentResult.DECLINED])
def test_settling_loses_to_a_charge_on_record(system: PaymentSystem, result: PaymentResult) -> None:
    recorded = system.payments.record(
        Payment(KEY, Charge("ch_1", result, "CARD_DECLINED"), PRICE, "2026-01-01T00:00:00.000Z")
    )

    payment = system.settle()

    assert payment == recorded


def test_settling_twice_says_the_same(system: PaymentSystem) -> None:
    first = system.settle()

    second = system.settle()

    assert second == first


def test_settling_refuses_a_charge_for_another_price(system: PaymentSystem) -> None:
    system.charge()

    with pytest.raises(ChargeMismatch):
        system.settle(replace(REQUEST, price=Money(900, "EUR")))


def test_settling_refuses_a_charge_on_record_for_another_price_though_the_gateway_forgot_it(
    system: PaymentSystem,
) -> None:
    system.charge()
    system.gateway = FakeGateway()

    with pytest.raises(ChargeMismatch, match=r"17\.00 EUR on record"):
        system.settle(replace(REQUEST, price=Money(900, "EUR")))
