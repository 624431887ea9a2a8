"""The workflow pays each order once and fails only what wasn't charged, in EXPRESS and STANDARD alike."""

import time
from typing import TYPE_CHECKING

import pytest
from orders.domain.order import OrderKey

from tests.support.rows import order_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.integration.workflow.conftest import Restaurant


# Parameters are made when tests are collected, which may be long before they run.
LONG_FROM_NOW_MILLISECONDS = 86_400_000


def now_milliseconds() -> int:
    return time.time_ns() // 1_000_000


def test_an_order_is_paid(restaurant: "Restaurant") -> None:
    key = restaurant.place()

    restaurant.start(key)

    row = restaurant.finished(key)
    assert row["updated_at"] > row["created_at"]
    assert row == order_row(key, status="PAID", version=3, updated_at=row["updated_at"], open_shard=None, due_at=None)
    assert (restaurant.payment(key)["result"], restaurant.payment(key)["amount"]) == ("approved", 1700)


@pytest.mark.parametrize(
    ("payment_method", "reason"),
    [
        ("pm_card_chargeDeclined", "CARD_DECLINED"),
        ("pm_card_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS"),
        ("pm_unheard_of", "UNKNOWN_PAYMENT_METHOD"),
    ],
)
def test_a_declined_order_fails_and_says_why(restaurant: "Restaurant", payment_method: str, reason: str) -> None:
    key = restaurant.place(payment_method=payment_method)

    restaurant.start(key)

    row = restaurant.finished(key)
    assert (row["status"], row["failure_reason"], row["version"]) == ("FAILED", reason, 3)
    assert "due_at" not in row
    assert restaurant.payment(key)["result"] == "declined"


def test_a_technical_failure_is_retried(restaurant: "Restaurant") -> None:
    key = restaurant.place(payment_method="pm_sim_error_once")

    restaurant.start(key)

    assert restaurant.finished(key)["status"] == "PAID"


def test_a_failure_that_outlasts_its_retries_is_settled_as_not_charged(restaurant: "Restaurant") -> None:
    key = restaurant.place(payment_method="pm_sim_error_always")

    restaurant.start(key)

    row = restaurant.finished(key)
    assert (row["status"], row["failure_reason"]) == ("FAILED", "PAYMENT_UNAVAILABLE")
    assert restaurant.payment(key)["result"] == "voided"


def test_two_workflows_for_an_order_charge_it_once(restaurant: "Restaurant") -> None:
    key = restaurant.place()

    for _ in range(4):
        restaurant.start(key)

    assert (restaurant.finished(key)["status"], restaurant.finished(key)["version"]) == ("PAID", 3)


def test_a_voided_order_is_not_charged_later(restaurant: "Restaurant") -> None:
    key = restaurant.place()
    restaurant.payments.put(payment_row(key, result="voided", reason="PAYMENT_UNAVAILABLE"))

    restaurant.start(key)

    row = restaurant.finished(key)
    assert (row["status"], row["failure_reason"]) == ("FAILED", "PAYMENT_UNAVAILABLE")
    assert restaurant.payment(key)["result"] == "voided"


@pytest.mark.parametrize(
    "abandoned",
    [
        {"lease_owner": "a dead execution", "due_at": 1_767_225_500_000},
        {"due_at": now_milliseconds() + LONG_FROM_NOW_MILLISECONDS, "hints": 1},
    ],
    ids=["its lease ran out", "sweep freed it"],
)
def test_an_abandoned_order_is_taken_over(restaurant: "Restaurant", abandoned: dict[str, int | str]) -> None:
    key = restaurant.place(status="PAYING", version=2, **abandoned)

    restaurant.start(key)

    assert restaurant.finished(key)["status"] == "PAID"


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
def test_somebody_else_s_order_is_left_as_it_is(restaurant: "Restaurant", other: dict[str, int | str]) -> None:
    key = restaurant.place(**other)
    next_one = restaurant.place()

    restaurant.start(key)
    restaurant.start(next_one)

    # Executions take about the same time: when the next one is through, this one had its chance.
    restaurant.finished(next_one)
    time.sleep(0.3)
    assert restaurant.order(key) == order_row(key, **other)
    assert restaurant.payment(key) == {}


def test_a_deleted_order_is_not_brought_back(restaurant: "Restaurant") -> None:
    key = OrderKey("nobody", "01KE0000000000000000000001")
    next_one = restaurant.place()

    restaurant.start(key)
    restaurant.start(next_one)

    restaurant.finished(next_one)
    time.sleep(0.3)
    assert restaurant.order(key) == {}
    assert restaurant.payment(key) == {}


@pytest.mark.parametrize("restaurant", ["STANDARD"], indirect=True)
def test_an_order_that_is_somebody_else_s_ends_its_execution_well(restaurant: "Restaurant") -> None:
    execution = restaurant.start(restaurant.place(status="PAID"))

    answer = restaurant.ended(execution)

    assert answer["status"] == "SUCCEEDED"


@pytest.mark.parametrize("restaurant", ["STANDARD"], indirect=True)
def test_a_charge_of_another_amount_fails_the_execution_and_leaves_the_order_to_sweep(
    restaurant: "Restaurant",
) -> None:
    key = restaurant.place()
    restaurant.payments.put(payment_row(key, result="approved", amount=900))

    answer = restaurant.ended(restaurant.start(key))

    assert (answer["status"], answer["error"]) == ("FAILED", "ChargeMismatch")
    assert restaurant.order(key)["status"] == "PAYING"
    assert restaurant.order(key)["due_at"] > now_milliseconds()


@pytest.mark.parametrize("earlier", [[], ["approved"]], ids=["never charged", "charged, the answer lost"])
def test_an_order_whose_charge_is_throttled_is_late_and_not_failed(
    impatient: "Restaurant", throttled: "Callable[[], AbstractContextManager[None]]", earlier: list[str]
) -> None:
    key = impatient.place()
    with throttled():
        ended = impatient.ended(impatient.start(key))
    meanwhile = (impatient.order(key)["status"], impatient.payment(key))
    for result in earlier:
        impatient.payments.put(payment_row(key, result=result))

    impatient.end_lease(key)
    impatient.start(key)

    assert (ended["status"], ended["error"], meanwhile) == ("FAILED", "PaymentPostponed", ("PAYING", {}))
    assert impatient.finished(key)["status"] == "PAID"
    charge = impatient.payment(key)["charge_id"]
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
