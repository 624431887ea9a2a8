"""Decides if a person should touch an order that seems stuck."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from environments.order_rules import OPEN_STATUSES
from operations import timestamps


@dataclass(frozen=True, kw_only=True)
class Objection:
    """A reason not to, and whether --force overrules it."""

    reason: str
    can_be_forced: bool


def objection(row: Mapping[str, Any], *, now: int) -> Objection | None:
    """Return what speaks against moving an order on by hand, None when nothing does."""
    name = f"order {row['id']}"
    if row["status"] not in OPEN_STATUSES:
        return Objection(
            reason=f"{name} is {row['status']}, which is final: there is nothing to do", can_be_forced=False
        )
    if row["status"] == "PAYING" and "lease_owner" in row and row["due_at"] > now:
        left = timestamps.duration_text(row["due_at"] - now)
        reason = f"a workflow holds {name} for another {left}, and may be at work: wait, or use --force"
        return Objection(reason=reason, can_be_forced=True)
    changeable_until = timestamps.attribute_time(row, "changeable_until") or 0
    if row["status"] == "PENDING" and changeable_until > now:
        left = timestamps.duration_text(changeable_until - now)
        reason = f"the customer may change {name} for another {left}: wait, or use --force"
        return Objection(reason=reason, can_be_forced=True)
    return None
