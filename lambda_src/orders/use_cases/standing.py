"""The rules about the payment on record, for charge_payment and settle_payment alike."""

from orders.domain.money import Money
from orders.domain.payment import Charge, ChargeMismatch, Payment, PaymentResult
from orders.ports import PaymentGateway


def refund_unless_it_stands(charge: Charge, standing: Payment, *, gateway: PaymentGateway) -> None:
    """Refund a charge that moved money although another outcome is on record."""
    if charge.approved and charge.charge_id != standing.charge.charge_id:
        gateway.refund(charge)


def check_price(price: Money, standing: Payment) -> None:
    """Raise ChargeMismatch if the payment on record is for another price; a void has no price."""
    if standing.charge.result is not PaymentResult.VOIDED and standing.price != price:
        raise ChargeMismatch(
            f"order {standing.key.order_id} has a charge of {standing.price} on record, asked for {price}"
        )
