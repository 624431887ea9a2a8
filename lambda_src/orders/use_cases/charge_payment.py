"""Charges an order once, however often it is called."""

from orders.domain.moment import aws_date_time
from orders.domain.payment import ChargeRequest, Payment, PaymentResult
from orders.ports import Clock, PaymentGateway, Payments
from orders.use_cases.standing import check_price, refund_unless_it_stands


def charge_payment(
    request: ChargeRequest, *, attempt: int, payments: Payments, gateway: PaymentGateway, clock: Clock
) -> Payment:
    """Return the order's one payment, charged now or before.

    Raises ChargeMismatch when that was for another price, PaymentGatewayUnavailable and
    PaymentsUnavailable.
    """
    standing = payments.find(request.key)
    if standing is None:
        charge = gateway.charge(request, attempt=attempt)
        standing = payments.record(Payment(request.key, charge, request.price, aws_date_time(clock())))
        refund_unless_it_stands(charge, standing, gateway=gateway)
    elif standing.charge.result is PaymentResult.VOIDED:
        # An earlier run that met this void may have been cut off between its charge and the refund.
        refund_unless_it_stands(gateway.cancel(request), standing, gateway=gateway)
    check_price(request.price, standing)
    return standing
