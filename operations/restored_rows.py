"""Rows of a restored table beside the rows in use: which are missing, and how a missing order is written back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from environments.order_rules import OPEN_STATUSES
from operations.undelivered import MOVES

# As DynamoDB's API has it, so that what is written back is what was there.
Item = Mapping[str, dict[str, Any]]
# An order that is open is compared without these: they say how far it is, not what was ordered.
PROGRESS = MOVES | {"changeable_until"}


class Comparison(StrEnum):
    """A row of the restored table, compared with the row in use that has its key."""

    MISSING = "missing"
    SAME = "same"
    DIFFERING = "differing"
    NEWER_HERE = "newer here"
    NEWER_THERE = "newer there"


class Missing(StrEnum):
    """The facts that are known of an order that is missing."""

    FINAL = "final"
    CHARGED = "open and charged"
    PAYING = "paying and not charged"
    PENDING = "pending and not charged"
    MISMATCHED = "open and charged another amount"


def compared(here: Item | None, there: Item) -> Comparison:
    """Compare a row in use with the restored one; of two versions the higher is newer."""
    if here is None:
        return Comparison.MISSING
    if here == there or (_is_open(here) and _is_open(there) and _content(here) == _content(there)):
        return Comparison.SAME
    difference = _number(here, "version") - _number(there, "version")
    if difference == 0:
        return Comparison.DIFFERING
    return Comparison.NEWER_HERE if difference > 0 else Comparison.NEWER_THERE


def missing(order: Item, payment: Item | None) -> Missing:
    """Return what is known of a missing order, by its restored row and the payment on record for it."""
    if not _is_open(order):
        return Missing.FINAL
    if payment is None:
        return Missing.PENDING if _status(order) == "PENDING" else Missing.PAYING
    same = (payment.get("amount"), payment.get("currency")) == (order.get("total"), order.get("currency"))
    return Missing.CHARGED if same else Missing.MISMATCHED


def written_back(order: Item, known: Missing, *, now: int) -> Item:
    """Return the row to write for a missing order: a final one as it was, an open one for sweep to take up.

    - It is due now, nobody holds it, and it has all its hints.
    - Its change window is over: with one, its row alone would be news to subscribers.
    - One that was charged is PAYING, whatever it was: its customer can't cancel it, and the workflow finds the payment.
    - One that was PAYING is a version back, because the workflow that takes it up adds 1. So its end has the version,
      and the announcement_id, that it would have had: who heard of it before knows the repeat.
    """
    if known is Missing.FINAL:
        return order
    row = {name: value for name, value in order.items() if name not in ("changeable_until", "hints", "lease_owner")}
    row["due_at"] = {"N": str(now)}
    if _status(order) == "PAYING":
        row["version"] = {"N": str(_number(order, "version") - 1)}
    elif known is Missing.CHARGED:
        row["status"] = {"S": "PAYING"}
    return row


def _is_open(row: Item) -> bool:
    return _status(row) in OPEN_STATUSES


def _status(row: Item) -> str:
    return str(row.get("status", {}).get("S", ""))


def _number(row: Item, name: str) -> int:
    return int(row.get(name, {}).get("N", "0"))


def _content(row: Item) -> Item:
    return {name: value for name, value in row.items() if name not in PROGRESS}
