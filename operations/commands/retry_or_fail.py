"""Retry or fail a stuck order: check that a person may touch it, and follow it to its end."""

import time
from collections.abc import Mapping
from typing import Any

from deployment.colours import status_with_tone
from environments.order_rules import OPEN_STATUSES
from environments.user_error import UserError
from operations import orders, stuck_order, timestamps
from operations.commands.columns import count_text
from operations.commands.terminal_io import say
from operations.environment import Environment
from operations.find_customer import find_order

SWEEPS = 5
INDEX_SECONDS = 1
WATCHED_SECONDS = 20
PAUSE_SECONDS = 0.2


def choose_order(environment: Environment, typed: str, *, user: str | None, scan: bool) -> tuple[str, str]:
    """Customer and id of the order that was typed; says which one it is when only its beginning was."""
    user_id, order_id = find_order(environment, typed, user=user, scan=scan)
    if order_id != typed:
        say(f"{typed} is order {order_id} of customer {user_id}")
    return user_id, order_id


def require_movable(
    environment: Environment, order_id: str, *, user: str | None, scan: bool, force: bool
) -> dict[str, Any]:
    """The order's row; UserError when it is final, or somebody may be at work on it and it isn't forced."""
    user_id, order_id = choose_order(environment, order_id, user=user, scan=scan)
    row = orders.read_order(environment, user_id, order_id)
    if row is None:
        raise UserError(f"customer {user_id} has no order {order_id} in {environment.names.orders_table}")
    found = stuck_order.objection(row, now=timestamps.now())
    if found and not (force and found.can_be_forced):
        raise UserError(found.reason)
    return row


def order_line(row: Mapping[str, Any]) -> str:
    """The order, with what speaks for or against touching it."""
    age = (
        f", {timestamps.duration_text(timestamps.now() - timestamps.parse_time(row['created_at']))} old"
        if "created_at" in row
        else ""
    )
    return f"order {row['id']} ({row['status']}{age}, {count_text(row.get('hints', 0), 'hint')} sent again)"


def run_sweep_and_watch(environment: Environment, before: Mapping[str, Any]) -> None:
    """Run sweep until it met the order, for the index that it reads may lag behind; then tell how the order goes on.

    What sweep complains of may be another order: it counts when this one was left where it was.
    """
    for _ in range(SWEEPS):
        complaint = orders.run_sweep(environment)
        now = _read_again(environment, before)
        if now is None or _swept_attributes(now) != _swept_attributes(before):
            break
        if complaint:
            raise UserError(f"sweep failed: {complaint}; it runs again every minute, and its log says more")
        time.sleep(INDEX_SECONDS)
    _watch_order(environment, before)


def _watch_order(environment: Environment, before: Mapping[str, Any]) -> None:
    status, deadline = before["status"], time.monotonic() + WATCHED_SECONDS
    while time.monotonic() < deadline:
        row = _read_again(environment, before)
        if row is None:
            raise UserError("its row is gone: the customer deleted it")
        if row["status"] != status:
            status = row["status"]
            reason = f" ({row['failure_reason']})" if row.get("failure_reason") else ""
            say(status_with_tone(status, f"  {timestamps.time_text(timestamps.now())}  {status}{reason}"))
        if status not in OPEN_STATUSES:
            return
        time.sleep(PAUSE_SECONDS)
    raise UserError(f"still {status} after {WATCHED_SECONDS} s: see `order show {before['id']}`")


def _read_again(environment: Environment, row: Mapping[str, Any]) -> dict[str, Any] | None:
    return orders.read_order(environment, row["user_id"], row["id"])


def _swept_attributes(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what sweep changes of an order that it meets."""
    return row["status"], row.get("due_at"), row.get("hints")
