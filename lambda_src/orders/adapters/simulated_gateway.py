"""A payment provider that moves no money and answers by the payment method."""

import hashlib
import logging

from orders.domain.payment import (
    CARD_DECLINED,
    INSUFFICIENT_FUNDS,
    UNKNOWN_PAYMENT_METHOD,
    Charge,
    ChargeRequest,
    PaymentGatewayUnavailable,
    PaymentResult,
    PaymentsUnavailable,
)
from orders.ports import Payments

_APPROVED = frozenset({"pm_card_visa", "pm_sim_error_once"})
_DECLINED = {
    "pm_card_chargeDeclined": CARD_DECLINED,
    "pm_card_chargeDeclinedInsufficientFunds": INSUFFICIENT_FUNDS,
}

logger = logging.getLogger(__name__)


class SimulatedGateway:
    """Charges as a pure function of key and payment method, so a repeated charge is the same charge.

    Its ledger is the record of payments, which it only reads.
    """

    def __init__(self, ledger: Payments) -> None:
        self._ledger = ledger

    def charge(self, request: ChargeRequest, *, attempt: int) -> Charge:
        """Approve or decline by the payment method; `pm_sim_error_*` raise PaymentGatewayUnavailable."""
        payment_method = request.payment_method
        if payment_method == "pm_sim_error_always" or (payment_method == "pm_sim_error_once" and attempt == 0):
            raise PaymentGatewayUnavailable(f"no answer to attempt {attempt} for {request.price}")
        charge_id = "ch_" + _digest(request.key.idempotency_key, payment_method)
        if payment_method in _APPROVED:
            return Charge(charge_id, PaymentResult.APPROVED)
        return Charge(charge_id, PaymentResult.DECLINED, _DECLINED.get(payment_method, UNKNOWN_PAYMENT_METHOD))

    def cancel(self, request: ChargeRequest) -> Charge:
        """Answer what the ledger has for the order, else a void; raises PaymentGatewayUnavailable."""
        try:
            payment = self._ledger.find(request.key)
        except PaymentsUnavailable as error:
            raise PaymentGatewayUnavailable(f"cancel: {error}") from error
        if payment is not None:
            return payment.charge
        return Charge.voided("void_" + _digest(request.key.idempotency_key))

    def refund(self, charge: Charge) -> None:
        """Note the refund in the log; there is no money to move."""
        logger.warning("refunded charge %s, which met a void", charge.charge_id)


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
