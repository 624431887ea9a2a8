"""Orders that a person may move on by hand."""

from typing import Any

import pytest
from orders.domain.order import OPEN_STATUSES, OrderStatus

from environments import order_rules
from operations.stuck_order import objection

NOW = 1_767_225_600_000  # 2026-01-01T00:00:00Z


def row(status: str, **more: Any) -> dict[str, Any]:
    return {"id": "o", "status": status, "due_at": NOW - 1, "changeable_until": "2025-12-31T23:59:00.000Z", **more}


def test_the_open_and_the_final_statuses_are_the_systems() -> None:
    assert set(order_rules.OPEN_STATUSES) == OPEN_STATUSES
    assert {*order_rules.OPEN_STATUSES, *order_rules.FINAL_STATUSES} == set(OrderStatus)


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - OPEN_STATUSES))
def test_a_final_order_is_left_alone_even_by_force(status: str) -> None:
    found = objection(row(status), now=NOW)

    assert found is not None
    assert found.reason == f"order o is {status}, which is final: there is nothing to do"
    assert not found.can_be_forced


def test_a_running_lease_is_respected_unless_forced() -> None:
    found = objection(row("PAYING", lease_owner="execution", due_at=NOW + 120_000), now=NOW)

    assert found is not None
    assert found.reason.startswith("a workflow holds order o for another 2 min")
    assert found.can_be_forced


def test_the_customers_change_window_is_respected_unless_forced() -> None:
    found = objection(row("PENDING", due_at=NOW + 60_000, changeable_until="2026-01-01T00:00:30.000Z"), now=NOW)

    assert found is not None
    assert found.reason.startswith("the customer may change order o for another 30 s")
    assert found.can_be_forced


@pytest.mark.parametrize(
    "stuck",
    [
        row("PENDING"),
        row("PENDING", due_at=NOW + 30_000),
        row("PAYING", lease_owner="execution"),
        row("PAYING", due_at=NOW + 60_000),
    ],
    ids=["pending", "not due yet", "lease over", "freed by sweep"],
)
def test_a_stuck_order_may_be_moved_on(stuck: dict[str, Any]) -> None:
    assert objection(stuck, now=NOW) is None
