"""The workflow pays each order once, and fails only orders that weren't charged."""

import time
from typing import TYPE_CHECKING

import pytest
from orders.domain.order import OrderKey

from tests.support.order_rows import order_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.integration.workflow.conftest import OrderWorkflow


# Parameters are made when tests are collected, which may be long before they run.
LONG_FROM_NOW_MILLISECONDS = 86_400_000


def now_milliseconds() -> int:
    return time.time_ns() // 1_000_000


def test_an_order_is_paid(workflow: "OrderWorkflow") -> None:
    key = workflow.place()

    workflow.start(key)

    row = workflow.finished(key)
    assert row["updated_at"] > row["created_at"]
    assert row == order_row(key, status="PAID", version=3, updated_at=row["updated_at"], open_shard=None, due_at=None)
    assert (workflow.payment(key)["result"], workflow.payment(key)["amount"]) == ("approved", 1700)


@pytest.mark.parametrize(
    ("payment_method", "reason"),
    [
        ("pm_card_chargeDeclined", "CARD_DECLINED"),
        ("pm_card_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS"),
        ("pm_unheard_of", "UNKNOWN_PAYMENT_METHOD"),
    ],
)
def test_a_declined_order_fails_and_says_why(workflow: "OrderWorkflow", payment_method: str, reason: str) -> None:
    key = workflow.place(payment_method=payment_method)

    workflow.start(key)

    row = workflow.finished(key)
    assert (row["status"], row["failure_reason"], row["version"]) == ("FAILED", reason, 3)
    assert "due_at" not in row
    assert workflow.payment(key)["result"] == "declined"


def test_a_technical_failure_is_retried(workflow: "OrderWorkflow") -> None:
    key = workflow.place(payment_method="pm_sim_error_once")

    workflow.start(key)

    assert workflow.finished(key)["status"] == "PAID"


def test_a_failure_that_outlasts_its_retries_is_settled_as_not_charged(workflow: "OrderWorkflow") -> None:
    key = workflow.place(payment_method="pm_sim_error_always")

    workflow.start(key)

    row = workflow.finished(key)
    assert (row["status"], row["failure_reason"]) == ("FAILED", "PAYMENT_UNAVAILABLE")
    assert workflow.payment(key)["result"] == "voided"


def test_two_workflows_for_an_order_charge_it_once(workflow: "OrderWorkflow") -> None:
    key = workflow.place()

    for _ in range(4):
        workflow.start(key)

    assert (workflow.finished(key)["status"], workflow.finished(key)["version"]) == ("PAID", 3)


def test_a_voided_order_is_not_charged_later(workflow: "OrderWorkflow") -> None:
    key = workflow.place()
    workflow.payments.put(payment_row(key, result="voided", reason="PAYMENT_UNAVAILABLE"))

    workflow.start(key)

    row = workflow.finished(key)
    assert (row["status"], row["failure_reason"]) == ("FAILED", "PAYMENT_UNAVAILABLE")
    assert workflow.payment(key)["result"] == "voided"


@pytest.mark.parametrize(
    "abandoned",
    [
        {"lease_owner": "a dead execution", "due_at": 1_767_225_500_000},
        {"due_at": now_milliseconds() + LONG_FROM_NOW_MILLISECONDS, "hints": 1},
    ],
    ids=["its lease ran out", "sweep freed it"],
)
def test_an_abandoned_order_is_taken_over(workflow: "OrderWorkflow", abandoned: dict[str, int | str]) -> None:
    key = workflow.place(status="PAYING", version=2, **abandoned)

    workflow.start(key)

    assert workflow.finished(key)["status"] == "PAID"


@pytest.mark.parametrize(
    "other",
    [
        {
            "status": "PAYING",
            "lease_owner": "a living execution",
            "due_at": now_milliseconds() + LONG_FROM_NOW_MILLISECONDS,
        },
        {"status": "PAID"},
        {"status": "FAILED"},
        {"status": "CANCELLED"},
    ],
    ids=["held by another", "paid", "failed", "cancelled"],
)
def test_somebody_else_s_order_is_left_as_it_is(workflow: "OrderWorkflow", other: dict[str, int | str]) -> None:
    key = workflow.place(**other)
    next_one = workflow.place()

    workflow.start(key)
    workflow.start(next_one)

    # Executions take about the same time. When the next one has ended, this one had its chance.
    workflow.finished(next_one)
    time.sleep(0.3)
    assert workflow.order(key) == order_row(key, **other)
    assert workflow.payment(key) == {}


def test_a_deleted_order_is_not_brought_back(workflow: "OrderWorkflow") -> None:
    key = OrderKey("nobody", "01KE0000000000000000000001")
    next_one = workflow.place()

    workflow.start(key)
    workflow.start(next_one)

    workflow.finished(next_one)
    time.sleep(0.3)
    assert workflow.order(key) == {}
    assert workflow.payment(key) == {}


@pytest.mark.parametrize("workflow", ["STANDARD"], indirect=True)
def test_an_order_that_is_somebody_else_s_ends_its_execution_well(workflow: "OrderWorkflow") -> None:
    execution = workflow.start(workflow.place(status="PAID"))

    answer = workflow.ended(execution)

    assert answer["status"] == "SUCCEEDED"


@pytest.mark.parametrize("workflow", ["STANDARD"], indirect=True)
def test_a_charge_of_another_amount_fails_the_execution_and_leaves_the_order_to_sweep(
    workflow: "OrderWorkflow",
) -> None:
    key = workflow.place()
    workflow.payments.put(payment_row(key, result="approved", amount=900))

    answer = workflow.ended(workflow.start(key))

    assert (answer["status"], answer["error"]) == ("FAILED", "ChargeMismatch")
    assert workflow.order(key)["status"] == "PAYING"
    assert workflow.order(key)["due_at"] > now_milliseconds()


@pytest.mark.parametrize("earlier", [[], ["approved"]], ids=["never charged", "charged, the answer lost"])
def test_an_order_whose_charge_is_throttled_is_late_and_not_failed(
    workflow_with_one_retry: "OrderWorkflow",
    throttled: "Callable[[], AbstractContextManager[None]]",
    earlier: list[str],
) -> None:
    key = workflow_with_one_retry.place()
    with throttled():
        ended = workflow_with_one_retry.ended(workflow_with_one_retry.start(key))
    meanwhile = (workflow_with_one_retry.order(key)["status"], workflow_with_one_retry.payment(key))
    for result in earlier:
        workflow_with_one_retry.payments.put(payment_row(key, result=result))

    workflow_with_one_retry.end_lease(key)
    workflow_with_one_retry.start(key)

    assert (ended["status"], ended["error"], meanwhile) == ("FAILED", "PaymentPostponed", ("PAYING", {}))
    assert workflow_with_one_retry.finished(key)["status"] == "PAID"
    charge = workflow_with_one_retry.payment(key)["charge_id"]
    assert (charge == "ch_1") is bool(earlier)


def payment_row(key: OrderKey, **changes: int | str) -> dict[str, int | str]:
    return {
        "user_id": key.user_id,
        "order_id": key.order_id,
        "charge_id": "ch_1",
        "amount": 1700,
        "currency": "EUR",
        "created_at": "2026-01-01T00:00:00.000Z",
        **changes,
    }
