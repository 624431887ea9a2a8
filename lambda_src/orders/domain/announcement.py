"""What people are told about an order that reached its end."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from orders.domain.order import Order, OrderStatus
from orders.domain.payment import CARD_DECLINED, INSUFFICIENT_FUNDS, PAYMENT_UNAVAILABLE, UNKNOWN_PAYMENT_METHOD
from orders.domain.text import one_line

# SNS: ASCII, no control characters, "less than 100 characters long".
_SUBJECT_LENGTH = 99
_MONTHS = (  # in English wherever the function runs
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_HEADLINES = {
    OrderStatus.PAID: "Order paid",
    OrderStatus.FAILED: "Payment failed",
    OrderStatus.CANCELLED: "Order cancelled",
}
_OUTCOMES = {
    OrderStatus.PAID: "Thank you! Your order is paid, and the restaurant is preparing it.",
    OrderStatus.FAILED: "Your order is not being prepared: the payment failed, and you have not been charged.",
    OrderStatus.CANCELLED: "Your order is cancelled, as you asked. You have not been charged.",
}
_ADVICE = {
    CARD_DECLINED: "Your card was declined. Place the order again with another card, or ask your bank why.",
    INSUFFICIENT_FUNDS: "Your card doesn't have enough funds. Place the order again when it has, or with another card.",
    PAYMENT_UNAVAILABLE: "The payment service didn't answer; your card is fine. Place the order again later.",
    UNKNOWN_PAYMENT_METHOD: "The payment method isn't known. Choose another one and place the order again.",
}
_OTHER_ADVICE = "Place the order again; if it fails once more, use another payment method."
_SLUG = re.compile(r"[a-z]{3,}|[a-z0-9]+(?:-[a-z0-9]+)+")
# What Unicode doesn't decompose into ASCII and accents, but people do.
_SPELLINGS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ı": "i", "þ": "th", "Þ": "Th", "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "×": "x"}
)


@dataclass(frozen=True)
class Announcement:
    """A readable message. A repeat is known by its id: customers choose order ids, so two may have the same."""

    subject: str
    text: str
    order: Order

    @property
    def id(self) -> str:
        """The customer, the order and its version, which together no other announcement has."""
        return announcement_id(self.order)


def announcement_of(order: Order) -> Announcement:
    """The message about an order in a final status: what happened, what to do about it, and which order it is."""
    paragraphs = [[_OUTCOMES[order.status]]]
    if order.status is OrderStatus.FAILED:
        paragraphs.append([f"What you can do: {_ADVICE.get(order.failure_reason or '', _OTHER_ADVICE)}"])
    paragraphs += [_details(order), [f"Announcement {announcement_id(order)}", f"Order {order.key.order_id}"]]
    return Announcement(subject=_subject(order), text=_text(paragraphs), order=order)


def announcement_id(order: Order) -> str:
    """What a subscriber knows a repeat by: `<user_id>/<order_id>/<version>`."""
    return f"{order.key.user_id}/{order.key.order_id}/{order.version}"


def _text(paragraphs: Iterable[Iterable[str]]) -> str:
    """The only place where lines become a mail's text, so that nothing in a row adds a line or hides one."""
    return "\n\n".join("\n".join(one_line(line) for line in lines) for lines in paragraphs)


def _details(order: Order) -> list[str]:
    each = f" ({order.unit_price} each)" if order.quantity > 1 else ""
    return [
        f"{order.quantity} x {order.name}",
        f"From:   {_restaurant(order.restaurant_id)}",
        f"Total:  {order.total}{each}",
        f"Placed: {_moment(order.created_at)}",
    ]


def _restaurant(restaurant_id: str) -> str:
    """A restaurant's id as people say it: `trattoria-roma` is Trattoria Roma; what isn't made of words stays."""
    if not _SLUG.fullmatch(restaurant_id):
        return restaurant_id
    return " ".join(word.capitalize() for word in restaurant_id.split("-"))


def _moment(aws_date_time: str) -> str:
    """An AWSDateTime as people write it, `1 January 2026, 18:30 UTC`; what isn't one stays."""
    try:
        moment = datetime.fromisoformat(aws_date_time).astimezone(UTC)
    except ValueError:
        return aws_date_time
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment:%Y, %H:%M} UTC"


def _subject(order: Order) -> str:
    name, order_id = _ascii(order.name), _ascii(order.key.order_id)
    what = f"{order.quantity} x {name}" if name else order_id
    subject = f"{_HEADLINES[order.status]}: {what}" if what else _HEADLINES[order.status]
    return subject if len(subject) <= _SUBJECT_LENGTH else subject[: _SUBJECT_LENGTH - 3].rstrip() + "..."


def _ascii(text: str) -> str | None:
    """The text in printable ASCII, accents and symbols dropped; None when nothing, or not every letter, can be said."""
    decomposed = unicodedata.normalize("NFKD", " ".join(one_line(text).split()).translate(_SPELLINGS))
    said = "".join(character for character in decomposed if " " <= character <= "~").strip()
    is_whole = all(character.isascii() for character in decomposed if character.isalnum())
    return said if said and is_whole else None
