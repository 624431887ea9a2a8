"""Charges an order once, however often it is called."""

from orders.domain.moment import aws_date_time
from orders.domain.payment import ChargeRequest, Payment, PaymentResult
from orders.ports import Clock, PaymentGateway, Payments
from orders.use_cases.payment_on_record import check_price, refund_unless_recorded


def charge_payment(
    request: ChargeRequest, *, attempt: int, payments: Payments, gateway: PaymentGateway, clock: Clock
) -> Payment:
    """Return the order's one payment, charged now or before.

    Raises ChargeMismatch when that was for another price, PaymentGatewayUnavailable and
    PaymentsUnavailable.
    """
    recorded = payments.find(request.key)
    if recorded is None:
        charge = gateway.charge(request, attempt=attempt)
        recorded = payments.record(Payment(request.key, charge, request.price, aws_date_time(clock())))
        refund_unless_recorded(charge, recorded, gateway=gateway)
    elif recorded.charge.result is PaymentResult.VOIDED:
        # An earlier run that met this void may have been cut off between its charge and the refund.
        refund_unless_recorded(gateway.cancel(request), recorded, gateway=gateway)
    check_price(request.price, recorded)
    return recorded
