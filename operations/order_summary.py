"""Describes in words how an order stands."""

from collections.abc import Mapping
from typing import Any

from deployment.colours import status_with_tone, with_tone
from operations import amounts, timestamps

Row = Mapping[str, Any]
# Without these a row can't be told in words.
NEEDED_ATTRIBUTES = {"status", "version", "quantity", "name", "restaurant_id", "unit_price", "total", "currency"}
# Told in words or by the story, and the input beside the content; whatever else a row holds is shown as it is.
SHOWN_ATTRIBUTES = NEEDED_ATTRIBUTES | {"user_id", "id", "failure_reason", "payment_method", "input"}
SHOWN_ATTRIBUTES |= {"created_at", "updated_at", "due_at", "lease_owner", "hints"}
# An order is charged in PAYING only, and then has a record of it before it becomes one of the others.
NEVER_CHARGED_STATUSES, RECORDED_STATUSES = {"PENDING", "CANCELLED"}, {"PAID", "FAILED"}


def order_summary(
    user_id: str, order_id: str, row: Row | None, payment: Row | None, *, now: int
) -> list[tuple[str, str]]:
    """Names and values of what the two tables hold of an order."""
    told = [("order", order_id), ("customer", user_id)]
    if row is None:
        told.append(("status", f"no row of customer {user_id}: deleted, never accepted, or of another customer"))
    elif row.keys() >= NEEDED_ATTRIBUTES:
        told += _row_lines(row, now=now)
    else:
        told.append(
            (
                "status",
                f"{row.get('status', 'none')}; the row lacks {', '.join(sorted(NEEDED_ATTRIBUTES - row.keys()))}",
            )
        )
        told += [(name, str(row[name])) for name in sorted(row.keys() - {"user_id", "id", "status"})]
    told.append(("payment", _payment_text(payment) if payment else _no_payment_text(user_id, row)))
    return told


def _row_lines(row: Row, *, now: int) -> list[tuple[str, str]]:
    reason = f", {row['failure_reason']}" if row.get("failure_reason") else ""
    price = f"{amounts.amount_text(row, 'total')} ({amounts.amount_text(row, 'unit_price')} each)"
    told = [
        ("status", status_with_tone(str(row["status"]), f"{row['status']}{reason}, version {row['version']}")),
        ("content", f"{row['quantity']} x {row['name']} from {row['restaurant_id']}"),
        ("total", price),
        ("paid with", str(row.get("payment_method", "-"))),
    ]
    if "due_at" in row:
        left = row["due_at"] - now
        due = (
            f"for {timestamps.duration_text(-left)}, since" if left < 0 else f"in {timestamps.duration_text(left)}, at"
        )
        told.append(("due", f"{due} {timestamps.time_text(row['due_at'])}; {row.get('hints', 0)} hints sent again"))
        told.append(("lease", str(row.get("lease_owner", "nobody holds it"))))
    unreadable = {
        name for name in ("created_at", "updated_at") if name in row and timestamps.attribute_time(row, name) is None
    }
    return told + [(name, str(row[name])) for name in sorted(row) if name not in SHOWN_ATTRIBUTES - unreadable]


def _no_payment_text(user_id: str, row: Row | None) -> str:
    """Return that no payment is on record, and if that means that nothing was charged."""
    if row is None:
        return f"none on record of customer {user_id}"
    status = str(row.get("status"))
    if status in NEVER_CHARGED_STATUSES:
        return "none on record: not charged"
    if status == "PAYING":
        return "none on record: not charged, unless a charge was cut off before its record; the next try finds it"
    if status in RECORDED_STATUSES:
        return with_tone(f"none on record, but {status} orders have one: see docs/runbooks/lost-rows.md", "bad")
    return "none on record"


def _payment_text(row: Row) -> str:
    reason = f", {row['reason']}" if row.get("reason") else ""
    return f"{row['result']}{reason}, {amounts.amount_text(row, 'amount')}, {row['charge_id']}"
