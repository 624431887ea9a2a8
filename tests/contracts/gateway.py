"""The contract of the PaymentGateway port."""

from dataclasses import replace

import pytest
from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import ChargeRequest, Payment, PaymentResult
from orders.ports import PaymentGateway, Payments

from tests.support.order_rows import KEY

PRICE = Money(1700, "EUR")
REQUEST = ChargeRequest(KEY, PRICE, "pm_card_visa")


class GatewayContract:
    """Inherited by the tests of each implementation. `payments` are the system's own records."""

    @pytest.fixture
    def payments(self) -> Payments:
        raise NotImplementedError

    @pytest.fixture
    def gateway(self, payments: Payments) -> PaymentGateway:
        raise NotImplementedError

    def test_a_repeated_charge_is_the_same_charge(self, gateway: PaymentGateway) -> None:
        first = gateway.charge(REQUEST, attempt=0)

        second = gateway.charge(REQUEST, attempt=1)

        assert first.approved
        assert second == first

    def test_two_orders_have_two_charges(self, gateway: PaymentGateway) -> None:
        first = gateway.charge(replace(REQUEST, key=OrderKey("anna", "01")), attempt=0)

        second = gateway.charge(replace(REQUEST, key=OrderKey("ben", "01")), attempt=0)

        assert second.charge_id != first.charge_id

    def test_cancelling_what_was_never_charged_voids_it(self, gateway: PaymentGateway) -> None:
        standing = gateway.cancel(REQUEST)

        assert standing.result is PaymentResult.VOIDED
        assert standing.reason == "PAYMENT_UNAVAILABLE"
        assert standing.charge_id

    def test_cancelling_a_charge_says_that_it_stands(self, gateway: PaymentGateway, payments: Payments) -> None:
        charge = gateway.charge(REQUEST, attempt=0)
        payments.record(Payment(KEY, charge, PRICE, "2026-01-01T00:00:00.000Z"))

        standing = gateway.cancel(REQUEST)

        assert standing == charge

    def test_cancelling_again_answers_the_same(self, gateway: PaymentGateway) -> None:
        first = gateway.cancel(REQUEST)

        second = gateway.cancel(REQUEST)

        assert second == first

    def test_a_refund_may_be_asked_twice(self, gateway: PaymentGateway) -> None:
        charge = gateway.charge(REQUEST, attempt=0)
        gateway.refund(charge)

        gateway.refund(charge)
