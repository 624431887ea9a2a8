"""The event that the workflow gives to charge_payment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import ChargeRequest
from orders.domain.text import is_unicode


class InvalidPaymentRequest(ValueError):
    """An event is no payment request; the message names the field that is wrong."""


@dataclass(frozen=True)
class PaymentRequest:
    """A request to charge an order, or to settle its charge. `attempt` counts retries, from 0.

    Executions that began under the release before this one carry the `charge`; later ones don't.
    """

    action: Literal["charge", "settle"]
    key: OrderKey
    attempt: int = 0
    charge: ChargeRequest | None = None


def parse_payment_request(event: Any) -> PaymentRequest:
    """Read a payment request from an event; raises InvalidPaymentRequest."""
    if not isinstance(event, Mapping):
        raise InvalidPaymentRequest(f"a payment request must be an object, got {type(event).__name__}")
    action = event.get("action")
    if action not in ("charge", "settle"):
        raise InvalidPaymentRequest(f"action must be 'charge' or 'settle', got {action!r}")
    key = OrderKey(user_id=_text(event, "user_id"), order_id=_text(event, "id"))
    attempt = _whole_number(event, "attempt") if action == "charge" else 0
    return PaymentRequest(action, key, attempt, _charge(event, key) if "payment_method" in event else None)


def _charge(event: Mapping[str, Any], key: OrderKey) -> ChargeRequest:
    payment_method = event["payment_method"]
    if not isinstance(payment_method, str) or not payment_method or not is_unicode(payment_method):
        raise InvalidPaymentRequest("payment_method must be a text that UTF-8 has and that isn't empty, got another")
    return ChargeRequest(key, Money(_whole_number(event, "amount"), _text(event, "currency")), payment_method)


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
