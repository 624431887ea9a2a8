"""FAILED means not charged: what stands of a charge is found out, and made final."""

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
from tests.support.rows import KEY
from tests.unit.support.payment_system import PRICE, REQUEST, Till


@pytest.fixture
def till() -> Till:
    return Till()


def test_settling_finds_the_charge_whose_answer_was_lost(till: Till) -> None:
    till.gateway.loses_answers = True
    with pytest.raises(PaymentGatewayUnavailable):
        till.charge()

    payment = till.settle()

    assert payment.charge.approved
    assert till.payments.find(KEY) == payment


def test_settling_what_was_never_charged_voids_it_for_good(till: Till) -> None:
    payment = till.settle()

    assert (payment.charge.result, payment.charge.reason) == (PaymentResult.VOIDED, "PAYMENT_UNAVAILABLE")
    assert till.charge() == payment


@pytest.mark.parametrize("result", [PaymentResult.APPROVED, PaymentResult.DECLINED])
def test_settling_loses_to_a_charge_on_record(till: Till, result: PaymentResult) -> None:
    recorded = till.payments.record(
        Payment(KEY, Charge("ch_1", result, "CARD_DECLINED"), PRICE, "2026-01-01T00:00:00.000Z")
    )

    payment = till.settle()

    assert payment == recorded


def test_settling_twice_says_the_same(till: Till) -> None:
    first = till.settle()

    second = till.settle()

    assert second == first


def test_settling_refuses_a_charge_for_another_price(till: Till) -> None:
    till.charge()

    with pytest.raises(ChargeMismatch):
        till.settle(replace(REQUEST, price=Money(900, "EUR")))


def test_settling_refuses_a_charge_on_record_for_another_price_though_the_gateway_forgot_it(till: Till) -> None:
    till.charge()
    till.gateway = FakeGateway()

    with pytest.raises(ChargeMismatch, match=r"17\.00 EUR on record"):
        till.settle(replace(REQUEST, price=Money(900, "EUR")))
