"""The rules about the payment on record, for charge_payment and settle_payment alike."""

from orders.domain.money import Money
from orders.domain.payment import Charge, ChargeMismatch, Payment, PaymentResult
from orders.ports import PaymentGateway


def refund_unless_recorded(charge: Charge, recorded: Payment, *, gateway: PaymentGateway) -> None:
    """Refund a charge that moved money although another outcome is on record."""
    if charge.approved and charge.charge_id != recorded.charge.charge_id:
        gateway.refund(charge)


def check_price(price: Money, recorded: Payment) -> None:
    """Raise ChargeMismatch if the payment on record is for another price; a void has no price."""
    if recorded.charge.result is not PaymentResult.VOIDED and recorded.price != price:
        raise ChargeMismatch(
            f"order {recorded.key.order_id} has a charge of {recorded.price} on record, asked for {price}"
        )
