"""Finds out what the gateway did with a charge whose answer was lost, and makes it final."""

from orders.domain.moment import aws_date_time
from orders.domain.payment import ChargeRequest, Payment
from orders.ports import Clock, PaymentGateway, Payments
from orders.use_cases.payment_on_record import check_price, refund_unless_recorded


def settle_payment(request: ChargeRequest, *, payments: Payments, gateway: PaymentGateway, clock: Clock) -> Payment:
    """Return the order's payment, which is final: a charge, or a void that refuses later charges.

    Raises ChargeMismatch when it was for another price, PaymentGatewayUnavailable and
    PaymentsUnavailable.
    """
    charge = gateway.cancel(request)
    recorded = payments.record(Payment(request.key, charge, request.price, aws_date_time(clock())))
    refund_unless_recorded(charge, recorded, gateway=gateway)
    check_price(request.price, recorded)
    return recorded
