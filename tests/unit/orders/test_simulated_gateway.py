"""The simulated gateway answers by the payment method."""

import pytest
from orders.adapters.simulated_gateway import SimulatedGateway
from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import (
    ChargeRequest,
    Payment,
    PaymentGatewayUnavailable,
    PaymentResult,
    PaymentsUnavailable,
)

from tests.contracts.gateway import GatewayContract
from tests.support.fakes import FakePayments


def request(payment_method: str) -> ChargeRequest:
    return ChargeRequest(OrderKey("anna", "01"), Money(1700, "EUR"), payment_method)


class TestSimulatedGateway(GatewayContract):
    @pytest.fixture
    def payments(self) -> FakePayments:
        return FakePayments()

    @pytest.fixture
    def gateway(self, payments: FakePayments) -> SimulatedGateway:
        return SimulatedGateway(payments)


@pytest.mark.parametrize(
    ("payment_method", "reason"),
    [
        ("pm_card_chargeDeclined", "CARD_DECLINED"),
        ("pm_card_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS"),
        ("pm_nobody_knows_this", "UNKNOWN_PAYMENT_METHOD"),
    ],
)
def test_a_declined_charge_says_why(payment_method: str, reason: str) -> None:
    gateway = SimulatedGateway(FakePayments())

    charge = gateway.charge(request(payment_method), attempt=0)

    assert (charge.result, charge.reason) == (PaymentResult.DECLINED, reason)


def test_error_once_fails_the_first_attempt_only() -> None:
    gateway = SimulatedGateway(FakePayments())
    with pytest.raises(PaymentGatewayUnavailable):
        gateway.charge(request("pm_sim_error_once"), attempt=0)

    charge = gateway.charge(request("pm_sim_error_once"), attempt=1)

    assert charge.approved


@pytest.mark.parametrize("attempt", [0, 1, 7])
def test_error_always_never_answers(attempt: int) -> None:
    gateway = SimulatedGateway(FakePayments())

    with pytest.raises(PaymentGatewayUnavailable):
        gateway.charge(request("pm_sim_error_always"), attempt=attempt)


def test_a_gateway_without_its_ledger_is_unavailable() -> None:
    class NoPayments(FakePayments):
        def find(self, key: OrderKey) -> Payment | None:
            raise PaymentsUnavailable(f"throttled reading {key.order_id}")

    gateway = SimulatedGateway(NoPayments())

    with pytest.raises(PaymentGatewayUnavailable, match="throttled"):
        gateway.cancel(request("pm_card_visa"))
