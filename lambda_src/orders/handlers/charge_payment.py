"""Charges an order, or settles a charge whose answer was lost; called by the workflow."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from orders import bootstrap
from orders.domain.payment import Payment, PaymentResult
from orders.domain.payment_request import PaymentRequest, parse_payment_request
from orders.log_lines import function_logger
from orders.metrics import count_events
from orders.use_cases.charge_payment import charge_payment
from orders.use_cases.settle_payment import settle_payment

bootstrap.build_during_init(bootstrap.charge_payment)
logger = function_logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, str | None]:
    """Answer `{result, charge_id, reason}`; technical failures raise, and the workflow retries them by class name."""
    request = parse_payment_request(event)
    logger.append_keys(order_id=request.key.order_id, user_id=request.key.user_id)
    begun = bootstrap.now_milliseconds()
    try:
        payment = _charge_or_settle(request)
    except Exception:
        logger.exception("payment failed", action=request.action, milliseconds=bootstrap.now_milliseconds() - begun)
        _count_failure(is_failure=True)
        raise
    charge = payment.charge
    logger.info(
        "payment",
        action=request.action,
        result=charge.result,
        reason=charge.failure_reason,
        milliseconds=bootstrap.now_milliseconds() - begun,
    )
    _count_failure(is_failure=charge.result is PaymentResult.VOIDED)
    return {"result": charge.result, "charge_id": charge.charge_id, "reason": charge.failure_reason}


def _count_failure(*, is_failure: bool) -> None:
    """Count 1 for a technical failure and 0 for an answer, so that the average is the share of failures."""
    count_events("PaymentCallsFailed", int(is_failure))


def _charge_or_settle(request: PaymentRequest) -> Payment:
    adapters = bootstrap.charge_payment()
    payments, gateway, clock = adapters.payments, adapters.gateway, bootstrap.now_milliseconds
    charge = request.charge or adapters.charge_requests.find(request.key)
    if request.action == "charge":
        return charge_payment(charge, attempt=request.attempt, payments=payments, gateway=gateway, clock=clock)
    return settle_payment(charge, payments=payments, gateway=gateway, clock=clock)
