"""What people are told about an order that reached its end."""

import unicodedata
from dataclasses import dataclass

from orders.domain.order import Order, OrderStatus
from orders.domain.payment import CARD_DECLINED, INSUFFICIENT_FUNDS, PAYMENT_UNAVAILABLE, UNKNOWN_PAYMENT_METHOD

# SNS: ASCII, no control characters, "less than 100 characters long".
_SUBJECT_LENGTH = 99

_OUTCOMES = {
    OrderStatus.PAID: "Paid. The restaurant is preparing it.",
    OrderStatus.FAILED: "The payment failed, and you have not been charged.",
    OrderStatus.CANCELLED: "Cancelled as you asked. You have not been charged.",
}
_ADVICE = {
    CARD_DECLINED: "Your card was declined. Place the order again with another card, or ask your bank why.",
    INSUFFICIENT_FUNDS: "Your card doesn't have enough funds. Place the order again when it has, or with another card.",
    PAYMENT_UNAVAILABLE: "The payment service didn't answer; your card is fine. Place the order again later.",
    UNKNOWN_PAYMENT_METHOD: "The payment method isn't known. Choose another one and place the order again.",
}
_OTHER_ADVICE = "Place the order again; if it fails once more, use another payment method."


@dataclass(frozen=True)
class Announcement:
    """A readable message. The same order and version give an equal one, so a repeat is recognised."""

    subject: str
    text: str
    order: Order


def announcement_of(order: Order) -> Announcement:
    """The message about an order in a final status."""
    lines = [
        f"{order.quantity} x {order.name} from {order.restaurant_id}",
        f"{order.total} ({order.unit_price} each)",
        "",
        _OUTCOMES[order.status],
    ]
    if order.status is OrderStatus.FAILED:
        lines.append(_ADVICE.get(order.failure_reason or "", _OTHER_ADVICE))
    lines += ["", f"Order {order.key.order_id}"]
    return Announcement(subject=_subject(order), text="\n".join(lines), order=order)


def _subject(order: Order) -> str:
    name = _ascii(order.name)
    what = f"{order.quantity} x {name}" if name else order.key.order_id
    subject = f"Order {order.status.lower()}: {_ascii(what)}"
    return subject if len(subject) <= _SUBJECT_LENGTH else subject[: _SUBJECT_LENGTH - 3] + "..."


def _ascii(text: str) -> str:
    """The text's printable ASCII, with accents dropped from letters: `Crème` becomes `Creme`."""
    decomposed = unicodedata.normalize("NFKD", " ".join(text.split()))
    return "".join(character for character in decomposed if " " <= character <= "~").strip()
