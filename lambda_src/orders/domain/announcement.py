"""The message to people about an order that has a final status."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from orders.domain.order import Order, OrderStatus
from orders.domain.payment import CARD_DECLINED, INSUFFICIENT_FUNDS, PAYMENT_UNAVAILABLE, UNKNOWN_PAYMENT_METHOD
from orders.domain.text import one_line

# SNS's limits of a subject: ASCII, no control characters, "less than 100 characters long".
_SUBJECT_LENGTH = 99
_MONTHS = (  # in English, whatever the locale of the process is
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
# Letters and signs that Unicode doesn't decompose into ASCII and accents, as people write them.
_SPELLINGS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ı": "i", "þ": "th", "Þ": "Th", "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "×": "x"}
)


@dataclass(frozen=True)
class Announcement:
    """A message for people. Its id shows a repeat: two customers may choose the same order id."""

    subject: str
    text: str
    order: Order

    @property
    def id(self) -> str:
        """The customer, the order and its version: no other announcement has all three."""
        return announcement_id(self.order)


def announcement_of(order: Order) -> Announcement:
    """Build the message about an order in a final status.

    It says what happened, what the customer can do, and which order it is about.
    """
    paragraphs = [[_OUTCOMES[order.status]]]
    if order.status is OrderStatus.FAILED:
        paragraphs.append([f"What you can do: {_ADVICE.get(order.failure_reason or '', _OTHER_ADVICE)}"])
    paragraphs += [_details(order), [f"Announcement {announcement_id(order)}", f"Order {order.key.order_id}"]]
    return Announcement(subject=_subject(order), text=_text(paragraphs), order=order)


def announcement_id(order: Order) -> str:
    """Return `<user_id>/<order_id>/<version>`, by which a subscriber knows a repeat."""
    return f"{order.key.user_id}/{order.key.order_id}/{order.version}"


def _text(paragraphs: Iterable[Iterable[str]]) -> str:
    """Join the lines to the mail's text.

    This is the only place that does, so no value of a row can add a line or hide one.
    """
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
    """Return a restaurant's id as a name: `trattoria-roma` becomes Trattoria Roma.

    An id that isn't made of words and hyphens stays as it is.
    """
    if not _SLUG.fullmatch(restaurant_id):
        return restaurant_id
    return " ".join(word.capitalize() for word in restaurant_id.split("-"))


def _moment(aws_date_time: str) -> str:
    """Return an AWSDateTime as `1 January 2026, 18:30 UTC`; another text stays as it is."""
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
    """Return the text in printable ASCII, without accents and symbols.

    Return None if nothing is left, if a letter or digit has no ASCII spelling, or if a mail program
    would decode a part of it, to any characters (RFC 2047, `=?utf-8?…?=`).
    """
    decomposed = unicodedata.normalize("NFKD", " ".join(one_line(text).split()).translate(_SPELLINGS))
    said = "".join(character for character in decomposed if " " <= character <= "~").strip()
    is_whole = all(character.isascii() for character in decomposed if character.isalnum())
    return said if said and is_whole and "=?" not in said else None
