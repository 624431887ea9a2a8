"""The contract of the Payments port."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import CARD_DECLINED, Charge, Payment, PaymentResult
from orders.ports import Payments

from tests.support.order_rows import KEY

APPROVED = Charge("ch_1", PaymentResult.APPROVED)
CREATED_AT = "2026-01-01T00:00:00.000Z"


class PaymentsContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def payments(self) -> Payments:
        raise NotImplementedError

    @pytest.fixture
    def key(self) -> OrderKey:
        return replace(KEY, user_id=uuid4().hex)

    @pytest.mark.parametrize(
        "charge", [APPROVED, Charge("ch_2", PaymentResult.DECLINED, CARD_DECLINED), Charge.voided("void_1")]
    )
    def test_a_recorded_payment_is_found_as_it_was(self, payments: Payments, key: OrderKey, charge: Charge) -> None:
        payment = Payment(key, charge, Money(1700, "EUR"), CREATED_AT)

        recorded = payments.record(payment)

        assert recorded == payment
        assert payments.find(key) == payment

    def test_an_order_without_a_charge_has_no_payment(self, payments: Payments, key: OrderKey) -> None:
        found = payments.find(key)

        assert found is None

    def test_the_first_payment_of_an_order_stands(self, payments: Payments, key: OrderKey) -> None:
        first = payments.record(Payment(key, Charge.voided("void_1"), Money(1700, "EUR"), CREATED_AT))

        second = payments.record(Payment(key, APPROVED, Money(900, "USD"), CREATED_AT))

        assert second == first
        assert payments.find(key) == first

    def test_of_many_payments_at_once_all_hear_of_the_one_that_stands(self, payments: Payments, key: OrderKey) -> None:
        candidates = [
            Payment(key, replace(APPROVED, charge_id=f"ch_{n}"), Money(1700, "EUR"), CREATED_AT) for n in range(8)
        ]

        with ThreadPoolExecutor(8) as pool:
            heard = set(pool.map(payments.record, candidates))

        assert heard == {payments.find(key)}

    def test_two_users_with_the_same_order_id_have_a_payment_each(self, payments: Payments, key: OrderKey) -> None:
        other = replace(key, user_id=uuid4().hex)
        payments.record(Payment(key, APPROVED, Money(1700, "EUR"), CREATED_AT))

        recorded = payments.record(Payment(other, Charge.voided("void_1"), Money(1700, "EUR"), CREATED_AT))

        assert recorded.key == other
        assert recorded.charge.result is PaymentResult.VOIDED
