"""A fake gateway and fake payments, for tests that charge and settle."""

from orders.domain.money import Money
from orders.domain.payment import Charge, ChargeRequest, Payment
from orders.use_cases.charge_payment import charge_payment
from orders.use_cases.settle_payment import settle_payment

from tests.support.fakes import FakeClock, FakeGateway, FakePayments
from tests.support.order_rows import KEY

PRICE = Money(1700, "EUR")
REQUEST = ChargeRequest(KEY, PRICE, "pm_card_visa")


class PaymentSystem:
    """Charges and settles one order."""

    def __init__(self) -> None:
        self.payments = FakePayments()
        self.gateway = FakeGateway()
        self.clock = FakeClock()

    def charge(self, request: ChargeRequest = REQUEST, *, attempt: int = 0) -> Payment:
        return charge_payment(request, attempt=attempt, payments=self.payments, gateway=self.gateway, clock=self.clock)

    def settle(self, request: ChargeRequest = REQUEST) -> Payment:
        return settle_payment(request, payments=self.payments, gateway=self.gateway, clock=self.clock)

    def void_is_recorded_during(self, idempotency_key: str) -> None:
        """Pretend that a settlement elsewhere records a void while the charge is in progress."""
        void = Payment(KEY, Charge.voided(f"void_{idempotency_key}"), PRICE, "2026-01-01T00:00:00.000Z")
        record = self.payments.record

        def record_after_the_void(payment: Payment) -> Payment:
            record(void)
            return record(payment)

        self.payments.record = record_after_the_void  # type: ignore[method-assign]
