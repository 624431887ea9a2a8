"""Rows of a restored table beside the rows in use: which are missing, and how a missing order is written back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from environments.order_rules import OPEN_STATUSES
from operations.undelivered import PROGRESS_ATTRIBUTES

# As DynamoDB's API has it, so that what is written back is what was there.
Item = Mapping[str, dict[str, Any]]
# An order that is open is compared without these: they say how far it is, not what was ordered.
UNCOMPARED_ATTRIBUTES = PROGRESS_ATTRIBUTES | {"changeable_until"}


class Comparison(StrEnum):
    """A row of the restored table, compared with the row in use that has its key."""

    MISSING = "missing"
    SAME = "same"
    DIFFERING = "differing"
    NEWER_HERE = "newer here"
    NEWER_THERE = "newer there"


class MissingOrder(StrEnum):
    """The facts that are known of an order that is missing."""

    FINAL = "final"
    CHARGED = "open and charged"
    PAYING = "paying and not charged"
    PENDING = "pending and not charged"
    MISMATCHED = "open and charged another amount"


def compare_rows(here: Item | None, there: Item) -> Comparison:
    """Compare a row in use with the restored one; of two versions the higher is newer."""
    if here is None:
        return Comparison.MISSING
    if here == there or (_is_open(here) and _is_open(there) and _content(here) == _content(there)):
        return Comparison.SAME
    difference = _number(here, "version") - _number(there, "version")
    if difference == 0:
        return Comparison.DIFFERING
    return Comparison.NEWER_HERE if difference > 0 else Comparison.NEWER_THERE


def missing_order(order: Item, payment: Item | None) -> MissingOrder:
    """Return what is known of a missing order, by its restored row and the payment on record for it."""
    if not _is_open(order):
        return MissingOrder.FINAL
    if payment is None:
        return MissingOrder.PENDING if _status(order) == "PENDING" else MissingOrder.PAYING
    same = (payment.get("amount"), payment.get("currency")) == (order.get("total"), order.get("currency"))
    return MissingOrder.CHARGED if same else MissingOrder.MISMATCHED


def row_to_write(order: Item, known: MissingOrder, *, now: int) -> Item:
    """Return the row to write for a missing order: a final one as it was, an open one for sweep to take up.

    - It is due now, nobody holds it, and it has all its hints.
    - Its change window is over: with one, its row alone would be news to subscribers.
    - One that was charged is PAYING, whatever it was: its customer can't cancel it, and the workflow finds the payment.
    - One that was PAYING is a version back, because the workflow that takes it up adds 1. So its end has the version,
      and the announcement_id, that it would have had: who heard of it before knows the repeat.
    """
    if known is MissingOrder.FINAL:
        return order
    row = {name: value for name, value in order.items() if name not in ("changeable_until", "hints", "lease_owner")}
    row["due_at"] = {"N": str(now)}
    if _status(order) == "PAYING":
        row["version"] = {"N": str(_number(order, "version") - 1)}
    elif known is MissingOrder.CHARGED:
        row["status"] = {"S": "PAYING"}
    return row


def _is_open(row: Item) -> bool:
    return _status(row) in OPEN_STATUSES


def _status(row: Item) -> str:
    return str(row.get("status", {}).get("S", ""))


def _number(row: Item, name: str) -> int:
    return int(row.get(name, {}).get("N", "0"))


def _content(row: Item) -> Item:
    return {name: value for name, value in row.items() if name not in UNCOMPARED_ATTRIBUTES}
