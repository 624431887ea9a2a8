"""Reads an order from its row, and ignores attributes that a later version added."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from orders.domain.money import Money
from orders.domain.order import Order, OrderKey, OrderStatus
from orders.domain.payment import ChargeRequest
from orders.domain.text import is_unicode

Row = Mapping[str, Any]
# The largest Int of GraphQL.
_LARGEST_INT = 2**31 - 1
# Longer than any key of the menu. SNS takes 256 KB, and a message has the same text more than once.
_LONGEST_BYTES = 2048
# AppSync's AWSDateTime. Python's fromisoformat takes more forms than this.
_AWS_DATE_TIME = re.compile(r"[\d-]{10}T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d(:\d\d)?)", re.ASCII)


class InvalidRow(ValueError):
    """A row can't be read as an order; the message names the attribute and its value."""


class UnknownStatus(InvalidRow):
    """A row has a status that a later release added. This release leaves such a row alone."""


def order_from_row(row: Row) -> Order:
    """Read the order from its row; raises InvalidRow."""
    currency = _text(row, "currency")
    return Order(
        key=OrderKey(user_id=_text(row, "user_id"), order_id=_text(row, "id")),
        name=_text(row, "name"),
        quantity=_whole_number(row, "quantity"),
        restaurant_id=_text(row, "restaurant_id"),
        unit_price=Money(_whole_number(row, "unit_price"), currency),
        total=Money(_whole_number(row, "total"), currency),
        status=status_of(row),
        failure_reason=_optional_text(row, "failure_reason"),
        created_at=_text(row, "created_at"),
        updated_at=_text(row, "updated_at"),
        changeable_until=_changeable_until(row),
        version=_whole_number(row, "version"),
    )


def status_of(row: Row) -> OrderStatus:
    """Read the status from an order's row; raises UnknownStatus or InvalidRow."""
    text = _text(row, "status")
    try:
        return OrderStatus(text)
    except ValueError:
        raise UnknownStatus(f"status must be one of {', '.join(OrderStatus)}, got {text!r}") from None


def payment_method_of(row: Row) -> str:
    """Read the payment method from an order's row.

    Raises InvalidRow, whose message doesn't contain the value.
    """
    value = row.get("payment_method")
    if not isinstance(value, str) or not is_unicode(value):
        raise InvalidRow(f"payment_method must be a text that UTF-8 has, got {type(value).__name__}")
    return value


def charge_request_from_row(row: Row) -> ChargeRequest:
    """Build the one charge of the order in a row; raises InvalidRow."""
    key = OrderKey(user_id=_text(row, "user_id"), order_id=_text(row, "id"))
    return ChargeRequest(key, Money(_whole_number(row, "total"), _text(row, "currency")), payment_method_of(row))


def placed_at_milliseconds(row: Row) -> int | None:
    """Return the moment an order was placed in epoch milliseconds, or None if it can't be read."""
    created_at = row.get("created_at")
    if not isinstance(created_at, str) or not _is_moment(created_at):
        return None
    return int(datetime.fromisoformat(created_at).timestamp() * 1000)


def order_with_news(old: Row | None, new: Row | None) -> Order | None:
    """Return the order if a change of its row is news to its customer, else None.

    News is a change of status and, with a change window, a new version of a PENDING order. Raises
    UnknownStatus, or InvalidRow. InvalidRow is also raised for a value that can be read but that
    AppSync or SNS would refuse.
    """
    if not new or not _is_news(old, new):
        return None
    order = order_from_row(new)
    for name in ("quantity", "unit_price", "total", "version"):
        if abs(_whole_number(new, name)) > _LARGEST_INT:
            raise InvalidRow(f"{name} must have 32 bits, got {new[name]!r}")
    for name in ("created_at", "updated_at", "changeable_until"):
        moment = getattr(order, name)
        if moment is not None and not _is_moment(moment):
            raise InvalidRow(f"{name} must be a time with its offset, got {moment!r}")
    for name in ("name", "restaurant_id", "currency", "failure_reason"):
        size = len((_optional_text(new, name) or "").encode())
        if size > _LONGEST_BYTES:
            raise InvalidRow(f"{name} must have at most {_LONGEST_BYTES} bytes of UTF-8, got {size}")
    # SNS refuses an attribute with an empty value.
    if not order.restaurant_id:
        raise InvalidRow("restaurant_id must not be empty, got ''")
    return order


def _is_news(old: Row | None, new: Row) -> bool:
    if old and old.get("status") != new.get("status"):
        return True
    return _changeable_until(new) is not None and (old or {}).get("version") != new.get("version")


def _changeable_until(row: Row) -> str | None:
    """Return the end of the change window, by the same rule as presentOrder.js."""
    if row.get("status") != OrderStatus.PENDING or row.get("changeable_until") == row.get("created_at"):
        return None
    return _optional_text(row, "changeable_until")


def _is_moment(text: str) -> bool:
    """Return True for a time that AppSync accepts and that can be converted to UTC."""
    try:
        datetime.fromisoformat(text).astimezone(UTC)
    except (OverflowError, ValueError):
        return False
    return _AWS_DATE_TIME.fullmatch(text) is not None


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not is_unicode(value):
        raise InvalidRow(f"{name} must be a text that UTF-8 has, got {value!r}")
    return value


def _optional_text(row: Row, name: str) -> str | None:
    return None if row.get(name) is None else _text(row, name)


def _whole_number(row: Row, name: str) -> int:
    value = row.get(name)
    # boto3 reads DynamoDB's numbers as Decimal.
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise InvalidRow(f"{name} must be a whole number, got {value!r}")
    return int(value)
