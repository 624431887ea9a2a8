"""Reads the event that the workflow gives to charge_payment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import ChargeRequest
from orders.domain.text import is_unicode


class InvalidPaymentRequest(ValueError):
    """An event that asks for nothing this code knows; the message says what was received."""


@dataclass(frozen=True)
class PaymentRequest:
    """Asks to charge an order, or what stands of its charge. `attempt` counts the retries of a charge, from 0."""

    action: Literal["charge", "settle"]
    charge: ChargeRequest
    attempt: int = 0


def parse_payment_request(event: Any) -> PaymentRequest:
    """What an event asks for; raises InvalidPaymentRequest."""
    if not isinstance(event, Mapping):
        raise InvalidPaymentRequest(f"a payment request must be an object, got {type(event).__name__}")
    action = event.get("action")
    if action not in ("charge", "settle"):
        raise InvalidPaymentRequest(f"action must be 'charge' or 'settle', got {action!r}")
    key = OrderKey(user_id=_text(event, "user_id"), order_id=_text(event, "id"))
    price = Money(_whole_number(event, "amount"), _text(event, "currency"))
    charge = ChargeRequest(key, price, _text(event, "payment_method"))
    if action == "settle":
        return PaymentRequest("settle", charge)
    return PaymentRequest("charge", charge, _whole_number(event, "attempt"))


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value or not is_unicode(value):
        raise InvalidPaymentRequest(f"{name} must be a text that UTF-8 has and that isn't empty, got {value!r}")
    return value


def _whole_number(event: Mapping[str, Any], name: str) -> int:
    value = event.get(name)
    if type(value) is not int or value < 0:
        raise InvalidPaymentRequest(f"{name} must be a whole number of at least 0, got {value!r}")
    return value
